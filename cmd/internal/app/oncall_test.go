package app_test

import "time"

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
	for range 2 { // another one waits, too
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
