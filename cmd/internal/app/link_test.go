package app_test

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/state/statetest"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
)

// A code shown in one application and typed in the other's form makes a stranger
// there the member, at once and with their roles.
func TestLinkAcrossApplications(t *testing.T) {
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	space.Member("camille").Handles = map[string]string{"slack:T": "U1"}
	store := statetest.NewMem()
	a, err := app.New(app.Options{Space: space, Backend: store, Catalog: catalog(t), Key: []byte("key"), Hand: hand{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	fakes := map[bot.Platform]*bottest.Fake{bot.Slack: nil, bot.Discord: nil}
	for platform := range fakes {
		fake := bottest.NewFake(a.Desk, a.Desk, time.Now)
		fake.Name, fake.Team = platform, map[bot.Platform]string{bot.Slack: "T", bot.Discord: "G"}[platform]
		fakes[platform] = fake
		a.AddChat(fake)
	}
	if err := a.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	slack, discord := fakes[bot.Slack], fakes[bot.Discord]
	do := func(step error) {
		t.Helper()
		if step != nil {
			t.Fatal(step)
		}
	}
	shown := func(fake *bottest.Fake, user, words string) string {
		t.Helper()
		all := ""
		wait(t, words, func() bool {
			all = plain(strings.Join(fake.Private(user), "\n"))
			return strings.Contains(all, words)
		})
		return all
	}
	do(discord.Command("D1", "@D1", "draft", "Bonjour"))
	shown(discord, "D1", "Vous n’êtes pas encore dans l’équipe")
	do(slack.Command("U1", "@U1", "crieur", "moi"))
	shown(slack, "U1", "Camille")
	do(slack.Click("U1", "@U1", "Relier mon autre compte"))
	code := regexp.MustCompile(`[A-Z2-7]{4}-[A-Z2-7]{4}`).FindString(shown(slack, "U1", "Votre code"))
	do(discord.Command("D1", "@D1", "crieur", "relier"))
	shown(discord, "D1", "Quel est votre code")
	do(discord.Click("D1", "@D1", "Saisir un code"))
	do(discord.Submit("D1", map[string]string{"code": strings.ToLower(code)}))
	shown(discord, "D1", "vous êtes Camille pour l’équipe")
	do(discord.Command("D1", "@D1", "crieur", "moi"))
	shown(discord, "D1", "On vous connaît ici : Discord et Slack")
	do(discord.Command("D1", "@D1", "crieur", "relier "+code))
	shown(discord, "D1", "Ce code n’existe pas ou ne sert plus")
}
