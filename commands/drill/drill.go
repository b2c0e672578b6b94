// Package drill is the monthly exercise of the call at night: everybody who may be
// on call is rung once a month, by day, by every way that would ring them at night,
// and says that it arrived.
//
// That something was sent is not that it was received: only a person says the
// latter. It calls nobody itself (bot/oncall does), and nothing of it is critical:
// an exercise wakes nobody.
package drill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// What can be wrong with an answer. Nothing changes then.
var (
	ErrNotYours = errors.New("somebody else's exercise")
	ErrOver     = errors.New("another exercise followed")
)

const (
	// Topic is that of the due times of exercises, and of the receipts of what they
	// send; MissedTopic that of those that nobody confirmed.
	Topic       = "drill"
	MissedTopic = "drillmissed"
	// View is an exercise with whom it is for: "<brand>/<member>/<Unix time>".
	View = "drill"
	// ReportView is what does not work of a month, with who sees to it:
	// "<brand>/<month>".
	ReportView = "drills"
	// tooLate is when what an exercise sends would come at another hour.
	tooLate = time.Hour
	// monthly is how a month is written in the subject of a report.
	monthly = "2006-01"
)

// Drill is the last exercise of a member for a brand, and when the next one is.
type Drill struct {
	Brand  string `json:"brand"`
	Member string `json:"member"`
	// Next is when the next one is planned, Known are the ways that there were then:
	// with a new one it comes earlier.
	Next  time.Time    `json:"next,omitzero"`
	Known []oncall.Way `json:"known,omitempty"`
	// At is when the last one was, By who asked for it; empty: it was its month.
	At   time.Time `json:"at,omitzero"`
	By   string    `json:"by,omitempty"`
	Ways []Sent    `json:"ways,omitempty"`
	// SeenAt is when they said that it arrived, MissedAt when a working day had passed
	// without that.
	SeenAt   time.Time `json:"seen_at,omitzero"`
	MissedAt time.Time `json:"missed_at,omitzero"`
}

