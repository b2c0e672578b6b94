package mentions

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/state"
)

// What can be wrong with a holding reply. Nothing changes then.
var (
	ErrOnWay = errors.New("a reply is on its way")
	ErrSame  = errors.New("the same words left already")
	ErrHour  = errors.New("no time to come back at")
)

// hourGone is why a holding reply did not leave that names an hour which has passed.
const hourGone = "mentions.hourgone"

// Holding is the last holding reply that somebody got: they know that the answer is
// looked for, and by when it comes.
type Holding struct {
	Reply string    `json:"reply"`
	At    time.Time `json:"at"` // when it left
	// Heard is how many messages the reply answered that moved the promise: it moves
	// again once there are more.
	Heard int `json:"heard,omitempty"`
	// Named is how many of the reminders are of the promise before.
	Named int `json:"named,omitempty"`
	// Broken says that a promise had ended before its holding reply left: the answer
	// is late, whenever it comes.
	Broken bool `json:"broken,omitempty"`
}

// Wait is what a holding reply asks to wait for.
type Wait struct {
	Until time.Time `json:"until,omitzero"` // what it promises; zero: no hour
	// Moves says that the promise moves to that time once the reply left.
	Moves bool `json:"moves,omitempty"`
	Heard int  `json:"heard"` // how many messages there were
	// Before is how the promise stood when it left.
	Before *Before `json:"before,omitempty"`
}

// Before is a promise as it was before a holding reply.
type Before struct {
	Due     time.Time `json:"due"`
	Late    bool      `json:"late,omitempty"`
	Holding Holding   `json:"holding,omitzero"`
}

// over says that what the reply promises has passed.
func (w *Wait) over(now time.Time) bool {
	return w != nil && !w.Until.IsZero() && !w.Until.After(now)
}

// AskToWait sends a holding reply, as Answer sends an answer: its conversation stays
// open with its owner, and its promise moves to until when the reply has left; once,
// until the person writes again.
func (e *Engine) AskToWait(ctx context.Context, tx *state.Tx, id, member, text string, until time.Time) (Reply, error) {
	c, err := e.get(ctx, tx, id)
	if err == nil {
		err = e.holdable(ctx, tx, c, member, text)
	}
	if err != nil {
		return Reply{}, err
	}
	b := e.Space.Now().Brand(c.Brand)
	wait := Wait{Until: until, Moves: c.movable() && !until.IsZero(), Heard: c.Count}
	switch {
	case wait.Moves && !offered(b, c.Due, until, tx.Now()):
		return Reply{}, ErrHour
	case !wait.Moves:
		wait.Until = c.named(tx.Now())
	}
	r, err := write(tx, b, c, member, text)
	if err != nil {
		return Reply{}, err
	}
	r.Wait = &wait
	if leaves, err := e.begin(ctx, tx, b, c, &r); err != nil || !leaves {
		return r, err
	}
	if c.Owner != member { // nobody had it
		c.Owner, c.TakenAt, c.Handed = member, tx.Now(), Handed{}
		remember(tx, c)
	}
	c.Stage, c.Reply = Taken, r.ID
	return r, e.putCase(ctx, tx, c, "reply.holds", member)
}

// holdable says why a member cannot ask somebody to wait in these words, if they cannot.
func (e *Engine) holdable(ctx context.Context, tx *state.Tx, c Case, member, text string) error {
	switch {
	case c.Stage == Done:
		return ErrDone
	case c.Stage == Taken && c.Owner != member: // they say when they come back
		return ErrTaken
	}
	last, found, err := underWay(ctx, tx, c)
	switch {
	case err != nil || !found:
		return err
	case last.onWay():
		return ErrOnWay
	case last.Wait != nil && last.there() && last.Wait.Heard == c.Count && last.Part.Posts[0] == strings.TrimSpace(text):
		return ErrSame
	}
	return nil
}

// onWay says that a reply may leave, or have left, without anybody doing more.
func (r Reply) onWay() bool {
	return slices.Contains([]string{asked, "planned", "claimed", "unknown"}, r.Status)
}

// there says that a reply was seen to have left.
func (r Reply) there() bool { return r.Status == "sent" || r.Status == posted }

// movable says that a holding reply would move the promise.
func (c Case) movable() bool { return c.Holding.Heard < c.Count }

// named is the hour that a holding reply can name which moves nothing; zero: none.
func (c Case) named(now time.Time) time.Time {
	if c.Due.After(now.Add(UndoFor)) {
		return c.Due
	}
	return time.Time{}
}

