package mentions

import (
	"context"
	"slices"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// The views of alerts.
const (
	CaseView  = "case"  // one conversation that cannot wait
	ThemeView = "theme" // a theme's day
)

// alert shows a conversation that cannot wait: on its theme's card if the theme
// is what grows, else on a card of its own. What is critical always has a card,
// and calls the person on call.
func (e *Engine) alert(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, t *Theme, day *Day) error {
	switch {
	case c.Urgency == Urgent:
		return e.urgent(ctx, tx, b, c, day)
	case t != nil:
		return e.themeAlert(ctx, tx, b, c, t, day)
	}
	if _, hangs, err := board.Get(ctx, tx, board.ID(CaseView, c.ID)); err != nil || hangs {
		return e.grow(ctx, tx, CaseView, c.ID, err)
	}
	day.Alerts++
	tx.Log(audit.Entry{What: "alert.opened", Brand: b.ID, Subject: "case/" + c.ID})
	return e.hang(ctx, tx, b, CaseView, c.ID)
}

// themeAlert is one card a theme and day: opened once, then edited.
func (e *Engine) themeAlert(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, t *Theme, day *Day) error {
	if tx.Now().Before(t.Paused) {
		return nil
	}
	id := themeID(t.Brand, t.Theme, t.Day)
	for _, why := range c.Why {
		if !slices.Contains(t.Why, why) {
			t.Why = append(t.Why, why)
		}
	}
	if !t.Alerted.IsZero() {
		return board.Grow(ctx, tx, ThemeView, id)
	}
	day.Alerts++
	t.Alerted = tx.Now()
	tx.Log(audit.Entry{What: "alert.opened", Brand: b.ID, Subject: "theme/" + id})
	return e.hang(ctx, tx, b, ThemeView, id)
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

// grow shows what a card that hangs came to.
func (e *Engine) grow(ctx context.Context, tx *state.Tx, view, subject string, err error) error {
	if err != nil {
		return err
	}
	return board.Grow(ctx, tx, view, subject)
}

// hang puts an alert's card into the alert channels and, for what is critical,
// before the person on call, who is rung at once; the channel hears of it when
// people work.
func (e *Engine) hang(ctx context.Context, tx *state.Tx, b *brand.Brand, view, subject string, more ...board.Hang) error {
	hangs := slices.Clone(more)
	for _, place := range b.Alerts {
		hangs = append(hangs, board.Hang{Place: place, Lang: b.MainLang(), Class: outbox.Alert, Notifies: true})
	}
	_, err := board.Show(ctx, tx, board.Card{View: view, Subject: subject, Brand: b.ID}, e.NewToken, hangs...)
	return err
}
