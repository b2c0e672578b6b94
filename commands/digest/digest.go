// Package digest is the morning brief and the evening handover: what each
// feature has to say, in one card a day. It knows no feature: the application
// gives it sections.
package digest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// Topic is that of the brief's due times.
	Topic = "brief"
	// View is the brief's card; its subject is "<brand>/<day>".
	View = "brief"
)

// Engine decides when the brief comes.
type Engine struct {
	Space    brand.Source
	Sections []Section
	NewToken func(*state.Tx) string
}

// Arm sets the next brief and handover of every brand, and the briefs that people
// asked for. It is done at every start: the due times are the same however often
// they are set.
func (e *Engine) Arm(tx *state.Tx) {
	for _, b := range e.Space.Now().Brands {
		later(tx, b, Topic, b.Brief)
		later(tx, b, HandoverTopic, b.Handover)
	}
	for _, m := range e.Space.Now().Members {
		e.Own(tx, m)
	}
}

// Open sets the first brief and handover of a brand that was just set up, and
// returns when the brief comes; zero if the brand never works.
func (e *Engine) Open(tx *state.Tx, b *brand.Brand) time.Time {
	later(tx, b, HandoverTopic, b.Handover)
	for _, m := range e.Space.Now().Members {
		own(tx, b, m)
	}
	return later(tx, b, Topic, b.Brief)
}

// later sets the next time that something comes, on a working day of the brand,
// and returns it.
func later(tx *state.Tx, b *brand.Brand, topic string, at hours.Clock) time.Time {
	next, ok := nextAt(b, at, tx.Now())
	if ok {
		tx.Later(work.Due{Key: topic + ":" + b.ID, At: next,
			Item: work.Item{Conversation: topic + ":" + b.ID, Topic: "due:" + topic, Data: []byte(b.ID)}})
	}
	return next
}

// nextAt is the first such time after another one, on a working day.
func nextAt(b *brand.Brand, clock hours.Clock, after time.Time) (time.Time, bool) {
	for day := range 366 {
		if at := clock.On(noon(after.In(b.Zone), day)); at.After(after) && b.At(nil)[0].Works(at) {
			return at, true
		}
	}
	return time.Time{}, false
}

// Due hangs the brief of today and sets the next one.
func (e *Engine) Due(ctx context.Context, tx *state.Tx, item work.Item) error {
	b := e.Space.Now().Brand(string(item.Data))
	if b == nil {
		return nil
	}
	later(tx, b, Topic, b.Brief)
	if !b.At(nil)[0].Works(tx.Now()) { // it comes late, after an outage: the next one covers it
		return nil
	}
	return e.hang(ctx, tx, b, View)
}

// hang puts today's card of a view into the brand's channels.
func (e *Engine) hang(ctx context.Context, tx *state.Tx, b *brand.Brand, view string) error {
	var hangs []board.Hang
	for _, place := range b.Approvals {
		hangs = append(hangs, board.Hang{Place: place, Lang: b.MainLang(), Class: outbox.Digest, Notifies: true})
	}
	_, err := board.Show(ctx, tx, board.Card{View: view, Subject: today(b, tx.Now()), Brand: b.ID}, e.NewToken, hangs...)
	return err
}

// today is the subject of the cards of a day.
func today(b *brand.Brand, now time.Time) string {
	return b.ID + "/" + now.In(b.Zone).Format(time.DateOnly)
}

// Lines is the brief's content for the time since the last worked day, but for the
// parts that are left out.
func (e *Engine) Lines(ctx context.Context, tx *state.Tx, b *brand.Brand, left []string, p *i18n.Printer) ([]string, error) {
	since := e.since(b, tx.Now())
	var lines []string
	for _, section := range e.Sections {
		says := section.says(left)
		if says == nil {
			continue
		}
		some, err := says(ctx, tx, b, since, p)
		if err != nil {
			return nil, err
		}
		lines = append(lines, some...)
	}
	return lines, nil
}

// since is the end of the last worked day: after a weekend, Friday evening.
func (e *Engine) since(b *brand.Brand, now time.Time) time.Time {
	for back := 1; back <= 31; back++ {
		if day := noon(now.In(b.Zone), -back); b.At(nil)[0].Works(day) {
			return b.Handover.On(day)
		}
	}
	return now.AddDate(0, 0, -1)
}

// noon is midday of a day near t: no change of clocks moves it to another day.
func noon(t time.Time, days int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, 12, 0, 0, 0, t.Location())
}

// dayOf reads the day of a subject.
func dayOf(subject string, zone *time.Location) (time.Time, error) {
	_, day, _ := strings.Cut(subject, "/")
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("read day of brief %s: %w", subject, err)
	}
	return at, nil
}
