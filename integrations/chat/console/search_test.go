package console

import (
	"slices"
	"strings"
	"testing"

	"crieur/bot"

	"github.com/chromedp/chromedp"
)

// swapping is a card with a menu that lists but some of its choices, a menu of
// several, and a way to a form with such fields.
func swapping() bot.Card {
	const left = "25 choix affichés sur 60."
	return bot.Card{Token: "tok", Title: bot.Say("Échanges"), Blocks: []bot.Block{
		{Kind: bot.Menu, Select: &bot.Select{Action: "plan.swap", Label: "Échanger avec", Choices: crowd()[:25], Left: left}}},
		Buttons: []bot.Button{{Action: "news.tell", Label: "Prévenir"}}}
}

func TestSearch(t *testing.T) {
	s := newSample(t)
	at := s.post("com", swapping(), true)
	form := s.do("lea", op{Kind: "click", Channel: "com", Message: at.Message, Callback: "a1:news.tell:tok"})
	_, rest, _ := strings.Cut(form.HTML, `data-form="`)
	id, _, _ := strings.Cut(rest, `"`)
	menu := op{Kind: "search", Channel: "com", Message: at.Message, Callback: "a1:plan.swap:tok", Text: "Membre 5"}
	with := func(change func(*op)) op {
		changed := menu
		change(&changed)
		return changed
	}
	for name, test := range map[string]struct {
		who   string
		ask   op
		found int
		state string
	}{
		"a menu":               {"lea", menu, 10, "choices"},
		"everything":           {"lea", with(func(o *op) { o.Text = "" }), 60, "choices"},
		"nothing":              {"lea", with(func(o *op) { o.Text = "zz" }), 0, "choices"},
		"a store that is dead": {"lea", with(func(o *op) { o.Text = "boum" }), 0, "failed"},
		"no message":           {"lea", with(func(o *op) { o.Message = "" }), 0, "failed"},
		"no callback of ours":  {"lea", with(func(o *op) { o.Callback = "x" }), 0, "failed"},
		"a channel of others":  {"lea", with(func(o *op) { o.Channel = "direction" }), 0, "failed"},
		"a field":              {"lea", op{Kind: "search", Form: id, Field: "members", Text: "Membre 5"}, 10, "choices"},
		"a form of another":    {"nadia", op{Kind: "search", Form: id, Field: "members"}, 0, "failed"},
		"a form that is gone":  {"lea", op{Kind: "search", Form: "gone", Field: "members"}, 0, "failed"},
	} {
		if got := s.do(test.who, test.ask); got.State != test.state || len(got.Choices) != test.found {
			t.Errorf("%s: %s, %d found", name, got.State, len(got.Choices))
		}
	}
	if n := strings.Count(form.HTML, `class="seek"`); n != 2 {
		t.Errorf("%d fields can be searched", n)
	}
	if len(s.seen()) != 0 {
		t.Error("typing is no event")
	}
	sent := s.do("lea", op{Kind: "submit", Form: id, Channel: "com", Values: map[string][]string{"members": {"m1", "m59"}}})
	if events := s.seen(); sent.State != "ok" || len(events) != 1 || !slices.Equal(events[0].Values["members"], []string{"m1", "m59"}) {
		t.Errorf("%+v sent %+v", sent, events)
	}
}

// TestBrowserSearch looks for what menus do not list, in a real browser.
func TestBrowserSearch(t *testing.T) {
	s := newSample(t)
	s.day()
	s.do("lea", op{Kind: "tour", Text: TourStart})
	s.post("com", swapping(), true)
	at := newSite(t, s.Handler())
	window := browser(t, 1280, 800)
	before := len(s.seen())
	run(t, window, "open", chromedp.Navigate(at.url("/as/lea/com")), visible(".ready .pick .seek"), chromedp.SendKeys(chromedp.CSS(".pick .seek"), "Membre 58\r"))
	until(t, window, `[...document.querySelector(".pick select").options].map((one) => one.label).join() === "—,Membre 58"`)
	run(t, window, "choose", script(`(document.querySelector(".pick select").value = "m58")`), click(".pick button"))
	waitFor(t, func() bool { return len(s.seen()) > before })
	if e := s.seen()[before]; e.Action != "plan.swap" || !slices.Equal(e.Values[bot.MenuField], []string{"m58"}) {
		t.Errorf("chose %+v", e)
	}
	run(t, window, "form", click(`[data-action="news.tell"]`), visible(`[data-field="members"] .seek`),
		chromedp.SendKeys(chromedp.CSS(`[data-field="members"] .seek`), "Membre 59"))
	until(t, window, `[...document.querySelectorAll('[data-field="members"] .check')].map((one) => one.textContent.trim()).join() === "Membre 01,Membre 59"`)
	run(t, window, "send", click(`[data-field="members"] .check:last-of-type input`), script(`document.querySelector("#form-dialog form").requestSubmit()`))
	waitFor(t, func() bool { return len(s.seen()) > before+1 })
	if e := s.seen()[before+1]; e.Action != "news.told" || !slices.Equal(e.Values["members"], []string{"m1", "m59"}) {
		t.Errorf("sent %+v", e)
	}
}
