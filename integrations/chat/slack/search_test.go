package slack_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// modes are the two ways in which Slack asks.
var modes = map[string]func(*slackfake.Options, *slack.Options){"http": nil, "sockets": overSockets}

// listening starts the adapter where it needs sockets, and returns once they listen.
func (w *world) listening(mode string) {
	w.Helper()
	if mode != "sockets" {
		return
	}
	if err := w.adapter.Start(w.Context()); err != nil {
		w.Fatal(err)
	}
	eventually(w.T, "sockets", func() bool { return w.fake.Sockets() > 0 })
}

// labelled are so many choices with such labels.
func labelled(count int, label string) (all []bot.Choice) {
	for n := range count {
		all = append(all, bot.Choice{Value: fmt.Sprintf("request-%d", n), Label: fmt.Sprintf("%s %d", label, n)})
	}
	return all
}

// swapping is a card whose menu lists but some of what can be chosen.
func swapping() bot.Card {
	return bot.Card{Token: "tok", Lang: "fr", Blocks: []bot.Block{bot.P("Thé de Noël"), {Kind: bot.Menu,
		Select: &bot.Select{Action: "plan.swap", Label: "Échanger avec", Choices: labelled(25, "Post"), Left: "25 choix affichés sur 1 000."}}}}
}

// inviting is a form with such a field.
func inviting(bot.Event) (bot.Form, error) {
	return bot.Form{Action: "news.told", Arg: "x", Token: "tok", Title: "Prévenir", Submit: "Prévenir", Cancel: "Annuler", Fields: []bot.Field{
		{ID: "members", Kind: bot.PickMany, Label: "Qui", Choices: labelled(26, "Personne"), Value: []string{"request-0", "request-1"}, Left: "26 choix affichés sur 1 000."},
		{ID: "theme", Kind: bot.Pick, Label: "Sujet", Choices: labelled(25, "Sujet"), Value: []string{"request-3"}, Left: "25 choix affichés sur 60."}}}, nil
}

func TestMenusAreSearched(t *testing.T) {
	for mode, change := range modes {
		t.Run(mode, func(t *testing.T) {
			w := newWorld(t, change)
			w.listening(mode)
			w.front.acks["plan.swap"] = bot.Quiet
			w.front.finds(func(e bot.Event, field, text string) (bot.Found, error) {
				if e.ID == "" || e.Kind != bot.Action || e.Action != "plan.swap" || e.Token != "tok" || field != bot.MenuField ||
					e.User.ID != lea || e.Team != team || e.Place.Channel != com || e.Place.Message == "" {
					t.Errorf("asked about %q of %+v", field, e)
				}
				return bot.Found{Choices: []bot.Choice{{Value: "request-700", Label: "Trouvé : " + text}}}, nil
			})
			_, message := w.post(com, swapping())
			if labels := message.Labels(); !slices.Equal(labels, []string{"Échanger avec"}) {
				t.Errorf("the message holds %q", labels)
			}
			got, err := w.fake.Search(lea, message, "Échanger avec", "noël & <b>")
			if err != nil || !slices.Equal(got.Labels, []string{"Trouvé : noël & <b>"}) {
				t.Errorf("%q, %v", got, err)
			}
			if len(w.inbox.all()) != 0 {
				t.Error("typing is no event")
			}
			if _, err := w.fake.Click(lea, message, "Trouvé : Trouvé : "); err == nil {
				t.Error("clicked what was not found")
			}
			w.front.finds(func(bot.Event, string, string) (bot.Found, error) {
				return bot.Found{Choices: labelled(3, "Post")}, nil
			})
			if _, err := w.fake.Click(lea, message, "Post 2"); err != nil {
				t.Fatal(err)
			}
			if e := w.inbox.one(t); e.Action != "plan.swap" || !slices.Equal(e.Values[bot.MenuField], []string{"request-2"}) {
				t.Errorf("chose %+v", e)
			}
		})
	}
}

