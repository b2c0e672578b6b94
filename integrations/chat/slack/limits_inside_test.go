package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/i18n"
)

func drawing(t *testing.T) renderer {
	t.Helper()
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return renderer{words: words, searches: func(string, string) bool { return false }}
}

// What Slack refuses, said in its own figures: a limit that is moved here is
// noticed, whatever the cards of the day hold.
func TestFormsStayWithinSlacksLimits(t *testing.T) {
	long := strings.Repeat("é", 5000)
	view, err := drawing(t).form(bot.Form{Action: "a.b", Title: long, Submit: long, Cancel: long, Intro: long, Fields: []bot.Field{
		{ID: "f", Kind: bot.Line, Label: long, Hint: long}}}, origin{})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]*api.TextBlockObject{"title": view.Title, "submit": view.Submit, "close": view.Close} {
		if n := units(text.Text); n != 24 {
			t.Errorf("%s of %d characters, want at most 24", name, n)
		}
	}
	raw, err := json.Marshal(view.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(view.Blocks.BlockSet); n > 100 || !strings.Contains(string(raw), `"max_length":3000`) {
		t.Errorf("%d blocks: %.200s", n, raw)
	}
}

func TestPicturesAndTablesStayWithinSlacksLimits(t *testing.T) {
	alt := strings.Repeat("é", 3000)
	shown, err := drawing(t).card(bot.Card{Lang: "fr", Blocks: []bot.Block{{Kind: bot.Picture, URL: "https://example.org/a.png", Alt: alt}}})
	if err != nil {
		t.Fatal(err)
	}
	image, ok := shown.pages[0].blocks[0].(*api.ImageBlock)
	if !ok || units(image.AltText) != 2000 || len(shown.pages[0].blocks) < 2 {
		t.Errorf("an alternative text of %d characters in %d blocks", units(image.AltText), len(shown.pages[0].blocks))
	}
	grid := bot.Block{Kind: bot.Grid}
	for range 150 {
		grid.Rows = append(grid.Rows, strings.Split(strings.Repeat("x,", 24)+"x", ","))
	}
	if shown, err = drawing(t).card(bot.Card{Lang: "fr", Blocks: []bot.Block{grid}}); err != nil {
		t.Fatal(err)
	}
	table, ok := shown.pages[0].blocks[0].(*api.TableBlock)
	if !ok || len(table.Rows) > 100 || len(table.Rows[0]) > 20 || len(shown.files) != 1 {
		t.Errorf("%d rows of %d, %d files", len(table.Rows), len(table.Rows[0]), len(shown.files))
	}
}

// Directions that turn the words around them are taken out, all of them.
func TestCleanTurnsNothingAround(t *testing.T) {
	for _, mark := range "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" {
		if got := clean("a" + string(mark) + "b"); got != "ab" {
			t.Errorf("%U stays: %q", mark, got)
		}
	}
	if got := clean("שלום"); got != "שלום" {
		t.Errorf("words that go from right to left are words: %q", got)
	}
}

// A response_url lives 30 minutes: the last one is left to the way there.
func TestHandlesEndBeforeSlackEndsThem(t *testing.T) {
	now := time.Date(2026, 11, 26, 8, 45, 0, 0, time.UTC)
	if left := handle("url", board.Place{}, "U", now).Expires.Sub(now); left != 29*time.Minute {
		t.Errorf("used for %v", left)
	}
}
