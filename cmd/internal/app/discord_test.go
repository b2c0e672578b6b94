package app_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/discord/discordfake"
)

// onDiscord is the strict fake of Discord with the app behind it, over the
// gateway.
func onDiscord(t *testing.T, space *brand.Space, build func() *app.App) (bottest.Surface, *app.App) {
	fake := discordfake.Start(t, discordfake.Options{AppID: "900", Token: "secret-token", IdentifyEvery: -1, Unlimited: true})
	ids := map[string]string{"com": "101", "com-alertes": "102"}
	for name, id := range ids {
		fake.AddChannel("G", id, name)
	}
	users := map[string]string{"eve": "299"}
	fake.AddUser(discordfake.User{ID: "299", Name: "Eve", Locale: "fr"})
	for i, m := range space.Members {
		id := "20" + string(rune('0'+i))
		users[m.ID] = id
		m.Handles = map[string]string{"discord:G": id}
		fake.AddUser(discordfake.User{ID: id, Name: m.Name, Locale: "fr"})
	}
	b := space.Brands[0]
	b.Approvals = []board.Place{{Platform: "discord", Team: "G", Channel: "101"}}
	b.Alerts = []board.Place{{Platform: "discord", Team: "G", Channel: "102"}}
	a := build()
	adapter, err := discord.New(discord.Options{
		Token: fake.Token(), AppID: fake.AppID(), PublicKey: fake.PublicKey(), Guild: "G",
		APIURL: fake.APIURL(), GatewayURL: fake.GatewayURL(), Commands: commandSet(t, a),
		Mention: func(_, member string) (string, bool) { id, ok := users[member]; return id, ok },
	}, a.Desk, a.Desk)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := adapter.Register(t.Context(), commandSet(t, a)); err != nil {
		t.Fatal(err)
	}
	adapter.Start(context.Background())
	t.Cleanup(adapter.Stop)
	for deadline := time.Now().Add(5 * time.Second); !adapter.Connected() && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	a.AddChat(adapter)
	return discordSurface{fake, ids, users}, a
}

// commandSet are the registered commands as Discord shows them.
func commandSet(t *testing.T, a *app.App) []discord.Command {
	var set []discord.Command
	words := catalog(t)
	for _, route := range a.Mux.Commands() {
		command := discord.Command{Name: route.Name, Names: discord.Words{}, About: discord.Words{},
			Text: &discord.TextOption{Names: discord.Words{"en": "text", "fr": "texte"}, About: discord.Words{"en": "Your words", "fr": "Vos mots"}}}
		for _, lang := range []string{"fr", "en"} {
			p := words.For(lang, nil)
			command.Names[lang], command.About[lang] = p.T("command."+route.Name), p.T("command."+route.Name+".help")
		}
		set = append(set, command)
	}
	return set
}

type discordSurface struct {
	fake     *discordfake.Server
	channels map[string]string
	users    map[string]string
}

func (s discordSurface) channel(user, channel string) string {
	if channel == "@"+user {
		return "@" + s.users[user]
	}
	return s.channels[channel]
}

func (s discordSurface) Command(user, channel, name, text string) error {
	id := s.channel(user, channel)
	if channel == "@"+user {
		id = ""
	}
	return s.fake.Command(s.users[user], id, name, text).Err
}

func (s discordSurface) Say(user, text string) error {
	_, err := s.fake.Say(s.users[user], "@"+s.users[user], text)
	return err
}

func (s discordSurface) Click(user, channel, label string) error {
	all := slices.Concat(s.fake.Messages(s.channel(user, channel)), s.fake.Ephemerals(s.users[user]))
	for _, m := range slices.Backward(all) {
		if slices.Contains(labels(m), label) {
			return s.fake.Click(s.users[user], m.ID, label).Err
		}
	}
	return errors.New("no such button")
}

func labels(m discordfake.Message) []string {
	all := m.Labels()
	for _, menu := range m.Menus {
		for _, option := range menu.Options {
			all = append(all, option.Label)
		}
	}
	return all
}

func (s discordSurface) Submit(user string, values map[string]string) error {
	return s.fake.SubmitModal(s.users[user], values).Err
}

func (s discordSurface) Screen(user, channel string) []string {
	var screen []string
	for _, m := range s.fake.Messages(s.channel(user, channel)) {
		screen = append(screen, shown(m.Plain(), labels(m)))
	}
	return screen
}

func (s discordSurface) Private(user string) []string {
	var texts []string
	for _, m := range slices.Concat(s.fake.Ephemerals(s.users[user]), s.fake.Messages("@"+s.users[user])) {
		texts = append(texts, shown(m.Plain(), labels(m)))
	}
	if modal := s.fake.Modal(s.users[user]); modal != nil {
		texts = append(texts, "["+modal.Title+"]")
	}
	return texts
}
