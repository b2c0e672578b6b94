package app_test

import (
	"context"
	"os"
	"regexp"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/text/learnt"
	"crieur/commands/learning"
)

// corners goes where only some days lead: an absence, a second account, an agenda
// that is open, posts that are late, readings that are proposed.
func (a *album) corners() {
	a.t.Helper()
	a.absent()
	a.linked()
	a.command("camille", "plan", "")
	time.Sleep(time.Second)
	a.press("camille", "@camille", "plan.agenda")
	time.Sleep(time.Second)
	a.press("camille", "@camille", "plan.agendanew")
	time.Sleep(time.Second)
	a.press("camille", "@camille", "plan.agenda")
	a.turn("a calendar file that is open")
	a.press("camille", "@camille", "plan.agendaend")
	a.turn("a calendar file no more")
	a.late()
	a.taught()
	a.byHand()
	a.outdated()
	a.elsewhere()
}

// elsewhere reads what leaves, and by when to decide, six hours behind the brand.
func (a *album) elsewhere() {
	a.t.Helper()
	a.command("camille", "crieur", "me")
	time.Sleep(time.Second)
	a.press("camille", "@camille", "people.settings")
	a.fill("camille", "lang", a.p.Lang, "zone", "America/Montreal")
	a.turn("settings of another zone")
	a.command("camille", "draft", "")
	tomorrow := a.w.clock.Now().AddDate(0, 0, 1).Format(time.DateOnly)
	a.fill("camille", "text", a.words("Bonjour. Rooibos.", "post", 200), "title", a.words("Rooibos", "title", 75), "day", tomorrow, "clock", "18:00")
	a.turn("a draft, read in another zone")
	a.press("camille", "@camille", "draft.send")
	a.turn("asked, read in another zone")
	a.command("camille", "plan", "")
	a.turn("week, read in another zone")
	a.press("camille", "@camille", "plan.post")
	a.turn("one post, read in another zone")
	a.press("camille", "@camille", "plan.when")
	a.turn("a form, read in another zone")
}

// byHand answers where Crieur cannot, and says so.
func (a *album) byHand() {
	a.t.Helper()
	a.hear("byhand", "Instagram", "@lise", "Ma théière @colibri fume et sent le feu, que faire ?")
	a.turn("an alert that a person has to answer by hand")
	a.press("noa", "com-alertes", "case.reply")
	a.fill("noa", "text", a.words("Bonjour, débranchez-la.", "reply", 2000))
	a.turn("a reply to post by hand")
	a.press("noa", "com-alertes", "case.posted")
	a.turn("a reply posted by hand")
}

// absent says when they are away in their own words, and comes back before that.
func (a *album) absent() {
	a.t.Helper()
	away := map[string]string{"fr": "je suis en congé du 3 au 7 décembre", "en": "I am off from 3 to 7 December"}[a.p.Lang]
	if err := a.w.chat.Say("sacha", away); err != nil {
		a.t.Fatal(err)
	}
	a.turn("an absence, asked")
	a.press("sacha", "@sacha", "people.absent")
	a.turn("an absence")
	a.command("sacha", "crieur", "me")
	a.turn("who I am, away soon")
	a.press("sacha", "@sacha", "people.back")
	a.turn("no absence")
}

var linkCode = regexp.MustCompile(`[A-Z2-7]{4}-[A-Z2-7]{4}`)

// linked types the code of one account in another application, then parts them.
func (a *album) linked() {
	a.t.Helper()
	a.command("sacha", "crieur", "me")
	time.Sleep(time.Second)
	a.press("sacha", "@sacha", "people.code")
	word, _, _ := strings.Cut(a.p.T("people.link"), ",")
	code := ""
	for _, said := range a.w.chat.Private("sacha") {
		code = linkCode.FindString(said)
	}
	e := bot.Event{ID: "linked", Kind: bot.Command, Command: "crieur", Text: word + " " + code, Platform: bot.Discord,
		Team: "G", User: bot.User{ID: "sacha-there", Locale: a.p.Lang}, At: a.w.clock.Now()}
	if _, err := a.w.Accept(context.Background(), []string{e.ID}, e); err != nil {
		a.t.Fatal(err)
	}
	time.Sleep(time.Second)
	a.command("sacha", "crieur", "me")
	a.turn("who I am, here and there")
	a.press("sacha", "@sacha", "people.unlink")
	a.turn("who I am, here only")
}

// late lets the time of a post go by while everything is paused.
func (a *album) late() {
	a.t.Helper()
	when := a.w.clock.Now().Add(30 * time.Minute)
	a.command("camille", "draft", "")
	a.fill("camille", "text", a.words("Bonjour. Cacao.", "post", 200), "title", a.words("Cacao", "title", 75),
		"day", when.Format(time.DateOnly), "clock", when.Format("15:04"))
	time.Sleep(time.Second)
	a.press("camille", "@camille", "draft.send")
	a.press("morgan", "com", "review.approve")
	a.command("morgan", "crieur", "stop")
	time.Sleep(time.Second)
	a.press("morgan", "@morgan", "post.stop")
	a.w.clock.Move(a.w.clock.Now().Add(time.Hour))
	a.turn("late, all paused")
	a.command("morgan", "crieur", "resume")
	time.Sleep(time.Second)
	a.press("morgan", "@morgan", "post.resume")
	a.turn("late, resumed")
	a.press("morgan", "@morgan", "post.now")
	time.Sleep(2 * time.Minute)
	a.turn("late, and published")
}

// outdated lets the day of a ready answer go by: its owner's page says so.
func (a *album) outdated() {
	a.t.Helper()
	word, _, _ := strings.Cut(a.p.T("answers.word"), ",")
	a.command("noa", "crieur", word)
	time.Sleep(time.Second)
	a.press("noa", "@noa", "answers.new")
	a.fill("noa", "name", a.words("Coffret", "name", 60), "theme", "prix", "text", a.words("Bonjour, 32 €.", "reply", 2000),
		"until", a.w.clock.Now().Format(time.DateOnly))
	time.Sleep(time.Second)
	a.w.clock.Move(a.w.clock.Now().Add(24 * time.Hour))
	a.turn("a day later")
	a.command("noa", "crieur", "")
	a.turn("all of the page, with an answer to read again")
	a.press("noa", "@noa", "answers.list")
	a.turn("answers, one of them to read again")
}

// taught proposes two readings learnt elsewhere: one is used, then given up; the
// other one is not.
func (a *album) taught() {
	a.t.Helper()
	data, err := os.ReadFile(jargonModel(a.t))
	if err != nil {
		a.t.Fatal(err)
	}
	shipped, err := learnt.Open()
	if err != nil {
		a.t.Fatal(err)
	}
	space := a.w.now().app.Desk.Space
	trainer := &learning.Trainer{Store: a.w.kept, Space: space, Library: &learning.Library{Shipped: shipped}, Now: a.w.clock.Now}
	for _, actions := range [][]string{{"learning.adopt", "learning.revert"}, {"learning.keep"}} {
		if _, err := trainer.Bring(context.Background(), space.Now().Brand("colibri"), data); err != nil {
			a.t.Fatal(err)
		}
		a.turn("a reading proposed")
		for _, action := range actions {
			a.press("morgan", "@morgan", action)
			a.turn("a reading, " + action)
		}
	}
}
