package bot

import (
	"context"

	"crieur/bot/brand"
)

// Known implements Knower. A store that does not answer knows nothing.
func (d *Desk) Known(ctx context.Context, e Event) bool {
	return d.look(ctx, e, func(context.Context, *Request) error { return nil }) == nil
}

// Redraw implements Redrawer: the card of e.Token as it is now, in the reader's
// language. A token that names no view, as private answers have, is refused.
func (d *Desk) Redraw(ctx context.Context, e Event) (Card, error) {
	var card Card
	err := d.look(ctx, e, func(ctx context.Context, r *Request) (err error) {
		if err := Allow(r, brand.Anyone); err != nil {
			return err
		}
		view, ok := d.Mux.views[r.View]
		if !ok {
			return Refuse(r.Print.T("chat.gone"))
		}
		v := ViewRequest{Space: r.Space, Brand: r.Brand, Subject: r.Subject, Print: r.Print, Now: r.Now, Tx: r.Tx}
		if e.Direct {
			v.Member = r.Member
		}
		card, err = view(ctx, v)
		card.Token, card.Lang = e.Token, r.Print.Lang
		return err
	})
	return card, err
}
