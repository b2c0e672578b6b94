package lexicon

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestDictionariesKnowTheirLanguage(t *testing.T) {
	for _, c := range []struct {
		name  string
		d     *Dictionary
		right string
		wrong string
	}{
		{"French", French(), "être aujourd'hui États-Unis centimètres œuvre connaîtrons Noël finissez qu'en-dira-t-on Paris", "etre pratiuque connaîtront- Etats paaris l'homme"},
		{"English", English(), "colour color children's running beautifully London don't", "recieve london runing teh"},
	} {
		for _, w := range strings.Fields(c.right) {
			if !c.d.Has(w) {
				t.Errorf("%s lacks %q", c.name, w)
			}
		}
		for _, w := range strings.Fields(c.wrong) {
			if c.d.Has(w) {
				t.Errorf("%s has %q", c.name, w)
			}
		}
	}
	if !French().Has("aujourd’hui") {
		t.Error("a curly apostrophe is one too")
	}
	if got := French().Class("bonjour"); got != Common {
		t.Errorf("bonjour is %d", got)
	}
}

func TestDictionariesAreSmall(t *testing.T) {
	if size := len(french) + len(english); size > 4<<20 {
		t.Errorf("%d bytes", size)
	}
}

func TestNear(t *testing.T) {
	for _, c := range []struct{ wrong, first string }{
		{"pratiuque", "pratique"}, {"deja", "déjà"}, {"evenement", "événement"}, {"poru", "pour"}, {"danss", "dans"},
		{"aplication", "application"}, {"automatisee", "automatisée"}, {"bonjuor", "bonjour"}, {"inscritpion", "inscription"},
		{"rendezvous", "rendez-vous"}, {"concous", "concours"},
	} {
		near := French().Near(c.wrong, 3, 2)
		if len(near) == 0 || near[0] != c.first {
			t.Errorf("%s: %v, want %s", c.wrong, near, c.first)
		}
	}
	for _, c := range []struct{ wrong, first string }{{"recieve", "receive"}, {"definately", "definitely"}, {"seperate", "separate"}, {"teh", "the"}} {
		if near := English().Near(c.wrong, 3, 2); !slices.Contains(near, c.first) {
			t.Errorf("%s: %v, want %s", c.wrong, near, c.first)
		}
	}
	if near := French().Near(strings.Repeat("a", 31), 3, 2); near != nil {
		t.Errorf("too long: %v", near)
	}
}

// TestPackKeepsEveryForm packs a few forms and finds these and no other.
func TestPackKeepsEveryForm(t *testing.T) {
	forms := map[string]Class{"a": Plain, "ab": Hidden, "abé": Common, "bé": Plain, "l'b": Plain, "zzz": Absent}
	packed, err := Pack(forms)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Open(string(packed))
	if err != nil {
		t.Fatal(err)
	}
	forms["b"], forms["abéa"], forms[""], forms["x"] = Absent, Absent, Absent, Absent
	for form, class := range forms {
		if got := d.Class(form); got != class {
			t.Errorf("%q is %d, want %d", form, got, class)
		}
	}
	if near := d.Near("abe", 5, 2); len(near) == 0 || near[0] != "abé" {
		t.Errorf("near %v", near)
	}
}

func TestPackRefusesNothingAndTooManyLetters(t *testing.T) {
	if _, err := Pack(nil); err == nil {
		t.Error("packed nothing")
	}
	many := map[string]Class{}
	for r := rune(0x4e00); r < 0x4e00+256; r++ {
		many[string(r)] = Plain
	}
	if _, err := Pack(many); err == nil {
		t.Error("packed 256 letters")
	}
}

// FuzzOpen holds that no data makes a lookup leave it.
func FuzzOpen(f *testing.F) {
	packed, err := Pack(map[string]Class{"un": Plain, "une": Common, "deux": Plain})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(packed), "une")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, data, form string) {
		d, err := Open(data)
		if err != nil {
			if !errors.Is(err, ErrPacked) {
				t.Fatal(err)
			}
			return
		}
		d.Class(form)
	})
}

// FuzzNear holds that what is proposed is right, and in number.
func FuzzNear(f *testing.F) {
	for _, s := range []string{"pratiuque", "l'homm", "ÉTÉ", "é\xff", "aaaaaaaa"} {
		f.Add(s)
	}
	d := French()
	f.Fuzz(func(t *testing.T, form string) {
		near := d.Near(form, 3, 2)
		if len(near) > 3 {
			t.Fatalf("%d forms", len(near))
		}
		for _, n := range near {
			if class := d.Class(n); class != Plain && class != Common {
				t.Fatalf("%q for %q is %d", n, form, class)
			}
		}
	})
}

func BenchmarkClass(b *testing.B) {
	d := French()
	for b.Loop() {
		d.Class("automatiquement")
	}
}

func BenchmarkNear(b *testing.B) {
	d := French()
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			d.Near("pratiuque", 3, 2)
		}
	})
	b.Run("two", func(b *testing.B) {
		for b.Loop() {
			d.Near("prtiuquement", 3, 2)
		}
	})
}
