package calendar

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"crieur/approvals"
	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/hours"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/team"
)

// What can be wrong with a duty. Nothing changes then.
var (
	ErrAway = errors.New("cannot be on duty then")
	ErrNo   = errors.New("they said no")
)

// Answer is what somebody said to a duty.
type Answer string

const (
	Pending Answer = "pending"
	Agreed  Answer = "agreed"
	Refused Answer = "refused"
	// Lapsed is what nobody said: the post no longer leaves then.
	Lapsed Answer = "lapsed"
)

// Duty is a stretch outside working hours in which somebody is there for a brand
// after all, because they said so themselves: until they agree it is a question.
type Duty struct {
	ID      string    `json:"id"`
	Brand   string    `json:"brand"`
	Member  string    `json:"member"`
	By      string    `json:"by"` // who asked
	Request string    `json:"request"`
	Title   string    `json:"title"`
	From    time.Time `json:"from"` // when the post leaves
	Until   time.Time `json:"until"`
	Answer  Answer    `json:"answer"`
	// Asked is when somebody asked for it.
	Asked time.Time `json:"asked,omitzero"`
}

// notice is how many days ahead people know when they are on duty; later, nobody
// owes it (R3121-2 and L3121-12 of the French labour code).
const notice = 15

// short says that a duty that begins at a time is asked for later than that.
func short(asked, from time.Time) bool { return from.Before(asked.AddDate(0, 0, notice)) }

var duties = state.Table[Duty]{Kind: "duty", Schema: 1, Keep: state.KeepWork}

func dutyIndex(brand string) string  { return "duties:" + brand }
func dutiesOf(request string) string { return "duties:of:" + request }

// DutyView is the card of a duty: with whom it is for, and with who asked.
const DutyView = "duty"

// lengths are how long a duty may be; the middle one is proposed.
var lengths = [...]time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour}

// stands says that the duty is agreed and that time is part of it.
func (d Duty) stands(at time.Time) bool {
	return d.Answer == Agreed && !at.Before(d.From) && at.Before(d.Until)
}

// needed says that its post still leaves while the duty lasts; pure.
func (d Duty) needed(r approvals.Request) bool {
	leaves := func(part content.Part) bool { return r.Allows(part, r.At) }
	missed := r.Stage == approvals.Expired && !slices.ContainsFunc(r.Parts, leaves)
	return !missed && r.Stage != approvals.Withdrawn && r.Stage != approvals.Declined && !r.At.Before(d.From) && r.At.Before(d.Until)
}

// presence is who is there for a brand: whoever answers and works, or is on
// duty.
type presence struct {
	space  *brand.Space
	brand  *brand.Brand
	duties []Duty // those of the time that is asked about
}

// at says whether somebody is there. Leave wins over what they agreed to.
func (p presence) at(at time.Time) bool {
	return slices.ContainsFunc(p.space.With(brand.Responder), func(m *brand.Member) bool { return p.brand.At(m).Open(at) }) ||
		slices.ContainsFunc(p.duties, func(d Duty) bool { return d.stands(at) && !p.brand.Away(p.space.Member(d.Member), at) })
}

// before returns the last half hour of the same day before a time at which
// somebody is there, if one is still to come.
func (p presence) before(at, now time.Time) (time.Time, bool) {
	local := at.In(p.brand.Zone)
	for clock := hours.Clock((local.Hour()*60 + local.Minute() - 1) / step * step); clock >= 0; clock -= step {
		if earlier := clock.On(local); earlier.Before(at) && earlier.After(now.Add(UndoFor)) && p.at(earlier) {
			return earlier, true
		}
	}
	return time.Time{}, false
}

// of are the duties planned for a post when it leaves at that time.
func (p presence) of(request string, at time.Time) []Duty {
	return slices.DeleteFunc(slices.Clone(p.duties), func(d Duty) bool {
		return d.Request != request || !d.From.Equal(at) || d.Answer == Lapsed
	})
}

// presence reads who is there for a brand between two times, on the day before
// the first too. It is for looking: nothing may be decided by it.
func (e *Engine) presence(ctx context.Context, tx *state.Tx, space *brand.Space, b *brand.Brand, from, until time.Time) (presence, error) {
	members, err := tx.List(ctx, state.Range{Index: dutyIndex(b.ID), From: from.AddDate(0, 0, -1).UnixMilli(), To: until.UnixMilli()})
	if err != nil {
		return presence{}, err
	}
	known, err := duties.Peek(ctx, tx, state.IDs(members)...)
	return presence{space, b, known}, err
}

