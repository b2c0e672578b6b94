package mentions

import (
	"context"

	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/text/learnt"
)

// Flag says what is in the words of a mention that somebody brought.
func (e *Engine) Flag(ctx context.Context, tx *state.Tx, b *brand.Brand, m listen.Mention) (listen.Flagged, error) {
	own, err := e.taught(ctx, tx, b)
	if err != nil {
		return listen.Flagged{}, err
	}
	judged := e.Judge.Read(b, own, m)
	return listen.Flagged{Mention: m, Insulting: judged.Folded, Personal: judged.Private}, nil
}

// flagged are the mentions of a conversation in which something was found, the
// newest last; where nothing was, its newest. Words that somebody called no insult
// are none.
func (e *Engine) flagged(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case) ([]listen.Flagged, error) {
	var all []listen.Flagged
	for i, m := range c.Heard {
		one, err := e.Flag(ctx, tx, b, m)
		if err != nil {
			return nil, err
		}
		one.Insulting = one.Insulting && c.Folded
		newest := i == len(c.Heard)-1
		if one.Insulting || one.Personal || newest && len(all) == 0 {
			all = append(all, one)
		}
	}
	return all, nil
}

// taught is what the brand taught, as it is in use now.
func (e *Engine) taught(ctx context.Context, tx *state.Tx, b *brand.Brand) (learnt.Models, error) {
	if e.Models == nil {
		return learnt.Models{}, nil
	}
	return e.Models.Of(ctx, tx, b.ID)
}
