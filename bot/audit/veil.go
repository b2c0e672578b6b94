package audit

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Salts are the people that the chain can still name, each with their salt.
type Salts map[string]string

// veilMark begins a digest that stands for a person.
const veilMark = "~"

// Veil is what stands for a person in the chain.
func (s Salts) Veil(person string) string {
	mac := hmac.New(sha256.New, []byte(s[person]))
	mac.Write([]byte(person))
	return veilMark + hex.EncodeToString(mac.Sum(nil)[:16])
}

// Names maps what stands for people back to them.
func (s Salts) Names() map[string]string {
	names := make(map[string]string, len(s))
	for person := range s {
		names[s.Veil(person)] = person
	}
	return names
}

// Personal says whether "kind/id" names a person: a member, somebody outside the
// team. A value without a kind has the empty one.
type Personal func(kind, id string) bool

// people lists whom an entry names.
func people(e Entry, personal Personal) []string {
	var all []string
	mapPeople(e, personal, func(person string) string {
		all = append(all, person)
		return person
	})
	return all
}

// mapPeople replaces every person of an entry.
func mapPeople(e Entry, personal Personal, to func(string) string) Entry {
	replaced := func(value string) string {
		kind, id, found := strings.Cut(value, "/")
		if !found {
			kind, id = "", value
		}
		if id == "" || !personal(kind, id) {
			return value
		}
		return strings.TrimSuffix(value, id) + to(id)
	}
	if e.Who != "" {
		e.Who = to(e.Who)
	}
	e.Subject = replaced(e.Subject)
	if e.Detail != nil {
		detail := make(map[string]string, len(e.Detail))
		for name, value := range e.Detail {
			detail[name] = replaced(value)
		}
		e.Detail = detail
	}
	return e
}

// Unveil names the people of an entry again, as far as names has them.
func Unveil(e Entry, names map[string]string) Entry {
	return mapPeople(e, isVeil, func(veil string) string { return cmp.Or(names[veil], veil) })
}

// Veils lists what stands for people in a sealed entry.
func Veils(e Entry) []string { return people(e, isVeil) }

func isVeil(_, id string) bool { return strings.HasPrefix(id, veilMark) }
