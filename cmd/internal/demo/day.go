package demo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/bot/state"
	"crieur/commands/calendar"
	"crieur/integrations/chat/console"
)

// writeDraft types the sample post for the viewer, as the author would: with a
// weekday that is wrong, words that a competitor has said, and too long for X.
func (d *Demo) writeDraft(ctx context.Context) error {
	d.Clock.Move(d.clockAt(10, 15))
	lang := d.space.Brands[0].Langs[0]
	e := bot.Event{
		ID: "demo:draft:" + strconv.FormatInt(time.Now().UnixNano(), 36), Kind: bot.Command, Platform: bot.Console, Team: team,
		Place: board.Place{Platform: string(bot.Console), Team: team, Channel: "@" + author}, Direct: true,
		User: bot.User{ID: author, Name: "Camille", Locale: d.Console.Language(author)}, Command: "draft",
		Text: d.catalog.For(lang, nil).T("demo.post"), At: d.Clock.Now(),
	}
	if _, err := d.door.Accept(ctx, []string{e.ID}, e); err != nil {
		return err
	}
	return d.until(ctx, func(ctx context.Context, tx *state.Tx) (bool, error) {
		_, found, err := newest(ctx, d, tx)
		return found, err
	})
}

// storm is the early afternoon: forty-one people write about late parcels, and
// the card has the time to say so.
func (d *Demo) storm(ctx context.Context) error {
	d.Clock.Move(d.clockAt(14, 0))
	if err := d.hearAll(ctx, between(d.sample, stormy), d.clockAt(14, 9), nil); err != nil {
		return err
	}
	d.Clock.Move(d.clockAt(14, 20))
	return d.settled(ctx, toShow)
}

// handover is the end of the working day.
func (d *Demo) handover(context.Context) error {
	d.Clock.Move(d.clockAt(18, 30))
	return nil
}

// night is from the handover to the next morning: what came in, and what rang.
func (d *Demo) night(ctx context.Context) error {
	before := len(d.Console.Rings())
	from := d.Clock.Now()
	night := between(d.sample, nightly)
	report := &nightReport{from: from, received: len(night)}
	if err := d.hearAll(ctx, night, d.clockAt(24+7, 0), d.rouse(report)); err != nil {
		return err
	}
	report.to = d.Clock.Now()
	for _, ring := range d.Console.Rings()[before:] {
		switch ring.Person {
		case author:
			report.mine++
		case responder:
			report.onCall++
		}
		report.rings = append(report.rings, ring)
	}
	d.guide.mu.Lock()
	d.guide.night = report
	d.guide.mu.Unlock()
	return nil
}

// dawn is the next morning's brief.
func (d *Demo) dawn(context.Context) error {
	d.Clock.Move(d.clockAt(24+8, 45).Add(time.Second))
	return nil
}

// clockAt is a time of the sample day, which may reach into the next one.
func (d *Demo) clockAt(hour, minute int) time.Time {
	start := dayStart(d.space.Brands[0].Zone)
	return time.Date(start.Year(), start.Month(), start.Day(), hour, minute, 0, 0, start.Location())
}

// hearAll lets mentions come in, each at its time of the day, and ends at last;
// then, unless it is nil, is what people do after each.
func (d *Demo) hearAll(ctx context.Context, all []sampled, last time.Time, then func(context.Context) error) error {
	start := d.Clock.Now()
	for i, one := range all {
		at := start.Add(last.Sub(start) * time.Duration(i+1) / time.Duration(len(all)+1))
		if err := d.pass(ctx, at); err != nil {
			return err
		}
		if err := d.app().Hear(ctx, d.space.Brands[0].ID, one.mention(at)); err != nil {
			return err
		}
		if err := d.settled(ctx, toShow/6); err != nil {
			return err
		}
		if then == nil {
			continue
		}
		if err := then(ctx); err != nil {
			return err
		}
	}
	if err := d.pass(ctx, last); err != nil {
		return err
	}
	return d.settled(ctx, toShow)
}

// pass puts the clock forward, and stops for each post that is to leave on the
// way: it leaves at its time.
func (d *Demo) pass(ctx context.Context, to time.Time) error {
	for now := d.Clock.Now(); now.Before(to); now = d.Clock.Now() {
		posts, err := d.leaving(ctx, state.Begin(d.store(), "demo", now), now.Add(time.Millisecond), to)
		if err != nil {
			return err
		}
		next := to
		for _, p := range posts {
			if p.At.Before(next) {
				next = p.At
			}
		}
		d.Clock.Move(next)
		if err := d.until(ctx, d.left); err != nil {
			return err
		}
	}
	return nil
}

