package rivals

import (
	"context"
	"errors"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// ErrSettled says that somebody was quicker.
var ErrSettled = errors.New("already settled")

// Outcome is what a piece of news led to.
type Outcome string

const (
	Idea    Outcome = "idea"    // a draft was begun from it
	Told    Outcome = "told"    // somebody was told
	Nothing Outcome = "nothing" // no follow-up
	Passed  Outcome = "passed"  // a draft passes it on
)

// Settled is what was decided about a piece of news.
type Settled struct {
	News    string    `json:"news"` // its short name
	Outcome Outcome   `json:"outcome"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	// Told are the members who were told.
	Told []string `json:"told,omitempty"`
}

// settled is kept by what short names, as long as the observation itself.
var settled = state.Table[Settled]{Kind: "newsdone", Schema: 1, Keep: observations.Keep}

// Ideas begins drafts: the words of a competitor are never among them.
type Ideas interface {
	// Begin makes a private draft of a note and returns the card that shows it.
	Begin(ctx context.Context, tx *state.Tx, b *brand.Brand, by, note string) (board.Card, error)
}

// short names a piece of news in buttons and menus.
func short(brand string, o listen.Observation) string { return rivalID("news", brand, o.ID) }

// back is how far news can still be settled: what is older is not shown.
const back = 30 * 24 * time.Hour

// most is how many pieces of news are looked through.
const most = 200

// find looks a piece of recent news up by its short name.
func (e *Engine) find(ctx context.Context, tx *state.Tx, brand, name string) (listen.Observation, error) {
	news, err := e.News(ctx, tx, brand, tx.Now().Add(-back), most)
	if err != nil {
		return listen.Observation{}, err
	}
	at := slices.IndexFunc(news, func(o listen.Observation) bool { return short(brand, o) == name })
	if at < 0 {
		return listen.Observation{}, ErrUnknown
	}
	return news[at], nil
}

// Fresh lists the competitors' news since a time that nobody settled, the newest
// first.
func (e *Engine) Fresh(ctx context.Context, tx *state.Tx, brand string, since time.Time, count int) ([]listen.Observation, error) {
	news, err := e.News(ctx, tx, brand, since, most)
	if err != nil || len(news) == 0 {
		return nil, err
	}
	done, err := e.settledOf(ctx, tx, brand, news)
	if err != nil {
		return nil, err
	}
	followed, err := e.All(ctx, tx, brand)
	if err != nil {
		return nil, err
	}
	fresh := slices.DeleteFunc(news, func(o listen.Observation) bool {
		_, settled := done[o.ID]
		return settled || slices.ContainsFunc(followed, func(r Rival) bool { return r.ID == o.Rival && r.Relay })
	})
	return fresh[:min(count, len(fresh))], nil
}

// settledOf is what was decided about some pieces of news, by their ID.
func (e *Engine) settledOf(ctx context.Context, tx *state.Tx, brand string, news []listen.Observation) (map[string]Settled, error) {
	names, ids := make([]string, len(news)), map[string]string{}
	for i, o := range news {
		names[i] = short(brand, o)
		ids[names[i]] = o.ID
	}
	all, err := settled.Peek(ctx, tx, names...)
	done := map[string]Settled{}
	for _, s := range all {
		done[ids[s.News]] = s
	}
	return done, err
}

// settle records what a piece of news led to, once. What was only passed on can
// still become anything.
func (e *Engine) settle(ctx context.Context, tx *state.Tx, brand, name string, s Settled) error {
	kept, found, err := settled.Get(ctx, tx, name)
	if err != nil {
		return err
	}
	if found && kept.Outcome != Told {
		return ErrSettled
	}
	s.News, s.At = name, tx.Now()
	s.Told = append(slices.Clone(kept.Told), s.Told...)
	tx.Log(audit.Entry{Who: s.By, What: "news." + string(s.Outcome), Brand: brand, Subject: "news/" + name})
	if err := settled.Put(tx, name, s); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, NewsView, name)
}

// Drop settles a piece of news without any follow-up.
func (e *Engine) Drop(ctx context.Context, tx *state.Tx, brand, name, by string) error {
	if _, err := e.find(ctx, tx, brand, name); err != nil {
		return err
	}
	return e.settle(ctx, tx, brand, name, Settled{Outcome: Nothing, By: by})
}

// Inspire begins a draft from a piece of news and returns its card.
func (e *Engine) Inspire(ctx context.Context, tx *state.Tx, b *brand.Brand, name, by string, p *i18n.Printer) (board.Card, error) {
	o, err := e.find(ctx, tx, b.ID, name)
	if err != nil {
		return board.Card{}, err
	}
	if err := e.settle(ctx, tx, b.ID, name, Settled{Outcome: Idea, By: by}); err != nil {
		return board.Card{}, err
	}
	rival, err := e.source(ctx, tx, o.Rival)
	if err != nil {
		return board.Card{}, err
	}
	return e.Ideas.Begin(ctx, tx, b, by, p.T("rivals.idea", "Name", rival.Name, "Title", headline(o), "URL", o.URL))
}

// Tell shows a piece of news to members, each in their own conversation. It
// rings nobody outside their hours: the relay keeps it until then.
func (e *Engine) Tell(ctx context.Context, tx *state.Tx, b *brand.Brand, name, by string, to []*brand.Member, newToken func(*state.Tx) string) error {
	if _, err := e.find(ctx, tx, b.ID, name); err != nil {
		return err
	}
	var hangs []board.Hang
	var told []string
	for _, m := range to {
		told = append(told, m.ID)
		for _, place := range m.Direct() {
			hangs = append(hangs, board.Hang{Place: place, Member: m.ID, Lang: b.LangOf(m), Class: outbox.Digest, Notifies: true})
		}
	}
	if err := e.settle(ctx, tx, b.ID, name, Settled{Outcome: Told, By: by, Told: told}); err != nil {
		return err
	}
	_, err := board.Show(ctx, tx, board.Card{View: NewsView, Subject: name, Brand: b.ID}, newToken, hangs...)
	return err
}