func TestFieldsAreSearched(t *testing.T) {
	for mode, change := range modes {
		t.Run(mode, func(t *testing.T) {
			w := newWorld(t, change)
			w.listening(mode)
			w.front.acks["draft"], w.front.form = bot.Open, inviting
			w.front.finds(func(e bot.Event, field, _ string) (bot.Found, error) {
				if e.Kind != bot.Submit || e.Action != "news.told" || e.Arg != "x" || e.Token != "tok" || e.Place.Channel != com || e.User.ID != lea {
					t.Errorf("asked about %+v", e)
				}
				return bot.Found{Choices: []bot.Choice{{Value: "of-" + field, Label: "Dans " + field}}}, nil
			})
			w.fake.Command(lea, com, "/draft", "")
			eventually(t, "form", func() bool { return w.fake.Modal(lea) != nil })
			for _, field := range []string{"members", "theme"} {
				if got, err := w.fake.SearchModal(lea, field, "é"); err != nil || !slices.Equal(got.Labels, []string{"Dans " + field}) {
					t.Errorf("%s: %q, %v", field, got, err)
				}
			}
			if _, err := w.fake.SubmitModal(lea, map[string][]string{"members": {"request-1", "of-members"}}); err != nil {
				t.Fatal(err)
			}
			e := w.inbox.one(t)
			if !slices.Equal(e.Values["members"], []string{"request-1", "of-members"}) || !slices.Equal(e.Values["theme"], []string{"request-3"}) {
				t.Errorf("sent %v: what was chosen before stays", e.Values)
			}
		})
	}
}

// Slack takes 100 options of 75 characters, and no more than 20,000 bytes over a
// socket; what is left out is said.
func TestLongListsAreOffered(t *testing.T) {
	wide := strings.Repeat("é", 70)
	for mode, change := range modes {
		w := newWorld(t, change)
		w.listening(mode)
		_, message := w.post(com, swapping())
		for _, test := range []struct {
			count int
			label string
			more  bool
			least int
			said  bool // that there are others
		}{
			{0, "", false, 0, false}, {25, "Post", false, 25, false}, {26, "Post", false, 26, false}, {100, "Post", false, 100, false},
			{100, "Post", true, 100, true}, {100, wide, false, 80, true}, {100, strings.Repeat("茶", 70), false, 50, true},
			{100, strings.Repeat("🎄", 200), false, 50, true}, {100, "<&>" + wide, true, 50, true},
		} {
			w.front.finds(func(bot.Event, string, string) (bot.Found, error) {
				return bot.Found{Choices: labelled(test.count, test.label), More: test.more}, nil
			})
			before := len(w.fake.Broken())
			got, err := w.fake.Search(lea, message, "Échanger avec", "")
			if n := len(got.Labels); err != nil || n < test.least || n > test.count || len(w.fake.Broken()) > before {
				t.Errorf("%s: of %d %.10q %d are offered, %v, %v", mode, test.count, test.label, n, err, w.fake.Broken()[before:])
			}
			if said := strings.HasPrefix(got.Heading, "Il y a d’autres choix"); said != test.said {
				t.Errorf("%s: of %d %.10q %d are offered, under %q", mode, test.count, test.label, len(got.Labels), got.Heading)
			}
		}
	}
}

// Whatever goes wrong, the menu is empty at once: Slack waits 3 s and no more.
func TestSearchesWithoutAnAnswer(t *testing.T) {
	over := make(chan struct{})
	defer close(over)
	for mode, change := range modes {
		w := newWorld(t, change)
		w.listening(mode)
		_, message := w.post(com, swapping())
		for name, search := range map[string]func() (bot.Found, error){
			"a dead store":       func() (bot.Found, error) { return bot.Found{}, errors.New("no store") },
			"a store that hangs": func() (bot.Found, error) { <-over; return bot.Found{Choices: labelled(3, "Post")}, nil },
			"a value that Slack does not carry": func() (bot.Found, error) {
				return bot.Found{Choices: []bot.Choice{{Value: strings.Repeat("v", 76), Label: "x"}}}, nil
			},
		} {
			w.front.finds(func(bot.Event, string, string) (bot.Found, error) { return search() })
			if got, err := w.fake.Search(lea, message, "Échanger avec", "thé"); err != nil || len(got.Labels) != 0 {
				t.Errorf("%s, %s: %q, %v", mode, name, got.Labels, err)
			}
		}
	}
}
