package moderation

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"crieur/bot/listen"
)

func hostile() listen.Mention {
	return listen.Mention{ID: "m1", Network: "Mastodon", Author: "@troll", AuthorID: "109", Text: "<b>Voleurs</b> \u202e @everyone\n😡 \"é\"",
		URL: "https://social.example/1", At: time.Date(2026, 11, 26, 10, 15, 0, 0, time.FixedZone("Paris", 3600))}
}

// The record is one line of plain ASCII that says everything, always the same.
func TestRecord(t *testing.T) {
	const want = `{"network":"Mastodon","address":"https://social.example/1","id":"m1","said_by":"@troll","said_by_id":"109",` +
		`"text":"\u003cb\u003eVoleurs\u003c/b\u003e \u202e @everyone\n\ud83d\ude21 \"\u00e9\"","said_at":"2026-11-26T09:15:00Z","kept_at":"2026-11-26T12:00:00Z"}`
	e := evidenceOf(hostile(), noon)
	if got := e.Record(); got != want {
		t.Errorf("the record is\n%s, want\n%s", got, want)
	}
	const seal = "614a51bea214041f4e800ad5589e43268f7416ff8a07dee2fdc15f1feb208707" // as sha256sum says it of that line
	if got := e.Seal(); got != seal {
		t.Errorf("sealed %s, want %s", got, seal)
	}
	bare := Evidence{Network: "X", ID: "2", Text: "a", KeptAt: noon}
	if got := bare.Record(); strings.Contains(got, "said") || strings.Contains(got, "address") {
		t.Errorf("it says what nobody knows: %s", got)
	}
}

// Every field counts: what was changed no longer has the seal.
func TestSealCovers(t *testing.T) {
	e := evidenceOf(hostile(), noon)
	seen := map[string]bool{e.Seal(): true}
	for _, change := range []func(*Evidence){
		func(e *Evidence) { e.Network = "x" }, func(e *Evidence) { e.Address = "x" }, func(e *Evidence) { e.ID = "x" },
		func(e *Evidence) { e.SaidBy = "x" }, func(e *Evidence) { e.SaidByID = "x" }, func(e *Evidence) { e.Text += " " },
		func(e *Evidence) { e.SaidAt = e.SaidAt.Add(time.Second) }, func(e *Evidence) { e.KeptAt = e.KeptAt.Add(time.Second) },
	} {
		other := e
		change(&other)
		if seen[other.Seal()] {
			t.Errorf("the same seal on %s", other.Record())
		}
		seen[other.Seal()] = true
	}
}

// Whatever was said, the record is ASCII on one line, and says it again.
func FuzzRecord(f *testing.F) {
	for _, seed := range []string{"", "é", "😡", "\u2028\u2029", "\x00\x7f", "a\nb\\u00e9", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := evidenceOf(listen.Mention{ID: "1", Text: text}, noon)
		record := e.Record()
		for _, r := range record {
			if r < 0x20 || r > 0x7e {
				t.Fatalf("%U in %q", r, record)
			}
		}
		var back Evidence
		if err := json.Unmarshal([]byte(record), &back); err != nil {
			t.Fatal(err)
		}
		if utf8.ValidString(text) && back != e {
			t.Fatalf("%q came back as %q", text, back.Text)
		}
		if back.Seal() != e.Seal() {
			t.Fatalf("the seal of %q did not survive being kept", text)
		}
	})
}
