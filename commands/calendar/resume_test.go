package calendar

import (
	"context"
	"testing"
	"time"

	"crieur/bot/state"
)

// Whoever resumes before what is due was looked at lets nothing leave: it is
// late, and people decide.
func TestResumeBeforeWhatIsDueCame(t *testing.T) {
	d := newDesk(t)
	d.ask("early", d.now.Add(10*time.Minute), true)
	d.ask("later", d.now.Add(3*time.Hour), true)
	d.must(func(ctx context.Context, tx *state.Tx) error { _, _, err := d.e.Stop(ctx, tx, ""); return err })
	d.now = d.now.Add(11 * time.Minute)
	d.must(func(ctx context.Context, tx *state.Tx) error {
		late, err := d.e.Resume(ctx, tx, "morgan")
		if len(late) != 1 || late[0].Request != "early" || late[0].Status != Late {
			t.Errorf("late: %+v", late)
		}
		return err
	})
	if moved, _, err := d.store.MoveDue(t.Context(), d.now, 10); err != nil || moved != 0 {
		t.Errorf("%d would leave by themselves, %v", moved, err)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		all, err := d.e.Of(ctx, tx, "later")
		if len(all) != 1 || all[0].Status != Planned {
			t.Errorf("what is not due yet: %+v", all)
		}
		return err
	})
}
