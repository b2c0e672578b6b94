package slack_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/content/contenttest"
	"crieur/bot/outbox"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// gallery is a world with pictures; unready is how often Slack refuses a new one.
func gallery(t *testing.T, unready int) (*world, *contenttest.Files) {
	t.Helper()
	files := &contenttest.Files{}
	return newWorld(t, func(f *slackfake.Options, o *slack.Options) {
		f.Unready, o.Files = unready, files
	}), files
}

// withPicture is a card with a picture of the store.
func withPicture(t *testing.T, files *contenttest.Files, data []byte, alt string) bot.Card {
	t.Helper()
	return bot.Card{Lang: "fr", Title: bot.Say("Thé de Noël"), Token: "tok1", Blocks: []bot.Block{
		bot.P("Sortie jeudi."), {Kind: bot.Picture, File: kept(t, files, data, alt).Digest, Alt: alt}},
		Buttons: []bot.Button{{Action: "review.approve", Label: "Valider"}}}
}

// A picture is uploaded once, whatever becomes of its cards.
func TestACardShowsItsPicture(t *testing.T) {
	w, files := gallery(t, -1)
	card := withPicture(t, files, contenttest.PNG(), "Une boîte <rouge> & or")
	at, message := w.post(com, card)
	look := func(m slackfake.Message) {
		t.Helper()
		seen := w.fake.Pictures(m)
		if len(seen) != 1 || seen[0].Content != string(contenttest.PNG()) || seen[0].Alt != "Une boîte <rouge> & or" {
			t.Errorf("shows %+v", seen)
		}
	}
	look(message)
	card.Title = bot.Say("Validé")
	if err := w.adapter.Edit(t.Context(), at, card); err != nil {
		t.Fatal(err)
	}
	look(w.now(at))
	w.fake.Command(lea, com, "/crieur", "point")
	if err := w.adapter.Answer(t.Context(), w.inbox.one(t).Reply, card); err != nil {
		t.Fatal(err)
	}
	look(w.fake.Ephemerals(lea)[0])
	if _, err := w.adapter.Post(t.Context(), slack.HomeOf(team, lea), card, bot.PostOptions{}); err != nil {
		t.Fatal(err)
	}
	look(slackfake.Message{Blocks: w.fake.Home(lea)})
	if n := len(w.fake.Calls("files.completeUploadExternal")); n != 1 {
		t.Errorf("%d uploads", n)
	}
}

// Slack refuses a picture that it still works on: the card comes a little later,
// wherever it goes.
func TestACardWaitsForItsPicture(t *testing.T) {
	for name, send := range map[string]func(w *world, card bot.Card) error{
		"posted": func(w *world, card bot.Card) error {
			_, err := w.adapter.Post(context.Background(), place(com), card, bot.PostOptions{})
			return err
		},
		"edited": func(w *world, card bot.Card) error {
			at, _ := w.post(com, bot.Card{Title: bot.Say("x")})
			return w.adapter.Edit(context.Background(), at, card)
		},
		"home": func(w *world, card bot.Card) error {
			_, err := w.adapter.Post(context.Background(), slack.HomeOf(team, lea), card, bot.PostOptions{})
			return err
		},
		"answered": func(w *world, card bot.Card) error {
			w.fake.Command(lea, com, "/crieur", "point")
			return w.adapter.Answer(context.Background(), w.inbox.all()[0].Reply, card)
		},
		"whispered": func(w *world, card bot.Card) error {
			return w.adapter.Answer(context.Background(), bot.Handle{ID: com + "|" + lea + "|"}, card)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, files := gallery(t, 1)
			card := withPicture(t, files, contenttest.PNG(), "Une boîte")
			err := send(w, card)
			var e *outbox.Error
			if !errors.As(err, &e) || e.Fault != outbox.Temporary || e.Reason != "slack.preparing" {
				t.Fatalf("while Slack works on it: %v", err)
			}
			if err := send(w, card); err != nil {
				t.Errorf("then: %v", err)
			}
		})
	}
}

