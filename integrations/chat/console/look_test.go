package console

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// step is one thing that a test does in the browser.
type step = chromedp.Action[chromedp.Void]

// lookAs sets the window and the colour scheme that a page sees.
func lookAs(width, height int, dark bool) step {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	options := []chromedp.EmulateViewportOption{}
	if width < 500 {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulatePortrait)
	}
	return chromedp.Steps(chromedp.EmulateViewport(int64(width), int64(height), options...),
		chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			return err
		}))
}

// run does steps, or ends the test.
func run(t testing.TB, tab context.Context, what string, steps ...step) {
	t.Helper()
	within, cancel := context.WithTimeout(tab, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(within, steps...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// eval returns what an expression is in the page.
func eval[T any](t testing.TB, tab context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(tab, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits for an expression to be true in the page.
func until(t testing.TB, tab context.Context, expression string) {
	t.Helper()
	within, cancel := context.WithTimeout(tab, 20*time.Second)
	defer cancel()
	if _, err := chromedp.Run(within, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(30*time.Millisecond))); err != nil {
		t.Fatalf("never true: %s: %v", expression, err)
	}
}

func click(css string) step      { return chromedp.Click(chromedp.CSS(css)) }
func visible(css string) step    { return chromedp.WaitVisible(chromedp.CSS(css)) }
func keys(css, text string) step { return chromedp.SendKeys(chromedp.CSS(css), text) }
func script(expression string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[any]("void("+expression+")")(ctx, t)
		return err
	})
}
