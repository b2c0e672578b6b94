package moderation

import (
	"context"
	"time"

	"crieur/bot/audit"
	"crieur/bot/state"
	"crieur/bot/work"
)

// View is the card of one message, which only hangs with people.
const View = "moderation"

// Topic is that of the due times at which a delay of the law ends soon.
const Topic = "moderation"

// An offence of the press, an insult or a defamation among them, is followed up in
// France within three months of its publication or never (1881, article 65).
const (
	pressMonths = 3
	warnAfter   = 60 * 24 * time.Hour
)

// published is when a message was: when it was kept, where nobody said when.
func (c Case) published() time.Time {
	if c.Evidence.SaidAt.IsZero() {
		return c.Evidence.KeptAt
	}
	return c.Evidence.SaidAt
}

// lapses is when nothing can be followed up any more.
func (c Case) lapses() time.Time { return c.published().AddDate(0, pressMonths, 0) }

// ends says that the delay of a message ends soon and nobody handed it over; what
// was left in sight, and what is no matter of words, is nobody's delay.
func (c Case) ends(now time.Time) bool {
	matter := c.Rule == nil || c.Rule.Reason != Spam && c.Rule.Reason != Personal
	soon := !now.Before(c.published().Add(warnAfter)) && now.Before(c.lapses())
	return soon && matter && c.Reported == nil && c.Stage != Left && c.Stage != Erased
}

// remind sets the due time of a message that is still fresh.
func remind(tx *state.Tx, c Case) {
	if at := c.published().Add(warnAfter); at.After(tx.Now()) {
		tx.Later(work.Due{Key: dueKey(c.ID), At: at,
			Item: work.Item{Conversation: c.ID, Topic: "due:" + Topic, Data: []byte(c.ID)}})
	}
}

func dueKey(id string) string { return Kind + ":" + id }

// Due tells the moderators, once and when they work, that a message which nobody
// handed over soon cannot be followed up any more.
func (e *Engine) Due(ctx context.Context, tx *state.Tx, item work.Item) error {
	c, found, err := cases.Get(ctx, tx, string(item.Data))
	if err != nil || !found || !c.ends(tx.Now()) || !c.Warned.IsZero() || e.Space.Now().Brand(c.Brand) == nil {
		return err
	}
	c.Warned = tx.Now()
	tx.Log(audit.Entry{What: "moderation.warned", Brand: c.Brand, Subject: Kind + "/" + c.ID})
	if err := cases.Put(tx, c.ID, c, c.marks()...); err != nil {
		return err
	}
	return e.show(ctx, tx, c, e.others(""))
}
