package discord

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"crieur/bot"
)

// inviting is a form whose fields have more to choose from than a menu of Discord
// holds, and a team of sixty to search.
func inviting(d *desk) {
	d.choices = nil
	for n := range 60 {
		d.choices = append(d.choices, bot.Choice{Value: fmt.Sprint("m", n), Label: fmt.Sprintf("Zoé %02d", n)})
	}
	d.choices = append(d.choices, bot.Choice{Value: "ines", Label: "Inès Martin, Paris"}, bot.Choice{Value: "leo", Label: "Léo"})
	const left = "25 choix affichés sur 62."
	d.acks["draft"] = bot.Open
	d.forms["draft"] = bot.Form{Action: "news.told", Arg: "x", Token: "tok", Title: "Prévenir", Submit: "Prévenir", Cancel: "Annuler", Fields: []bot.Field{
		{ID: "members", Kind: bot.PickMany, Label: "Qui", Hint: "De l’équipe.", Choices: d.choices[:25], Value: []string{"m0", "m1"}, Left: left},
		{ID: "owner", Kind: bot.Pick, Label: "Pour", Choices: d.choices[:25], Left: left, Optional: true},
	}}
}

func TestLongMenusAreWritten(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		p.set(inviting)
		got := p.fake.Command("111", "C", "brouillon", "")
		if got.Modal == nil {
			t.Fatalf("%+v", got)
		}
		many, one := got.Modal.Fields[0], got.Modal.Fields[1]
		if many.Kind != 4 || many.Value != "Zoé 00\nZoé 01" || many.Description != "Écrire les noms, un par ligne. De l’équipe." || !many.Required {
			t.Errorf("several: %+v", many)
		}
		if one.Kind != 4 || one.Value != "" || one.Description != "Écrire le nom." || one.Required {
			t.Errorf("one: %+v", one)
		}
		sent := p.fake.SubmitModal("111", map[string]string{"Qui": " zoe 01 \n\nines martin, paris\nZoé 59", "Pour": "LÉO"})
		if sent.Failed || len(p.all()) != 1 {
			t.Fatalf("%+v", sent)
		}
		if e := p.sought; e.Kind != bot.Submit || e.Action != "news.told" || e.Arg != "x" || e.Token != "tok" {
			t.Errorf("searched of %+v", e)
		}
		if e := p.nth(t, 0); !slices.Equal(e.Values["members"], []string{"m1", "ines", "m59"}) || !slices.Equal(e.Values["owner"], []string{"leo"}) {
			t.Errorf("means %v", e.Values)
		}
	})
}

// A name that could be several, or none, is asked again with the nearest ones; what
// was written stays.
func TestUnclearNames(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		p.set(inviting)
		p.fake.Command("111", "C", "brouillon", "")
		written := "Inès\nZo\nLoé\nPersonne d’ici"
		sent := p.fake.SubmitModal("111", map[string]string{"Qui": written})
		said := sent.Message.Plain()
		for _, want := range []string{"Zo · à préciser. Au plus proche\u00a0: Zoé 00, Zoé 01, Zoé 02", "Loé · à préciser. Au plus proche\u00a0: Léo", "Personne d’ici · ce nom n’est pas connu ici."} {
			if !strings.Contains(said, want) {
				t.Errorf("no %q in %q", want, said)
			}
		}
		if strings.Contains(said, "Inès ·") || len(p.all()) != 0 {
			t.Errorf("what is clear is asked again, or it was let in: %q", said)
		}
		again := p.fake.Click("111", sent.Message.ID, "Corriger le formulaire")
		if again.Modal == nil || again.Modal.Fields[0].Value != written {
			t.Fatalf("opened again %+v", again.Modal)
		}
		p.set(func(d *desk) { d.searchErr = errors.New("no store") })
		dead := p.fake.SubmitModal("111", map[string]string{"Qui": "Léo"})
		if !dead.Message.Private || len(p.all()) != 0 {
			t.Errorf("without a store: %+v", dead)
		}
		p.fake.Click("111", dead.Message.ID, "Corriger le formulaire")
		p.set(func(d *desk) { d.searchErr, d.wrong = nil, map[string]string{"members": "Plus personne."} })
		if refused := p.fake.SubmitModal("111", map[string]string{"Qui": "Inès"}); !strings.Contains(refused.Message.Plain(), "Plus personne.") {
			t.Errorf("refused with %q", refused.Message.Plain())
		}
	})
}

// What nobody can search is a menu that says what it leaves out.
func TestLongMenusWithoutASearch(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		p.set(func(d *desk) {
			inviting(d)
			d.forms["draft"].Fields[0].ID = "unsearched"
		})
		got := p.fake.Command("111", "C", "brouillon", "")
		if f := got.Modal.Fields[0]; f.Kind != 3 || len(f.Options) != 25 || f.Description != "25 choix affichés sur 62. De l’équipe." {
			t.Errorf("%+v", f)
		}
	})
}

func TestLines(t *testing.T) {
	for text, want := range map[string]string{"": "", "a": "a", " a \r\n\n b\tc \n": "a|b\tc", "\u00a0": ""} {
		if got := strings.Join(lines(text), "|"); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
