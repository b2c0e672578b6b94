package mentions

import (
	"context"
	"errors"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// minute is a reply that leaves by itself in a minute.
func minute(t *testing.T) (*team, Reply) {
	w := newTeam(t)
	w.engine.Space.Now().Brands[0].Accounts = []brand.Account{{ID: "masto", Network: "mastodon", Name: "Mastodon"}}
	heard := Heard{Brand: "colibri", Mention: listen.Mention{
		ID: "m", Network: "Mastodon", Author: "@lea", Text: "Vous livrez en Suisse, @colibri ?", Lang: "fr", Ref: "ref", At: w.now}}
	w.do(func(ctx context.Context, tx *state.Tx) error { return w.engine.Hear(ctx, tx, heard) })
	id := "c" + digest("colibri", "Mastodon", "@lea")
	var r Reply
	w.do(func(ctx context.Context, tx *state.Tx) (err error) {
		r, err = w.engine.Answer(ctx, tx, id, "noa", "Oui.")
		return err
	})
	return w, r
}

// due looks at the reply, and returns what leaves with it.
func (w *team) due(id string) (leaves []outbox.Effect) {
	w.t.Helper()
	w.do(func(ctx context.Context, tx *state.Tx) error {
		err := w.engine.ReplyDue(ctx, tx, work.Item{Data: []byte(id)})
		for _, e := range tx.Effects() {
			if e.Public {
				leaves = append(leaves, e)
			}
		}
		return err
	})
	return leaves
}

func (w *team) back(id string) error {
	return w.try(func(ctx context.Context, tx *state.Tx) error {
		_, err := w.engine.TakeBack(ctx, tx, id, "noa")
		return err
	})
}

func TestAReplyLeavesAfterItsMinute(t *testing.T) {
	w, r := minute(t)
	if r.Status != "planned" || !r.At.Equal(w.now.Add(time.Minute)) {
		t.Fatalf("%+v", r)
	}
	w.now = w.now.Add(59 * time.Second)
	if early := w.due(r.ID); len(early) != 0 {
		t.Errorf("left too early: %+v", early)
	}
	w.now = w.now.Add(time.Second)
	if leaves := w.due(r.ID); len(leaves) != 1 {
		t.Fatalf("left %d times", len(leaves))
	}
	if err := w.back(r.ID); !errors.Is(err, ErrNotNow) {
		t.Errorf("taken back though it is on its way: %v", err)
	}
	if again := w.due(r.ID); len(again) != 0 {
		t.Errorf("left twice: %+v", again)
	}
}

func TestAReplyTakenBackNeverLeaves(t *testing.T) {
	w, r := minute(t)
	w.now = w.now.Add(59 * time.Second)
	if err := w.back(r.ID); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Hour)
	if leaves := w.due(r.ID); len(leaves) != 0 {
		t.Errorf("it left: %+v", leaves)
	}
}