// Sent is what became of an exercise on one way.
type Sent struct {
	Way    oncall.Way        `json:"way"`
	Status outbox.Status     `json:"status"`
	At     time.Time         `json:"at,omitzero"`
	Reason string            `json:"reason,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
}

// broken says that it did not leave, or that nobody knows.
func (s Sent) broken() bool { return s.Status.Final() && s.Status != outbox.Sent }

// told is who was told of what does not work, and when last.
type told struct {
	Brand  string    `json:"brand"`
	Member string    `json:"member"`
	At     time.Time `json:"at"`
}

var (
	drills  = state.Table[Drill]{Kind: "drill", Schema: 1, Keep: state.KeepWork}
	reports = state.Table[told]{Kind: "drilltold", Schema: 1, Keep: 60 * 24 * time.Hour}
)

// ID is that of the exercises of a member for a brand.
func ID(brand, member string) string { return brand + "/" + member }

func (d Drill) id() string      { return ID(d.Brand, d.Member) }
func (d Drill) subject() string { return d.id() + "/" + strconv.FormatInt(d.At.Unix(), 10) }

// parent is a subject, or a conversation, but for its last part.
func parent(subject string) (id, last string) {
	at := strings.LastIndex(subject, "/")
	return subject[:max(at, 0)], subject[at+1:]
}

// Engine decides when there is an exercise, and what becomes of it.
type Engine struct {
	Space    brand.Source
	NewToken func(*state.Tx) string
}

// Arm plans the next exercise of everybody on call. It is done at every start: what
// was planned stays so, whoever is new to it, or has a new way, comes first.
func (e *Engine) Arm(ctx context.Context, tx *state.Tx) error {
	space := e.Space.Now()
	for _, b := range space.Brands {
		for _, id := range b.OnCall {
			m := space.Member(id)
			if m == nil || len(oncall.Ways(b, m)) == 0 {
				continue
			}
			d, _, err := drills.Get(ctx, tx, ID(b.ID, m.ID))
			if err != nil {
				return err
			}
			if err := plan(tx, b, d, d.planned(b, m, tx.Now())); err != nil {
				return err
			}
		}
	}
	return nil
}

// planned is the exercise with when its next one is; pure.
func (d Drill) planned(b *brand.Brand, m *brand.Member, now time.Time) Drill {
	ways := oncall.Ways(b, m)
	isNew := slices.ContainsFunc(ways, func(way oncall.Way) bool { return !slices.Contains(d.Known, way) })
	d.Brand, d.Member, d.Known = b.ID, m.ID, ways
	soon, _ := next(b, m, tomorrow(now.In(b.Zone)))
	switch {
	case isNew && !soon.IsZero() && (d.Next.IsZero() || soon.Before(d.Next)):
		d.Next = soon
	case d.Next.Before(now): // nobody was there to do it
		d.Next, _ = next(b, m, now)
	}
	return d
}

// plan keeps an exercise and sets its due time, if there is one.
func plan(tx *state.Tx, b *brand.Brand, was, d Drill) error {
	if !d.Next.IsZero() {
		tx.Later(work.Due{Key: "drill:" + d.id(), At: d.Next,
			Item: work.Item{Conversation: "drill:" + b.ID, Topic: "due:" + Topic, Data: []byte(d.id())}})
	}
	if was.Next.Equal(d.Next) && slices.Equal(was.Known, d.Known) && was.At.Equal(d.At) {
		return nil
	}
	return drills.Put(tx, d.id(), d)
}

// who reads whose exercises an ID names; nil where they are no more.
func (e *Engine) who(id string) (*brand.Brand, *brand.Member) {
	space := e.Space.Now()
	of, member := parent(id)
	return space.Brand(of), space.Member(member)
}

// Due is the due time of an exercise. It is not done while people do not work: a
// leave may be new.
func (e *Engine) Due(ctx context.Context, tx *state.Tx, item work.Item) error {
	b, m := e.who(string(item.Data))
	if b == nil || m == nil || !slices.Contains(b.OnCall, m.ID) {
		return nil
	}
	d, found, err := drills.Get(ctx, tx, ID(b.ID, m.ID))
	if err != nil || !found || d.Next.IsZero() || tx.Now().Before(d.Next) {
		return err
	}
	was := d
	switch {
	case len(oncall.Ways(b, m)) == 0: // they cannot be rung any more
	case !fits(b, m, tx.Now()):
		d.Next, _ = next(b, m, tx.Now())
		return plan(tx, b, was, d)
	default:
		if d, err = e.ring(ctx, tx, b, m, d, ""); err != nil {
			return err
		}
	}
	d.Next, _ = next(b, m, nextMonth(tx.Now().In(b.Zone)))
	return plan(tx, b, was, d)
}

// ring rings a member by every way, and waits a working day for their answer. The
// exercise is not kept yet.
func (e *Engine) ring(ctx context.Context, tx *state.Tx, b *brand.Brand, m *brand.Member, d Drill, by string) (Drill, error) {
	d = Drill{Brand: b.ID, Member: m.ID, Next: d.Next, Known: oncall.Ways(b, m), At: tx.Now(), By: by}
	for _, way := range d.Known {
		d.Ways = append(d.Ways, Sent{Way: way, Status: outbox.Waiting})
	}
	tx.Log(audit.Entry{Who: by, What: "drill.made", Brand: b.ID, Subject: "drill/" + d.subject()})
	if at, ok := next(b, m, tx.Now().Add(patience)); ok {
		tx.Later(work.Due{Key: missedKey(d), At: at,
			Item: work.Item{Conversation: "drill:" + b.ID, Topic: "due:" + MissedTopic, Data: []byte(d.subject())}})
	}
	page := oncall.Page{Brand: b.ID, Member: m.ID, About: View, Subject: d.subject(), What: "drill.page", At: tx.Now(), Exercise: true}
	if err := oncall.Send(tx, b, m, page, outbox.Effect{NotAfter: tx.Now().Add(tooLate), Topic: Topic, Conversation: d.subject()}); err != nil {
		return d, err
	}
	direct := oncall.Direct(b, m, false)
	if len(direct) == 0 {
		return d, nil
	}
	_, err := board.Show(ctx, tx, board.Card{View: View, Subject: d.subject(), Brand: b.ID}, e.NewToken, direct...)
	return d, err
}

func missedKey(d Drill) string { return "drillmissed:" + d.id() }

// last reads the exercise of a subject; found is false if another one followed.
func last(ctx context.Context, tx *state.Tx, subject string) (d Drill, found bool, err error) {
	id, _ := parent(subject)
	d, found, err = drills.Get(ctx, tx, id)
	return d, found && d.subject() == subject, err
}

// Confirmed says whether somebody said that an exercise arrived; ErrOver says that it
// is no longer the last one.
func (e *Engine) Confirmed(ctx context.Context, tx *state.Tx, subject string) (bool, error) {
	d, found, err := last(ctx, tx, subject)
	if err == nil && !found {
		err = ErrOver
	}
	return !d.SeenAt.IsZero(), err
}

// Receipt notes what became of an exercise on one way. What did not leave is said
// at once to who sees to it.
func (e *Engine) Receipt(ctx context.Context, tx *state.Tx, item work.Item) error {
	var receipt outbox.Receipt
	if err := json.Unmarshal(item.Data, &receipt); err != nil {
		return fmt.Errorf("decode receipt %s: %w", item.ID, err)
	}
	subject, way := parent(item.Conversation)
	d, found, err := last(ctx, tx, subject)
	if err != nil || !found {
		return err
	}
	at := slices.IndexFunc(d.Ways, func(s Sent) bool { return string(s.Way) == way })
	if at < 0 {
		return nil
	}
	d.Ways = slices.Clone(d.Ways)
	d.Ways[at] = Sent{d.Ways[at].Way, receipt.Status, receipt.At, receipt.Reason, receipt.Args}
	return e.changed(ctx, tx, d, d.Ways[at].broken())
}

// Missed is the due time of an exercise that nobody confirmed in a working day: who
// sees to it is told, once.
func (e *Engine) Missed(ctx context.Context, tx *state.Tx, item work.Item) error {
	subject := string(item.Data)
	d, found, err := last(ctx, tx, subject)
	if err != nil || !found || !d.SeenAt.IsZero() || !d.MissedAt.IsZero() {
		return err
	}
	d.MissedAt = tx.Now()
	if d.Ways, err = placed(ctx, tx, d); err != nil {
		return err
	}
	tx.Log(audit.Entry{What: "drill.missed", Brand: d.Brand, Subject: "drill/" + subject})
	return e.changed(ctx, tx, d, true)
}

// placed is what became of an exercise on each way, now that the chat had its time:
// a card that is nowhere did not leave.
func placed(ctx context.Context, tx *state.Tx, d Drill) ([]Sent, error) {
	at := slices.IndexFunc(d.Ways, func(s Sent) bool { return s.Way == oncall.ByChat })
	id := board.ID(View, d.subject())
	card, found, err := board.Get(ctx, tx, id)
	if at < 0 || err != nil || !found {
		return d.Ways, err
	}
	ways := slices.Clone(d.Ways)
	ways[at].Status, ways[at].Reason = outbox.Failed, ""
	for _, copied := range card.Copies {
		_, hangs, err := board.PlaceOf(ctx, tx, id, copied)
		if err != nil {
			return nil, err
		}
		if hangs {
			ways[at].Status, ways[at].At = outbox.Sent, copied.At
		}
	}
	return ways, nil
}

// Seen records that a member got their exercise.
func (e *Engine) Seen(ctx context.Context, tx *state.Tx, subject, member string) error {
	d, found, err := last(ctx, tx, subject)
	switch {
	case err != nil:
		return err
	case !found:
		return ErrOver
	case d.Member != member:
		return ErrNotYours
	case !d.SeenAt.IsZero():
		return board.Refresh(ctx, tx, View, subject)
	}
	d.SeenAt = tx.Now()
	tx.Cancel(missedKey(d))
	tx.Log(audit.Entry{Who: member, What: "drill.seen", Brand: d.Brand, Subject: "drill/" + subject})
	return e.changed(ctx, tx, d, false)
}

// changed keeps an exercise and shows it; trouble says that somebody is to be told.
func (e *Engine) changed(ctx context.Context, tx *state.Tx, d Drill, trouble bool) error {
	if err := drills.Put(tx, d.id(), d); err != nil {
		return err
	}
	if err := board.Refresh(ctx, tx, View, d.subject()); err != nil {
		return err
	}
	b, m := e.who(d.id())
	if b == nil || m == nil {
		return nil
	}
	if trouble {
		return e.report(ctx, tx, b, m, d)
	}
	return board.Refresh(ctx, tx, ReportView, reportOf(b, d))
}

// reportOf is the subject of the report of an exercise: that of its month.
func reportOf(b *brand.Brand, d Drill) string { return b.ID + "/" + d.At.In(b.Zone).Format(monthly) }

// report tells who sees to it that something does not work: one message a day, the
// rest is on the same card.
func (e *Engine) report(ctx context.Context, tx *state.Tx, b *brand.Brand, about *brand.Member, d Drill) error {
	subject := reportOf(b, d)
	m := Keeper(e.Space.Now(), b, about.ID, tx.Now())
	direct := oncall.Direct(b, m, false)
	id := subject + "/" + m.ID
	before, found, err := reports.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if len(direct) == 0 || found && before.At.In(b.Zone).Format(time.DateOnly) == tx.Now().In(b.Zone).Format(time.DateOnly) {
		return board.Refresh(ctx, tx, ReportView, subject)
	}
	if err := reports.Put(tx, id, told{b.ID, m.ID, tx.Now()}); err != nil {
		return err
	}
	_, err = board.Show(ctx, tx, board.Card{View: ReportView, Subject: subject, Brand: b.ID}, e.NewToken, direct...)
	return err
}

// Keeper is who sees to it that a member can be called: the first of those who are
// asked to approve, who approve, or who set things up, that is there and somebody
// else; where there is nobody else, they are themselves.
func Keeper(space *brand.Space, b *brand.Brand, member string, now time.Time) *brand.Member {
	ids := slices.Clone(b.Policy.Ask)
	for _, role := range []brand.Role{brand.Approver, brand.Admin} {
		for _, m := range space.With(role) {
			ids = append(ids, m.ID)
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == member })
	return space.First(b, now, append(ids, member))
}
