// Package team keeps what a space learns after it was configured: what people
// say of themselves, who they are in another chat application, which groups
// made them members, the brands that were set up in conversation, the words that
// were added to what brands follow, their charters and ready answers.
//
// All of it is laid over what the file says: the file wins for a
// brand that it names and for what it gives to a person; people win
// for their own language, zone, hours, leave and messages. It does not know the
// file (cmd/internal/config reads it), nor the conversations that change what
// is kept (commands/people, commands/setup).
package team

import (
	"cmp"
	"context"
	"maps"
	"reflect"
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/state"
)

// Kind is the kind of the record that every change writes: the roster.
const Kind = "team"

// only is the ID of the roster: a space has one.
const only = "space"

// roster says which people there are records of, and holds the brands. Its
// revision is that of the whole.
type roster struct {
	Members []string `json:"members,omitempty"`
	Brands  []Brand  `json:"brands,omitempty"`
	Themes  []Theme  `json:"themes,omitempty"`
	Names   []Name   `json:"names,omitempty"`
	// Charters are the brands' as they are now.
	Charters []Charter `json:"charters,omitempty"`
	Answers  []Answer  `json:"answers,omitempty"`
}

// Each person has a record of their own, so that it is found and erased with them.
var (
	rosters = state.Table[roster]{Kind: Kind, Schema: 1}
	persons = state.Table[Person]{Kind: "member", Schema: 1}
)

// Overlay is what was learnt.
type Overlay struct {
	People []Person
	Brands []Brand
	Themes []Theme
	Names  []Name
	// Charters are those that were changed in conversation.
	Charters []Charter
	// Answers are those that were written in conversation and may be used.
	Answers []Answer
}

// Person is what was learnt of a member, or a member whom the file does not name.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	// Roles are those given in conversation, beside those of the file.
	Roles []brand.Role `json:"roles,omitempty"`
	// Granted are those of the groups that they were last seen in, by
	// "<platform>:<team>".
	Granted map[string][]brand.Role `json:"granted,omitempty"`
	// Handles are further ones: who they are in another chat application.
	Handles map[string]string `json:"handles,omitempty"`
	Lang    string            `json:"lang,omitempty"`
	Zone    string            `json:"zone,omitempty"` // IANA
	Hours   *hours.Week       `json:"hours,omitempty"`
	Away    []Leave           `json:"away,omitempty"`
	// Reach is the chat application of their direct messages; empty: all of theirs.
	Reach string `json:"reach,omitempty"`
	// Brief and Unreminded are as in brand.Member.
	Brief      *hours.Clock `json:"brief,omitempty"`
	Unreminded bool         `json:"unreminded,omitempty"`
}

// Leave is an absence, both days included.
type Leave struct {
	From hours.Day `json:"from"`
	To   hours.Day `json:"to"`
}

// Days lists the days of the leave.
func (l Leave) Days() hours.Days {
	var days hours.Days
	for at := noon(l.From); !at.After(noon(l.To)); at = at.AddDate(0, 0, 1) {
		days = append(days, hours.DayOf(at))
	}
	return days
}

func noon(d hours.Day) time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// overlay is what the roster holds itself: all but the people.
func (r roster) overlay() Overlay {
	return Overlay{Brands: r.Brands, Themes: r.Themes, Names: r.Names, Charters: r.Charters, Answers: r.Answers}
}

// Get reads what was learnt.
func Get(ctx context.Context, tx *state.Tx) (Overlay, error) {
	all, _, err := rosters.Get(ctx, tx, only)
	if err != nil {
		return Overlay{}, err
	}
	people, err := persons.GetAll(ctx, tx, all.Members...)
	learnt := all.overlay()
	learnt.People = people
	return learnt, err
}

// Put keeps what was learnt, after Get: the roster, and who changed.
func Put(ctx context.Context, tx *state.Tx, overlay Overlay) error {
	old, err := Get(ctx, tx)
	if err != nil {
		return err
	}
	all := roster{Brands: overlay.Brands, Themes: overlay.Themes, Names: overlay.Names, Charters: overlay.Charters,
		Answers: overlay.Answers}
	for _, p := range overlay.People {
		all.Members = append(all.Members, p.ID)
		known, found, err := persons.Get(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if found && reflect.DeepEqual(known, p) {
			continue
		}
		if err := persons.Put(tx, p.ID, p); err != nil {
			return err
		}
	}
	for _, p := range old.People {
		if overlay.at(p.ID) < 0 {
			persons.Delete(tx, p.ID)
		}
	}
	return rosters.Put(tx, only, all)
}

// Changes says whether a commit changes what was learnt.
func Changes(c state.Commit) bool {
	return slices.ContainsFunc(c.Writes, func(w state.Write) bool { return w.Kind == Kind })
}

// Person returns what was learnt of a member; an empty one if nothing was.
func (o Overlay) Person(id string) Person {
	if at := o.at(id); at >= 0 {
		return o.People[at]
	}
	return Person{ID: id}
}

// With is the person together with one who turned out to be the same: the roles,
// accounts and absences of both, and else what they said themselves first.
func (p Person) With(other Person) Person {
	for _, role := range other.Roles {
		if !slices.Contains(p.Roles, role) {
			p.Roles = append(slices.Clone(p.Roles), role)
		}
	}
	p.Granted, p.Handles = over(other.Granted, p.Granted), over(other.Handles, p.Handles)
	p.Away = append(slices.Clone(p.Away), other.Away...)
	p.Lang, p.Zone = cmp.Or(p.Lang, other.Lang), cmp.Or(p.Zone, other.Zone)
	p.Hours, p.Brief = cmp.Or(p.Hours, other.Hours), cmp.Or(p.Brief, other.Brief)
	p.Unreminded = p.Unreminded || other.Unreminded
	return p
}

// over is a map with another one laid over it, nil when both are empty.
func over[V any](under, above map[string]V) map[string]V {
	if len(under)+len(above) == 0 {
		return nil
	}
	both := map[string]V{}
	maps.Copy(both, under)
	maps.Copy(both, above)
	return both
}

// With is the overlay with that person as given; the receiver stays as it is.
func (o Overlay) With(p Person) Overlay {
	o.People = slices.Clone(o.People)
	if at := o.at(p.ID); at >= 0 {
		o.People[at] = p
	} else {
		o.People = append(o.People, p)
	}
	return o
}

func (o Overlay) at(id string) int {
	return slices.IndexFunc(o.People, func(p Person) bool { return p.ID == id })
}

// Learnt says whether a member is known from here alone: met in a group.
func (o Overlay) Learnt(id string) bool { return o.Person(id).Name != "" }

// Without is the overlay without that person; the receiver stays as it is.
func (o Overlay) Without(id string) Overlay {
	o.People = slices.DeleteFunc(slices.Clone(o.People), func(p Person) bool { return p.ID == id })
	return o
}

// Give is the overlay in which the member has the role too; the receiver stays
// as it is.
func (o Overlay) Give(id string, role brand.Role) Overlay {
	p := o.Person(id)
	if !slices.Contains(p.Roles, role) {
		p.Roles = append(slices.Clone(p.Roles), role)
	}
	return o.With(p)
}
