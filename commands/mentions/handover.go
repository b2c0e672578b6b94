package mentions

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// What can be wrong with handing a conversation over. Nothing changes then.
var (
	ErrNobodys = errors.New("nobody has it")
	ErrHeir    = errors.New("they do not answer here")
	ErrLooked  = errors.New("its reply waits for a second look")
	ErrPressed = errors.New("what is critical goes to somebody")
)

// HandedView is the card of who was handed a conversation: "<member>/<conversation>".
const HandedView = "handed"

// longestNote bounds the word to who goes on.
const longestNote = 300

// Handed is how a conversation came to its owner.
type Handed struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Note string    `json:"note,omitempty"` // a colleague's word
}

// HandOver gives a member's conversation to somebody else, who is told, or back to
// whoever is there when to is empty. Its promise goes on either way: its new owner is
// reminded of it, and without one its end still comes to the manager.
func (e *Engine) HandOver(ctx context.Context, tx *state.Tx, id, member, to, note string) (Case, error) {
	c, err := e.get(ctx, tx, id)
	if err != nil {
		return c, err
	}
	b := e.Space.Now().Brand(c.Brand)
	if b == nil {
		return c, ErrUnknown
	}
	reply, err := e.passable(ctx, tx, c, member)
	if err != nil {
		return c, err
	}
	if to == "" && c.Urgency == Urgent { // nobody would be called to it any more
		return c, ErrPressed
	}
	heirs := e.heirs(b, member, tx.Now())
	at := slices.IndexFunc(heirs, func(m *brand.Member) bool { return m.ID == to })
	if to != "" && at < 0 {
		return c, ErrHeir
	}
	if reply.Status == toPost { // it goes on with its words, no longer in this round
		if err := e.settleRound(ctx, tx, reply, func(*Round) {}); err != nil {
			return c, err
		}
	}
	if to == "" {
		return e.release(ctx, tx, c, member)
	}
	return e.entrust(ctx, tx, b, c, member, heirs[at], note)
}

// passable says why a member cannot hand a conversation over, if they cannot, and
// gives the reply to it that has not left, if there is one.
func (e *Engine) passable(ctx context.Context, tx *state.Tx, c Case, member string) (Reply, error) {
	switch {
	case c.Stage == Done:
		return Reply{}, ErrDone
	case c.Owner == "":
		return Reply{}, ErrNobodys
	case c.Owner != member:
		return Reply{}, ErrTaken
	case c.Reply == "":
		return Reply{}, nil
	}
	reply, _, err := replies.Get(ctx, tx, c.Reply)
	if err == nil && reply.Status == asked {
		err = ErrLooked
	}
	return reply, err
}

// heirs are to whom a member can hand a conversation: those who answer, can be written
// to and come back to work, the first one there first.
func (e *Engine) heirs(b *brand.Brand, owner string, now time.Time) []*brand.Member {
	back := func(m *brand.Member) time.Time { at, _ := b.At(m).Next(now); return at }
	heirs := slices.DeleteFunc(e.Space.Now().With(brand.Responder), func(m *brand.Member) bool {
		return m.ID == owner || len(m.Direct()) == 0 || back(m).IsZero()
	})
	slices.SortStableFunc(heirs, func(one, two *brand.Member) int { return back(one).Compare(back(two)) })
	return heirs
}

// rung are those whom a message about a conversation reaches whatever the hour: who is
// on call, for what is critical.
func (e *Engine) rung(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case) ([]*brand.Member, error) {
	if c.Urgency != Urgent {
		return nil, nil
	}
	return e.bell().Rota(ctx, tx, b)
}

// sees is when a member sees what they are handed: at once if they are rung, else when
// they are at work; pure.
func sees(b *brand.Brand, m *brand.Member, rung []*brand.Member, now time.Time) time.Time {
	if slices.Contains(rung, m) {
		return now
	}
	at, _ := b.At(m).Next(now)
	return at
}

// release leaves a conversation to whoever is there.
func (e *Engine) release(ctx context.Context, tx *state.Tx, c Case, member string) (Case, error) {
	c.Stage, c.Owner, c.TakenAt = Waiting, "", time.Time{}
	if c.Due.After(tx.Now()) { // nobody is reminded; who hears of its end still does
		tx.Later(promiseDue(c, c.Due))
	}
	return c, e.putCase(ctx, tx, c, "case.released", member)
}

// entrust makes a member the owner of a conversation, and tells them.
func (e *Engine) entrust(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, member string, heir *brand.Member, note string) (Case, error) {
	c.Stage, c.Owner, c.TakenAt = Taken, heir.ID, tx.Now()
	c.Handed = Handed{By: member, At: tx.Now(), Note: strings.TrimSpace(note)}
	remember(tx, c)
	id := heir.ID + "/" + c.ID
	if listed := HandedView + ":" + id; !slices.Contains(c.Reminders, listed) {
		c.Reminders = append(slices.Clone(c.Reminders), listed)
	}
	tx.Log(audit.Entry{Who: member, What: "case.handed", Brand: c.Brand, Subject: "case/" + c.ID, Detail: map[string]string{"to": heir.ID}})
	if err := cases.Put(tx, c.ID, c, caseMarks(c)...); err != nil {
		return c, err
	}
	rung, err := e.rung(ctx, tx, b, c)
	if err != nil {
		return c, err
	}
	if _, _, err := reminders.Get(ctx, tx, id); err != nil {
		return c, err
	}
	if err := reminders.Put(tx, id, Reminder{Cases: []string{c.ID}}); err != nil {
		return c, err
	}
	if _, err := board.Show(ctx, tx, board.Card{View: HandedView, Subject: id, Brand: b.ID}, e.NewToken, board.Hang{
		Place: heir.Direct()[0], Member: heir.ID, Lang: b.LangOf(heir), Class: outbox.Alert, Notifies: true,
		Critical: slices.Contains(rung, heir)}); err != nil {
		return c, err
	}
	return c, e.refresh(ctx, tx, c)
}

// reminded says whether the owner of a conversation was reminded of its promise: who
// had it before them does not count, nor does the promise before a holding reply.
func (c Case) reminded() bool {
	return slices.ContainsFunc(c.Reminders[min(len(c.Reminders), c.Holding.Named):], func(listed string) bool {
		return strings.HasPrefix(listed, ReminderView+":"+c.Owner+"/")
	})
}
