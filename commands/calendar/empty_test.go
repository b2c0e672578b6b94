package calendar

import (
	"context"
	"slices"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// asks is what the member is shown of the days that the words mean.
func (d *desk) asks(words, lang string) (card bot.Card) {
	d.t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		d.t.Fatal(err)
	}
	c := &Chat{Engine: d.e}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		reply, err := c.plan(ctx, &bot.Request{Event: bot.Event{Text: words}, Space: d.asker.Space, Brand: d.asker.Brand,
			Member: d.asker.Member, Now: d.now, Tx: tx, Print: catalog.For(lang, d.asker.Brand.Zone), NewToken: func(*state.Tx) string { return "token" }})
		if err == nil {
			card = *reply.Card
		}
		return err
	})
	return card
}

// ways are the buttons of a card, with what they carry.
func ways(card bot.Card) string {
	var all []string
	for _, button := range card.Buttons {
		all = append(all, strings.TrimSpace(button.Label+" "+button.Arg))
	}
	return strings.ReplaceAll(strings.Join(all, "|"), "\u00a0", " ")
}

// A period without posts says so once, with the times that are free, and leads to
// a draft at the first of them and to the next post.
func TestEmptyPeriod(t *testing.T) {
	d := newDesk(t)
	d.ask("a", clock(t, "2026-12-09T12:00"), true)
	hours := "|Heures proposées d’après vos horaires d’ouverture."
	const next = "|Voir mercredi 9 décembre 20261209t1200|"
	for words, want := range map[string][2]string{
		"vendredi": {"Rien de prévu. Heures libres : 9 h 00, 13 h 30 ou 18 h 00." + hours, "Nouveau brouillon 20261127t0900" + next},
		"samedi":   {"Rien de prévu : jour de repos.", strings.TrimPrefix(next, "|")},
		"week-end": {"Rien de prévu : jours de repos.", strings.TrimPrefix(next, "|")},
		"hier":     {"Aucun post.", strings.TrimPrefix(next, "|")},
		"semaine prochaine": {"Rien de prévu.|5 jours libres, du lundi 30 novembre au vendredi 4 décembre : 9 h 00, 13 h 30 ou 18 h 00" + hours,
			"Nouveau brouillon 20261130t0900" + next},
		// what is left of today is another choice
		"": {"Rien de prévu.|1 jour libre, jeudi 26 novembre : 13 h 30 ou 18 h 00" +
			"|4 jours libres, du vendredi 27 novembre au mercredi 2 décembre : 9 h 00, 13 h 30 ou 18 h 00" + hours,
			"Nouveau brouillon 20261126t1330" + next},
		"10 décembre": {"Rien de prévu. Heures libres : 9 h 00, 13 h 30 ou 18 h 00." + hours, "Nouveau brouillon 20261210t0900|Voir la suite|"},
		// on another network there is something
		"décembre linkedin": {"Rien de prévu.|23 jours libres, du mardi 1er décembre au jeudi 31 décembre : 9 h 00, 13 h 30 ou 18 h 00" + hours,
			"Nouveau brouillon 20261201t0900|Voir la suite|"},
	} {
		card := d.asks(words, "fr")
		if _, got, _ := strings.Cut(read(card), "|"); got != want[0] {
			t.Errorf("%q: %s, want %s", words, got, want[0])
		}
		if got := ways(card); !strings.HasPrefix(got, want[1]) {
			t.Errorf("%q: %s, want %s", words, got, want[1])
		}
		weeks := slices.ContainsFunc(card.Blocks, func(b bot.Block) bool { return b.Kind == bot.Menu })
		if month := strings.Contains(words, "linkedin"); weeks != month {
			t.Errorf("%q: a menu of weeks: %v", words, weeks)
		}
	}
	if got := read(d.asks("décembre", "fr")); strings.Contains(got, "Rien") {
		t.Errorf("a month with a post: %s", got)
	}
	d.now = clock(t, "2026-11-26T15:00")
	if got := read(d.asks("today", "en")); !strings.Contains(got, "|Nothing planned. Free time: 18:00.|") {
		t.Errorf("one time left: %s", got)
	}
	d.now = clock(t, "2026-11-26T18:20")
	if got := read(d.asks("today", "en")); !strings.HasSuffix(got, "|Nothing planned.") {
		t.Errorf("no time left: %s", got)
	}
	d.asker.Member = &brand.Member{ID: "reader"}
	if got := ways(d.asks("vendredi", "fr")); strings.Contains(got, "brouillon") {
		t.Errorf("who writes nothing is offered %s", got)
	}
}

// The way to the next post shows its day.
func TestOnward(t *testing.T) {
	d := newDesk(t)
	d.ask("a", clock(t, "2026-12-09T12:00"), true)
	c := &Chat{Engine: d.e}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		subject := Period{From: clock(t, "2026-11-27T00:00"), Days: 7, Account: "mastodon"}.String()
		reply, err := c.another(ctx, &bot.Request{Event: bot.Event{Arg: bot.TimeArg(clock(t, "2026-12-09T12:00"), d.asker.Brand.Zone)}, Subject: subject,
			Space: d.asker.Space, Brand: d.asker.Brand, Member: d.asker.Member, Now: d.now, Tx: tx,
			Print: catalog.For("fr", d.asker.Brand.Zone), NewToken: func(*state.Tx) string { return "token" }})
		if err == nil && !strings.HasPrefix(read(*reply.Card), "Planning du mercredi 9 décembre · Maison Colibri · Mastodon|mercredi 9 décembre : 12 h 00 A") {
			t.Error(read(*reply.Card))
		}
		return err
	})
}
