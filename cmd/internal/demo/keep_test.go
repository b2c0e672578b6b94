package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crieur/bot/archive"
	"crieur/bot/state"
	"crieur/integrations/chat/console"
	"crieur/integrations/redis"
)

func startedIn(t *testing.T, dir string) (*Demo, string) {
	t.Helper()
	if _, err := redis.FindServer(); err != nil {
		t.Skip(err)
	}
	var said strings.Builder
	d, err := Start(t.Context(), Options{Addr: "127.0.0.1:0", Data: dir, Out: &said, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	return d, said.String()
}

// hanging counts the places where cards hang.
func hanging(t *testing.T, d *Demo) (n int) {
	t.Helper()
	for { // what changes meanwhile is counted again
		n = 0
		_, err := d.keptStore().Dump(t.Context(), func(line archive.Line) error {
			if line.Record != nil && line.Record.Kind == "place" {
				n++
			}
			return nil
		})
		if err == nil {
			return n
		}
		if !errors.Is(err, redis.ErrMoving) {
			t.Fatal(err)
		}
	}
}

// A second start goes on where the first one was left.
func TestGoesOn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "day")
	d, said := startedIn(t, dir)
	if !strings.Contains(said, dir) {
		t.Errorf("it does not say where the day is kept: %s", said)
	}
	d.Console.Speak(author, "en")
	if err := d.guide.Act(t.Context(), author, console.TourExplore); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := d.guide.Act(t.Context(), author, "hour"); err != nil {
			t.Fatal(err)
		}
	}
	waiting := func(d *Demo) int {
		all, err := d.app().Heard.Waiting(t.Context(), state.Begin(d.store(), "test", d.Clock.Now()), "colibri", 100)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	want, told, cards := waiting(d), d.guide.told, hanging(t, d)
	if want < 6 || cards == 0 {
		t.Fatalf("%d conversations, %d cards: nothing to go on with", want, cards)
	}
	d.Stop()
	left := d.Clock.Now()

	again, _ := startedIn(t, dir)
	if now := again.Clock.Now(); now.Before(left.Add(-time.Minute)) || now.After(left.Add(30*time.Minute)) {
		t.Errorf("it goes on at %v, and was left at %v", now, left)
	}
	if got := waiting(again); got != want || again.guide.told != told || !again.guide.free {
		t.Errorf("%d conversations, %d told, free %v; want %d, %d", got, again.guide.told, again.guide.free, want, told)
	}
	if again.Console.Language(author) != "en" || again.space.Brands[0].Langs[0] != "en" {
		t.Error("it forgot the language")
	}
	err := again.until(t.Context(), func(context.Context, *state.Tx) (bool, error) { return hanging(t, again) >= cards, nil })
	if err != nil {
		t.Errorf("%d cards hang, want %d", hanging(t, again), cards)
	}
	// the day goes on: what is new may ring, what is hung anew may not
	if rings := again.Console.Rings(); len(rings) > hanging(t, again)-cards {
		t.Errorf("what rang once rings again: %v", rings)
	}
	// a new day begins in the same folder
	if err := again.restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := waiting(again); got != 5 {
		t.Errorf("%d conversations wait on a new day", got)
	}
}

func TestFolderOfSomethingElse(t *testing.T) {
	dir := t.TempDir()
	if _, err := redis.FindServer(); err != nil {
		t.Skip(err)
	}
	child, err := redis.StartChild(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	client, err := redis.Connect(child.Address())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := redis.NewStore(t.Context(), client, "team"); err != nil {
		t.Fatal(err)
	}
	start := func() error {
		_, err := Start(t.Context(), Options{Addr: "127.0.0.1:0", Data: dir, Out: io.Discard, Log: slog.New(slog.DiscardHandler)})
		return err
	}
	if err := start(); !errors.Is(err, redis.ErrLocked) {
		t.Errorf("a folder in use: %v", err)
	}
	client.Close()
	child.Stop()
	if err := start(); !errors.Is(err, errOther) {
		t.Errorf("somebody's data: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "demo.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := start(); err == nil || !strings.Contains(err.Error(), "where the demo was left") {
		t.Errorf("a broken bookmark: %v", err)
	}
	t.Setenv("PATH", "nowhere")
	if err := os.Remove(filepath.Join(dir, "demo.json")); err != nil {
		t.Fatal(err)
	}
	if err := start(); !errors.Is(err, redis.ErrNoServer) || !strings.Contains(err.Error(), "install") {
		t.Errorf("no server: %v", err)
	}
}

func TestOlder(t *testing.T) {
	for _, pair := range [][2]string{{"m1", "m2"}, {"m9", "m10"}, {"", "m1"}} {
		if !older(pair[0], pair[1]) || older(pair[1], pair[0]) {
			t.Error(fmt.Sprint(pair))
		}
	}
	if older("m1", "m1") {
		t.Error("older than itself")
	}
}
