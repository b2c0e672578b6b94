package mentions

import (
	"context"
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/text/similar"
)

// readyAnswer is the brand's answer to a complaint about the conversation's
// theme, in its language. A question has none that comes by itself: it asks
// something.
func readyAnswer(b *brand.Brand, c Case, now time.Time) (brand.Answer, bool) {
	ready := b.Ready(c.Lang, c.Themes, now)
	if c.Kind != Complaint || len(ready) == 0 || !slices.Contains(c.Themes, ready[0].Theme) {
		return brand.Answer{}, false
	}
	return ready[0], true
}

// fits says whether one of the brand's answers may be about a conversation: it has
// its theme, or one of both has none.
func fits(b *brand.Brand, c Case, now time.Time) bool {
	return slices.ContainsFunc(b.Ready(c.Lang, nil, now), func(a brand.Answer) bool {
		return len(c.Themes) == 0 || a.Theme == "" || slices.Contains(c.Themes, a.Theme)
	})
}

// servedBy is the ready answer that a reply was made of, "" if of none: whoever
// wrote their own words over it did not use it.
func servedBy(b *brand.Brand, lang, text string, now time.Time) (id string) {
	most := 0.0
	for _, a := range b.Ready(lang, nil, now) {
		if match := similar.Compare(text, a.Text[lang]); match.Copy && match.Containment > most {
			id, most = a.ID, match.Containment
		}
	}
	return id
}

// servedIndex has the replies that were made of an answer, by when.
func servedIndex(brand, answer string) string { return "served:" + brand + "/" + answer }

// served is the mark of a reply among those made of its answer. One that did not
// leave is none, and one that a person has to post is none until they did.
func (r Reply) served() []state.Mark {
	if r.Answer == "" {
		return nil
	}
	at := r.At.Add(-UndoFor)
	if r.Status == posted {
		at = r.At
	}
	return []state.Mark{{Index: servedIndex(r.Brand, r.Answer), Member: r.ID, Score: at.UnixMilli(),
		Remove: slices.Contains([]string{"failed", "expired", "cancelled", toPost}, r.Status)}}
}

// Served says how many replies were made of a ready answer since a time, and when
// the last one was.
func (e *Engine) Served(ctx context.Context, tx *state.Tx, brand, answer string, since time.Time) (count int, last time.Time, err error) {
	uses, err := tx.List(ctx, state.Range{Index: servedIndex(brand, answer), From: since.UnixMilli(), To: 1 << 53})
	if err != nil || len(uses) == 0 {
		return 0, time.Time{}, err
	}
	return len(uses), time.UnixMilli(uses[len(uses)-1].Score), nil
}
