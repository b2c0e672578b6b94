package bot

import (
	"slices"

	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// mostNamed is how many people a refusal names; the rest is counted.
const mostNamed = 3

// Admit is Allow for a route; what is not early waits until a brand is set up.
func Admit(r *Request, early bool, roles ...brand.Role) error {
	if err := Allow(r, roles...); err != nil {
		return err
	}
	if r.Brand == nil && !early {
		return Refuse(r.Print.T("chat.nobrand", "Admin", names(r, brand.Admin)))
	}
	return nil
}

// Allow refuses strangers, and members who have none of the roles, saying whom to
// ask.
func Allow(r *Request, roles ...brand.Role) error {
	if slices.Contains(roles, brand.Passerby) {
		return nil
	}
	if r.Member == nil {
		space := "Crieur"
		if r.Brand != nil {
			space = r.Brand.Name
		}
		return Refuse(r.Print.T("chat.stranger", "Space", space, "Admin", names(r, brand.Admin)))
	}
	if !slices.ContainsFunc(roles, r.Member.Can) {
		return r.plead(roles, denied(r, roles))
	}
	return nil
}

// Deny refuses what only those with one of the roles may do, and somebody whom the
// text of a key names beside {{.Who}}: those who have the roles.
func Deny(r *Request, key string, roles ...brand.Role) error {
	able := Able(r, roles...)
	if len(able) == 0 {
		return Refuse(denied(r, roles))
	}
	return r.plead(roles, r.Print.T(key, "Who", some(r.Print, able)))
}

// denied says which roles may, and who has them.
func denied(r *Request, roles []brand.Role) string {
	p := r.Print
	var whose []string
	for _, role := range roles {
		whose = append(whose, p.T("chat.who."+string(role)))
	}
	able := Able(r, roles...)
	if len(able) == 0 {
		return p.T("chat.deniedall", "Roles", p.List(whose...), "Count", len(whose))
	}
	return p.T("chat.denied", "Roles", p.List(whose...), "Count", len(whose), "Who", some(p, able))
}

// some names a few of the people, and counts the others.
func some(p *i18n.Printer, people []*brand.Member) string {
	var who []string
	for _, m := range people[:min(len(people), mostNamed)] {
		who = append(who, m.Name)
	}
	if rest := len(people) - mostNamed; rest > 0 {
		who = append(who, p.T("chat.others", "Count", rest))
	}
	return p.List(who...)
}

// Able are those who have one of the roles: who is at work first.
func Able(r *Request, roles ...brand.Role) []*brand.Member {
	able := slices.DeleteFunc(slices.Clone(r.Space.Members), func(m *brand.Member) bool {
		return !slices.ContainsFunc(roles, m.Can)
	})
	slices.SortStableFunc(able, func(a, b *brand.Member) int { return absent(r, a) - absent(r, b) })
	return able
}

// absent is 0 for who is at work now, 1 for who is not.
func absent(r *Request, m *brand.Member) int {
	if r.Brand == nil || r.Brand.At(m).Open(r.Now) {
		return 0
	}
	return 1
}

func names(r *Request, role brand.Role) string {
	var all []string
	for _, m := range r.Space.With(role) {
		all = append(all, m.Name)
	}
	return r.Print.Or(all...)
}
