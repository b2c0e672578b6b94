package mentions

import (
	"context"
	"errors"
	"testing"

	"crieur/bot/state"
)

// A reply is taken back once, however often that is said; what a person was to
// post by hand, and did not, is taken back as well, and stays with them.
func TestTakeBack(t *testing.T) {
	w := newTeam(t) // with no account: every reply is by hand
	id := w.hear("@lea", "Vous livrez en Suisse, @colibri ?").ID
	var reply Reply
	w.do(func(ctx context.Context, tx *state.Tx) (err error) {
		reply, err = w.engine.Answer(ctx, tx, id, "noa", "Oui.")
		return err
	})
	back := func() (c Case, err error) {
		err = w.try(func(ctx context.Context, tx *state.Tx) error {
			c, err = w.engine.TakeBack(ctx, tx, reply.ID, "noa")
			return err
		})
		return c, err
	}
	for range 2 {
		if c, err := back(); err != nil || c.Stage != Taken || c.Owner != "noa" {
			t.Fatalf("taken back: stage %q, %v", c.Stage, err)
		}
	}
	w.do(func(ctx context.Context, tx *state.Tx) error {
		_, err := w.engine.Finish(ctx, tx, id, "noa", Liked, "")
		return err
	})
	if _, err := back(); !errors.Is(err, ErrDone) {
		t.Errorf("taken back once more, after it was done: %v", err)
	}
}
