package console

import (
	"context"
	"flag"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/content"

	"github.com/chromedp/chromedp"
)

// TestBrowser lives through a day in a real browser.
func TestBrowser(t *testing.T) {
	s := newSample(t)
	s.day()
	at := newSite(t, s.Handler())
	tab := browser(t, 1280, 800)
	run(t, tab, "open", chromedp.Navigate(at.url("/")), visible(".ready #tour-start"))
	if eval[bool](t, tab, `Boolean(document.querySelector("#rail"))`) {
		t.Error("the first screen shows all panes at once")
	}
	run(t, tab, "start", click("#tour-start"), visible(".ready #say"))

	t.Run("switch panes and read", func(t *testing.T) {
		until(t, tab, `document.querySelector('[data-pane-link="com"] .badge') !== null`)
		run(t, tab, "to com", click(`[data-pane-link="com"]`))
		until(t, tab, `location.pathname === "/as/lea/com" && document.activeElement.id === "say"`)
		until(t, tab, `document.querySelector('[data-pane-link="com"] .badge') === null`)
		until(t, tab, `document.querySelector(".here")?.dataset.action === "review.approve"`)
	})
	t.Run("private answer", func(t *testing.T) {
		run(t, tab, "more", click("#m2 .row-last details.more summary"), click(`#m2 [data-action="review.own"]`))
		until(t, tab, `document.querySelector("li.alone .private")?.textContent === "visible de vous uniquement"`)
		until(t, tab, `![...document.querySelectorAll("#m2 .row")].some((row) => row.hidden)`)
		if eval[bool](t, tab, `document.querySelector("#m2").classList.contains("changed")`) {
			t.Error("a card that says the same lights up")
		}
	})
	t.Run("confirm", func(t *testing.T) {
		run(t, tab, "decline", click("#m2 .row-last details.more summary"), click(`#m2 [data-action="review.decline"]`), visible("#confirm-dialog"))
		if got := eval[string](t, tab, `document.querySelector("#confirm-title").textContent + document.activeElement.textContent`); got != "Refuser ce post ?Garder" {
			t.Errorf("the question is %q", got)
		}
		before := len(s.seen())
		run(t, tab, "keep", click("#confirm-dialog [data-no]"))
		if len(s.seen()) != before {
			t.Error("it acted on a no")
		}
		run(t, tab, "again", click("#m2 .row-last details.more summary"), click(`#m2 [data-action="review.decline"]`), visible("#confirm-dialog"), click("#confirm-dialog [data-yes]"))
		waitFor(t, func() bool { return len(s.seen()) == before+1 })
		if got := s.seen()[before].Action; got != "review.decline" {
			t.Errorf("it did %q", got)
		}
	})
	t.Run("command by keyboard", func(t *testing.T) {
		run(t, tab, "type", chromedp.Focus(chromedp.CSS("#say")), keys("#say", "/ment"), visible("#offer-0"), enter())
		until(t, tab, `document.querySelector("#say").value === "/mentions "`)
		run(t, tab, "send", enter())
		until(t, tab, `[...document.querySelectorAll("li.alone .card-title")].some((title) => title.textContent === "Rien à répondre")`)
		until(t, tab, `document.querySelector("#say").value === "" && document.querySelectorAll(".day").length === 1`)
	})
	t.Run("unknown command comes back", func(t *testing.T) {
		run(t, tab, "type", keys("#say", "/planing"), enter())
		until(t, tab, `document.querySelector("#composer-note").textContent.includes("/planning") && document.querySelector("#say").value === "/planing"`)
		run(t, tab, "clear", script(`document.querySelector("#say").value = ""`))
	})
	t.Run("what is too long is said and stays", func(t *testing.T) {
		for _, length := range []string{"12001", "300000"} { // what the server refuses, and what it would not read
			run(t, tab, "paste", script(`document.querySelector("#say").value = "é".repeat(`+length+`)`), click("#send"))
			until(t, tab, `document.querySelector("#composer-note").textContent.includes("trop long") && document.querySelector("#say").value.length === `+length)
			run(t, tab, "clear", script(`document.querySelector("#say").value = document.querySelector("#composer-note").textContent = ""`))
		}
		if eval[bool](t, tab, `document.body.classList.contains("offline")`) {
			t.Error("the connection is lost")
		}
	})
	t.Run("edited in place", func(t *testing.T) {
		run(t, tab, "approve", click(`#m2 [data-action="review.approve"]`))
		until(t, tab, `document.querySelector("#m2 .card-title").textContent.startsWith("Validé par") && document.querySelector("#m2").classList.contains("changed")`)
	})
	t.Run("form", func(t *testing.T) {
		run(t, tab, "open", click(`[data-pane-link="crieur"]`))
		until(t, tab, `document.body.dataset.pane === "crieur"`)
		run(t, tab, "fill", click(`[data-action="draft.edit"]`), visible("#f-text"), keys("#f-text", "mercredi 26 novembre"), click("#form-dialog [type=submit]"))
		until(t, tab, `document.querySelector("#e-text").textContent === "Le 26 novembre est un jeudi." && document.activeElement.id === "f-text"`)
		run(t, tab, "count", script(`(box => { box.value = "é".repeat(1234); box.dispatchEvent(new Event("input", { bubbles: true })); })(document.querySelector("#f-text"))`))
		until(t, tab, `document.querySelector("#h-text").textContent.endsWith("1\u00a0234 / 300")`)
		run(t, tab, "mend", script(`document.querySelector("#f-text").value = "jeudi 26 novembre"`), click("#form-dialog [type=submit]"))
		until(t, tab, `!document.querySelector("#form-dialog").open`)
		last := s.seen()[len(s.seen())-1]
		if last.Action != "draft.save" || last.Values["text"][0] != "jeudi 26 novembre" {
			t.Errorf("sent %+v", last)
		}
	})
	t.Run("picture in a form", func(t *testing.T) { s.picturesInForm(t, tab) })
	t.Run("a picture that is not kept any more is said", func(t *testing.T) {
		s.post("@lea", bot.Card{Blocks: []bot.Block{{Kind: bot.Picture, File: content.Digest(nil), Alt: "une tasse vide"}}}, false)
		until(t, tab, `[...document.querySelectorAll(".no-picture")].some((words) => words.textContent === "Visuel\u00a0: une tasse vide")`)
		run(t, tab, "reload", chromedp.Reload(), visible(".ready #say"))
		until(t, tab, `[...document.querySelectorAll(".no-picture")].some((words) => words.textContent === "Visuel\u00a0: une tasse vide")`)
	})
	t.Run("the end stays in sight when a picture comes", func(t *testing.T) {
		other := s.keep(append(picture(), 0)) // which the browser has not yet
		s.post("@lea", bot.Card{Blocks: []bot.Block{{Kind: bot.Picture, File: other, Alt: "une boîte"}}}, false)
		until(t, tab, `document.querySelector("img[src$='`+other+`']")?.naturalWidth === 320`)
		until(t, tab, `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 5)(document.querySelector("#scroll"))`)
	})
	t.Run("thread", func(t *testing.T) {
		run(t, tab, "reply", click(`[data-pane-link="com"]`), visible("#m2"), script(`document.querySelector("#m2 [data-reply]").click()`), visible("#thread-mode"), keys("#say", "dans le fil"), enter())
		until(t, tab, `document.querySelector("#m2 > .thread .words")?.textContent === "dans le fil"`)
	})
	t.Run("reload keeps all, and what was typed", func(t *testing.T) {
		run(t, tab, "reload", keys("#say", "à moitié"), chromedp.Reload(), visible(".ready #m2"))
		until(t, tab, `document.querySelector("#m2 > .thread .words")?.textContent === "dans le fil" && document.querySelector("#say").value === "à moitié"`)
	})
	t.Run("connection lost and regained", func(t *testing.T) {
		s.Stop()
		at.down()
		run(t, tab, "lost", visible("[data-lost]"), keys("#say", " tapé"), enter())
		if got := eval[string](t, tab, `document.querySelector("#say").value`); got != "à moitié tapé" {
			t.Errorf("the input holds %q", got)
		}
		s.post("com", approvedCard(), false)
		if err := s.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		at.up()
		run(t, tab, "back", visible("[data-back]"))
		until(t, tab, `document.querySelectorAll("#stream > li.msg:not(.alone)").length === 4 && !document.querySelector("#send").disabled`)
		run(t, tab, "send", enter())
		until(t, tab, `[...document.querySelectorAll("#stream .words")].some((words) => words.textContent === "à moitié tapé")`)
	})
	t.Run("nothing moves under a held button", func(t *testing.T) {
		badge := `document.querySelector('[data-pane-link="alertes"] .badge')?.textContent || ""`
		before := eval[string](t, tab, badge)
		run(t, tab, "hold", script(`document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }))`))
		s.post("alertes", complaintCard(), false)
		s.post("com", planCard(), false)
		until(t, tab, `document.querySelectorAll("#stream > li.msg:not(.alone)").length === 6`)
		if got := eval[string](t, tab, badge); got != before {
			t.Errorf("the sidebar went from %q to %q under the pointer", before, got)
		}
		run(t, tab, "release", script(`document.body.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }))`))
		until(t, tab, `(`+badge+`) !== `+strconv.Quote(before))
	})
	t.Run("become somebody else", func(t *testing.T) {
		run(t, tab, "become", click("#tour-become"), visible(".ready .persona"))
		until(t, tab, `location.pathname === "/as/nadia/com" && document.querySelector(".persona").textContent.includes("Vous êtes Nadia Roux")`)
	})
	t.Run("language", func(t *testing.T) {
		run(t, tab, "english", click("#lang-en"))
		until(t, tab, `document.documentElement.lang === "en" && document.body.classList.contains("ready") && document.querySelector(".persona").textContent.includes("You are Nadia Roux")`)
	})
	t.Run("outside", func(t *testing.T) {
		run(t, tab, "outside", click(`[data-pane-link="outside"]`), visible(".net-instagram img"))
		until(t, tab, `document.querySelector(".net-instagram img").naturalWidth === 320`)
	})
	t.Run("night", func(t *testing.T) {
		run(t, tab, "night", click("#tour-night"), visible("#night"))
		until(t, tab, `document.querySelector("#desk").inert && document.querySelector(".figures").textContent.includes("61")`)
		run(t, tab, "morning", script(`document.querySelector("#tour-morning").click()`))
		until(t, tab, `!document.querySelector("#desk").inert && document.body.dataset.pane === "crieur"`)
	})
	if broken := eval[string](t, tab, `JSON.stringify(window.broken || [])`); broken != "[]" {
		t.Errorf("the page complains: %s", broken)
	}
}

