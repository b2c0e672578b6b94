// Package brand says who speaks: the brands of a space, the people of the team,
// what each may do, and how a person is recognised in each chat application.
//
// It does not know where this is configured (cmd/internal/config reads
// crieur.yaml) nor what the chat applications are called.
package brand

import (
	"slices"
	"time"

	"crieur/bot/board"
	"crieur/bot/hours"
)

// Role is what a member may do. A member may have several.
type Role string

const (
	Author    Role = "author"    // drafts and sends for approval
	Approver  Role = "approver"  // decides
	Responder Role = "responder" // answers at once, no approval
	Moderator Role = "moderator" // hides, keeps evidence
	Admin     Role = "admin"     // settings, people, stop and resume
	Observer  Role = "observer"  // reads
	// Anyone is for actions that everybody known may do; strangers may not.
	Anyone Role = ""
	// Passerby is for the few actions that strangers may do too.
	Passerby Role = "passerby"
)

// Roles lists the roles that a member may be given.
func Roles() []Role { return []Role{Author, Approver, Responder, Moderator, Admin, Observer} }

// Space is one crieur.yaml: the unit of storage.
type Space struct {
	ID      string
	Brands  []*Brand
	Members []*Member
	// Groups give roles to whoever is in them.
	Groups []Group
}

// Group is a user group or a role of a chat application.
type Group struct {
	Platform, Team, ID string
	Roles              []Role
}

// Brand is who the team speaks as.
type Brand struct {
	ID    string
	Name  string
	Langs []string // the first one is the main one
	Zone  *time.Location
	Hours hours.Week
	// Off are days without work: closures, in the brand's zone. Holidays are the
	// public ones.
	Off      hours.Days
	Holidays hours.Holidays
	// Brief is when the morning brief comes, on working days.
	Brief hours.Clock
	// Handover is when the day is handed over to the person on call.
	Handover hours.Clock
	// Rounds are the times of the day at which waiting conversations are gone through.
	Rounds []hours.Clock
	// Promise is the time within which everybody gets an answer, in working time.
	Promise time.Duration

	// Approvals, Alerts and Published are the channels for each; a card may hang
	// in one channel of each chat application.
	Approvals []board.Place
	Alerts    []board.Place

	Accounts []Account
	Watch    []Watch
	// Own are the brand's own handles: what they say is not a mention.
	Own []string
	// Themes are word lists, theme ID to words; ThemeNames their names by language.
	Themes     map[string][]string
	ThemeNames map[string]map[string]string
	// Added are words that were added in conversation, theme ID to words: for one of
	// these themes, for a starting one, or a theme of their own.
	Added map[string][]string
	// Critical are the words that ring the person on call, whatever the hour.
	Critical []string
	// CriticalPosts says that a post that did not leave outside hours, or may not have,
	// rings the person on call too.
	CriticalPosts bool
	// Listed are authors whose mentions never wait (press, partners).
	Listed []string
	Rivals []Rival
	// Named are competitors followed in conversation by their name alone.
	Named []Rival
	// Charter are the articles of moderation; CharterVersion counts what admins made
	// of them in conversation, 0 is as it was configured.
	Charter        []Article
	CharterVersion int
	// Answers are ready replies: those of the file, then those that people wrote in
	// conversation.
	Answers []Answer
	Policy  Policy
	// OnCall are the members on call outside hours, in the order in which they are tried.
	OnCall []string
	// Pager is a webhook called for what is critical; empty for none.
	Pager string
	// Words are the brand's own words, which no spelling check touches.
	Words []string
	// Noise bounds what may notify in one day.
	Noise Noise
}

// MainLang is the language of the brand's channels and posts: the first of
// its languages, French where none is set.
func (b *Brand) MainLang() string {
	if len(b.Langs) == 0 {
		return "fr"
	}
	return b.Langs[0]
}

// LangOf is the language in which the member reads: their own choice, else the
// brand's.
func (b *Brand) LangOf(m *Member) string {
	if m.Lang != "" {
		return m.Lang
	}
	return b.MainLang()
}

// Account is one account on one network where the brand publishes.
type Account struct {
	ID      string // unique in the brand: "linkedin"
	Network string // "mastodon", "bluesky", "assisted"…
	Name    string // as people say it: "LinkedIn"
	// Shows is the network whose limits and looks apply; it differs from
	// Network for assisted accounts.
	Shows string
	// Reference is the address or handle, as the network shows it.
	Reference string
	Limit     int // characters, when the instance says other than the usual
}

// Watch is one rule: a name and a boolean query (bot/text/match).
type Watch struct {
	Name  string
	Query string
}

// Rival is a competitor that is watched.
type Rival struct {
	ID, Name string
	Feeds    []string
}

