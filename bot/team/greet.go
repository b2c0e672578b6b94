package team

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"maps"
	"slices"
	"strings"
	"time"

	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/state"
)

// Seen is a person as a chat application shows them, with all their groups.
type Seen struct {
	Platform, Team, User, Name string
	Groups                     []string
}

func (s Seen) key() string { return s.Platform + ":" + s.Team }

// Greet keeps the roles that a person's groups give, where they are not as they
// were: a stranger in such a group becomes a member, a member who left it loses
// what it gave. When nothing changed, nothing is read.
func Greet(ctx context.Context, store state.Store, space *brand.Space, now time.Time, event string, who Seen) error {
	member, granted := space.Who(who.Platform, who.Team, who.User), grants(space.Groups, who)
	switch {
	case member == nil && len(granted) == 0:
		return nil
	case member != nil && slices.Equal(member.Granted[who.key()], granted):
		return nil
	}
	_, err := state.Do(ctx, store, "greet:"+event, now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		overlay, err := Get(ctx, tx)
		if err != nil {
			return nil, err
		}
		p := overlay.person(space, member, who)
		p.Granted = maps.Clone(p.Granted)
		if p.Granted == nil {
			p.Granted = map[string][]brand.Role{}
		}
		p.Granted[who.key()] = granted
		if len(granted) == 0 {
			delete(p.Granted, who.key())
		}
		tx.Log(audit.Entry{What: "person.granted", Subject: "member/" + p.ID, Detail: map[string]string{"roles": said(granted)}})
		return nil, Put(ctx, tx, overlay.With(p))
	})
	return err
}

// person is what was learnt of the member, or of the stranger who was seen.
func (o Overlay) person(space *brand.Space, member *brand.Member, who Seen) Person {
	if member != nil {
		return o.Person(member.ID)
	}
	for _, p := range o.People { // another process linked them a moment ago
		if p.Handles[who.key()] == who.User && (p.Name != "" || space.Member(p.ID) != nil) {
			return p
		}
	}
	sum := sha256.Sum256([]byte(who.key() + ":" + who.User))
	p := o.Person("m" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:12]))
	p.Name, p.Handles = who.Name, map[string]string{who.key(): who.User}
	if p.Name == "" {
		p.Name = who.User
	}
	return p
}

// grants are the roles that the groups give, each once in the order of brand.Roles.
func grants(groups []brand.Group, who Seen) []brand.Role {
	given := &brand.Member{}
	for _, g := range groups {
		if g.Platform == who.Platform && g.Team == who.Team && slices.Contains(who.Groups, g.ID) {
			given.Roles = append(given.Roles, g.Roles...)
		}
	}
	return given.All()
}

func said(roles []brand.Role) string {
	words := make([]string, len(roles))
	for i, role := range roles {
		words[i] = string(role)
	}
	return strings.Join(words, " ")
}
