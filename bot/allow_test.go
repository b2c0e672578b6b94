package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
)

// A refusal says which roles may, and who has them: those at work first, three by
// name, never the one who asks.
func TestDenied(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{ID: "b", Zone: time.UTC}
	for day := range b.Hours {
		b.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}}
	}
	member := func(name string, roles ...brand.Role) *brand.Member {
		return &brand.Member{ID: strings.ToLower(name), Name: name, Roles: roles}
	}
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	space := &brand.Space{Brands: []*brand.Brand{b}, Members: []*brand.Member{
		member("Ada", brand.Author), member("Ben", brand.Approver), member("Cleo", brand.Approver, brand.Responder),
		member("Dan", brand.Responder), member("Eve", brand.Responder), member("Flo", brand.Responder), member("Max", brand.Admin)}}
	space.Member("ben").Away = hours.Days{hours.DayOf(now)}
	for _, test := range []struct {
		who   string
		roles []brand.Role
		fr    string
		en    string
	}{
		{"ada", []brand.Role{brand.Approver}, "Seule la validation peut faire ça (Cleo et Ben).", "Only approvers can do this (Cleo and Ben)."},
		{"ada", []brand.Role{brand.Responder, brand.Approver},
			"Seules l’équipe des réponses et la validation peuvent faire ça (Cleo, Dan, Eve et 3 autres).",
			"Only those who reply and approvers can do this (Cleo, Dan, Eve and 3 others)."},
		{"max", []brand.Role{brand.Approver}, "Seule la validation peut faire ça (Cleo et Ben).", "Only approvers can do this (Cleo and Ben)."},
		{"cleo", []brand.Role{brand.Approver}, "", ""},
		{"max", []brand.Role{brand.Approver, brand.Admin}, "", ""},
		{"ada", []brand.Role{brand.Anyone}, "", ""},
		{"dan", []brand.Role{brand.Author, brand.Responder}, "", ""},
	} {
		for lang, want := range map[string]string{"fr": test.fr, "en": test.en} {
			r := &Request{Space: space, Brand: b, Member: space.Member(test.who), Print: catalog.For(lang, time.UTC), Now: now}
			if got := refused(Allow(r, test.roles...)); got != want {
				t.Errorf("%s, %v: %q, want %q", test.who, test.roles, got, want)
			}
		}
	}
	space.Members = space.Members[:1]
	r := &Request{Space: space, Brand: b, Member: space.Member("ada"), Print: catalog.For("fr", time.UTC), Now: now}
	if got := refused(Allow(r, brand.Approver)); got != "Seule la validation peut faire ça, et personne n’a ce rôle." {
		t.Errorf("nobody: %q", got)
	}
}

func refused(err error) string {
	var refusal *Refusal
	if err == nil || !errors.As(err, &refusal) {
		return strings.TrimSuffix(fmt.Sprint(err), "<nil>")
	}
	return refusal.Card.Text()
}

// Every role that a route may need has its name in a refusal.
func TestEveryRoleIsNamed(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range brand.Roles() {
		if !catalog.For("fr", nil).Has("chat.who." + string(role)) {
			t.Errorf("%s has no name", role)
		}
	}
}
