package learnt

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"crieur/bot/text/theme"
	"crieur/bot/text/tone"
)

func shipped(t testing.TB) (*tone.Model, *theme.Lists) {
	t.Helper()
	base, err := tone.Default()
	if err != nil {
		t.Fatal(err)
	}
	all, err := theme.Starting()
	if err != nil {
		t.Fatal(err)
	}
	lists, err := theme.New(all)
	if err != nil {
		t.Fatal(err)
	}
	return base, lists
}

func taught(t testing.TB, base *tone.Model, lists *theme.Lists) Models {
	t.Helper()
	var tones []tone.Label
	var themes []theme.Label
	for i := range 60 {
		bad := fmt.Sprintf("le cadran %d est flou", i)
		tones = append(tones, tone.Label{Text: bad, Lang: "fr", Sentiment: tone.Negative},
			tone.Label{Text: fmt.Sprintf("le cadran %d est net", i), Lang: "fr", Sentiment: tone.Positive})
		themes = append(themes, theme.Label{Text: bad, Theme: "cadran"}, theme.Label{Text: fmt.Sprintf("le bracelet %d", i), Theme: "bracelet"})
	}
	var m Models
	var err error
	if m.Tone, _, err = base.Train(tones, 0.8); err != nil {
		t.Fatal(err)
	}
	if m.Theme, _, err = lists.Train(themes); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEncodeDecode(t *testing.T) {
	base, lists := shipped(t)
	both := taught(t, base, lists)
	for _, m := range []Models{both, {Tone: both.Tone}, {Theme: both.Theme}} {
		data, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(data, base, lists)
		if err != nil {
			t.Fatal(err)
		}
		if (got.Tone == nil) != (m.Tone == nil) || (got.Theme == nil) != (m.Theme == nil) {
			t.Fatalf("got %v, want the parts of %v", got, m)
		}
		again, err := got.Encode()
		if err != nil || !bytes.Equal(again, data) {
			t.Errorf("not the same bytes again: %v", err)
		}
		if m.Tone != nil {
			a, b := m.Tone.Score("ce cadran est flou", "fr"), got.Tone.Score("ce cadran est flou", "fr")
			if a.PNegative != b.PNegative || a.Sentiment != tone.Negative {
				t.Errorf("tone changed: %v, %v", a, b)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	base, lists := shipped(f)
	data, err := taught(f, base, lists).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data[:300])
	f.Add([]byte(magic + "\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte(magic + "\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := Decode(data, base, lists); err != nil && !errors.Is(err, ErrFile) {
			t.Fatal(err)
		}
	})
}
