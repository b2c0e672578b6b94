package outbox

import (
	"errors"
	"fmt"
	"time"
)

// Fault is what kind of failure a call ended in; it decides what comes next.
type Fault int

const (
	// Temporary: it was surely not done; it is tried again later.
	Temporary Fault = iota
	// Limited: the destination asked to wait; it is obeyed.
	Limited
	// Rejected: it was surely not done and never will be as it is.
	Rejected
	// Denied: the account or token is not accepted any more.
	Denied
	// Ambiguous: it may have been done. A public effect becomes unknown.
	Ambiguous
	// Gone: the place or handle does not exist any more.
	Gone
	// Rings: it was not done because somebody's device would ring, which the effect
	// does not say. It is done when that may be.
	Rings
)

// ErrGone is for errors.Is with an Error whose Fault is Gone.
var ErrGone = errors.New("gone")

// Error is how a Sender fails.
type Error struct {
	Fault Fault
	// After is how long the destination asked to wait, for Limited.
	After time.Duration
	// Alone says that only this effect waits, for After or as what is Temporary, not
	// what else goes to its destination.
	Alone bool
	// Reason is the catalog key that says it to people, with its arguments.
	Reason string
	Args   map[string]string
	Err    error // for the log; holds no secret
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Fault.String()
	}
	return fmt.Sprintf("%s: %v", e.Fault, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, ErrGone) hold for Gone.
func (e *Error) Is(target error) bool { return target == ErrGone && e.Fault == Gone }

// String names the fault.
func (f Fault) String() string {
	switch f {
	case Temporary:
		return "temporary"
	case Limited:
		return "rate limited"
	case Rejected:
		return "rejected"
	case Denied:
		return "denied"
	case Gone:
		return "gone"
	case Rings:
		return "would ring"
	}
	return "ambiguous"
}

// FaultOf returns the fault of an error; one that says nothing of itself is
// Ambiguous, because then nobody knows whether the call arrived.
func FaultOf(err error) Fault {
	var e *Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return Ambiguous
}
