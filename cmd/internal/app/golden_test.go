package app_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/i18n"
	"crieur/bot/state/statetest"
)

// album collects cards as a day brings them, each once.
type album struct {
	t     *testing.T
	w     *world
	p     *i18n.Printer
	seen  map[string]bool
	pages []page
	// words are those of people and of the outside, of a kind, with at most so
	// many characters.
	words func(text, kind string, most int) string
	// hostile says that they break every rule; what is ours is held against the
	// rules on a day of ordinary words.
	hostile bool
}

// page is one card with what happened just before.
type page struct {
	heading string
	card    bot.Card
}

// turn adds what is new on the screens under a heading, and holds it against the
// rules of cards.
func (a *album) turn(heading string) {
	a.t.Helper()
	time.Sleep(5 * time.Second)
	fresh := map[string]bot.Card{} // by their words: what appears at one moment has no order
	for _, card := range a.w.chat.Cards() {
		text := bottest.Plain(card)
		if _, twice := fresh[text]; !twice && !a.seen[text] {
			fresh[text] = card
		}
	}
	for _, text := range slices.Sorted(maps.Keys(fresh)) {
		a.seen[text] = true
		a.pages = append(a.pages, page{heading, fresh[text]})
		if !a.hostile {
			a.rules(heading, fresh[text], text)
		}
	}
}

var neverInChat = regexp.MustCompile(`(?i)\b(slot|receipt|story|stories|case|fingerprint|hash|hashes|effect|variant|outbox|outboxes|lane|lease|token|callback|handler|` +
	`payload|tenant|revision|quorum|sla|score|cluster|webhook|endpoint|sync|job|queue|stack|user|utilisateur|invalid|oups|publication|` +
	`p_\w+)s?\b|\bversions? \d|erreur inconnue`)

// longer are the headings of lists that somebody asked for.
var longer = []string{"menu", "each", "week", "found", "all of"}

// unsaid is where a key stands for its words, or an argument is missing.
var unsaid = regexp.MustCompile(`%!|<no value>|\b(review|mentions|calendar|drafting|chat|digest|settings|outbox|network|rivals|setup|people|learning|moderation|crisis|answers|oncall|drill)\.[a-z]+\b`)

func (a *album) rules(heading string, card bot.Card, text string) {
	a.t.Helper()
	if found := neverInChat.FindString(text); found != "" {
		a.t.Errorf("%s: %q must not be read in chat:\n%s", heading, found, text)
	}
	lines := 0
	for _, block := range card.Blocks {
		if block.Kind != bot.Menu && block.Kind != bot.Picture { // to be used, or looked at: not read
			lines++
		}
	}
	if lines > 8 && !slices.ContainsFunc(longer, func(prefix string) bool { return strings.HasPrefix(heading, prefix) }) {
		a.t.Errorf("%s: %d lines under the title:\n%s", heading, lines, text)
	}
	if len(card.Buttons) > 4 || len(card.More) > 25 {
		a.t.Errorf("%s: %d buttons, %d more", heading, len(card.Buttons), len(card.More))
	}
	main := 0
	for _, button := range bottest.Buttons(card) {
		if n := len([]rune(button.Label)); n == 0 || n > 30 {
			a.t.Errorf("%s: label of %d characters: %q", heading, n, button.Label)
		}
		if button.Style == bot.Primary {
			main++
		}
		id := bot.Callback{Action: button.Action, Arg: button.Arg, Token: card.Token}.String()
		if button.URL == "" && len(id) > 100 {
			a.t.Errorf("%s: callback of %d bytes: %s", heading, len(id), id)
		}
		if _, err := bot.ParseCallback(id); button.URL == "" && err != nil {
			a.t.Errorf("%s: callback %s: %v", heading, id, err)
		}
	}
	if main > 1 {
		a.t.Errorf("%s: %d main buttons:\n%s", heading, main, text)
	}
	if unsaid.MatchString(text) {
		a.t.Errorf("%s: a key or a missing argument:\n%s", heading, text)
	}
}

