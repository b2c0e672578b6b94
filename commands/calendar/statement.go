package calendar

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// StatementTopic is that of the due times of statements.
	StatementTopic = "statement"
	// StatementView is the card of a statement: "<brand>/<month>/<member>" is a
	// member's own, "<brand>/<month>" the whole team's.
	StatementView = "statement"
	// rest is how long people rest in one go between two days of work (L3131-1 of
	// the French labour code).
	rest = 11 * time.Hour
	// monthly is how a month is written in the subject of a statement.
	monthly = "2006-01"
)

// Calls knows the calls that members answered for a brand.
type Calls interface {
	Answered(ctx context.Context, tx *state.Tx, brand string, from, until time.Time) ([]Call, error)
}

// Call is a call that a member saw, until it was over; zero where it is not.
type Call struct {
	Member    string
	At, Until time.Time
}

// Statement is what a member did for a brand outside working hours in a month.
type Statement struct {
	Member string
	Duties []Duty // that they kept, the earliest first
	Calls  []Call // that they answered, the earliest first
	// Days are those on which they were the first on call, for OnCall in all.
	Days   int
	OnCall time.Duration
	// Cut is how often their rest was too short afterwards, Due what lacked.
	Cut int
	Due time.Duration
}

// OnDuty is how long their duties were.
func (s Statement) OnDuty() (long time.Duration) {
	for _, d := range s.Duties {
		long += d.Until.Sub(d.From)
	}
	return long
}

// Answering is how long their calls were, as far as that is known.
func (s Statement) Answering() (long time.Duration) {
	for _, c := range s.Calls {
		long += c.end().Sub(c.At)
	}
	return long
}

func (c Call) end() time.Time { return later(c.At, c.Until) }

// rests sets how far the rest after each duty and call was too short, once for
// each return to work.
func (s *Statement) rests(m *brand.Member, b *brand.Brand) {
	var ends []time.Time
	for _, d := range s.Duties {
		ends = append(ends, d.Until)
	}
	for _, c := range s.Calls {
		ends = append(ends, c.end())
	}
	lacks := map[time.Time]time.Duration{} // by the return to work
	for _, end := range ends {
		if back, ok := b.At(m).Next(end); ok {
			lacks[back] = max(lacks[back], rest-back.Sub(end))
		}
	}
	for _, lack := range lacks {
		if lack > 0 {
			s.Cut, s.Due = s.Cut+1, s.Due+lack
		}
	}
}

// statements are those of a month, which begins at from, in the order of the
// team; pure. Who is on call follows from the rota and the leaves as they are now.
func statements(space *brand.Space, b *brand.Brand, from time.Time, kept []Duty, calls []Call) []Statement {
	of := map[string]*Statement{}
	by := func(member string) *Statement {
		if of[member] == nil {
			of[member] = &Statement{Member: member}
		}
		return of[member]
	}
	until := from.AddDate(0, 1, 0)
	for _, d := range kept {
		if d.Answer == Agreed && !d.From.Before(from) && d.From.Before(until) && !b.Away(space.Member(d.Member), d.From) {
			by(d.Member).Duties = append(by(d.Member).Duties, d)
		}
	}
	for _, c := range calls {
		if m := space.Member(c.Member); m != nil && !b.At(m).Open(c.At) {
			by(c.Member).Calls = append(by(c.Member).Calls, c)
		}
	}
	for day := from; day.Before(until); day = day.AddDate(0, 0, 1) {
		if rota := space.Rota(b, day.Add(12*time.Hour)); len(rota) > 0 {
			next := day.AddDate(0, 0, 1)
			by(rota[0].ID).Days++
			by(rota[0].ID).OnCall += next.Sub(day) - b.At(nil).Between(day, next)
		}
	}
	var all []Statement
	for _, m := range space.Members {
		if s := of[m.ID]; s != nil {
			s.rests(m, b)
			slices.SortFunc(s.Duties, func(a, b Duty) int { return a.From.Compare(b.From) })
			all = append(all, *s)
		}
	}
	return all
}

