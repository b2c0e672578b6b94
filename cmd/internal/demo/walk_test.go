package demo_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"crieur/cmd/internal/demo"
)

var shots = flag.String("shots", "", "write screenshots of the day into this folder")

// The limits of the tour: people.md section 5.
const (
	mostClicks = 40
	mostTime   = 9 * time.Minute
)

// walker is a person with a mouse and no keyboard.
type walker struct {
	t      *testing.T
	tab    context.Context
	clicks int
	pace   time.Duration // what a person would have taken, added up
}

// TestWalk lives the whole day in a real browser, by clicks alone.
func TestWalk(t *testing.T) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	d, err := demo.Start(t.Context(), demo.Options{Addr: "127.0.0.1:0", Out: io.Discard, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	w := &walker{t: t, tab: browser(t)}
	if err := chromedp.Do(w.tab, chromedp.Navigate(d.Address)); err != nil {
		t.Fatal(err)
	}

	w.see("Il est 8 h 45")
	w.shot("01-welcome")
	w.click("#tour-start")
	w.pane("com")
	w.see("Le point du jeudi 26 novembre")
	w.see("À répondre : 5 conversations, dont 2 avant 9 h 55")
	w.see("Livraison")
	w.see("d’habitude 1 à 2")
	w.see("Hier : 31 réponses à temps sur 33")
	w.see("Du nouveau chez Thés Bellerive : Le coffret découverte passe de 39 à 32 €")
	w.shot("02-brief")
	w.press("Commencer la tournée")
	w.pane("crieur")
	w.see("Tournée 1 sur 5")
	w.shot("03-round")
	for n := 1; n <= 5; n++ {
		w.see(fmt.Sprintf("Tournée %d sur 5", n))
		w.answer(n)
	}
	w.see("La tournée est finie")
	w.shot("04-round-over")

	w.next(4)
	w.see("Le 26 novembre 2026 est un jeudi")
	w.shot("05-draft")
	w.press("Corriger les")
	w.see("jeudi 26 novembre")
	w.press("Envoyer à valider")
	w.see("envoyé à valider")
	w.pane("com")
	w.see("À valider")
	w.press("Valider les 5")
	w.see("il lui faut un autre regard")
	w.shot("06-own")
	w.next(7)
	w.await(`document.querySelector(".persona")?.textContent.includes("Morgan")`, "be Morgan")
	w.press("Valider les 5")
	w.see("Validé ·")
	w.shot("07-approved")
	w.next(9)
	w.see("Mastodon")
	w.shot("08-outside")
	w.next(10)
	w.see("Sujet Livraison : 41 personnes")
	w.await(`document.body.innerText.match(/Pourquoi cette alerte/g)?.length === 1`, "one alert for all")
	w.shot("09-storm")
	w.next(11)
	w.see("18 h 30")
	w.next(12)
	w.see("sonnerie chez vous\n0")
	w.see("vraie urgence chez Noa\n1")
	w.see("Noa l’a vue")
	time.Sleep(6 * time.Second)
	w.shot("10-night")
	w.click("#night #tour-next, #night button")
	w.see("Le point du vendredi 27 novembre")
	w.shot("11-end")
	w.click("#tour-slack")
	w.see("crieur manifest slack")
	w.shot("12-next")

	t.Logf("%d clicks, about %v at a person's pace", w.clicks, w.pace)
	if w.clicks > mostClicks || w.pace > mostTime {
		t.Errorf("%d clicks in %v, at most %d in %v", w.clicks, w.pace, mostClicks, mostTime)
	}
	mine := 0
	for _, ring := range d.Console.Rings() {
		if ring.Person == "camille" && ring.At.Hour() >= 19 {
			mine++
		}
	}
	if mine != 0 {
		t.Errorf("%d rings for Camille in the evening or night, want none", mine)
	}
}

// answer gives one conversation of the round its outcome, in two clicks at most.
func (w *walker) answer(n int) {
	w.t.Helper()
	switch n {
	case 1:
		w.press("J’aime")
	case 2, 3:
		w.press("Plus tard")
	default:
		w.press("Rien à répondre…")
		w.press("Troll : on ne répond pas")
	}
}

// eval returns what an expression is in the page. A page that is loading anew
// has no answer yet.
func eval[T any](w *walker, expression string) (value T, err error) {
	ctx, cancel := context.WithTimeout(w.tab, 30*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression))
}

func (w *walker) text(expression string) string {
	w.t.Helper()
	text, err := eval[string](w, expression)
	if err != nil {
		w.t.Fatalf("%s: %v", expression, err)
	}
	return text
}

// see waits until the page shows the words.
func (w *walker) see(words string) {
	w.t.Helper()
	w.await(fmt.Sprintf(`document.body.innerText.replace(/[\u00a0\u202f]/g, " ").includes(%q)`, words), "see "+words)
}

// press clicks the last visible button that begins with the words.
func (w *walker) press(words string) {
	w.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll("button, summary")].filter((b) => b.checkVisibility() && !b.disabled &&
		b.textContent.replace(/[\u00a0\u202f]/g, " ").trim().startsWith(%q)).pop()`, words)
	w.await("("+find+") !== undefined", "press "+words)
	w.act(find)
}

func (w *walker) click(selector string) {
	w.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll(%q)].filter((b) => b.checkVisibility() && !b.disabled).pop()`, selector)
	w.await("("+find+") !== undefined", "click "+selector)
	w.act(find)
}

// next clicks the tour's main button and waits for the step that it leads to.
func (w *walker) next(step int) {
	w.t.Helper()
	w.click("#tour-next")
	w.see(fmt.Sprintf("%d/13", step))
	w.await(`document.body?.matches(".ready[data-mode=work]")`, "the page")
}

func (w *walker) pane(id string) {
	w.t.Helper()
	w.await(`document.body?.matches(".ready[data-mode=work]")`, "the page")
	if got := w.text("document.body.dataset.pane"); got != id {
		w.click(`[data-pane-link="` + id + `"]`)
	}
	w.await(fmt.Sprintf(`document.body.dataset.pane === %q`, id), "open "+id)
}

// act clicks an element; a person takes about six seconds to read and find it.
func (w *walker) act(find string) {
	w.t.Helper()
	w.await(`document.body?.classList.contains("ready")`, "a connection")
	if _, err := eval[bool](w, "(("+find+").click(), true)"); err != nil {
		w.t.Fatalf("click: %v", err)
	}
	w.clicks++
	w.pace += 6 * time.Second
}

func (w *walker) await(condition, what string) {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if ok, err := eval[bool](w, "!!("+condition+")"); err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			w.shot("99-failed")
			text := w.text("document.body.innerText")
			w.t.Fatalf("waited in vain: %s; the page says:\n%s", what, strings.TrimSpace(text))
		}
	}
}

func (w *walker) shot(name string) {
	w.t.Helper()
	if *shots == "" {
		return
	}
	time.Sleep(400 * time.Millisecond)
	ctx, cancel := context.WithTimeout(w.tab, 60*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		w.t.Fatalf("screenshot %s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), png, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(1360, 860),
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
	if err := chromedp.Do(tab); err != nil {
		t.Fatal(err)
	}
	return tab
}
