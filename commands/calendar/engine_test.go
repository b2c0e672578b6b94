package calendar

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/approvals/policy"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// desk is the calendar with what stands around it: it keeps the approvals that a
// review would, and gives the drafts their time.
type desk struct {
	t     *testing.T
	store *statetest.Mem
	now   time.Time
	e     *Engine
	asker Asker
	// readings are what there is to read again after a move.
	readings []Reading
	// shown are the requests whose cards were brought up to date.
	shown []string
	// told are those about which somebody would be rung.
	told []string
	// called are those to which somebody was called, with whom.
	called []string
	steps  int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	b := colibri(t)
	space := &brand.Space{Brands: []*brand.Brand{b}, Members: []*brand.Member{
		{ID: "camille", Roles: []brand.Role{brand.Author, brand.Responder}},
		{ID: "morgan", Roles: []brand.Role{brand.Approver}},
		{ID: "sacha", Roles: []brand.Role{brand.Author}},
	}}
	d := &desk{t: t, store: statetest.NewMem(), now: clock(t, "2026-11-26T10:15"),
		asker: Asker{Space: space, Brand: b, Member: space.Member("camille")}}
	d.e = &Engine{Space: space, Card: d, Drafts: d}
	return d
}

// Refresh implements Card: it notes what would be shown.
func (d *desk) Refresh(_ context.Context, _ *state.Tx, request string) error {
	d.shown = append(d.shown, request)
	return nil
}

// Tell implements Card: it notes who would be rung for.
func (d *desk) Tell(ctx context.Context, tx *state.Tx, request string) error {
	d.told = append(d.told, request)
	return d.Refresh(ctx, tx, request)
}

// Call implements Card: it notes who is called.
func (d *desk) Call(ctx context.Context, tx *state.Tx, request string, direct ...board.Hang) error {
	for _, hang := range direct {
		d.called = append(d.called, request+" "+hang.Member)
	}
	return d.Refresh(ctx, tx, request)
}

// Address implements Card.
func (d *desk) Address(_ context.Context, _ *state.Tx, request string) (string, error) {
	return "https://crieur.example/card/" + request, nil
}

func (d *desk) Reread(context.Context, *state.Tx, *brand.Brand, string, time.Time) ([]Reading, error) {
	return d.readings, nil
}

func (d *desk) Copy(_ context.Context, _ *state.Tx, b *brand.Brand, draft, _ string) (board.Card, error) {
	return board.Card{View: "draft", Subject: draft + "2", Brand: b.ID}, nil
}

func (d *desk) Reschedule(ctx context.Context, tx *state.Tx, _ *brand.Brand, draft, _ string, slot content.Slot) error {
	r, found, err := approvals.Table.Get(ctx, tx, draft)
	if err != nil || !found {
		return ErrUnknown
	}
	s := r.Submission
	if s.At, err = slot.Time(); err != nil {
		return err
	}
	s.Number++
	return d.keep(ctx, tx, approvals.Ask(r.ID, s, r.Policy, &r, tx.Now()))
}

func (d *desk) keep(ctx context.Context, tx *state.Tx, r approvals.Request) error {
	if _, _, err := approvals.Table.Get(ctx, tx, r.ID); err != nil {
		return err
	}
	if err := approvals.Table.Put(tx, r.ID, r); err != nil {
		return err
	}
	return d.e.Plan(ctx, tx, r)
}

// do is one step, committed.
func (d *desk) do(step func(context.Context, *state.Tx) error) error {
	d.steps++
	cause := "step" + string(rune('a'+d.steps))
	_, err := state.Do(d.t.Context(), d.store, cause, d.now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, step(ctx, tx) })
	return err
}

func (d *desk) must(step func(context.Context, *state.Tx) error) {
	d.t.Helper()
	if err := d.do(step); err != nil {
		d.t.Fatal(err)
	}
}

// ask puts a post up for approval; agree has it approved.
func (d *desk) ask(id string, at time.Time, agree bool) {
	d.t.Helper()
	d.must(func(ctx context.Context, tx *state.Tx) error {
		s := approvals.Submission{Draft: id, Brand: "colibri", Author: "camille", Title: strings.ToUpper(id), Number: 1, At: at,
			Parts: []content.Part{{Account: "mastodon", Network: "mastodon", Posts: []string{"Bonjour " + id}}}}
		r := approvals.Ask(id, s, policy.Policy{Needed: 1, Approvers: []string{"morgan"}}, nil, tx.Now())
		if agree {
			var err error
			if r, err = r.Decide("morgan", policy.Approve, 1, nil, "", tx.Now()); err != nil {
				return err
			}
		}
		return d.keep(ctx, tx, r)
	})
}