// picturesInForm puts files into the form of the draft that is before the person.
func (s *sample) picturesInForm(t *testing.T, tab context.Context) {
	folder := t.TempDir()
	file := func(name string, data []byte) step {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return chromedp.SetUploadFiles(chromedp.CSS("#f-picture"), []string{path})
	}
	run(t, tab, "open", click(`[data-action="draft.edit"]`), visible("#f-picture"), keys("#f-text", "jeudi"))
	run(t, tab, "not an image", file("notes.txt", []byte("thé")))
	until(t, tab, `document.querySelector("#e-picture").textContent.startsWith("Ce fichier n’est pas une image")`)
	before := len(s.seen())
	run(t, tab, "send", click("#form-dialog [type=submit]"))
	until(t, tab, `document.activeElement.id === "f-picture" && document.activeElement.getAttribute("aria-invalid") === "true"`)
	if len(s.seen()) != before {
		t.Error("the form left without its picture")
	}
	run(t, tab, "too large", file("large.png", make([]byte, content.MaxFile+1)))
	until(t, tab, `document.querySelector("#e-picture").textContent.startsWith("Ce fichier est trop lourd")`)
	run(t, tab, "a picture", file("thé.png", picture()), visible("#form-dialog .chosen"))
	until(t, tab, `document.querySelector(".chosen img").naturalWidth === 320 && document.querySelector("[data-field=picture] [role=status]").textContent === "Visuel ajouté\u00a0: thé.png" &&
		!document.querySelector("#e-picture").textContent && document.querySelector(".sending").hidden`)
	run(t, tab, "take it out", script(`document.querySelector("[data-drop]").focus()`), enter())
	until(t, tab, `document.querySelector(".chosen").hidden && document.activeElement.id === "f-picture" && !document.activeElement.value`)
	run(t, tab, "another, sent at once", file("tasse.png", picture()), script(`document.querySelector("#form-dialog form").requestSubmit()`)) // what it shows moves the button
	until(t, tab, `!document.querySelector("#form-dialog").open`)
	sent := s.seen()[before:]
	if len(sent) != 1 || len(sent[0].Files) != 1 || sent[0].Files[0].Name != "tasse.png" {
		t.Errorf("sent %+v", sent)
	}
}

