package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/work"
	"crieur/integrations/chat/discord/discordfake"
)

// both runs a test over HTTP and over the gateway.
func both(t *testing.T, test func(*testing.T, *pair)) {
	for name, gateway := range map[string]bool{"http": false, "gateway": true} {
		t.Run(name, func(t *testing.T) { test(t, newPair(t, tune{gateway: gateway})) })
	}
}

func TestCommand(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		got := p.fake.Command("111", "C", "brouillon", "  Notre thé est de retour ")
		if got.Err != nil || got.Failed || got.Response != 5 || !got.Message.Private || !got.Message.Loading {
			t.Fatalf("result %+v", got)
		}
		e := p.nth(t, 0)
		if e.ID != "dc:int:"+got.ID || e.Kind != bot.Command || e.Command != "draft" || e.Text != "Notre thé est de retour" || e.Direct ||
			e.Place != com() || e.Team != "G" || e.User.ID != "111" || e.User.Locale != "fr" || !slices.Equal(e.User.Groups, []string{"77"}) {
			t.Errorf("event %+v", e)
		}
		if !e.Reply.Deferred || e.Reply.Secret != got.Token || e.Reply.Expires.Sub(e.At) != handleLife {
			t.Errorf("handle %+v", e.Reply)
		}
		if err := p.chat.Answer(t.Context(), e.Reply, simple()); err != nil {
			t.Fatal(err)
		}
		all := p.fake.Ephemerals("111")
		if len(all) != 1 || all[0].Loading || all[0].Plain() != "À valider\nUn accord suffit." {
			t.Errorf("answers %+v", all)
		}
	})
}

func TestSubcommandAndDirectMessage(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		if got := p.fake.Command("111", "", "crieur aide", "planning"); got.Failed {
			t.Fatal(got.Err)
		}
		e := p.nth(t, 0)
		want := board.Place{Platform: "discord", Team: "G", Channel: "@111"}
		if e.Command != "crieur" || e.Text != "help planning" || !e.Direct || e.Place != want || e.Team != "G" || e.User.Name != "ada" {
			t.Errorf("event %+v", e)
		}
		if got := p.fake.Command("111", "C", "crieur", ""); got.Err == nil {
			t.Error("a group was usable alone")
		}
	})
}

// The name of a subcommand is the word that it stands for; that for any words is none.
func TestTextOfSubcommands(t *testing.T) {
	for raw, want := range map[string]string{
		`{"options":[{"name":"connect","type":1,"options":[{"name":"text","type":3,"value":"K7Q2-M4PX"}]}]}`: "connect K7Q2-M4PX",
		`{"options":[{"name":"status","type":1}]}`:                                                           "status",
		`{"options":[{"name":"ask","type":1,"options":[{"name":"text","type":3,"value":"planing"}]}]}`:       "planing",
		`{"options":[{"name":"ask","type":1}]}`:                                                              "",
		`{"options":[{"name":"text","type":3,"value":"since before"}]}`:                                      "since before",
	} {
		var data commandData
		if err := json.Unmarshal([]byte(raw), &data); err != nil || data.text() != want {
			t.Errorf("%s: %q, %v", raw, data.text(), err)
		}
	}
}

func TestNothingToSayTakesThinkingAway(t *testing.T) {
	p := newPair(t, tune{})
	p.fake.Command("111", "C", "draft", "x")
	e := p.nth(t, 0)
	if err := p.chat.Answer(t.Context(), e.Reply, bot.Card{}); err != nil {
		t.Fatal(err)
	}
	if all := p.fake.Ephemerals("111"); len(all) != 0 {
		t.Errorf("still there: %+v", all)
	}
}

func TestQuietCommandLeavesNothing(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		p.set(func(d *desk) { d.acks["draft+"] = bot.Quiet })
		if got := p.fake.Command("111", "C", "draft", "x"); got.Response != 5 {
			t.Fatalf("%+v", got)
		}
		eventually(t, "nothing is shown", func() bool { return len(p.fake.Ephemerals("111")) == 0 })
		e := p.nth(t, 0)
		if e.Reply.Deferred {
			t.Error("nobody waits for a quiet command")
		}
		if err := p.chat.Answer(t.Context(), e.Reply, simple()); err != nil {
			t.Fatal(err)
		}
		if all := p.fake.Ephemerals("111"); len(all) != 1 {
			t.Errorf("answers %+v", all)
		}
	})
}

