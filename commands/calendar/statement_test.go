package calendar

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// answeredCalls are the calls of a test, whatever the brand.
type answeredCalls []Call

// Answered implements Calls.
func (c answeredCalls) Answered(_ context.Context, _ *state.Tx, _ string, from, until time.Time) ([]Call, error) {
	return slices.DeleteFunc(slices.Clone(c), func(one Call) bool { return one.At.Before(from) || !one.At.Before(until) }), nil
}

// november is a desk with a rota, duties of several ends and calls.
func november(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	day := func(n int) hours.Day { return hours.Day{Year: 2026, Month: time.November, Day: n} }
	at := func(id string) map[string]string { return map[string]string{"console": id} }
	space, b := d.asker.Space, d.asker.Brand
	b.Brief, b.OnCall = 8*60+45, []string{"noa", "gone", "morgan"}
	space.Members[0].Name, space.Members[0].Handles, space.Members[0].Away = "Camille", at("camille"), hours.Days{day(24)}
	space.Members[1].Name, space.Members[1].Handles = "Morgan", at("morgan")
	space.Members[1].Roles = append(space.Members[1].Roles, brand.Admin)
	space.Members = append(space.Members, &brand.Member{ID: "noa", Name: "Noa", Roles: []brand.Role{brand.Responder},
		Handles: at("noa"), Away: hours.Days{day(28), day(29)}})
	call := func(member, from, until string) Call {
		c := Call{Member: member, At: clock(t, from)}
		if until != "" {
			c.Until = clock(t, until)
		}
		return c
	}
	d.e.Calls = answeredCalls{
		call("noa", "2026-11-03T02:00", "2026-11-03T02:30"), call("noa", "2026-11-03T03:20", "2026-11-03T03:45"),
		call("noa", "2026-11-03T10:00", "2026-11-03T10:10"), call("noa", "2026-11-05T06:00", ""),
		call("gone", "2026-11-05T06:00", ""), call("noa", "2026-12-03T02:00", ""),
	}
	d.e.NewToken = func(tx *state.Tx) string { return tx.NewID("t") }
	for i, one := range []struct {
		member, from string
		long         time.Duration
		answer       Answer
	}{
		{"noa", "2026-11-26T20:30", time.Hour, Agreed}, {"camille", "2026-11-25T22:00", time.Hour, Agreed},
		{"camille", "2026-11-24T22:00", time.Hour, Agreed}, // on leave after all
		{"camille", "2026-11-20T22:00", 2 * time.Hour, Refused}, {"camille", "2026-11-19T22:00", time.Hour, Lapsed},
		{"camille", "2026-10-31T23:30", time.Hour, Agreed}, {"camille", "2026-12-01T00:00", time.Hour, Agreed},
		{"camille", "2026-11-02T20:00", 30 * time.Minute, Agreed},
	} {
		duty := Duty{ID: fmt.Sprint("a/", i), Brand: "colibri", Member: one.member, Request: "a", From: clock(t, one.from),
			Until: clock(t, one.from).Add(one.long), Answer: one.answer}
		d.must(func(_ context.Context, tx *state.Tx) error {
			if _, _, err := duties.Get(t.Context(), tx, duty.ID); err != nil {
				return err
			}
			return duties.Put(tx, duty.ID, duty, state.Mark{Index: dutyIndex("colibri"), Member: duty.ID, Score: duty.From.UnixMilli()})
		})
	}
	return d
}

