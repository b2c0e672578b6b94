package mentions

import (
	"time"

	"crieur/bot/content"
	"crieur/bot/listen"
	"crieur/bot/state"
)

// Kind is what a conversation is, as far as it can be told.
type Kind string

const (
	Complaint Kind = "complaint"
	Question  Kind = "question"
	Thanks    Kind = "thanks"
	Idea      Kind = "idea"
	Press     Kind = "press"
	Jobs      Kind = "jobs"
	Insult    Kind = "insult"
	Rival     Kind = "rival"
	Other     Kind = "other"
)

// Urgency is how soon a conversation needs somebody.
type Urgency string

const (
	Listed Urgency = "listed" // the next round
	Alert  Urgency = "alert"  // a card now
	Urgent Urgency = "urgent" // a ping now, whatever the hour
)

// Stage is where a conversation stands.
type Stage string

const (
	Waiting Stage = "waiting"
	Taken   Stage = "taken"
	Done    Stage = "done"
)

// Outcome is how a conversation ended. Needing no answer is an outcome like any
// other, with its reason.
type Outcome string

const (
	Replied Outcome = "replied"
	Liked   Outcome = "liked"
	Nothing Outcome = "nothing"
)

// Case is a conversation with one person on one network.
type Case struct {
	ID      string           `json:"id"`
	Brand   string           `json:"brand"`
	Network string           `json:"network"`
	Author  string           `json:"author"`
	Heard   []listen.Mention `json:"heard"` // the newest last, at most keepHeard
	Count   int              `json:"count"` // of all heard
	Story   string           `json:"story,omitempty"`
	Themes  []string         `json:"themes,omitempty"`
	Rivals  []string         `json:"rivals,omitempty"` // competitors that were named
	Kind    Kind             `json:"kind"`
	Lang    string           `json:"lang,omitempty"`
	Urgency Urgency          `json:"urgency"`
	// Why are the reasons of the urgency: catalog keys.
	Why []string `json:"why,omitempty"`
	// Folded says that the words are an insult or a threat; Private that they
	// hold somebody's personal data.
	Folded  bool      `json:"folded,omitempty"`
	Private bool      `json:"private,omitempty"`
	Stage   Stage     `json:"stage"`
	Owner   string    `json:"owner,omitempty"`
	TakenAt time.Time `json:"taken_at,omitzero"`
	Handed  Handed    `json:"handed,omitzero"` // of an owner who was handed it
	Since   time.Time `json:"since"`           // of the oldest unanswered mention
	Due     time.Time `json:"due"`             // the promise
	Outcome Outcome   `json:"outcome,omitempty"`
	Reason  string    `json:"reason,omitempty"` // of Nothing: catalog key
	DoneAt  time.Time `json:"done_at,omitzero"`
	Reply   string    `json:"reply,omitempty"` // ID of the reply on its way
	// Reminders are the lists that name it ("<view>:<id>"), and Late says that its
	// promise ended without an answer.
	Reminders []string `json:"reminders,omitempty"`
	Late      bool     `json:"late,omitempty"`
	// Holding is the holding reply that they have, while the answer is looked for.
	Holding Holding `json:"holding,omitzero"`
	// Past is what there was with the same person before.
	Past Past `json:"past,omitzero"`
}

// keepHeard is how many mentions a conversation shows; older ones are counted.
const keepHeard = 10

// Story is one thing said, with its near-copies, quotes and replies.
type Story struct {
	ID    string `json:"id"`
	Brand string `json:"brand"`
	Text  string `json:"text"` // of its first mention
	// Case is the conversation that its first mention came into. Private says that
	// it was said in private, or insults: nobody reads it elsewhere.
	Case    string    `json:"case,omitempty"`
	Private bool      `json:"private,omitempty"`
	Count   int       `json:"count"`
	First   time.Time `json:"first"`
	Last    time.Time `json:"last"`
}

// Theme is one theme's day: who spoke of it.
type Theme struct {
	Brand string `json:"brand"`
	Theme string `json:"theme"`
	Day   string `json:"day"` // 2026-11-26, in the brand's zone
	// People are those who complained about it that day, by digest.
	People []string `json:"people"`
	Posts  int      `json:"posts"`
	// Cases are the conversations of the day, those before the alert included, who
	// wrote last at the end.
	Cases []string `json:"cases,omitempty"`
	// Alerted says that its card hangs, since when, and why.
	Alerted time.Time `json:"alerted,omitzero"`
	Why     []string  `json:"why,omitempty"`
	// Usual is what the days before had, people a day.
	Usual []int `json:"usual,omitempty"`
	// Unusual says that it had many more people than is usual at an hour of this day.
	Unusual bool `json:"unusual,omitempty"`
	// Paused is until when it does not alert, and by whom.
	Paused   time.Time `json:"paused,omitzero"`
	PausedBy string    `json:"paused_by,omitempty"`
}

