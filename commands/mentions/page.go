package mentions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// The kinds of effects that call somebody beside the chat: their pager, their
// e-mail address.
const (
	PageKind = "page"
	MailKind = "mail"
)

const (
	// PageTopic is that of due times of calls that nobody saw.
	PageTopic = "pages"
	// unseenAfter is how long a call waits for whom it was made to.
	unseenAfter = 10 * time.Minute
	// rotaTurns is how often the whole rota is called.
	rotaTurns = 2
	// againAt is how many times the people of the last call make a new one.
	againAt = 5
)

// Watch is a critical topic in one night, or in one day between two.
type Watch struct {
	// People are those who spoke of it, by digest; Called is how many they were at
	// the last call.
	People []string `json:"people"`
	Called int      `json:"called"`
}

// Call is how people are called to a critical conversation, one after another,
// until somebody saw it.
type Call struct {
	Tries  []Try     `json:"tries"`
	SeenBy string    `json:"seen_by,omitempty"`
	SeenAt time.Time `json:"seen_at,omitzero"`
}

// Try is one call to one person.
type Try struct {
	Member string    `json:"member"`
	At     time.Time `json:"at"`
}

var (
	watches = state.Table[Watch]{Kind: "watch", Schema: 1, Keep: 7 * 24 * time.Hour}
	calls   = state.Table[Call]{Kind: "call", Schema: 1}
)

// urgent shows a critical conversation in the channel, and calls the person on
// call if its topic needs it: once a night, and again at five times the people.
func (e *Engine) urgent(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, day *Day) error {
	id := watchID(b, c, tx.Now())
	watch, _, err := watches.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	watch, call := watch.with(digest(c.ID))
	if err := watches.Put(tx, id, watch); err != nil {
		return err
	}
	_, hangs, err := board.Get(ctx, tx, board.ID(CaseView, c.ID))
	if err != nil {
		return err
	}
	if !hangs {
		day.Alerts++
		tx.Log(audit.Entry{What: "alert.urgent", Brand: b.ID, Subject: "case/" + c.ID})
	}
	switch {
	case call:
		if _, _, err := calls.Get(ctx, tx, c.ID); err != nil {
			return err
		}
		return e.ring(ctx, tx, b, c.ID, Call{}, !hangs)
	case hangs:
		return board.Grow(ctx, tx, CaseView, c.ID)
	}
	return e.hang(ctx, tx, b, CaseView, c.ID)
}

// with adds a person to what is said of a topic; call says whether somebody must
// be called for it. Pure.
func (w Watch) with(who string) (_ Watch, call bool) {
	if !slices.Contains(w.People, who) {
		w.People = append(slices.Clone(w.People), who)
	}
	call = w.Called == 0 || len(w.People) >= againAt*w.Called
	if call {
		w.Called = len(w.People)
	}
	return w, call
}

// watchID is a topic in a night: that from one day's work to the next one's.
func watchID(b *brand.Brand, c Case, now time.Time) string {
	topic := "critical"
	if len(c.Themes) > 0 {
		topic = c.Themes[0]
	}
	day, part := now, "day"
	if next, ok := b.At(nil).Next(now); ok && next.After(now) {
		day, part = next, "night"
	}
	return b.ID + "/" + topic + "/" + part + "/" + day.In(b.Zone).Format(time.DateOnly)
}

// ring calls the next person of the rota: in the chat, by pager and by e-mail,
// as far as they are set up. After the whole rota was called twice in vain the
// card says so.
func (e *Engine) ring(ctx context.Context, tx *state.Tx, b *brand.Brand, id string, call Call, inChannel bool) error {
	rota, err := e.rota(ctx, tx, b)
	if err != nil {
		return err
	}
	m := call.next(rota)
	if m == nil {
		tx.Log(audit.Entry{What: "call.unseen", Brand: b.ID, Subject: "case/" + id})
		if inChannel {
			return e.hang(ctx, tx, b, CaseView, id)
		}
		return board.Refresh(ctx, tx, CaseView, id)
	}
	call.Tries = append(call.Tries, Try{m.ID, tx.Now()})
	if err := calls.Put(tx, id, call); err != nil {
		return err
	}
	tx.Log(audit.Entry{What: "call.made", Brand: b.ID, Subject: "case/" + id})
	tx.Later(work.Due{Key: "call:" + id, At: tx.Now().Add(unseenAfter),
		Item: work.Item{Conversation: id, Topic: "due:" + PageTopic, Data: []byte(id)}})
	if err := e.page(tx, b, m, id); err != nil {
		return err
	}
	var direct []board.Hang
	if places := m.Direct(); len(places) > 0 {
		direct = append(direct, board.Hang{Place: places[0], Member: m.ID, Lang: b.LangOf(m),
			Class: outbox.Alert, Notifies: true, Critical: true})
	}
	if inChannel {
		return e.hang(ctx, tx, b, CaseView, id, direct...)
	}
	_, err = board.Show(ctx, tx, board.Card{View: CaseView, Subject: id, Brand: b.ID}, e.NewToken, direct...)
	return err
}