func TestHandleExpires(t *testing.T) {
	clock := &hand{at: time.Now()}
	p := newPair(t, tune{fake: discordfake.Options{Now: clock.now}, chat: Options{Now: clock.now}})
	p.fake.Command("111", "C", "draft", "x")
	e := p.nth(t, 0)
	clock.move(16 * time.Minute)
	for _, h := range []bot.Handle{e.Reply, {Secret: e.Reply.Secret, Deferred: true}, {Secret: e.Reply.Secret}, {Secret: "unknown"}, {}} {
		if err := p.chat.Answer(t.Context(), h, simple()); !errors.Is(err, outbox.ErrGone) {
			t.Errorf("answering after 16 min: %v", err)
		}
	}
}

func TestBusyClick(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		p.set(func(d *desk) { d.acks["review.approve"] = bot.Busy })
		card := simple()
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Picture, URL: "https://example.com/a.png", Alt: "une boîte rouge"}, bot.Block{Kind: bot.Rule})
		place, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got := p.fake.Click("111", place.Message, "Valider les 3")
		if got.Err != nil || got.Response != 7 {
			t.Fatalf("%+v", got)
		}
		m, _ := p.fake.Message(place.Message)
		if len(m.Buttons)+len(m.Menus) != 0 || m.Plain() != "À valider\nUn accord suffit.\nEn cours…" || len(m.Pictures) != 1 {
			t.Errorf("while busy: %q %v %v", m.Plain(), m.Buttons, m.Pictures)
		}
		e := p.nth(t, 0)
		if e.Kind != bot.Action || e.Action != "review.approve" || e.Arg != "" || e.Token != "tok" || e.Place != place || e.Reply.Deferred {
			t.Errorf("event %+v", e)
		}
	})
}

func TestWaitAndQuietClicks(t *testing.T) {
	p := newPair(t, tune{})
	p.set(func(d *desk) { d.acks["review.ask"] = bot.Quiet })
	place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.fake.Click("111", place.Message, "Demander une retouche"); got.Response != 6 {
		t.Errorf("quiet: %+v", got)
	}
	if got := p.fake.Click("222", place.Message, "Refuser"); got.Response != 5 {
		t.Errorf("wait: %+v", got)
	}
	if e := p.nth(t, 0); e.Action != "review.ask" || e.Arg != "x" || e.Reply.Deferred {
		t.Errorf("first %+v", e)
	}
	if e := p.nth(t, 1); e.Action != "review.reject" || e.Values != nil || !e.Reply.Deferred || e.User.Locale != "en-GB" {
		t.Errorf("choice in More… %+v", e)
	}
	if m, _ := p.fake.Message(place.Message); len(m.Buttons) != 2 {
		t.Error("the buttons went away")
	}
}

func TestMenu(t *testing.T) {
	p := newPair(t, tune{})
	card := bot.Card{Token: "tok", Title: bot.Say("Menus"), Blocks: []bot.Block{{Kind: bot.Menu, Select: &bot.Select{Action: "plan.pick", Label: "Réseaux", Many: true,
		Choices: []bot.Choice{{Value: "x", Label: "X"}, {Value: "li", Label: "LinkedIn"}}, Chosen: []string{"x"}}}}}
	place, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.fake.Choose("111", place.Message, "Réseaux", "X", "LinkedIn"); got.Failed {
		t.Fatal(got.Err)
	}
	if e := p.nth(t, 0); e.Action != "plan.pick" || !slices.Equal(e.Values["choice"], []string{"x", "li"}) {
		t.Errorf("event %+v", e)
	}
}

// Discord's menus are not searched: they say what they leave out.
func TestMenusSayWhatTheyLeaveOut(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		const left = "25 choix affichés sur 40."
		var all []bot.Choice
		for n := range bot.MostChoices {
			all = append(all, bot.Choice{Value: fmt.Sprint("v", n), Label: fmt.Sprint("Post ", n)})
		}
		place, err := p.chat.Post(t.Context(), com(), bot.Card{Token: "tok", Blocks: []bot.Block{
			{Kind: bot.Menu, Select: &bot.Select{Action: "plan.swap", Label: "Échanger avec", Choices: all, Left: left}}}}, bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if m, _ := p.fake.Message(place.Message); m.Plain() != left {
			t.Errorf("reads %q", m.Plain())
		}
	})
}

