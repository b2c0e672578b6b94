package app_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/content/contenttest"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// onSlack is the strict fake of Slack with the app behind it, over HTTP.
func onSlack(t *testing.T, space *brand.Space, build func() *app.App) stand {
	fake := slackfake.New(t, slackfake.Options{NoTiers: true, Domain: "crieur.example"})
	channels := map[string]string{"com": "C0COM", "com-alertes": "C0ALERTS"}
	for name, id := range channels {
		fake.AddChannel(slackfake.Channel{ID: id, Name: name})
	}
	lang := space.Brands[0].Langs[0]
	for _, m := range space.Members {
		user := slackfake.UserID(m.ID)
		m.Handles = map[string]string{"slack:" + slackfake.Team: user}
		fake.AddPerson(slackfake.Person{ID: user, Name: m.Name, Locale: lang + "-FR", Zone: "Europe/Paris"})
	}
	fake.AddPerson(slackfake.Person{ID: slackfake.UserID("eve"), Name: "Eve", Locale: lang + "-FR"})
	b := space.Brands[0]
	b.Approvals = []board.Place{{Platform: "slack", Team: slackfake.Team, Channel: channels["com"]}}
	b.Alerts = []board.Place{{Platform: "slack", Team: slackfake.Team, Channel: channels["com-alertes"]}}
	a := build()
	adapter := slack.New(slack.Options{
		Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret, APIURL: fake.APIURL(), Commands: slack.Commands(),
		Team: slackfake.Team, Words: catalog(t), Files: a.Files(), Edits: -1, // as many as a script has
		Member: func(member string) (string, bool) {
			m := space.Member(member)
			if m == nil {
				return "", false
			}
			return m.Handles["slack:"+slackfake.Team], true
		},
	}, a.Desk, a.Desk)
	server := httptest.NewServer(adapter.Handler())
	t.Cleanup(server.Close)
	fake.DeliverTo(server.URL)
	a.AddChat(adapter)
	t.Cleanup(func() {
		if broken := fake.Broken(); len(broken) > 0 {
			t.Errorf("people saw: %v", broken)
		}
	})
	installed := map[string]string{}
	for name, registered := range slack.Commands() {
		installed[registered] = name
	}
	return stand{
		screen: &slackfake.Surface{Server: fake, Commands: installed, Channels: channels, Menu: menuIn(t, a.Mux, lang), Picture: bottest.Picture},
		app:    a, chat: adapter,
		expire: func() { fake.Fail("response_url", slackfake.Fault{Times: -1, Error: "expired_url"}) },
	}
}

// TestStuckHandlersDelayNoAck: while no handler comes to its end, every command is
// stored and acknowledged, and all are handled once the handlers go on.
func TestStuckHandlersDelayNoAck(t *testing.T) {
	count := 300
	if long() {
		count = 10_000
	}
	var fake *slackfake.Server
	var handled sync.WaitGroup
	handled.Add(count)
	stuck := make(chan struct{})
	stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		made := onSlack(t, space, func() *app.App {
			a := build()
			a.Desk.Rates = nil
			a.Mux.Command(bot.CommandRoute{Name: "sleep", Role: brand.Passerby, With: bot.Shape{Ack: bot.Wait,
				Handle: func(context.Context, *bot.Request) (bot.Reply, error) {
					defer handled.Done()
					<-stuck
					return bot.Reply{}, nil
				}}})
			return a
		})
		fake = made.screen.(*slackfake.Surface).Server
		return made
	})
	var people sync.WaitGroup
	for p := range 10 {
		user := slackfake.UserID(fmt.Sprint("p", p))
		fake.AddPerson(slackfake.Person{ID: user, Name: user})
		people.Go(func() {
			for range count / 10 {
				if ack := fake.Command(user, "C0COM", "/sleep", "now"); !ack.OK() {
					t.Errorf("%+v", ack)
				}
			}
		})
	}
	people.Wait()
	slowest := fake.Stats().Slowest
	t.Logf("slowest of %d acks: %v", count, slowest)
	if long() && slowest > time.Second { // a machine that does nothing else
		t.Errorf("one ack took %v", slowest)
	}
	close(stuck)
	handled.Wait()
}

