package mentions

import (
	"context"
	"fmt"
	"testing"
	"time"

	"crieur/bot/oncall"
	"crieur/bot/state"
)

// answers says which calls were answered in a month, by whom, when and for how
// long.
func (s *shift) answers(month time.Time) (said []string) {
	s.Helper()
	all, err := oncall.List(s.Context(), state.Begin(s.store, "look", s.now), "colibri", month, month.AddDate(0, 1, 0))
	if err != nil {
		s.Fatal(err)
	}
	for _, a := range all {
		long := "open"
		if !a.Until.IsZero() {
			long = a.Until.Sub(a.At).String()
		}
		said = append(said, fmt.Sprint(a.Member, " ", a.At.In(s.brand.Zone).Format("2/15:04"), " ", long))
	}
	return said
}

// A call that somebody saw is kept until the conversation is done, or their own
// work begins; a second call to the same conversation is another one.
func TestAnsweredCalls(t *testing.T) {
	s := newShift(t)
	november := time.Date(2026, 11, 1, 0, 0, 0, 0, s.brand.Zone)
	see := func(author, member string) {
		s.step(func(ctx context.Context, tx *state.Tx) error {
			return s.Seen(ctx, tx, s.conversationOf(author).ID, member)
		})
	}
	finish := func(author string) {
		s.step(func(ctx context.Context, tx *state.Tx) error {
			_, err := s.Finish(ctx, tx, s.conversationOf(author).ID, "camille", Replied, "")
			return err
		})
	}
	s.critical("zoe", "securite")
	s.want("nobody saw it yet", s.answers(november))
	see("zoe", "noa")
	see("zoe", "morgan") // who was slower
	s.want("seen", s.answers(november), "noa 26/23:00 open")
	s.now = s.now.Add(25 * time.Minute)
	finish("zoe")
	s.critical("tom", "qualite")
	see("tom", "morgan")
	s.want("done, and another one", s.answers(november), "noa 26/23:00 25m0s", "morgan 26/23:25 open")
	s.now = time.Date(2026, 11, 27, 11, 0, 0, 0, s.brand.Zone)
	finish("tom") // long after their work began at 9:00
	s.now = time.Date(2026, 11, 27, 23, 0, 0, 0, s.brand.Zone)
	s.critical("zoe", "securite")
	see("zoe", "morgan")
	s.want("the next night", s.answers(november), "noa 26/23:00 25m0s", "morgan 26/23:25 9h35m0s", "morgan 27/23:00 open")
	s.want("another month", s.answers(november.AddDate(0, 1, 0)))
	finish("zoe")
	s.want("the first one stays as it was", s.answers(november), "noa 26/23:00 25m0s", "morgan 26/23:25 9h35m0s", "morgan 27/23:00 0s")
}

// What nobody was called to is finished without a trace of a call.
func TestNoCallNoAnswer(t *testing.T) {
	s := newShift(t)
	s.brand.OnCall = nil
	s.critical("zoe")
	id := s.conversationOf("zoe").ID
	s.step(func(ctx context.Context, tx *state.Tx) error { return s.Seen(ctx, tx, id, "noa") })
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Finish(ctx, tx, id, "noa", Replied, "")
		return err
	})
	if n := len(s.store.Dump("answered")); n != 0 {
		t.Errorf("%d calls answered", n)
	}
}