func TestBusyPrivateCardIsReplacedByItsAnswer(t *testing.T) {
	p := newPair(t, tune{})
	p.set(func(d *desk) { d.acks["review.approve"] = bot.Busy })
	p.fake.Command("111", "C", "draft", "x")
	if err := p.chat.Answer(t.Context(), p.nth(t, 0).Reply, simple()); err != nil {
		t.Fatal(err)
	}
	card := p.fake.Ephemerals("111")[0]
	if got := p.fake.Click("111", card.ID, "Valider les 3"); got.Response != 7 {
		t.Fatalf("%+v", got)
	}
	if err := p.chat.Answer(t.Context(), p.nth(t, 1).Reply, bot.Card{Title: bot.Say("Suivant")}); err != nil {
		t.Fatal(err)
	}
	if all := p.fake.Ephemerals("111"); len(all) != 1 || all[0].ID != card.ID || all[0].Plain() != "Suivant" {
		t.Errorf("now %+v", all)
	}
}

func askingCard() bot.Card {
	card := simple()
	card.Buttons[0].Confirm = &bot.Confirm{Title: "Tout suspendre ?", Text: "3 posts attendent.", Yes: "Suspendre les 3", No: "Ne rien faire"}
	return card
}

func TestConfirm(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		for _, ack := range []bot.Ack{bot.Busy, bot.Wait, bot.Quiet} {
			p.set(func(d *desk) { d.acks["review.approve"] = ack; d.cards["tok"] = askingCard() })
			place, err := p.chat.Post(t.Context(), com(), askingCard(), bot.PostOptions{})
			if err != nil {
				t.Fatal(err)
			}
			before := len(p.all())
			asked := p.fake.Click("111", place.Message, "Valider les 3")
			if asked.Response != 4 || !asked.Message.Private || asked.Message.Plain() != "Tout suspendre ?\n3 posts attendent." {
				t.Fatalf("asked %+v", asked)
			}
			if len(p.all()) != before {
				t.Fatal("it was done before the answer")
			}
			if got := p.fake.Click("111", asked.Message.ID, "Ne rien faire"); got.Response != 7 || len(got.Message.Buttons) != 0 {
				t.Errorf("no: %+v", got)
			}
			if len(p.all()) != before {
				t.Fatal("it was done after no")
			}
			asked = p.fake.Click("111", place.Message, "Valider les 3")
			if got := p.fake.Click("111", asked.Message.ID, "Suspendre les 3"); got.Failed {
				t.Fatalf("yes: %+v", got)
			}
			e := p.nth(t, before)
			if e.Action != "review.approve" || e.Place != place {
				t.Errorf("event %+v", e)
			}
			if err := p.chat.Answer(t.Context(), e.Reply, bot.Card{}); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the question goes away", func() bool {
				_, there := p.fake.Message(asked.Message.ID)
				return !there
			})
		}
	})
}

func TestConfirmWithoutRedrawOrMemory(t *testing.T) {
	p := newPair(t, tune{front: nil})
	place, err := p.chat.Post(t.Context(), com(), askingCard(), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.fake.Click("111", place.Message, "Valider les 3"); got.Message.Plain() != "Tout suspendre ?\n3 posts attendent." {
		t.Errorf("from memory: %q", got.Message.Plain())
	}
	p.chat.cards = newKept[bot.Card](10) // as after a restart
	got := p.fake.Click("111", place.Message, "Valider les 3")
	if got.Message.Plain() != "Confirmer\u00a0?" || strings.Join(got.Message.Labels(), "|") != "Confirmer|Annuler" {
		t.Errorf("asked %q %v", got.Message.Plain(), got.Message.Labels())
	}
}

func TestFoldedWords(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		card := bot.Card{Lang: "fr", Title: bot.Say("Deux insultes"), Blocks: []bot.Block{
			{Kind: bot.Quote, Quoted: "bande de voleurs", Folded: true}, {Kind: bot.Quote, Quoted: "allez **crever**", Folded: true, Label: "Menace, repliée"}}}
		place, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		m, _ := p.fake.Message(place.Message)
		if strings.Contains(m.Text, "voleurs") || m.Plain() != "Deux insultes\nMessage insultant, replié\nMenace, repliée" {
			t.Errorf("shows %q", m.Plain())
		}
		if len(m.Buttons) != 2 || m.Buttons[1].Label != "Afficher" {
			t.Fatalf("buttons %v", m.Labels())
		}
		got := p.fake.Press("111", place.Message, m.Buttons[1].CustomID)
		if got.Response != 4 || !got.Message.Private || got.Message.Plain() != "allez **crever**" {
			t.Errorf("shown %+v", got.Message)
		}
		if len(p.all()) != 0 {
			t.Error("showing is not an event")
		}
	})
}

