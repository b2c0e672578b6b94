package review

import (
	"context"
	"slices"
	"time"

	"crieur/approvals"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// EveTopic is that of the due times of the list before days off.
	EveTopic = "eve"
	// EveView is its card; its subject is "<brand>/<day on which work begins again>".
	EveView = "eve"
	// listed is when it comes, on the last day of work; where people go before lateEnd,
	// it comes that long before the handover.
	listed         hours.Clock = 16 * 60
	lateEnd        hours.Clock = 17*60 + 30
	beforeHandover             = 90 * time.Minute
	// settled is when people have had the time to see to something after days off.
	settled hours.Clock = 10 * 60
)

// Hands knows where a person publishes.
type Hands interface {
	// ByHand lists the accounts at which a person has to publish what leaves in a
	// period, both ends included, by request. It is for looking.
	ByHand(ctx context.Context, tx *state.Tx, b *brand.Brand, from, until time.Time) (map[string][]string, error)
}

// eve is the last day of work before days off.
type eve struct {
	At     time.Time // when what leaves meanwhile is listed
	Closes time.Time // when people go
	Until  time.Time // when they have settled in again
}

// eveOn is the eve that a day is; ok is false where the brand does not work on that
// day, works on the next one too, or not again within a year. Pure.
func eveOn(b *brand.Brand, day time.Time) (e eve, ok bool) {
	day = noon(day.In(b.Zone), 0)
	until, ok := resumes(b, noon(day, 1))
	open := b.At(nil)[0].Openings(day)
	if !ok || len(open) == 0 {
		return e, false
	}
	e = eve{At: listed.On(day), Closes: open[len(open)-1][1], Until: until}
	if e.Closes.Before(lateEnd.On(day)) {
		e.At = earlier(e.Closes, b.Handover.On(day)).Add(-beforeHandover)
	}
	if e.At.Before(open[0][0]) {
		e.At = open[0][0]
	}
	return e, true
}

// resumes is when people have settled in again after the days off that a day is one
// of; ok is false where it is none, or where they do not work again within a year.
// Pure.
func resumes(b *brand.Brand, off time.Time) (until time.Time, ok bool) {
	for ahead := range 366 {
		if day := noon(off.In(b.Zone), ahead); b.At(nil)[0].Works(day) {
			return settled.On(day), ahead > 0
		}
	}
	return time.Time{}, false
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// eveBefore is the eve of the days off that end at a time. Pure.
func eveBefore(b *brand.Brand, until time.Time) (e eve, ok bool) {
	for back := 1; back <= 366; back++ {
		if day := noon(until.In(b.Zone), -back); b.At(nil)[0].Works(day) {
			return eveOn(b, day)
		}
	}
	return e, false
}

// noon is midday of a day near t: no change of clocks moves it to another day.
func noon(t time.Time, days int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, 12, 0, 0, 0, t.Location())
}

// nextEve is the first list after a time; ok is false where none comes within a year.
// Pure.
func nextEve(b *brand.Brand, after time.Time) (at time.Time, ok bool) {
	for day := range 366 {
		if e, ok := eveOn(b, noon(after.In(b.Zone), day)); ok && e.At.After(after) {
			return e.At, true
		}
	}
	return time.Time{}, false
}

// Eve says whether the list before days off may come on a day.
func Eve(b *brand.Brand, day time.Time) bool {
	_, ok := eveOn(b, day)
	return ok
}

// Arm sets the next list of every brand. It is done at every start.
func (e *Engine) Arm(tx *state.Tx) {
	for _, b := range e.Space.Now().Brands {
		e.Open(tx, b)
	}
}

// Open sets the next list of a brand.
func (e *Engine) Open(tx *state.Tx, b *brand.Brand) {
	if at, ok := nextEve(b, tx.Now()); ok {
		key := EveTopic + ":" + b.ID
		tx.Later(work.Due{Key: key, At: at, Item: work.Item{Conversation: key, Topic: "due:" + EveTopic, Data: []byte(b.ID)}})
	}
}