// Article is one rule of the moderation charter.
type Article struct {
	ID    string            `json:"id"`
	Title map[string]string `json:"title,omitempty"` // by language
	Text  map[string]string `json:"text"`            // by language
}

// Policy is how many accepts a post needs, and who may give them.
type Policy struct {
	// Needed is the number of approvals; 0 publishes without any (alone).
	Needed int
	// OwnWork lets authors approve their own posts; only for a team of one.
	OwnWork bool
	// Ask are the members asked first; empty means every approver.
	Ask []string
}

// Member is a person of the team.
type Member struct {
	ID    string
	Name  string
	Roles []Role
	// Granted are the roles that groups give, by "<platform>:<team>".
	Granted map[string][]Role
	Lang    string         // pinned; empty: the platform's
	Zone    *time.Location // nil: the brand's
	Hours   *hours.Week    // nil: the brand's
	Away    hours.Days     // leave
	// Handles are who they are on each platform: "slack:T1" → "U123".
	Handles map[string]string
	// Email is where they are written to for what is critical; empty for nowhere.
	Email string
	// Reach is the platform on which they want direct messages; empty: all.
	Reach string
	// Brief is when the brief comes to them alone too, in their zone, on the days
	// that they work; nil: they read it in the channel.
	Brief *hours.Clock
	// Unreminded promises that end soon stand in their list, and in no message.
	Unreminded bool
	// Trainee work always needs a second look.
	Trainee bool
}

// Can says whether the member has the role. Whoever approves may write, and so
// take back what they let go. Admins can do everything but approve: approving is
// a responsibility that is given by name.
func (m *Member) Can(role Role) bool {
	if m == nil {
		return false
	}
	if role == Anyone || role == Passerby || m.has(role) || role == Author && m.has(Approver) {
		return true
	}
	return role != Approver && m.has(Admin)
}

func (m *Member) has(role Role) bool { return slices.Contains(m.All(), role) }

// All are the member's roles, their own and those that groups give, each once
// in the order of Roles.
func (m *Member) All() []Role {
	return slices.DeleteFunc(Roles(), func(role Role) bool {
		for _, granted := range m.Granted {
			if slices.Contains(granted, role) {
				return false
			}
		}
		return !slices.Contains(m.Roles, role)
	})
}

// Brand returns the brand of that ID, nil if there is none.
func (s *Space) Brand(id string) *Brand {
	for _, b := range s.Brands {
		if b.ID == id {
			return b
		}
	}
	return nil
}

// Member returns the member of that ID, nil if there is none.
func (s *Space) Member(id string) *Member {
	for _, m := range s.Members {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// Who returns the member that a platform's user is, nil for a stranger.
func (s *Space) Who(platform, team, user string) *Member {
	for _, m := range s.Members {
		for _, key := range []string{platform + ":" + team, platform} {
			if user != "" && m.Handles[key] == user {
				return m
			}
		}
	}
	return nil
}

// With returns the members that have the role, in the order of the space.
func (s *Space) With(role Role) []*Member {
	var members []*Member
	for _, m := range s.Members {
		if m.Can(role) {
			members = append(members, m)
		}
	}
	return members
}

// Direct returns where a member gets direct messages: the platform that they
// chose, else every one on which they are known, in a fixed order.
func (m *Member) Direct() []board.Place {
	var places []board.Place
	for _, key := range sortedKeys(m.Handles) {
		platform, team := splitHandle(key)
		if m.Reach == platform {
			return []board.Place{{Platform: platform, Team: team, Channel: "@" + m.Handles[key]}}
		}
		places = append(places, board.Place{Platform: platform, Team: team, Channel: "@" + m.Handles[key]})
	}
	return places
}

// At returns the working time of a member for a brand: both must be open.
func (b *Brand) At(m *Member) hours.Both {
	own := hours.Calendar{Week: b.Hours, Off: b.Off, Holidays: b.Holidays, Zone: b.Zone}
	if m == nil {
		return hours.Both{own, own}
	}
	theirs := own
	if m.Hours != nil {
		theirs.Week = *m.Hours
	}
	if m.Zone != nil {
		theirs.Zone = m.Zone
	}
	theirs.Off = append(slices.Clone(own.Off), m.Away...)
	return hours.Both{own, theirs}
}

// Moderates says whether messages to the brand are moderated: somebody was given
// the role by name, or there is a charter.
func (s *Space) Moderates(b *Brand) bool {
	return len(b.Charter) > 0 || slices.ContainsFunc(s.Members, func(m *Member) bool { return m.has(Moderator) })
}

// Account returns the account of that ID; found is false if there is none.
func (b *Brand) Account(id string) (Account, bool) {
	for _, a := range b.Accounts {
		if a.ID == id {
			return a, true
		}
	}
	return Account{}, false
}