// TestLongPrivateAnswerOfARepetition: an interaction comes twice now and then, or two
// processes have it; all of the answer is said once.
func TestLongPrivateAnswerOfARepetition(t *testing.T) {
	for name, fault := range map[string]discordfake.Fault{"": {}, "answer lost": {Path: "/callback", DropAfter: true}} {
		p := newPair(t, tune{gateway: true})
		place, err := p.chat.Post(t.Context(), com(), bot.Card{Lang: "fr", Blocks: []bot.Block{
			{Kind: bot.Quote, Quoted: strings.Repeat("bande de voleurs ", 500), Folded: true}}}, bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if name != "" {
			p.fake.Inject(fault)
		}
		if got := p.fake.Click("111", place.Message, "Afficher"); got.Response != 4 {
			t.Fatalf("%s: %+v", name, got)
		}
		eventually(t, name+": all of it", func() bool { return len(p.fake.Ephemerals("111")) == 3 })
		p.fake.Repeat()
		p.fake.Command("111", "C", "draft", "x")
		p.nth(t, 0)
		time.Sleep(100 * time.Millisecond)
		if n := len(p.fake.Ephemerals("111")); n != 4 { // with that of the command
			t.Errorf("%s: %d private messages", name, n)
		}
		p.fake.Forgive()
	}
}

func ourForm() bot.Form {
	return bot.Form{Action: "draft.new", Arg: "new", Token: "ftok", Title: "Nouveau brouillon", Intro: "Tout se corrige après.", Submit: "Créer", Cancel: "Annuler", Fields: []bot.Field{
		{ID: "text", Kind: bot.Area, Label: "Texte", Hint: "Ce qui sera dit", Max: 3000},
		{ID: "day", Kind: bot.Date, Label: "Jour", Optional: true},
		{ID: "at", Kind: bot.Clock, Label: "Heure", Optional: true},
		{ID: "nets", Kind: bot.PickMany, Label: "Réseaux", Optional: true, Choices: []bot.Choice{{Value: "x", Label: "X"}, {Value: "li", Label: "LinkedIn"}}},
	}}
}

func TestForm(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		p.set(func(d *desk) { d.acks["draft"] = bot.Open; d.forms["draft"] = ourForm() })
		got := p.fake.Command("111", "C", "brouillon", "")
		if got.Response != 9 || got.Modal == nil || got.Modal.Title != "Nouveau brouillon" || got.Modal.Text != "Tout se corrige après." {
			t.Fatalf("%+v", got)
		}
		p.set(func(d *desk) { d.wrong = map[string]string{"day": "Cette date est passée."} })
		long := strings.Repeat("Notre thé de Noël est de retour. ", 60)
		sent := p.fake.SubmitModal("111", map[string]string{"Texte": long, "Jour": "26/11/2026", "Heure": "18 h 30", "Réseaux": "X|LinkedIn"})
		if sent.Response != 4 || !sent.Message.Private {
			t.Fatalf("refused with %+v", sent)
		}
		if text := sent.Message.Plain(); !strings.Contains(text, "Jour · Cette date est passée.") || !strings.Contains(text, strings.TrimSpace(long)) {
			t.Errorf("says %q", text)
		}
		if len(p.all()) != 0 {
			t.Fatal("a refused form was let in")
		}
		again := p.fake.Click("111", sent.Message.ID, "Corriger le formulaire")
		if again.Response != 9 || again.Modal.Fields[0].Value != long || again.Modal.Fields[1].Value != "2026-11-26" || len(again.Modal.Fields[3].Values) != 2 {
			t.Fatalf("opened again %+v", again.Modal)
		}
		p.set(func(d *desk) { d.wrong = nil })
		if sent := p.fake.SubmitModal("111", map[string]string{"Jour": "27/11/2026"}); sent.Response != 5 {
			t.Fatalf("%+v", sent)
		}
		e := p.nth(t, 0)
		if e.Kind != bot.Submit || e.Action != "draft.new" || e.Arg != "new" || e.Token != "ftok" || e.Values["text"][0] != long ||
			e.Values["day"][0] != "2026-11-27" || e.Values["at"][0] != "18:30" || !slices.Equal(e.Values["nets"], []string{"x", "li"}) {
			t.Errorf("event %+v", e)
		}
	})
}

