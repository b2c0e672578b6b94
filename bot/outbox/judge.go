package outbox

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// what is what comes of an attempt.
type what string

const (
	finished what = "finished" // it has its receipt
	again    what = "again"    // it surely did not arrive: later
	rings    what = "rings"    // it surely did not arrive: when people do not rest
	repeat   what = "repeat"   // it may have arrived, and may be shown twice
	find     what = "find"     // it may have arrived, and must not be done twice
	lost     what = "lost"     // another process has the lane
)

// verdict is the decision after an attempt. After makes the whole destination
// wait, so that its order holds.
type verdict struct {
	what    what
	receipt Receipt
	after   time.Duration
	alone   bool // only the task waits
}

// judge decides what comes of an attempt; pure, so that the rules of sections 4
// and 5 of the design can be read and tested in one place.
func judge(t *task, receipt Receipt, err error) verdict {
	if err == nil {
		if receipt.Status == "" {
			receipt.Status = Sent
		}
		return verdict{what: finished, receipt: receipt}
	}
	if errors.Is(err, ErrLost) || t.ctx.Err() != nil && !t.armed {
		return verdict{what: lost}
	}
	var failure *Error
	if !errors.As(err, &failure) {
		if !t.armed { // Redis did not take the intent, so nothing was called
			return verdict{what: again, after: backoff(t.tried() + 1)}
		}
		failure = &Error{Fault: Ambiguous, Reason: "outbox.unknown", Err: err}
	}
	ended := Receipt{Status: Failed, Reason: failure.Reason, Args: failure.Args, Detail: err.Error()}
	switch failure.Fault {
	case Temporary:
		if t.tried() >= most(t.effect) {
			return verdict{what: finished, receipt: ended}
		}
		return verdict{what: again, after: backoff(t.tried()), alone: failure.Alone || t.tried() >= Attempts}
	case Limited:
		return verdict{what: again, after: max(failure.After, firstWait), alone: failure.Alone}
	case Rings:
		return verdict{what: rings}
	case Rejected, Denied, Gone:
		return verdict{what: finished, receipt: ended}
	}
	if t.effect.Public {
		return verdict{what: find}
	}
	if t.tried() >= Attempts {
		ended.Status = Unknown
		return verdict{what: finished, receipt: ended}
	}
	return verdict{what: repeat, after: backoff(t.tried() + 1)}
}

// most is how often an effect that surely did not arrive is tried. From the
// Attempts-th time on it waits alone: what goes there may be refused for its sake.
func most(e Effect) int {
	if e.Key != "" && !e.Public {
		return keyedAttempts
	}
	return Attempts
}

// backoff is how long to wait before the attempt after n: twice as long each
// time, from half a second to a minute.
func backoff(n int) time.Duration {
	wait := firstWait
	for range n - 1 {
		wait = min(2*wait, mostWait)
	}
	return wait
}

// entryNumber parts "1763800000000-3".
func entryNumber(entry string) (ms, seq int64) {
	left, right, _ := strings.Cut(entry, "-")
	ms, _ = strconv.ParseInt(left, 10, 64)
	seq, _ = strconv.ParseInt(right, 10, 64)
	return ms, seq
}
