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

// The views of alerts.
const (
	CaseView   = "case"   // one conversation that cannot wait
	ThemeView  = "theme"  // a theme's day
	OthersView = "others" // what the budget left no room for
)

// PageKind is the kind of effects that call the person on call.
const PageKind = "page"

const (
	// editEvery is how often a growing card is brought to its new state.
	editEvery = 10 * time.Minute
	// AlertTopic is that of due times of alerts.
	AlertTopic = "mentions"
)

// alert shows a conversation that cannot wait: on its theme's card if the theme
// is what grows, else on a card of its own; beyond the day's budget, on the one
// card of others. What is critical always has a card, and calls the person on
// call.
func (e *Engine) alert(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, t *Theme, day *Day) error {
	if c.Urgency == Urgent {
		return e.urgent(ctx, tx, b, c, day)
	}
	if t != nil {
		if tx.Now().Before(t.Paused) {
			return nil
		}
		return e.themeAlert(ctx, tx, b, c, t, day)
	}
	if _, hangs, err := board.Get(ctx, tx, board.ID(CaseView, c.ID)); err != nil || hangs {
		return e.grow(ctx, tx, CaseView, c.ID, err)
	}
	if spent(b, day) {
		return e.others(ctx, tx, b, c, day)
	}
	day.Alerts++
	tx.Log(audit.Entry{What: "alert.opened", Brand: b.ID, Subject: "case/" + c.ID})
	return e.hang(ctx, tx, b, CaseView, c.ID, false)
}

// spent says that the day's budget of alerts has room for one more message only:
// that is the card of others.
func spent(b *brand.Brand, day *Day) bool { return day.Alerts >= b.Noise.Alerts-1 }

// urgent hangs a card that rings whatever the hour, for the channel and for the
// person on call, and calls their pager.
func (e *Engine) urgent(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, day *Day) error {
	if _, hangs, err := board.Get(ctx, tx, board.ID(CaseView, c.ID)); err != nil || hangs {
		return e.grow(ctx, tx, CaseView, c.ID, err)
	}
	day.Alerts++
	tx.Log(audit.Entry{What: "alert.urgent", Brand: b.ID, Subject: "case/" + c.ID})
	if err := e.page(tx, b, c); err != nil {
		return err
	}
	return e.hang(ctx, tx, b, CaseView, c.ID, true)
}

// themeAlert is one card a theme and day: opened once, then edited, at most
// every ten minutes.
func (e *Engine) themeAlert(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, t *Theme, day *Day) error {
	id := themeID(t.Brand, t.Theme, t.Day)
	if !slices.Contains(t.Cases, c.ID) {
		t.Cases = append(t.Cases, c.ID)
	}
	for _, why := range c.Why {
		if !slices.Contains(t.Why, why) {
			t.Why = append(t.Why, why)
		}
	}
	switch {
	case !t.Alerted.IsZero() && tx.Now().Sub(t.ShownAt) >= editEvery:
		t.ShownAt = tx.Now()
		return board.Refresh(ctx, tx, ThemeView, id)
	case !t.Alerted.IsZero():
		tx.Later(work.Due{Key: "theme:" + id, At: t.ShownAt.Add(editEvery),
			Item: work.Item{Conversation: "hear:" + b.ID, Topic: "due:" + AlertTopic, Data: []byte(id)}})
	case spent(b, day):
		return e.others(ctx, tx, b, c, day)
	default:
		day.Alerts++
		t.Alerted, t.ShownAt = tx.Now(), tx.Now()
		tx.Log(audit.Entry{What: "alert.opened", Brand: b.ID, Subject: "theme/" + id})
		return e.hang(ctx, tx, b, ThemeView, id, false)
	}
	return nil
}

// Regrow is the due time of a theme's card that grew.
func (e *Engine) Regrow(ctx context.Context, tx *state.Tx, item work.Item) error {
	id := string(item.Data)
	t, found, err := themes.Get(ctx, tx, id)
	if err != nil || !found {
		return err
	}
	t.ShownAt = tx.Now()
	if err := themes.Put(tx, id, t); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, ThemeView, id)
}

// Pause keeps a theme from alerting until the next morning.
func (e *Engine) Pause(ctx context.Context, tx *state.Tx, id, member string) error {
	t, found, err := themes.Get(ctx, tx, id)
	if err != nil || !found {
		return err
	}
	b := e.Space.Now().Brand(t.Brand)
	tomorrow := tx.Now().In(b.Zone).AddDate(0, 0, 1)
	t.Paused, t.PausedBy = b.Brief.On(tomorrow), member
	tx.Log(audit.Entry{Who: member, What: "theme.paused", Brand: t.Brand, Subject: "theme/" + id})
	if err := themes.Put(tx, id, t); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, ThemeView, id)
}

// others puts a conversation on the day's one card of those that the budget
// left no room for. It rings once, when it is hung.
func (e *Engine) others(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, day *Day) error {
	if slices.Contains(day.Others, c.ID) {
		return nil
	}
	day.Others = append(day.Others, c.ID)
	id := dayID(b.ID, tx.Now().In(b.Zone).Format(time.DateOnly))
	if _, hangs, err := board.Get(ctx, tx, board.ID(OthersView, id)); err != nil || hangs {
		if len(day.Others)%10 != 0 { // an edit for every tenth: the count is on the next brief too
			return err
		}
		return e.grow(ctx, tx, OthersView, id, err)
	}
	return e.hang(ctx, tx, b, OthersView, id, false)
}

func (e *Engine) grow(ctx context.Context, tx *state.Tx, view, subject string, err error) error {
	if err != nil {
		return err
	}
	return board.Refresh(ctx, tx, view, subject)
}

// hang puts an alert's card into the alert channels. What is critical rings the
// person on call at once; the channel hears of it when people work.
func (e *Engine) hang(ctx context.Context, tx *state.Tx, b *brand.Brand, view, subject string, critical bool) error {
	var hangs []board.Hang
	for _, place := range b.Alerts {
		hangs = append(hangs, board.Hang{
			Place: place, Lang: b.MainLang(), Class: outbox.Alert, Notifies: true})
	}
	if onCall := e.onCall(b); critical && onCall != nil {
		if places := onCall.Direct(); len(places) > 0 {
			hangs = append(hangs, board.Hang{Place: places[0], Member: onCall.ID, Lang: b.LangOf(onCall),
				Class: outbox.Alert, Notifies: true, Critical: true})
		}
	}
	_, err := board.Show(ctx, tx, board.Card{View: view, Subject: subject, Brand: b.ID}, e.NewToken, hangs...)
	return err
}

func (e *Engine) onCall(b *brand.Brand) *brand.Member {
	for _, id := range b.OnCall {
		if m := e.Space.Now().Member(id); m != nil {
			return m
		}
	}
	return nil
}

// Page is the content of a page effect: no insult and no personal data.
type Page struct {
	Brand  string `json:"brand"`
	Member string `json:"member"`
	Case   string `json:"case"`
	What   string `json:"what"` // catalog key
}

func (e *Engine) page(tx *state.Tx, b *brand.Brand, c Case) error {
	onCall := e.onCall(b)
	if b.Pager == "" || onCall == nil {
		return nil
	}
	data, err := json.Marshal(Page{Brand: b.ID, Member: onCall.ID, Case: c.ID, What: "mentions.page"})
	if err != nil {
		return fmt.Errorf("encode page for case %s: %w", c.ID, err)
	}
	tx.Emit(outbox.Effect{Kind: PageKind, Destination: "pager:" + b.ID, Class: outbox.Alert,
		Brand: b.ID, Notifies: true, Critical: true, Data: data})
	return nil
}
