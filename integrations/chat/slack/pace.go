package slack

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"crieur/bot/outbox"
)

const (
	// maxEdits is how many messages Slack lets an app change a minute, in all
	// channels together.
	maxEdits = 50
	// turnLife is how long the turn of a message is kept for an edit that is late.
	turnLife = 5 * time.Second
	// maxTurns bounds the turns that are kept.
	maxTurns = 1000
)

// edits keeps the changes of messages under Slack's limit for all of them: some at
// once, then a steady pace, never more than the limit in any minute. A limit that
// Slack names all the same holds for all of them, too.
type edits struct {
	mu    sync.Mutex
	pace  *rate.Limiter
	turns map[string]time.Time // of messages that were told to come back
	until time.Time            // nothing before this: Slack said so
}

// newEdits is for so many a minute; none below zero.
func newEdits(perMinute int) *edits {
	if perMinute < 0 {
		return &edits{pace: rate.NewLimiter(rate.Inf, 0)}
	}
	once := max(1, perMinute*2/5)
	return &edits{pace: rate.NewLimiter(rate.Limit(float64(perMinute-once)/60), once), turns: map[string]time.Time{}}
}

// turn is nil when the message may be changed now; else it says when to come back.
// Whoever asked first goes first.
func (e *edits) turn(message string, now time.Time) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	wait := e.until.Sub(now)
	if wait <= 0 {
		wait = e.place(message, now)
	}
	if wait <= 0 {
		delete(e.turns, message)
		return nil
	}
	return &outbox.Error{Fault: outbox.Limited, After: wait, Alone: true, Reason: "slack.limited",
		Err: fmt.Errorf("edit of message %s waits for its turn", message)}
}

// place is how long until the message's place in the row.
func (e *edits) place(message string, now time.Time) time.Duration {
	if at, ok := e.turns[message]; ok && now.Sub(at) < turnLife {
		return at.Sub(now)
	}
	if len(e.turns) >= maxTurns {
		for other, at := range e.turns {
			if now.Sub(at) >= turnLife {
				delete(e.turns, other)
			}
		}
	}
	wait := e.pace.ReserveN(now, 1).DelayFrom(now)
	if wait > 0 {
		e.turns[message] = now.Add(wait)
	}
	return wait
}

// obey holds all changes back for as long as Slack asks to wait, if that is how a
// change failed.
func (e *edits) obey(err error, now time.Time) error {
	var limited *outbox.Error
	if errors.As(err, &limited) && limited.Fault == outbox.Limited {
		e.mu.Lock()
		defer e.mu.Unlock()
		if until := now.Add(limited.After); until.After(e.until) {
			e.until = until
		}
	}
	return err
}

// legible is a client whose answers say how long to wait in a way that slack-go
// reads: it takes whole seconds only, and forgets the 429 over anything else.
func legible(client *http.Client) *http.Client {
	made := *client
	made.Transport = wholeSeconds{made.Transport}
	return &made
}

type wholeSeconds struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (w wholeSeconds) RoundTrip(r *http.Request) (*http.Response, error) {
	next := w.RoundTripper
	if next == nil {
		next = http.DefaultTransport
	}
	response, err := next.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusTooManyRequests {
		return response, err
	}
	const name = "Retry-After"
	seconds, wrong := strconv.ParseFloat(response.Header.Get(name), 64)
	if wrong != nil || !(seconds >= 0 && seconds < 1e6) {
		response.Header.Del(name) // a minute then, as where it is not said at all
		return response, nil
	}
	response.Header.Set(name, strconv.Itoa(int(math.Ceil(seconds))))
	return response, nil
}