// rota is who is called now, in order: those who said that they would be there
// at this time, then who is on call.
func (e *Engine) rota(ctx context.Context, tx *state.Tx, b *brand.Brand) ([]*brand.Member, error) {
	space := e.Space.Now()
	rota := space.Rota(b, tx.Now())
	if e.Duty == nil {
		return rota, nil
	}
	there, err := e.Duty.OnDuty(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	for i, id := range there {
		rota = slices.DeleteFunc(rota, func(m *brand.Member) bool { return m.ID == id })
		rota = slices.Insert(rota, i, space.Member(id))
	}
	return rota, nil
}

// next is whom to call: the first of those who were called least, nil once
// everybody was called rotaTurns times. Pure.
func (c Call) next(rota []*brand.Member) *brand.Member {
	for turn := range rotaTurns {
		for _, m := range rota {
			tries := 0
			for _, try := range c.Tries {
				if try.Member == m.ID {
					tries++
				}
			}
			if tries <= turn {
				return m
			}
		}
	}
	return nil
}

// Unseen is the due time of a call: if nobody saw it, the next person is called.
func (e *Engine) Unseen(ctx context.Context, tx *state.Tx, item work.Item) error {
	id := string(item.Data)
	c, found, err := cases.Get(ctx, tx, id)
	if err != nil || !found || c.Stage != Waiting {
		return err
	}
	call, found, err := calls.Get(ctx, tx, id)
	b := e.Space.Now().Brand(c.Brand)
	if err != nil || !found || call.SeenBy != "" || b == nil {
		return err
	}
	return e.ring(ctx, tx, b, id, call, false)
}

// Seen records that a member saw a critical conversation: nobody else is called.
func (e *Engine) Seen(ctx context.Context, tx *state.Tx, id, member string) error {
	call, found, err := calls.Get(ctx, tx, id)
	if err != nil || !found || call.SeenBy != "" {
		return err
	}
	call.SeenBy, call.SeenAt = member, tx.Now()
	tx.Cancel("call:" + id)
	tx.Log(audit.Entry{Who: member, What: "call.seen", Subject: "case/" + id})
	if err := calls.Put(tx, id, call); err != nil {
		return err
	}
	c, _, err := cases.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := answer(ctx, tx, c.Brand, id, call); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, CaseView, id)
}

// CallOf is how far the call to a conversation is; empty where nobody was called.
func (e *Engine) CallOf(ctx context.Context, tx *state.Tx, id string) (Call, error) {
	call, _, err := calls.Get(ctx, tx, id)
	return call, err
}

// Page is the content of a page or mail effect: no insult and no personal data.
type Page struct {
	Brand  string    `json:"brand"`
	Member string    `json:"member"`
	Case   string    `json:"case"`
	What   string    `json:"what"` // catalog key
	At     time.Time `json:"at"`
}

func (e *Engine) page(tx *state.Tx, b *brand.Brand, m *brand.Member, id string) error {
	data, err := json.Marshal(Page{Brand: b.ID, Member: m.ID, Case: id, What: "mentions.page", At: tx.Now()})
	if err != nil {
		return fmt.Errorf("encode page for case %s: %w", id, err)
	}
	effect := outbox.Effect{Class: outbox.Alert, Brand: b.ID, Member: m.ID, Notifies: true, Critical: true, Data: data}
	if b.Pager != "" {
		effect.Kind, effect.Destination = PageKind, "pager:"+b.ID
		tx.Emit(effect)
	}
	if m.Email != "" {
		effect.Kind, effect.Destination = MailKind, "mail:"+m.ID
		tx.Emit(effect)
	}
	return nil
}