func (a *album) click(user, channel, key string, args ...any) {
	a.t.Helper()
	if label := a.p.T(key, args...); a.hostile {
		_ = a.w.chat.Click(user, channel, label) // it may not be there
	} else {
		a.w.click(user, channel, label)
	}
}

func (a *album) command(user, name, text string) {
	a.t.Helper()
	if err := a.w.chat.Command(user, "@"+user, name, text); err != nil {
		a.t.Fatal(err)
	}
}

// asWritten leaves the words of people as they are.
func asWritten(text, _ string, _ int) string { return text }

// day lives through a day and returns the album of it. What people and the
// outside say goes through words; nil leaves it as it is.
func day(t *testing.T, lang string, words func(text, kind string, most int) string) *album {
	w := newWorldIn(t, statetest.NewMem(), none, 0, lang)
	w.pass, w.patience = time.Sleep, time.Minute
	defer w.end()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	a := &album{t: t, w: w, p: catalog.For(lang, nil), seen: map[string]bool{}, words: words, hostile: words != nil}
	if words == nil {
		a.words = asWritten
	}
	text := map[string]string{"fr": "Notre thé de Noël est de retour. Qui l’attendait ?", "en": "Our Christmas tea is back. Who was waiting?"}[lang]

	a.command("camille", "draft", a.words(text, "post", 200))
	a.turn("draft")
	a.click("camille", "@camille", "drafting.each")
	a.turn("each network")
	a.click("camille", "@camille", "drafting.send")
	a.turn("asked")
	a.click("camille", "com", "review.approveall", "Count", 5)
	a.turn("own work")
	a.click("eve", "com", "review.approveall", "Count", 5)
	a.turn("stranger")
	a.click("morgan", "com", "review.why")
	a.command("morgan", "review", "")
	a.turn("what waits for me")
	w.bluesky.fail(errLost)
	a.click("morgan", "com", "review.approveall", "Count", 5)
	a.turn("approved")
	a.click("noa", "com", "review.suspend", "Account", "LinkedIn")
	a.turn("one cancelled")
	w.pass(time.Minute)
	a.turn("live, and one to check")
	a.click("camille", "com", "review.absent", "Account", "Bluesky")
	a.turn("it isn’t there")
	a.click("camille", "com", "review.steps", "Account", "Instagram")
	a.turn("by hand")

	a.hear("m1", "Mastodon", "@tom", "Vous livrez en Belgique ? @colibri")
	a.hear("m2", "Mastodon", "@lea", "Bravo @colibri pour l’emballage sans plastique, continuez !")
	a.hear("m3", "Mastodon", "@troll", "bande de voleurs @colibri allez crever")
	a.hear("m4", "Mastodon", "@zoe", "La bouilloire a pris feu hier soir @colibri")
	a.turn("urgent")
	a.click("noa", "com-alertes", "mentions.take")
	a.turn("taken")
	a.command("camille", "mentions", "")
	a.turn("round")
	for range 3 {
		a.click("camille", "@camille", "mentions.later")
		a.turn("round, on")
	}
	for _, word := range []string{"settings.help", "people.me", "digest.word", "calendar.word", "calendar.stopword"} {
		said, _, _ := strings.Cut(a.p.T(word), ",")
		if err := w.chat.Say("morgan", said); err != nil {
			t.Fatal(err)
		}
		a.turn(map[string]string{"settings.help": "menu", "calendar.word": "week"}[word] + "said " + said)
	}
	a.click("morgan", "@morgan", "calendar.stop")
	a.turn("everything paused")
	a.command("camille", "rivals", "")
	a.turn("rivals")
	a.command("camille", "crieur", "planingue")
	a.turn("menu, unknown word")
	a.click("camille", "@camille", "drafting.delete")
	a.turn("deleted")
	w.clock.Move(w.clock.Now().Add(22*time.Hour + 40*time.Minute))
	a.turn("the next morning")
	a.everythingElse()
	return a
}
