package digest

import (
	"context"
	"encoding/json"
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
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// evening is a brand at the time of its handover.
type evening struct {
	*testing.T
	*Engine
	store *statetest.Mem
	brand *brand.Brand
	now   time.Time
	count int
}

func newEvening(t *testing.T) *evening {
	b := colibri(t)
	b.Name, b.Handover, b.OnCall = "Maison Colibri", 17*60+45, []string{"noa", "morgan"}
	b.Approvals = []board.Place{{Platform: "slack", Team: "T", Channel: "com"}}
	member := func(id, name string) *brand.Member {
		return &brand.Member{ID: id, Name: name, Handles: map[string]string{"slack:T": "U" + id}}
	}
	e := &evening{T: t, store: statetest.NewMem(), brand: b, now: time.Date(2026, 11, 26, 17, 45, 0, 0, b.Zone)}
	e.Engine = &Engine{Space: &brand.Space{Brands: []*brand.Brand{b}, Members: []*brand.Member{member("noa", "Noa"), member("morgan", "Morgan")}},
		NewToken: func(*state.Tx) string { e.count++; return fmt.Sprint("token", e.count) }}
	return e
}

func (e *evening) step(decide func(context.Context, *state.Tx) error) (effects []outbox.Effect) {
	e.Helper()
	e.count++
	_, err := state.Do(e.Context(), e.store, fmt.Sprint("step", e.count), e.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		err := decide(ctx, tx)
		effects = tx.Effects()
		return nil, err
	})
	if err != nil {
		e.Fatal(err)
	}
	return effects
}

func (e *evening) handOver() []outbox.Effect {
	e.Helper()
	return e.step(func(ctx context.Context, tx *state.Tx) error {
		return e.Handover(ctx, tx, work.Item{Data: []byte("colibri")})
	})
}

// answer is a chat application's answer about a person.
func (e *evening) answer(member string, receipt outbox.Receipt) {
	e.Helper()
	receipt.Status = outbox.Sent
	data, err := json.Marshal(receipt)
	if err != nil {
		e.Fatal(err)
	}
	e.step(func(ctx context.Context, tx *state.Tx) error {
		return e.Answered(ctx, tx, work.Item{Conversation: "colibri/2026-11-26/" + member, Data: data})
	})
}

// card is the handover as people read it.
func (e *evening) card(lang string) string {
	e.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		e.Fatal(err)
	}
	var lines []string
	e.step(func(ctx context.Context, tx *state.Tx) error {
		card, err := handover(ctx, bot.ViewRequest{Space: e.Space.Now(), Brand: e.brand, Subject: "colibri/2026-11-26",
			Print: catalog.For(lang, e.brand.Zone), Now: e.now, Tx: tx})
		lines = []string{card.Title.String()}
		for _, block := range card.Blocks {
			lines = append(lines, block.Text.String())
		}
		return err
	})
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(strings.Join(lines, "\n"))
}

func places(t *testing.T, effects []outbox.Effect) (cards, asked []string) {
	for _, effect := range effects {
		switch effect.Kind {
		case QuietKind:
			var q Quiet
			if err := json.Unmarshal(effect.Data, &q); err != nil {
				t.Error(err)
			}
			asked = append(asked, q.Place.Channel)
		case board.EffectKind:
			if !effect.Notifies || effect.Critical {
				t.Errorf("%+v", effect)
			}
			_, channel, _ := strings.Cut(effect.Destination, ":T:")
			cards = append(cards, channel)
		}
	}
	slices.Sort(cards)
	return cards, asked
}

func TestTheHandoverSaysWhoIsOnCall(t *testing.T) {
	e := newEvening(t)
	cards, asked := places(t, e.handOver())
	if fmt.Sprint(cards, asked) != "[com] [@Unoa @Umorgan]" {
		t.Errorf("hung in %v, asked about %v", cards, asked)
	}
	if got, want := e.card("fr"), `Relève du jeudi 26 novembre · Maison Colibri
D’astreinte : Noa, Morgan, dans cet ordre.
Rien d’autre ne sonnera avant le prochain point, demain à 8 h 45.`; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for who, s := range map[string]Stretch{
		"noa":    {e.now.Add(4 * time.Hour), e.now.Add(14 * time.Hour)},
		"morgan": {e.now.Add(24 * time.Hour), e.now.Add(30 * time.Hour)}, // tomorrow night
	} {
		e.answer(who, Told(s))
	}
	if got, want := e.card("en"), `Handover of Thursday 26 November · Maison Colibri
On call: Noa, Morgan, in that order.
Do Not Disturb for Noa, from 21:45 to 07:45: the chat won’t ring there. Only pager and email get through.
Nothing else will ring before the next brief, tomorrow at 08:45.`; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestNobodyOnCallIsSaid(t *testing.T) {
	e := newEvening(t)
	e.brand.OnCall = []string{"noa"}
	e.Space.Now().Member("noa").Away = hours.Days{{Year: 2026, Month: time.November, Day: 26}}
	if cards, asked := places(t, e.handOver()); fmt.Sprint(cards, asked) != "[com] []" {
		t.Errorf("hung in %v, asked about %v", cards, asked)
	}
	if got := e.card("fr"); !strings.Contains(got, "Personne d’astreinte : même ce qui est critique attend le prochain point, demain à 8 h 45.") {
		t.Error(got)
	}
}

func TestAHandoverThatComesLateRingsNobody(t *testing.T) {
	e := newEvening(t)
	for _, after := range []time.Duration{time.Hour, 47 * time.Hour} { // after closing, on a Saturday
		e.now = e.now.Add(after)
		if effects := e.handOver(); len(effects) != 0 {
			t.Errorf("at %s: %+v", e.now, effects)
		}
	}
	_, next, err := e.store.MoveDue(t.Context(), e.now, 0)
	if want := time.Date(2026, 11, 30, 17, 45, 0, 0, e.brand.Zone); err != nil || !next.Equal(want) {
		t.Errorf("the next one is at %s, %v", next, err)
	}
}

func TestAnswersThatSayNothingChangeNothing(t *testing.T) {
	e := newEvening(t)
	e.handOver()
	before := e.card("fr")
	e.answer("noa", Told(Stretch{}))
	e.answer("noa", Told(Stretch{e.now.Add(-9 * time.Hour), e.now.Add(-time.Hour)}))
	e.answer("stranger/x", Told(Stretch{e.now, e.now.Add(time.Hour)}))
	if after := e.card("fr"); after != before {
		t.Error(after)
	}
}
