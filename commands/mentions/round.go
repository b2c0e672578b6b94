package mentions

import (
	"context"
	"slices"

	"crieur/bot/board"
	"crieur/bot/state"
)

// passedOn is what a round counts of a conversation that its member handed over: it
// is no outcome yet.
const passedOn Outcome = "handed"

// heldOn is what a round counts of a conversation whose person got a holding reply:
// the answer is still to come.
const heldOn Outcome = "held"

// roundSize is how many conversations one round goes through; the next round
// takes the rest.
const roundSize = 50

// Start begins a member's round over what waits, the earliest promise first.
// What somebody else has taken is left out.
func (e *Engine) Start(ctx context.Context, tx *state.Tx, brand, member string) (Round, error) {
	waiting, err := e.Waiting(ctx, tx, brand, roundSize)
	if err != nil {
		return Round{}, err
	}
	if _, _, err := rounds.Get(ctx, tx, member); err != nil {
		return Round{}, err
	}
	r := Round{Member: member, Brand: brand, Open: true, Started: tx.Now()}
	for _, c := range waiting {
		if c.Stage == Waiting || c.Owner == member {
			r.Queue = append(r.Queue, c.ID)
		}
	}
	return r, rounds.Put(tx, member, r)
}

// RoundOf reads a member's last round; found is false before the first one.
func (e *Engine) RoundOf(ctx context.Context, tx *state.Tx, member string) (r Round, found bool, err error) {
	return rounds.Get(ctx, tx, member)
}

// Next goes on in a member's round after the conversation id got its outcome;
// "" is later. A conversation that is not the round's current one changes
// nothing of it.
func (e *Engine) Next(ctx context.Context, tx *state.Tx, member, id string, outcome Outcome) error {
	r, found, err := rounds.Get(ctx, tx, member)
	if err != nil || !found || r.Current() != id {
		return err
	}
	r.At++
	switch outcome {
	case Replied:
		r = r.answered(id)
	case Liked:
		r.Liked++
	case Nothing:
		r.Nothing++
	case passedOn:
		r.Handed++
	case heldOn:
		r = r.held(id)
	default:
		r.Later++
	}
	if err := e.skip(ctx, tx, &r); err != nil {
		return err
	}
	return rounds.Put(tx, member, r)
}

// skip passes over conversations that somebody finished meanwhile.
func (e *Engine) skip(ctx context.Context, tx *state.Tx, r *Round) error {
	for r.Current() != "" {
		found, err := cases.Peek(ctx, tx, r.Current())
		if err != nil {
			return err
		}
		if len(found) == 1 && found[0].Stage != Done && (found[0].Owner == "" || found[0].Owner == r.Member) {
			return nil
		}
		r.At++
	}
	return nil
}

// Current is the conversation that the round shows, "" when it is over.
func (r Round) Current() string {
	if r.At >= len(r.Queue) {
		return ""
	}
	return r.Queue[r.At]
}

// answered is the round with one more conversation that gets its reply; pure.
func (r Round) answered(id string) Round {
	r.Answers, r.Replied = append(slices.Clone(r.Answers), id), r.Replied+1
	return r
}

// held is the round with one more conversation that gets a holding reply; pure.
func (r Round) held(id string) Round {
	r.Held = append(slices.Clone(r.Held), id)
	return r
}

// without is the round in which a conversation is left for later, since its reply did
// not leave; ok is false if the round counts none for it; pure.
func (r Round) without(id string) (_ Round, ok bool) {
	if at := slices.Index(r.Answers, id); at >= 0 {
		r.Answers, r.Replied, ok = slices.Delete(slices.Clone(r.Answers), at, at+1), r.Replied-1, true
	}
	if at := slices.Index(r.Held, id); at >= 0 {
		r.Held, ok = slices.Delete(slices.Clone(r.Held), at, at+1), true
	}
	if ok {
		r.Later++
	}
	return r, ok
}

// unsettle takes a reply that did not leave out of what its writer's round came to.
func (e *Engine) unsettle(ctx context.Context, tx *state.Tx, r Reply) error {
	round, _, err := rounds.Get(ctx, tx, r.By)
	if err != nil {
		return err
	}
	round, counted := round.without(r.Case)
	if !counted {
		return nil
	}
	if err := rounds.Put(tx, r.By, round); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, RoundView, r.By)
}
