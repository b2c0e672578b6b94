package team

import (
	"maps"
	"slices"

	"crieur/bot/brand"
)

// Over is the space with what was learnt laid over it; pure. The space stays as
// it is, and what nothing was learnt of is shared with the result.
func Over(space *brand.Space, learnt Overlay) *brand.Space {
	if len(learnt.People)+len(learnt.Brands)+len(learnt.Themes)+len(learnt.Names)+len(learnt.Charters)+len(learnt.Answers) == 0 {
		return space
	}
	over := &brand.Space{ID: space.ID, Groups: space.Groups, Brands: slices.Clone(space.Brands), Members: slices.Clone(space.Members)}
	for _, b := range learnt.Brands {
		if space.Brand(b.ID) == nil {
			over.Brands = append(over.Brands, b.Live())
		}
	}
	at := func(id string) int {
		return slices.IndexFunc(over.Brands, func(b *brand.Brand) bool { return b.ID == id })
	}
	for _, t := range learnt.Themes {
		if at := at(t.Brand); at >= 0 {
			over.Brands[at] = t.over(*over.Brands[at])
		}
	}
	for _, n := range learnt.Names {
		if at := at(n.Brand); at >= 0 {
			over.Brands[at] = n.over(*over.Brands[at])
		}
	}
	for _, c := range learnt.Charters {
		if at := at(c.Brand); at >= 0 {
			over.Brands[at] = c.over(*over.Brands[at])
		}
	}
	for _, a := range learnt.Answers {
		if at := at(a.Brand); at >= 0 {
			over.Brands[at] = a.over(*over.Brands[at])
		}
	}
	for _, p := range learnt.People {
		at := slices.IndexFunc(over.Members, func(m *brand.Member) bool { return m.ID == p.ID })
		switch {
		case at >= 0:
			over.Members[at] = p.over(*over.Members[at])
		case p.Name != "" && len(p.Roles)+len(p.Granted) > 0:
			over.Members = append(over.Members, p.over(brand.Member{ID: p.ID, Name: p.Name}))
		} // else neither file nor group names them any more: what they said of themselves waits
	}
	return over
}

// over is the member with what was learnt of them.
func (p Person) over(m brand.Member) *brand.Member {
	if p.Lang != "" {
		m.Lang = p.Lang
	}
	if p.Zone != "" {
		m.Zone = zone(p.Zone)
	}
	if p.Hours != nil {
		m.Hours = p.Hours
	}
	m.Roles, m.Granted = append(slices.Clone(m.Roles), p.Roles...), p.Granted
	m.Away = slices.Clone(m.Away)
	for _, leave := range p.Away {
		m.Away = append(m.Away, leave.Days()...)
	}
	handles := maps.Clone(p.Handles)
	if handles == nil {
		handles = map[string]string{}
	}
	maps.Copy(handles, m.Handles) // what the file says is not for a link to change
	m.Handles, m.Reach = handles, p.Reach
	m.Brief, m.Unreminded = p.Brief, p.Unreminded
	return &m
}
