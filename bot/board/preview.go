package board

import (
	"context"
	"slices"
	"strings"

	"crieur/bot/outbox"
	"crieur/bot/state"
)

// cardPath is where the pages of cards are, below the public address.
const cardPath = "/card/"

// mostPreviews is how many previews of one card follow its state: the newest.
const mostPreviews = 5

// Address is the address of a card, "" without a public one. It opens no more
// than the way to the card: who may see that is the chat application's business.
// It is good for as long as the card's buttons are.
func Address(base, token string) string {
	if base == "" {
		return ""
	}
	return strings.TrimSuffix(base, "/") + cardPath + token
}

// TokenIn is the token of a card's address; ok is false for any other address.
func TokenIn(base, address string) (token string, ok bool) {
	token, ok = strings.CutPrefix(address, Address(base, ""))
	return token, ok && base != ""
}

// Preview shows a card under somebody's message in which its address stands. at
// is that message, and its Link the address. Only what hangs in a channel anyway
// is shown so: a card that one person has stays theirs.
func Preview(ctx context.Context, tx *state.Tx, about About, at Place, lang string) error {
	id := ID(about.View, about.Subject)
	card, found, err := cards.Get(ctx, tx, id)
	if err != nil || !found || !slices.ContainsFunc(card.Copies, Copy.Public) {
		return err
	}
	want := Card{View: about.View, Subject: about.Subject}
	if card.has(Copy{Place: at}) {
		_, err := Show(ctx, tx, want, nil)
		return err
	}
	card.Copies = newest(card.Copies, mostPreviews-1)
	if err := cards.Put(tx, id, card); err != nil {
		return err
	}
	_, err = Show(ctx, tx, want, nil, Hang{Place: at, Lang: lang, Class: outbox.Answer})
	return err
}

// newest keeps so many previews, and whatever is none; pure.
func newest(copies []Copy, most int) []Copy {
	var kept []Copy
	for _, c := range slices.Backward(copies) {
		if c.Place.Link != "" {
			if most--; most < 0 {
				continue
			}
		}
		kept = append(kept, c)
	}
	slices.Reverse(kept)
	return kept
}

// Public says that a copy hangs in a channel, by itself.
func (c Copy) Public() bool { return c.Member == "" && c.Place.Link == "" }
