package console

import (
	"context"
	"flag"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

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

// TestShots draws the pictures by which the workspace is looked at.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("only with -shots FOLDER")
	}
	for _, size := range []struct {
		name          string
		width, height int
		dark          bool
	}{{"wide", 1360, 860, false}, {"dark", 1360, 860, true}, {"phone", 390, 844, false}} {
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
		shot("4-alerts", chromedp.Navigate(at.url("/as/lea/alertes")), visible("#say"))
		shot("5-offers", keys("#say", "/"), visible("#offer-0"))
		shot("6-outside", chromedp.Navigate(at.url("/as/lea/outside")), visible(".post"))
		shot("7-form", chromedp.Navigate(at.url("/as/lea/crieur")), visible("#say"), click(`[data-action="draft.edit"]`), visible("#form-dialog form"))
		shot("8-errors", click("#form-dialog [type=submit]"))
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
