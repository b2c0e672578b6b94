package app_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
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
// comes after the new state that the other brings. The card is drawn again, a
// moment later, or when the process ends before that.
func TestWorkingThatComesLastIsMended(t *testing.T) {
	t.Run("a moment later", func(t *testing.T) { workingComesLast(t, 20*time.Millisecond, false) })
	t.Run("at the end of its process", func(t *testing.T) { workingComesLast(t, time.Hour, true) })
}

func workingComesLast(t *testing.T, mend time.Duration, ends bool) {
	var fake *slackfake.Server
	var taking *slack.Adapter
	scene := stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		made := onSlack(t, space, build) // the process that edits
		fake = made.screen.(*slackfake.Surface).Server
		taking = slack.New(slack.Options{Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret, APIURL: fake.APIURL(),
			Commands: slack.Commands(), Team: slackfake.Team, Words: catalog(t), HTTPClient: &http.Client{Transport: lateMark{fake}},
			Mend: mend}, made.app.Desk, made.app.Desk)
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
	until("the mark", func() bool {
		return slices.ContainsFunc(fake.Calls("response_url"), func(c slackfake.Call) bool { return strings.Contains(c.Values.Get("body"), "En cours") })
	})
	if ends {
		if err := taking.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	until("the card with its buttons", func() bool { return len(card().Labels()) > 0 && !strings.Contains(card().Words(), "En cours") })
	if n := len(fake.Calls("chat.update")); n < 2 {
		t.Errorf("%d edits: the new state came last by itself", n)
	}
}
