package tone

import (
	"strings"
	"testing"

	"crieur/bot/text/internal/split"
)

func TestLexicon(t *testing.T) {
	l, err := readLexicon()
	if err != nil {
		t.Fatal(err)
	}
	if len(l.entries) < 20000 || len(l.entries) > room/2 {
		t.Errorf("%d entries", len(l.entries))
	}
	honteux := l.find(split.Hash("honteux"))
	if honteux == nil || honteux.own[french] != -4 || honteux.own[english] != 0 || honteux.afinn[french] >= 0 {
		t.Errorf("honteux: %+v", honteux)
	}
	great := l.find(split.Hash("great"))
	if great == nil || great.first[english] != 31 || great.afinn[english] != 3 {
		t.Errorf("great: %+v", great)
	}
	if e := l.find(split.Hash("😡")); e == nil || e.emoji != -3 {
		t.Errorf("😡: %+v", e)
	}
	if e := l.find(split.Hash("connard")); e == nil || e.toxic[french][Insult] != 3 || !e.bad() {
		t.Errorf("connard: %+v", e)
	}
	if l.find(split.Hash("quelque chose que personne ne dit")) != nil {
		t.Error("an unknown word is found")
	}
}

func TestReadOwnRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no number":       "[tone]\nbad: word",
		"unknown section": "[moods]\nword",
		"no section":      "word",
	} {
		l := &lexicon{keys: make([]uint64, 64), places: make([]int32, 64)}
		if err := l.readOwn(text, french); err == nil || !strings.Contains(err.Error(), "line") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadOpenRefuses(t *testing.T) {
	l := &lexicon{keys: make([]uint64, 64), places: make([]int32, 64)}
	if err := l.readOpen([]byte("no gzip")); err == nil {
		t.Error("what is not packed was read")
	}
}

func TestReadExamplesRefuses(t *testing.T) {
	for _, file := range []string{"? text", "-text", "-"} {
		if _, err := readExamples(file, "-=+"); err == nil {
			t.Errorf("%q was read", file)
		}
	}
}
