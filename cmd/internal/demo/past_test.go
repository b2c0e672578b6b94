package demo

import (
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/console"
)

// slowest is how long the demo may take to start.
const slowest = 3 * time.Second

func started(t *testing.T) *Demo {
	t.Helper()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	d, err := Start(t.Context(), Options{Addr: "127.0.0.1:0", Out: io.Discard, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	return d
}

func TestHistory(t *testing.T) {
	space, err := Space()
	if err != nil {
		t.Fatal(err)
	}
	day := dayStart(space.Brands[0].Zone)
	events, err := history(sampleOf(t), day)
	if err != nil {
		t.Fatal(err)
	}
	waiting := map[string]bool{}
	for i, e := range events {
		if i > 0 && e.at.Before(events[i-1].at) || !e.at.Before(day) {
			t.Errorf("%s at %v is out of order", e.said.ID, e.at)
		}
		if e.done && !waiting[e.said.ID] {
			t.Errorf("%s is answered before it is said", e.said.ID)
		}
		waiting[e.said.ID] = !e.done
	}
	for id, waits := range waiting {
		if part := between(sampleOf(t), morning); waits != (id[:len(morning)] == part[0].When) {
			t.Errorf("%s waits: %v", id, waits)
		}
	}
}

func TestStart(t *testing.T) {
	began := time.Now()
	d := started(t)
	if took := time.Since(began); took > slowest {
		t.Logf("started in %v, want under %v on a quiet machine", took, slowest)
	}
	tx := state.Begin(d.store(), "test", d.Clock.Now())
	waiting, err := d.app().Heard.Waiting(t.Context(), tx, "colibri", 100)
	if err != nil || len(waiting) != 5 {
		t.Fatalf("%d conversations wait, %v; want 5", len(waiting), err)
	}
	for i, s := range between(d.sample, morning) {
		if waiting[i].Author != s.Author {
			t.Errorf("conversation %d is with %s, want %s", i+1, waiting[i].Author, s.Author)
		}
	}
	news, err := d.app().Watched.News(t.Context(), tx, "colibri", dayStart(d.space.Brands[0].Zone).AddDate(0, 0, -1), 10)
	if err != nil || len(news) != 2 {
		t.Errorf("%d news since yesterday, %v; want 2: %+v", len(news), err, news)
	}
}

// TestReadsNothingOutside follows an address as a viewer may: the demo does not
// call it, and says so.
func TestReadsNothingOutside(t *testing.T) {
	order, err := json.Marshal(poll.Poll{ID: "p", Address: "https://example.org/feed", What: "rival"})
	if err != nil {
		t.Fatal(err)
	}
	sender := app.Watching(nil, time.Now, new(Demo).served)
	receipt, err := sender.Send(t.Context(), outbox.Effect{Data: order}, outbox.Attempt{})
	if err != nil || receipt.Reason != "demo.offline" {
		t.Errorf("got %+v, %v; want demo.offline", receipt, err)
	}
}

func TestBeginInEnglish(t *testing.T) {
	d := started(t)
	d.Console.Speak(author, "en")
	if err := d.guide.Act(t.Context(), author, console.TourExplore); err != nil {
		t.Fatal(err)
	}
	if got := d.space.Brands[0].Langs[0]; got != "en" {
		t.Errorf("the brand's channels are in %s, want en", got)
	}
	if got := d.Console.Language(manager); got != "en" {
		t.Errorf("%s reads %s, want en", manager, got)
	}
	before := d.Clock.Now()
	if err := d.guide.Act(t.Context(), author, "hour"); err != nil {
		t.Fatal(err)
	}
	if passed := d.Clock.Now().Sub(before); passed < time.Hour || d.guide.told != perHour {
		t.Errorf("%v passed and %d spoke, want an hour and %d", passed, d.guide.told, perHour)
	}
}
