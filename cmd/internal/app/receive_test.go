package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"testing"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/content/contenttest"
	"crieur/bot/outbox"
	"crieur/cmd/internal/app"
	"crieur/commands/drafting"
	"crieur/integrations/picture"
)

// shelf is a chat application that brings files by their Ref.
type shelf struct {
	bot.Chat
	files map[string][]byte
}

func (s shelf) Fetch(_ context.Context, _ string, file bot.Upload, most int64) ([]byte, error) {
	data, found := s.files[file.Ref]
	if !found {
		return nil, &outbox.Error{Fault: outbox.Gone}
	}
	return data[:min(int64(len(data)), most+1)], nil
}

// TestReceiving keeps what is a picture, and says why it keeps nothing else.
func TestReceiving(t *testing.T) {
	random := rand.NewChaCha8([32]byte{})
	noisy := image.NewNRGBA(image.Rect(0, 0, 1000, 500))
	random.Read(noisy.Pix)
	var heavy bytes.Buffer
	if err := png.Encode(&heavy, noisy); err != nil {
		t.Fatal(err)
	}
	files := &contenttest.Files{}
	sender := app.Receiving(map[bot.Platform]bot.Chat{bot.Slack: shelf{files: map[string][]byte{
		"small": contenttest.PNG(), "heavy": heavy.Bytes(), "huge": append(contenttest.PNG(), make([]byte, content.MaxFile)...),
		"words": []byte("<svg onload='alert(1)'/>"),
	}}}, files)
	send := func(platform bot.Platform, ref string) (outbox.Receipt, error) {
		data, err := json.Marshal(drafting.Given{Platform: string(platform), Upload: drafting.Upload{Ref: ref, Name: "a.png"}})
		if err != nil {
			t.Fatal(err)
		}
		return sender.Send(t.Context(), outbox.Effect{ID: "e", Data: data}, outbox.Attempt{})
	}
	if got, err := send(bot.Slack, "small"); err != nil || got.Ref != content.Digest(contenttest.PNG()) || got.Args["Type"] != "image/png" || got.Args["Light"] != "" {
		t.Errorf("small: %+v, %v", got, err)
	}
	got, err := send(bot.Slack, "heavy")
	if err != nil || got.Ref != content.Digest(heavy.Bytes()) {
		t.Fatalf("heavy: %+v, %v", got, err)
	}
	light, err := files.Open(t.Context(), got.Args["Light"])
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(light); err != nil || len(data) > picture.Light {
		t.Errorf("the lighter copy has %d bytes, %v", len(data), err)
	}
	for ref, reason := range map[string]string{"huge": "drafting.picture.big", "words": "drafting.picture.odd"} {
		if got, err := send(bot.Slack, ref); err != nil || got.Ref != "" || got.Reason != reason {
			t.Errorf("%s: %+v, %v", ref, got, err)
		}
	}
	if _, err := send(bot.Slack, "deleted"); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("deleted: %v", err)
	}
	if _, err := send(bot.Discord, "small"); err == nil {
		t.Error("a picture came from nowhere")
	}
}
