package demo_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"crieur/cmd/internal/demo"
)

// tin is a red tin on a wooden table, more or less.
func tin(t *testing.T) []byte {
	t.Helper()
	const width, height = 800, 500
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			shade := color.RGBA{uint8(214 - y/12), uint8(190 - y/9), uint8(150 - y/8), 255}
			switch {
			case y > 370:
				shade = color.RGBA{uint8(134 + (x/40)%2*10), 86, 48, 255}
			case x > 280 && x < 520 && y > 130:
				shade = color.RGBA{uint8(190 - (x-280)/4), 34, 42, 255}
			}
			img.Set(x, y, shade)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPicture puts a picture into a draft, has it approved and finds it outside,
// in a real browser.
func TestPicture(t *testing.T) {
	const alt = "Une boîte rouge sur une table en bois"
	d, err := demo.Start(t.Context(), demo.Options{Addr: "127.0.0.1:0", Out: io.Discard, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	path := filepath.Join(t.TempDir(), "boîte.png")
	if err := os.WriteFile(path, tin(t), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &walker{t: t, tab: browser(t)}
	w.open(d.Address)
	w.click("#tour-explore")
	w.pane("crieur")
	w.write("#say", "/brouillon Notre thé de Noël est de retour. Qui l’attendait ?")
	w.click("#send")
	w.see("Brouillon · privé pour l’instant")
	w.press("Plus")
	w.press("Ajouter un visuel")
	w.await(`document.querySelector("#form-dialog input[type=file]")`, "the form")
	w.do(chromedp.SetUploadFiles(chromedp.CSS("#f-picture"), []string{path}))
	w.await(`document.querySelector(".chosen img").naturalWidth === 800`, "the picture in the form")
	w.write("#f-alt", alt)
	w.shot("13-picture-form")
	w.click("#form-dialog [type=submit]")
	w.see("1 visuel, texte alternatif présent")
	shown := func(within string) {
		t.Helper()
		w.await(`[...document.querySelectorAll("`+within+` img")].some((img) => img.naturalWidth === 800 && img.alt === "`+alt+`")`, "the picture in "+within)
	}
	shown(".card")
	w.shot("14-picture-draft")
	w.press("Envoyer à valider")
	w.see("envoyé à valider")
	w.open(d.Address + "as/morgan/com")
	shown(".card")
	w.shot("15-picture-approval")
	w.press("Valider les 5")
	w.see("Validé ·")
	w.click("#tour-hour")
	w.see("Mastodon, Bluesky : voir le post")
	w.open(d.Address + "as/morgan/outside")
	shown(".net-mastodon")
	shown(".net-bluesky")
	w.shot("16-picture-outside")
}

// open goes to an address and waits for its page.
func (w *walker) open(address string) {
	w.t.Helper()
	w.do(chromedp.Navigate(address))
	w.await(`document.body?.classList.contains("ready")`, "the page "+address)
}

// write types into an input.
func (w *walker) write(input, text string) {
	w.t.Helper()
	w.do(chromedp.SendKeys(chromedp.CSS(input), text))
}

// do does something in the browser, in a minute at most.
func (w *walker) do(step chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.tab, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, step); err != nil {
		w.t.Fatal(err)
	}
}
