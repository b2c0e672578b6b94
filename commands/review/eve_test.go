package review

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/approvals/policy"
	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// parisian is a brand that works from nine until half past six on some days of the
// week.
func parisian(t *testing.T, days ...time.Weekday) *brand.Brand {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{ID: "colibri", Zone: paris, Handover: 18*60 + 15}
	for _, day := range days {
		b.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 12*60 + 30}, {Open: 14 * 60, Close: 18*60 + 30}}
	}
	return b
}

func weekdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
}

func TestEveOn(t *testing.T) {
	may := func(day int) hours.Day { return hours.Day{Year: 2027, Month: time.May, Day: day} }
	until := func(opens, closes, handover hours.Clock) func(*brand.Brand) {
		return func(b *brand.Brand) {
			b.Hours[time.Friday], b.Handover = []hours.Span{{Open: opens, Close: closes}}, handover
		}
	}
	for _, test := range []struct {
		name   string
		days   []time.Weekday
		change func(*brand.Brand)
		day    string
		want   string // when it is listed, and until when; empty: it is no eve
		off    time.Duration
	}{
		{"a Friday", weekdays(), nil, "2026-11-27", "2026-11-27 16:00, 2026-11-30 10:00", 66 * time.Hour},
		{"any other day", weekdays(), nil, "2026-11-26", "", 0},
		{"a day off", weekdays(), nil, "2026-11-28", "", 0},
		{"before the night in March", weekdays(), nil, "2027-03-26", "2027-03-26 16:00, 2027-03-29 10:00", 65 * time.Hour},
		{"before the night in October", weekdays(), nil, "2026-10-23", "2026-10-23 16:00, 2026-10-26 10:00", 67 * time.Hour},
		{"on the day after the night in March", []time.Weekday{time.Saturday, time.Sunday, time.Tuesday}, nil,
			"2027-03-28", "2027-03-28 16:00, 2027-03-30 10:00", 42 * time.Hour},
		{"on the day after the night in October", []time.Weekday{time.Saturday, time.Sunday, time.Tuesday}, nil,
			"2026-10-25", "2026-10-25 16:00, 2026-10-27 10:00", 42 * time.Hour},
		{"before that day", []time.Weekday{time.Saturday, time.Sunday, time.Tuesday}, nil, "2026-10-24", "", 0},
		{"a bridge", weekdays(), func(b *brand.Brand) { b.Off = hours.Days{may(6), may(7)} },
			"2027-05-05", "2027-05-05 16:00, 2027-05-10 10:00", 114 * time.Hour},
		{"the day of the bridge", weekdays(), func(b *brand.Brand) { b.Off = hours.Days{may(6), may(7)} }, "2027-05-07", "", 0},
		{"one day off in the week", weekdays(), func(b *brand.Brand) { b.Off = hours.Days{may(5)} },
			"2027-05-04", "2027-05-04 16:00, 2027-05-06 10:00", 42 * time.Hour},
		{"a brand that works on Saturdays: its Friday", append(weekdays(), time.Saturday), nil, "2026-11-27", "", 0},
		{"and its Saturday", append(weekdays(), time.Saturday), nil, "2026-11-28", "2026-11-28 16:00, 2026-11-30 10:00", 42 * time.Hour},
		{"it works every day", append(weekdays(), time.Saturday, time.Sunday), nil, "2026-11-28", "", 0},
		{"it never works", nil, nil, "2026-11-27", "", 0},
		{"it never works again", weekdays(), func(b *brand.Brand) {
			for day := range 400 {
				b.Off = append(b.Off, hours.DayOf(time.Date(2026, 11, 28+day, 0, 0, 0, 0, b.Zone)))
			}
		}, "2026-11-27", "", 0},
		{"it ends at half past five", weekdays(), until(9*60, 17*60+30, 17*60+15), "2026-11-27", "2026-11-27 16:00, 2026-11-30 10:00", 66 * time.Hour},
		{"it ends at five", weekdays(), until(9*60, 17*60, 16*60+45), "2026-11-27", "2026-11-27 15:15, 2026-11-30 10:00", 0},
		{"it ends at noon, before the handover", weekdays(), until(9*60, 12*60, 18*60+15), "2026-11-27", "2026-11-27 10:30, 2026-11-30 10:00", 0},
		{"it is open for an hour", weekdays(), until(9*60, 10*60, 9*60+45), "2026-11-27", "2026-11-27 09:00, 2026-11-30 10:00", 0},
	} {
		b := parisian(t, test.days...)
		if test.change != nil {
			test.change(b)
		}
		day, err := time.ParseInLocation(time.DateOnly, test.day, b.Zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []time.Time{day, day.Add(16 * time.Hour), hours.Clock(23*60 + 59).On(day).UTC()} {
			e, ok := eveOn(b, at)
			got := ""
			if ok {
				got = e.At.In(b.Zone).Format("2006-01-02 15:04") + ", " + e.Until.In(b.Zone).Format("2006-01-02 15:04")
			}
			if off := e.Until.Sub(e.At); got != test.want || test.off > 0 && off != test.off || ok != Eve(b, at) {
				t.Errorf("%s, at %s: %q (%s), want %q (%s)", test.name, at, got, off, test.want, test.off)
			}
		}
	}
}

func TestNextEve(t *testing.T) {
	b := parisian(t, weekdays()...)
	for _, test := range []struct{ after, want string }{
		{"2026-11-24 09:00", "2026-11-27 16:00"}, {"2026-11-27 15:59", "2026-11-27 16:00"},
		{"2026-11-27 16:00", "2026-12-04 16:00"}, {"2027-03-26 16:00", "2027-04-02 16:00"},
	} {
		after, err := time.ParseInLocation("2006-01-02 15:04", test.after, b.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if next, ok := nextEve(b, after.UTC()); !ok || next.In(b.Zone).Format("2006-01-02 15:04") != test.want {
			t.Errorf("after %s: %s", test.after, next)
		}
	}
	if next, ok := nextEve(parisian(t), b.Handover.On(time.Now())); ok {
		t.Errorf("a brand that never works: %s", next)
	}
}

// newFriday is newWeek on a Friday at four, when noa goes; morgan is there until half
// past six.
func newFriday(t *testing.T) *desk {
	d := newWeek(t)
	d.b.Handover = 18*60 + 15
	d.now = time.Date(2026, 11, 27, 16, 0, 0, 0, time.UTC)
	return d
}

// list is what comes when the list is due: to whom, and whether it rings.
func (d *desk) list() (members []string) {
	d.t.Helper()
	before := len(d.store.Sent())
	if err := d.do(func(ctx context.Context, tx *state.Tx) error {
		return d.e.EveDue(ctx, tx, work.Item{Data: []byte(d.b.ID)})
	}); err != nil {
		d.t.Fatal(err)
	}
	for _, record := range d.store.Sent()[before:] {
		e := record.Effect
		if e.Kind != board.EffectKind || !e.Notifies || e.Critical || e.Class != outbox.Digest || !strings.Contains(e.Destination, "@"+e.Member) {
			d.t.Errorf("%+v", e)
		}
		members = append(members, e.Member)
	}
	slices.Sort(members)
	return members
}

// at is a time on a day of November.
func at(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }

// agreed puts up a post that is approved already.
func (d *desk) agreed(id string, when time.Time) {
	d.t.Helper()
	d.submit(id, 1, when, "Bonjour")
	if err := d.say(id, "morgan", policy.Approve, "n1"); err != nil {
		d.t.Fatal(err)
	}
}

// What needs nobody is not listed; of what does, who has to see to it and is there
// hears once.
func TestWhoHearsOfTheList(t *testing.T) {
	for _, test := range []struct {
		name  string
		given func(d *desk)
		want  string
	}{
		{"nothing leaves", func(d *desk) {}, ""},
		{"it leaves when people are back", func(d *desk) { d.submit("a", 1, at(30, 11), "Bonjour") }, ""},
		{"it leaves once it is approved", func(d *desk) { d.submit("a", 1, time.Time{}, "Bonjour") }, ""},
		{"it should have left", func(d *desk) { d.submit("a", 1, at(27, 15), "Bonjour") }, ""},
		{"all is agreed", func(d *desk) { d.agreed("a", at(28, 12)) }, ""},
		{"two to approve: who is asked has gone, the next one is there", func(d *desk) {
			d.submit("a", 1, at(28, 12), "Bonjour")
			d.submit("b", 1, at(30, 10), "Bonjour")
		}, "morgan"},
		{"who is asked is there", func(d *desk) {
			d.e.Space.Now().Member("noa").Hours = nil
			d.submit("a", 1, at(28, 12), "Bonjour")
		}, "noa"},
		{"two are needed", func(d *desk) {
			d.e.Space.Now().Member("noa").Hours = nil
			d.b.Policy.Needed = 2
			d.submit("a", 1, at(28, 12), "Bonjour")
		}, "morgan noa"},
		{"none of them is there: whoever proposed it", func(d *desk) {
			d.e.Space.Now().Member("morgan").Away = hours.Days{hours.DayOf(d.now)}
			d.submit("a", 1, at(28, 12), "Bonjour")
		}, "camille"},
		{"nobody is there", func(d *desk) {
			for _, id := range []string{"morgan", "camille"} {
				d.e.Space.Now().Member(id).Away = hours.Days{hours.DayOf(d.now)}
			}
			d.submit("a", 1, at(28, 12), "Bonjour")
		}, ""},
		{"agreed, to publish by hand", func(d *desk) {
			d.agreed("a", at(28, 12))
			d.hands = map[string][]string{"a": {"x"}}
		}, "camille"},
		{"another brand's", func(d *desk) {
			d.submit("a", 1, at(28, 12), "Bonjour")
			d.b.ID = "other"
		}, ""},
		{"it comes late", func(d *desk) {
			d.submit("a", 1, at(28, 12), "Bonjour")
			d.now = d.now.Add(150 * time.Minute)
		}, ""},
		{"the hours changed: it comes later", func(d *desk) {
			d.submit("a", 1, at(28, 12), "Bonjour")
			d.b.Hours[time.Friday] = []hours.Span{{Open: 17 * 60, Close: 20 * 60}}
		}, ""},
		{"the hours changed: it is no eve", func(d *desk) {
			d.submit("a", 1, at(28, 12), "Bonjour")
			d.b.Hours[time.Saturday] = d.b.Hours[time.Friday]
		}, ""},
	} {
		d := newFriday(t)
		d.now = d.now.Add(-6 * time.Hour)
		test.given(d)
		d.now = d.now.Add(6 * time.Hour)
		if got := strings.Join(d.list(), " "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		for _, key := range []string{"gone", ""} { // a brand that is there no more
			if err := d.do(func(ctx context.Context, tx *state.Tx) error {
				return d.e.EveDue(ctx, tx, work.Item{Data: []byte(key)})
			}); err != nil {
				t.Error(err)
			}
		}
	}
}

// seen is the list as it is read, with its buttons.
func (d *desk) seen(lang string) string {
	d.t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		d.t.Fatal(err)
	}
	card, err := (&Chat{Engine: d.e, Outcomes: d, Presence: d}).eve(d.t.Context(), bot.ViewRequest{Space: d.e.Space.Now(), Brand: d.b,
		Subject: "colibri/2026-11-30", Print: catalog.For(lang, time.UTC), Now: d.now, Tx: state.Begin(d.store, "look", d.now)})
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.ReplaceAll(bottest.Plain(card), "\u00a0", " ")
}

func TestTheList(t *testing.T) {
	d := newFriday(t)
	d.now = d.now.Add(-6 * time.Hour)
	d.submit("b", 1, at(29, 18), "Bonjour")
	d.submit("a", 1, at(28, 12), "Bonjour")
	d.agreed("c", at(30, 8))
	d.hands = map[string][]string{"c": {"x"}, "b": {"mastodon", "x"}}
	d.now = d.now.Add(6 * time.Hour)
	if got, want := d.seen("fr"), `D’ici lundi 30 novembre à 10 h 00, 3 posts attendent quelqu’un · Maison Colibri
« Thé a » · samedi 28 novembre à 12 h 00 · à valider (Morgan)
« Thé b » · dimanche 29 novembre à 18 h 00 · à valider (Morgan) · à publier à la main sur X et Mastodon (Camille)
« Thé c » · lundi 30 novembre à 8 h 00 · à publier à la main sur X (Camille)
Sans accord à son heure, un post ne part pas.
[Ouvrir Thé a] [Ouvrir Thé b] [Ouvrir Thé c]`; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, id := range []string{"a", "b"} {
		if err := d.say(id, "morgan", policy.Approve, "n1"); err != nil {
			t.Fatal(err)
		}
	}
	delete(d.hands, "b")
	if got, want := d.seen("en"), `Until Monday 30 November, 10:00, 1 post needs somebody · Maison Colibri
“Thé c” · Monday 30 November, 08:00 · to post by hand on X (Camille)
What is posted by hand doesn’t go out by itself.
[Open Thé c]`; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	d.hands = nil
	if got := d.seen("fr"); got != "D’ici lundi 30 novembre à 10 h 00, plus rien n’attend · Maison Colibri" {
		t.Error(got)
	}
}

// Of many posts the first are named and the rest counted; each has its button.
func TestTheListOfMany(t *testing.T) {
	d := newFriday(t)
	for i := range 9 {
		d.submit(fmt.Sprint("p", i), 1, at(28, 10+i), "Bonjour")
	}
	got := d.seen("en")
	if strings.Count(got, "\n") != 9 || !strings.Contains(got, "And 3 more.") || !strings.Contains(got, "[Open Thé p0]") || !strings.Contains(got, "[Open Thé p8]") {
		t.Error(got)
	}
}

// A decision is seen on the list, silently, until people are back.
func TestTheListFollows(t *testing.T) {
	for now, edits := range map[time.Time]int{at(27, 17): 1, at(28, 9): 1, at(29, 9): 1, at(30, 9): 1, at(30, 10): 0} {
		d := newFriday(t)
		d.submit("a", 1, at(28, 12), "Bonjour")
		d.submit("b", 1, at(28, 12), "Bonjour")
		if got := d.list(); len(got) != 1 {
			t.Fatalf("%q", got)
		}
		d.now = now
		before := len(d.store.Sent())
		if err := d.say("a", "morgan", policy.Approve, "n1"); err != nil {
			t.Fatal(err)
		}
		drawn := 0
		for _, record := range d.store.Sent()[before:] {
			if record.Effect.Notifies {
				t.Errorf("%s: it rings", now)
			}
			if strings.HasPrefix(record.Effect.Key, EveView+"/") {
				drawn++
			}
		}
		if drawn != edits {
			t.Errorf("%s: drawn %d times, want %d", now, drawn, edits)
		}
	}
}

// A button opens the post for who clicks, of the brand of the list alone.
func TestOpenFromTheList(t *testing.T) {
	d := newFriday(t)
	d.submit("a", 1, at(28, 12), "Bonjour")
	if err := d.do(func(ctx context.Context, tx *state.Tx) error {
		return d.e.Submit(ctx, tx, approvals.Submission{Draft: "theirs", Brand: "colibri", Author: "camille", Title: "Thé", Number: 1,
			Parts: []content.Part{{Account: "x", Network: "x"}}})
	}); err != nil {
		t.Fatal(err)
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		arg, brand string
		opened     bool
	}{{"a", "colibri", true}, {"theirs", "other", false}, {"none", "colibri", false}, {"", "colibri", false}} {
		before := len(d.store.Sent())
		err := d.do(func(ctx context.Context, tx *state.Tx) error {
			_, err := (&Chat{Engine: d.e, Outcomes: d, Presence: d}).openOne(ctx, &bot.Request{
				Event: bot.Event{Platform: bot.Slack, Team: "T", User: bot.User{ID: "morgan"}, Arg: test.arg}, Space: d.e.Space.Now(),
				Brand: &brand.Brand{ID: test.brand}, Member: d.e.Space.Now().Member("morgan"), Print: catalog.For("en", time.UTC), Now: d.now, Tx: tx})
			return err
		})
		sent := d.store.Sent()[before:]
		opened := slices.ContainsFunc(sent, func(r outbox.Record) bool { return strings.Contains(r.Effect.Destination, "@morgan") })
		if (err == nil) != test.opened || opened != test.opened {
			t.Errorf("%q of %s: %v, opened %t", test.arg, test.brand, err, opened)
		}
	}
}

// The list is due at every start, and again after each.
func TestArmSetsTheList(t *testing.T) {
	d := newFriday(t)
	for range 2 {
		if err := d.do(func(_ context.Context, tx *state.Tx) error { d.e.Arm(tx); return nil }); err != nil {
			t.Fatal(err)
		}
		d.now = d.now.Add(-time.Hour)
	}
	if _, next, err := d.store.MoveDue(t.Context(), d.now, 0); err != nil || !next.Equal(at(27, 16)) {
		t.Errorf("due %s, %v", next, err)
	}
	d.now = at(27, 16)
	d.list()
	if _, next, err := d.store.MoveDue(t.Context(), d.now, 0); err != nil || !next.Equal(at(27, 16).AddDate(0, 0, 7)) {
		t.Errorf("then %s, %v", next, err)
	}
}
