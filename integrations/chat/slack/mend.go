package slack

import (
	"context"

	"crieur/bot"
	"crieur/bot/work"
)

// mend asks for a card that was marked to be drawn again, unless this process has
// brought its new state since: another process may have brought it before
// "Working…" came, which then hides it. It is asked while the mark is under way. A
// process that ends asks at once: it will not be there to see.
func (a *Adapter) mend(e bot.Event) {
	if e.Place.Message == "" { // a private message: its answer takes its place
		return
	}
	followed := a.marks.Watch(messageKey(e.Place))
	ask := func(ctx context.Context) {
		work.Pause(ctx, a.options.Mend)
		if followed() {
			return
		}
		again := bot.Event{ID: "sl:mend:" + e.ID, Kind: bot.Mend, Platform: bot.Slack, Team: e.Team, Place: e.Place,
			Direct: e.Direct, User: e.User, Token: e.Token, At: a.now()}
		// It is stored behind its click, and refreshes whatever that has left.
		_, _ = a.accept(context.WithoutCancel(ctx), []string{again.ID}, again)
	}
	if !a.spawn(ask) {
		ask(a.base)
	}
}
