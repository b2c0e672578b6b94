package console

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
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
	return seenAs(width, height, &emulation.MediaFeature{Name: "prefers-color-scheme", Value: scheme})
}

// calm sets a page for somebody who asked for less motion.
func calm() step {
	return seenAs(1280, 800, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
}

func seenAs(width, height int, feature *emulation.MediaFeature) step {
	options := []chromedp.EmulateViewportOption{}
	if width < 500 {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulatePortrait)
	}
	return chromedp.Steps(chromedp.EmulateViewport(int64(width), int64(height), options...),
		chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{feature}})
			return err
		}))
}

// run does steps, or ends the test.
func run(t testing.TB, tab context.Context, what string, steps ...step) {
	t.Helper()
	within, cancel := context.WithTimeout(tab, 60*time.Second)
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

// until waits for an expression to be true in the page, through navigations.
func until(t testing.TB, tab context.Context, expression string) {
	t.Helper()
	var last error
	for range 600 {
		ready, err := chromedp.Run(tab, chromedp.Evaluate[bool](expression))
		if err == nil && ready {
			return
		}
		last = err
		time.Sleep(30 * time.Millisecond)
	}
	t.Fatalf("never true: %s (%v)", expression, last)
}

// click clicks, again if the page was redrawn between finding and clicking.
func click(css string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for {
			_, err := chromedp.Click(chromedp.CSS(css))(ctx, t)
			if err == nil || !strings.Contains(err.Error(), "find node") {
				return err
			}
		}
	})
}

func visible(css string) step    { return chromedp.WaitVisible(chromedp.CSS(css)) }
func keys(css, text string) step { return chromedp.SendKeys(chromedp.CSS(css), text) }

// script does something in the page.
func script(expression string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[any]("void("+expression+")")(ctx, t)
		return err
	})
}

// press presses a key the way a keyboard does: a page that handles it keeps it
// from typing anything.
func press(name string, code int64, text string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		down := input.DispatchKeyEventParams{Type: "keyDown", Key: name, Code: name, WindowsVirtualKeyCode: code, NativeVirtualKeyCode: code, Text: text, UnmodifiedText: text}
		up := down
		up.Type, up.Text, up.UnmodifiedText = "keyUp", "", ""
		for _, params := range []input.DispatchKeyEventParams{down, up} {
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, params); err != nil {
				return err
			}
		}
		return nil
	})
}

func enter() step  { return press("Enter", 13, "\r") }
func tab() step    { return press("Tab", 9, "") }
func escape() step { return press("Escape", 27, "") }
