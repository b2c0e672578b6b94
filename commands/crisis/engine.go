package crisis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// What can be wrong with what is asked of a crisis. Nothing changes then.
var (
	ErrUnknown = errors.New("no such crisis")
	ErrOpen    = errors.New("one is open")
	ErrOver    = errors.New("it is over")
	ErrLead    = errors.New("nobody who may lead")
	ErrTheme   = errors.New("no such theme")
	ErrMany    = errors.New("the words were replaced too often")
)

// View is the card of a crisis; there is one of each.
const View = "crisis"

// lookAhead is how far the posts are read again when a crisis ends.
const lookAhead = 48 * time.Hour

// Posts is what is to leave, and the one way to pause it.
type Posts interface {
	// Pause pauses everything, unless it is.
	Pause(ctx context.Context, tx *state.Tx, by string) error
	// Stand says how the posts of a brand stand.
	Stand(ctx context.Context, tx *state.Tx, brand string) (Standing, error)
	// Ahead are the posts of a brand that are to leave before a time, the next one
	// first.
	Ahead(ctx context.Context, tx *state.Tx, brand string, until time.Time) ([]Post, error)
}

// Standing is how the posts of a brand stand.
type Standing struct {
	// Paused is since when everything is paused; zero: it isn't.
	Paused time.Time
	// Waiting are to leave, or were when they were paused; Left did since the pause:
	// they were on their way.
	Waiting, Left int
}

// Post is one post on its way to its accounts.
type Post struct {
	Request, Title string
	Accounts       []string
	At             time.Time
}

// Talk says in a line how many people speak of a theme today, and how many usually
// do.
type Talk interface {
	TalkLine(ctx context.Context, tx *state.Tx, b *brand.Brand, theme string, p *i18n.Printer) (string, error)
}

// Themes knows what a brand listens to.
type Themes interface {
	Themes(b *brand.Brand) []string
	ThemeName(b *brand.Brand, theme, lang string) string
}

// Engine decides what becomes of crises.
type Engine struct {
	Space    brand.Source
	Posts    Posts
	Talk     Talk
	Themes   Themes
	NewToken func(*state.Tx) string
}

// Opening is what somebody says of a crisis that they open.
type Opening struct {
	By, About, Theme, Lead string
	// Pause pauses everything in the same step.
	Pause bool
	// Point is when people look at it together next; zero: they did not say.
	Point time.Time
}

// Open opens a crisis, and hangs its card in the alert channels and wherever more
// says. Where one is open it is returned with ErrOpen.
func (e *Engine) Open(ctx context.Context, tx *state.Tx, b *brand.Brand, o Opening, more ...board.Hang) (Crisis, error) {
	last, found, err := e.Last(ctx, tx, b.ID)
	switch {
	case err != nil:
		return last, err
	case found && !last.Over():
		return last, ErrOpen
	case o.Theme != "" && !slices.Contains(e.Themes.Themes(b), o.Theme):
		return last, ErrTheme
	case !MayLead(e.Space.Now().Member(o.Lead)):
		return last, ErrLead
	}
	count, _, err := counts.Get(ctx, tx, b.ID)
	if err != nil {
		return last, err
	}
	count.Brand, count.Count = b.ID, count.Count+1
	if err := counts.Put(tx, b.ID, count); err != nil {
		return last, err
	}
	c := Crisis{ID: count.last(), Brand: b.ID, About: o.About, Theme: o.Theme, Lead: o.Lead, Point: o.Point}
	if !c.Point.IsZero() {
		remind(tx, c)
	}
	if _, _, err := crises.Get(ctx, tx, c.ID); err != nil {
		return c, err
	}
	card := board.Card{View: View, Subject: c.ID, Brand: b.ID}
	if _, err := board.Show(ctx, tx, card, e.NewToken, append(more, e.hangs(b, o)...)...); err != nil {
		return c, err
	}
	if c, err = e.did(ctx, tx, c, Act{What: Opened, By: o.By, At: tx.Now()}); err != nil || !o.Pause {
		return c, err
	}
	return c, e.Posts.Pause(ctx, tx, o.By)
}

