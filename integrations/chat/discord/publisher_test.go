package discord

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/content/contenttest"
	"crieur/bot/outbox"
	"crieur/integrations/chat/discord/discordfake"
)

// given keeps a picture and returns it as a post has it.
func given(t *testing.T, files content.Files, name, alt string, data []byte) content.Media {
	t.Helper()
	digest, err := files.Put(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	return content.Media{Digest: digest, Name: name, Type: "image/png", Size: int64(len(data)), Alt: alt}
}

func ordered(key string, part content.Part) content.Order {
	part.Account, part.Network = "channel", Network
	return content.Order{Key: key, Part: part, Fingerprint: part.Fingerprint()}
}

func TestPublish(t *testing.T) {
	files := &contenttest.Files{}
	p := newPair(t, tune{chat: Options{Files: files}})
	channel := p.chat.Publisher(Account{Guild: "G", Channel: "C"})
	o := ordered("k1", content.Part{Posts: []string{"Notre thé est de retour, @everyone ! **Enfin** <@111>", "2/2 https://example.com"},
		Media: []content.Media{given(t, files, "Boîte rouge.png", "une boîte rouge", []byte("png"))}})
	live, err := channel.Publish(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	all := p.fake.Messages("C")
	if len(all) != 2 || all[0].Text != o.Part.Posts[0] || all[1].Text != o.Part.Posts[1] || len(all[0].Notified) != 0 {
		t.Errorf("published %+v", all)
	}
	if string(all[0].Files["1-Bo_te_rouge.png"]) != "png" {
		t.Errorf("files %v", all[0].Files)
	}
	if live.Ref != all[0].ID || live.URL != "https://discord.com/channels/G/C/"+all[0].ID || len(live.Refs) != 2 {
		t.Errorf("live %+v", live)
	}
	if again, err := channel.Publish(t.Context(), o); err != nil || again.Ref != live.Ref || len(p.fake.Messages("C")) != 2 {
		t.Errorf("again %+v, %v", again, err)
	}
	if found, ok, err := channel.Find(t.Context(), o); err != nil || !ok || found.Ref != live.Ref {
		t.Errorf("found %+v %v %v", found, ok, err)
	}
	for range 2 {
		if err := channel.Delete(t.Context(), live); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.fake.Messages("C")); n != 0 {
		t.Errorf("%d messages are left", n)
	}
}

func TestPublishAfterALostAnswer(t *testing.T) {
	for skip, lost := range []discordfake.Fault{{DropAfter: true}, {DropAfter: true}, {Status: 429, RetryAfter: 30}, {Status: 500}} {
		t.Run(fmt.Sprint(skip), func(t *testing.T) {
			clock := &hand{at: time.Now()}
			p := newPair(t, tune{fake: discordfake.Options{Unlimited: true, Now: clock.now}, chat: Options{Now: clock.now}})
			channel := p.chat.Publisher(Account{Guild: "G", Channel: "C"})
			if _, err := p.fake.Say("111", "C", "un"); err != nil { // somebody else says the same
				t.Fatal(err)
			}
			o := ordered("k1", content.Part{Posts: []string{"un", "deux", "trois"}})
			lost.Method, lost.Path, lost.Skip = "POST", "/messages", skip%3
			p.fake.Inject(lost)
			_, err := channel.Publish(t.Context(), o)
			if fault := outbox.FaultOf(err); fault != outbox.Ambiguous && fault != outbox.Limited {
				t.Fatalf("lost: %v", err)
			}
			clock.move(20 * time.Minute)                                     // the nonces are forgotten
			p.chat.rest.limits = newLimits()                                 // and the 429 is over
			restarted := p.chat.Publisher(Account{Guild: "G", Channel: "C"}) // nothing is remembered
			if _, found, err := restarted.Find(t.Context(), o); err != nil || found {
				t.Fatalf("found %v, %v", found, err)
			}
			live, err := restarted.Publish(t.Context(), o)
			if err != nil || len(live.Refs) != 3 {
				t.Fatalf("again: %+v, %v", live, err)
			}
			var texts []string
			for _, m := range p.fake.Messages("C")[1:] {
				texts = append(texts, m.Text)
			}
			if strings.Join(texts, " ") != "un deux trois" {
				t.Errorf("published %v", texts)
			}
		})
	}
}

func TestPublishRefuses(t *testing.T) {
	files := &contenttest.Files{}
	p := newPair(t, tune{chat: Options{Files: files}})
	channel := p.chat.Publisher(Account{Guild: "G", Channel: "C"})
	calls := p.fake.Calls()
	big := given(t, files, "big.png", "", bytes.Repeat([]byte("x"), maxUpload))
	changed := ordered("k", content.Part{Posts: []string{"a"}})
	changed.Part.Posts = []string{"b"}
	for name, row := range map[string]struct {
		order  content.Order
		reason string
	}{
		"changed":  {changed, "network.changed"},
		"no text":  {ordered("k", content.Part{}), "network.empty"},
		"blank":    {ordered("k", content.Part{Posts: []string{" "}}), "network.empty"},
		"long":     {ordered("k", content.Part{Posts: []string{strings.Repeat("é", 2001)}}), "network.too_long"},
		"no media": {ordered("k", content.Part{Posts: []string{"a"}, Media: []content.Media{{Digest: "00"}}}), "network.media_missing"},
		"much":     {ordered("k", content.Part{Posts: []string{"a"}, Media: []content.Media{big, big, big}}), "network.media_too_big"},
		"11 media": {ordered("k", content.Part{Posts: []string{"a"}, Media: make([]content.Media, 11)}), "network.too_many_media"},
		"alt text": {ordered("k", content.Part{Posts: []string{"a"}, Media: []content.Media{given(t, files, "a", strings.Repeat("a", 1025), nil)}}), "network.alt_too_long"},
	} {
		_, err := channel.Publish(t.Context(), row.order)
		var e *outbox.Error
		if !errors.As(err, &e) || e.Fault != outbox.Rejected || e.Reason != row.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p.fake.Calls() != calls {
		t.Error("something was called")
	}
}

// TestFindPicturesAlone: a post without words is not taken for another message
// without words.
func TestFindPicturesAlone(t *testing.T) {
	files := &contenttest.Files{}
	p := newPair(t, tune{chat: Options{Files: files}})
	channel := p.chat.Publisher(Account{Guild: "G", Channel: "C"})
	picture := given(t, files, "a.png", "une tasse", contenttest.PNG())
	one := ordered("k1", content.Part{Posts: []string{""}, Media: []content.Media{picture}})
	two := ordered("k2", content.Part{Posts: []string{""}, Media: []content.Media{picture, picture}})
	card := bot.Card{Title: bot.Say("Photos"), Blocks: []bot.Block{{Kind: bot.Picture, File: picture.Digest, Alt: "une tasse"}}}
	if _, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := channel.Publish(t.Context(), two); err != nil {
		t.Fatal(err)
	}
	if live, found, err := channel.Find(t.Context(), one); err != nil || found {
		t.Errorf("found %+v, %v", live, err)
	}
	for _, o := range []content.Order{one, two} {
		live, err := channel.Publish(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if found, ok, err := channel.Find(t.Context(), o); err != nil || !ok || found.Ref != live.Ref {
			t.Errorf("found %+v, published %+v, %v", found, live, err)
		}
	}
}

// TestMediaOfOneRequest: what fits Discord's limits of one request with all that is
// around it is sent, what does not is refused before.
func TestMediaOfOneRequest(t *testing.T) {
	files := &contenttest.Files{}
	p := newPair(t, tune{chat: Options{Files: files}})
	channel := p.chat.Publisher(Account{Guild: "G", Channel: "C"})
	for mib, fits := range map[int]bool{24: true, 25: false} {
		post := content.Part{Posts: []string{strings.Repeat("é", 2000)}}
		for left := mib; left > 0; left -= 3 {
			data := bytes.Repeat([]byte{byte(mib), byte(left)}, min(left, 3)<<19)
			post.Media = append(post.Media, given(t, files, fmt.Sprint(left), "", data))
		}
		sent, err := channel.check(t.Context(), ordered(fmt.Sprint(mib), post))
		var e *outbox.Error
		if !fits && (!errors.As(err, &e) || e.Reason != "network.media_too_big") || fits && err != nil {
			t.Fatalf("%d MiB: %v", mib, err)
		}
		if !fits {
			continue
		}
		words, err := json.Marshal(publication{Content: post.Posts[0], Nonce: strings.Repeat("n", 25)})
		if err != nil {
			t.Fatal(err)
		}
		body, _, err := withFiles(words, sent)
		if err != nil {
			t.Fatal(err)
		}
		if size, err := io.Copy(io.Discard, body); err != nil || size > 25<<20 {
			t.Errorf("%d bytes, %v", size, err)
		}
	}
}

func TestFindCannotTell(t *testing.T) {
	p := newPair(t, tune{fake: discordfake.Options{Unlimited: true}})
	channel := p.chat.Publisher(Account{Guild: "G", Channel: "C"})
	o := ordered("k", content.Part{Posts: []string{"un"}})
	if _, _, err := channel.Find(t.Context(), o); !errors.Is(err, outbox.ErrCannotTell) {
		t.Errorf("an empty list: %v", err)
	}
	for range findLast {
		if _, err := p.fake.Say("111", "C", "bavardage"); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := channel.Find(t.Context(), o); !errors.Is(err, outbox.ErrCannotTell) {
		t.Errorf("too many to look through: %v", err)
	}
}