// plan is what stands on the plan: "a 26/18:00 planned".
func (d *desk) plan() string {
	d.t.Helper()
	all, err := d.e.OnPlan(d.t.Context(), state.Begin(d.store, "look", d.now), "colibri", d.now.AddDate(0, 0, -30), d.now.AddDate(0, 0, 30))
	if err != nil {
		d.t.Fatal(err)
	}
	var lines []string
	for _, p := range all {
		if !p.Void() {
			lines = append(lines, p.Request+" "+p.At.In(d.asker.Brand.Zone).Format("2/15:04")+" "+string(p.Status))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}

func (d *desk) move(request, at string, anyway bool) (moved Moved, err error) {
	err = d.do(func(ctx context.Context, tx *state.Tx) (err error) {
		moved, err = d.e.Move(ctx, tx, d.asker, request, clock(d.t, at), anyway)
		return err
	})
	return moved, err
}

func (d *desk) as(member string) *desk {
	d.asker.Member = d.asker.Space.Member(member)
	return d
}

// due lets the post's time come.
func (d *desk) due(at string) {
	d.t.Helper()
	d.now = clock(d.t, at)
	for _, p := range d.publications() {
		d.must(func(ctx context.Context, tx *state.Tx) error { return d.e.Due(ctx, tx, work.Item{Data: []byte(p.ID)}) })
	}
}

func (d *desk) publications() []Publication {
	all, err := d.e.Between(d.t.Context(), state.Begin(d.store, "look", d.now), "colibri", time.Unix(0, 0), d.now.AddDate(1, 0, 0))
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

func TestWhatWaitsIsOnThePlan(t *testing.T) {
	d := newDesk(t)
	d.ask("a", clock(t, "2026-11-26T18:00"), false)
	d.ask("b", clock(t, "2026-11-27T12:00"), true)
	d.ask("c", time.Time{}, false) // as soon as approved: it has no place yet
	if got := d.plan(); got != "a 26/18:00 asked; b 27/12:00 planned" {
		t.Error(got)
	}
	d.ask("a", clock(t, "2026-11-26T18:00"), true)
	if got := d.plan(); got != "a 26/18:00 planned; b 27/12:00 planned" {
		t.Error(got)
	}
}

func TestMove(t *testing.T) {
	d := newDesk(t)
	d.ask("a", clock(t, "2026-11-26T18:00"), true)
	if moved, err := d.move("a", "2026-11-26T17:00", false); err != nil || moved.Again || d.plan() != "a 26/17:00 planned" {
		t.Errorf("inside: %+v, %v: %s", moved, err, d.plan())
	}
	if moved, err := d.move("a", "2026-11-30T09:00", false); err != nil || !moved.Again || d.plan() != "a 30/09:00 asked" {
		t.Errorf("outside: %+v, %v: %s", moved, err, d.plan())
	}
	// alone: nothing changes until somebody insists
	moved, err := d.move("a", "2026-11-30T20:30", false)
	if err != nil || !moved.Doubts.Alone || !moved.Doubts.Earlier.Equal(clock(t, "2026-11-30T18:00")) || d.plan() != "a 30/09:00 asked" {
		t.Errorf("alone: %+v, %v: %s", moved, err, d.plan())
	}
	d.readings = []Reading{{Words: "demain", Means: d.now}}
	if moved, err := d.move("a", "2026-11-30T10:00", false); err != nil || len(moved.Doubts.Readings) != 1 || d.plan() != "a 30/09:00 asked" {
		t.Errorf("to read again: %+v, %v: %s", moved, err, d.plan())
	}
	if moved, err := d.move("a", "2026-11-30T20:30", true); err != nil || !moved.Doubts.None() || d.plan() != "a 30/20:30 asked" {
		t.Errorf("anyway: %+v, %v: %s", moved, err, d.plan())
	}
	for name, test := range map[string]struct {
		member, request, at string
		want                error
	}{
		"no such post": {"camille", "none", "2026-11-30T10:00", ErrUnknown},
		"somebody's":   {"sacha", "a", "2026-11-30T10:00", ErrNotYours},
		"the past":     {"camille", "a", "2026-11-26T10:15", ErrPast},
	} {
		if _, err := d.as(test.member).move(test.request, test.at, true); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.as("morgan").move("a", "2026-11-30T11:00", true); err != nil {
		t.Errorf("an approver: %v", err)
	}
	d.ask("b", clock(t, "2026-11-26T12:00"), true)
	d.due("2026-11-26T12:00")
	if _, err := d.move("b", "2026-11-26T15:00", true); !errors.Is(err, ErrNotNow) {
		t.Errorf("on its way: %v", err)
	}
}

func TestSwap(t *testing.T) {
	d := newDesk(t)
	d.ask("a", clock(t, "2026-11-26T17:00"), true)
	d.ask("b", clock(t, "2026-11-26T18:00"), true)
	d.ask("c", time.Time{}, false)
	swap := func(one, other string, anyway bool) (moved [2]Moved, err error) {
		err = d.do(func(ctx context.Context, tx *state.Tx) (err error) {
			moved, err = d.e.Swap(ctx, tx, d.asker, one, other, anyway)
			return err
		})
		return moved, err
	}
	if moved, err := swap("a", "b", false); err != nil || moved[0].Again || moved[1].Again || d.plan() != "a 26/18:00 planned; b 26/17:00 planned" {
		t.Errorf("%+v, %v: %s", moved, err, d.plan())
	}
	d.readings = []Reading{{Words: "demain"}}
	before := d.plan()
	if moved, err := swap("a", "b", false); err != nil || moved[1].Doubts.None() || d.plan() != before {
		t.Errorf("with doubts: %+v, %v: %s", moved, err, d.plan())
	}
	if _, err := swap("a", "b", true); err != nil || d.plan() == before {
		t.Errorf("anyway: %v: %s", err, d.plan())
	}
	if _, err := swap("a", "c", true); !errors.Is(err, ErrNoTime) {
		t.Errorf("with one without a time: %v", err)
	}
	if _, err := swap("a", "none", true); !errors.Is(err, ErrUnknown) {
		t.Errorf("with nothing: %v", err)
	}
}

// An embargo is a wall, wherever the time comes from.
func TestEmbargo(t *testing.T) {
	d := newDesk(t)
	d.ask("a", clock(t, "2026-11-26T18:00"), true)
	wall := func(request, until string) error {
		return d.do(func(ctx context.Context, tx *state.Tx) error {
			return d.e.SetEmbargo(ctx, tx, d.asker, request, clock(t, until))
		})
	}
	if err := wall("a", "2026-11-26T18:01"); !errors.Is(err, ErrEmbargo) {
		t.Errorf("after it leaves: %v", err)
	}
	if err := wall("a", "2026-11-26T17:00"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.move("a", "2026-11-26T16:59", true); !errors.Is(err, ErrEmbargo) {
		t.Errorf("moved before it: %v", err)
	}
	// an edit of the draft does not ask the calendar
	d.must(func(ctx context.Context, tx *state.Tx) error {
		return d.Reschedule(ctx, tx, nil, "a", "camille", content.SlotAt(clock(t, "2026-11-26T15:00")))
	})
	if got := d.plan(); got != "a 26/17:00 planned" {
		t.Errorf("edited: %s", got)
	}
	// a wall that came after the plan
	d.ask("b", clock(t, "2026-11-26T16:00"), true)
	d.must(func(ctx context.Context, tx *state.Tx) error {
		if _, err := d.e.wall(ctx, tx, "b"); err != nil {
			return err
		}
		return embargoes.Put(tx, "b", Embargo{Until: clock(t, "2026-11-26T16:30")})
	})
	d.due("2026-11-26T16:00")
	if got := d.plan(); got != "a 26/17:00 planned; b 26/16:30 planned" {
		t.Errorf("its time came: %s", got)
	}
	d.due("2026-11-26T17:00")
	if got := d.plan(); got != "a 26/17:00 claimed; b 26/16:30 late" {
		t.Errorf("after the walls: %s", got)
	}
	d.as("sacha")
	if err := wall("a", "2026-11-26T10:00"); !errors.Is(err, ErrNotYours) {
		t.Errorf("somebody else's: %v", err)
	}
}

func TestVerdict(t *testing.T) {
	at := clock(t, "2026-11-26T18:00")
	p := publication("a", "mastodon", at, Planned)
	hand := p
	hand.Part.Network = byHandNetwork
	for name, test := range map[string]struct {
		p       Publication
		hold    Hold
		allowed bool
		now     time.Time
		want    Status
	}{
		"in time":            {p, Hold{}, true, at, Claimed},
		"as late as allowed": {p, Hold{}, true, at.Add(LateAfter), Claimed},
		"later":              {p, Hold{}, true, at.Add(LateAfter + 1), Late},
		"while paused":       {p, Hold{Active: true}, true, at, Held},
		"not agreed":         {p, Hold{Active: true}, false, at, Expired},
		"by a person":        {hand, Hold{}, true, at, ByHand},
		"by a person, late":  {hand, Hold{}, true, at.Add(time.Hour), Late},
	} {
		if got := verdict(test.p, test.hold, test.allowed, test.now); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestSettle(t *testing.T) {
	for end, want := range map[outbox.Status]Status{
		outbox.Sent: Sent, outbox.Unknown: Unknown, outbox.Expired: Expired, outbox.Cancelled: Cancelled,
		outbox.Superseded: Cancelled, outbox.Failed: Failed,
	} {
		got := settle(publication("a", "x", time.Time{}, Claimed), outbox.Receipt{Status: end, Ref: "r", URL: "u", Reason: "why", At: time.Unix(9, 0)}, false)
		if got.Status != want || got.Reason != "why" || (got.Live.URL == "u") != (want == Sent) || got.SentAt.IsZero() != (want != Sent) {
			t.Errorf("%s: %+v", end, got)
		}
	}
	for paused, want := range map[bool]Status{true: Held, false: Late} {
		stopped := outbox.Receipt{Status: outbox.Cancelled, Reason: outbox.Held}
		if got := settle(publication("a", "x", time.Time{}, Claimed), stopped, paused); got.Status != want || got.Reason != "" {
			t.Errorf("stopped on its way, paused %v: %+v", paused, got)
		}
	}
}

func TestAgenda(t *testing.T) {
	d := newDesk(t)
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	open := func(token string) {
		d.must(func(ctx context.Context, tx *state.Tx) error { return d.e.OpenAgenda(ctx, tx, d.asker, token) })
	}
	read := func(token string) (string, error) {
		tx := state.Begin(d.store, "read", d.now)
		a, err := d.e.AgendaOf(t.Context(), tx, d.asker.Space, token)
		if err != nil {
			return "", err
		}
		data, err := d.e.File(t.Context(), tx, a, catalog.For("fr", a.Brand.Zone))
		unfolded(t, data)
		return strings.ReplaceAll(string(data), "\r\n ", ""), err
	}
	d.ask("a", clock(t, "2026-11-26T18:00"), true)
	d.ask("b", clock(t, "2026-11-27T12:00"), false)
	open("one")
	first, err := read("one")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"UID:a.colibri@crieur", "SEQUENCE:1", "DTSTART:20261126T170000Z", "STATUS:CONFIRMED", "STATUS:TENTATIVE",
		"SUMMARY:A · Mastodon", "DESCRIPTION:Bonjour a", "URL:https://crieur.example/card/a"} {
		if !strings.Contains(first, want+"\r\n") {
			t.Errorf("no %s in\n%s", want, first)
		}
	}
	d.now = d.now.Add(time.Hour)
	if again, _ := read("one"); again != first {
		t.Error("the same plan is another file")
	}
	if _, err := d.move("a", "2026-11-26T17:00", true); err != nil {
		t.Fatal(err)
	}
	moved, _ := read("one")
	if !strings.Contains(moved, "SEQUENCE:2\r\n") || !strings.Contains(moved, "DTSTART:20261126T160000Z") || strings.Count(moved, "UID:a.") != 1 {
		t.Errorf("moved:\n%s", moved)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		return d.e.SetEmbargo(ctx, tx, d.asker, "a", clock(t, "2026-11-26T16:30"))
	})
	if hidden, _ := read("one"); strings.Contains(hidden, "Bonjour a") || strings.Contains(hidden, "SUMMARY:A") || !strings.Contains(hidden, "SUMMARY:Post sous embargo") {
		t.Errorf("under embargo:\n%s", hidden)
	}
	for _, p := range d.publications() {
		d.must(func(ctx context.Context, tx *state.Tx) error {
			_, err := d.e.Cancel(ctx, tx, p.ID, "camille")
			return err
		})
	}
	if gone, _ := read("one"); !strings.Contains(gone, "STATUS:CANCELLED") {
		t.Errorf("cancelled:\n%s", gone)
	}
	open("two")
	for token, want := range map[string]error{"one": ErrUnknown, "two": nil, "": ErrUnknown, "three": ErrUnknown} {
		if _, err := read(token); !errors.Is(err, want) {
			t.Errorf("%q: %v", token, err)
		}
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		had, err := d.e.CloseAgenda(ctx, tx, d.asker)
		if !had {
			t.Error("nothing to close")
		}
		return err
	})
	if _, err := read("two"); !errors.Is(err, ErrUnknown) {
		t.Errorf("closed: %v", err)
	}
	open("four")
	d.asker.Space.Members = d.asker.Space.Members[1:]
	if _, err := read("four"); !errors.Is(err, ErrUnknown) {
		t.Errorf("of somebody who left: %v", err)
	}
}
