package app

import (
	"context"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
	"crieur/commands/calendar"
	"crieur/commands/digest"
	"crieur/commands/learning"
	"crieur/commands/review"
)

// A brand that is set up while Crieur runs has its brief, is looked at every
// night, hears what leaves over days off, and its people have their statement, like the
// others.
func TestOpening(t *testing.T) {
	b := &brand.Brand{ID: "new", Zone: time.UTC, Brief: 8*60 + 45, Hours: hours.Week{time.Friday: {{Open: 9 * 60, Close: 18 * 60}}}}
	space := &brand.Space{ID: "s", Brands: []*brand.Brand{b}}
	store, now := statetest.NewMem(), time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC) // a Thursday
	_, err := state.Do(t.Context(), store, "set-up", now, nil, func(_ context.Context, tx *state.Tx) ([]byte, error) {
		first := opening{&digest.Engine{Space: space}, &learning.Engine{Space: space}, &calendar.Engine{Space: space}, &review.Engine{Space: space}}.Open(tx, b)
		if want := now.Add(22*time.Hour + 45*time.Minute); !first.Equal(want) {
			t.Errorf("the first brief comes %v, want %v", first, want)
		}
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := store.MoveDue(t.Context(), now.AddDate(0, 0, 8+1), 10); err != nil {
		t.Fatal(err)
	}
	due := map[string]string{}
	for _, conversation := range []string{"learn:new", "brief:new", "statement:new", "eve:new"} {
		entries, err := store.Read(t.Context(), []work.Lane{work.LaneOf(work.In, conversation)}, 10, 0) // some share a lane
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			due[entry.Topic] = string(entry.Data)
		}
	}
	for topic, want := range map[string]string{
		learning.FindTopic: "new", digest.Topic: "new", review.EveTopic: "new",
		calendar.StatementTopic: "new/2026-11", // Friday 4 December
	} {
		if got := due["due:"+topic]; got != want {
			t.Errorf("due for %s: %q, want %q", topic, got, want)
		}
	}
}
