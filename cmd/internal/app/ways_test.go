package app_test

import (
	"context"
	"strings"
)

// ways are those beside commands: the page, words, menus of messages, the status.
func (a *album) ways() {
	a.t.Helper()
	for _, user := range []string{"eve", "camille", "morgan"} { // a stranger, an author, an approver
		a.command(user, "crieur", "")
		a.turn("all of the page of " + user)
	}
	a.say("noa", "settings.status")
	a.say("camille", "drafting.newword")
	a.press("camille", "@camille", "draft.start")
	post := a.words(map[string]string{"fr": "Samedi, venez goûter nos thés de Noël à la boutique, de midi au soir.",
		"en": "Saturday, come and try our Christmas teas at the shop, from noon on."}[a.p.Lang], "post", 200)
	if err := a.w.chat.Say("camille", post); err != nil {
		a.t.Fatal(err)
	}
	a.turn("pasted")
	a.press("camille", "@camille", "draft.no")
	a.turn("not a post")
	a.press("camille", "@camille", "draft.from")
	a.turn("a post")
	a.use("noa", "drafting.propose", post)
	late := a.w.chat.Events("morgan", "com", a.p.T("drafting.idea.no"), 1)
	a.press("camille", "com", "idea.leave")
	a.turn("not this time")
	for _, e := range late {
		if _, err := a.w.Accept(context.Background(), []string{e.ID}, e); err != nil {
			a.t.Fatal(err)
		}
	}
	a.turn("answered already")
	a.use("noa", "drafting.propose", post+" (2)")
	a.press("camille", "com", "idea.draft")
	a.turn("adopted")
	a.use("noa", "mentions.add", post)
	a.use("noa", "mentions.add", " ")
	a.command("camille", "crieur", a.p.T("command.plan")[1:])
	a.turn("mistyped")
}

// say says a word of the catalog to Crieur.
func (a *album) say(user, key string) {
	a.t.Helper()
	word, _, _ := strings.Cut(a.p.T(key), ",")
	if err := a.w.chat.Say(user, word); err != nil {
		a.t.Fatal(err)
	}
	a.turn("said " + word)
}

// use chooses an entry of the menu of a message.
func (a *album) use(user, key, words string) {
	a.t.Helper()
	a.w.chat.Menu = menuIn(a.t, a.w.now().app.Mux, a.p.Lang)
	if err := a.w.chat.Use(user, "com", a.p.T(key), words); err != nil {
		a.t.Fatal(err)
	}
	a.turn("menu of a message: " + a.p.T(key))
}
