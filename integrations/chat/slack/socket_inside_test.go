package slack

import (
	"errors"
	"fmt"
	"testing"
	"time"

	api "github.com/slack-go/slack"
)

// TestWhenASocketIsReplaced: an announced end leaves no gap, and whatever Slack
// refuses is not asked for again and again.
func TestWhenASocketIsReplaced(t *testing.T) {
	const soon = 500 * time.Millisecond // the first wait
	for name, row := range map[string]struct {
		failed      error         // to open
		reason      string        // why it ended, if it was open
		age         time.Duration // how old it was then
		least, most time.Duration
		refused     bool
	}{
		"warned":            {reason: reasonWarning, age: time.Second},
		"to be refreshed":   {reason: reasonRefresh, age: time.Millisecond},
		"cut in its prime":  {reason: "closed", age: time.Hour},
		"cut at once":       {reason: "closed", age: time.Second, least: soon / 2, most: soon},
		"one of too many":   {reason: reasonTooMany, age: time.Hour, least: longestPause / 2, most: longestPause},
		"switched off":      {reason: reasonDisabled, age: time.Hour, least: 5 * time.Minute, most: 5 * time.Minute, refused: true},
		"too many to greet": {failed: dismissed(reasonTooMany), least: longestPause / 2, most: longestPause},
		"off, when greeted": {failed: dismissed(reasonDisabled), least: 5 * time.Minute, most: 5 * time.Minute, refused: true},
		"odd greeting":      {failed: dismissed("refresh_requested"), least: soon / 2, most: soon},
		"a limit":           {failed: &api.RateLimitedError{RetryAfter: 7 * time.Second}, least: 7 * time.Second, most: 7 * time.Second},
		"a wrong key":       {failed: api.SlackErrorResponse{Err: "invalid_auth"}, least: 5 * time.Minute, most: 5 * time.Minute, refused: true},
		"a broken line":     {failed: errors.New("connection reset"), least: soon / 2, most: soon},
	} {
		t.Run(name, func(t *testing.T) {
			a := New(Options{}, nil, nil)
			wait := soon
			next := func() time.Duration {
				if row.failed != nil {
					return a.afterFailure(fmt.Errorf("open socket: %w", row.failed), &wait)
				}
				return a.afterEnd(row.reason, row.age, &wait)
			}
			if got := next(); got < row.least || got > row.most {
				t.Errorf("waits %v, want %v to %v", got, row.least, row.most)
			}
			for range 20 { // never longer than half a minute, but where it was refused
				if got := next(); got > max(row.most, longestPause) {
					t.Errorf("comes to wait %v", got)
				}
			}
			if got := a.Health().Refused != nil; got != row.refused {
				t.Errorf("refused: %v", a.Health().Refused)
			}
		})
	}
}