func TestFormFromAButtonKeepsTheMessage(t *testing.T) {
	p := newPair(t, tune{})
	p.set(func(d *desk) {
		d.acks["review.ask"], d.acks["draft.new"] = bot.Open, bot.Busy
		d.forms["review.ask"] = ourForm()
	})
	place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.fake.Click("111", place.Message, "Demander une retouche"); got.Response != 9 {
		t.Fatalf("%+v", got)
	}
	if got := p.fake.SubmitModal("111", map[string]string{"text": "plus court"}); got.Response != 7 {
		t.Fatalf("%+v", got)
	}
	if e := p.nth(t, 0); e.Place != place {
		t.Errorf("place %+v", e.Place)
	}
}

func TestRefusedForms(t *testing.T) {
	p := newPair(t, tune{})
	p.set(func(d *desk) {
		d.acks["draft"] = bot.Open
		d.formErr = bot.Refuse("Seule la validation peut faire ça.")
	})
	if got := p.fake.Command("111", "C", "draft", ""); got.Response != 4 || got.Message.Plain() != "Seule la validation peut faire ça." {
		t.Errorf("refused: %+v", got.Message)
	}
	p.set(func(d *desk) { d.formErr = errors.New("redis is away") })
	if got := p.fake.Command("111", "C", "draft", ""); got.Response != 4 || strings.Contains(got.Message.Text, "redis") {
		t.Errorf("failed: %+v", got.Message)
	}
	huge := ourForm()
	huge.Fields[0].Value = []string{strings.Repeat("é", 4001)}
	p.set(func(d *desk) { d.formErr = nil; d.forms["draft"] = huge })
	if got := p.fake.Command("111", "C", "draft", ""); got.Response != 4 || !strings.Contains(got.Message.Plain(), "ne tient pas dans Discord") {
		t.Errorf("too long: %+v", got.Message)
	}
}

func TestComplete(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		p.set(func(d *desk) {
			for _, name := range []string{"planning", "plan", "point"} {
				d.choices = append(d.choices, bot.Choice{Value: name, Label: name})
			}
			for range 60 {
				d.choices = append(d.choices, bot.Choice{Value: "z" + strings.Repeat("a", len(d.choices)), Label: "zebra"})
			}
		})
		if got := p.fake.Complete("111", "C", "brouillon", "pl"); got.Response != 8 || len(got.Choices) != 2 {
			t.Errorf("%+v", got)
		}
		if got := p.fake.Complete("111", "C", "crieur aide", "help z"); len(got.Choices) != 0 {
			t.Errorf("%+v", got)
		}
		if got := p.fake.Complete("111", "C", "draft", "z"); len(got.Choices) != 25 {
			t.Errorf("%d choices", len(got.Choices))
		}
	})
}