// hangs are where everybody sees a crisis, and the conversation of who leads, if
// somebody else opened it. It rings when people work.
func (e *Engine) hangs(b *brand.Brand, o Opening) (hangs []board.Hang) {
	places := b.Alerts
	if len(places) == 0 {
		places = b.Approvals
	}
	for _, place := range places {
		hangs = append(hangs, board.Hang{Place: place, Lang: b.MainLang(), Class: outbox.Alert, Notifies: true})
	}
	if o.Lead != o.By {
		hangs = append(hangs, direct(b, e.Space.Now().Member(o.Lead))...)
	}
	return hangs
}

// direct is where a card comes to a member alone; it rings when they work.
func direct(b *brand.Brand, m *brand.Member) []board.Hang {
	places := m.Direct()
	if len(places) == 0 {
		return nil
	}
	return []board.Hang{{Place: places[0], Member: m.ID, Lang: b.LangOf(m), Class: outbox.Alert, Notifies: true}}
}

// MayLead says whether a member may lead a crisis: whoever answers or approves.
func MayLead(m *brand.Member) bool {
	return m != nil && (m.Can(brand.Responder) || m.Can(brand.Approver))
}

// Paused hears that somebody paused everything, or let it go on: it is part of
// every crisis that is open, and of one that was ended with everything paused.
func (e *Engine) Paused(ctx context.Context, tx *state.Tx, by string, paused bool) error {
	act := Act{What: Resumed, By: by, At: tx.Now()}
	if paused {
		act.What = Paused
	}
	for _, b := range e.Space.Now().Brands {
		c, found, err := e.Last(ctx, tx, b.ID)
		if err == nil && found && (!c.Over() || !paused && c.paused()) {
			_, err = e.did(ctx, tx, c, act)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Next sets the next point, and who leads until then: they have the card.
func (e *Engine) Next(ctx context.Context, tx *state.Tx, id, by, lead string, at time.Time) (Crisis, error) {
	c, err := e.open(ctx, tx, id)
	leader := e.Space.Now().Member(lead)
	if err == nil && !MayLead(leader) {
		err = ErrLead
	}
	if err != nil {
		return c, err
	}
	if lead != c.Lead && lead != by {
		card := board.Card{View: View, Subject: c.ID, Brand: c.Brand}
		if _, err := board.Show(ctx, tx, card, e.NewToken, direct(e.Space.Now().Brand(c.Brand), leader)...); err != nil {
			return c, err
		}
	}
	c.Lead, c.Point = lead, at
	remind(tx, c)
	return e.did(ctx, tx, c, Act{What: Pointed, By: by, At: tx.Now(), Point: at})
}

// End ends a crisis, with what was learnt, if anything was. What is paused stays
// so.
func (e *Engine) End(ctx context.Context, tx *state.Tx, id, by, learnt string) (Crisis, error) {
	c, err := e.open(ctx, tx, id)
	if err != nil {
		return c, err
	}
	c.Learnt = learnt
	tx.Cancel(dueKey(c.ID))
	return e.did(ctx, tx, c, Act{What: Ended, By: by, At: tx.Now()})
}

// Last is the last crisis of a brand, over or not.
func (e *Engine) Last(ctx context.Context, tx *state.Tx, brand string) (c Crisis, found bool, err error) {
	count, found, err := counts.Get(ctx, tx, brand)
	if err != nil || !found {
		return c, false, err
	}
	return crises.Get(ctx, tx, count.last())
}

func (e *Engine) get(ctx context.Context, tx *state.Tx, id string) (Crisis, error) {
	c, found, err := crises.Get(ctx, tx, id)
	if err == nil && (!found || e.Space.Now().Brand(c.Brand) == nil) {
		err = ErrUnknown
	}
	if err != nil {
		return c, fmt.Errorf("read crisis %s: %w", id, err)
	}
	return c, nil
}

// open reads a crisis that is not over.
func (e *Engine) open(ctx context.Context, tx *state.Tx, id string) (Crisis, error) {
	c, err := e.get(ctx, tx, id)
	if err == nil && c.Over() {
		err = ErrOver
	}
	return c, err
}

// did adds what somebody did, tells the trail, and brings the card there.
func (e *Engine) did(ctx context.Context, tx *state.Tx, c Crisis, act Act) (Crisis, error) {
	c.Acts = append(slices.Clone(c.Acts), act)
	tx.Log(audit.Entry{Who: act.By, What: "crisis." + string(act.What), Brand: c.Brand, Subject: "crisis/" + c.ID})
	if err := crises.Put(tx, c.ID, c); err != nil {
		return c, err
	}
	return c, board.Refresh(ctx, tx, View, c.ID)
}
