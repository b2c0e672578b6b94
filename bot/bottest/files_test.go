package bottest_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/content"
	"crieur/bot/outbox"
)

// house opens a form with a picture for every command, and keeps what it is sent.
type house struct{ sent []bot.Event }

func (h *house) Accept(_ context.Context, _ []string, e bot.Event) (bool, error) {
	h.sent = append(h.sent, e)
	return true, nil
}

func (h *house) Ack(e bot.Event) bot.Ack {
	if e.Kind == bot.Command {
		return bot.Open
	}
	return bot.Quiet
}

func (h *house) Form(context.Context, bot.Event) (bot.Form, error) {
	return bot.Form{Action: "a.form", Title: "Visuel", Fields: []bot.Field{
		{ID: "picture", Kind: bot.File}, {ID: "alt", Kind: bot.Line},
	}}, nil
}

func (h *house) Check(_ context.Context, e bot.Event) (map[string]string, error) {
	if len(e.Values["picture"]) == 0 {
		return map[string]string{"picture": "À remplir."}, nil
	}
	return nil, nil
}

func (h *house) Choices(context.Context, bot.Event, string) ([]bot.Choice, error) { return nil, nil }
func (h *house) Say(_ bot.Event, key string) string                               { return key }

func TestPictureInScript(t *testing.T) {
	behind := &house{}
	var fake *bottest.Fake
	bottest.Run(t, func(*testing.T) bottest.Scene {
		fake = bottest.NewFake(behind, behind, func() time.Time { return time.Unix(0, 0) })
		return bottest.Scene{Surface: fake}
	}, []byte(`
-- sent.txt --
as camille
/draft
told [Visuel]
submit picture=thé.png;alt=sans arobase
told À remplir.
submit picture=@thé.png;alt=Une tasse
`))
	if len(behind.sent) != 1 || len(behind.sent[0].Files) != 1 {
		t.Fatalf("sent %+v, want one event with one file", behind.sent)
	}
	_, picture, _ := bottest.Picture("@thé.png")
	e := behind.sent[0]
	file := e.Files[0]
	if file.Name != "thé.png" || file.Type != "image/png" || file.Size != int64(len(picture)) || !slices.Equal(e.Values["picture"], []string{file.Ref}) {
		t.Errorf("file %+v, values %v", file, e.Values)
	}
	if data, err := fake.Fetch(t.Context(), "", file, 1<<20); err != nil || !bytes.Equal(data, picture) {
		t.Errorf("fetched %d bytes, %v", len(data), err)
	}
	if data, err := fake.Fetch(t.Context(), "", file, 10); err != nil || len(data) != 11 {
		t.Errorf("fetched %d bytes of at most 10, want one more; %v", len(data), err)
	}
	if _, err := fake.Fetch(t.Context(), "", bot.Upload{Ref: "elsewhere"}, 10); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("fetched what is not there: %v", err)
	}
}

func TestPicture(t *testing.T) {
	digests := map[string]bool{}
	for value, want := range map[string]bool{"@thé.png": true, "@tasse.png": true, "@film.mp4": false, "@": false} {
		_, data, ok := bottest.Picture(value)
		if _, picture := content.TypeOf(data); picture != want || !ok {
			t.Errorf("%s is a picture: %v, %v", value, picture, ok)
		}
		digests[content.Digest(data)] = true
	}
	if len(digests) != 4 {
		t.Error("two names are one file")
	}
}
