package mentions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// ReminderView is card F: promises of one person that end soon. LateView is
	// what their manager gets: promises that ended.
	ReminderView = "reminder"
	LateView     = "late"
	// RemindTopic is that of due times of promises.
	RemindTopic = "promises"

	// remindBefore is how long before the promise its owner is reminded; promises
	// that end in groupWithin are on the same reminder.
	remindBefore = 25 * time.Minute
	groupWithin  = time.Hour
	// lastHour is kept for the second and last reminder of a person's day.
	lastHour = time.Hour
)

// Reminder is one card of conversations that a person should not forget.
type Reminder struct {
	Cases []string `json:"cases"`
}

var reminders = state.Table[Reminder]{Kind: "reminder", Schema: 1, Keep: 30 * 24 * time.Hour}

// promiseDue is the due time at which the owner of a conversation is reminded of
// it, or at which its promise ends.
func promiseDue(c Case, at time.Time) work.Due {
	return work.Due{Key: "promise:" + c.ID, At: at,
		Item: work.Item{Conversation: c.ID, Topic: "due:" + RemindTopic, Data: []byte(c.ID)}}
}

// Remind reminds the owner of a conversation before its promise ends, and tells
// their manager when it ended, whether anybody still has it or not.
func (e *Engine) Remind(ctx context.Context, tx *state.Tx, item work.Item) error {
	c, err := e.get(ctx, tx, string(item.Data))
	if errors.Is(err, ErrUnknown) || err == nil && (c.Stage == Done || c.Late) {
		return nil
	}
	if err != nil {
		return err
	}
	b := e.Space.Now().Brand(c.Brand)
	if b == nil {
		return nil
	}
	switch {
	case !tx.Now().Before(c.Due):
		return e.late(ctx, tx, b, c)
	case tx.Now().Before(c.Due.Add(-remindBefore)): // it moved meanwhile
		remember(tx, c)
		return nil
	}
	tx.Later(promiseDue(c, c.Due))
	owner := e.Space.Now().Member(c.Owner)
	if c.Stage != Taken || owner == nil || owner.Unreminded || c.reminded() {
		return nil
	}
	soon, err := e.endingSoon(ctx, tx, b, owner.ID)
	if err != nil {
		return err
	}
	return e.remind(ctx, tx, b, owner, soon)
}

// endingSoon are the conversations of a member whose promise ends within the
// hour and that no reminder names yet, the earliest first.
func (e *Engine) endingSoon(ctx context.Context, tx *state.Tx, b *brand.Brand, member string) ([]Case, error) {
	near, err := tx.List(ctx, state.Range{Index: waitingIndex(b.ID), From: tx.Now().UnixMilli(),
		To: tx.Now().Add(groupWithin).UnixMilli(), Limit: 200})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(near))
	for i, one := range near {
		ids[i] = one.ID
	}
	found, err := cases.GetAll(ctx, tx, ids...)
	return slices.DeleteFunc(found, func(c Case) bool {
		return c.Stage != Taken || c.Owner != member || c.reminded()
	}), err
}

// remind puts conversations on a new reminder if the day has one left, else on
// the last one, without a sound.
func (e *Engine) remind(ctx context.Context, tx *state.Tx, b *brand.Brand, m *brand.Member, soon []Case) error {
	day := dayOf(b, m, tx.Now())
	had, err := reminders.GetAll(ctx, tx, day+"/1", day+"/2")
	if err != nil {
		return err
	}
	number, fresh := nextReminder(len(had), !b.At(m).Open(tx.Now().Add(lastHour)))
	return e.list(ctx, tx, b, m, ReminderView, fmt.Sprint(day, "/", number), fresh, soon)
}

// nextReminder says on which of a day's two reminders something goes, and
// whether that one is new; pure. The second one is for the last hour.
func nextReminder(had int, lastHour bool) (number int, fresh bool) {
	if had == 0 || had == 1 && lastHour {
		return had + 1, true
	}
	return had, false
}

// dayOf names a person's day for a brand.
func dayOf(b *brand.Brand, m *brand.Member, now time.Time) string {
	return m.ID + "/" + dayID(b.ID, now.In(b.Zone).Format(time.DateOnly))
}

// late tells the manager that a promise ended without an answer: one card a day.
func (e *Engine) late(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case) error {
	c.Late = true
	tx.Log(audit.Entry{What: "promise.broken", Brand: b.ID, Subject: "case/" + c.ID})
	manager := e.manager(b, c.Owner, tx.Now())
	if manager == nil {
		return cases.Put(tx, c.ID, c, caseMarks(c)...)
	}
	id := dayOf(b, manager, tx.Now()) + "/late"
	had, err := reminders.GetAll(ctx, tx, id)
	if err != nil {
		return err
	}
	return e.list(ctx, tx, b, manager, LateView, id, len(had) == 0, []Case{c})
}

// manager is who hears of a promise that its owner did not keep: the first one
// asked to approve, else the first who may, those on leave last; nil if there is
// only the owner.
func (e *Engine) manager(b *brand.Brand, owner string, now time.Time) *brand.Member {
	space := e.Space.Now()
	ids := slices.Clone(b.Policy.Ask)
	for _, m := range space.With(brand.Approver) {
		ids = append(ids, m.ID)
	}
	return space.First(b, now, slices.DeleteFunc(ids, func(id string) bool { return id == owner }))
}

// list puts conversations on a person's list and shows it: a fresh one rings.
func (e *Engine) list(ctx context.Context, tx *state.Tx, b *brand.Brand, m *brand.Member, view, id string, fresh bool, some []Case) error {
	r, _, err := reminders.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, c := range some {
		if !slices.Contains(r.Cases, c.ID) { // else it is there by an earlier promise
			r.Cases = append(r.Cases, c.ID)
		}
		c.Reminders = append(slices.Clone(c.Reminders), view+":"+id)
		if err := cases.Put(tx, c.ID, c, caseMarks(c)...); err != nil {
			return fmt.Errorf("remind of case %s: %w", c.ID, err)
		}
	}
	if err := reminders.Put(tx, id, r); err != nil {
		return err
	}
	places := m.Direct()
	if !fresh || len(places) == 0 {
		return board.Refresh(ctx, tx, view, id)
	}
	_, err = board.Show(ctx, tx, board.Card{View: view, Subject: id, Brand: b.ID}, e.NewToken, board.Hang{
		Place: places[0], Member: m.ID, Lang: b.LangOf(m), Class: outbox.Alert, Notifies: true})
	return err
}

// refresh brings every card that shows the conversation to its state.
func (e *Engine) refresh(ctx context.Context, tx *state.Tx, c Case) error {
	if err := board.Refresh(ctx, tx, CaseView, c.ID); err != nil {
		return err
	}
	for _, listed := range slices.Compact(slices.Sorted(slices.Values(c.Reminders))) {
		view, id, _ := strings.Cut(listed, ":")
		if err := board.Refresh(ctx, tx, view, id); err != nil {
			return err
		}
	}
	return nil
}
