// Package outbox is how Crieur acts on the outside world: an Effect is recorded
// by the same commit as the decision that caused it, a Relay carries it out
// under the rules of its destination, and a Receipt says how it ended.
//
// It does not know Slack, a network or Redis: a Sender does the call, a Store
// keeps what is recorded. The rules come from DESIGN.md sections 4 and 5.
package outbox

import (
	"encoding/json"
	"time"

	"crieur/bot/work"
)

// Class orders effects that wait for the same destination.
type Class int

const (
	// Answer goes first: somebody is waiting.
	Answer Class = iota
	// Alert is what cannot wait for the next round.
	Alert
	// Post is public: a publication or a reply on a network.
	Post
	// Digest is everything that may come a little later.
	Digest
)

// Effect is something to do in the outside world.
type Effect struct {
	// ID is unique and made from the cause, so that a repeated commit names the
	// same effects.
	ID string `json:"id"`
	// Kind chooses the Sender: "card", "answer", "publish", "page"…
	Kind string `json:"kind"`
	// Destination is where it goes ("slack:T1:C1", "mastodon:colibri"). One effect at
	// a time is under way for a destination, in order within a class.
	Destination string `json:"dest"`
	Class       Class  `json:"class"`
	// Key, if set, says that effects show the same thing, as it is when they are
	// carried out: of several that wait the first one is, the others end as
	// superseded. So a card keeps its place, and rings if its first state should.
	Key string `json:"key,omitempty"`
	// Public effects leave at most once: their intent is made durable first and
	// a call without an answer is never repeated blindly.
	Public bool `json:"public,omitempty"`
	// Brand, and Member for a direct message, say whose hours it must respect.
	Brand  string `json:"brand,omitempty"`
	Member string `json:"member,omitempty"`
	// Notifies says that somebody's device may ring; Critical that it should
	// even at night, because the brand said so.
	Notifies bool `json:"notifies,omitempty"`
	Critical bool `json:"critical,omitempty"`
	// Due is when a public effect was to leave. One that was due when the store
	// lost something may have left unrecorded: it is looked for first.
	Due time.Time `json:"due,omitzero"`
	// NotAfter, if set, is when it is too late; the effect then ends as expired.
	NotAfter time.Time `json:"not_after,omitzero"`
	// Topic and Conversation say who hears of the receipt; an empty topic is nobody.
	Topic        string `json:"topic,omitempty"`
	Conversation string `json:"conv,omitempty"`
	// Data is the Sender's own content.
	Data json.RawMessage `json:"data,omitempty"`
}

// Lane returns the lane in which the effect waits.
func (e Effect) Lane() work.Lane { return work.LaneOf(work.Out, e.Destination) }

// Status is where an effect stands.
type Status string

const (
	Waiting    Status = "waiting"
	Armed      Status = "armed" // the intent is durable; the call may have been made
	Sent       Status = "sent"
	Failed     Status = "failed"
	Unknown    Status = "unknown" // armed, and nobody could tell whether it arrived
	Superseded Status = "superseded"
	Cancelled  Status = "cancelled"
	Expired    Status = "expired"
)

// Held is the reason of what a Brake stopped.
const Held = "outbox.held"

// Final says whether the status is an end.
func (s Status) Final() bool { return s != Waiting && s != Armed }

// Receipt says how an effect ended.
type Receipt struct {
	Effect string    `json:"effect"`
	Status Status    `json:"status"`
	At     time.Time `json:"at"`
	// Ref is the outside's own identifier of what was made; URL is its address.
	Ref string `json:"ref,omitempty"`
	URL string `json:"url,omitempty"`
	// Reason is a catalog key that says why it failed, with its arguments;
	// Detail is for the log, never for people.
	Reason string            `json:"reason,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
	Detail string            `json:"detail,omitempty"`
	// Repeated says that it may have been done twice (chat cards only).
	Repeated bool `json:"repeated,omitempty"`
	// Keep is a record written in the same step as the receipt.
	Keep *Keep `json:"-"`
}

// Keep is a record that only the relay writes: where a card hangs.
type Keep struct {
	Kind, ID string
	Data     []byte
}
