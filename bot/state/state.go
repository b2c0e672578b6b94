// Package state is the shape of everything that Crieur remembers: records with
// a revision, indexes over them, and the one atomic step, Commit, by which
// anything ever changes.
//
// It does not know Redis (integrations/redis keeps the records; statetest has
// the same in memory) and does not know what a record means: each feature keeps
// its own kinds through Table. The rules come from DESIGN.md section 5.
package state

import (
	"context"
	"errors"
	"fmt"
	"time"

	"crieur/bot/audit"
	"crieur/bot/outbox"
	"crieur/bot/work"
)

// ErrConflict says that a record changed since it was read; nothing was
// written. The caller reads again and decides again.
var ErrConflict = errors.New("changed in the meantime")

// Conflict is the ErrConflict that names the record.
type Conflict struct{ Key Key }

func (c Conflict) Error() string { return c.Key.String() + " " + ErrConflict.Error() }

// Is makes errors.Is(err, ErrConflict) hold.
func (c Conflict) Is(target error) bool { return target == ErrConflict }

// Key names a record: its kind ("draft") and its ID in that kind.
type Key struct{ Kind, ID string }

// String returns "draft/d42".
func (k Key) String() string { return k.Kind + "/" + k.ID }

// Record is what is kept under a key. Rev 0 means that there is none.
type Record struct {
	Key
	Rev  int64
	Data []byte
}

// Guard is a record that a commit relies on without writing it.
type Guard struct {
	Key
	Rev int64 // the revision read; 0: it must still be absent
}

// Write replaces, makes or deletes a record, if it is still at Rev.
type Write struct {
	Key
	Rev    int64 // the revision read; 0: it must still be absent
	Data   []byte
	Delete bool
	// Blind skips the check of Rev, for a record that only one writer has.
	Blind bool
	// Keep is how long the record stays; 0 is for ever.
	Keep time.Duration
	// Index are the index entries that change with it.
	Index []Mark
}

// Mark puts a member into an index at a score, or takes it out.
type Mark struct {
	Index  string
	Member string
	Score  int64
	Remove bool
}

// Member is one entry of an index.
type Member struct {
	ID    string
	Score int64
}

// IDs are those of members, in their order.
func IDs(members []Member) []string {
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	return ids
}

// Range selects members of an index by score, both ends included.
type Range struct {
	Index    string
	From, To int64
	Limit    int // 0: all
	Reverse  bool
}

// Commit is one atomic step: everything in it happens, or nothing does.
type Commit struct {
	// Cause is what allowed the step. A cause that was already done changes
	// nothing: its stored result comes back.
	Cause   string
	Now     time.Time
	Guards  []Guard
	Writes  []Write
	Audit   []audit.Entry
	Effects []outbox.Effect
	Dues    []work.Due
	// Items enter their lanes with the step.
	Items []work.Item
	// Receipt records how an effect ended. One of an effect that is not kept is
	// refused with outbox.ErrForgotten.
	Receipt *outbox.Receipt
	// Ack takes the entry that was handled off its lane, in the same step. One that
	// is not there is refused with work.ErrGone.
	Ack *work.Ticket
	// Result is kept with the cause.
	Result []byte
}

// Outcome is what a commit gives back.
type Outcome struct {
	// Repeated says that the cause had been done before; Result is what was
	// kept then.
	Repeated bool
	Result   []byte
	// Seq numbers commits; it only grows.
	Seq int64
}

// Store keeps records. Implementations pass statetest.Run.
type Store interface {
	// Get returns the records in the order of keys; a missing one has Rev 0.
	Get(ctx context.Context, keys ...Key) ([]Record, error)
	// List returns members of an index in the order of their scores.
	List(ctx context.Context, r Range) ([]Member, error)
	// Commit does the step. It returns ErrConflict when a guard or a write no
	// longer stands; any other error leaves open whether the step was done, and
	// repeating it with the same cause is safe.
	Commit(ctx context.Context, c Commit) (Outcome, error)
}

// check finds mistakes of the caller that no store should have to.
func (c Commit) check() error {
	if c.Cause == "" {
		return errors.New("a commit needs a cause")
	}
	seen := map[Key]bool{}
	for _, w := range c.Writes {
		if w.Kind == "" || w.ID == "" {
			return fmt.Errorf("write %q: a key needs a kind and an ID", w.Key)
		}
		if seen[w.Key] {
			return fmt.Errorf("write %s: twice in one commit", w.Key)
		}
		seen[w.Key] = true
	}
	return nil
}

// Check returns what is wrong with the commit itself, nil if nothing is.
func (c Commit) Check() error { return c.check() }
