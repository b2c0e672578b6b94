package archive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"crieur/bot/board"
)

// Conversations are the kind of records whose author is somebody outside the
// team; everybody else's author is a member.
const Conversations = "case"

// Moderated are the kind of records of messages that somebody wanted out of sight
// (commands/moderation): their author is in the evidence.
const Moderated = "moderation"

// Reminders are the kind of records that name whose they are within their IDs, as
// cards do (bot/board).
const Reminders = "reminder"

// Dossier chooses what of a space is about one person: somebody outside the team
// (Author, the name under which they wrote) or one of it (Member, an ID). It is
// asked about the records in the order of an archive: a conversation comes
// before the replies and the story that belong to it.
type Dossier struct {
	Author, Member string
	ids            map[string]bool // of conversations with the author, and of their stories
}

// Takes says whether a record is about the person.
func (d *Dossier) Takes(r Record) bool {
	if d.Member != "" {
		return r.Of(d.Member) || r.Names(d.Member)
	}
	var kept struct {
		Body struct {
			Author   string `json:"author"`
			Case     string `json:"case"`
			Story    string `json:"story"`
			Evidence struct {
				SaidBy string `json:"said_by"`
			} `json:"evidence"`
		} `json:"body"`
	}
	if err := json.Unmarshal(r.Data, &kept); err != nil {
		return false
	}
	said := kept.Body
	switch {
	case r.Kind == Conversations && d.is(said.Author):
		d.know(r.ID, said.Story)
	case r.Kind == Moderated && d.is(said.Evidence.SaidBy):
		d.know(r.ID)
	case r.Kind == Conversations:
		return false
	}
	return d.ids[r.ID] || d.ids[said.Case]
}

// know notes what belongs to the author.
func (d *Dossier) know(ids ...string) {
	if d.ids == nil {
		d.ids = map[string]bool{}
	}
	for _, id := range ids {
		d.ids[id] = id != ""
	}
}

// is says whether a name is the author's; @ and capitals do not count.
func (d *Dossier) is(name string) bool {
	return name != "" && strings.EqualFold(strings.TrimPrefix(name, "@"), strings.TrimPrefix(d.Author, "@"))
}

// Knows says whether a name in the trail is the person's: the member's, or that
// of a conversation with the author.
func (d *Dossier) Knows(person string) bool {
	return d.Member != "" && person == d.Member || d.ids[person]
}

// members are the fields that hold members' IDs, wherever they are in a record.
func members() []string {
	return []string{"approvers", "ask", "asked", "author", "by", "member", "members", "owner", "paused_by", "responders", "who", "writers"}
}

// Of says whether the record is a member's own by its ID, as "camille",
// "round/camille" and the reminder "camille/2026-11-26/1" are.
func (r Record) Of(member string) bool {
	switch r.Kind {
	case board.FadedKind: // what a card shows may be a member's own
		return within(r.subject(), member)
	case board.RecordKind, Reminders:
		return within(r.ID, member)
	}
	return r.ID == member || strings.HasSuffix(r.ID, "/"+member)
}

func within(id, member string) bool { return slices.Contains(strings.Split(id, "/"), member) }

// subject is what a card is about, "" where none is said.
func (r Record) subject() string {
	var kept struct {
		Body struct {
			Subject string `json:"subject"`
		} `json:"body"`
	}
	if err := json.Unmarshal(r.Data, &kept); err != nil {
		return ""
	}
	return kept.Body.Subject
}

// Names says whether a field of the record stands for a member. What is only
// said in a text does not count.
func (r Record) Names(member string) bool {
	_, found, err := r.renamed(member, member)
	return err == nil && found
}

// Rename is the record with another name for a member, wherever a field stands
// for them.
func (r Record) Rename(member, to string) (Record, error) {
	data, found, err := r.renamed(member, to)
	if err != nil {
		return r, fmt.Errorf("rename in %s/%s: %w", r.Kind, r.ID, err)
	}
	if found {
		r.Data = data
	}
	return r, nil
}

func (r Record) renamed(member, to string) (json.RawMessage, bool, error) {
	decoder := json.NewDecoder(bytes.NewReader(r.Data))
	decoder.UseNumber() // a number is kept digit for digit
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, false, err
	}
	names := members()
	if r.Kind == Conversations {
		names = slices.DeleteFunc(names, func(name string) bool { return name == "author" })
	}
	value, found := walk(value, names, false, member, to)
	changed, err := json.Marshal(value)
	return changed, found, err
}

// walk replaces the member in value; mine says that it is in one of the fields
// named.
func walk(value any, names []string, mine bool, member, to string) (_ any, found bool) {
	switch v := value.(type) {
	case string:
		if mine && v == member {
			return to, true
		}
	case []any:
		for i := range v {
			var here bool
			v[i], here = walk(v[i], names, mine, member, to)
			found = found || here
		}
	case map[string]any:
		for name := range v {
			var here bool
			v[name], here = walk(v[name], names, slices.Contains(names, strings.ToLower(name)), member, to)
			found = found || here
		}
	}
	return value, found
}
