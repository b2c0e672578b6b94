package drafting

import (
	"context"
	"errors"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// noLinks tries no link.
type noLinks struct{}

func (noLinks) Try(*state.Tx, string, []string) {}

func TestIdeas(t *testing.T) {
	checks, err := NewChecks()
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{Checks: checks, Links: noLinks{}}
	b := &brand.Brand{ID: "colibri", Langs: []string{"fr"}, Zone: time.UTC, Accounts: []brand.Account{{ID: "mastodon", Network: "mastodon"}}}
	store, now := statetest.NewMem(), time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	do := func(cause string, decide func(context.Context, *state.Tx) error) error {
		_, err := state.Do(t.Context(), store, cause, now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			return nil, decide(ctx, tx)
		})
		return err
	}
	var ids []string
	for _, text := range []string{" un client adore la boîte ", "il pleut"} {
		if err := do("propose "+text, func(ctx context.Context, tx *state.Tx) error {
			idea, err := e.Propose(ctx, tx, b, "noa", text)
			ids = append(ids, idea.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := do("blank", func(ctx context.Context, tx *state.Tx) error {
		_, err := e.Propose(ctx, tx, b, "noa", "\u200b ")
		return err
	}); !errors.Is(err, ErrEmpty) {
		t.Errorf("an idea without words: %v", err)
	}
	if err := do("adopt", func(ctx context.Context, tx *state.Tx) error {
		d, err := e.Adopt(ctx, tx, b, ids[0], "camille")
		if d.Author != "camille" || d.Base != "un client adore la boîte" || d.Stage != Private {
			t.Errorf("draft %+v", d)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := do("leave", func(ctx context.Context, tx *state.Tx) error { return e.Leave(ctx, tx, ids[1], "camille") }); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids { // the second answer changes nothing
		if err := do("again "+id, func(ctx context.Context, tx *state.Tx) error { return e.Leave(ctx, tx, id, "morgan") }); !errors.Is(err, ErrAnswered) {
			t.Errorf("%s answered again: %v", id, err)
		}
	}
	if err := do("nothing", func(ctx context.Context, tx *state.Tx) error { return e.Leave(ctx, tx, "i0", "camille") }); !errors.Is(err, ErrUnknown) {
		t.Errorf("no such idea: %v", err)
	}
	first, _, err := ideas.Get(t.Context(), state.Begin(store, "read", now), ids[0])
	if err != nil || first.Stage != Drafted || first.Who != "camille" || first.By != "noa" {
		t.Errorf("idea %+v, %v", first, err)
	}
	if trail := store.Trail(); len(trail) != 5 { // two proposals, an adoption, its draft, a no
		t.Errorf("%d entries: %+v", len(trail), trail)
	}
}

func TestLikePost(t *testing.T) {
	for text, want := range map[string]bool{
		"":                      false,
		"bonjour":               false,
		"merci beaucoup Crieur": false,
		"qu’est-ce que je dois répondre à cette dame ?":                    false,
		"Notre thé\nde Noël est là":                                        true,
		"Nouveau thé ici https://colibri.example":                          true,
		"Le thé arrive #Noël":                                              true,
		"Samedi, dégustation à la boutique de dix heures à midi":           true,
		"Extraordinairement parfumé, incontestablement réconfortant : thé": true,
	} {
		if got := likePost(text); got != want {
			t.Errorf("likePost(%q) = %v", text, got)
		}
	}
}
