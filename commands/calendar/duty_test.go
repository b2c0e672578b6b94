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
	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/team"
)

// Whoever answers is there while they and the brand work.
func TestPresence(t *testing.T) {
	b := colibri(t)
	part := hours.Week{}
	part[time.Thursday] = []hours.Span{{Open: 9 * 60, Close: 12 * 60}}
	space := &brand.Space{Members: []*brand.Member{
		{ID: "camille", Roles: []brand.Role{brand.Author}},
		{ID: "noa", Roles: []brand.Role{brand.Responder}, Hours: &part},
	}}
	now, here := clock(t, "2026-11-26T08:00"), presence{space: space, brand: b}
	for wall, want := range map[string]bool{
		"2026-11-26T09:00": true, "2026-11-26T11:59": true, "2026-11-26T12:00": false, "2026-11-27T10:00": false, "2026-11-26T08:50": false,
	} {
		if here.at(clock(t, wall)) != want {
			t.Errorf("%s: %v", wall, !want)
		}
	}
	for _, test := range []struct{ at, now, want string }{
		{"2026-11-26T20:30", "2026-11-26T08:00", "11:30"},
		{"2026-11-26T11:30", "2026-11-26T08:00", "11:00"},
		{"2026-11-26T20:30", "2026-11-26T11:29", ""},
		{"2026-11-27T20:30", "2026-11-26T08:00", ""},
		{"2026-11-26T00:00", "2026-11-25T08:00", ""},
	} {
		got, ok := here.before(clock(t, test.at), clock(t, test.now))
		if ok != (test.want != "") || ok && got.Format("15:04") != test.want {
			t.Errorf("before %s at %s: %s, %v", test.at, test.now, got, ok)
		}
	}
	space.Members[1].Away = hours.Days{hours.DayOf(now)}
	if here.at(clock(t, "2026-11-26T10:00")) {
		t.Error("somebody on leave is on duty")
	}
}

// evening is a desk with a post at 20:30, when nobody works, and people who
// could be there.
func evening(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	late := hours.Week{} // Lou works on Monday only
	late[time.Monday] = []hours.Span{{Open: 9 * 60, Close: 12 * 60}}
	at := func(id string) map[string]string { return map[string]string{"console": id} }
	d.asker.Space.Members = append(d.asker.Space.Members,
		&brand.Member{ID: "noa", Name: "Noa", Roles: []brand.Role{brand.Responder}, Handles: at("noa")},
		&brand.Member{ID: "away", Roles: []brand.Role{brand.Responder}, Handles: at("away"), Away: hours.Days{{Year: 2026, Month: 11, Day: 26}}},
		&brand.Member{ID: "lou", Roles: []brand.Role{brand.Responder}, Handles: at("lou"), Hours: &late},
		&brand.Member{ID: "mute", Roles: []brand.Role{brand.Responder}},
	)
	d.ask("a", clock(t, "2026-11-26T20:30"), true)
	d.ask("b", clock(t, "2026-11-26T21:00"), false)
	return d
}

func (d *desk) planDuty(member string) (duty Duty, err error) {
	err = d.do(func(ctx context.Context, tx *state.Tx) (err error) {
		duty, err = d.e.PlanDuty(ctx, tx, d.asker, "a", clock(d.t, "2026-11-26T20:30"), member, time.Hour)
		return err
	})
	return duty, err
}

func (d *desk) sayDuty(id string, answer Answer) error {
	return d.do(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.e.SayDuty(ctx, tx, d.asker, id, answer)
		return err
	})
}

// withdraw takes a request back.
func (d *desk) withdraw(id string) error {
	return d.do(func(ctx context.Context, tx *state.Tx) error {
		r, err := d.e.request(ctx, tx, id)
		if err != nil {
			return err
		}
		if r, err = r.Withdraw(); err != nil {
			return err
		}
		return d.keep(ctx, tx, r)
	})
}

