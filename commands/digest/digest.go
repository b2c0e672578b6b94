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
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// Section is what a feature says about the time since, in lines ready to read.
// A feature that has nothing to say says nothing.
type Section func(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error)

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
	NewToken func() string
}

// Arm sets the next brief of every brand. It is done at every start: the due
// time is the same however often it is set.
func (e *Engine) Arm(tx *state.Tx) {
	for _, b := range e.Space.Now().Brands {
		e.next(tx, b, tx.Now())
	}
}

// next sets the first brief after a time, on a working day of the brand.
func (e *Engine) next(tx *state.Tx, b *brand.Brand, after time.Time) {
	for day := range 366 {
		at := b.Brief.On(noon(after.In(b.Zone), day))
		if !at.After(after) || !b.At(nil)[0].Works(at) {
			continue
		}
		tx.Later(work.Due{Key: "brief:" + b.ID, At: at,
			Item: work.Item{Conversation: "brief:" + b.ID, Topic: "due:" + Topic, Data: []byte(b.ID)}})
		return
	}
}

// Due hangs the brief of today and sets the next one.
func (e *Engine) Due(ctx context.Context, tx *state.Tx, item work.Item) error {
	b := e.Space.Now().Brand(string(item.Data))
	if b == nil {
		return nil
	}
	e.next(tx, b, tx.Now())
	if !b.At(nil)[0].Works(tx.Now()) { // it comes late, after an outage: the next one covers it
		return nil
	}
	var hangs []board.Hang
	for _, place := range b.Approvals {
		hangs = append(hangs, board.Hang{Place: place, Lang: b.MainLang(), Class: outbox.Digest, Notifies: true})
	}
	subject := b.ID + "/" + tx.Now().In(b.Zone).Format(time.DateOnly)
	_, err := board.Show(ctx, tx, board.Card{View: View, Subject: subject, Brand: b.ID}, e.NewToken, hangs...)
	return err
}

// Lines is the brief's content for the time since the last worked day.
func (e *Engine) Lines(ctx context.Context, tx *state.Tx, b *brand.Brand, p *i18n.Printer) ([]string, error) {
	since := e.since(b, tx.Now())
	var lines []string
	for _, section := range e.Sections {
		some, err := section(ctx, tx, b, since, p)
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
