package mentions

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/state"
)

// newStorm is a brand on a day on which so many people complained of the same.
func newStorm(t *testing.T, people int) *hearing {
	e := newHearing(t)
	e.equip()
	for i := range people {
		e.hear("Mastodon", fmt.Sprintf("@a%02d", i), "trois semaines de retard, c’est nul")
	}
	return e
}

// themeID is the theme's day.
func (e *hearing) themeID() string { return themeID("colibri", "late", "2026-11-26") }

// list is what the button of the alert answers, from a conversation on.
func (e *hearing) list(arg string) (text string, buttons []bot.Button) {
	e.Helper()
	r := e.asked("noa")
	r.View, r.Subject, r.Arg = ThemeView, e.themeID(), arg
	reply, err := e.themeList(e.Context(), r)
	if err != nil {
		e.Fatal(err)
	}
	return plainSpaces.Replace(bottest.Plain(*reply.Card)), reply.Card.Buttons
}

// The alert of a theme lists all of its day, those before the alert included, and
// says what it does not show.
func TestAlertListsItsDay(t *testing.T) {
	e := newStorm(t, 11)
	kept, err := themes.Peek(e.Context(), state.Begin(e.store, "look", e.now), e.themeID())
	if err != nil || len(kept) != 1 || kept[0].Alerted.IsZero() {
		t.Fatalf("no alert: %+v, %v", kept, err)
	}
	text, buttons := e.list("")
	if !strings.Contains(text, "11 conversations depuis ce matin") || !strings.Contains(text, "et 3 autres") {
		t.Errorf("the first page:\n%s", text)
	}
	if newest, older := strings.Index(text, "@a10"), strings.Index(text, "@a03"); newest < 0 || older < newest || strings.Contains(text, "@a02") {
		t.Errorf("not who wrote last first:\n%s", text)
	}
	at := slices.IndexFunc(buttons, func(b bot.Button) bool { return b.Action == "theme.list" })
	if at < 0 {
		t.Fatalf("no way on: %+v", buttons)
	}
	text, buttons = e.list(buttons[at].Arg)
	if !strings.Contains(text, "@a00") || strings.Contains(text, "@a03") || strings.Contains(text, "autres") || len(buttons) != 1 {
		t.Errorf("the rest (%+v):\n%s", buttons, text)
	}
	for _, odd := range []string{"-4", "900", "x"} {
		if text, _ := e.list(odd); !strings.Contains(text, "11 conversations") {
			t.Errorf("from %q:\n%s", odd, text)
		}
	}
}

// Who wrote again comes first, what is done comes last and says so.
func TestListOrder(t *testing.T) {
	e := newStorm(t, 4)
	e.hear("Mastodon", "@a00", "toujours en retard, c’est honteux")
	e.finish("Mastodon", "@a03", Nothing, reasonKey("answered"))
	text, _ := e.list("")
	var order []string
	for _, line := range strings.Fields(text) {
		if strings.HasPrefix(line, "@a0") {
			order = append(order, line)
		}
	}
	if got := strings.Join(order, " "); got != "@a00 @a02 @a01 @a03" {
		t.Errorf("in the order %s:\n%s", got, text)
	}
	if !strings.Contains(text, "Rien à répondre (déjà répondu ailleurs) : Noa") {
		t.Errorf("nothing says that one is done:\n%s", text)
	}
}

func TestPressing(t *testing.T) {
	late := []string{"late"}
	all := []Case{{ID: "first", Themes: late}, {ID: "done", Themes: late, Stage: Done}, {ID: "fire", Themes: late, Urgency: Urgent},
		{ID: "other", Themes: []string{"price"}}, {ID: "erased", Themes: late, Stage: Done, Outcome: Erased}, {ID: "last", Themes: late}}
	var got []string
	for _, c := range pressing(all, "late") {
		got = append(got, c.ID)
	}
	if fmt.Sprint(got) != "[fire last first done]" || all[0].ID != "first" || len(all) != 6 {
		t.Errorf("%v of %+v", got, all)
	}
}