// TestSlackPicture adds a picture to a draft on the strict fake, which works on
// every new file for a moment: the author's card and the approver's show it.
func TestSlackPicture(t *testing.T) {
	var fake *slackfake.Server
	scene := stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		made := onSlack(t, space, build)
		fake = made.screen.(*slackfake.Surface).Server
		return made
	})
	shows := func(channel, words string) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			for _, m := range fake.Messages(channel) {
				seen := fake.Pictures(m)
				if len(seen) == 1 && strings.HasPrefix(seen[0].Content, string(contenttest.PNG())) && seen[0].Alt == "Une boîte rouge" && strings.Contains(plain(m.Words()), words) {
					return
				}
			}
			if time.Now().After(end) {
				t.Fatalf("no picture on %q in %s: %+v", words, channel, fake.Messages(channel))
			}
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dm := fake.DM(slackfake.UserID("camille"))
	do(scene.Surface.Command("camille", "@camille", "draft", "Notre thé de Noël est de retour."))
	for end := time.Now().Add(30 * time.Second); scene.Surface.Click("camille", "@camille", "Ajouter un visuel") != nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no way to add a picture")
		}
	}
	do(scene.Surface.Submit("camille", map[string]string{"picture": "@boîte.png", "alt": "Une boîte rouge"}))
	shows(dm, "Notre thé de Noël")
	do(scene.Surface.Click("camille", "@camille", "Envoyer à valider"))
	shows("C0COM", "À valider")
	if n := len(fake.Calls("files.completeUploadExternal")); n != 1 {
		t.Errorf("%d uploads of one picture", n)
	}
}

// TestSlackHome opens the home page on the strict fake: the page is what is
// answered, anew each time, and a stranger reads there why it is empty.
func TestSlackHome(t *testing.T) {
	var fake *slackfake.Server
	scene := stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		made := onSlack(t, space, build)
		fake = made.screen.(*slackfake.Surface).Server
		return made
	})
	shows := func(user, words string) {
		t.Helper()
		fake.OpenHome(slackfake.UserID(user))
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			page := plain(slackfake.Message{Blocks: fake.Home(slackfake.UserID(user))}.Words())
			if strings.Contains(page, words) {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%s reads no %q:\n%s", user, words, page)
			}
		}
	}
	shows("camille", "Rien ne vous attend.")
	if err := scene.Surface.Command("camille", "@camille", "draft", "Notre thé de Noël est de retour."); err != nil {
		t.Fatal(err)
	}
	shows("camille", "Brouillons : 1")
	shows("eve", "Vous n’êtes pas encore dans l’équipe de Maison Colibri.")
	before := len(fake.Messages(fake.DM(slackfake.UserID("camille"))))
	if ack, err := fake.ClickHome(slackfake.UserID("camille"), "Mes brouillons"); err != nil || !ack.OK() {
		t.Fatal(ack, err)
	}
	for end := time.Now().Add(30 * time.Second); len(fake.Messages(fake.DM(slackfake.UserID("camille")))) == before; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a click on the page is not answered")
		}
	}
}

