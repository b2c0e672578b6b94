package app_test

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/integrations/chat/slack/slackfake"
)

// reader is who opens the forms on a wall, and may open all of them.
const reader = "morgan"

// open opens a form by a click and returns what its reader has before them. A
// platform that refuses it fails the test, and so do words of it that are missing.
func (w *wall) open(name string, form bot.Form) string {
	w.t.Helper()
	sheet := w.opens(name, func(context.Context, *bot.Request) (bot.Form, error) { return form, nil })
	for _, words := range w.wordsOf(form) {
		if !strings.Contains(plain(sheet), plain(words)) {
			w.t.Errorf("%s: %q is not to be read:\n%s", name, words, sheet)
		}
	}
	return sheet
}

// wordsOf is all that a form says on the platform.
func (w *wall) wordsOf(form bot.Form) []string {
	all := []string{form.Title, form.Intro}
	if !w.on("discord") { // it names its buttons itself
		all = append(all, form.Submit, form.Cancel)
	}
	for _, field := range form.Fields {
		all = append(all, field.Label, field.Hint)
		for _, choice := range field.Choices {
			all = append(all, choice.Label)
		}
		if len(field.Choices) == 0 {
			all = append(all, field.Value...)
		}
	}
	return all
}

func (w *wall) on(platform bot.Platform) bool { return w.stand.chat.Platform() == platform }

// opens opens what a former makes.
func (w *wall) opens(name string, form bot.Former) string {
	w.t.Helper()
	if w.form = form; w.door == "" {
		w.hang("door", bot.Card{Title: bot.Say("Formulaires"), Buttons: []bot.Button{{Action: "wall.open", Label: "Ouvrir"}}})
		w.door = w.channel
	}
	said := ""
	for range 10 { // a machine that is busy opens none in time, and says so
		w.stand.screen.(interface{ Dismiss(user string) }).Dismiss(reader)
		before := len(w.stand.screen.Private(reader))
		if err := w.stand.screen.Click(reader, w.door, "Ouvrir"); err != nil {
			w.t.Fatalf("%s: %v", name, err)
		}
		if said = w.next(name, before); strings.HasPrefix(said, "[") {
			return said
		}
	}
	w.t.Fatalf("%s: refused: %s", name, said)
	return ""
}

// next is the last of what its reader reads privately, once there is more.
func (w *wall) next(name string, before int) string {
	w.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if said := w.stand.screen.Private(reader); len(said) > before {
			return said[len(said)-1]
		}
	}
	w.t.Fatalf("%s: nothing opens", name)
	return ""
}

// inACrowd are the forms whose menus hold but some of a very large team, or of
// very many accounts.
func inACrowd(t *testing.T, platform, lang string) (pages []string) {
	w := newWall(t, platform, lang, nil, func(space *brand.Space) { gather(space, 60) })
	for _, opener := range []string{"draft.start", "people.look", "setup.preset"} {
		var form bot.Form
		sheet := w.opens(opener, func(ctx context.Context, r *bot.Request) (_ bot.Form, err error) {
			e := r.Event
			e.Action = opener
			form, err = w.stand.app.Desk.Form(ctx, e)
			return form, err
		})
		pages = append(pages, "== form of "+opener+" in a crowd\n"+sheet)
		slack, ok := w.stand.screen.(*slackfake.Surface)
		for _, field := range form.Fields {
			if !ok || field.Left == "" {
				continue
			}
			if found, err := slack.Server.SearchModal(slackfake.UserID(reader), field.ID, "membre 59"); err != nil || len(found.Labels) != 1 {
				t.Errorf("%s: %s finds %q, %v", opener, field.ID, found.Labels, err)
			}
		}
	}
	return pages
}

// formRules holds a form of ordinary words against what every platform can show:
// nothing of it is then cut anywhere.
func formRules(t *testing.T, opener string, form bot.Form) {
	t.Helper()
	most := func(what, text string, characters int) {
		t.Helper()
		if n := utf8.RuneCountInString(text); n == 0 && what != "hint" || n > characters {
			t.Errorf("form of %s: %s of %d characters, at most %d: %q", opener, what, n, characters, text)
		}
	}
	text := bottest.SheetOf(form).String()
	if found := cmp.Or(neverInChat.FindString(text), unsaid.FindString(text)); found != "" {
		t.Errorf("form of %s: %q must not be read in chat:\n%s", opener, found, text)
	}
	most("title", form.Title, 24)
	most("button", form.Submit, 24)
	most("button", form.Cancel, 24)
	if len(form.Fields) == 0 || len(form.Fields) > 5 {
		t.Errorf("form of %s: %d fields", opener, len(form.Fields))
	}
	for i, field := range form.Fields {
		hint := strings.TrimSpace(field.Left + " " + field.Hint)
		if i == 0 && len(form.Fields) == 5 { // Discord has no other room for the words above
			hint = strings.TrimSpace(form.Intro + " " + hint)
		}
		most("label", field.Label, 45)
		most("hint", hint, 100)
		for _, value := range field.Value {
			if field.Max > 0 {
				most("hint", value, field.Max)
			}
		}
	}
}