// there says at which of some times somebody is there.
func (d *desk) there(walls ...string) string {
	d.t.Helper()
	at := clock(d.t, "2026-11-26T00:00")
	here, err := d.e.presence(d.t.Context(), state.Begin(d.store, "look", d.now), d.asker.Space, d.asker.Brand, at, at.AddDate(0, 0, 1))
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.Join(slices.DeleteFunc(slices.Clone(walls), func(wall string) bool { return !here.at(clock(d.t, "2026-11-26T"+wall)) }), " ")
}

// Nobody is on duty before they said yes, and nobody is held to it.
func TestADutyStandsWhileWhoItIsForAgrees(t *testing.T) {
	d := evening(t)
	walls := []string{"18:29", "18:30", "20:29", "20:30", "21:29", "21:30"}
	duty, err := d.planDuty("noa")
	if err != nil || duty.Answer != Pending || d.there(walls...) != "18:29" {
		t.Fatalf("asked: %+v, %v: there at %s", duty, err, d.there(walls...))
	}
	if err := d.sayDuty(duty.ID, Agreed); !errors.Is(err, ErrNotYours) {
		t.Errorf("Camille agreed for Noa: %v", err)
	}
	d.as("noa")
	d.shown = nil
	if err := d.sayDuty(duty.ID, Agreed); err != nil || d.there(walls...) != "18:29 20:30 21:29" {
		t.Errorf("agreed: %v: there at %s", err, d.there(walls...))
	}
	if slices.Sort(d.shown); strings.Join(d.shown, " ") != "a b" {
		t.Errorf("cards brought up to date: %q", d.shown)
	}
	member := d.asker.Member
	member.Away = hours.Days{{Year: 2026, Month: 11, Day: 26}}
	if got := d.there(walls...); got != "18:29" {
		t.Errorf("on leave after all: there at %s", got)
	}
	if err := d.sayDuty(duty.ID, Agreed); !errors.Is(err, ErrAway) {
		t.Errorf("agreed on leave: %v", err)
	}
	member.Away = nil
	if err := d.sayDuty(duty.ID, Refused); err != nil || d.there(walls...) != "18:29" {
		t.Errorf("took it back: %v: there at %s", err, d.there(walls...))
	}
	if _, err := d.as("camille").planDuty("noa"); !errors.Is(err, ErrNo) {
		t.Errorf("asked again: %v", err)
	}
	d.now = clock(t, "2026-11-26T21:30")
	if err := d.as("noa").sayDuty(duty.ID, Agreed); !errors.Is(err, ErrPast) {
		t.Errorf("afterwards: %v", err)
	}
	if err := d.sayDuty("none", Agreed); !errors.Is(err, ErrUnknown) {
		t.Errorf("to nothing: %v", err)
	}
}

