package answers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/team"
)

// View is the card of one answer, on the board of who asked for it.
const View = "answer"

// Themes are what a brand hears of.
type Themes interface {
	Themes(b *brand.Brand) []string
	ThemeName(b *brand.Brand, name, lang string) string
}

// Engine keeps the ready answers of brands.
type Engine struct {
	Space  brand.Source
	Themes Themes
}

// Do does what somebody wants of an answer of a brand; id is empty for a new one.
// It joins, leaves or changes the answers of the brand with the same commit.
func (e *Engine) Do(ctx context.Context, tx *state.Tx, b *brand.Brand, id string, c Choice) (Sheet, error) {
	s := Sheet{Brand: b.ID}
	if s.ID = id; id == "" {
		s.ID = tx.NewID("a")
	}
	s, found, err := e.get(ctx, tx, s)
	switch {
	case err != nil:
		return s, err
	case !found && id != "":
		return s, ErrUnknown
	}
	if err := e.check(ctx, tx, b, s, c); err != nil {
		return s, err
	}
	c.Orphan = s.Owner != "" && e.Space.Now().Member(s.Owner) == nil
	next, err := decide(s, c, tx.Now().In(b.Zone))
	if err != nil {
		return s, err
	}
	tx.Log(audit.Entry{Who: c.By, What: "answer." + string(c.What), Brand: b.ID, Subject: sheets.Key(key(b.ID, s.ID)).String()})
	if err := sheets.Put(tx, key(b.ID, s.ID), next, next.marks()...); err != nil {
		return s, err
	}
	if err := share(ctx, tx, next); err != nil {
		return s, fmt.Errorf("share answer %s: %w", s.ID, err)
	}
	return next, board.Refresh(ctx, tx, View, key(b.ID, s.ID))
}

// get reads an answer of a brand; what was given comes back when there is none.
func (e *Engine) get(ctx context.Context, tx *state.Tx, s Sheet) (Sheet, bool, error) {
	kept, found, err := sheets.Get(ctx, tx, key(s.Brand, s.ID))
	if err != nil {
		return s, false, fmt.Errorf("read answer %s: %w", s.ID, err)
	}
	if !found {
		return s, false, nil
	}
	return kept, true, nil
}

// check refuses words that cannot be kept, and one answer too many.
func (e *Engine) check(ctx context.Context, tx *state.Tx, b *brand.Brand, s Sheet, c Choice) error {
	if c.What != Write && c.What != Change && c.What != Restore {
		return nil
	}
	others, err := e.others(ctx, tx, b, s.ID)
	switch {
	case err != nil:
		return err
	case c.What != Change && len(others) >= mostAnswers:
		return ErrFull
	case c.What == Restore:
		return nil
	}
	if wrong := e.wrong(b, c.Words, others, tx.Now()); len(wrong) > 0 {
		return wrong
	}
	return nil
}

// others are the answers of a brand that may be used, but for one.
func (e *Engine) others(ctx context.Context, tx *state.Tx, b *brand.Brand, id string) ([]Sheet, error) {
	all, err := used(ctx, tx, b.ID)
	return slices.DeleteFunc(all, func(s Sheet) bool { return s.ID == id }), err
}

// wrong is what is wrong with words for one answer beside others.
func (e *Engine) wrong(b *brand.Brand, w Words, others []Sheet, now time.Time) Wrong {
	var names []string
	for _, s := range others {
		names = append(names, i18n.In(s.Name, w.Lang))
	}
	for _, a := range b.Answers {
		if !a.Written {
			names = append(names, i18n.In(a.Name, w.Lang))
		}
	}
	return w.wrong(names, e.Themes.Themes(b), now.In(b.Zone))
}

// share brings an answer to where replies take it from.
func share(ctx context.Context, tx *state.Tx, s Sheet) error {
	overlay, err := team.Get(ctx, tx)
	if err != nil {
		return err
	}
	if s.Retired {
		return team.Put(ctx, tx, overlay.WithoutAnswer(s.Brand, s.ID))
	}
	return team.Put(ctx, tx, overlay.WithAnswer(team.Answer{Brand: s.Brand, Answer: s.Answer}))
}

// mostNamed is how many answers the brief names; the rest is counted.
const mostNamed = 3

// Section names the answers that hold no more since a time, with who sees to each:
// once, in the brief after their last day.
func (e *Engine) Section(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	all, err := used(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range all {
		if s.over(b.Zone, tx.Now()) && !s.over(b.Zone, since) {
			names = append(names, p.T("answers.whose", "Name", p.Quote(i18n.In(s.Name, p.Lang)), "Owner", nameOf(e.Space.Now(), p, s.Owner)))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	return []string{p.T("answers.section", "Count", len(names), "Names", p.List(names[:min(len(names), mostNamed)]...))}, nil
}

// overdue are the answers of a member that hold no more, the newest first.
func (e *Engine) overdue(ctx context.Context, tx *state.Tx, b *brand.Brand, m *brand.Member) ([]Sheet, error) {
	all, err := used(ctx, tx, b.ID)
	return slices.DeleteFunc(all, func(s Sheet) bool { return s.Owner != m.ID || !s.over(b.Zone, tx.Now()) }), err
}
