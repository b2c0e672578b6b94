package discord

import (
	"fmt"
	"testing"

	"crieur/bot"
	"crieur/bot/secret"
	"crieur/integrations/chat/discord/discordfake"
)

var _ bot.Lister = (*Chat)(nil)

// Only channels in which a card can be put up are offered: those where Crieur
// may not write, and threads, are left out.
func TestChannels(t *testing.T) {
	p := newPair(t, tune{})
	p.fake.AddChannel("G", "C2", "annonces")
	p.fake.AddChannel("G", "C3", "direction")
	p.fake.Deny("C3", discordfake.SendMessages)
	c, err := New(Options{Token: secret.Secret(p.fake.Token()), AppID: p.fake.AppID(), Guild: "G", APIURL: p.fake.APIURL()}, p.desk, p.desk)
	if err != nil {
		t.Fatal(err)
	}
	found, err := c.Channels(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, channel := range found {
		got += fmt.Sprint(channel.Name, " ", channel.Place.Destination(), "; ")
	}
	if want := "annonces discord:G:C2; com discord:G:C; "; got != want {
		t.Errorf("channels %q, want %q", got, want)
	}

	c, err = New(Options{Token: "wrong", AppID: p.fake.AppID(), Guild: "G", APIURL: p.fake.APIURL()}, p.desk, p.desk)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := c.Channels(t.Context()); err == nil {
		t.Errorf("with a wrong token: %v", found)
	}
}
