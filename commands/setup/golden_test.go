package setup

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/team"
	"crieur/bot/work"
)

var update = flag.Bool("update", false, "write the golden files anew")

// heard is a week of messages.
type heard struct{}

func (heard) Recent(context.Context, *state.Tx, time.Time, int) ([]string, error) {
	texts := slices.Repeat([]string{"Un colibri, un bel oiseau du jardin"}, 20)
	return append(texts, slices.Repeat([]string{"La livraison de Colibri est lente"}, 17)...), nil
}

// album draws the set-up as it goes on, in one language.
type album struct {
	*office
	p     *i18n.Printer
	chat  *Chat
	pages []string
	cards int
}

func (a *album) card(name string, view bot.View) bot.Card {
	a.t.Helper()
	var drawn bot.Card
	a.act(func(ctx context.Context, tx *state.Tx) (err error) {
		space := a.team.Now()
		drawn, err = view(ctx, bot.ViewRequest{Space: space, Subject: "maison-colibri", Member: space.Member("morgan"), Print: a.p, Now: tx.Now(), Tx: tx})
		return err
	})
	a.pages = append(a.pages, "== "+name+"\n"+bottest.Plain(drawn))
	a.cards++
	if len(drawn.Blocks) > 8 || len(drawn.Buttons) > 4 {
		a.t.Errorf("%s: %d lines, %d buttons", name, len(drawn.Blocks), len(drawn.Buttons))
	}
	for _, button := range bottest.Buttons(drawn) {
		if n := utf8.RuneCountInString(button.Label); n == 0 || n > 30 {
			a.t.Errorf("%s: label of %d characters: %q", name, n, button.Label)
		}
	}
	return drawn
}

func (a *album) form(name string, form bot.Former) {
	a.t.Helper()
	a.act(func(ctx context.Context, tx *state.Tx) error {
		space := a.team.Now()
		r := &bot.Request{Space: space, Member: space.Member("morgan"), Print: a.p, Now: tx.Now(), Tx: tx}
		drawn, err := form(ctx, r)
		lines := []string{"== " + name, drawn.Title}
		for _, f := range drawn.Fields {
			labels := []string{}
			for _, choice := range f.Choices {
				labels = append(labels, choice.Label)
			}
			lines = append(lines, fmt.Sprintf("%s (%s) %q %s", f.Label, f.Kind, f.Value, strings.Join(labels, " | ")))
			if n := utf8.RuneCountInString(f.Label); n > 45 || len(f.Choices) > 25 {
				a.t.Errorf("%s: %q has %d characters, %d choices", name, f.Label, n, len(f.Choices))
			}
		}
		if n := utf8.RuneCountInString(drawn.Title); n > 24 || len(drawn.Fields) == 0 || len(drawn.Fields) > 5 {
			a.t.Errorf("%s: a title of %d characters, %d fields", name, n, len(drawn.Fields))
		}
		a.pages = append(a.pages, strings.Join(append(lines, "["+drawn.Submit+"] ["+drawn.Cancel+"]"), "\n"))
		a.cards++
		return err
	})
}

// mostScreens is how many screens the whole set-up may have.
const mostScreens = 12

// TestGolden draws every screen of the set-up, in both languages.
func TestGolden(t *testing.T) {
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs() {
		t.Run(lang, func(t *testing.T) {
			a := &album{office: newOffice(t), p: words.For(lang, nil)}
			a.Past = heard{}
			a.chat = &Chat{a.Engine}
			a.walk()
			file, got := filepath.Join("testdata", lang+".golden"), strings.Join(a.pages, "\n\n")+"\n"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("screens differ from %s; look at them with -update and git diff:\n%s", file, got)
			}
			if key := regexp.MustCompile(`\b(setup|chat|people)\.[a-z]+\b|<no value>|%!`).FindString(got); key != "" {
				t.Errorf("%q is read on a screen", key)
			}
			if a.cards > mostScreens {
				t.Errorf("%d screens, at most %d", a.cards, mostScreens)
			}
		})
	}
}

// walk goes through the set-up as a team does, screen by screen.
func (a *album) walk() {
	a.card("hello", a.chat.view)
	a.form("the brand", a.chat.nameForm)
	a.act(func(ctx context.Context, tx *state.Tx) error {
		return a.Named(ctx, tx, "morgan", team.Brand{Name: "Maison Colibri", Langs: []string{a.p.Lang}, Zone: "Europe/Paris", Holidays: hours.AlsaceMoselle, Hours: usual()})
	})
	a.card("how it works", a.chat.view)
	a.form("who does what", a.chat.peopleForm)
	a.act(func(ctx context.Context, tx *state.Tx) error {
		return a.Shaped(ctx, tx, "morgan", Network, []string{"morgan"}, []string{"noa"}, []string{"noa"})
	})
	com := board.Place{Platform: "slack", Team: "T", Channel: "C1"}
	alerts := board.Place{Platform: "discord", Team: "G", Channel: "2"}
	a.found(Seen{Channels: []Channel{{com, "com"}, {alerts, "com-alertes"}}})
	a.card("where", a.chat.view)
	a.form("channels", a.chat.placeForm)
	a.answer("morgan", func(p *Progress) { p.Brand.Approvals, p.Brand.Alerts = []board.Place{com}, []board.Place{alerts} })
	a.card("networks", a.chat.view)
	a.form("which networks", a.chat.networkForm)
	a.answer("noa", func(p *Progress) {
		p.Brand.Accounts = []brand.Account{{ID: "linkedin", Name: "LinkedIn"}, {ID: "x", Name: "X"}}
		p.Listen = Listen{Words: []string{"colibri"}, Not: []string{"oiseau"}}
	})
	a.form("words", a.chat.listenForm)
	a.card("tried", a.chat.view)
	a.answer("noa", func(p *Progress) { p.Listen.Fine = true })
	a.card("ready", a.chat.view)
	a.act(func(ctx context.Context, tx *state.Tx) error { return a.Finish(ctx, tx, "morgan") })
	a.cards-- // the last screen is the one before, once it is done
	a.card("done", a.chat.view)
	a.cards-- // this one is in the channel
	a.card("trial", trial)
}

// found keeps what a look found, as its receipt does.
func (a *album) found(seen Seen) {
	keep, err := Found(seen)
	if err != nil {
		a.t.Fatal(err)
	}
	c := state.Finishing(work.Ticket{}, outbox.Effect{ID: "look", Kind: LookKind}, outbox.Receipt{Effect: "look", Status: outbox.Sent, Keep: keep})
	c.Receipt, c.Ack = nil, nil
	if _, err := a.store.Commit(a.t.Context(), c); err != nil {
		a.t.Fatal(err)
	}
}

// A brand is taken to be where who sets it up is, with the public holidays of most
// people there.
func TestPlaceOf(t *testing.T) {
	for says, want := range map[string]string{
		"": "Europe/Paris fr", "Europe/Paris": "Europe/Paris fr", "America/Guadeloupe": "America/Guadeloupe fr-guadeloupe",
		"America/Toronto": "America/Toronto ", "Mars/Olympus": "Europe/Paris fr", "Local": "Europe/Paris fr",
	} {
		if zone, h := placeOf(bot.User{Zone: says}); zone+" "+string(h) != want {
			t.Errorf("%q: %s %s, want %s", says, zone, h, want)
		}
	}
}
