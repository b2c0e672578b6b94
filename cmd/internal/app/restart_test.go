package app_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"crieur/bot/secret"
	"crieur/cmd/internal/config"
	"crieur/integrations/chat/discord/discordfake"
)

// TestServeHearsWhatWasSaidMeanwhile stops the only process, lets somebody talk
// on Discord, and starts it again: the words get their answer, once.
func TestServeHearsWhatWasSaidMeanwhile(t *testing.T) {
	o := newOutside(t)
	salon := discordfake.Start(t, discordfake.Options{IdentifyEvery: -1})
	salon.AddUser(discordfake.User{ID: "111", Name: "noa", Locale: "fr"})
	c := o.config(t)
	c.Discord = &config.Discord{Guild: "G", AppID: salon.AppID(), PublicKey: salon.PublicKey(), APIURL: salon.APIURL(),
		Token: secret.Secret(salon.Token())}
	c.Space.Member("noa").Handles["discord:G"] = "111"
	answers := func() (all []string) {
		for _, m := range salon.Messages("@111") {
			if m.Author == salon.AppID() {
				all = append(all, m.Plain())
			}
		}
		return all
	}
	data := filepath.Join(t.TempDir(), "data")
	server, _ := serve(t, c, data)
	wait(t, "the gateway", salon.Connected)
	before := len(answers())
	server.Stop()
	if _, err := salon.Say("111", "", "aide"); err != nil {
		t.Fatal(err)
	}
	serve(t, c, data)
	wait(t, "an answer", func() bool { return len(answers()) > before })
	if got := answers()[before:]; len(got) != 1 || !strings.Contains(got[0], "/brouillon") {
		t.Errorf("answered %q", got)
	}
	if s := salon.Gateway(); s.Identifies != 1 || s.Resumed != 1 {
		t.Errorf("%+v", s)
	}
}

// TestServeRefusedByDiscord: what only an operator can mend stops the server with its
// reason. Beside Slack it stops nothing else.
func TestServeRefusedByDiscord(t *testing.T) {
	for name, alone := range map[string]bool{"alone": true, "beside Slack": false} {
		t.Run(name, func(t *testing.T) {
			o := newOutside(t)
			salon := discordfake.Start(t, discordfake.Options{IdentifyEvery: -1})
			c := o.config(t)
			c.Discord = &config.Discord{Guild: "G", AppID: salon.AppID(), APIURL: salon.APIURL(), Token: secret.Secret(salon.Token())}
			if alone {
				c.Slack = nil
			}
			server, log := serve(t, c, filepath.Join(t.TempDir(), "data"))
			wait(t, "readiness", func() bool { status, _ := get(t, server.Address+"/readyz"); return status == http.StatusOK })
			salon.Disconnect(4014)
			const reason = "an intent is not allowed: switch it on in the Bot page of the application"
			wait(t, "the reason", func() bool {
				status, parts := get(t, server.Address+"/readyz")
				return status == http.StatusServiceUnavailable && strings.Contains(parts, reason)
			})
			if alone {
				if err := <-server.Failed(); !strings.Contains(err.Error(), reason) {
					t.Error(err)
				}
				return
			}
			if status := tell(t, server.Address, "boutique", secrets["HOOK_SECRET"], "Ma théière Colibri a pris feu"); status != http.StatusOK {
				t.Fatalf("the hook answers %d", status)
			}
			wait(t, "the alert on Slack", func() bool { return strings.Contains(o.said(alerts), "théière") })
			select {
			case err := <-server.Failed():
				t.Error(err)
			default:
			}
			if !strings.Contains(log.String(), reason) {
				t.Error("the log does not say why")
			}
		})
	}
}
