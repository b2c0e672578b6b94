package outbox

import (
	"context"
	"errors"
	"time"

	"crieur/bot/work"
)

// ErrLost says that another process holds the lane now.
var ErrLost = errors.New("lane lost")

// ErrForgotten says that the effect is not kept: the store lost it, and may be
// given it again.
var ErrForgotten = errors.New("effect not kept")

// ErrCannotTell is the error of a Finder that has no way to ask: the effect ends
// as unknown at once.
var ErrCannotTell = errors.New("the outside cannot be asked")

// ReceiptTopic is the topic under which the receipt of an effect is told.
func ReceiptTopic(topic string) string { return "receipt:" + topic }

// Record is an effect with where it stands.
type Record struct {
	Effect  Effect
	Status  Status
	ArmedAt time.Time // zero unless Armed
}

// Store is what the relay keeps effects in. How an effect ended is recorded by
// Finish, in one step with the news for whoever waits for it.
type Store interface {
	// Effects returns the records in the order of ids; one that is not kept any
	// more has Status Cancelled and no Kind.
	Effects(ctx context.Context, ids ...string) ([]Record, error)
	// Arm makes the intent to do the effect durable, if owner still holds its
	// lane. It returns the status that it found: only Waiting allows the call.
	// ErrLost means that the lane is another's.
	Arm(ctx context.Context, effect Effect, owner string, now time.Time) (Status, error)
	// Disarm takes the intent back, after a call that surely did nothing.
	Disarm(ctx context.Context, effect Effect, owner string) error
	// Finish records the receipt, tells the effect's topic and takes the entry
	// off its lane, all or nothing. Of an effect without a Kind only the entry
	// goes. ErrForgotten means that the effect is not kept, work.ErrGone that the
	// ticket is of no entry; nothing was written.
	Finish(ctx context.Context, ticket work.Ticket, effect Effect, receipt Receipt) error
}
