package app_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content/contenttest"
	"crieur/bot/secret"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/discord/discordfake"
)

// onDiscord is the strict fake of Discord with the app behind it, over the
// gateway.
func onDiscord(t *testing.T, space *brand.Space, build func() *app.App) stand {
	a := (*app.App)(nil)
	fake := discordfake.Start(t, discordfake.Options{IdentifyEvery: -1, Unlimited: true,
		Now: func() time.Time { return a.Desk.Now() }})
	fake.RemoveChannel("C") // the fake's own has the same name as the brand's
	for _, places := range [][]board.Place{space.Brands[0].Approvals, space.Brands[0].Alerts} {
		for i := range places {
			fake.AddChannel("G", places[i].Channel, places[i].Channel)
			places[i].Platform, places[i].Team = "discord", "G"
		}
	}
	lang := space.Brands[0].Langs[0]
	fake.AddUser(discordfake.User{ID: "eve", Name: "Eve", Locale: lang})
	for _, m := range space.Members {
		m.Handles = map[string]string{"discord:G": m.ID}
		fake.AddUser(discordfake.User{ID: m.ID, Name: m.Name, Locale: lang})
	}
	a = build()
	commands := discord.CommandsOf(a.Mux, catalog(t))
	chat, err := discord.New(discord.Options{
		Token: secret.Secret(fake.Token()), AppID: fake.AppID(), APIURL: fake.APIURL(), Guild: "G", Now: a.Desk.Now,
		IdentifyEvery: time.Millisecond, Commands: commands, Files: a.Files(), Channels: true,
		Mention: func(_, member string) (string, bool) { return member, space.Member(member) != nil },
	}, a.Desk, a.Desk)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chat.Register(t.Context(), commands); err != nil {
		t.Fatal(err)
	}
	chat.Start(context.Background())
	t.Cleanup(chat.Stop)
	for !fake.Connected() || !chat.Connected() {
		time.Sleep(time.Millisecond)
	}
	a.AddChat(chat)
	return stand{screen: discordfake.Surface{Server: fake}, app: a, chat: chat}
}

// TestDiscordPicture adds a picture to a draft on the strict fake: the author's
// card and the approver’s show it, and it is approved like any other.
func TestDiscordPicture(t *testing.T) {
	var fake *discordfake.Server
	scene := stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		made := onDiscord(t, space, build)
		fake = made.screen.(discordfake.Surface).Server
		return made
	})
	until := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s never came", what)
			}
		}
	}
	shows := func(channel, words string) {
		t.Helper()
		until(words, func() bool {
			return slices.ContainsFunc(fake.Messages(channel), func(m discordfake.Message) bool {
				return len(m.Pictures) == 1 && bytes.HasPrefix(m.Pictures[0].Data, contenttest.PNG()) && m.Pictures[0].Alt == "Une boîte rouge" &&
					strings.Contains(plain(m.Plain()), words)
			})
		})
	}
	click := func(user, channel, label string) {
		t.Helper()
		until(label, func() bool { return scene.Surface.Click(user, channel, label) == nil })
	}
	if err := scene.Surface.Command("camille", "@camille", "draft", "Notre thé de Noël est de retour."); err != nil {
		t.Fatal(err)
	}
	click("camille", "@camille", "Ajouter un visuel")
	if err := scene.Surface.Submit("camille", map[string]string{"picture": "@boîte.png", "alt": "Une boîte rouge"}); err != nil {
		t.Fatal(err)
	}
	shows("@camille", "Notre thé de Noël")
	click("camille", "@camille", "Envoyer à valider")
	shows("com", "À valider")
	click("morgan", "com", "Valider les 5")
	until("the approval", func() bool {
		return slices.ContainsFunc(fake.Messages("com"), func(m discordfake.Message) bool { return strings.Contains(m.Plain(), "Validé") })
	})
}

// TestDiscordPersonMenu uses the menu of a person on the strict fake: of a member,
// of somebody who wrote, of somebody unknown, and of whom one may not see.
func TestDiscordPersonMenu(t *testing.T) {
	var fake *discordfake.Server
	scene := stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		made := onDiscord(t, space, build)
		fake = made.screen.(discordfake.Surface).Server
		return made
	})
	fake.AddUser(discordfake.User{ID: "max", Name: "**@everyone** Max", Locale: "fr"})
	use := func(user, person, want string) {
		t.Helper()
		if r := fake.UserCommand(user, "com", person, "Fiche de cette personne"); r.Err != nil || r.Failed || !r.Message.Private {
			t.Fatalf("%s about %s: %+v", user, person, r)
		}
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			all := scene.Surface.Private(user)
			if last := plain(strings.Join(all[max(0, len(all)-1):], "")); strings.Contains(last, want) {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%s about %s reads no %q:\n%s", user, person, want, strings.Join(all, "\n--\n"))
			}
		}
	}
	use("sacha", "noa", "Rôles : validation, réponses et modération")
	use("noa", "eve", "Eve n’est pas de l’équipe. Rien n’est connu sous ce nom sur Discord.")
	use("noa", "max", "**@everyone** Max n’est pas de l’équipe.")
	if _, err := fake.Say("eve", "com", "vous livrez en Suisse ?"); err != nil {
		t.Fatal(err)
	}
	said := fake.Messages("com")
	if r := fake.MessageCommand("noa", "com", said[len(said)-1].ID, "À traiter"); r.Failed {
		t.Fatalf("%+v", r)
	}
	scene.Extra["settle"](t, "")
	use("noa", "eve", "vous livrez en Suisse ?")
	use("sacha", "eve", "Seules l’équipe des réponses et la modération peuvent faire ça")
	use("max", "noa", "Vous n’êtes pas encore dans l’équipe")
	for _, m := range fake.Messages("com") {
		if strings.Contains(m.Plain(), "Rôles") || strings.Contains(m.Plain(), "1 message") {
			t.Errorf("said in the channel: %s", m.Plain())
		}
	}
}