// A picture that Slack goes on refusing does not hold its card for ever.
func TestAPictureThatSlackNeverTakes(t *testing.T) {
	w, files := gallery(t, 1000)
	card := withPicture(t, files, contenttest.PNG(), "Une boîte")
	at, _ := w.post(com, bot.Card{Title: bot.Say("x")})
	if err := w.adapter.Edit(t.Context(), at, card); outbox.FaultOf(err) != outbox.Temporary {
		t.Fatal(err)
	}
	w.clock.Advance(16 * time.Second)
	if err := w.adapter.Edit(t.Context(), at, card); err != nil {
		t.Fatal(err)
	}
	message := w.now(at)
	if got := message.Words(); got != "Thé de Noël\nSortie jeudi.\nVisuel\u00a0: Une boîte" || !slices.Equal(message.Labels(), []string{"Valider"}) {
		t.Errorf("reads %q, %q", got, message.Labels())
	}
	if n := len(w.fake.Calls("files.completeUploadExternal")); n != 1 {
		t.Errorf("%d uploads", n)
	}
}

// A picture that was deleted on Slack is uploaded again.
func TestADeletedPictureComesBack(t *testing.T) {
	w, files := gallery(t, -1)
	card := withPicture(t, files, contenttest.PNG(), "Une boîte")
	at, message := w.post(com, card)
	w.clock.Advance(time.Hour)
	w.fake.DeleteFile(w.fake.Pictures(message)[0].ID)
	if err := w.adapter.Edit(t.Context(), at, card); outbox.FaultOf(err) != outbox.Temporary {
		t.Fatal(err)
	}
	if err := w.adapter.Edit(t.Context(), at, card); err != nil {
		t.Fatal(err)
	}
	if len(w.fake.Pictures(w.now(at))) != 1 || len(w.fake.Calls("files.completeUploadExternal")) != 2 {
		t.Error("it did not")
	}
}

// Slack says which picture it does not take: the others are not uploaded again.
func TestASecondPicture(t *testing.T) {
	w, files := gallery(t, 1)
	card := withPicture(t, files, contenttest.PNG(), "Une boîte")
	at, _ := w.post(com, bot.Card{Title: bot.Say("x")})
	edit := func() error { return w.adapter.Edit(t.Context(), at, card) }
	if first, second := edit(), edit(); outbox.FaultOf(first) != outbox.Temporary || second != nil {
		t.Fatal(first, second)
	}
	w.clock.Advance(time.Hour)
	card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Picture, File: kept(t, files, gif, "").Digest, Alt: "Une tasse"})
	if first, second := edit(), edit(); outbox.FaultOf(first) != outbox.Temporary || second != nil {
		t.Fatal(first, second)
	}
	if seen := w.fake.Pictures(w.now(at)); len(seen) != 2 || len(w.fake.Calls("files.completeUploadExternal")) != 2 {
		t.Errorf("shows %+v", seen)
	}
}

// Whoever installed Crieur before it took pictures reads what is missing.
func TestAFormWithAFileNeedsThePermission(t *testing.T) {
	w := newWorld(t, func(f *slackfake.Options, _ *slack.Options) {
		f.Scopes = slices.DeleteFunc(slackfake.AllScopes(), func(scope string) bool { return scope == "files:read" })
	})
	w.front.acks["draft"] = bot.Open
	w.front.form = func(bot.Event) (bot.Form, error) {
		return bot.Form{Action: "a", Title: "T", Submit: "S", Cancel: "C", Fields: []bot.Field{{ID: "f", Kind: bot.File, Label: "Visuel"}}}, nil
	}
	w.fake.Command(lea, com, "/draft", "")
	eventually(t, "told", func() bool { return len(w.fake.Ephemerals(lea)) == 1 })
	if got := w.fake.Ephemerals(lea)[0].Words(); !strings.Contains(got, "il manque l’autorisation files:read") {
		t.Errorf("reads %q", got)
	}
}