// Duties that were kept count, calls outside working hours, and the days of who
// was first on call; rest that was too short is due once for each return to work.
func TestStatements(t *testing.T) {
	d := november(t)
	all, err := d.e.Statements(t.Context(), state.Begin(d.store, "look", d.now), d.asker.Space, d.asker.Brand, clock(t, "2026-11-30T23:59"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range all {
		var duties []string
		for _, one := range s.Duties {
			duties = append(duties, one.From.Format("2/15h04"))
		}
		got = append(got, fmt.Sprintf("%s: on call %d days %v, duties %v %v, %d calls %v, rest %d %v",
			s.Member, s.Days, s.OnCall, duties, s.OnDuty(), len(s.Calls), s.Answering(), s.Cut, s.Due))
	}
	want := []string{
		"camille: on call 0 days 0s, duties [2/20h00 25/22h00] 1h30m0s, 0 calls 0s, rest 1 1h15m0s",
		"morgan: on call 2 days 48h0m0s, duties [] 0s, 0 calls 0s, rest 0 0s",
		"noa: on call 28 days 477h0m0s, duties [26/20h30] 1h0m0s, 3 calls 55m0s, rest 2 14h15m0s",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The day on which clocks change has its own length.
func TestStatementOfAChangeOfClocks(t *testing.T) {
	d := november(t)
	b := d.asker.Brand
	for month, want := range map[time.Month]time.Duration{
		time.October: (31*24+1)*time.Hour - 22*585*time.Minute, time.March: (31*24-1)*time.Hour - 22*585*time.Minute} {
		all := statements(d.asker.Space, b, time.Date(2026, month, 1, 0, 0, 0, 0, b.Zone), nil, nil)
		if len(all) != 1 || all[0].OnCall != want {
			t.Errorf("%s: %+v, want %v", month, all, want)
		}
	}
}

// armed is what is due next of the statements, and when.
func (d *desk) armed(arm func(*state.Tx)) (subject string, at time.Time) {
	d.t.Helper()
	d.must(func(_ context.Context, tx *state.Tx) error { arm(tx); return nil })
	_, next, err := d.store.MoveDue(d.t.Context(), d.now, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, _, err := d.store.MoveDue(d.t.Context(), next, 1); err != nil {
		d.t.Fatal(err)
	}
	entries, err := d.store.Read(d.t.Context(), []work.Lane{work.LaneOf(work.In, StatementTopic+":colibri")}, 10, 0)
	if err != nil || len(entries) != 1 || entries[0].Topic != "due:"+StatementTopic {
		d.t.Fatalf("due: %+v, %v", entries, err)
	}
	return string(entries[0].Data), next
}

// Statements come on the first working day of a month, at the time of the brief.
func TestStatementsAreDue(t *testing.T) {
	for now, want := range map[string]string{
		"2026-11-26T10:15": "colibri/2026-11 2026-12-01T08:45",
		"2026-12-01T08:44": "colibri/2026-11 2026-12-01T08:45",
		"2026-12-01T08:45": "colibri/2026-12 2027-01-04T08:45", // the 1st is a holiday, then a weekend
		"2026-10-31T23:00": "colibri/2026-10 2026-11-02T08:45",
		"2026-12-31T23:59": "colibri/2026-12 2027-01-04T08:45",
	} {
		d := november(t)
		d.now = clock(t, now)
		d.asker.Brand.Off = append(d.asker.Brand.Off, hours.Day{Year: 2027, Month: time.January, Day: 1})
		subject, at := d.armed(d.e.Arm)
		if got := subject + " " + at.In(d.asker.Brand.Zone).Format("2006-01-02T15:04"); got != want {
			t.Errorf("%s: %s, want %s", now, got, want)
		}
	}
	d := newDesk(t)
	d.asker.Brand.Hours = hours.Week{}
	d.must(func(_ context.Context, tx *state.Tx) error { d.e.Arm(tx); return nil })
	if _, next, err := d.store.MoveDue(t.Context(), d.now, 0); err != nil || !next.IsZero() {
		t.Errorf("a brand that never works: %v, %v", next, err)
	}
}

// Everybody gets their own, nobody another's; the admins get the team's. They
// rest as in any brief.
func TestStated(t *testing.T) {
	d := november(t)
	d.now = clock(t, "2026-12-01T08:45")
	d.must(func(ctx context.Context, tx *state.Tx) error {
		return d.e.Stated(ctx, tx, work.Item{Data: []byte("colibri/2026-11")})
	})
	var got []string
	for _, record := range d.store.Sent() {
		e := record.Effect
		if e.Class != outbox.Digest || !e.Notifies || e.Critical {
			t.Errorf("it comes as %+v", e)
		}
		got = append(got, e.Member)
	}
	slices.Sort(got)
	if want := "camille morgan morgan noa"; strings.Join(got, " ") != want {
		t.Errorf("put up for %q, want %q", got, want)
	}
	for subject, want := range map[string]string{"camille": "@camille", "noa": "@noa", "morgan": "@morgan", "": "@morgan"} {
		card, found, err := board.Get(t.Context(), state.Begin(d.store, "look", d.now), board.ID(StatementView, strings.TrimSuffix("colibri/2026-11/"+subject, "/")))
		if err != nil || !found || len(card.Copies) != 1 || card.Copies[0].Place.Channel != want || card.Copies[0].Member != want[1:] {
			t.Errorf("the statement of %q: %+v, %v", subject, card, err)
		}
	}
	if subject, _ := d.armed(func(*state.Tx) {}); subject != "colibri/2026-12" {
		t.Errorf("next is %s", subject)
	}
}

// Where nobody was on call, nothing is said; an admin who was alone on call reads
// it once; what is of no brand any more ends there.
func TestStatedToNobody(t *testing.T) {
	for name, test := range map[string]struct {
		subject string
		rota    []string
		want    string
	}{
		"nobody":          {"colibri/2026-10", nil, "camille morgan"}, // camille's duty of 31 October
		"a quiet month":   {"colibri/2026-09", nil, ""},
		"an admin alone":  {"colibri/2026-09", []string{"morgan"}, "morgan"},
		"a brand gone":    {"gone/2026-09", []string{"morgan"}, ""},
		"what is no date": {"colibri/soon", []string{"morgan"}, ""},
		"nothing":         {"", []string{"morgan"}, ""},
	} {
		d := november(t)
		d.asker.Brand.OnCall = test.rota
		d.must(func(ctx context.Context, tx *state.Tx) error {
			return d.e.Stated(ctx, tx, work.Item{Data: []byte(test.subject)})
		})
		got := d.rings()
		slices.Sort(got)
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// The cards say it in words, and nothing of the others in one's own.
func TestStatementCards(t *testing.T) {
	d := november(t)
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := &Chat{Engine: d.e}
	for subject, want := range map[string][]string{
		"/camille": {"On duty · November 2026 · Camille", "On duty 2 times, 1 h 30: Monday 2 November, 20:00 and Wednesday 25 November, 22:00",
			"Rest due: 1 h 15. The 11 h in one go were cut short 1 time."},
		"/noa": {"On duty · November 2026 · Noa", "First on call: 28 days, 477 h outside working hours", "On duty once, 1 h: Thursday 26 November, 20:30",
			"3 calls answered, 55 min at most: Tuesday 3 November, 02:00, Tuesday 3 November, 03:20 and Thursday 5 November, 06:00",
			"Rest due: 14 h 15. The 11 h in one go were cut short 2 times."},
		"/nobody": {"On duty · November 2026 · nobody"},
		"": {"The team on duty · November 2026", "Camille: on duty 2 times (1 h 30) and rest due 1 h 15", "Morgan: on call 48 h",
			"Noa: on call 477 h, on duty once (1 h), 3 calls answered (55 min) and rest due 14 h 15"},
	} {
		d.must(func(ctx context.Context, tx *state.Tx) error {
			card, err := c.statementView(ctx, bot.ViewRequest{Space: d.asker.Space, Brand: d.asker.Brand, Subject: "colibri/2026-11" + subject,
				Print: catalog.For("en", d.asker.Brand.Zone), Now: clock(t, "2026-12-01T08:45"), Tx: tx})
			if err != nil {
				return err
			}
			got := []string{card.Title.String()}
			for _, block := range card.Blocks[:len(card.Blocks)-1] {
				got = append(got, block.Text.String())
			}
			if text := strings.ReplaceAll(strings.Join(got, "\n"), "\u00a0", " "); text != strings.Join(want, "\n") {
				t.Errorf("%q: got\n%s\nwant\n%s", subject, text, strings.Join(want, "\n"))
			}
			return nil
		})
	}
}

// A month is the brand's, also for who reads it where it has not begun yet.
func TestTheMonthOfAStatementIsTheBrands(t *testing.T) {
	d := november(t)
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		card, err := (&Chat{Engine: d.e}).statementView(ctx, bot.ViewRequest{Space: d.asker.Space, Brand: d.asker.Brand, Subject: "colibri/2026-11/camille",
			Print: catalog.For("en", time.FixedZone("west", -8*3600)), Now: clock(t, "2026-12-01T08:45"), Tx: tx})
		if got := card.Title.String(); got != "On duty · November 2026 · Camille" {
			t.Errorf("%s", got)
		}
		return err
	})
}

// Lists end where a card has no more room, and say how much is left.
func TestStatementsAreShort(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := catalog.For("en", time.UTC)
	var all []Statement
	for i := range listed + 2 {
		all = append(all, Statement{Member: fmt.Sprint("m", i), Days: 1, OnCall: 15 * time.Hour})
	}
	lines := teamLines(p, &brand.Space{}, all)
	if len(lines) != listed+1 || lines[listed] != "2 others" {
		t.Errorf("%q", lines)
	}
	if got := some(p, []string{"1", "2", "3", "4", "5", "6", "7"}); got != "1, 2, 3, 4, 5, 6 and 1 other" {
		t.Error(got)
	}
}

// A duty that is asked for less than fifteen days ahead says so; one's own does
// not.
func TestNotice(t *testing.T) {
	d := evening(t)
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	from := clock(t, "2026-12-20T20:30")
	for name, test := range map[string]struct {
		asked  string
		by     string
		answer Answer
		want   bool
	}{
		"the day before":          {"2026-12-19T20:30", "morgan", Pending, true},
		"agreed":                  {"2026-12-19T20:30", "morgan", Agreed, true},
		"a minute late":           {"2026-12-05T20:31", "morgan", Pending, true},
		"fifteen days ahead":      {"2026-12-05T20:30", "morgan", Pending, false},
		"one's own":               {"2026-12-19T20:30", "noa", Agreed, false},
		"refused":                 {"2026-12-19T20:30", "morgan", Refused, false},
		"asked before this began": {"", "morgan", Pending, false},
	} {
		duty := Duty{ID: "a/" + name, Brand: "colibri", Member: "noa", By: test.by, Request: "a", From: from, Until: from.Add(time.Hour), Answer: test.answer}
		if test.asked != "" {
			duty.Asked = clock(t, test.asked)
		}
		d.must(func(ctx context.Context, tx *state.Tx) error {
			if _, _, err := duties.Get(ctx, tx, duty.ID); err != nil {
				return err
			}
			return duties.Put(tx, duty.ID, duty)
		})
		card, err := (&Chat{Engine: d.e}).dutyView(t.Context(), bot.ViewRequest{Space: d.asker.Space, Brand: d.asker.Brand, Subject: duty.ID,
			Print: catalog.For("en", time.UTC), Now: from.Add(-time.Hour), Tx: state.Begin(d.store, "look", d.now)})
		if err != nil {
			t.Fatal(err)
		}
		said := slices.ContainsFunc(card.Blocks, func(b bot.Block) bool { return strings.Contains(b.Text.String(), "less than 15 days ahead") })
		if said != test.want {
			t.Errorf("%s: said %v", name, said)
		}
	}
	asked, err := d.planDuty("noa")
	if err != nil || !asked.Asked.Equal(d.now) {
		t.Errorf("asked at %v, %v", asked.Asked, err)
	}
}
