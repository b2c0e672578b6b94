package app_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crieur/bot/text/learnt"
	"crieur/bot/text/tone"
	"crieur/cmd/internal/app"
)

// A model learnt elsewhere reaches a bot that serves: its admins are asked, and
// once adopted it reads the brand's messages.
func TestBringModel(t *testing.T) {
	s := newSpaces(t)
	w := s.world("one", 0)
	defer w.end()
	file := jargonModel(t)
	if _, err := app.BringModel(t.Context(), s.options("one"), "nobody", file); err == nil || !strings.Contains(err.Error(), "no such brand") {
		t.Errorf("%v", err)
	}
	brought, err := app.BringModel(t.Context(), s.options("one"), "colibri", file)
	if err != nil || brought.Number != 1 || !brought.After.Empty() {
		t.Fatalf("%+v, %v", brought, err)
	}
	w.until("the admin is asked", func() error { return some(w.shown("morgan", "@morgan", "apporté d’un fichier")) })
	w.click("morgan", "@morgan", "Adopter")
	w.until("it is in use", func() error {
		return some(w.shown("morgan", "@morgan", "En service : le réglage apporté d’un fichier"))
	})
	if exported := s.export("one", ""); !strings.Contains(exported, `"what":"model.brought"`) {
		t.Error("nobody wrote down that it was brought")
	}
}

// jargonModel is a file of crieur train.
func jargonModel(t *testing.T) string {
	t.Helper()
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	var labels []tone.Label
	for i := range 40 {
		labels = append(labels, tone.Label{Text: fmt.Sprintf("la bouilloire %d a fait cric", i), Lang: "fr", Sentiment: tone.Negative},
			tone.Label{Text: fmt.Sprintf("la bouilloire %d a fait crac", i), Lang: "fr", Sentiment: tone.Neutral})
	}
	var made learnt.Models
	if made.Tone, _, err = shipped.Tone().Train(labels, 0.8); err != nil {
		t.Fatal(err)
	}
	data, err := made.Encode()
	file := filepath.Join(t.TempDir(), "model")
	if err = errors.Join(err, os.WriteFile(file, data, 0o600)); err != nil {
		t.Fatal(err)
	}
	return file
}
