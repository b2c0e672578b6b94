package mentions

import (
	"context"
	"testing"

	"crieur/bot/state"
)

// A round counts a reply until it is taken back, by whatever way it was to leave: its
// conversation is then left for later.
func TestRoundOfAReplyTakenBack(t *testing.T) {
	for name, begin := range map[string]func(*testing.T) *shift{
		"on its way": func(t *testing.T) *shift { s, w := newCrisis(t); w.number = -1; return s },
		"by hand":    newHand,
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t)
			s.step(func(ctx context.Context, tx *state.Tx) error {
				_, err := s.Start(ctx, tx, "colibri", "camille")
				return err
			})
			r, _ := s.answer("Bonjour, en route.")
			s.step(func(ctx context.Context, tx *state.Tx) error {
				if r.Status == toPost {
					return s.Pass(ctx, tx, r)
				}
				return s.Next(ctx, tx, "camille", "c1", Replied)
			})
			if r.Status == toPost {
				if err := s.posts(r.ID); err != nil {
					t.Fatal(err)
				}
			}
			if got := s.round("camille"); got.Replied != 1 || got.Later != 0 || got.Current() != "" {
				t.Fatalf("answered: %+v", got)
			}
			for range 2 { // clicked twice
				if err := s.takesBack(r.ID); err != nil {
					t.Fatal(err)
				}
				if got := s.round("camille"); got.Replied != 0 || got.Later != 1 {
					t.Errorf("taken back: %+v", got)
				}
			}
		})
	}
}

// What was answered outside the round counts nowhere in it, taken back or not.
func TestRoundWithoutWhatItNeverCounted(t *testing.T) {
	s, _ := newCrisis(t)
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Start(ctx, tx, "colibri", "camille")
		return err
	})
	s.step(func(ctx context.Context, tx *state.Tx) error { return s.Next(ctx, tx, "camille", "c1", "") })
	r, _ := s.answer("Bonjour, en route.")
	if err := s.takesBack(r.ID); err != nil {
		t.Fatal(err)
	}
	if got := s.round("camille"); got.Replied != 0 || got.Later != 1 {
		t.Errorf("%+v", got)
	}
}