func TestShortcuts(t *testing.T) {
	p := newPair(t, tune{})
	said, err := p.fake.Say("222", "C", "Trois semaines **pour** du thé")
	if err != nil {
		t.Fatal(err)
	}
	p.fake.Attach("C", said, "dessin.png", []byte("dessin"))
	if got := p.fake.MessageCommand("111", "C", said, "En faire un post"); got.Response != 5 {
		t.Fatalf("%+v", got)
	}
	e := p.nth(t, 0)
	if e.Kind != bot.Shortcut || e.Action != "draft.quote" || e.Quote != "Trois semaines **pour** du thé" || e.From != "bob" || e.Place.Message != said {
		t.Errorf("event %+v", e)
	}
	if late := time.Since(e.SaidAt); e.FromID != "222" || late < 0 || late > time.Minute || !strings.HasSuffix(e.Address, "/"+said) {
		t.Errorf("on what, when, of whom: %+v", e)
	}
	if len(e.Files) != 1 || e.Files[0].Name != "dessin.png" || e.Files[0].Size != 6 || !strings.Contains(e.Files[0].Ref, "/attachments/") {
		t.Errorf("with the files %+v", e.Files)
	}
	p.fake.UserCommand("111", "C", "222", "Fiche de cette personne")
	if e := p.nth(t, 1); e.Action != "people.sheet" || e.Person != "222" || e.From != "bob" {
		t.Errorf("event %+v", e)
	}
}

func TestIngressAwayOrSlow(t *testing.T) {
	both(t, func(t *testing.T, p *pair) {
		place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for name, row := range map[string]struct {
			change func(*desk)
			says   string
		}{
			"refuses": {func(d *desk) { d.refuse = errors.New("redis is away") }, "Nothing was saved"},
			"hangs":   {func(d *desk) { d.hang = time.Minute }, "Nothing was saved"},
			"unsure":  {func(d *desk) { d.refuse = fmt.Errorf("accept: %w", work.ErrUnsure) }, "Not confirmed yet"},
		} {
			p.set(row.change)
			got := p.fake.Command("222", "C", "draft", "x")
			if got.Response != 4 || !got.Message.Private || !strings.HasPrefix(got.Message.Plain(), row.says) {
				t.Errorf("%s: %+v", name, got)
			}
			if got := p.fake.Click("222", place.Message, "Valider les 3"); got.Response != 4 { // after 3 s there would be none
				t.Errorf("%s, click: %+v", name, got)
			}
			p.set(func(d *desk) { d.hang, d.refuse = 0, nil })
		}
	})
}

func TestUnknownComponents(t *testing.T) {
	p := newPair(t, tune{})
	place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", "zz", "a1:x", "a1:UP:x", "f1:-1:x", "m1", "n1:x", "y1::::", "a9:review.approve:tok"} {
		if got := p.fake.Press("111", place.Message, id); got.Response != 4 || !got.Message.Private {
			t.Errorf("%q answered with %+v", id, got)
		}
	}
	if len(p.all()) != 0 {
		t.Errorf("events %+v", p.all())
	}
}

func TestRepeatedInteraction(t *testing.T) {
	p := newPair(t, tune{gateway: true})
	p.fake.Command("111", "C", "draft", "x")
	p.nth(t, 0)
	p.fake.Repeat()
	p.fake.Command("111", "C", "draft", "y")
	p.nth(t, 1)
	if n := len(p.all()); n != 2 {
		t.Errorf("%d events", n)
	}
	p.fake.Forgive() // the second response is refused by Discord, as it should be
}

func TestSignatures(t *testing.T) {
	p := newPair(t, tune{})
	if err := p.fake.Endpoint(p.chat); err != nil {
		t.Error(err)
	}
	for name, r := range p.fake.BadlySigned([]byte(`{"id":"7","type":2,"token":"t","data":{"name":"draft","type":1}}`)) {
		w := httptest.NewRecorder()
		p.chat.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%s: HTTP %d", name, w.Code)
		}
	}
	if len(p.all()) != 0 {
		t.Errorf("forged events %+v", p.all())
	}
}

