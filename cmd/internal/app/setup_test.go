package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/cmd/internal/config"
	"crieur/integrations/chat/slack/slackfake"
)

// A configuration that names no brand is served: it advises, and the first admin
// finds the set-up in their messages, once.
func TestServeWithoutBrand(t *testing.T) {
	o := newOutside(t)
	text := fmt.Sprintf(`
space: neuf
key: ${CRIEUR_KEY}
http: { addr: "127.0.0.1:0", allow: [127.0.0.0/8] }
slack: { team: %s, bot_token: "${SLACK_BOT_TOKEN}", app_token: "${SLACK_APP_TOKEN}", api_url: "%s" }
members: [{ id: noa, name: Noa, roles: [admin], slack: U0NOA }]
`, slackfake.Team, o.slack.APIURL())
	c, err := config.Parse("crieur.yaml", []byte(text), config.Options{Env: func(name string) (string, bool) {
		value, ok := secrets[name]
		return value, ok
	}})
	if err != nil {
		t.Fatal(err)
	}
	if said := fmt.Sprint(c.Advice); !strings.Contains(said, "There is no brand in this file.") {
		t.Errorf("advice: %s", said)
	}
	data := filepath.Join(t.TempDir(), "data")
	offers := func() int {
		count := 0
		for _, call := range o.slack.Calls("chat.postMessage") {
			if strings.Contains(fmt.Sprint(call.Values), "Configurer la marque") {
				count++
			}
		}
		return count
	}
	server, _ := serve(t, c, data)
	wait(t, "the offer", func() bool { return offers() == 1 })
	server.Stop()
	again, _ := serve(t, c, data)
	wait(t, "readiness", func() bool { status, _ := get(t, again.Address+"/readyz"); return status == 200 })
	if n := offers(); n != 1 {
		t.Errorf("offered %d times", n)
	}
	// Whoever reads « /invite @Crieur » there and does it finds the channel on the card.
	looked := func() int { return len(o.slack.Calls("users.conversations")) }
	before := looked()
	o.slack.AddChannel(slackfake.Channel{ID: "C0NEW", Name: "nouveau"})
	o.slack.Event(map[string]any{"type": "member_joined_channel", "channel": "C0NEW", "channel_type": "C", "user": "U0NOA", "event_ts": "1.1"})
	o.slack.Event(map[string]any{"type": "member_joined_channel", "channel": "C0NEW", "channel_type": "C", "user": slackfake.Bot, "inviter": "U0EVE", "event_ts": "1.2"})
	wait(t, "another look at the channels", func() bool { return looked() > before })
}

// TestSetupConversations plays what happens in a space that has no brand yet, on
// every surface.
func TestSetupConversations(t *testing.T) {
	script, err := os.ReadFile("testdata/setup/first.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for name, surface := range surfaces {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bottest.Run(t, func(t *testing.T) bottest.Scene {
				return stage(t, surface, func(space brand.Space) *brand.Space {
					space.Brands = nil
					return &space
				})
			}, script)
		})
	}
}
