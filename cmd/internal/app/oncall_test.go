package app_test

import (
	"time"

	"crieur/bot/outbox"
)

// atNight is a post that nobody knows to have left, outside hours: who is on call
// has its card.
func (a *album) atNight() {
	a.t.Helper()
	a.command("morgan", "crieur", "resume") // nothing leaves while all is paused
	time.Sleep(time.Second)
	_ = a.w.chat.Press("morgan", "@morgan", "post.resume") // where it is
	a.turn("it goes on for the evening")
	tomorrow := a.w.clock.Now().AddDate(0, 0, 1)
	evening := time.Date(tomorrow.Year(), tomorrow.Month(), tomorrow.Day(), 20, 30, 0, 0, tomorrow.Location())
	a.command("camille", "draft", "")
	a.fill("camille", "text", a.words("Bonjour. Nocturne.", "post", 200), "title", a.words("Nocturne", "title", 75),
		"day", evening.Format(time.DateOnly), "clock", "20:30")
	time.Sleep(time.Second)
	a.press("camille", "@camille", "draft.send")
	a.command("morgan", "review", "") // people have gone: no card comes by itself
	for range 2 {                     // another one waits, too
		time.Sleep(2 * time.Second)
		a.press("morgan", "@morgan", "review.approve")
	}
	a.turn("agreed for the evening")
	a.w.bluesky.fail(errLost)
	a.w.clock.Move(evening)
	a.turn("in doubt at night")
	a.press("noa", "@noa", "post.seen")
	a.turn("seen at night")
	a.press("noa", "@noa", "post.absent")
	a.turn("settled at night")
}

// drilling is the exercise of the call at night: one that nobody confirmed, one of
// which a way fails, and one that arrives.
func (a *album) drilling() {
	a.t.Helper()
	now := a.w.clock.Now()
	monday := time.Date(now.Year(), now.Month(), now.Day()+1, 11, 0, 0, 0, now.Location())
	a.w.clock.Move(monday)
	a.turn("an exercise that nobody confirmed")
	a.press("noa", "@noa", "drill.seen")
	a.turn("it arrived")
	a.say("morgan", "settings.status")
	a.pager(&outbox.Error{Fault: outbox.Denied, Reason: "network.denied", Args: map[string]string{"Name": "pager"}})
	a.w.clock.Move(monday.Add(15 * time.Minute))
	a.press("morgan", "@morgan", "drill.now")
	a.turn("tried, and a pager that fails")
	a.pager(nil)
	a.w.clock.Move(monday.Add(30 * time.Minute))
	a.press("morgan", "@morgan", "drill.now")
	a.turn("tried again")
	a.press("morgan", "@morgan", "drill.now")
	a.turn("enough of it")
	for _, who := range []string{"noa", "morgan"} {
		a.press(who, "@"+who, "drill.seen")
	}
	a.turn("all of it works")
}

// pager is how the pager fails from here on; nil: it does not.
func (a *album) pager(err error) {
	a.w.mu.Lock()
	defer a.w.mu.Unlock()
	a.w.unpaged = err
}