// OnDuty lists the members who agreed to be there for a brand now, each once.
func (e *Engine) OnDuty(ctx context.Context, tx *state.Tx, b *brand.Brand) ([]string, error) {
	here, err := e.presence(ctx, tx, e.Space.Now(), b, tx.Now(), tx.Now())
	var there []string
	for _, d := range here.duties {
		if d.stands(tx.Now()) && !b.Away(here.space.Member(d.Member), tx.Now()) && !slices.Contains(there, d.Member) {
			there = append(there, d.Member)
		}
	}
	return there, err
}

// able says whether a member can be asked to be there at a time: they answer for
// the brand, can be reached, are not on leave, and are at work once more before
// it to read the question.
func (a Asker) able(m *brand.Member, at, now time.Time) bool {
	if m == nil || !m.Can(brand.Responder) || a.Brand.Away(m, at) {
		return false
	}
	if m.ID == a.Member.ID {
		return true
	}
	reads, ok := a.Brand.At(m).Next(now)
	return ok && reads.Before(at) && len(m.Direct()) > 0
}

// PlanDuty asks a member to be there for so long from when a post leaves; who asks
// themselves has agreed. Who said no is not asked again.
func (e *Engine) PlanDuty(ctx context.Context, tx *state.Tx, a Asker, request string, at time.Time, member string, long time.Duration) (Duty, error) {
	r, err := e.request(ctx, tx, request)
	if err != nil {
		return Duty{}, err
	}
	all, err := e.Of(ctx, tx, request)
	switch {
	case err != nil:
		return Duty{}, err
	case !free(r, all):
		return Duty{}, ErrNotNow
	case !a.may(r) && member != a.Member.ID:
		return Duty{}, ErrNotYours
	case !at.After(tx.Now()):
		return Duty{}, ErrPast
	case !a.able(a.Space.Member(member), at, tx.Now()) || !slices.Contains(lengths[:], long):
		return Duty{}, ErrAway
	}
	d, id, err := e.planned(ctx, tx, r.ID, at, member)
	switch {
	case err != nil:
		return d, err
	case member != a.Member.ID && d.Answer == Refused:
		return d, ErrNo
	case member != a.Member.ID && d.Answer != "":
		return d, nil // asked already, or agreed
	}
	d = Duty{ID: id, Brand: r.Brand, Member: member, By: a.Member.ID, Request: r.ID, Title: r.Title,
		From: at, Until: at.Add(long), Answer: Pending, Asked: tx.Now()}
	if member == a.Member.ID {
		d.Answer = Agreed
	}
	return d, e.keepDuty(ctx, tx, a.Brand, d)
}

// planned reads the duty of a member for a post at a time, and says by which ID
// it goes. One that lapsed is over: another one may follow.
func (e *Engine) planned(ctx context.Context, tx *state.Tx, request string, at time.Time, member string) (d Duty, id string, err error) {
	for turn := 1; ; turn++ {
		id = fmt.Sprintf("%s/%d/%d/%s", request, at.Unix(), turn, member)
		d, found, err := duties.Get(ctx, tx, id)
		if err != nil || !found || d.Answer != Lapsed {
			return d, id, err
		}
	}
}

// SayDuty records what the member says to a duty, and what they say later: no
// one is held to a yes.
func (e *Engine) SayDuty(ctx context.Context, tx *state.Tx, a Asker, id string, answer Answer) (Duty, error) {
	d, found, err := duties.Get(ctx, tx, id)
	switch {
	case err != nil:
		return d, err
	case !found:
		return d, ErrUnknown
	case d.Member != a.Member.ID:
		return d, ErrNotYours
	case !tx.Now().Before(d.Until) || d.Answer == Lapsed:
		return d, ErrPast
	case answer == Agreed && a.Brand.Away(a.Member, d.From):
		return d, ErrAway
	case d.Answer == answer:
		return d, board.Refresh(ctx, tx, DutyView, id)
	}
	d.Answer = answer
	return d, e.keepDuty(ctx, tx, a.Brand, d)
}

