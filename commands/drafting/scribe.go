package drafting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// Scribe carries out "words" effects: it asks the model, holds what it answers
// against the draft, and keeps that for a day. A receipt would stay longer.
//
// A click asks once, and once more where that may help. What was kept is not
// asked for again.
type Scribe struct {
	Writer Writer
	Store  state.Store
	Space  brand.Source
	Now    func() time.Time
}

const (
	// WriteWithin is how long a model may take.
	WriteWithin = 20 * time.Second
	// mostRest is the longest that a model may ask to wait for a second try:
	// nobody looks at a card for longer.
	mostRest = 20 * time.Second
)

// Patience implements outbox.Patient: the model's time, and some to keep what it
// answers.
func (s *Scribe) Patience() time.Duration { return WriteWithin + 2*time.Second }

// Send implements outbox.Sender.
func (s *Scribe) Send(ctx context.Context, effect outbox.Effect, attempt outbox.Attempt) (outbox.Receipt, error) {
	var id string
	if err := json.Unmarshal(effect.Data, &id); err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	d, found, err := s.asked(ctx, effect, id)
	if err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Temporary, Reason: "outbox.broken", Err: err}
	}
	b := s.Space.Now().Brand(effect.Brand)
	if !found || b == nil {
		return outbox.Receipt{}, nil
	}
	asking, cancel := context.WithTimeout(ctx, WriteWithin)
	defer cancel()
	answers, err := s.Writer.Write(asking, briefOf(b, d))
	if err != nil {
		return outbox.Receipt{}, unwritten(err, attempt, asking.Err() != nil)
	}
	if err := s.keep(ctx, effect, b, d, answers); err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Temporary, Reason: "outbox.broken", Err: err}
	}
	return outbox.Receipt{Ref: id}, nil
}

// asked is the version of the draft that other words are wanted for; found is
// false when they came already, or nobody wants them any more.
func (s *Scribe) asked(ctx context.Context, effect outbox.Effect, id string) (d Draft, found bool, err error) {
	look := state.Begin(s.Store, effect.ID, s.Now())
	w, found, err := wordingOf(ctx, look, id)
	if err != nil || !found || w.Effect != effect.ID || w.Stage != Wanted {
		return Draft{}, false, err
	}
	return versions.Get(ctx, look, versionKey(Draft{ID: id, Number: w.Number}))
}

// unwritten is how a model failed, for the relay. Asking again harms nobody, but
// is worth it only once, soon, and where it did not just take too long.
func unwritten(err error, attempt outbox.Attempt, late bool) error {
	failed := &outbox.Error{Fault: outbox.Rejected, Reason: "drafting.words.silent", Err: fmt.Errorf("ask the model: %w", err)}
	var known *outbox.Error
	if !errors.As(err, &known) || late || attempt.Number > 1 || attempt.Repeated {
		return failed
	}
	switch known.Fault {
	case outbox.Limited:
		if known.After <= mostRest {
			failed.Fault, failed.After = outbox.Limited, known.After
		}
	case outbox.Temporary, outbox.Ambiguous:
		failed.Fault = outbox.Temporary
	}
	return failed
}

// keep keeps what the model answered, unless it was asked again meanwhile.
func (s *Scribe) keep(ctx context.Context, effect outbox.Effect, b *brand.Brand, d Draft, answers map[string]string) error {
	_, err := state.Do(ctx, s.Store, "worded:"+effect.ID, s.Now(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		w, found, err := wordingOf(ctx, tx, d.ID)
		if err != nil || !found || w.Effect != effect.ID {
			return nil, err
		}
		w.Stage, w.Proposals = Offered, nil
		for _, id := range d.Accounts {
			if account, known := b.Account(id); known {
				w.Proposals = append(w.Proposals, judged(b, d, account, answers[id]))
			}
		}
		return nil, putWording(tx, w)
	})
	return err
}