// Day counts what one day of a brand was, for the brief and the budget.
type Day struct {
	Heard   int `json:"heard"`
	Matched int `json:"matched"`
	Stories int `json:"stories"`
	Alerts  int `json:"alerts"`
	Done    int `json:"done"`
	// Within counts answers within the promise, Waits how long each took, in minutes
	// of working time, as the promise counts.
	Within int   `json:"within"`
	Waits  []int `json:"waits,omitempty"`
}

// Round is a member going through what waits.
type Round struct {
	Member string   `json:"member"`
	Brand  string   `json:"brand"`
	Queue  []string `json:"queue"`
	At     int      `json:"at"`
	// Counts of outcomes in this round.
	Replied, Liked, Nothing, Later int
	// Handed counts those that somebody else goes on with.
	Handed int `json:"handed,omitempty"`
	// Answers are the conversations that Replied counts; Held are those whose person
	// gets a holding reply, and waits on. One whose reply does not leave is in neither.
	Answers []string `json:"answers,omitempty"`
	Held    []string `json:"held,omitempty"`
	// Hand are the replies of this round that are still to be posted by hand.
	Hand    []string  `json:"hand,omitempty"`
	Open    bool      `json:"open"`
	Started time.Time `json:"started"`
}

// Reply is an answer on its way: it leaves after a minute in which it can be
// taken back, or a person posts it.
type Reply struct {
	ID          string       `json:"id"`
	Case        string       `json:"case"`
	Brand       string       `json:"brand"`
	By          string       `json:"by"` // the person who chose these words
	Part        content.Part `json:"part"`
	Fingerprint string       `json:"fingerprint"`
	Answer      string       `json:"answer,omitempty"` // the ready answer that it was made of
	At          time.Time    `json:"at"`
	Status      string       `json:"status"` // asked, planned, claimed, sent, failed, unknown, expired, cancelled, byhand, posted
	ClaimedAt   time.Time    `json:"claimed_at,omitzero"`
	URL         string       `json:"url,omitempty"`
	Reason      string       `json:"reason,omitempty"`
	// Args are what the reason says.
	Args map[string]string `json:"args,omitempty"`
	// Look is the second look that a crisis needs; nil: it was written in none.
	Look *Look `json:"look,omitempty"`
	// Wait is what a holding reply asks to wait for; nil: it is the answer.
	Wait *Wait `json:"wait,omitempty"`
}

var (
	cases   = state.Table[Case]{Kind: "case", Schema: 1, Keep: state.KeepWork}
	stories = state.Table[Story]{Kind: "story", Schema: 1, Keep: 30 * 24 * time.Hour}
	themes  = state.Table[Theme]{Kind: "theme", Schema: 1, Keep: 60 * 24 * time.Hour}
	pulses  = state.Table[Pulse]{Kind: "pulse", Schema: 1, Keep: 60 * 24 * time.Hour}
	days    = state.Table[Day]{Kind: "day", Schema: 1, Keep: state.KeepPosts}
	rounds  = state.Table[Round]{Kind: "round", Schema: 1, Keep: state.KeepWork}
	replies = state.Table[Reply]{Kind: "reply", Schema: 1, Keep: state.KeepWork}
)

// The indexes of a brand.
func waitingIndex(brand string) string { return "cases:waiting:" + brand } // by promise
func authorIndex(brand string) string  { return "cases:authors:" + brand } // by last mention
func storyIndex(brand string) string   { return "stories:" + brand }       // by first time

func themeID(brand, theme, day string) string { return brand + "/" + theme + "/" + day }
func dayID(brand, day string) string          { return brand + "/" + day }

func caseMarks(c Case) []state.Mark {
	heard := c.Since
	for _, m := range c.Heard {
		heard = m.At
	}
	return []state.Mark{
		{Index: waitingIndex(c.Brand), Member: c.ID, Score: c.Due.UnixMilli(), Remove: c.Stage == Done},
		{Index: authorIndex(c.Brand), Member: c.ID, Score: heard.UnixMilli(), Remove: c.Author == ""},
	}
}
