package calendar

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// decisions notes until when it was asked.
type decisions struct {
	lines []string
	until time.Time
}

func (d *decisions) Deadlines(_ context.Context, _ *state.Tx, _ *brand.Brand, until time.Time, _ *i18n.Printer) ([]string, error) {
	d.until = until
	return d.lines, nil
}

// today is the card of the day as the member reads it.
func (d *desk) today(c *Chat, lang string) (card bot.Card) {
	d.t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		d.t.Fatal(err)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		reply, err := c.today(ctx, &bot.Request{Space: d.asker.Space, Brand: d.asker.Brand, Member: d.asker.Member, Now: d.now, Tx: tx,
			Print: catalog.For(lang, cmp.Or(d.asker.Member.Zone, d.asker.Brand.Zone)), NewToken: func(*state.Tx) string { return "token" }})
		if err == nil {
			card = *reply.Card
		}
		return err
	})
	return card
}

func read(card bot.Card) string {
	lines := []string{card.Title.String()}
	for _, block := range card.Blocks {
		if block.Kind != bot.Menu {
			lines = append(lines, block.Text.String())
		}
	}
	return strings.ReplaceAll(strings.Join(lines, "|"), "\u00a0", " ")
}

// The day is what leaves, who agreed to be there, and what has to be approved.
func TestToday(t *testing.T) {
	d := evening(t)
	asked := &decisions{lines: []string{"to approve"}}
	c := &Chat{Engine: d.e, Decisions: asked}
	const title = "Planning du jeudi 26 novembre · Maison Colibri|jeudi 26 novembre : 20 h 30 A"
	if got := read(d.today(c, "fr")); !strings.HasPrefix(got, title) || !strings.HasSuffix(got, "|to approve") || strings.Contains(got, "De permanence") {
		t.Errorf("nobody on duty: %s", got)
	}
	if want := clock(t, "2026-11-27T00:00"); !asked.until.Equal(want) {
		t.Errorf("asked what is due until %v, want %v", asked.until, want)
	}
	duty, err := d.planDuty("noa")
	if err != nil {
		t.Fatal(err)
	}
	if got := read(d.today(c, "fr")); strings.Contains(got, "De permanence") {
		t.Errorf("before Noa agreed: %s", got)
	}
	if err := d.as("noa").sayDuty(duty.ID, Agreed); err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"fr": "|De permanence : Noa, de 20 h 30 à 21 h 30|to approve", "en": "|On duty: Noa, from 20:30 to 21:30|to approve"} {
		if got := read(d.today(c, lang)); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s, want %s", lang, got, want)
		}
	}
	d.now = d.now.AddDate(0, 0, 1) // it is another day, with the same old card
	if got := read(d.today(&Chat{Engine: d.e}, "fr")); !strings.HasPrefix(got, "Planning du vendredi 27 novembre · ") || strings.Contains(got, "Noa") {
		t.Errorf("the day after: %s", got)
	}
}