// TestPhone looks at the workspace through 390 pixels.
func TestPhone(t *testing.T) {
	s := newSample(t)
	s.day()
	s.do("lea", op{Kind: "tour", Text: TourStart})
	at := newSite(t, s.Handler())
	tab := browser(t, 390, 844)
	run(t, tab, "open", lookAs(390, 844, false))
	long := filepath.Join(t.TempDir(), strings.Repeat("boite", 40)+".png")
	if err := os.WriteFile(long, picture(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/as/lea/crieur", "/as/nadia/com", "/as/lea/alertes", "/as/lea/outside", "/outside/instagram-1"} {
		run(t, tab, path, chromedp.Navigate(at.url(path)), visible("li.msg"))
		if wide := eval[int](t, tab, `document.documentElement.scrollWidth`); wide > 390 {
			t.Errorf("%s is %d pixels wide", path, wide)
		}
	}
	run(t, tab, "a picture in a form", chromedp.Navigate(at.url("/as/lea/crieur")), visible(".ready #say"), click(`[data-action="draft.edit"]`), visible("#f-picture"),
		chromedp.SetUploadFiles(chromedp.CSS("#f-picture"), []string{long}), visible("#form-dialog .chosen"))
	until(t, tab, `document.querySelector(".chosen img").naturalWidth === 320`)
	if wide := eval[string](t, tab, `(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth ? scrollWidth + " > " + clientWidth : "")(document.querySelector("#form-dialog"))`); wide != "" {
		t.Errorf("the form is too wide: %s", wide)
	}
	const menu = `#m2 .row-last .more`
	run(t, tab, "a menu at the lower edge", chromedp.Navigate(at.url("/as/nadia/com")), visible(".ready #m2"),
		script(`document.querySelector("`+menu+` summary").scrollIntoView({ block: "end" })`), click(menu+" summary"))
	until(t, tab, `((room) => [...document.querySelectorAll("`+menu+` button")].every((one) => (({ left, right, bottom }) =>
		left >= room.left && right <= room.right && bottom <= room.bottom)(one.getBoundingClientRect())))(document.querySelector("#scroll").getBoundingClientRect())`)
	run(t, tab, "drawer", chromedp.Navigate(at.url("/as/lea/com")), visible(".ready [data-drawer]"), click("[data-drawer]"))
	until(t, tab, `document.querySelector("#rail").contains(document.activeElement) && document.querySelector("#rail").getAnimations().length === 0`)
	run(t, tab, "to alerts", visible(`[data-pane-link="alertes"]`), click(`[data-pane-link="alertes"]`))
	until(t, tab, `document.body.dataset.pane === "alertes" && document.activeElement.id === "pane-name" && getComputedStyle(document.querySelector("#rail")).visibility === "hidden"`)
}

// TestKeyboard goes through every pane by Tab alone, and acts by Enter.
func TestKeyboard(t *testing.T) {
	s := newSample(t)
	s.day()
	s.do("lea", op{Kind: "tour", Text: TourStart})
	at := newSite(t, s.Handler())
	window := browser(t, 1280, 800)
	for _, path := range []string{"/as/nadia/com", "/as/lea/outside"} {
		run(t, window, path, chromedp.Navigate(at.url(path)), visible(".ready li.msg"))
		until(t, window, `document.querySelector("#rail a") !== null && !document.body.classList.contains("offline")`)
		run(t, window, "remember", script(`(window.visited = new Set(), document.addEventListener("focusin", (event) => visited.add(event.target)))`))
		for range 70 {
			run(t, window, "tab", tab())
		}
		missed := eval[[]string](t, window, `[...document.querySelectorAll("a[href], button, summary, textarea, select, input")]
			.filter((one) => one.checkVisibility() && !one.disabled && one !== document.activeElement && !visited.has(one)).map((one) => one.outerHTML.slice(0, 120))`)
		if len(missed) > 0 {
			t.Errorf("%s: Tab never came to %q", path, missed)
		}
	}
	run(t, window, "back", chromedp.Navigate(at.url("/as/nadia/com")), visible(".ready #m2"), script(`document.querySelector("#m2 .more summary").focus()`), enter())
	until(t, window, `document.querySelector("#m2 .more").open`)
	run(t, window, "close", escape())
	until(t, window, `!document.querySelector("#m2 .more").open && document.activeElement.matches("#m2 .more summary")`)
	run(t, window, "decline", enter(), tab(), enter(), visible("#confirm-dialog"), escape())
	until(t, window, `!document.querySelector("#confirm-dialog").open`)
	if len(s.seen()) != 1 { // the day's own "plus court"
		t.Errorf("Escape acted: %+v", s.seen())
	}
	run(t, window, "approve", script(`document.querySelector('#m2 [data-action="review.approve"]').focus()`), enter())
	until(t, window, `document.querySelector("#m2 .card-title").textContent.startsWith("Validé") && document.querySelector("#m2").contains(document.activeElement)`)
	names := eval[[]string](t, window, `[...document.querySelectorAll("button, a, input, textarea, select, summary, [role]")].filter((one) =>
		one.checkVisibility() && !one.textContent.trim() && !one.getAttribute("aria-label") && !one.labels?.length && !one.getAttribute("aria-labelledby") && !one.matches("#announce, #connection, #toast, [role=alert]")).map((one) => one.outerHTML.slice(0, 120))`)
	if len(names) > 0 {
		t.Errorf("without a name: %q", names)
	}
	if marks := eval[string](t, window, `["main", "nav[aria-label]", "section.stage[aria-label]", "h1"].filter((one) => document.querySelectorAll(one).length !== 1).join()`); marks != "" {
		t.Errorf("not exactly one of %s", marks)
	}
}

// TestCalm has the night without motion.
func TestCalm(t *testing.T) {
	s := newSample(t)
	s.day()
	s.do("lea", op{Kind: "tour", Text: TourStart})
	at := newSite(t, s.Handler())
	window := browser(t, 1280, 800)
	run(t, window, "open", calm(), chromedp.Navigate(at.url("/as/lea/com")), visible(".ready #tour-night"), click("#tour-night"), visible("#night"))
	until(t, window, `document.activeElement.id === "tour-morning"`)
	if moving := eval[int](t, window, `document.getAnimations().filter((one) => one.playState === "running" && one.effect.getComputedTiming().endTime > 100).length`); moving > 0 {
		t.Errorf("%d things still move", moving)
	}
}

// waitFor waits for what happens on the server's side.
func waitFor(t *testing.T, ready func() bool) {
	t.Helper()
	for range 2000 {
		if ready() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it never happened")
}

var shots = flag.String("shots", "", "write screenshots of the sample workspace into this folder (TestShots)")

// browser starts a headless Chromium; without one the test is skipped.
func browser(t testing.TB, width, height int) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no chromium here: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(width, height),
		chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true), chromedp.UserDataDir(t.TempDir()))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	all, cancelAll := chromedp.NewExecAllocator(context.Background(), options...)
	tab, cancelTab := chromedp.NewContext(all)
	t.Cleanup(func() {
		if err := chromedp.Cancel(tab); err != nil {
			t.Log("close browser:", err)
		}
		cancelTab()
		cancelAll()
	})
	if err := chromedp.Do(tab); err != nil { // starts it
		t.Fatal(err)
	}
	return tab
}

