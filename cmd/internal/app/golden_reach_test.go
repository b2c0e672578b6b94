package app_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot/i18n"
	"crieur/bot/state/statetest"
)

// TestGoldenReach draws what the ways beside commands answer: the page, words,
// menus of messages, the status, in both languages.
func TestGoldenReach(t *testing.T) {
	for _, lang := range i18n.Langs() {
		t.Run(lang, func(t *testing.T) {
			var pages []string
			synctest.Test(t, func(t *testing.T) { pages = ways(t, lang).plain() })
			golden(t, "reach-"+lang, pages)
		})
	}
}

// ways goes them all and returns the album of it.
func ways(t *testing.T, lang string) *album {
	w := newWorldIn(t, statetest.NewMem(), none, 0, lang)
	w.pass, w.patience = time.Sleep, time.Minute
	defer w.end()
	a := &album{t: t, w: w, p: catalog(t).For(lang, nil), seen: map[string]bool{}, words: asWritten}
	w.chat.Menu = menuIn(t, w.now().app.Mux, lang)
	say := func(user, key, more string) {
		t.Helper()
		word, _, _ := strings.Cut(a.p.T(key), ",")
		if err := w.chat.Say(user, word+more); err != nil {
			t.Fatal(err)
		}
		a.turn("said " + word + more)
	}
	use := func(user, key, words string) {
		t.Helper()
		if err := w.chat.Use(user, "com", a.p.T(key), words); err != nil {
			t.Fatal(err)
		}
		a.turn("menu of a message: " + a.p.T(key))
	}
	post := map[string]string{"fr": "Samedi, dégustation à la boutique : venez goûter nos thés de Noël.",
		"en": "Saturday, a tasting at the shop: come and try our Christmas teas."}[lang]

	a.command("eve", "crieur", "")
	a.turn("page of a stranger")
	a.command("camille", "crieur", "")
	a.turn("page, nothing yet")
	say("camille", "drafting.newword", "")
	a.press("camille", "@camille", "draft.start")
	say("camille", "calendar.resumeword", "")
	if err := w.chat.Say("camille", post); err != nil {
		t.Fatal(err)
	}
	a.turn("pasted")
	a.click("camille", "@camille", "drafting.no")
	a.turn("not a post")
	a.click("camille", "@camille", "drafting.makeit")
	a.turn("a post")
	use("noa", "drafting.propose", post)
	late := w.chat.Events("morgan", "com", a.p.T("drafting.idea.no"), 1)[0]
	a.click("camille", "com", "drafting.idea.no")
	a.turn("not this time")
	late.User.ID = "camille" // their second click, seen late
	if _, err := w.Accept(t.Context(), []string{late.ID}, late); err != nil {
		t.Fatal(err)
	}
	a.turn("answered already")
	use("noa", "drafting.propose", post+" (2)")
	a.click("camille", "com", "drafting.makeit")
	a.turn("adopted")
	use("noa", "mentions.add", post)
	use("noa", "mentions.add", " ")
	a.click("camille", "@camille", "drafting.send")
	a.turn("sent for approval")
	w.hear("m1", "Mastodon", "@tom", "Vous livrez en Belgique ? @colibri")
	a.turn("heard")
	a.command("camille", "mentions", "")
	a.turn("round")
	a.command("camille", "crieur", "")
	a.turn("page of an author")
	a.command("morgan", "crieur", "")
	a.turn("page of an approver")
	say("noa", "settings.status", "")
	a.command("camille", "crieur", a.p.T("command.plan")[1:])
	a.turn("mistyped")
	a.command("noa", "crieur", "zxqvk")
	a.turn("menu, unknown word")
	return a
}
