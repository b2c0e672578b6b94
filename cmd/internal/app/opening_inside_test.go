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
)

// A brand that is set up while Crieur runs has its brief, is looked at every
// night, and its people have their statement, like the others.
func TestOpening(t *testing.T) {
	b := &brand.Brand{ID: "new", Zone: time.UTC, Brief: 8*60 + 45, Hours: hours.Week{time.Friday: {{Open: 9 * 60, Close: 18 * 60}}}}
	space := &brand.Space{ID: "s", Brands: []*brand.Brand{b}}
	store, now := statetest.NewMem(), time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC) // a Thursday
	_, err := state.Do(t.Context(), store, "set-up", now, nil, func(_ context.Context, tx *state.Tx) ([]byte, error) {
		first := opening{&digest.Engine{Space: space}, &learning.Engine{Space: space}, &calendar.Engine{Space: space}}.Open(tx, b)
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
	for conversation, due := range map[string][2]string{
		"learn:new": {learning.FindTopic, "new"}, "brief:new": {digest.Topic, "new"},
		"statement:new": {calendar.StatementTopic, "new/2026-11"}, // Friday 4 December
	} {
		entries, err := store.Read(t.Context(), []work.Lane{work.LaneOf(work.In, conversation)}, 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, entry := range entries {
			found = found || entry.Topic == "due:"+due[0] && string(entry.Data) == due[1]
		}
		if !found {
			t.Errorf("nothing is due for %s: %+v", due[0], entries)
		}
	}
}