// Of many duties a few are named and the rest is counted; whoever is away, said no
// or begins on another day is none of them.
func TestOnDutyLines(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	b := colibri(t)
	at := func(wall string) time.Time { return clock(t, wall) }
	space := &brand.Space{Brands: []*brand.Brand{b}, Members: []*brand.Member{
		{ID: "noa", Name: "Noa"}, {ID: "lou", Name: "Lou"}, {ID: "off", Name: "Off", Away: hours.Days{{Year: 2026, Month: 11, Day: 26}}}}}
	duty := func(member, from string, said Answer) Duty {
		return Duty{Member: member, From: at(from), Until: at(from).Add(time.Hour), Answer: said}
	}
	period := Period{From: at("2026-11-26T00:00"), Days: 1}
	for want, all := range map[string][]Duty{
		"": {duty("noa", "2026-11-26T20:00", Pending), duty("noa", "2026-11-25T20:00", Agreed), duty("noa", "2026-11-27T00:00", Agreed),
			duty("off", "2026-11-26T20:00", Agreed)},
		"On duty: Noa, from 00:00 to 01:00|On duty: Lou, from 20:00 to 21:00": {
			duty("lou", "2026-11-26T20:00", Agreed), duty("noa", "2026-11-26T00:00", Agreed)},
		"On duty: Noa, from 07:00 to 08:00|On duty: Lou, from 20:00 to 21:00|And 1 more person on duty.": {
			duty("lou", "2026-11-26T20:00", Agreed), duty("noa", "2026-11-26T07:00", Agreed), duty("lou", "2026-11-26T22:00", Agreed)},
	} {
		got := strings.Join(onDutyLines(catalog.For("en", b.Zone), presence{space, b, all}, period, at("2026-11-26T09:00")), "|")
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The plan's days and times are the brand's, with the reader's clock beside them
// where it is another one.
func TestPlanInTwoZones(t *testing.T) {
	for name, test := range map[string]struct{ zone, day, moved, wall, hint string }{
		"six hours behind": {"America/Montreal", "jeudi 26 novembre : 20 h 30 (14 h 30 pour vous) A", "vendredi 27 novembre à 20 h 30 à Paris, 14 h 30 pour vous",
			", 14 h 30 pour vous", "Heure de Paris : il y est 10 h 15, 4 h 15 pour vous."},
		"another day": {"Pacific/Noumea", "jeudi 26 novembre : 20 h 30 (vendredi 27 novembre à 6 h 30 pour vous) A", "vendredi 27 novembre à 20 h 30 à Paris, samedi 28 novembre à 6 h 30 pour vous",
			", samedi 28 novembre à 6 h 30 pour vous", "Heure de Paris : il y est 10 h 15, 20 h 15 pour vous."},
		"the same clock": {"Europe/Brussels", "jeudi 26 novembre : 20 h 30 A", "vendredi 27 novembre à 20 h 30", "", "Heure de Paris."},
	} {
		zone, err := time.LoadLocation(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		d := evening(t)
		d.asker.Member.Zone = zone
		card := d.today(&Chat{Engine: d.e}, "fr")
		if got := read(card); !strings.HasPrefix(got, "Planning du jeudi 26 novembre · Maison Colibri|"+test.day) {
			t.Errorf("%s: %s", name, got)
		}
		for _, block := range card.Blocks {
			if block.Kind == bot.Menu && !strings.HasPrefix(strings.ReplaceAll(block.Select.Choices[0].Label, "\u00a0", " "), "jeudi 26 novembre à 20 h 30 · A") {
				t.Errorf("%s: a choice of %q", name, block.Select.Choices[0].Label)
			}
		}
		catalog, err := i18n.Load()
		if err != nil {
			t.Fatal(err)
		}
		p := catalog.For("fr", zone)
		said := became(p, Moved{Title: "A", At: clock(t, "2026-11-27T20:30")}, d.asker.Brand, d.now)
		if !strings.Contains(strings.ReplaceAll(said, "\u00a0", " "), test.moved) {
			t.Errorf("%s: moved: %s", name, said)
		}
		label := brief(p, bot.ViewRequest{Brand: d.asker.Brand, Now: d.now}, Post{Title: "A", At: clock(t, "2026-11-27T20:30")}) // of a list to search
		if got := strings.ReplaceAll(label, "\u00a0", " "); got != "vendredi 27 novembre à 20 h 30 · A" {
			t.Errorf("%s: found as %s", name, got)
		}
		wall := zoned(p, clock(t, "2026-11-27T20:30"), d.asker.Brand, d.now)
		if got := strings.ReplaceAll(wall, "\u00a0", " "); got != "vendredi 27 novembre à 20 h 30 (Europe/Paris)"+test.wall {
			t.Errorf("%s: an embargo until %s", name, got)
		}
		form := timeForm(&bot.Request{Brand: d.asker.Brand, Print: p, Now: d.now}, "plan.moveto", "", "")
		if got := strings.ReplaceAll(form.Fields[1].Hint, "\u00a0", " "); got != test.hint {
			t.Errorf("%s: asked for %s", name, got)
		}
	}
}
