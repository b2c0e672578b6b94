package consoletest_test

import (
	"context"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/content"
	"crieur/bot/content/contenttest"
	"crieur/bot/i18n"
	"crieur/integrations/chat/console"
	"crieur/integrations/chat/console/consoletest"
)

// house is what stands behind the workspace: it answers at once.
type house struct {
	workspace *console.Console
	files     contenttest.Files
}

func (h *house) Accept(ctx context.Context, _ []string, e bot.Event) (bool, error) {
	said := bot.Card{Blocks: []bot.Block{bot.P("reçu " + e.Command + e.Action + " " + e.Text + strings.Join(e.Values["choice"], ""))}}
	if e.Kind == bot.Submit {
		said.Blocks = []bot.Block{bot.P("formulaire " + strings.Join(e.Values["text"], "") + strings.Join(e.Values["many"], "+"))}
		for _, file := range e.Files {
			data, err := h.workspace.Fetch(ctx, "t", file, content.MaxFile)
			if err != nil {
				return false, err
			}
			digest, err := h.files.Put(ctx, data)
			if err != nil {
				return false, err
			}
			said.Blocks = append(said.Blocks, bot.P(file.Name+" "+file.Type), bot.Block{Kind: bot.Picture, File: digest, Alt: "Une tasse"})
		}
	}
	return true, h.workspace.Answer(ctx, e.Reply, said)
}

func (h *house) Ack(e bot.Event) bot.Ack {
	switch {
	case e.Action == "a.form" && e.Kind == bot.Action:
		return bot.Open
	case e.Kind == bot.Action:
		return bot.Busy
	}
	return bot.Wait
}

func (h *house) Form(context.Context, bot.Event) (bot.Form, error) {
	return bot.Form{Action: "a.form", Title: "Formulaire", Submit: "Envoyer", Fields: []bot.Field{
		{ID: "text", Kind: bot.Area, Label: "Texte", Value: []string{"tel quel "}},
		{ID: "many", Kind: bot.PickMany, Label: "Choix", Choices: []bot.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}},
		{ID: "picture", Kind: bot.File, Label: "Visuel"},
	}}, nil
}

func (h *house) Check(_ context.Context, e bot.Event) (map[string]string, error) {
	if e.Values["text"][0] == "faux" {
		return map[string]string{"text": "C’est faux."}, nil
	}
	return nil, nil
}

func (h *house) Choices(context.Context, bot.Event, string) ([]bot.Choice, error) { return nil, nil }
func (h *house) Say(_ bot.Event, key string) string                               { return key }

const script = `
-- all.txt --
as lea
in com
see Une carte
see Où : ici
not secret
click Agir
told reçu a.act
# the answer is hers alone
not reçu
click Choix deux
told reçu a.menu deux
/plan demain
told reçu plan demain
/inconnu
told inconnu
say bonjour
told bonjour
click Remplir
told [Formulaire]
told area: tel quel
told picks [A] [B]
submit text=faux;many=a;picture=@thé.png
told C’est faux.
submit many=a,b
told À remplir.
submit many=a,b;picture=thé.png
told Ce visuel n’est plus là.
submit many=a,b;picture=@thé.png
told formulaire tel quel a+b
told thé.png image/png Une tasse
as sam
told bonjour Sam
in com
see Une carte
`

func TestSurface(t *testing.T) {
	bottest.Run(t, func(t *testing.T) bottest.Scene {
		words, err := i18n.Load()
		if err != nil {
			t.Fatal(err)
		}
		behind := &house{}
		behind.workspace, err = console.New(console.Options{Team: "t", Catalog: words, Files: &behind.files,
			People:   []console.Person{{ID: "lea", Name: "Léa", Lang: "fr"}, {ID: "sam", Name: "Sam", Lang: "fr"}},
			Channels: []console.Channel{{ID: "com", Name: "com"}}, Commands: []console.Command{{Name: "plan"}},
		}, behind, behind)
		if err != nil {
			t.Fatal(err)
		}
		if err := behind.workspace.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(behind.workspace.Stop)
		post := func(channel string, card bot.Card) {
			if _, err := behind.workspace.Post(t.Context(), board.Place{Channel: channel}, card, bot.PostOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		post("com", bot.Card{Token: "tok", Title: bot.Say("Une carte"), Blocks: []bot.Block{
			{Kind: bot.Fields, Pairs: [][2]bot.Text{{bot.Say("Où"), bot.Say("ici")}}},
			{Kind: bot.Quote, Quoted: "secret", Folded: true},
			{Kind: bot.Menu, Select: &bot.Select{Action: "a.menu", Label: "Choix", Choices: []bot.Choice{
				{Value: "un", Label: "Choix un"}, {Value: "deux", Label: "Choix deux"}}}},
		}, Buttons: []bot.Button{{Action: "a.act", Label: "Agir"}, {Action: "a.form", Label: "Remplir"}}})
		post("@sam", bot.Card{Title: bot.Say("bonjour Sam")})
		return bottest.Scene{Surface: consoletest.Serve(t, behind.workspace)}
	}, []byte(script))
}

func TestNobodySeesIt(t *testing.T) {
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	behind := &house{}
	behind.workspace, err = console.New(console.Options{Catalog: words, People: []console.Person{{ID: "lea"}}}, behind, behind)
	if err != nil {
		t.Fatal(err)
	}
	if err := behind.workspace.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(behind.workspace.Stop)
	s := consoletest.Serve(t, behind.workspace)
	if err := s.Click("lea", "@lea", "Rien"); err == nil {
		t.Error("a button that is not there was clicked")
	}
	if err := s.Submit("lea", nil); err == nil {
		t.Error("a form that is not open was sent")
	}
	if err := s.Say("eve", "bonjour"); err == nil {
		t.Error("somebody who is not there spoke")
	}
}
