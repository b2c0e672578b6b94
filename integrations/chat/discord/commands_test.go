package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"crieur/bot"

	"github.com/bwmarrin/discordgo"
)

func TestRegisterOnlyWhenChanged(t *testing.T) {
	p := newPair(t, tune{}) // registers
	if names := p.fake.CommandNames(); !slices.Equal(names, []string{"draft", "crieur", "Make a post", "About this person"}) {
		t.Errorf("registered %v", names)
	}
	calls := p.fake.Calls()
	changed, err := p.chat.Register(t.Context(), testCommands())
	if err != nil || changed || p.fake.Calls() != calls+1 {
		t.Errorf("again: changed %v, %v, %d calls", changed, err, p.fake.Calls()-calls)
	}
	set := testCommands()
	set[0].About = Words{"en": "Write a post", "fr": "Écrire un message"}
	if changed, err := p.chat.Register(t.Context(), set); err != nil || !changed {
		t.Errorf("after a change: %v, %v", changed, err)
	}
	slices.Reverse(set)
	if changed, err := p.chat.Register(t.Context(), set); err != nil || changed {
		t.Errorf("in another order: %v, %v", changed, err)
	}
}

func TestGoldenCommands(t *testing.T) {
	set, err := Commands(testCommands())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "commands.json", json.RawMessage(set))
}

func TestCommandHash(t *testing.T) {
	hash := func(change func([]Command)) string {
		set := testCommands()
		change(set)
		data, err := Commands(set) // as it comes back
		if err != nil {
			t.Fatal(err)
		}
		var back []*discordgo.ApplicationCommand
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		return commandHash(back)
	}
	same := hash(func([]Command) {})
	seen := map[string]bool{same: true}
	for i, change := range []func([]Command){
		func(s []Command) { s[0].Names["fr"] = "ecrire" },
		func(s []Command) { s[0].Text = nil },
		func(s []Command) { s[1].Subs[1].About["en"] = "Stop" },
		func(s []Command) { s[1].Subs = s[1].Subs[:1] },
		func(s []Command) { s[2].Names["en"] = "Post it" },
		func(s []Command) { s[0].Text = &TextOption{Names: s[0].Text.Names, About: s[0].Text.About} },
	} {
		h := hash(change)
		if seen[h] {
			t.Errorf("change %d makes no difference", i)
		}
		seen[h] = true
	}
}

func TestCommandsRefused(t *testing.T) {
	for name, change := range map[string]func([]Command) []Command{
		"capitals":         func(s []Command) []Command { s[0].Names["en"] = "Draft"; return s },
		"a space":          func(s []Command) []Command { s[0].Names["fr"] = "mon brouillon"; return s },
		"too long":         func(s []Command) []Command { s[0].Names["fr"] = strings.Repeat("a", 33); return s },
		"no description":   func(s []Command) []Command { s[0].About = Words{"en": "x"}; return s },
		"long description": func(s []Command) []Command { s[0].About["fr"] = strings.Repeat("é", 101); return s },
		"text of a group":  func(s []Command) []Command { s[1].Text = s[0].Text; return s },
		"two levels":       func(s []Command) []Command { s[1].Subs[0].Subs = s[1].Subs[1:]; return s },
		"26 subcommands": func(s []Command) []Command {
			for len(s[1].Subs) < 26 {
				s[1].Subs = append(s[1].Subs, s[1].Subs[1])
			}
			return s
		},
		"101 commands": func(s []Command) []Command {
			for len(s) < 103 {
				s = append(s, s[0])
			}
			return s
		},
		"16 entries of a menu": func(s []Command) []Command {
			for range 15 {
				s = append(s, s[2])
			}
			return s
		},
	} {
		if _, err := Commands(change(testCommands())); !errors.Is(err, ErrCommands) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInvite(t *testing.T) {
	u, err := url.Parse(Invite("42"))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Host != "discord.com" || q.Get("client_id") != "42" || q.Get("scope") != "bot applications.commands" || q.Get("permissions") != "309237763072" {
		t.Errorf("invitation %s", u)
	}
}

func TestCommandsOf(t *testing.T) {
	catalog := newDesk(t).catalog
	mux := bot.NewMux(catalog)
	mux.Command(bot.CommandRoute{Name: "draft",
		Complete: func(context.Context, *bot.Request, string) ([]bot.Choice, error) { return nil, nil }})
	mux.Command(bot.CommandRoute{Name: "crieur", Words: true})
	for key, takes := range map[string]bool{"people.link": true, "settings.status": false, "drafting.newword": true} {
		mux.Word(bot.WordRoute{Key: key, Takes: takes})
	}
	mux.Shortcut(bot.ShortcutRoute{Name: "draft.start", Key: "drafting.start", Instead: "draft"})
	mux.Shortcut(bot.ShortcutRoute{Name: "draft.from", Key: "drafting.from", OnMessage: true})
	mux.Shortcut(bot.ShortcutRoute{Name: "people.sheet", Key: "people.onperson", OnPerson: true, Instead: "people.sheet"})
	set := CommandsOf(mux, catalog)
	if _, err := Commands(set); err != nil {
		t.Fatal(err)
	}
	if len(set) != 4 || set[0].Names["fr"] != "brouillon" || !set[0].Text.Complete || set[1].Text != nil {
		t.Fatalf("set %+v", set)
	}
	// each word, but for what has a command of its own, and the rest in words
	subs := map[string]Command{}
	for _, sub := range set[1].Subs {
		subs[sub.Name] = sub
	}
	if link := subs["connect"]; len(subs) != 3 || link.Names["fr"] != "relier" || link.About["en"] != "link your Slack and Discord accounts" || link.Text == nil {
		t.Errorf("words %+v", subs)
	}
	if subs["status"].Names["fr"] != "état" || subs["status"].Text != nil || subs["ask"].Names["fr"] != "demander" || subs["ask"].Text == nil {
		t.Errorf("words %+v", subs)
	}
	if menu := set[2]; menu.Kind != OnMessage || menu.Name != "draft.from" || menu.Names["fr"] != "En faire un post" || menu.Names["en"] != "Make it a post" {
		t.Errorf("menu %+v", menu)
	}
	if menu := set[3]; menu.Kind != OnUser || menu.Name != "people.sheet" || menu.Names["fr"] != "Fiche de cette personne" || menu.About != nil {
		t.Errorf("menu of people %+v", menu)
	}
}