// left says whether every post that was to leave by now has left, or waits for
// somebody.
func (d *Demo) left(ctx context.Context, tx *state.Tx) (bool, error) {
	now := d.Clock.Now()
	posts, err := d.leaving(ctx, tx, now.Add(-calendar.LateAfter), now)
	return err == nil && len(posts) == 0, err
}

// leaving are the posts of a period that leave by themselves, sooner or later.
func (d *Demo) leaving(ctx context.Context, tx *state.Tx, from, to time.Time) ([]calendar.Publication, error) {
	posts, err := d.app().Posts.Between(ctx, tx, d.space.Brands[0].ID, from, to)
	return slices.DeleteFunc(posts, func(p calendar.Publication) bool { return !leaving(p) }), err
}

// leaving says whether a post leaves by itself, sooner or later.
func leaving(p calendar.Publication) bool {
	return p.Status == calendar.Planned || p.Status == calendar.Claimed
}

// until waits until something holds, for twenty seconds at most.
func (d *Demo) until(ctx context.Context, holds func(context.Context, *state.Tx) (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		ok, err := holds(ctx, state.Begin(d.store(), "demo", d.Clock.Now()))
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the demo waited in vain: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// sleepy is how long whoever is on call takes to see what rang.
const sleepy = 2 * time.Minute

// rouse lets whoever is on call see what they are called to at night, a moment
// after it rang, so that nobody else is called.
func (d *Demo) rouse(report *nightReport) func(context.Context) error {
	return func(ctx context.Context) error {
		waiting, err := d.app().Heard.Waiting(ctx, state.Begin(d.store(), "rouse", d.Clock.Now()), d.space.Brands[0].ID, 1000)
		if err != nil {
			return err
		}
		for _, c := range waiting {
			if err := d.see(ctx, c.ID, report); err != nil {
				return err
			}
		}
		return nil
	}
}

// see is that for one conversation, if it called somebody.
func (d *Demo) see(ctx context.Context, id string, report *nightReport) error {
	call, _, err := oncall.Get(ctx, state.Begin(d.store(), "see", d.Clock.Now()), id)
	if err != nil || len(call.Tries) == 0 || call.SeenBy != "" {
		return err
	}
	called := call.Tries[len(call.Tries)-1]
	if err := d.until(ctx, func(context.Context, *state.Tx) (bool, error) {
		return slices.ContainsFunc(d.Console.Rings(), func(r console.Ring) bool {
			return r.Person == called.Member && !r.At.Before(called.At)
		}), nil
	}); err != nil {
		return err
	}
	if err := d.pass(ctx, d.Clock.Now().Add(sleepy)); err != nil {
		return err
	}
	report.seen = append(report.seen, d.Clock.Now())
	_, err = state.Do(ctx, d.store(), "see:"+id, d.Clock.Now(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		return nil, d.app().Heard.Seen(ctx, tx, id, called.Member)
	})
	return err
}

// nightReport is what the night was.
type nightReport struct {
	from, to               time.Time
	received, mine, onCall int
	rings                  []console.Ring
	seen                   []time.Time // when whoever was called saw it
}

// show draws the night in the viewer's language.
func (n *nightReport) show(p *i18n.Printer) *console.Night {
	night := &console.Night{
		ID: "night-" + strconv.FormatInt(n.to.UnixNano(), 36), From: n.from, To: n.to,
		Figures: []console.Figure{
			{Number: p.Number(n.received), Label: p.T("demo.night.received", "Count", n.received)},
			{Number: p.Number(n.mine), Label: p.T("demo.night.mine", "Count", n.mine)},
			{Number: p.Number(n.onCall), Label: p.T("demo.night.oncall", "Count", n.onCall)},
		},
		Closing: p.T("demo.night.closing"),
		Main:    console.TourButton{Action: "next", Label: p.T("demo.button.dawn"), Person: author, Pane: comCh},
	}
	for _, ring := range n.rings {
		night.Moments = append(night.Moments, console.Moment{At: ring.At, Text: p.T("demo.night.rang"), Rang: true})
	}
	for _, at := range n.seen {
		night.Moments = append(night.Moments, console.Moment{At: at, Text: p.T("demo.night.seen")})
	}
	slices.SortStableFunc(night.Moments, func(a, b console.Moment) int { return a.At.Compare(b.At) })
	night.Moments = night.Moments[:min(len(night.Moments), 8)]
	return night
}
