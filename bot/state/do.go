package state

import (
	"context"
	"errors"
	"fmt"
	"time"

	"crieur/bot/work"
)

// Handler decides one item that is not a person's act: a due time, a receipt,
// news from another feature. It reads and changes through tx only.
type Handler func(ctx context.Context, tx *Tx, item work.Item) error

// Tries is how often a cause is decided anew because what it read had changed.
const Tries = 20

// Do decides a cause and commits it. When something that decide read has changed
// meanwhile, it is decided again from what is there now. An error of decide ends
// it with nothing changed; an error of the store is marked by Unavailable.
func Do(ctx context.Context, store Store, cause string, now time.Time, ack *work.Ticket,
	decide func(context.Context, *Tx) ([]byte, error),
) (Outcome, error) {
	for range Tries {
		tx := Begin(store, cause, now)
		result, err := decide(ctx, tx)
		if tx.broken != nil {
			return Outcome{}, fmt.Errorf("%w: %w", ErrUnavailable, tx.broken)
		}
		if err != nil {
			return Outcome{}, err
		}
		outcome, err := tx.Commit(ctx, ack, result)
		switch {
		case err == nil:
			return outcome, nil
		case !errors.Is(err, ErrConflict):
			return Outcome{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	return Outcome{}, fmt.Errorf("%w: decide %s: %w", ErrUnavailable, cause, ErrConflict)
}

// ErrUnavailable says that the store did not answer: the same cause may be tried
// again.
var ErrUnavailable = errors.New("store unavailable")