// comebacks are the times by which a brand can say that it comes back to somebody, the
// earliest first: its promise again from now, the end of this working day, and the same
// of the next one. None is before the promise that runs; pure.
func comebacks(b *brand.Brand, due, now time.Time) (all []time.Time) {
	open := b.At(nil)
	again := promise(b, now, now).Truncate(time.Minute)
	all = append(all, again)
	for from, more := now, 0; more < 2; more++ {
		start, ok := open.Next(from)
		day, worked := open.Last(start, 0)
		if !ok || !worked {
			break
		}
		if more > 0 {
			all = append(all, promise(b, start, now))
		}
		from = day[len(day)-1][1]
		all = append(all, from)
	}
	slices.SortFunc(all, time.Time.Compare)
	all = slices.CompactFunc(all, time.Time.Equal)
	return slices.DeleteFunc(all, func(t time.Time) bool {
		return !t.After(due) || !t.After(now.Add(UndoFor)) || !t.Equal(again) && !t.After(now.Add(remindBefore))
	})
}

// offered says whether a form may have offered a time to come back, and it still holds;
// pure.
func offered(b *brand.Brand, due, until, now time.Time) bool {
	all := comebacks(b, due, now)
	if len(all) == 0 || !until.After(due) || !until.After(now.Add(UndoFor)) || until.After(all[len(all)-1]) {
		return false
	}
	open, ok := b.At(nil).Next(until.Add(-time.Minute))
	return !ok || open.Before(until)
}

// left records that a holding reply left, and when: its person has been told.
func (e *Engine) left(ctx context.Context, tx *state.Tx, r Reply, at time.Time) (Case, error) {
	c, err := e.get(ctx, tx, r.Case)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return c, err
	}
	b := e.Space.Now().Brand(c.Brand)
	if err != nil || c.Stage == Done || b == nil { // the answer came before it
		if err := replies.Put(tx, r.ID, r, r.served()...); err != nil {
			return c, err
		}
		return c, board.Refresh(ctx, tx, CaseView, c.ID)
	}
	wait := *r.Wait
	wait.Before = &Before{Due: c.Due, Late: c.Late, Holding: c.Holding}
	r.Wait = &wait
	if err := replies.Put(tx, r.ID, r, r.served()...); err != nil {
		return c, err
	}
	c = c.told(b, r, at, tx.Now())
	again(tx, c)
	return c, e.putCase(ctx, tx, c, "case.held", r.By)
}

// told is a conversation whose person got a holding reply: the promise moves to what it
// says, or to what is promised to whoever wrote meanwhile, if that is earlier; pure.
func (c Case) told(b *brand.Brand, r Reply, at, now time.Time) Case {
	if !r.Wait.Moves || c.Holding.Heard >= r.Wait.Heard {
		c.Holding.Reply, c.Holding.At = r.ID, at
		return c
	}
	c.Holding = Holding{Reply: r.ID, At: at, Heard: r.Wait.Heard, Named: len(c.Reminders), Broken: c.Holding.Broken || at.After(c.Due)}
	c.Due = r.Wait.Until
	for _, m := range c.Heard[max(0, len(c.Heard)-(c.Count-r.Wait.Heard)):] {
		c.Due = earlier(c.Due, promise(b, m.At, now))
	}
	c.Late = c.Late && !c.Due.After(now)
	return c
}

// backTo is a conversation whose person did not get a holding reply after all; pure.
func (c Case) backTo(r Reply) Case {
	if before := r.Wait.Before; before != nil && c.Holding.Reply == r.ID {
		c.Due, c.Late, c.Holding = before.Due, before.Late, before.Holding
	}
	return c
}

// again keeps the times of a promise that moved: who hears of its end hears of one that
// has passed at once.
func again(tx *state.Tx, c Case) {
	remember(tx, c)
	if !c.Due.After(tx.Now()) && !c.Late {
		tx.Later(promiseDue(c, tx.Now()))
	}
}

// waitsOn leaves the conversation of a holding reply that did not leave to its owner:
// the promise goes on as it was.
func (e *Engine) waitsOn(ctx context.Context, tx *state.Tx, r Reply, member string) (Case, error) {
	c, err := e.get(ctx, tx, r.Case)
	switch {
	case err != nil:
		return c, err
	case c.Stage == Done: // the answer came before it
		return c, board.Refresh(ctx, tx, CaseView, c.ID)
	}
	if err := e.unsettle(ctx, tx, r); err != nil {
		return c, err
	}
	return c, e.putCase(ctx, tx, c, "case.waitson", member)
}

// concerned is who hears that a reply went wrong: who wrote it, or who has the
// conversation of a holding reply; "" where another reply took its place.
func (e *Engine) concerned(ctx context.Context, tx *state.Tx, r Reply) (string, error) {
	if r.Wait == nil {
		return r.By, nil
	}
	c, err := e.get(ctx, tx, r.Case)
	switch {
	case errors.Is(err, ErrUnknown), err == nil && (c.Stage == Done || c.Reply != r.ID):
		return "", nil
	case c.Owner == "":
		return r.By, err
	}
	return c.Owner, err
}

// kept says whether a conversation that is answered at a time is answered in time: what
// was promised first, and what a holding reply promised then; pure.
func (c Case) kept(at time.Time) bool { return !at.After(c.Due) && !c.Holding.Broken }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
