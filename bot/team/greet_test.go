package team_test

import (
	"testing"

	"crieur/bot/brand"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
)

// hall is a space with groups, where people come and go.
type hall struct {
	t     *testing.T
	store *statetest.Mem
	team  *team.Directory
	seen  int
}

func newHall(t *testing.T) *hall {
	space := configured()
	space.Groups = []brand.Group{
		{Platform: "slack", Team: "T1", ID: "S1", Roles: []brand.Role{brand.Responder, brand.Author}},
		{Platform: "slack", Team: "T1", ID: "S2", Roles: []brand.Role{brand.Approver}},
		{Platform: "discord", Team: "G1", ID: "7", Roles: []brand.Role{brand.Moderator}},
	}
	store := statetest.NewMem()
	return &hall{t: t, store: store, team: team.New(space, store)}
}

func (h *hall) greet(platform, at, user string, groups ...string) *brand.Member {
	h.t.Helper()
	h.seen++
	who := team.Seen{Platform: platform, Team: at, User: user, Name: "Eve", Groups: groups}
	if err := team.Greet(h.t.Context(), h.store, h.team.Now(), now, string(rune('a'+h.seen)), who); err != nil {
		h.t.Fatal(err)
	}
	if err := h.team.Refresh(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	return h.team.Now().Who(platform, at, user)
}

// Who comes from a group that gives roles is a member, for as long as they are
// in it.
func TestGreetStrangers(t *testing.T) {
	h := newHall(t)
	if m := h.greet("slack", "T1", "U9"); m != nil {
		t.Errorf("a stranger of no group is %+v", m)
	}
	if m := h.greet("slack", "T2", "U9", "S1"); m != nil {
		t.Errorf("a stranger of another workspace's group is %+v", m)
	}
	if m := h.greet("discord", "G1", "U9", "S1"); m != nil {
		t.Errorf("a stranger of a group of another application is %+v", m)
	}
	m := h.greet("slack", "T1", "U9", "S0", "S1")
	if m == nil || m.Name != "Eve" || !m.Can(brand.Author) || !m.Can(brand.Responder) || m.Can(brand.Approver) {
		t.Fatalf("who comes from the group is %+v", m)
	}
	if again := h.greet("slack", "T1", "U9", "S2", "S1"); again.ID != m.ID || !again.Can(brand.Approver) {
		t.Errorf("a group more: %+v", again)
	}
	if m := h.greet("slack", "T1", "U9"); m != nil {
		t.Errorf("who left the groups is still %+v", m)
	}
	if m := h.greet("slack", "T1", "U9", "S2"); m == nil || m.Can(brand.Responder) || !m.Can(brand.Approver) {
		t.Errorf("who came back is %+v", m)
	}
	if n := len(h.store.Trail()); n != 4 {
		t.Errorf("%d entries in the trail of 4 changes", n)
	}
}

// A member keeps what the file gives them, whatever their groups; what one
// application's groups give is not for the other's to take.
func TestGreetMembers(t *testing.T) {
	h := newHall(t)
	m := h.greet("slack", "T1", "U1", "S2")
	if m.ID != "camille" || !m.Can(brand.Author) || !m.Can(brand.Approver) {
		t.Fatalf("Camille is %+v", m)
	}
	learn(t, h.store, "link", func(o team.Overlay) team.Overlay {
		p := o.Person("camille")
		p.Handles = map[string]string{"discord:G1": "D1"}
		return o.With(p)
	})
	if err := h.team.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := h.greet("discord", "G1", "D1", "7"); !m.Can(brand.Moderator) || !m.Can(brand.Approver) {
		t.Errorf("with both groups, Camille is %+v", m)
	}
	if m := h.greet("slack", "T1", "U1"); !m.Can(brand.Author) || m.Can(brand.Approver) || !m.Can(brand.Moderator) {
		t.Errorf("without the group, Camille is %+v", m)
	}
}

// Whoever was linked by another process a moment ago is not met as a stranger too.
func TestGreetWhoWasJustLinked(t *testing.T) {
	h := newHall(t)
	learn(t, h.store, "link", func(o team.Overlay) team.Overlay {
		p := o.Person("camille")
		p.Handles = map[string]string{"discord:G1": "D1"}
		return o.With(p)
	})
	if m := h.greet("discord", "G1", "D1", "7"); m == nil || m.ID != "camille" || !m.Can(brand.Moderator) || !m.Can(brand.Author) {
		t.Errorf("Camille is %+v", m)
	}
	if n := len(h.team.Now().Members); n != len(configured().Members) {
		t.Errorf("%d members", n)
	}
}

// What did not change costs no read and no commit.
func TestGreetIsCheap(t *testing.T) {
	h := newHall(t)
	h.greet("slack", "T1", "U9", "S1")
	before := len(h.store.Trail())
	space := h.team.Now()
	for range 3 {
		who := team.Seen{Platform: "slack", Team: "T1", User: "U9", Groups: []string{"S1"}}
		if err := team.Greet(t.Context(), nil, space, now, "same", who); err != nil { // no store: it would panic
			t.Fatal(err)
		}
	}
	if len(h.store.Trail()) != before {
		t.Error("what did not change was committed")
	}
}
