package phrases

import (
	"fmt"
	"slices"
	"testing"

	"crieur/bot/text/internal/split"
)

func TestExpandItems(t *testing.T) {
	if got := Expand("reçu{,e} {en,à} temps"); !slices.Equal(got, []string{"reçu en temps", "reçu à temps", "reçue en temps", "reçue à temps"}) {
		t.Error(got)
	}
	if got := Expand("ouvert{"); !slices.Equal(got, []string{"ouvert{"}) {
		t.Error(got)
	}
	if got := Items("a{b,c}, d e ,f"); !slices.Equal(got, []string{"a{b,c}", "d e", "f"}) {
		t.Error(got)
	}
}

func TestFind(t *testing.T) {
	x := NewIndex()
	for id, item := range []string{"colis perdu", "colis", "# semaines", "livr*", "reçu{,e}"} {
		if !x.Add(item, id) {
			t.Errorf("%q can't be found", item)
		}
	}
	for _, item := range []string{"", "  ", "a*"} {
		if x.Add(item, 9) {
			t.Errorf("%q holds nothing to find", item)
		}
	}
	tests := []struct{ text, want string }{
		{"Mon COLIS perdu", "[{1 1 1} {0 1 2}]"},
		{"3 semaines", "[{2 0 2}]"},
		{"les livreurs ont livré", "[{3 1 1} {3 3 1}]"},
		{"jamais reçues reçue", "[{4 2 1}]"},
		{"rien", "[]"},
	}
	var s split.Splitter
	for _, tt := range tests {
		if got := fmt.Sprint(x.Find(&s, s.Split(tt.text), []Match{})); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestJoin(t *testing.T) {
	a, b := split.Hash("bof"), split.Hash("dur")
	if Join(a, a) == Join(b, b) || Join(a, b) == Join(b, a) || Join(a, a) == 0 {
		t.Error("phrases are mixed up")
	}
}

func TestFindLongestOfOneList(t *testing.T) {
	x := NewIndex()
	x.Add("colis", 1)
	x.Add("colis perdu", 1)
	var s split.Splitter
	if got := fmt.Sprint(x.Find(&s, s.Split("colis perdu"), nil)); got != "[{1 0 2}]" {
		t.Error(got)
	}
}
