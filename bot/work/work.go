// Package work says how work is taken, kept and handed over: items wait in
// lanes, a lane is read by whoever holds its lease, and what is due later waits
// in one set of due times until it enters a lane like everything else.
//
// It does not know what an item means (the caller's Handler does) nor where
// lanes are kept (integrations/redis, or memory in tests). The figures come
// from DESIGN.md section 5.
package work

import (
	"hash/fnv"
	"strconv"
	"time"
)

const (
	// Lanes is how many lanes each direction has. It is part of what is stored:
	// changing it moves conversations to other lanes, so it stays.
	Lanes = 16
	// LeaseFor is how long a lane stays with a holder that stopped renewing.
	LeaseFor = 6 * time.Second
	// RenewEvery is how often a holder renews its lease.
	RenewEvery = 2 * time.Second
	// Remember is how long a cause that was done is remembered, and so for how
	// long a repeated delivery is recognised.
	Remember = 7 * 24 * time.Hour
)

// Direction tells the two kinds of lanes apart.
type Direction string

const (
	// In lanes hold what happened: clicks, commands, due times, receipts.
	In Direction = "in"
	// Out lanes hold what is to be done outside: the outbox.
	Out Direction = "out"
)

// Lane is one ordered queue.
type Lane struct {
	Direction Direction
	Number    int // 0 to Lanes-1
}

// LaneOf returns the lane that a conversation (or a destination) always uses.
func LaneOf(direction Direction, conversation string) Lane {
	hash := fnv.New32a()
	hash.Write([]byte(conversation))
	return Lane{direction, int(hash.Sum32() % Lanes)}
}

// String returns the lane's name, "in:3".
func (l Lane) String() string { return string(l.Direction) + ":" + strconv.Itoa(l.Number) }

// Item is one thing that happened and waits for its handler.
type Item struct {
	// ID names the cause. An ID that was already accepted or done is not
	// accepted again within Remember.
	ID string `json:"id"`
	// Conversation chooses the lane; items of one conversation are handled one
	// after another, in the order accepted.
	Conversation string `json:"conv"`
	// Topic chooses the handler: "chat", "due:calendar", "receipt:calendar"…
	Topic string `json:"topic"`
	// Data is the topic's own content.
	Data []byte `json:"data,omitempty"`
	// At is when it happened, in UTC.
	At time.Time `json:"at"`
}

// Entry is an item as it stands in a lane.
type Entry struct {
	Ticket
	Item
}

// Ticket names a place in a lane. Whoever finishes the work hands it in with
// the commit, which takes the entry off the lane.
type Ticket struct {
	Lane  Lane
	Entry string
}

// Due is an item that enters its lane at a given time.
type Due struct {
	// Key names the due time; a later Due with the same key replaces it.
	Key string
	// At is when; the zero time cancels the key.
	At time.Time
	// Item is what enters the lane. Its ID need not be unique: the due time is
	// appended to it.
	Item Item
}

// DueID is the item ID of a due time that came: a key that is set again for
// another time is another cause.
func DueID(key string, at time.Time) string {
	return "due:" + key + "@" + strconv.FormatInt(at.UnixMilli(), 10)
}
