package app_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/discord/discordfake"
	"crieur/integrations/chat/slack/slackfake"
)

// onBoth is the app behind Slack and Discord at one time: each person is on both,
// and what is to be approved hangs in a channel of each.
func onBoth(salon **discordfake.Server) surface {
	return func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		var made *app.App
		once := func() *app.App {
			if made == nil {
				made = build()
			}
			return made
		}
		b := space.Brands[0]
		there := [2][]board.Place{slices.Clone(b.Approvals), slices.Clone(b.Alerts)}
		at := onSlack(t, space, once)
		here := [2][]board.Place{b.Approvals, b.Alerts}
		handles := map[string]map[string]string{}
		for _, m := range space.Members {
			handles[m.ID] = m.Handles
		}
		b.Approvals, b.Alerts = there[0], there[1]
		*salon = onDiscord(t, space, once).screen.(discordfake.Surface).Server
		b.Approvals, b.Alerts = append(here[0], b.Approvals...), append(here[1], b.Alerts...)
		for _, m := range space.Members {
			maps.Copy(m.Handles, handles[m.ID])
		}
		return at
	}
}

// TestOneCardOnBothPlatforms: a card that hangs on Slack and on Discord is one card.
// A decision on one shows on the other, what keeps one copy from its state keeps no
// other, and who clicks on a copy that is behind is told so privately.
func TestOneCardOnBothPlatforms(t *testing.T) {
	var salon *discordfake.Server
	var slack *slackfake.Server
	scene := stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		made := onBoth(&salon)(t, space, build)
		slack = made.screen.(*slackfake.Surface).Server
		return made
	})
	discord := discordfake.Surface{Server: salon}
	until := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(60 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s never came:\nSlack\n%s\nDiscord\n%s", what,
					strings.Join(scene.Surface.Screen("morgan", "com"), "\n"), strings.Join(discord.Screen("morgan", "com"), "\n"))
			}
		}
	}
	shows := func(screen []string, words string, button bool) bool {
		return slices.ContainsFunc(screen, func(m string) bool {
			return strings.Contains(plain(m), words) && strings.Contains(plain(m), "Valider les 5") == button
		})
	}
	if err := scene.Surface.Command("camille", "@camille", "draft", "Notre thé de Noël est de retour."); err != nil {
		t.Fatal(err)
	}
	until("the draft", func() bool { return scene.Surface.Click("camille", "@camille", "Envoyer à valider") == nil })
	until("the card on Slack", func() bool { return shows(scene.Surface.Screen("noa", "com"), "À valider", true) })
	until("the card on Discord", func() bool { return shows(discord.Screen("noa", "com"), "À valider", true) })

	slack.Fail("chat.update", slackfake.Fault{Channel: "C0COM", Status: http.StatusTooManyRequests, RetryAfter: 3 * time.Second})
	if err := discord.Click("morgan", "com", "Valider les 5"); err != nil {
		t.Fatal(err)
	}
	until("the decision on Discord", func() bool { return shows(discord.Screen("noa", "com"), "Validé par Morgan", false) })
	if !shows(scene.Surface.Screen("noa", "com"), "À valider", true) {
		t.Fatal("the copy on Slack was not to follow yet")
	}
	if err := scene.Surface.Click("noa", "com", "Valider les 5"); err != nil {
		t.Fatal(err)
	}
	until("the late answer", func() bool {
		return strings.Contains(plain(strings.Join(scene.Surface.Private("noa"), "\n")), "Déjà validé par Morgan à")
	})
	until("the decision on Slack", func() bool { return shows(scene.Surface.Screen("noa", "com"), "Validé par Morgan", false) })

	salon.Deny("com", discordfake.ViewChannel) // from here on its copy is lost
	until("the button", func() bool { return scene.Surface.Click("morgan", "com", "Annuler LinkedIn") == nil })
	until("what came of it on Slack", func() bool {
		return slices.ContainsFunc(scene.Surface.Screen("noa", "com"), func(m string) bool { return !strings.Contains(plain(m), "Annuler LinkedIn") })
	})
	salon.Deny("com", 0)
	if all := slack.Messages("C0COM"); len(all) != 1 || len(salon.Messages("com")) != 1 {
		t.Errorf("%d messages on Slack, %d on Discord", len(all), len(salon.Messages("com")))
	}
}
