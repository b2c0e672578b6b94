package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot/outbox"
)

// Quiet is the stretch of Do Not Disturb that a person is in or that comes next,
// in UTC; zero times when there is none. Without the permission dnd:read, or for
// somebody of another workspace, the error is outbox.ErrCannotTell.
func (a *Adapter) Quiet(ctx context.Context, user string) (from, until time.Time, err error) {
	user = strings.TrimPrefix(user, "@")
	info, err := a.client.GetDNDInfoContext(ctx, &user)
	var refused api.SlackErrorResponse
	switch {
	case errors.As(err, &refused) && (refused.Err == "missing_scope" || refused.Err == "user_not_found"):
		return from, until, fmt.Errorf("read quiet hours of %s: %w", user, outbox.ErrCannotTell)
	case err != nil:
		return from, until, failure(fmt.Errorf("read quiet hours of %s: %w", user, err), nil, false)
	}
	if info.SnoozeEnabled {
		return a.now().UTC(), time.Unix(int64(info.SnoozeEndTime), 0).UTC(), nil
	}
	if !info.Enabled || info.NextEndTimestamp <= info.NextStartTimestamp {
		return from, until, nil
	}
	return time.Unix(int64(info.NextStartTimestamp), 0).UTC(), time.Unix(int64(info.NextEndTimestamp), 0).UTC(), nil
}
