package slack

import (
	"context"
	"errors"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
)

// TestGroupsAreAskedForAgain: whatever Slack answers about user groups, it is asked
// again, and what is not known is not taken for "in none".
func TestGroupsAreAskedForAgain(t *testing.T) {
	for name, row := range map[string]struct {
		err   error
		wait  time.Duration
		known bool
	}{
		"answered":    {nil, groupsEvery, true},
		"not allowed": {api.SlackErrorResponse{Err: "missing_scope", Needed: "usergroups:read"}, groupsEvery, false},
		"revoked":     {api.SlackErrorResponse{Err: "token_revoked"}, groupsEvery, false},
		"too often":   {&api.RateLimitedError{RetryAfter: 10 * time.Minute}, 10 * time.Minute, true},
		"broken":      {errors.New("connection reset"), 2 * time.Second, true},
		"Slack's own": {api.SlackErrorResponse{Err: "internal_error"}, 2 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			a := New(Options{APIURL: "http://127.0.0.1:1/"}, nil, nil)
			a.people.limited = a.now().Add(time.Hour)                                        // nobody is asked about
			a.groupsIn([]api.UserGroup{{ID: "S1", Users: []string{"U1"}}}, nil, time.Second) // as it was before
			if wait := a.groupsIn(nil, row.err, time.Second); wait != row.wait {
				t.Errorf("asked again in %v, want %v", wait, row.wait)
			}
			user := a.known(context.Background(), bot.User{ID: "U1"})
			if user.Grouped != row.known || (len(user.Groups) > 0) != (row.known && row.err != nil) {
				t.Errorf("%+v", user)
			}
			if wait := a.groupsIn(nil, errors.New("still broken"), time.Hour); wait != groupsEvery {
				t.Errorf("the wait grows to %v", wait)
			}
		})
	}
}
