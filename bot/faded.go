package bot

import (
	"context"

	"crieur/bot/board"
	"crieur/bot/state"
)

// faded refuses a click on a card of more than a month. Whoever is in the team gets
// the card of today instead, if it can still be drawn; nothing else happens.
func (d *Desk) faded(r *Request) error {
	refusal := &Refusal{Card: Card{Blocks: []Block{P(r.Print.T("chat.old"))}}}
	if r.Member == nil {
		return refusal
	}
	refusal.Then = func(ctx context.Context, tx *state.Tx) (Card, error) {
		about, found, err := board.Faded(ctx, tx, r.Token)
		if err != nil || !found || d.Mux.views[about.View] == nil {
			return refusal.Card, err
		}
		b := r.Space.Brand(about.Brand)
		draw := ViewRequest{Space: r.Space, Brand: b, Subject: about.Subject, Member: r.Member, Print: r.Print, Now: r.Now, Tx: tx}
		if _, err := d.Mux.views[about.View](ctx, draw); err != nil || b == nil { // what it showed is gone
			return refusal.Card, nil
		}
		_, err = board.Show(ctx, tx, board.Card{View: about.View, Subject: about.Subject, Brand: about.Brand}, r.NewToken, r.Aside())
		return Card{Blocks: []Block{P(r.Print.T("chat.today"))}}, err
	}
	return refusal
}
