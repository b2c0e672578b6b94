package brand

import (
	"testing"
)

func TestLanguages(t *testing.T) {
	for _, c := range []struct {
		name       string
		langs      []string
		own        string
		main, read string
	}{
		{"nothing set", nil, "", "fr", "fr"},
		{"the first is the main one", []string{"en", "fr"}, "", "en", "en"},
		{"a person's own choice wins", []string{"fr", "en"}, "en", "fr", "en"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &Brand{Langs: c.langs}
			if got := b.MainLang(); got != c.main {
				t.Errorf("MainLang() = %q, want %q", got, c.main)
			}
			if got := b.LangOf(&Member{Lang: c.own}); got != c.read {
				t.Errorf("LangOf() = %q, want %q", got, c.read)
			}
		})
	}
}

func TestCan(t *testing.T) {
	for _, c := range []struct {
		has  []Role
		may  []Role
		not  []Role
		name string
	}{
		{nil, []Role{Anyone}, []Role{Author, Approver, Admin}, "no role"},
		{[]Role{Author}, []Role{Author}, []Role{Approver, Responder}, "an author"},
		{[]Role{Approver}, []Role{Approver, Author}, []Role{Responder, Admin}, "an approver writes too"},
		{[]Role{Admin}, []Role{Author, Responder, Moderator, Admin}, []Role{Approver}, "an admin approves nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := &Member{Roles: c.has}
			for _, role := range c.may {
				if !m.Can(role) {
					t.Errorf("cannot %q", role)
				}
			}
			for _, role := range c.not {
				if m.Can(role) {
					t.Errorf("can %q", role)
				}
			}
		})
	}
	if (*Member)(nil).Can(Anyone) {
		t.Error("a stranger can do what anyone of the team can")
	}
}

func TestModerates(t *testing.T) {
	member := func(roles ...Role) []*Member { return []*Member{{Roles: roles}} }
	for _, c := range []struct {
		name    string
		members []*Member
		charter []Article
		want    bool
	}{
		{"nobody, nothing", member(Author), nil, false},
		{"an admin may, but was not asked to", member(Admin), nil, false},
		{"somebody by name", member(Author, Moderator), nil, true},
		{"a charter", member(Admin), []Article{{ID: "respect"}}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &Space{Members: c.members}
			if got := s.Moderates(&Brand{Charter: c.charter}); got != c.want {
				t.Errorf("Moderates() = %v", got)
			}
		})
	}
}
