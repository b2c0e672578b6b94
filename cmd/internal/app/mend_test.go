package app_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// lateMark keeps "Working…" back until another process has edited the card,
// however long that takes.
type lateMark struct{ fake *slackfake.Server }

func (l lateMark) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if strings.Contains(string(body), "En cours") {
		r = r.WithContext(context.WithoutCancel(r.Context()))
		for end := time.Now().Add(30 * time.Second); len(l.fake.Calls("chat.update")) == 0 && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestWorkingThatComesLastIsMended has two processes: what one shows of a click
// comes after the new state that the other brings. The card is drawn again five
// seconds later, whatever became of the process that showed it.
func TestWorkingThatComesLastIsMended(t *testing.T) {
	var fake *slackfake.Server
	var taking *slack.Adapter
	scene := stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		made := onSlack(t, space, build) // the process that edits
		fake = made.screen.(*slackfake.Surface).Server
		other := *made.app.Desk
		other.Self = "the process that takes"
		taking = slack.New(slack.Options{Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret, APIURL: fake.APIURL(),
			Commands: slack.Commands(), Team: slackfake.Team, Words: catalog(t), HTTPClient: &http.Client{Transport: lateMark{fake}}}, &other, &other)
		server := httptest.NewServer(taking.Handler())
		t.Cleanup(server.Close)
		t.Cleanup(func() { _ = taking.Stop(t.Context()) })
		fake.DeliverTo(server.URL)
		return made
	})
	card := func() (found slackfake.Message) {
		for _, m := range fake.Messages(fake.DM(slackfake.UserID("camille"))) {
			if strings.Contains(m.Words(), "Thé de Noël") {
				found = m
			}
		}
		return found
	}
	until := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s never came:\n%s\n%q", what, card().Words(), card().Labels())
			}
		}
	}
	if err := scene.Surface.Command("camille", "@camille", "draft", "Thé de Noël : il est de retour mercredi 26 novembre."); err != nil {
		t.Fatal(err)
	}
	until("the draft", func() bool { return len(card().Labels()) > 0 })
	if err := scene.Surface.Click("camille", "@camille", card().Labels()[0]); err != nil {
		t.Fatal(err)
	}
	until("the mark", func() bool { return strings.Contains(card().Words(), "En cours") })
	if err := taking.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := len(fake.Calls("chat.update"))
	scene.Advance(5 * time.Second)
	until("the card with its buttons", func() bool { return len(card().Labels()) > 0 && !strings.Contains(card().Words(), "En cours") })
	if n := len(fake.Calls("chat.update")); n <= before {
		t.Errorf("%d edits: the new state came last by itself", n)
	}
}
