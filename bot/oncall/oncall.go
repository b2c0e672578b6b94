// Package oncall is how somebody is called who is on call: by the brand's pager,
// by e-mail and in the chat, one person after another until somebody saw it.
//
// It does not know what people are called to: a Matter names the card, and its
// feature decides whether anybody is still needed.
package oncall

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// The kinds of effects that call somebody beside the chat: their pager, their
// e-mail address.
const (
	PageKind = "page"
	MailKind = "mail"
)

// Way is one way in which somebody is called.
type Way string

const (
	ByPager Way = "pager"
	ByMail  Way = "mail"
	ByChat  Way = "chat"
)

// Ways are those that ring a member of a brand at night, in the order in which
// they are said. Who is reached by none is not called.
func Ways(b *brand.Brand, m *brand.Member) (ways []Way) {
	if b.Pager != "" {
		ways = append(ways, ByPager)
	}
	if m.Email != "" {
		ways = append(ways, ByMail)
	}
	if len(m.Direct()) > 0 {
		ways = append(ways, ByChat)
	}
	return ways
}

// Page is the content of a page or mail effect: no insult and no personal data.
type Page struct {
	Brand  string `json:"brand"`
	Member string `json:"member"`
	// About is what the call is about, Subject which one; About is empty for what an
	// earlier release wrote, which knew conversations alone.
	About   string    `json:"about,omitempty"`
	Subject string    `json:"case"`
	What    string    `json:"what"` // catalog key
	At      time.Time `json:"at"`
	// Exercise says that nothing happened: a pager may show it as it likes.
	Exercise bool `json:"exercise,omitempty"`
}

// Send emits what calls a member beside the chat, each as another effect with the
// rest of what it needs.
func Send(tx *state.Tx, b *brand.Brand, m *brand.Member, page Page, with outbox.Effect) error {
	data, err := json.Marshal(page)
	if err != nil {
		return fmt.Errorf("encode page for %s/%s: %w", page.About, page.Subject, err)
	}
	with.Class, with.Brand, with.Member, with.Notifies, with.Data = outbox.Alert, b.ID, m.ID, true, data
	about := with.Conversation
	for _, way := range Ways(b, m) {
		switch way {
		case ByPager:
			with.Kind, with.Destination = PageKind, "pager:"+b.ID
		case ByMail:
			with.Kind, with.Destination = MailKind, "mail:"+m.ID
		default:
			continue
		}
		if with.Topic != "" {
			with.Conversation = about + "/" + string(way)
		}
		tx.Emit(with)
	}
	return nil
}

// Direct is how a card is put before a member who is called: where they get
// messages first. Nowhere: they are not called there.
func Direct(b *brand.Brand, m *brand.Member, critical bool) []board.Hang {
	places := m.Direct()
	if len(places) == 0 {
		return nil
	}
	return []board.Hang{{Place: places[0], Member: m.ID, Lang: b.LangOf(m), Class: outbox.Alert, Notifies: true, Critical: critical}}
}

// Duty knows who said that they would be there for a brand now, outside their
// hours: members who are not on leave, each once.
type Duty interface {
	OnDuty(ctx context.Context, tx *state.Tx, b *brand.Brand) ([]string, error)
}

// Bell calls people.
type Bell struct {
	Space brand.Source
	Duty  Duty // nil: only who is on call is called
}

// Rota is who is called now, in order: those who said that they would be there
// at this time, then who is on call.
func (l Bell) Rota(ctx context.Context, tx *state.Tx, b *brand.Brand) ([]*brand.Member, error) {
	space := l.Space.Now()
	rota := space.Rota(b, tx.Now())
	if l.Duty == nil {
		return rota, nil
	}
	there, err := l.Duty.OnDuty(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	for i, id := range there {
		rota = slices.DeleteFunc(rota, func(m *brand.Member) bool { return m.ID == id })
		rota = slices.Insert(rota, i, space.Member(id))
	}
	return rota, nil
}