// Statements are those of the month of a brand in which a time is.
func (e *Engine) Statements(ctx context.Context, tx *state.Tx, space *brand.Space, b *brand.Brand, month time.Time) ([]Statement, error) {
	month = month.In(b.Zone)
	from := time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, b.Zone)
	until := from.AddDate(0, 1, 0)
	here, err := e.presence(ctx, tx, space, b, from, until)
	if err != nil {
		return nil, err
	}
	calls, err := e.Calls.Answered(ctx, tx, b.ID, from, until)
	if err != nil {
		return nil, err
	}
	return statements(space, b, from, here.duties, calls), nil
}

// Arm sets the next statements of every brand. It is done at every start: the due
// times are the same however often they are set, and those that were missed stay.
func (e *Engine) Arm(tx *state.Tx) {
	for _, b := range e.Space.Now().Brands {
		e.Open(tx, b)
	}
}

// Open sets the next statements of a brand: on the first working day of a month,
// about the month before.
func (e *Engine) Open(tx *state.Tx, b *brand.Brand) {
	for ahead := range 3 {
		now := tx.Now().In(b.Zone)
		first := time.Date(now.Year(), now.Month()+time.Month(ahead), 1, 12, 0, 0, 0, b.Zone)
		for day := first; day.Month() == first.Month(); day = day.AddDate(0, 0, 1) {
			if !b.At(nil)[0].Works(day) {
				continue
			}
			if at := b.Brief.On(day); at.After(now) {
				subject := b.ID + "/" + first.AddDate(0, -1, 0).Format(monthly)
				tx.Later(work.Due{Key: StatementTopic + ":" + subject, At: at,
					Item: work.Item{Conversation: StatementTopic + ":" + b.ID, Topic: "due:" + StatementTopic, Data: []byte(subject)}})
				return
			}
			break
		}
	}
}

// Stated hands a month's statements out: everybody's own to them alone, the
// team's to the admins. Nobody was on call: nothing is said.
func (e *Engine) Stated(ctx context.Context, tx *state.Tx, item work.Item) error {
	space := e.Space.Now()
	subject := string(item.Data)
	b, month, err := statementOf(space, subject)
	if err != nil {
		return nil // a brand that is no more
	}
	e.Open(tx, b)
	all, err := e.Statements(ctx, tx, space, b, month)
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := e.state(ctx, tx, b, subject+"/"+s.Member, space.Member(s.Member)); err != nil {
			return err
		}
	}
	var admins []*brand.Member
	for _, m := range space.With(brand.Admin) {
		own := len(all) == 1 && all[0].Member == m.ID // they have just read it
		if len(all) > 0 && !own {
			admins = append(admins, m)
		}
	}
	return e.state(ctx, tx, b, subject, admins...)
}

// state puts a statement up for each of some members, where they get messages.
func (e *Engine) state(ctx context.Context, tx *state.Tx, b *brand.Brand, subject string, to ...*brand.Member) error {
	var hangs []board.Hang
	for _, m := range to {
		for _, place := range m.Direct() {
			hangs = append(hangs, board.Hang{Place: place, Member: m.ID, Lang: b.LangOf(m), Class: outbox.Digest, Notifies: true})
		}
	}
	if len(hangs) == 0 {
		return nil
	}
	_, err := board.Show(ctx, tx, board.Card{View: StatementView, Subject: subject, Brand: b.ID}, e.NewToken, hangs...)
	return err
}

// statementOf reads the subject of a statement but for the member.
func statementOf(space *brand.Space, subject string) (*brand.Brand, time.Time, error) {
	parts := strings.SplitN(subject, "/", 3)
	b := space.Brand(parts[0])
	if b == nil || len(parts) < 2 {
		return nil, time.Time{}, fmt.Errorf("read statement %s: %w", subject, ErrUnknown)
	}
	month, err := time.ParseInLocation(monthly, parts[1], cmp.Or(b.Zone, time.UTC))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read statement %s: %w", subject, err)
	}
	return b, month, nil
}