// Who asks themselves has agreed; a question is asked once.
func TestAskingForADuty(t *testing.T) {
	d := evening(t)
	if duty, err := d.planDuty("camille"); err != nil || duty.Answer != Agreed || d.there("20:30") == "" {
		t.Errorf("oneself: %+v, %v", duty, err)
	}
	first, err := d.planDuty("noa")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.as("noa").sayDuty(first.ID, Agreed); err != nil {
		t.Fatal(err)
	}
	if again, err := d.as("morgan").planDuty("noa"); err != nil || again.Answer != Agreed || again.By != "camille" {
		t.Errorf("asked twice: %+v, %v", again, err)
	}
	for member, want := range map[string]error{
		"away": ErrAway, "lou": ErrAway, "mute": ErrAway, "sacha": ErrAway, "nobody": ErrAway,
	} {
		if _, err := d.planDuty(member); !errors.Is(err, want) {
			t.Errorf("%s: %v", member, err)
		}
	}
	if _, err := d.as("sacha").planDuty("noa"); !errors.Is(err, ErrNotYours) {
		t.Errorf("for somebody else’s post: %v", err)
	}
	for name, test := range map[string]struct {
		request, at string
		long        time.Duration
		want        error
	}{
		"no such post": {"none", "2026-11-26T20:30", time.Hour, ErrUnknown},
		"the past":     {"a", "2026-11-26T10:15", time.Hour, ErrPast},
		"a whole day":  {"a", "2026-11-26T20:30", 24 * time.Hour, ErrAway},
	} {
		err := d.as("camille").do(func(ctx context.Context, tx *state.Tx) error {
			_, err := d.e.PlanDuty(ctx, tx, d.asker, test.request, clock(t, test.at), "camille", test.long)
			return err
		})
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// rings are whom a duty's card was put up for, one after the other.
func (d *desk) rings() (members []string) {
	for _, record := range d.store.Sent() {
		if e := record.Effect; e.Kind == board.EffectKind && e.Notifies {
			members = append(members, e.Member)
		}
	}
	return members
}

// Nobody stays up for a post that does not leave then: the duty ends with it, and
// who counts on it is told.
func TestADutyEndsWithItsPost(t *testing.T) {
	for name, test := range map[string]struct {
		member string
		agreed bool
		act    func(*desk) error
		want   Answer
		rings  string
	}{
		"moved away":          {"noa", true, func(d *desk) error { _, err := d.move("a", "2026-11-26T18:00", true); return err }, Lapsed, "noa noa"},
		"moved, still inside": {"noa", true, func(d *desk) error { _, err := d.move("a", "2026-11-26T21:00", true); return err }, Agreed, "noa"},
		"withdrawn":           {"noa", true, func(d *desk) error { return d.withdraw("a") }, Lapsed, "noa noa"},
		"not answered yet":    {"noa", false, func(d *desk) error { return d.withdraw("a") }, Lapsed, "noa"},
		"one's own":           {"camille", true, func(d *desk) error { return d.withdraw("a") }, Lapsed, "camille"},
		"another post":        {"noa", true, func(d *desk) error { return d.withdraw("b") }, Agreed, "noa"},
	} {
		d := evening(t)
		duty, err := d.planDuty(test.member)
		if err != nil {
			t.Fatal(err)
		}
		c := &Chat{Engine: d.e}
		d.must(func(ctx context.Context, tx *state.Tx) error {
			return c.showDuty(ctx, tx, duty, func(*state.Tx) string { return "token" }, []board.Hang{
				{Place: board.Place{Platform: "console", Channel: "@" + test.member}, Member: test.member, Notifies: true}})
		})
		if test.agreed {
			if err := d.as(test.member).sayDuty(duty.ID, Agreed); err != nil {
				t.Fatal(err)
			}
		}
		if err := test.act(d.as("camille")); err != nil {
			t.Fatal(err)
		}
		kept, err := duties.Peek(t.Context(), state.Begin(d.store, "look", d.now), duty.ID)
		if err != nil || len(kept) != 1 || kept[0].Answer != test.want {
			t.Errorf("%s: %+v, %v", name, kept, err)
		}
		if got := strings.Join(d.rings(), " "); got != test.rings {
			t.Errorf("%s: rang for %s", name, got)
		}
		if got := d.there("20:45") != ""; got != (test.want == Agreed) {
			t.Errorf("%s: there %v", name, got)
		}
	}
}

// Nobody stays up for a post that got no approval in time, unless a part of it did.
func TestADutyForWhatIsMissed(t *testing.T) {
	at := clock(t, "2026-11-26T20:30")
	part := content.Part{Account: "x", Posts: []string{"Bonjour"}}
	r := approvals.Ask("a", approvals.Submission{Number: 1, At: at, Author: "camille", Parts: []content.Part{part, {Account: "y"}}},
		policy.Policy{Needed: 1, Approvers: []string{"noa"}}, nil, at.Add(-time.Hour))
	d := Duty{From: at, Until: at.Add(time.Hour)}
	if !d.needed(r) {
		t.Error("not needed while the post waits")
	}
	partly, err := r.Decide("noa", policy.Approve, 1, []string{"x"}, "", at)
	if err != nil {
		t.Fatal(err)
	}
	for want, request := range map[bool]approvals.Request{false: r, true: partly} {
		missed, err := request.Expire(at.Add(time.Hour))
		if err != nil || d.needed(missed) != want {
			t.Errorf("needed: %v, %v", !want, err)
		}
	}
}

// A leave takes back what its member agreed to, on its days alone.
func TestALeaveTakesADutyBack(t *testing.T) {
	day := func(n int) hours.Day { return hours.Day{Year: 2026, Month: time.November, Day: n} }
	for name, test := range map[string]struct {
		member   string
		from, to int
		want     Answer
	}{
		"that day":     {"noa", 26, 26, Refused},
		"days with it": {"noa", 23, 30, Refused},
		"before":       {"noa", 23, 25, Agreed},
		"after":        {"noa", 27, 30, Agreed},
		"no day":       {"noa", 27, 26, Agreed},
		"another's":    {"camille", 26, 26, Agreed},
	} {
		d := evening(t)
		duty, err := d.planDuty("noa")
		if err != nil {
			t.Fatal(err)
		}
		if err := d.as("noa").sayDuty(duty.ID, Agreed); err != nil {
			t.Fatal(err)
		}
		d.shown = nil
		d.must(func(ctx context.Context, tx *state.Tx) error {
			return d.e.Away(ctx, tx, d.asker.Space.Member(test.member), team.Leave{From: day(test.from), To: day(test.to)})
		})
		kept, err := duties.Peek(t.Context(), state.Begin(d.store, "look", d.now), duty.ID)
		if err != nil || len(kept) != 1 || kept[0].Answer != test.want || (len(d.shown) > 0) != (test.want == Refused) {
			t.Errorf("%s: %+v, %v; cards shown %q", name, kept, err, d.shown)
		}
	}
}

// What lapsed can be asked anew, and is no answer of anybody's.
func TestALapsedDuty(t *testing.T) {
	d := evening(t)
	duty, err := d.planDuty("noa")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.move("a", "2026-11-26T18:00", true); err != nil {
		t.Fatal(err)
	}
	if err := d.as("noa").sayDuty(duty.ID, Agreed); !errors.Is(err, ErrPast) {
		t.Errorf("agreed to what is over: %v", err)
	}
	if _, err := d.as("camille").move("a", "2026-11-26T20:30", true); err != nil {
		t.Fatal(err)
	}
	again, err := d.planDuty("noa")
	if err != nil || again.Answer != Pending || again.ID == duty.ID {
		t.Errorf("asked anew: %+v, %v", again, err)
	}
	if once, err := d.planDuty("noa"); err != nil || once.ID != again.ID {
		t.Errorf("asked twice: %+v, %v", once, err)
	}
	d.due("2026-11-26T20:30")
	if _, err := d.planDuty("noa"); !errors.Is(err, ErrNotNow) {
		t.Errorf("for what left: %v", err)
	}
}

// Who is on duty is who agreed to be, at that time, and is not on leave.
func TestOnDuty(t *testing.T) {
	d := evening(t)
	if _, err := d.planDuty("camille"); err != nil {
		t.Fatal(err)
	}
	asked, err := d.planDuty("noa")
	if err != nil {
		t.Fatal(err)
	}
	there := func(wall string) string {
		t.Helper()
		got, err := d.e.OnDuty(t.Context(), state.Begin(d.store, "look", clock(t, "2026-11-26T"+wall)), d.asker.Brand)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(got, " ")
	}
	for wall, want := range map[string]string{"10:15": "", "20:29": "", "20:30": "camille", "21:29": "camille", "21:30": ""} {
		if got := there(wall); got != want {
			t.Errorf("at %s: %q", wall, got)
		}
	}
	if err := d.as("noa").sayDuty(asked.ID, Agreed); err != nil || there("20:30") != "camille noa" {
		t.Errorf("both: %v, %q", err, there("20:30"))
	}
	d.asker.Member.Away = hours.Days{{Year: 2026, Month: 11, Day: 26}}
	if got := there("20:30"); got != "camille" {
		t.Errorf("one on leave: %q", got)
	}
}

// The warning is said with what can be done about it, and goes with the yes.
func TestTheWarningGoesWithTheYes(t *testing.T) {
	d := evening(t)
	c := &Chat{Engine: d.e}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	look := func(subject string) string {
		t.Helper()
		glance, err := c.Alone(t.Context(), bot.ViewRequest{Space: d.asker.Space, Brand: d.asker.Brand, Subject: subject,
			Print: catalog.For("en", d.asker.Brand.Zone), Now: d.now, Tx: state.Begin(d.store, "look", d.now)})
		if err != nil {
			t.Fatal(err)
		}
		said := glance.Lines
		for _, button := range glance.Buttons {
			said = append(said, "["+button.Label+"]")
		}
		return strings.Join(said, " ")
	}
	const nobody, ways = "Nobody on duty Thursday 26\u00a0November, 20:30.", "[Bring forward to 18:00] [Plan a duty]"
	if got := look("a"); got != nobody+" "+ways {
		t.Errorf("alone: %s", got)
	}
	duty, err := d.planDuty("noa")
	if err != nil {
		t.Fatal(err)
	}
	if got := look("a"); got != nobody+" Noa was asked: no answer yet. "+ways {
		t.Errorf("asked: %s", got)
	}
	section := func() string {
		lines, err := d.e.Section(t.Context(), state.Begin(d.store, "look", d.now), d.asker.Brand, d.now, catalog.For("en", d.asker.Brand.Zone))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(lines, "|")
	}
	if got := section(); got != "Today: 20:30. Nobody on duty at 20:30." {
		t.Errorf("in the brief: %s", got)
	}
	if err := d.as("noa").sayDuty(duty.ID, Agreed); err != nil {
		t.Fatal(err)
	}
	for _, post := range []string{"a", "b"} {
		if got := look(post); got != "" {
			t.Errorf("%s, somebody is there: %s", post, got)
		}
	}
	if got := section(); got != "Today: 20:30" {
		t.Errorf("in the brief: %s", got)
	}
	if err := d.sayDuty(duty.ID, Refused); err != nil {
		t.Fatal(err)
	}
	if got := look("a"); got != nobody+" Noa can’t. "+ways {
		t.Errorf("taken back: %s", got)
	}
	d.due("2026-11-26T20:30")
	if got := look("a"); got != "" {
		t.Errorf("it left: %s", got)
	}
}

// The buttons of the card are those of who was asked, while it matters.
func TestWhoMayAnswerADuty(t *testing.T) {
	d := evening(t)
	c := &Chat{Engine: d.e}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	duty, err := d.planDuty("noa")
	if err != nil {
		t.Fatal(err)
	}
	buttons := func(member, at string) string {
		card, err := c.dutyView(t.Context(), bot.ViewRequest{Space: d.asker.Space, Brand: d.asker.Brand, Subject: duty.ID, Now: clock(t, at),
			Member: d.asker.Space.Member(member), Print: catalog.For("en", d.asker.Brand.Zone), Tx: state.Begin(d.store, "look", d.now)})
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, b := range card.Buttons {
			all = append(all, b.Action)
		}
		return strings.Join(all, " ")
	}
	d.as("noa")
	for _, row := range []struct {
		answer Answer
		want   [3]string // Noa, Camille, Noa afterwards
	}{
		{Pending, [3]string{"duty.yes duty.no", "", ""}},
		{Agreed, [3]string{"duty.no", "", ""}},
		{Refused, [3]string{"duty.yes", "duty.plan", ""}},
	} {
		if row.answer != Pending {
			if err := d.sayDuty(duty.ID, row.answer); err != nil {
				t.Fatal(err)
			}
		}
		got := [3]string{buttons("noa", "2026-11-26T12:00"), buttons("camille", "2026-11-26T12:00"), buttons("noa", "2026-11-26T21:30")}
		if got != row.want {
			t.Errorf("%s: %q", row.answer, got)
		}
	}
}
