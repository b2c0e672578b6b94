package slack

import (
	"context"

	"crieur/bot"
)

// mend asks for a card that was marked to be drawn again, unless this process has
// brought its new state since: another process may have brought it before
// "Working…" came, which then hides it. It is asked while the mark is under way.
func (a *Adapter) mend(e bot.Event) {
	if e.Place.Message == "" { // a private message: its answer takes its place
		return
	}
	followed := a.marks.Watch(messageKey(e.Place))
	a.spawn(func(ctx context.Context) {
		waited := pause(ctx, a.options.Mend)
		if followed() || !waited {
			return
		}
		again := bot.Event{ID: "sl:mend:" + e.ID, Kind: bot.Mend, Platform: bot.Slack, Team: e.Team, Place: e.Place,
			Direct: e.Direct, User: e.User, Token: e.Token, At: a.now()}
		// It is stored behind its click, and refreshes whatever that has left.
		_, _ = a.accept(ctx, []string{again.ID}, again)
	})
}