// EveDue lists what leaves over the days off and still needs somebody, to those who
// have to see to it and are there; where nothing does, nobody hears of it.
func (e *Engine) EveDue(ctx context.Context, tx *state.Tx, item work.Item) error {
	b := e.Space.Now().Brand(string(item.Data))
	if b == nil {
		return nil
	}
	e.Open(tx, b)
	now := tx.Now()
	today, ok := eveOn(b, now)
	if !ok || now.Before(today.At) { // the hours changed, or it comes days late
		return nil
	}
	posts, err := e.leaving(ctx, tx, b, now, today.Until)
	if err != nil || len(posts) == 0 {
		return err
	}
	var hangs []board.Hang
	for _, post := range posts {
		for _, m := range e.seers(b, post, now, today.Closes) {
			taken := func(h board.Hang) bool { return h.Member == m.ID }
			if places := m.Direct(); len(places) > 0 && !slices.ContainsFunc(hangs, taken) {
				hangs = append(hangs, board.Hang{Place: places[0], Member: m.ID, Lang: b.LangOf(m), Class: outbox.Digest, Notifies: true})
			}
		}
	}
	if len(hangs) == 0 {
		return nil
	}
	_, err = board.Show(ctx, tx, board.Card{View: EveView, Subject: eveSubject(b, today.Until), Brand: b.ID}, e.NewToken, hangs...)
	return err
}

func eveSubject(b *brand.Brand, until time.Time) string {
	return b.ID + "/" + until.In(b.Zone).Format(time.DateOnly)
}

// pending is a post that leaves over days off and still needs somebody.
type pending struct {
	approvals.Request
	// ByHand are the accounts where a person publishes it.
	ByHand []string
}

// leaving lists what leaves in a period and still needs an approval or a person by
// hand, the first one first.
func (e *Engine) leaving(ctx context.Context, tx *state.Tx, b *brand.Brand, from, until time.Time) ([]pending, error) {
	open, _, err := e.openOf(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	open = slices.DeleteFunc(open, func(r approvals.Request) bool { return r.At.Before(from) || r.At.After(until) })
	hands, err := e.Hands.ByHand(ctx, tx, b, from, until)
	if err != nil {
		return nil, err
	}
	var posts []pending
	for _, r := range open {
		posts = append(posts, pending{r, hands[r.ID]})
		delete(hands, r.ID)
	}
	var rest []string
	for id := range hands {
		rest = append(rest, id)
	}
	slices.Sort(rest)
	agreed, err := approvals.Table.Peek(ctx, tx, rest...)
	for _, r := range agreed {
		posts = append(posts, pending{r, hands[r.ID]})
	}
	slices.SortStableFunc(posts, func(x, y pending) int { return x.At.Compare(y.At) })
	return posts, err
}

// seers are those who have to see to a post and are there on its eve: who decides about
// it; of what is agreed, or where none of them is there, whoever proposed it, and else
// the first who may approve.
func (e *Engine) seers(b *brand.Brand, post pending, now, closes time.Time) []*brand.Member {
	if there := e.deciders(b, post.Request, now, closes); len(there) > 0 {
		return there
	}
	for _, id := range append([]string{post.Author}, post.Policy.Approvers...) {
		if m := e.there(b, id, now, closes); m != nil {
			return []*brand.Member{m}
		}
	}
	return nil
}

// deciders are those who may still decide about a request and are there until people
// go, in the order in which they are asked, as many as are needed.
func (e *Engine) deciders(b *brand.Brand, r approvals.Request, now, closes time.Time) (there []*brand.Member) {
	if r.Stage != approvals.Open {
		return nil
	}
	order, needed := askable(b, r)
	for _, id := range order {
		if m := e.there(b, id, now, closes); m != nil && len(there) < needed {
			there = append(there, m)
		}
	}
	return there
}

// there is the member, if they work between now and when people go.
func (e *Engine) there(b *brand.Brand, id string, now, closes time.Time) *brand.Member {
	m := e.Space.Now().Member(id)
	if m == nil {
		return nil
	}
	if next, ok := b.At(m).Next(now); !ok || !next.Before(closes) {
		return nil
	}
	return m
}

// relisted brings the list of days off to its newest state, from its eve until people
// have settled in again.
func (e *Engine) relisted(ctx context.Context, tx *state.Tx, brandID string) error {
	b := e.Space.Now().Brand(brandID)
	if b == nil {
		return nil
	}
	for _, days := range []int{1, 0, -1} { // tomorrow is the first day off, today is one, or yesterday was the last
		until, ok := resumes(b, noon(tx.Now().In(b.Zone), days))
		if ok && tx.Now().Before(until) {
			return board.Refresh(ctx, tx, EveView, eveSubject(b, until))
		}
	}
	return nil
}
