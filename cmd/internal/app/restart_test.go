package app_test

import (
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
