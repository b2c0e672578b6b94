package slack_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

func ordered(key string, part content.Part) content.Order {
	part.Account, part.Network = "annonces", slack.Network
	return content.Order{Key: key, Part: part, Fingerprint: part.Fingerprint()}
}

// reading lets the app read what was posted.
func reading(f *slackfake.Options, _ *slack.Options) {
	f.Scopes = append(slackfake.AllScopes(), "channels:history")
}

func TestPublish(t *testing.T) {
	w := newWorld(t, reading)
	channel := w.adapter.Publisher(slack.Account{Channel: com})
	text := "Le thé <!channel> @everyone *est là* & https://colibri.example"
	live, err := channel.Publish(t.Context(), ordered("k1", content.Part{Posts: []string{text, "2/2"}}))
	if err != nil {
		t.Fatal(err)
	}
	all := w.fake.Messages(com)
	if len(all) != 2 || all[0].Words() != text || all[1].Words() != "2/2" {
		t.Fatalf("published %+v", all)
	}
	if want := "https://slack.com/archives/C0COM/p" + strings.ReplaceAll(all[0].TS, ".", ""); live.URL != want || live.Ref != all[0].TS || len(live.Refs) != 2 {
		t.Errorf("live %+v", live)
	}
	call := w.fake.Calls("chat.postMessage")[0].Values
	if call.Get("mrkdwn") != "false" || call.Get("unfurl_links") == "false" || strings.Contains(call.Get("text"), "<") {
		t.Errorf("posted with %v", call)
	}
	answer := ordered("k2", content.Part{Posts: []string{"Merci"}, ReplyTo: all[0].TS})
	if _, err := channel.Publish(t.Context(), answer); err != nil || len(w.fake.Thread(com, all[0].TS)) != 1 {
		t.Errorf("an answer: %v", err)
	}
}

func TestPublishAfterALostAnswer(t *testing.T) {
	w := newWorld(t, reading)
	channel := w.adapter.Publisher(slack.Account{Channel: com})
	one, two := ordered("k1", content.Part{Posts: []string{"un"}}), ordered("k2", content.Part{Posts: []string{"un", "deux"}})
	if _, found, err := channel.Find(t.Context(), one); found || err != nil {
		t.Errorf("before: %v, %v", found, err)
	}
	w.fake.Fail("chat.postMessage", slackfake.Fault{Drop: true})
	if _, err := channel.Publish(t.Context(), one); outbox.FaultOf(err) != outbox.Ambiguous {
		t.Fatalf("lost: %v", err)
	}
	live, found, err := channel.Find(t.Context(), one)
	if err != nil || !found || live.Ref != w.fake.Messages(com)[0].TS || live.URL == "" {
		t.Errorf("found %+v, %v, %v", live, found, err)
	}
	w.fake.Fail("chat.postMessage", slackfake.Fault{Times: 1, Error: "token_revoked"})
	if _, err := channel.Publish(t.Context(), two); outbox.FaultOf(err) != outbox.Denied {
		t.Errorf("refused at once: %v", err)
	}
}

// A part of several messages that broke off is for a person: posting it again
// would show its beginning twice.
func TestHalfAPublication(t *testing.T) {
	w := newWorld(t, reading)
	channel := w.adapter.Publisher(slack.Account{Channel: com})
	two := ordered("k2", content.Part{Posts: []string{"un", strings.Repeat("é", 4000)}})
	w.fake.Fail("chat.postMessage", slackfake.Fault{Delay: 1}) // the first one passes
	w.fake.Fail("chat.postMessage", slackfake.Fault{Error: "msg_too_long"})
	if _, err := channel.Publish(t.Context(), two); outbox.FaultOf(err) != outbox.Ambiguous {
		t.Errorf("half of it is public: %v", err)
	}
	if _, found, err := channel.Find(t.Context(), two); found || !errors.Is(err, outbox.ErrCannotTell) {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestPublishRefuses(t *testing.T) {
	w := newWorld(t, nil)
	channel := w.adapter.Publisher(slack.Account{Channel: com, Name: "annonces"})
	changed := ordered("k", content.Part{Posts: []string{"a"}})
	changed.Part.Posts = []string{"b"}
	for name, row := range map[string]struct {
		order  content.Order
		reason string
	}{
		"changed": {changed, "network.changed"},
		"no text": {ordered("k", content.Part{}), "network.empty"},
		"blank":   {ordered("k", content.Part{Posts: []string{" \u202e"}}), "network.empty"},
		"long":    {ordered("k", content.Part{Posts: []string{strings.Repeat("é", 4001)}}), "network.too_long"},
		"media":   {ordered("k", content.Part{Posts: []string{"a"}, Media: []content.Media{{Digest: "00"}}}), "network.too_many_media"},
	} {
		_, err := channel.Publish(context.Background(), row.order)
		var e *outbox.Error
		if !errors.As(err, &e) || e.Fault != outbox.Rejected || e.Reason != row.reason || e.Args["Name"] != "annonces" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(w.fake.Calls("")) != 0 {
		t.Error("something was called")
	}
	if _, _, err := channel.Find(context.Background(), ordered("k", content.Part{Posts: []string{"a"}})); !errors.Is(err, outbox.ErrCannotTell) {
		t.Errorf("without the permission to read: %v", err)
	}
}
