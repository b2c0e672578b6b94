package app_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state/statetest"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
	"crieur/integrations/chat/discord/discordfake"
	"crieur/integrations/chat/slack/slackfake"
)

// wall is one platform with a channel to hang cards in, and to open forms from.
type wall struct {
	t     *testing.T
	stand stand
	place board.Place
	lang  string
	hung  int
	// channel is where the last card hangs.
	channel string
	// form is what the button in the channel door opens; see opens.
	form bot.Former
	door string
}

func newWall(t *testing.T, surface, lang string, files content.Files, lived ...func(*brand.Space)) *wall {
	t.Helper()
	return wallOn(t, surface, lang, files, statetest.NewMem(), func(mux *bot.Mux) *bot.Mux { return mux }, lived...)
}

// wallOn is a wall whose app keeps what it takes in there, and answers the chat
// application from the routes that front makes of its own.
func wallOn(t *testing.T, surface, lang string, files content.Files, kept app.Backend, front func(*bot.Mux) *bot.Mux, lived ...func(*brand.Space)) *wall {
	t.Helper()
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	space.Brands[0].Langs = []string{lang}
	for _, change := range lived {
		change(space)
	}
	w := &wall{t: t, lang: lang}
	clock := demo.NewClock(time.Date(2026, 11, 26, 10, 15, 0, 0, space.Brands[0].Zone), time.Now)
	w.stand = surfaces[surface](t, space, func() *app.App {
		a, err := app.New(app.Options{Space: space, Backend: kept, Catalog: catalog(t), Key: []byte("key"),
			Now: clock.Now, Files: files, Hand: hand{}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		a.Desk.Mux = front(a.Mux)
		a.Desk.Mux.Action(bot.ActionRoute{Name: "wall.open", Role: brand.Passerby, Shape: bot.Shape{Ack: bot.Open,
			Form: func(ctx context.Context, r *bot.Request) (bot.Form, error) { return w.form(ctx, r) }}})
		return a
	})
	w.place = space.Brands[0].Approvals[0] // as the platform calls it
	return w
}

// hang puts a card up and returns what people see of it there, message by
// message. A platform that refuses it fails the test.
func (w *wall) hang(name string, card bot.Card) []string {
	w.t.Helper()
	card.Lang = cmp.Or(card.Lang, w.lang)
	w.hung++
	place, channel, old := w.place, "com", 0
	switch screen := w.stand.screen.(type) {
	case *slackfake.Surface: // one message a second and channel
		channel = fmt.Sprint("wall", w.hung)
		place.Channel = fmt.Sprint("C0WALL", w.hung)
		screen.Channels[channel] = place.Channel
		screen.Server.AddChannel(slackfake.Channel{ID: place.Channel, Name: channel})
	case discordfake.Surface: // a long channel is read slowly
		channel = fmt.Sprint("wall", w.hung)
		place.Channel = channel
		screen.AddChannel(place.Team, channel, channel)
	default:
		old = len(screen.Screen("camille", channel))
	}
	w.channel = channel
	post := func() error {
		_, err := w.stand.chat.Post(w.t.Context(), place, card, bot.PostOptions{Nonce: fmt.Sprint("card", w.hung)})
		return err
	}
	err := post()
	for again := 0; outbox.FaultOf(err) == outbox.Temporary && again < outbox.Attempts; again++ { // a picture that is not ready
		err = post()
	}
	if err != nil {
		w.t.Errorf("%s: refused: %v", name, err)
		return nil
	}
	for deadline := time.Now().Add(90 * time.Second); ; time.Sleep(time.Millisecond) {
		if all := w.stand.screen.Screen("camille", channel); len(all) > old {
			return all[old:]
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%s: nobody sees it", name)
		}
	}
}

// TestGoldenPlatforms hangs every card of the album on every platform and opens
// every form there, in both languages.
func TestGoldenPlatforms(t *testing.T) {
	for _, lang := range i18n.Langs() {
		var a *album
		synctest.Test(t, func(t *testing.T) { a = day(t, lang, nil) })
		for _, platform := range []string{"console", "discord", "slack"} {
			t.Run(platform+"-"+lang, func(t *testing.T) {
				w := newWall(t, platform, lang, &a.w.files)
				var pages []string
				for _, page := range a.pages {
					pages = append(pages, "== "+page.heading+"\n"+strings.Join(w.hang(page.heading, page.card), "\n--\n"))
				}
				for _, opener := range slices.Sorted(maps.Keys(a.w.forms)) {
					pages = append(pages, "== form of "+opener+"\n"+w.open(opener, a.w.forms[opener]))
				}
				golden(t, platform+"-"+lang, append(pages, inACrowd(t, platform, lang)...))
			})
		}
	}
}