func TestHTTPEdges(t *testing.T) {
	p := newPair(t, tune{})
	for _, row := range []struct {
		name string
		r    *http.Request
		want int
	}{
		{"GET", httptest.NewRequest(http.MethodGet, "/discord/interactions", nil), 405},
		{"over 1 MiB", p.fake.Signed([]byte(`{"type":1,"x":"`+strings.Repeat("a", 1<<20)+`"}`), time.Now()), 413},
		{"just under 1 MiB", p.fake.Signed([]byte(`{"type":1,"x":"`+strings.Repeat("a", 1<<20-100)+`"}`), time.Now()), 200},
		{"not JSON", p.fake.Signed([]byte(`hello`), time.Now()), 400},
		{"no type", p.fake.Signed([]byte(`{}`), time.Now()), 400},
	} {
		w := httptest.NewRecorder()
		p.chat.ServeHTTP(w, row.r)
		if w.Code != row.want {
			t.Errorf("%s: HTTP %d, want %d", row.name, w.Code, row.want)
		}
	}
	bare, err := New(Options{Token: "t", AppID: "1"}, p.desk, p.desk)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	bare.ServeHTTP(w, p.fake.Signed([]byte(`{"type":1}`), time.Now()))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("without a public key: HTTP %d", w.Code)
	}
}

// The handler may be done before the acknowledgement has reached Discord.
func TestAnswerBeforeTheAcknowledgement(t *testing.T) {
	p := newPair(t, tune{gateway: true})
	p.fake.Inject(discordfake.Fault{Path: "/callback", Delay: 300 * time.Millisecond})
	done := make(chan error, 1)
	go func() { done <- p.chat.Answer(t.Context(), p.nth(t, 0).Reply, simple()) }()
	if got := p.fake.Command("111", "C", "draft", "x"); got.Response != 5 {
		t.Fatalf("%+v", got)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if all := p.fake.Ephemerals("111"); len(all) != 1 || all[0].Loading {
		t.Errorf("answers %+v", all)
	}
}

// Whatever the ingress does, every interaction is acknowledged within a second,
// and every loser of a race gets a private answer.
func TestStormOfClicks(t *testing.T) {
	for name, hang := range map[string]time.Duration{"prompt": 0, "hangs": 10 * time.Second} {
		t.Run(name, func(t *testing.T) {
			bubble(t, tune{fake: discordfake.Options{Unlimited: true}}, func(t *testing.T, p *pair) {
				p.set(func(d *desk) { d.hang = hang; d.acks["review.approve"] = bot.Busy })
				place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
				if err != nil {
					t.Fatal(err)
				}
				clicks := 200
				if long() {
					clicks = 10000
				}
				m, _ := p.fake.Message(place.Message)
				var all sync.WaitGroup
				for range clicks {
					all.Go(func() {
						got := p.fake.Press("111", place.Message, m.Buttons[0].CustomID)
						if got.Failed || got.Took > time.Second {
							t.Errorf("answered %v after %v", !got.Failed, got.Took)
						}
						if want := map[bool]int{true: 4, false: 7}[hang > 0]; got.Response != want {
							t.Errorf("response %d", got.Response)
						}
					})
				}
				all.Wait()
				if hang == 0 && len(p.all()) != clicks {
					t.Errorf("%d events", len(p.all()))
				}
				time.Sleep(hang) // what hangs comes to its end
			})
		})
	}
}

// sleeper is a front that answers after ten seconds, deaf to its context.
type sleeper struct{ seer }

func (sleeper) Form(context.Context, bot.Event) (bot.Form, error) {
	time.Sleep(10 * time.Second)
	return ourForm(), nil
}

func (sleeper) Check(context.Context, bot.Event) (map[string]string, error) {
	time.Sleep(10 * time.Second)
	return nil, nil
}

func (sleeper) Choices(context.Context, bot.Event, string) ([]bot.Choice, error) {
	time.Sleep(10 * time.Second)
	return []bot.Choice{{Value: "late", Label: "late"}}, nil
}

func (sleeper) Redraw(context.Context, bot.Event) (bot.Card, error) {
	time.Sleep(10 * time.Second)
	return simple(), nil
}

func (sleeper) Known(context.Context, bot.Event) bool {
	time.Sleep(10 * time.Second)
	return true
}

// TestSlowFront: whatever the front does, the person is answered within a second.
func TestSlowFront(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		p.set(func(d *desk) {
			d.acks["draft"], d.acks["draft.new"], d.acks["review.approve"] = bot.Open, bot.Wait, bot.Busy
			d.forms["draft"] = ourForm()
		})
		card := simple()
		card.Buttons[1].Confirm = &bot.Confirm{Title: "Vraiment ?"}
		place, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.fake.Command("111", "C", "draft", ""); got.Response != 9 {
			t.Fatalf("%+v", got)
		}
		p.chat.front = sleeper{seer{p.desk}}
		for _, row := range []struct {
			name     string
			do       func() discordfake.Result
			response int
			says     string
		}{
			{"completion", func() discordfake.Result { return p.fake.Complete("111", "C", "draft", "x") }, 8, ""},
			{"form sent", func() discordfake.Result {
				return p.fake.SubmitModal("111", map[string]string{"Texte": "Notre thé de Noël est de retour."})
			}, 4, "Rien n’a été enregistré"},
			{"form", func() discordfake.Result { return p.fake.Command("111", "C", "draft", "") }, 4, "à temps"},
			{"question", func() discordfake.Result { return p.fake.Click("111", place.Message, "Demander une retouche") }, 4, "Vraiment"},
			{"busy", func() discordfake.Result { return p.fake.Click("111", place.Message, "Valider les 3") }, 6, ""},
		} {
			got := row.do()
			if got.Failed || got.Response != row.response || got.Took > time.Second || len(got.Choices) > 0 {
				t.Errorf("%s: %+v", row.name, got)
			}
			if row.says != "" && (got.Message == nil || !strings.Contains(got.Message.Plain(), row.says)) {
				t.Errorf("%s says %+v", row.name, got.Message)
			}
		}
		time.Sleep(20 * time.Second) // what sleeps comes to its end
	})
}

