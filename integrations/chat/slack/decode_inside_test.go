package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
)

// TestTeamOf: before anything is known of the installation, an event is of the
// workspace in which Crieur is, not of that of whoever wrote.
func TestTeamOf(t *testing.T) {
	for body, want := range map[string]string{
		`{"team_id":"T1"}`: "T1",
		`{"team_id":"T0OTHER","context_team_id":"T1"}`:                                                            "T1",
		`{"team_id":"T0OTHER","context_team_id":"T0OTHER","authorizations":[{"team_id":"T1","user_id":"U0BOT"}]}`: "T1",
		`{"team_id":"T1","enterprise_id":"E1","authorizations":[{"team_id":null,"enterprise_id":"E1"}]}`:          "T1",
		`{"team_id":"","enterprise_id":"E1"}`:                                                                     "E1",
		`{}`:                                                                                                      "",
	} {
		var outer envelope
		if err := json.Unmarshal([]byte(body), &outer); err != nil {
			t.Fatal(err)
		}
		if got := outer.team(); got != want {
			t.Errorf("%s is of %q, want %q", body, got, want)
		}
	}
	for body, want := range map[string]string{
		`{"team":{"id":"T1"},"user":{"team_id":"T0OTHER"}}`:       "T1",
		`{"team":null,"enterprise":{"id":"E1"}}`:                  "E1",
		`{"team":null,"enterprise":null,"user":{"team_id":"T1"}}`: "T1",
	} {
		var in interaction
		if err := json.Unmarshal([]byte(body), &in); err != nil {
			t.Fatal(err)
		}
		if got := in.team(); got != want {
			t.Errorf("%s is of %q, want %q", body, got, want)
		}
	}
}

// TestLinksThatAreHeardOf: a message that is not sent yet shows nothing.
func TestLinksThatAreHeardOf(t *testing.T) {
	a := New(Options{Team: "T1"}, nil, nil)
	for body, want := range map[string]bool{
		`{"type":"link_shared","user":"U1","channel":"C1","message_ts":"1.1","source":"conversations_history","links":[{"url":"https://a.test/1"}]}`: true,
		`{"type":"link_shared","user":"U1","channel":"COMPOSER","message_ts":"x","source":"composer","links":[{"url":"https://a.test/1"}]}`:          false,
		`{"type":"link_shared","bot_id":"B1","channel":"C1","message_ts":"1.1","links":[{"url":"https://a.test/1"}]}`:                                false,
	} {
		var in inner
		if err := json.Unmarshal([]byte(body), &in); err != nil {
			t.Fatal(err)
		}
		e, _, ok := a.messageEvent(envelope{}, in)
		if ok != want || ok && (e.Kind != bot.Link || e.Place.Message != "1.1" || len(e.Values[bot.LinkField]) != 1) {
			t.Errorf("%s: %v, %+v", body, ok, e)
		}
	}
}

// TestPrivateAnswersHaveTheirUses: "Working…" may take one of the five, so an answer
// has four at most; a longer one goes to the person as a message.
func TestPrivateAnswersHaveTheirUses(t *testing.T) {
	said := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		said++
		w.Write([]byte("ok")) //nolint:errcheck // the test counts
	}))
	defer server.Close()
	card := bot.Card{Title: bot.Say("Bilan"), Lang: "fr"}
	for pages := 0; pages <= maxPages; {
		a := New(Options{APIURL: server.URL, Words: testRenderer(t).words}, nil, nil)
		shown, err := a.render.card(card)
		if err != nil {
			t.Fatal(err)
		}
		if len(shown.pages) == pages && len(shown.files) == 0 {
			card.Blocks = append(card.Blocks, bot.P(strings.Repeat("mot ", 600)))
			continue
		}
		pages, said = len(shown.pages), 0
		err = a.Answer(context.Background(), handle(server.URL, board.Place{Channel: "C1"}, "U1", a.now()), card)
		if len(shown.files) > 0 || pages > maxUses-1 {
			if !errors.Is(err, outbox.ErrGone) || said != 0 {
				t.Errorf("%d pages and %d files: %v after %d", pages, len(shown.files), err, said)
			}
		} else if err != nil || said != pages {
			t.Errorf("%d pages: said %d, %v", pages, said, err)
		}
		if len(shown.files) > 0 {
			break
		}
	}
}
