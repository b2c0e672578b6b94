package slack_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/i18n"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// campaign is how often something is done: whole on demand, in CI a little.
func campaign(little, whole int) int {
	if os.Getenv("CRIEUR_LONG") != "" {
		return whole
	}
	return little
}

const (
	lea  = "U0LEA"
	max  = "U0MAX"
	com  = "C0COM"
	team = slackfake.Team
)

// prompt is less than anything that hangs in these tests, and more than a busy
// machine needs for the budgets before an ack.
const prompt = 1900 * time.Millisecond

// inbox is an ingress in memory.
type inbox struct {
	mu     sync.Mutex
	seen   map[string]bool
	events []bot.Event
	keys   [][]string
	err    error
	hang   time.Duration // as a stalled store, until its context ends
	on     func(bot.Event)
}

func (i *inbox) Accept(ctx context.Context, keys []string, e bot.Event) (bool, error) {
	i.mu.Lock()
	hang, err, on := i.hang, i.err, i.on
	i.mu.Unlock()
	select { // a store that answers no more
	case <-time.After(hang):
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if err != nil {
		return false, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	fresh := !slices.ContainsFunc(keys, func(key string) bool { return i.seen[key] })
	if i.seen == nil {
		i.seen = map[string]bool{}
	}
	for _, key := range keys {
		i.seen[key] = true
	}
	if fresh {
		i.events, i.keys = append(i.events, e), append(i.keys, keys)
		if on != nil {
			go on(e)
		}
	}
	return fresh, nil
}

func (i *inbox) all() []bot.Event {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.events)
}

func (i *inbox) set(change func(*inbox)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change(i)
}

// one is the only event that came.
func (i *inbox) one(t *testing.T) bot.Event {
	t.Helper()
	events := i.all()
	if len(events) != 1 {
		t.Fatalf("%d events, want 1: %+v", len(events), events)
	}
	return events[0]
}

// front answers what cannot wait.
type front struct {
	mu     sync.Mutex
	words  *i18n.Catalog
	acks   map[string]bot.Ack // by command or action
	form   func(bot.Event) (bot.Form, error)
	check  func(bot.Event) (map[string]string, error)
	search func(e bot.Event, field, text string) (bot.Found, error)
	slow   time.Duration
}

func (f *front) Ack(e bot.Event) bot.Ack {
	name := e.Command
	if name == "" {
		name = e.Action
	}
	if ack, ok := f.acks[name]; ok {
		return ack
	}
	return bot.Wait
}

func (f *front) Form(_ context.Context, e bot.Event) (bot.Form, error) {
	f.mu.Lock()
	slow, form := f.slow, f.form
	f.mu.Unlock()
	time.Sleep(slow)
	if form == nil {
		return bot.Form{}, errors.New("no form")
	}
	return form(e)
}

func (f *front) Check(_ context.Context, e bot.Event) (map[string]string, error) {
	f.mu.Lock()
	slow, check := f.slow, f.check
	f.mu.Unlock()
	time.Sleep(slow)
	if check == nil {
		return nil, nil
	}
	return check(e)
}

func (f *front) Choices(context.Context, bot.Event, string) ([]bot.Choice, error) {
	return nil, nil
}

func (f *front) Searches(action, _ string) bool { return action != "a.unsearched" }

func (f *front) Search(_ context.Context, e bot.Event, field, text string) (bot.Found, error) {
	f.mu.Lock()
	search := f.search
	f.mu.Unlock()
	return search(e, field, text)
}

// finds is what searches find from here on.
func (f *front) finds(search func(e bot.Event, field, text string) (bot.Found, error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.search = search
}

func (f *front) Say(e bot.Event, key string) string { return f.words.For(e.User.Locale, nil).T(key) }

// world is a workspace, an adapter in it, and what the adapter talks to.
type world struct {
	*testing.T
	fake    *slackfake.Server
	adapter *slack.Adapter
	inbox   *inbox
	front   *front
	clock   *slackfake.Clock
}

func words(t testing.TB) *i18n.Catalog {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}

// newWorld starts everything; change bends it before.
func newWorld(t *testing.T, change func(*slackfake.Options, *slack.Options)) *world {
	t.Helper()
	clock := slackfake.NewClock(time.Date(2026, 11, 26, 8, 45, 0, 0, time.UTC))
	fakeOptions := slackfake.Options{Clock: clock}
	options := slack.Options{Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret, Words: words(t),
		Commands: map[string]string{"/brouillon": "draft", "/draft": "draft", "/crieur": "crieur"},
		Member:   func(id string) (string, bool) { return lea, id == "lea" },
		Pause:    20 * time.Millisecond}
	if change != nil {
		change(&fakeOptions, &options)
	}
	fake := slackfake.New(t, fakeOptions)
	options.APIURL, options.Now = fake.APIURL(), fake.Now
	w := &world{T: t, fake: fake, inbox: &inbox{}, clock: fakeOptions.Clock,
		front: &front{words: options.Words, acks: map[string]bot.Ack{}}}
	w.adapter = slack.New(options, w.inbox, w.front)
	fake.AddPerson(slackfake.Person{ID: lea, Name: "lea", Locale: "fr-FR", Zone: "Europe/Paris"})
	fake.AddPerson(slackfake.Person{ID: max, Name: "max", Locale: "en-GB"})
	fake.AddChannel(slackfake.Channel{ID: com, Name: "com"})
	if options.AppToken == "" {
		server := httptest.NewServer(w.adapter.Handler())
		t.Cleanup(server.Close)
		fake.DeliverTo(server.URL)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
		defer cancel()
		if err := w.adapter.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return w
}

// overSockets is a change that uses Socket Mode, in real time.
func overSockets(fake *slackfake.Options, options *slack.Options) {
	fake.Clock, options.AppToken = nil, slackfake.AppToken
}

// eventually waits for what follows an ack.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s: not within 5 s", what)
}

func place(channel string) board.Place {
	return board.Place{Platform: "slack", Team: team, Channel: channel}
}

// post puts a card up and returns the message as people see it.
func (w *world) post(channel string, card bot.Card) (board.Place, slackfake.Message) {
	w.Helper()
	at, err := w.adapter.Post(context.Background(), place(channel), card, bot.PostOptions{Nonce: "e1"})
	if err != nil {
		w.Fatalf("post: %v", err)
	}
	for _, m := range w.fake.Messages(at.Channel) {
		if m.TS == at.Message {
			return at, m
		}
	}
	w.Fatalf("message %s is not there", at.Message)
	return at, slackfake.Message{}
}

func (w *world) now(at board.Place) slackfake.Message {
	w.Helper()
	for _, m := range w.fake.Messages(at.Channel) {
		if m.TS == at.Message {
			return m
		}
	}
	w.Fatalf("message %s is not there", at.Message)
	return slackfake.Message{}
}

// approval is card B of the project's page on people, in French.
func approval() bot.Card {
	return bot.Card{Token: "tok1", Lang: "fr", Title: bot.Say("À valider avant 16 h 30 · Thé de Noël"),
		Blocks: []bot.Block{
			{Kind: bot.Paragraph, Text: bot.Text{{Text: "@Léa", Member: "lea"}, {Text: " · un accord suffit"}}},
			{Kind: bot.Quote, Quoted: "Notre thé de Noël est de retour <jeudi> & *demain*. Qui l’attendait ?"},
			bot.P("Sans accord à 18 h 00, rien ne part."),
		},
		Buttons: []bot.Button{
			{Action: "review.approve", Label: "Valider les 3", Style: bot.Primary},
			{Action: "review.changes", Label: "Demander une retouche"},
		},
		More: []bot.Button{
			{Action: "review.delegate", Label: "Déléguer"},
			{Action: "review.decline", Arg: "all", Label: "Refuser", Style: bot.Danger,
				Confirm: &bot.Confirm{Title: "Refuser ?", Text: "Rien ne sera publié.", Yes: "Refuser", No: "Garder"}},
			{Action: "review.why", Label: "Pourquoi moi ?"},
		}}
}
