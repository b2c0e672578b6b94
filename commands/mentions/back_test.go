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

// Whoever is outside waits again once a reply is taken back: the promise goes on,
// with who answered as its owner.
func TestTakenBackTheEndOfThePromiseIsHeard(t *testing.T) {
	s, crisis := newCrisis(t)
	crisis.number = -1
	reply, _ := s.answer("Bonjour, en route.")
	at := s.now
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.TakeBack(ctx, tx, reply.ID, "camille")
		return err
	})
	if c := s.one(); c.Stage != Waiting || c.Owner != "camille" || !c.TakenAt.Equal(at) {
		t.Errorf("%s, of %q since %v", c.Stage, c.Owner, c.TakenAt)
	}
	s.want("before the end", s.pass(s.Remind))
	s.want("the promise ends", s.pass(s.Remind), "card late @Umorgan")
	if want := s.one().Due; !s.now.Equal(want) {
		t.Errorf("at %v, not %v", s.now, want)
	}
}
