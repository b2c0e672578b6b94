package calendar

import (
	"time"

	"crieur/bot/content"
	"crieur/bot/state"
)

// Status is where a publication stands.
type Status string

const (
	Planned   Status = "planned"
	Claimed   Status = "claimed" // on its way
	Sent      Status = "sent"
	Failed    Status = "failed"
	Unknown   Status = "unknown" // it may be there: a person looks
	Expired   Status = "expired"
	Cancelled Status = "cancelled"
	ByHand    Status = "byhand" // a person publishes it and gives the link
	Held      Status = "held"   // its time came while everything was paused
	Late      Status = "late"   // a person decides whether it still leaves
	// Asked is what is not approved yet: it is on the plan and nowhere else.
	Asked Status = "asked"
)

// Publication is the sending of one part to one account.
type Publication struct {
	ID          string       `json:"id"`
	Request     string       `json:"request"`
	Brand       string       `json:"brand"`
	Title       string       `json:"title"`
	Author      string       `json:"author"`
	Part        content.Part `json:"part"`
	Fingerprint string       `json:"fingerprint"`
	At          time.Time    `json:"at"`
	Status      Status       `json:"status"`
	// Attempt counts the orders given. All have the same key, so that a network
	// that knows keys shows the post once even if an earlier one arrives late.
	Attempt int `json:"attempt,omitempty"`
	// Effect is the last order given, ClaimedAt when.
	Effect    string            `json:"effect,omitempty"`
	ClaimedAt time.Time         `json:"claimed_at,omitzero"`
	SentAt    time.Time         `json:"sent_at,omitzero"`
	Live      content.Live      `json:"live,omitzero"`
	Reason    string            `json:"reason,omitempty"`
	Args      map[string]string `json:"args,omitempty"`
	// ToldAt is when somebody was rung about what befell it.
	ToldAt time.Time `json:"told_at,omitzero"`
	// By is who decided last, where a person did: cancelled it, confirmed it.
	By string `json:"by,omitempty"`
}

// Hold is the pause of everything.
type Hold struct {
	Active bool      `json:"active"`
	Since  time.Time `json:"since,omitzero"`
	By     string    `json:"by,omitempty"`
}

var (
	publications = state.Table[Publication]{Kind: "publication", Schema: 1, Keep: state.KeepPosts}
	holds        = state.Table[Hold]{Kind: "hold", Schema: 1}
)

// holdID is the ID of the one hold of a space.
const holdID = "all"

// The indexes of publications by their time.
const (
	plannedIndex = "publications:planned" // what is still to leave
	allIndex     = "publications:all"
	heldIndex    = "publications:held"
)

func ofRequest(request string) string { return "publications:of:" + request }

// marks are the index entries of a publication as it stands.
func marks(p Publication) []state.Mark {
	at := p.At.UnixMilli()
	return []state.Mark{
		{Index: ofRequest(p.Request), Member: p.ID, Score: at},
		{Index: allIndex, Member: p.ID, Score: at},
		{Index: plannedIndex, Member: p.ID, Score: at, Remove: p.Status != Planned},
		{Index: heldIndex, Member: p.ID, Score: at, Remove: p.Status != Held && p.Status != Late},
	}
}
