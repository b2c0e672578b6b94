package slack_test

import (
	"errors"
	"testing"
	"time"

	"crieur/bot/outbox"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

func TestQuietHours(t *testing.T) {
	from := time.Date(2026, 11, 26, 21, 0, 0, 0, time.UTC)
	w := newWorld(t, nil)
	for id, p := range map[string]slackfake.Person{
		"UQ": {QuietFrom: from, QuietUntil: from.Add(10 * time.Hour)}, "US": {Snoozed: from.Add(time.Hour)}, "UN": {}} {
		p.ID = id
		w.fake.AddPerson(p)
	}
	for _, test := range []struct {
		user  string
		until time.Time
		err   error
	}{{"@UQ", from.Add(10 * time.Hour), nil}, {"US", from.Add(time.Hour), nil}, {"UN", time.Time{}, nil}, {"UX", time.Time{}, outbox.ErrCannotTell}} {
		began, until, err := w.adapter.Quiet(t.Context(), test.user)
		if !until.Equal(test.until) || !errors.Is(err, test.err) || test.user == "@UQ" && !began.Equal(from) {
			t.Errorf("%s: %s to %s, %v", test.user, began, until, err)
		}
	}
}

// TestQuietHoursWithoutPermission is no failure: who is asked rings, as far as
// anybody knows.
func TestQuietHoursWithoutPermission(t *testing.T) {
	w := newWorld(t, func(fake *slackfake.Options, _ *slack.Options) { fake.Scopes = []string{"chat:write", "users:read"} })
	if _, _, err := w.adapter.Quiet(t.Context(), lea); !errors.Is(err, outbox.ErrCannotTell) {
		t.Errorf("got %v", err)
	}
}