// What cannot be read or uploaded is said; the card is up all the same.
func TestAPictureInWords(t *testing.T) {
	for name, test := range map[string]struct {
		data []byte // nil: the store has none
		bend func(*slackfake.Server)
	}{
		"not there": {nil, func(*slackfake.Server) {}},
		"format":    {webp, func(*slackfake.Server) {}},
		"scope": {gif, func(s *slackfake.Server) {
			s.Fail("files.getUploadURLExternal", slackfake.Fault{Error: "missing_scope"})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w, files := gallery(t, -1)
			test.bend(w.fake)
			card := bot.Card{Lang: "en", Blocks: []bot.Block{{Kind: bot.Picture, File: strings.Repeat("ab", 32), Alt: "A tin"}}}
			if test.data != nil {
				card.Blocks[0].File = kept(t, files, test.data, "").Digest
			}
			if _, message := w.post(com, card); message.Words() != "Image: A tin" {
				t.Errorf("reads %q", message.Words())
			}
		})
	}
	w := newWorld(t, nil) // no store at all
	if _, message := w.post(com, bot.Card{Lang: "fr", Blocks: []bot.Block{{Kind: bot.Picture, File: "ab"}}}); message.Words() != "Visuel\u00a0: …" {
		t.Errorf("reads %q", message.Words())
	}
}

// A card shows a conversion of what Slack does not show; a post leaves as it was
// approved, or not at all.
func TestAPictureThatIsConverted(t *testing.T) {
	files, times := &contenttest.Files{}, 0
	w := newWorld(t, func(f *slackfake.Options, o *slack.Options) {
		f.Unready, o.Files = -1, files
		o.Convert = func(data []byte) ([]byte, error) {
			if times++; !slices.Equal(data, webp) {
				return nil, errors.New("not to be converted")
			}
			return gif, nil
		}
	})
	card := withPicture(t, files, webp, "Une tasse")
	at, message := w.post(com, card)
	if err := w.adapter.Edit(t.Context(), at, card); err != nil {
		t.Fatal(err)
	}
	if seen := w.fake.Pictures(message); len(seen) != 1 || seen[0].Content != string(gif) || times != 1 {
		t.Errorf("converted %d times: %+v", times, seen)
	}
	part := content.Part{Posts: []string{"Le thé"}, Media: []content.Media{kept(t, files, webp, "Une tasse")}}
	var e *outbox.Error
	_, err := w.adapter.Publisher(slack.Account{Channel: com}).Publish(t.Context(), ordered("k1", part))
	if !errors.As(err, &e) || e.Reason != "slack.format" {
		t.Errorf("published: %v", err)
	}
	bad := withPicture(t, files, append(webp, 0), "Une autre")
	if _, message := w.post(com, bad); !strings.Contains(message.Words(), "Visuel\u00a0: Une autre") {
		t.Errorf("reads %q", message.Words())
	}
}

// An upload that fails may work in a moment; one that goes on failing leaves the
// card to its words. A limit is obeyed as long as it takes.
func TestAnUploadThatFails(t *testing.T) {
	w, files := gallery(t, -1)
	card := withPicture(t, files, contenttest.PNG(), "Une boîte")
	w.fake.Fail("upload", slackfake.Fault{Status: http.StatusBadGateway, Times: 2})
	w.fake.Fail("upload", slackfake.Fault{Status: http.StatusTooManyRequests, RetryAfter: 9 * time.Second})
	post := func() error {
		_, err := w.adapter.Post(t.Context(), place(com), card, bot.PostOptions{})
		return err
	}
	if err := post(); outbox.FaultOf(err) != outbox.Temporary || len(w.fake.Messages(com)) != 0 {
		t.Errorf("at first: %v", err)
	}
	w.clock.Advance(16 * time.Second)
	if err := post(); err != nil || !strings.Contains(w.fake.Messages(com)[0].Words(), "Visuel\u00a0: Une boîte") {
		t.Errorf("later: %v", err)
	}
	var e *outbox.Error
	if err := post(); !errors.As(err, &e) || e.Fault != outbox.Limited || e.After != 9*time.Second {
		t.Errorf("limited: %v", err)
	}
	if err := post(); err != nil || len(w.fake.Pictures(w.fake.Messages(com)[1])) != 1 {
		t.Errorf("at last: %v", err)
	}
}

