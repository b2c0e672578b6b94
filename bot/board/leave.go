package board

import (
	"context"
	"slices"

	"crieur/bot/state"
)

// RecordKind is the kind of the records of cards, FadedKind that of what cards show
// that are too old to be clicked on.
const (
	RecordKind = "card"
	FadedKind  = "faded"
)

// Leave takes a member's own copies of a card off the board: they are not
// brought to newer states any more, and nothing says where they hang.
func Leave(ctx context.Context, tx *state.Tx, id, member string) error {
	card, found, err := cards.Get(ctx, tx, id)
	if err != nil || !found {
		return err
	}
	for _, copied := range card.Copies {
		if copied.Member != member {
			continue
		}
		if _, known, err := places.Get(ctx, tx, copied.Key(id)); err != nil {
			return err
		} else if known {
			places.Delete(tx, copied.Key(id))
		}
	}
	card.Copies = slices.DeleteFunc(card.Copies, func(c Copy) bool { return c.Member == member })
	return cards.Put(tx, id, card)
}