// keepDuty keeps a duty and brings every card to it on which the post, or
// another one of that time, says whether somebody is there.
func (e *Engine) keepDuty(ctx context.Context, tx *state.Tx, b *brand.Brand, d Duty) error {
	tx.Log(audit.Entry{Who: d.Member, What: "duty." + string(d.Answer), Brand: d.Brand, Subject: "request/" + d.Request,
		Detail: map[string]string{"from": d.From.UTC().Format(time.RFC3339), "until": d.Until.UTC().Format(time.RFC3339)}})
	if err := duties.Put(tx, d.ID, d, state.Mark{Index: dutyIndex(d.Brand), Member: d.ID, Score: d.From.UnixMilli()},
		state.Mark{Index: dutiesOf(d.Request), Member: d.ID, Score: d.From.UnixMilli()}); err != nil {
		return err
	}
	if err := board.Refresh(ctx, tx, DutyView, d.ID); err != nil {
		return err
	}
	during, err := e.OnPlan(ctx, tx, b.ID, d.From, d.Until)
	if err != nil {
		return err
	}
	shown := []string{d.Request}
	for _, p := range during {
		if !slices.Contains(shown, p.Request) {
			shown = append(shown, p.Request)
		}
	}
	for _, request := range shown {
		if err := e.Card.Refresh(ctx, tx, request); err != nil {
			return err
		}
	}
	return nil
}

// Away takes back what a member said for the days of a leave: everybody who
// counts on it sees that on the cards.
func (e *Engine) Away(ctx context.Context, tx *state.Tx, m *brand.Member, leave team.Leave) error {
	days := leave.Days()
	if len(days) == 0 {
		return nil
	}
	for _, b := range e.Space.Now().Brands {
		zone := b.At(m)[1].Zone
		first, last := days[0], days[len(days)-1]
		here, err := e.presence(ctx, tx, e.Space.Now(), b, time.Date(first.Year, first.Month, first.Day, 0, 0, 0, 0, zone),
			time.Date(last.Year, last.Month, last.Day+1, 0, 0, 0, 0, zone))
		if err != nil {
			return err
		}
		for _, d := range here.duties {
			if d.Member != m.ID || !days.Has(d.From.In(zone)) {
				continue
			}
			d, found, err := duties.Get(ctx, tx, d.ID)
			if err != nil {
				return err
			}
			if !found || d.Answer != Agreed || !tx.Now().Before(d.Until) {
				continue
			}
			d.Answer = Refused
			if err := e.keepDuty(ctx, tx, b, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// release ends the duties of a request whose post no longer leaves then: nobody
// stays up for nothing.
func (e *Engine) release(ctx context.Context, tx *state.Tx, r approvals.Request) error {
	members, err := tx.List(ctx, state.Range{Index: dutiesOf(r.ID), From: tx.Now().Add(-lengths[len(lengths)-1]).UnixMilli(), To: 1 << 53})
	if err != nil || len(members) == 0 {
		return err
	}
	planned, err := duties.GetAll(ctx, tx, state.IDs(members)...)
	if err != nil {
		return err
	}
	for _, d := range planned {
		if d.needed(r) || d.Answer != Pending && d.Answer != Agreed {
			continue
		}
		told := d.Answer == Agreed && d.By != d.Member
		d.Answer = Lapsed
		if err := e.keepDuty(ctx, tx, e.Space.Now().Brand(d.Brand), d); err != nil {
			return err
		}
		if told {
			if err := tell(ctx, tx, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell puts a duty's card up anew for whom it is for, who counts on it: an edit
// would not be seen.
func tell(ctx context.Context, tx *state.Tx, d Duty) error {
	card, _, err := board.Get(ctx, tx, board.ID(DutyView, d.ID))
	if err != nil {
		return err
	}
	var hangs []board.Hang
	for _, copied := range card.Copies {
		if copied.Member == d.Member && copied.Turn == 0 {
			hangs = append(hangs, board.Hang{Place: copied.Place, Member: d.Member, Lang: copied.Lang, Class: outbox.Digest, Notifies: true})
		}
	}
	if len(hangs) == 0 {
		return nil
	}
	_, err = board.Show(ctx, tx, card, nil, hangs...)
	return err
}
