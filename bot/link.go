package bot

import (
	"context"

	"crieur/bot/board"
)

// LinkField is where the addresses of a Link event are.
const LinkField = "link"

// mostLinks is how many addresses of one message are shown.
const mostLinks = 5

// preview shows the cards whose addresses stand in a member's message, in the
// channels of their brand. It answers nothing: a link is no question.
func (d *Desk) preview(ctx context.Context, r *Request) (Reply, error) {
	if r.Member == nil {
		return Reply{}, nil
	}
	addresses := r.Values[LinkField]
	for _, address := range addresses[:min(len(addresses), mostLinks)] {
		token, ok := board.TokenIn(d.URL, address)
		if !ok || !d.Tokens.Valid(token) {
			continue
		}
		about, found, err := board.ByToken(ctx, r.Tx, token)
		if err != nil {
			return Reply{}, err
		}
		b := r.Space.Brand(about.Brand)
		if !found || b == nil || !b.WorksIn(r.Place) {
			continue
		}
		at := r.Place
		at.Link = address
		if err := board.Preview(ctx, r.Tx, about, at, b.MainLang()); err != nil {
			return Reply{}, err
		}
	}
	return Reply{}, nil
}
