package slack_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/content/contenttest"
	"crieur/bot/outbox"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

var _ bot.Fetcher = (*slack.Adapter)(nil)

func TestFetch(t *testing.T) {
	w := newWorld(t, nil)
	file := bot.Upload{Ref: w.fake.Give(lea, "thé de Noël.png", contenttest.PNG())}
	size := len(contenttest.PNG())
	for most, want := range map[int]int{size: size, 1 << 20: size, size - 10: size - 9, 0: 1} {
		data, err := w.adapter.Fetch(t.Context(), team, file, int64(most))
		if err != nil || !bytes.Equal(data, contenttest.PNG()[:want]) {
			t.Errorf("at most %d: %d bytes, %v", most, len(data), err)
		}
	}
}

func TestFetchSaysWhyNot(t *testing.T) {
	for name, test := range map[string]struct {
		bend   func(*slackfake.Server, string)
		fault  outbox.Fault
		reason string
	}{
		"deleted":        {func(s *slackfake.Server, id string) { s.DeleteFile(id) }, outbox.Gone, "slack.file.gone"},
		"gone meanwhile": {fail("download", slackfake.Fault{Status: http.StatusNotFound}), outbox.Gone, "slack.file.gone"},
		"hidden":         {fail("files.info", slackfake.Fault{Error: "file_not_found"}), outbox.Gone, "slack.file.gone"},
		"busy":           {fail("download", slackfake.Fault{Status: http.StatusTooManyRequests, RetryAfter: 7 * time.Second}), outbox.Limited, "slack.limited"},
		"asked too much": {fail("files.info", slackfake.Fault{Status: http.StatusTooManyRequests, RetryAfter: 7 * time.Second}), outbox.Limited, "slack.limited"},
		"down":           {fail("download", slackfake.Fault{Status: http.StatusBadGateway}), outbox.Temporary, "slack.file.away"},
		"cut":            {fail("download", slackfake.Fault{Cut: true, Times: -1}), outbox.Temporary, "slack.file.away"},
		"cut before":     {fail("files.info", slackfake.Fault{Cut: true}), outbox.Temporary, "slack.file.away"},
		"revoked":        {fail("files.info", slackfake.Fault{Error: "token_revoked"}), outbox.Denied, "slack.denied"},
		"not for us":     {fail("download", slackfake.Fault{Status: http.StatusForbidden}), outbox.Denied, "slack.file.unread"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			id := w.fake.Give(lea, "thé.png", contenttest.PNG())
			test.bend(w.fake, id)
			_, err := w.adapter.Fetch(t.Context(), team, bot.Upload{Ref: id, Name: "thé.png"}, 1<<20)
			var e *outbox.Error
			if !errors.As(err, &e) || e.Fault != test.fault || e.Reason != test.reason || e.Args["Name"] != "thé.png" {
				t.Errorf("%v: %+v", err, e)
			}
			if test.fault == outbox.Limited && e.After != 7*time.Second {
				t.Errorf("waits %v", e.After)
			}
		})
	}
}

func fail(method string, fault slackfake.Fault) func(*slackfake.Server, string) {
	return func(s *slackfake.Server, _ string) { s.Fail(method, fault) }
}

// Without the permission, a file's address leads to the page where people sign
// in, which is no picture.
func TestFetchWithoutThePermission(t *testing.T) {
	w := newWorld(t, func(f *slackfake.Options, _ *slack.Options) {
		f.Scopes = slackfake.AllScopes()[:10]
	})
	id := w.fake.Give(lea, "thé.png", contenttest.PNG())
	_, err := w.adapter.Fetch(t.Context(), team, bot.Upload{Ref: id}, 1<<20)
	var e *outbox.Error
	if !errors.As(err, &e) || e.Fault != outbox.Denied || e.Reason != "slack.scope" || e.Args["Needed"] != "files:read" {
		t.Errorf("%v: %+v", err, e)
	}
}

// A file's address is somebody's word: the token and the request go to Slack or
// nowhere.
func TestFetchCallsNobodyElse(t *testing.T) {
	w := newWorld(t, nil)
	called := false
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	t.Cleanup(stranger.Close)
	for _, address := range []string{stranger.URL + "/x.png", "http://files.slack.com/x.png", "https://files.slack.com.evil.test/x.png",
		"https://evilslack.com/x.png", "https://files.slack.com:8443@evil.test/x.png", "file:///etc/passwd", "https://files.slack.com:8443/x.png",
		"https://slack.com@127.0.0.1/", "%"} {
		id := w.fake.GiveLink(lea, "thé.png", address)
		_, err := w.adapter.Fetch(t.Context(), team, bot.Upload{Ref: id}, 1<<20)
		if outbox.FaultOf(err) != outbox.Denied {
			t.Errorf("%q: %v", address, err)
		}
	}
	w.fake.Fail("download", slackfake.Fault{Status: http.StatusFound, Location: stranger.URL})
	_, err := w.adapter.Fetch(t.Context(), team, bot.Upload{Ref: w.fake.Give(lea, "thé.png", contenttest.PNG())}, 1<<20)
	if outbox.FaultOf(err) != outbox.Denied || called {
		t.Errorf("redirected: called %v, %v", called, err)
	}
	if _, err := w.adapter.Fetch(t.Context(), team, bot.Upload{Ref: strings.Repeat("../", 9)}, 1); outbox.FaultOf(err) != outbox.Gone {
		t.Errorf("no file at all: %v", err)
	}
}