// site serves a workspace at an address that can go away and come back.
type site struct {
	t       testing.TB
	handler http.Handler
	addr    string
	server  *http.Server
}

func newSite(t testing.TB, handler http.Handler) *site {
	s := &site{t: t, handler: handler, addr: "127.0.0.1:0"}
	s.up()
	t.Cleanup(s.down)
	return s
}

func (s *site) up() {
	s.t.Helper()
	listener, err := net.Listen("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.addr = listener.Addr().String()
	s.server = &http.Server{Handler: s.handler, ReadHeaderTimeout: time.Minute}
	server := s.server
	go server.Serve(listener)
}

func (s *site) down() {
	if err := s.server.Close(); err != nil {
		s.t.Log("close server:", err)
	}
}

func (s *site) url(path string) string { return "http://" + s.addr + path }

type shotSize struct {
	name          string
	width, height int
	dark          bool
}

func shotSizes() []shotSize {
	return []shotSize{{"wide", 1360, 860, false}, {"dark", 1360, 860, true}, {"phone", 390, 844, false}}
}

// TestShots draws the pictures by which the workspace is looked at.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("only with -shots FOLDER")
	}
	source, err := filepath.Abs("browser_test.go") // no image
	if err != nil {
		t.Fatal(err)
	}
	tea := filepath.Join(t.TempDir(), "thé de Noël, boîte rouge.png")
	if err := os.WriteFile(tea, picture(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, size := range shotSizes() {
		s := newSample(t)
		s.day()
		at := newSite(t, s.Handler())
		tab := browser(t, size.width, size.height)
		shot := func(name string, steps ...step) {
			t.Helper()
			run(t, tab, name, append(steps, chromedp.Sleep(350*time.Millisecond))...)
			png, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := os.WriteFile(filepath.Join(*shots, size.name+"-"+name+".png"), png, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		shot("0-welcome", lookAs(size.width, size.height, size.dark), chromedp.Navigate(at.url("/")), visible("#tour-start"))
		shot("1-direct", click("#tour-start"), visible("#say"))
		shot("2-com", chromedp.Navigate(at.url("/as/nadia/com")), visible("#say"))
		shot("3-more", script(`document.querySelector("#m2 .row-last details.more").open = true`))
		shot("3-private", click(`#m2 [data-action="review.own"]`), visible("li.alone .card"), script(`document.querySelector("#m3 [data-reply]").click()`), keys("#say", "Oui, à midi"), enter(), visible("#m3 .thread .words"), keys("#say", "@Crieur qu’est-ce qui m’attend ?"))
		shot("3-working", click(`#m2 [data-action="review.each"]`), script(`document.querySelector("#m2").scrollIntoView()`), click(`#m2 [data-action="review.approve"]`))
		shot("4-alerts", chromedp.Navigate(at.url("/as/lea/alertes")), visible("#say"))
		shot("5-offers", keys("#say", "/"), visible("#offer-0"))
		shot("5-english", chromedp.Navigate(at.url("/as/sam/com")), visible("#say"))
		shot("5-switch", chromedp.Navigate(at.url("/as/lea/alertes")), visible("#say"), script(`(document.body.classList.contains("x"), document.querySelector("[data-drawer]").checkVisibility() && document.querySelector("[data-drawer]").click(), document.querySelector("#switch").open = true, document.querySelector(".fold").open = true)`))
		shot("6-outside", chromedp.Navigate(at.url("/as/lea/outside")), visible(".post"))
		shot("7-form", chromedp.Navigate(at.url("/as/lea/crieur")), visible("#say"), click(`[data-action="draft.edit"]`), visible("#form-dialog form"))
		shot("8-errors", click("#form-dialog [type=submit]"))
		shot("8-picture", chromedp.SetUploadFiles(chromedp.CSS("#f-picture"), []string{tea}), visible("#form-dialog .chosen"), script(`document.querySelector("#form-dialog .row-end").scrollIntoView()`))
		shot("8-odd", chromedp.SetUploadFiles(chromedp.CSS("#f-picture"), []string{source}), visible("#e-picture:not(:empty)"))
		shot("9-closed", click("#form-dialog [data-close]"), keys("#say", "Bonjour Marie, "))
		s.Stop()
		at.down()
		shot("9-lost", visible("[data-lost]"))
		if err := s.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		at.up()
		shot("A-back", visible("[data-back]"))
		shot("B-night", click("#tour-night"), visible("#night"), chromedp.Sleep(2*time.Second))
		shot("C-dawn", chromedp.Sleep(3500*time.Millisecond))
	}
}
