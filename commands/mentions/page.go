package mentions

import (
	"context"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/oncall"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// PageTopic is that of due times of calls that nobody saw.
	PageTopic = "pages"
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

var watches = state.Table[Watch]{Kind: "watch", Schema: 1, Keep: 7 * 24 * time.Hour}

// matter is a critical conversation as what people are called to.
func matter(id string) oncall.Matter {
	return oncall.Matter{About: CaseView, Subject: id, Call: id, What: "mentions.page", Topic: PageTopic}
}

func (e *Engine) bell() oncall.Bell { return oncall.Bell{Space: e.Space, Duty: e.Duty} }

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
		if _, _, err := oncall.Get(ctx, tx, c.ID); err != nil {
			return err
		}
		return e.ring(ctx, tx, b, c.ID, oncall.Call{}, !hangs)
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
func (e *Engine) ring(ctx context.Context, tx *state.Tx, b *brand.Brand, id string, call oncall.Call, inChannel bool) error {
	direct, rang, err := e.bell().Ring(ctx, tx, b, matter(id), call)
	switch {
	case err != nil:
		return err
	case inChannel:
		return e.hang(ctx, tx, b, CaseView, id, direct...)
	case !rang:
		return board.Refresh(ctx, tx, CaseView, id)
	}
	_, err = board.Show(ctx, tx, board.Card{View: CaseView, Subject: id, Brand: b.ID}, e.NewToken, direct...)
	return err
}

// Unseen is the due time of a call: if nobody saw it, the next person is called.
func (e *Engine) Unseen(ctx context.Context, tx *state.Tx, item work.Item) error {
	id := string(item.Data)
	c, found, err := cases.Get(ctx, tx, id)
	if err != nil || !found || c.Stage != Waiting {
		return err
	}
	call, found, err := oncall.Get(ctx, tx, id)
	b := e.Space.Now().Brand(c.Brand)
	if err != nil || !found || call.SeenBy != "" || b == nil {
		return err
	}
	return e.ring(ctx, tx, b, id, call, false)
}

// Seen records that a member saw a critical conversation: nobody else is called.
func (e *Engine) Seen(ctx context.Context, tx *state.Tx, id, member string) error {
	c, _, err := cases.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	called, err := oncall.Seen(ctx, tx, c.Brand, matter(id), member)
	if err != nil || !called {
		return err
	}
	return board.Refresh(ctx, tx, CaseView, id)
}
