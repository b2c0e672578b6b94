package app_test

import (
	"context"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/secret"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/discord/discordfake"
)

// onDiscord is the strict fake of Discord with the app behind it, over the
// gateway.
func onDiscord(t *testing.T, space *brand.Space, _ content.Files, build func() *app.App) stand {
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
	fake.AddUser(discordfake.User{ID: "eve", Name: "Eve", Locale: "fr"})
	for _, m := range space.Members {
		m.Handles = map[string]string{"discord:G": m.ID}
		fake.AddUser(discordfake.User{ID: m.ID, Name: m.Name, Locale: "fr"})
	}
	a = build()
	commands := discord.CommandsOf(a.Mux, catalog(t))
	chat, err := discord.New(discord.Options{
		Token: secret.Secret(fake.Token()), AppID: fake.AppID(), APIURL: fake.APIURL(), Guild: "G", Now: a.Desk.Now,
		IdentifyEvery: time.Millisecond, Commands: commands,
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