// TestSlackLink pastes the address of a card into channels: it shows in the
// brand's own, follows the state, and can be clicked there.
func TestSlackLink(t *testing.T) {
	var fake *slackfake.Server
	scene := stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		made := onSlack(t, space, build)
		made.app.Desk.URL = "https://crieur.example"
		fake = made.screen.(*slackfake.Surface).Server
		return made
	})
	fake.AddChannel(slackfake.Channel{ID: "C0ELSEWHERE", Name: "ailleurs"})
	until := func(what string, done func() bool) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("no %s:\n%s", what, strings.Join(scene.Surface.Screen("camille", "com"), "\n--\n"))
			}
		}
	}
	now := func(m slackfake.Message) slackfake.Message {
		for _, other := range fake.Messages(m.Channel) {
			if other.TS == m.TS {
				return other
			}
		}
		return slackfake.Message{}
	}
	until("draft", func() bool {
		return scene.Surface.Command("camille", "@camille", "draft", "Notre thé de Noël est de retour.") == nil
	})
	callback := regexp.MustCompile(`a1:[^:]+:([\w-]{32})`)
	address := func(channel string) (found string) {
		t.Helper()
		until("card in "+channel, func() bool {
			for _, m := range fake.Messages(channel) {
				if in := callback.FindStringSubmatch(string(m.Blocks)); in != nil {
					found = board.Address("https://crieur.example/", in[1])
				}
			}
			return found != ""
		})
		return found
	}
	until("draft", func() bool {
		return scene.Surface.Command("camille", "@camille", "draft", "Notre thé de Noël est de retour.") == nil
	})
	private := address(fake.DM(slackfake.UserID("camille")))
	until("request", func() bool { return scene.Surface.Click("camille", "@camille", "Envoyer à valider") == nil })
	public := address("C0COM")
	card := fake.Messages("C0COM")[0]

	paste := func(user, channel, text string) slackfake.Message {
		t.Helper()
		m, ack := fake.Say(slackfake.UserID(user), channel, text)
		if !ack.OK() {
			t.Fatalf("not acknowledged: %+v", ack)
		}
		return m
	}
	fake.Compose(slackfake.UserID("morgan"), "C0COM", public)
	silent := []slackfake.Message{
		paste("eve", "C0COM", "chez nous : "+public),
		paste("morgan", "C0ELSEWHERE", public),
		paste("morgan", "C0COM", public+"A"),
		paste("camille", "C0COM", private),
	}
	pasted := paste("morgan", "C0ALERTS", "On regarde "+public+" ?")
	until("preview", func() bool { return strings.Contains(now(pasted).Words(), "À valider") })
	for _, m := range silent {
		if n := len(now(m).Previews); n > 0 {
			t.Errorf("%s shows a card under %q in %s", m.User, m.Text, m.Channel)
		}
	}

	if ack, err := fake.Click(slackfake.UserID("morgan"), now(pasted), "Valider les 5"); err != nil || !ack.OK() {
		t.Fatal(ack, err)
	}
	for _, m := range []slackfake.Message{card, pasted} {
		until("new state", func() bool {
			return strings.Contains(now(m).Words(), "Validé par Morgan") && !slices.Contains(now(m).Labels(), "Valider les 5")
		})
	}
	if n := now(pasted).Unfurls; n < 3 { // the card, "Working…", the outcome
		t.Errorf("the preview was brought to %d states", n)
	}
	// Whoever took their message away took the preview away: the card goes on.
	fake.Delete(pasted)
	until("cancellation", func() bool { return scene.Surface.Click("morgan", "com", "Annuler LinkedIn") == nil })
	until("end", func() bool { return !slices.Contains(now(card).Labels(), "Annuler LinkedIn") })
}

// TestSlackAbsence says that somebody is away from Slack's own menu: the form
// says at each field what is wrong, and its answer comes to them alone.
func TestSlackAbsence(t *testing.T) {
	var fake *slackfake.Server
	scene := stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		made := onSlack(t, space, build)
		fake = made.screen.(*slackfake.Surface).Server
		return made
	})
	told := func(want string) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			all := scene.Surface.Private("noa")
			if strings.Contains(plain(strings.Join(all, "\n--\n")), want) {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("no %q in:\n%s", want, strings.Join(all, "\n--\n"))
			}
		}
	}
	if ack := fake.Shortcut(slackfake.UserID("noa"), "a1:people.leave:"); !ack.OK() {
		t.Fatalf("%+v", ack)
	}
	for _, step := range []struct{ from, to, want string }{
		{"2026-12-07", "2026-12-03", "Le dernier jour ne peut pas être avant le premier."},
		{"2026-12-03", "2026-12-07", "C’est noté : absence du jeudi 3 décembre au lundi 7 décembre."},
	} {
		if err := scene.Surface.Submit("noa", map[string]string{"from": step.from, "to": step.to}); err != nil {
			t.Fatal(err)
		}
		told(step.want)
	}
}
