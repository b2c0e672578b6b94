package moderation

import (
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
)

// Stage is where a message stands.
type Stage string

const (
	Waiting Stage = "waiting" // nobody decided
	Asked   Stage = "asked"   // a second opinion is wanted
	Hiding  Stage = "hiding"  // to be hidden where it is
	Hidden  Stage = "hidden"
	Showing Stage = "showing" // to be shown again where it is
	Left    Stage = "left"    // in sight, by decision
	Erased  Stage = "erased"  // its author asked for their data to go
)

// Case is one message that somebody wanted looked at.
type Case struct {
	ID       string   `json:"id"`
	Brand    string   `json:"brand"`
	Evidence Evidence `json:"evidence"`
	Seal     string   `json:"seal"` // of the evidence, made when it was kept
	// Pictures are those of the message; they come a moment later.
	Pictures []Picture `json:"pictures,omitempty"`
	// Insulting and Personal say what was found in the words.
	Insulting bool  `json:"insulting,omitempty"`
	Personal  bool  `json:"personal,omitempty"`
	Stage     Stage `json:"stage"`
	// Rule is why it is hidden, or why somebody proposes to; nil: nobody does.
	Rule *Rule `json:"rule,omitempty"`
	// Acts are what people did about it, in order; the first one kept it.
	Acts []Act `json:"acts"`
	// Reported is when it was handed to whoever follows it up in law, and Warned
	// that the moderators were told that this ends soon.
	Reported *Act      `json:"reported,omitempty"`
	Warned   time.Time `json:"warned,omitzero"`
}

// Act is one thing that somebody did.
type Act struct {
	What Verb      `json:"what"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// Rule is a reason to hide: one of the trade's own, or an article of the brand's
// charter as it was on the day of the decision.
type Rule struct {
	Reason  Reason         `json:"reason"`
	Number  int            `json:"number,omitempty"`  // of the article
	Version int            `json:"version,omitempty"` // of the charter, see Text
	Article *brand.Article `json:"article,omitempty"`
}

// Reason is what a message is hidden for.
type Reason string

const (
	Personal Reason = "personal" // somebody's private data
	Threat   Reason = "threat"
	Insult   Reason = "insult"
	Spam     Reason = "spam"
	False    Reason = "false" // what it says of the brand is wrong: a criticism
	Charter  Reason = "charter"
)

// reasons are those that every brand has, in the order in which they are offered.
func reasons() []Reason { return []Reason{Personal, Threat, Insult, Spam, False} }

// keepEvidence is how long a message is kept after the last thing done about it:
// a year, the longest delay of the French law on the press (1881, article 65-3),
// and a month to hand it over. What was reported is then with whoever took it.
const keepEvidence = (365 + 31) * 24 * time.Hour

// Kind is that of the records of messages.
const Kind = "moderation"

var cases = state.Table[Case]{Kind: Kind, Schema: 1, Keep: keepEvidence}

// waitingIndex has the messages of a brand that need somebody, by when they were
// kept.
func waitingIndex(brand string) string { return "moderation:" + brand }

func (c Case) marks() []state.Mark {
	return []state.Mark{{Index: waitingIndex(c.Brand), Member: c.ID, Score: c.Evidence.KeptAt.UnixMilli(),
		Remove: c.Stage == Hidden || c.Stage == Left || c.Stage == Erased}}
}

// last is the last thing done; there is always one.
func (c Case) last() Act { return c.Acts[len(c.Acts)-1] }

// by is who did it last since the message was brought; "" if nobody did.
func (c Case) by(what Verb) (who string) {
	for _, act := range c.Acts {
		switch act.What {
		case what:
			who = act.By
		case Keep:
			who = ""
		}
	}
	return who
}
