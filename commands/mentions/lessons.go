package mentions

import (
	"context"
	"errors"
	"slices"

	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/text/personal"
	"crieur/bot/text/tone"
)

// Teacher keeps what people's clicks say of a text.
type Teacher interface {
	Teach(ctx context.Context, tx *state.Tx, b *brand.Brand, member string, lesson listen.Lesson) error
}

// ErrTheme says that a brand has no such theme.
var ErrTheme = errors.New("no such theme")

// teach hands on what a click said of a conversation's last words: personal data
// covered, private messages not at all.
func (e *Engine) teach(ctx context.Context, tx *state.Tx, c Case, member string, lesson listen.Lesson) error {
	last := c.Heard[len(c.Heard)-1]
	if last.Private || e.Teacher == nil {
		return nil
	}
	lesson.Text, lesson.Lang = personal.Cover(last.Text), c.Lang
	return e.Teacher.Teach(ctx, tx, e.Space.Now().Brand(c.Brand), member, lesson)
}

// lessonOf is what the end of a conversation says of its words; pure. Who
// answers a complaint that has a button for "not negative" confirms it.
func lessonOf(c Case, outcome Outcome, reason string) listen.Lesson {
	switch {
	case outcome == Replied && c.Kind == Complaint:
		return feels(tone.Negative)
	case outcome == Liked, outcome == Nothing && reason == reasonKey("thanks"):
		return feels(tone.Positive)
	case outcome == Nothing && reason == reasonKey("notus"):
		return listen.Lesson{Stray: true}
	}
	return listen.Lesson{}
}

func feels(s tone.Sentiment) listen.Lesson { return listen.Lesson{Sentiment: s.String()} }

func about(theme string) listen.Lesson { return listen.Lesson{Theme: &theme} }

// NotInsulting records that words were folded wrongly: everybody reads them from
// now on, and what they are is told as if nobody had thought of an insult. It
// teaches nothing (see bot/text/tone).
func (e *Engine) NotInsulting(ctx context.Context, tx *state.Tx, id, member string) (Case, error) {
	c, err := e.get(ctx, tx, id)
	if err != nil || !c.Folded {
		return c, err
	}
	own, err := e.Models.Of(ctx, tx, c.Brand)
	if err != nil {
		return c, err
	}
	c.Folded = false
	if c.Kind == Insult {
		c.Kind = e.Judge.Read(e.Space.Now().Brand(c.Brand), own, c.Heard[len(c.Heard)-1]).Apart
	}
	return c, e.putCase(ctx, tx, c, "case.notinsulting", member)
}

// Retheme records what a conversation is about, in the words of a member; "" is
// nothing of the brand's themes.
func (e *Engine) Retheme(ctx context.Context, tx *state.Tx, id, member, theme string) (Case, error) {
	c, err := e.get(ctx, tx, id)
	if err != nil {
		return c, err
	}
	c.Themes = nil
	if theme != "" {
		if !slices.Contains(e.Judge.Themes(e.Space.Now().Brand(c.Brand)), theme) {
			return c, ErrTheme
		}
		c.Themes = []string{theme}
	}
	if err := e.teach(ctx, tx, c, member, about(theme)); err != nil {
		return c, err
	}
	return c, e.putCase(ctx, tx, c, "case.retheme", member)
}
