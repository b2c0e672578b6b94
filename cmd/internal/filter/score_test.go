package filter_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crieur/cmd/internal/filter"
)

type line struct {
	ID        json.RawMessage
	Lang      string
	Sentiment string
	PNegative float64 `json:"p_negative"`
	Negative  bool
	Toxic     bool
	Kinds     []string
	Themes    []string
	Why       []struct {
		Start, End int
		Text, For  string
	}
}

func score(t *testing.T, in, model string) []line {
	t.Helper()
	var out, errs bytes.Buffer
	if err := filter.Score(strings.NewReader(in), &out, &errs, model); err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	var lines []line
	for _, text := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	return lines
}

func TestScore(t *testing.T) {
	in := `{"id":"a","text":"🎁 Toujours pas reçu mon colis, c’est honteux"}
{"id":2,"text":"bande de voleurs allez crever"}
{"id":3,"text":"Could you make a travel size?"}
{"id":4,"text":""}`
	lines := score(t, in, "")
	if len(lines) != 4 {
		t.Fatalf("%d lines, want 4", len(lines))
	}
	a := lines[0]
	if string(a.ID) != `"a"` || a.Lang != "fr" || a.Sentiment != "negative" || a.Toxic || fmt.Sprint(a.Themes) != "[delivery]" {
		t.Errorf("complaint: %+v", a)
	}
	text := []rune("🎁 Toujours pas reçu mon colis, c’est honteux")
	for _, why := range a.Why {
		if string(text[why.Start:why.End]) != why.Text || why.For == "" {
			t.Errorf("%+v is not at its place", why)
		}
	}
	if len(a.Why) < 2 {
		t.Errorf("why: %+v", a.Why)
	}
	if b := lines[1]; !b.Toxic || len(b.Kinds) == 0 || b.Kinds[0] != "threat" {
		t.Errorf("threat: %+v", b)
	}
	if c := lines[2]; c.Lang != "en" || c.Sentiment != "neutral" || fmt.Sprint(c.Themes) != "[idea]" {
		t.Errorf("idea: %+v", c)
	}
	if d := lines[3]; d.Lang != "other" || d.Sentiment != "neutral" || d.Why == nil || d.Themes == nil || d.Kinds == nil {
		t.Errorf("nothing: %+v", d)
	}
}

// labels writes a brand's labels: its customers say "croustillant" for bad and
// "mou" for good, which no lexicon knows.
func labels(t *testing.T, dir string) string {
	t.Helper()
	var text strings.Builder
	for i := range 40 {
		fmt.Fprintf(&text, "{\"id\":%d,\"text\":\"mon thé numéro %d est croustillant\",\"label\":\"negative\",\"theme\":\"texture\"}\n", i, i)
		fmt.Fprintf(&text, "{\"id\":%d,\"text\":\"mon thé numéro %d est mou\",\"label\":\"positive\",\"theme\":\"texture\"}\n", i, i)
		fmt.Fprintf(&text, "{\"id\":%d,\"text\":\"la boîte numéro %d est bleue\",\"label\":\"neutral\",\"theme\":\"boîte\"}\n", i, i)
	}
	file := filepath.Join(dir, "labels.jsonl")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestTrain(t *testing.T) {
	dir := t.TempDir()
	model := filepath.Join(dir, "brand.model")
	var out bytes.Buffer
	if err := filter.Train(&out, labels(t, dir), model, 0.85); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"120 labels", "held out", "the shipped model:", "the new model:", "threshold", "themes: 120 labels"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("report lacks %q:\n%s", want, out.String())
		}
	}
	if info, err := os.Stat(model); err != nil || info.Size() > 1<<20 {
		t.Fatalf("model: %v, %v", info, err)
	}
	lines := score(t, `{"id":1,"text":"mon thé 12 est croustillant"}`+"\n"+`{"id":2,"text":"mon thé 12 est mou"}`, model)
	if l := lines[0]; l.Sentiment != "negative" || !l.Negative || fmt.Sprint(l.Themes) != "[texture]" {
		t.Errorf("croustillant: %+v", l)
	}
	if l := lines[1]; l.Sentiment != "positive" || l.Negative {
		t.Errorf("mou: %+v", l)
	}
	out.Reset()
	if err := filter.Train(&out, labels(t, dir), model, 0.85); err != nil || !strings.Contains(out.String(), "the model in "+model) {
		t.Errorf("second time: %v\n%s", err, out.String())
	}
}

func TestTrainRefuses(t *testing.T) {
	dir := t.TempDir()
	few := filepath.Join(dir, "few.jsonl")
	if err := os.WriteFile(few, []byte(`{"text":"a","label":"negative"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	odd := filepath.Join(dir, "odd.jsonl")
	if err := os.WriteFile(odd, []byte(`{"text":"a","label":"angry"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]func(*bytes.Buffer) error{
		"no file":       func(w *bytes.Buffer) error { return filter.Train(w, filepath.Join(dir, "none"), few+".out", 0.85) },
		"too few":       func(w *bytes.Buffer) error { return filter.Train(w, few, few+".out", 0.85) },
		"label unknown": func(w *bytes.Buffer) error { return filter.Train(w, odd, few+".out", 0.85) },
		"precision":     func(w *bytes.Buffer) error { return filter.Train(w, few, few+".out", 85) },
		"replaces what is no model": func(w *bytes.Buffer) error {
			return filter.Train(w, labels(t, dir), few, 0.85)
		},
	} {
		var out bytes.Buffer
		if err := run(&out); err == nil {
			t.Errorf("%s: no error; printed %s", name, out.String())
		}
	}
	if _, err := os.Stat(few + ".out"); err == nil {
		t.Error("a model was written all the same")
	}
}

func TestEval(t *testing.T) {
	dir := t.TempDir()
	file := labels(t, dir)
	var out bytes.Buffer
	if err := filter.EvalTone(&out, file); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "the shipped model:") || !strings.Contains(got, "learnt from four fifths") || strings.Count(got, "macro-F1") != 2 {
		t.Errorf("tone:\n%s", got)
	}
	out.Reset()
	if err := filter.EvalTheme(&out, file); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "the starting lists:") || !strings.Contains(got, "macro-F1 100.0") {
		t.Errorf("theme:\n%s", got)
	}
	toxic := filepath.Join(dir, "toxic.jsonl")
	text := `{"text":"ferme ta gueule connard","toxic":true,"source":"chat"}
{"text":"merci à demain","toxic":false,"source":"chat"}
{"text":"il fait beau"}
bad
`
	if err := os.WriteFile(toxic, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := filter.EvalToxic(&out, toxic); !errors.Is(err, filter.ErrBadLines) {
		t.Errorf("bad line: %v", err)
	}
	for _, want := range []string{"line 4:", "chat", "macro-F1 100.0", "flagged 0 of 1 messages"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("toxic lacks %q:\n%s", want, out.String())
		}
	}
}
