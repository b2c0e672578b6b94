package lexicon

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

// draw makes forms over a small alphabet, so that many share their ends.
func draw(r *rand.Rand, n int) map[string]Class {
	letters := []rune("abcéè-'")
	forms := map[string]Class{}
	for range n {
		form := make([]rune, 1+r.IntN(7))
		for i := range form {
			form[i] = letters[r.IntN(len(letters))]
		}
		forms[string(form)] = Class(1 + r.IntN(3))
	}
	return forms
}

func packed(t *testing.T, forms map[string]Class) *Dictionary {
	t.Helper()
	data, err := Pack(forms)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Open(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestPackAgainstMap looks up what is in, and what is not, against a map.
func TestPackAgainstMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 60 {
		forms := draw(r, 1+round*7)
		d := packed(t, forms)
		for form, class := range forms {
			if got := d.Class(form); got != class {
				t.Fatalf("round %d: %q is %d, want %d", round, form, got, class)
			}
		}
		for form := range draw(r, 300) {
			if got := d.Class(form); got != forms[form] {
				t.Fatalf("round %d: %q is %d, want %d", round, form, got, forms[form])
			}
		}
	}
}

// TestPackIsTheSameEachTime holds that generated data does not change by itself.
func TestPackIsTheSameEachTime(t *testing.T) {
	forms := draw(rand.New(rand.NewPCG(3, 4)), 400)
	first, err := Pack(forms)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := Pack(forms)
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(first) {
			t.Fatal("packed otherwise")
		}
	}
}

// apart tells whether two forms differ by at most n letters put in, left out,
// changed or swapped with their neighbour, accents and capitals aside.
func apart(a, b []rune, n int) bool {
	for len(a) > 0 && len(b) > 0 && Fold(a[0]) == Fold(b[0]) {
		a, b = a[1:], b[1:]
	}
	switch {
	case len(a) == 0 || len(b) == 0:
		return len(a)+len(b) <= n
	case n == 0:
		return false
	case apart(a[1:], b[1:], n-1), apart(a[1:], b, n-1), apart(a, b[1:], n-1):
		return true
	}
	return len(a) > 1 && len(b) > 1 && Fold(a[0]) == Fold(b[1]) && Fold(a[1]) == Fold(b[0]) && apart(a[2:], b[2:], n-1)
}

// TestNearAgainstAll compares the neighbours with those that a look at every
// form finds.
func TestNearAgainstAll(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 40 {
		forms := draw(r, 60)
		d := packed(t, forms)
		for wrong := range draw(r, 20) {
			if len([]rune(wrong)) < 2 {
				continue
			}
			near := map[string]bool{}
			for _, form := range d.Near(wrong, 1000, 1) {
				near[form] = true
				if !apart([]rune(wrong), []rune(form), 1) {
					t.Fatalf("%q is not near %q", form, wrong)
				}
			}
			for form, class := range forms {
				if class != Hidden && len([]rune(form)) > 1 && apart([]rune(wrong), []rune(form), 1) && !near[form] {
					t.Fatalf("%q lacks %q among %v", wrong, form, near)
				}
			}
		}
	}
}

func TestNearIsOrdered(t *testing.T) {
	d := packed(t, map[string]Class{"été": Plain, "ete": Plain, "etés": Plain, "Ete": Plain, "tête": Common, "bête": Plain})
	if got := strings.Join(d.Near("eté", 9, 1), " "); !strings.HasPrefix(got, "ete") && !strings.HasPrefix(got, "été") {
		t.Errorf("got %s", got)
	}
	if got := d.Near("pête", 1, 1); len(got) != 1 || got[0] != "tête" {
		t.Errorf("the frequent word comes first: %v", got)
	}
}

func TestOpenRefusesWhatPackDidNotMake(t *testing.T) {
	data, err := Pack(map[string]Class{"un": Plain, "une": Plain})
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	last := len(good) - 4
	for name, bad := range map[string]string{
		"nothing": "", "another magic": "x" + good[1:], "cut": good[:len(good)-1], "no end": good[:last],
		"far target": good[:last] + "\x01\x01\xff\xff", "unknown letter": good[:last] + "\xfe\x01\x00\x00",
	} {
		if _, err := Open(bad); !errors.Is(err, ErrPacked) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFold(t *testing.T) {
	for from, to := range map[rune]rune{'É': 'e', 'ç': 'c', 'œ': 'o', 'Z': 'z', '’': '\'', '-': '-', 'ñ': 'n', 'ß': 'ß'} {
		if got := Fold(from); got != to {
			t.Errorf("%c: %c, want %c", from, got, to)
		}
	}
}
