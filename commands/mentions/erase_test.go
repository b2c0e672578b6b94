package mentions

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

func TestErase(t *testing.T) {
	mem, now := statetest.NewMem(), time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	e := &Engine{Space: &brand.Space{Brands: []*brand.Brand{{ID: "b", Zone: time.UTC}}}}
	do := func(cause string, decide func(ctx context.Context, tx *state.Tx) error) error {
		_, err := state.Do(t.Context(), mem, cause, now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			return nil, decide(ctx, tx)
		})
		return err
	}
	c := Case{ID: "c1", Brand: "b", Network: "Mastodon", Author: "@marie.d", Stage: Waiting, Story: "s1", Reply: "r1", Count: 1,
		Heard: []listen.Mention{{Text: "secret words", Author: "@marie.d", URL: "https://example.org/@marie.d/1"}}}
	part := content.Part{Posts: []string{"Bonjour Marie"}, ReplyTo: "https://example.org/@marie.d/1"}
	err := do("make", func(ctx context.Context, tx *state.Tx) error {
		if _, err := tx.GetAll(ctx, cases.Key("c1"), replies.Key("r1"), replies.Key("r2"), stories.Key("s1")); err != nil {
			return err
		}
		return errors.Join(cases.Put(tx, "c1", c, caseMarks(c)...),
			replies.Put(tx, "r1", Reply{ID: "r1", Case: "c1", Brand: "b", Status: "planned", Part: part}),
			replies.Put(tx, "r2", Reply{ID: "r2", Case: "c1", Brand: "b", Status: "claimed", Part: part}),
			stories.Put(tx, "s1", Story{ID: "s1", Brand: "b", Text: "secret words"}, state.Mark{Index: storyIndex("b"), Member: "s1", Score: 1}))
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{"r1": true, "r2": false} {
		if got := PlannedReply("reply", mem.Dump("reply")[id]); got != want {
			t.Errorf("%s is planned: %v", id, got)
		}
	}
	if PlannedReply("case", mem.Dump("reply")["r1"]) || PlannedReply("reply", []byte("{")) {
		t.Error("something else is a planned reply")
	}
	if err := do("busy", func(ctx context.Context, tx *state.Tx) error { return e.EraseReply(ctx, tx, "r2") }); !errors.Is(err, ErrNotNow) {
		t.Errorf("a reply on its way: %v", err)
	}
	err = do("erase", func(ctx context.Context, tx *state.Tx) error {
		return errors.Join(e.EraseReply(ctx, tx, "r1"), e.EraseReply(ctx, tx, "none"), e.EraseStory(ctx, tx, "s1"), e.EraseStory(ctx, tx, "none"),
			e.Erase(ctx, tx, "c1"))
	})
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]int{"case": 1, "reply": 1, "story": 0} {
		records := mem.Dump(kind)
		if len(records) != want {
			t.Errorf("%d of %s left", len(records), kind)
		}
		delete(records, "r2")
		for id, data := range records {
			if strings.Contains(string(data), "marie") || strings.Contains(string(data), "secret") {
				t.Errorf("%s/%s: %s", kind, id, data)
			}
		}
	}
	for _, index := range []string{waitingIndex("b"), storyIndex("b")} {
		if left, err := mem.List(t.Context(), state.Range{Index: index, To: 1 << 53}); err != nil || len(left) > 0 {
			t.Errorf("%s: %v, %v", index, left, err)
		}
	}
	if err := do("unknown", func(ctx context.Context, tx *state.Tx) error { return e.Erase(ctx, tx, "none") }); !errors.Is(err, ErrUnknown) {
		t.Errorf("%v", err)
	}
}
