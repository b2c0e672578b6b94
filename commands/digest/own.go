package digest

import (
	"cmp"
	"context"
	"strings"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// OwnTopic is that of the due times of briefs that people asked for alone.
const OwnTopic = "ownbrief"

// Own sets when the briefs come to a member alone, as they chose; what was set
// before is taken back.
func (e *Engine) Own(tx *state.Tx, m *brand.Member) {
	for _, b := range e.Space.Now().Brands {
		own(tx, b, m)
	}
}

func own(tx *state.Tx, b *brand.Brand, m *brand.Member) {
	key := OwnTopic + ":" + b.ID + ":" + m.ID
	next, ok := ownAt(b, m, tx.Now())
	if !ok {
		tx.Cancel(key)
		return
	}
	tx.Later(work.Due{Key: key, At: next,
		Item: work.Item{Conversation: key, Topic: "due:" + OwnTopic, Data: []byte(b.ID + "/" + m.ID)}})
}

// ownAt is the first time after another one that a member's own brief comes, on a
// day on which both the brand and they work; ok is false for who wants none. Pure.
func ownAt(b *brand.Brand, m *brand.Member, after time.Time) (next time.Time, ok bool) {
	if m.Brief == nil {
		return time.Time{}, false
	}
	after = after.In(cmp.Or(m.Zone, b.Zone))
	for day := range 366 {
		if at := m.Brief.On(noon(after, day)); at.After(after) && worksAt(b, m, at) {
			return at, true
		}
	}
	return time.Time{}, false
}

func worksAt(b *brand.Brand, m *brand.Member, at time.Time) bool {
	both := b.At(m)
	return both[0].Works(at) && both[1].Works(at)
}

// OwnDue brings a member the brief of today, and sets the next one. It is the
// card that hangs in the channel, in a copy of their own.
func (e *Engine) OwnDue(ctx context.Context, tx *state.Tx, item work.Item) error {
	of, who, _ := strings.Cut(string(item.Data), "/")
	space := e.Space.Now()
	b, m := space.Brand(of), space.Member(who)
	if b == nil || m == nil || m.Brief == nil {
		return nil
	}
	e.Own(tx, m)
	places := m.Direct()
	if len(places) == 0 || !worksAt(b, m, tx.Now()) { // late, after an outage: the next one covers it
		return nil
	}
	_, err := board.Show(ctx, tx, board.Card{View: View, Subject: today(b, tx.Now()), Brand: b.ID}, e.NewToken,
		board.Hang{Place: places[0], Member: m.ID, Lang: b.LangOf(m), Class: outbox.Digest, Notifies: true})
	return err
}
