package slack_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"crieur/bot/content"
	"crieur/bot/content/contenttest"
	"crieur/bot/outbox"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

func ordered(key string, part content.Part) content.Order {
	part.Account, part.Network = "annonces", slack.Network
	return content.Order{Key: key, Part: part, Fingerprint: part.Fingerprint()}
}

// A post leaves with its pictures, or not yet.
func TestPublishPictures(t *testing.T) {
	files := &contenttest.Files{}
	w := newWorld(t, func(_ *slackfake.Options, o *slack.Options) { o.Files = files })
	channel := w.adapter.Publisher(slack.Account{Channel: com, Name: "annonces"})
	text := "Le thé *est là* <!channel> & voilà : https://colibri.fr/the?a=1&b=2.\n\nQui l’attendait ?"
	part := content.Part{Posts: []string{text, "2/2"}, Media: []content.Media{
		kept(t, files, contenttest.PNG(), "Une boîte <rouge> & or"), kept(t, files, gif, "Une tasse qui fume")}}
	_, err := channel.Publish(t.Context(), ordered("k1", part))
	var e *outbox.Error
	if !errors.As(err, &e) || e.Fault != outbox.Temporary || e.Reason != "network.media_processing" || len(w.fake.Messages(com)) != 0 {
		t.Fatalf("while Slack works on them: %v", err)
	}
	live, err := channel.Publish(t.Context(), ordered("k1", part))
	if err != nil {
		t.Fatal(err)
	}
	all := w.fake.Messages(com)
	if len(all) != 2 || len(live.Refs) != 2 || all[0].Words() != text+"\nUne boîte <rouge> & or\nUne tasse qui fume" || all[1].Words() != "2/2" {
		t.Errorf("published %+v, %+v", live, all)
	}
	seen := w.fake.Pictures(all[0])
	if len(seen) != 2 || seen[0].Content != string(contenttest.PNG()) || seen[1].Content != string(gif) || len(w.fake.Pictures(all[1])) != 0 {
		t.Errorf("shows %+v", seen)
	}
	if got := string(all[0].Blocks); !strings.Contains(got, `"type":"link","url":"https://colibri.fr/the?a=1\u0026b=2"`) {
		t.Errorf("no link in %s", got)
	}
	if n := len(w.fake.Calls("files.completeUploadExternal")); n != 2 {
		t.Errorf("%d uploads of 2 pictures", n)
	}
}

// What stands in the way of a picture stands in the way of its post, and is said
// before anything is public.
func TestPublishWithoutItsPicture(t *testing.T) {
	for name, test := range map[string]struct {
		data   []byte
		bend   func(*slackfake.Server)
		fault  outbox.Fault
		reason string
	}{
		"format":     {webp, func(*slackfake.Server) {}, outbox.Rejected, "slack.format"},
		"upload cut": {gif, func(s *slackfake.Server) { s.Fail("upload", slackfake.Fault{Cut: true}) }, outbox.Temporary, "slack.silent"},
		"no upload":  {gif, func(s *slackfake.Server) { s.Fail("upload", slackfake.Fault{Status: http.StatusNotFound}) }, outbox.Temporary, "slack.silent"},
		"limited":    {gif, func(s *slackfake.Server) { s.Fail("files.getUploadURLExternal", slackfake.Fault{Status: 429}) }, outbox.Limited, "slack.limited"},
		"scope": {gif, func(s *slackfake.Server) {
			s.Fail("files.getUploadURLExternal", slackfake.Fault{Error: "missing_scope"})
		}, outbox.Denied, "slack.scope"},
		"message": {gif, func(s *slackfake.Server) { s.Fail("chat.postMessage", slackfake.Fault{Error: "is_archived"}) }, outbox.Gone, "slack.archived"},
		"lost":    {gif, func(s *slackfake.Server) { s.Fail("chat.postMessage", slackfake.Fault{Status: 500}) }, outbox.Ambiguous, "slack.silent"},
	} {
		t.Run(name, func(t *testing.T) {
			files := &contenttest.Files{}
			w := newWorld(t, func(_ *slackfake.Options, o *slack.Options) { o.Files = files })
			test.bend(w.fake)
			part := content.Part{Posts: []string{"Le thé"}, Media: []content.Media{kept(t, files, test.data, "Une boîte")}}
			_, err := w.adapter.Publisher(slack.Account{Channel: com}).Publish(t.Context(), ordered("k1", part))
			var e *outbox.Error
			if !errors.As(err, &e) || e.Fault != test.fault || e.Reason != test.reason || len(w.fake.Messages(com)) != 0 {
				t.Errorf("%v: %+v", err, e)
			}
		})
	}
}

// A picture that somebody deleted on Slack is uploaded again for the next post.
func TestPublishADeletedPicture(t *testing.T) {
	files := &contenttest.Files{}
	w := newWorld(t, func(f *slackfake.Options, o *slack.Options) { f.Unready, o.Files = -1, files })
	channel := w.adapter.Publisher(slack.Account{Channel: com})
	part := content.Part{Posts: []string{"Le thé"}, Media: []content.Media{kept(t, files, gif, "Une tasse")}}
	if _, err := channel.Publish(t.Context(), ordered("k1", part)); err != nil {
		t.Fatal(err)
	}
	w.fake.DeleteFile(w.fake.Pictures(w.fake.Messages(com)[0])[0].ID)
	if _, err := channel.Publish(t.Context(), ordered("k2", part)); outbox.FaultOf(err) != outbox.Temporary {
		t.Fatal(err)
	}
	if _, err := channel.Publish(t.Context(), ordered("k2", part)); err != nil || len(w.fake.Messages(com)) != 2 {
		t.Error(err)
	}
}

// gif and webp are pictures of a pixel, of which Slack shows the first.
var (
	gif  = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
	webp = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
)

// kept puts a picture into a store.
func kept(t *testing.T, files content.Files, data []byte, alt string) content.Media {
	t.Helper()
	digest, err := files.Put(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	return content.Media{Digest: digest, Name: "visuel", Alt: alt, Size: int64(len(data))}
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
		"media":   {ordered("k", content.Part{Posts: []string{"a"}, Media: make([]content.Media, 5)}), "network.too_many_media"},
		"lost":    {ordered("k", content.Part{Posts: []string{"a"}, Media: []content.Media{{Digest: "00"}}}), "network.media_missing"},
		"alt":     {ordered("k", content.Part{Posts: []string{"a"}, Media: []content.Media{{Alt: strings.Repeat("&", 401)}}}), "network.alt_too_long"},
		"heavy":   {ordered("k", content.Part{Posts: []string{"a"}, Media: []content.Media{{Size: content.MaxFile + 1}}}), "network.media_too_big"},
		"both long": {ordered("k", content.Part{Posts: []string{strings.Repeat("é", 4000)}, Media: []content.Media{
			{Alt: strings.Repeat("a", 2000)}, {Alt: strings.Repeat("a", 2000)}, {Alt: strings.Repeat("a", 2001-1)}, {Alt: "a"}}}), "network.too_long"},
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