func FuzzInteraction(f *testing.F) {
	for _, data := range []string{
		`{"type":1}`, `{"id":"1","type":2,"token":"t","data":{"name":"draft","type":1,"options":[{"name":"text","type":3,"value":"x"}]}}`,
		`{"id":"1","type":3,"message":{"id":"2","flags":32768,"components":[{"type":17,"components":[{"type":10,"content":"x"},{"type":12,"items":[{}]},{"type":13}]}]},"data":{"custom_id":"a1:x.y:t","component_type":2}}`,
		`{"id":"1","type":5,"data":{"custom_id":"a1:x.y:t","components":[{"type":18,"component":{"type":4,"custom_id":"d.day","value":"1/2/2026"}},{"type":1,"components":[{"custom_id":"x","values":[1]}]}]}}`,
		`{"id":"1","type":4,"data":{"options":[{"options":[{"value":3.5,"focused":true}]}]}}`, `{"type":99}`, `{"type":3,"data":7,"member":{}}`,
		`{"type":3,"message":{"flags":32768,"components":[{"type":"x"},{"type":17}]},"data":{"custom_id":"m1","values":["q1:a:b"]}}`,
	} {
		f.Add([]byte(data))
	}
	d := newDesk(f)
	c, err := New(Options{Token: "t", AppID: "1", APIURL: "http://127.0.0.1:1", Commands: testCommands()}, d, seer{d})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var in interaction
		if json.Unmarshal(data, &in) != nil {
			return
		}
		got := c.respond(t.Context(), in)
		if got.Type == 0 {
			t.Errorf("no response to %s", data)
		}
		if _, err := json.Marshal(got); err != nil {
			t.Error(err)
		}
		d.set(func(d *desk) { d.events, d.seen = nil, map[string]bool{} })
	})
}

// take stores nothing: it leaves the cost of the adapter alone.
type take struct{}

func (take) Accept(context.Context, []string, bot.Event) (bool, error) { return true, nil }

func BenchmarkSignedCommand(b *testing.B) {
	d := newDesk(b)
	fake := discordfake.Start(b, discordfake.Options{})
	c, err := New(Options{Token: "t", AppID: "1", PublicKey: fake.PublicKey()}, take{}, d)
	if err != nil {
		b.Fatal(err)
	}
	body := []byte(`{"id":"1","application_id":"1","type":2,"token":"t","guild_id":"G","channel_id":"C","channel":{"id":"C","type":0},"locale":"fr",` +
		`"member":{"user":{"id":"111","username":"ada"},"roles":["77"],"permissions":"0"},"data":{"id":"5","name":"draft","type":1,"options":[{"name":"text","type":3,"value":"Notre thé de Noël est de retour"}]}}`)
	signed := fake.Signed(body, time.Now())
	b.ReportAllocs()
	for b.Loop() {
		r := signed.Clone(signed.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