// An upload has three steps, and each may fail in its own way: the card waits and
// comes with its picture, or comes with its words at once where waiting is of no use.
// Its secret address is in no error.
func TestEachStepOfAnUpload(t *testing.T) {
	for _, step := range []string{"files.getUploadURLExternal", "upload", "files.completeUploadExternal"} {
		for name, row := range map[string]struct {
			fault slackfake.Fault
			want  outbox.Fault // Denied: the card is up all the same, with words for the picture
		}{
			"broken":      {slackfake.Fault{Status: http.StatusInternalServerError}, outbox.Temporary},
			"cut":         {slackfake.Fault{Cut: true}, outbox.Temporary},
			"lost answer": {slackfake.Fault{Drop: true}, outbox.Temporary},
			"done, 503":   {slackfake.Fault{StatusAfter: http.StatusServiceUnavailable}, outbox.Temporary},
			"limited":     {slackfake.Fault{Status: http.StatusTooManyRequests, RetryAfter: 9 * time.Second}, outbox.Limited},
			"not allowed": {slackfake.Fault{Error: "missing_scope"}, outbox.Denied},
		} {
			if step == "upload" && row.fault.Error != "" { // it is no method
				continue
			}
			t.Run(step+"/"+name, func(t *testing.T) {
				w, files := gallery(t, -1)
				card := withPicture(t, files, contenttest.PNG(), "Une boîte")
				w.fake.Fail(step, row.fault)
				_, err := w.adapter.Post(t.Context(), place(com), card, bot.PostOptions{})
				if row.want == outbox.Denied {
					if err != nil || !strings.Contains(w.fake.Messages(com)[0].Words(), "Visuel\u00a0: Une boîte") {
						t.Fatalf("%v, %+v", err, w.fake.Messages(com))
					}
				} else if outbox.FaultOf(err) != row.want || len(w.fake.Messages(com)) != 0 || strings.Contains(err.Error(), "/upload/") {
					t.Fatalf("%v, want %v, with %d messages", err, row.want, len(w.fake.Messages(com)))
				}
				if _, err := w.adapter.Post(t.Context(), place(com), card, bot.PostOptions{}); err != nil {
					t.Fatalf("then: %v", err)
				}
				all := w.fake.Messages(com)
				if seen := w.fake.Pictures(all[len(all)-1]); len(seen) != 1 || seen[0].Alt != "Une boîte" {
					t.Errorf("then %+v", seen)
				}
			})
		}
	}
}

// The buttons vanish at a click, the picture stays; if Slack does not take it
// back, it goes too until the next state.
func TestAClickOnACardWithAPicture(t *testing.T) {
	for name, deleted := range map[string]bool{"stays": false, "goes": true} {
		t.Run(name, func(t *testing.T) {
			w, files := gallery(t, -1)
			w.front.acks["review.approve"] = bot.Busy
			at, message := w.post(com, withPicture(t, files, contenttest.PNG(), "Une boîte"))
			if deleted {
				w.fake.DeleteFile(w.fake.Pictures(message)[0].ID)
			}
			if _, err := w.fake.Click(lea, message, "Valider"); err != nil {
				t.Fatal(err)
			}
			eventually(t, "working", func() bool { return len(w.now(at).Labels()) == 0 })
			now := w.now(at)
			if strings.Contains(now.Words(), "Une boîte") == deleted || !strings.HasSuffix(now.Words(), "En cours…") {
				t.Errorf("reads %q", now.Words())
			}
		})
	}
}

// What continues a long card that is up already waits for no picture: in its
// thread, or in further private messages.
func TestAPictureInTheContinuation(t *testing.T) {
	w, files := gallery(t, 1)
	card := withPicture(t, files, contenttest.PNG(), "Une boîte")
	for range 10 {
		card.Blocks = slices.Insert(card.Blocks, 1, bot.P(strings.Repeat("mot ", 300)))
	}
	w.fake.Command(lea, com, "/crieur", "point")
	another := withPicture(t, files, gif, "Une tasse")
	another.Blocks = append(card.Blocks[:len(card.Blocks)-1:len(card.Blocks)-1], another.Blocks[1])
	err := w.adapter.Answer(t.Context(), w.inbox.one(t).Reply, another)
	private := w.fake.Ephemerals(lea)
	if err != nil || len(private) != 2 || !strings.HasSuffix(private[1].Words(), "Visuel\u00a0: Une tasse") {
		t.Errorf("answered %v: %+v", err, private)
	}
	at, message := w.post(com, card)
	thread := w.fake.Thread(com, at.Message)
	if len(thread) != 1 || !strings.HasSuffix(thread[0].Words(), "Visuel\u00a0: Une boîte") || strings.Contains(message.Words(), "n’a pas pu") {
		t.Fatalf("%q then %+v", message.Words(), thread)
	}
}
