package discord

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/secret"
	"crieur/integrations/chat/discord/discordfake"
)

var update = flag.Bool("update", false, "write golden files anew")

// long says that campaigns run whole.
func long() bool { return os.Getenv("CRIEUR_LONG") != "" }

// desk is an ingress and a front that tests script.
type desk struct {
	catalog *i18n.Catalog

	mu      sync.Mutex
	events  []bot.Event
	seen    map[string]bool
	acks    map[string]bot.Ack // by command, "command+" with text, or action
	forms   map[string]bot.Form
	wrong   map[string]string
	choices []bot.Choice
	cards   map[string]bot.Card // by token
	refuse  error               // what Accept says
	hang    time.Duration       // how long Accept hangs, deaf to its context
	formErr error
	// searchErr is how searches end.
	sought    bot.Event // what was searched last
	searchErr error
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return &desk{catalog: catalog, seen: map[string]bool{}, acks: map[string]bot.Ack{}, forms: map[string]bot.Form{}, cards: map[string]bot.Card{}}
}

func (d *desk) Accept(ctx context.Context, keys []string, e bot.Event) (bool, error) {
	d.mu.Lock()
	hang, refuse := d.hang, d.refuse
	d.mu.Unlock()
	select { // a store that answers no more
	case <-time.After(hang):
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if refuse != nil {
		return false, refuse
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.seen[keys[0]] {
		return false, nil
	}
	d.seen[keys[0]] = true
	d.events = append(d.events, e)
	return true, nil
}

func (d *desk) Ack(e bot.Event) bot.Ack {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := e.Action
	if e.Kind == bot.Command {
		name = e.Command
		if e.Text != "" {
			name += "+"
		}
	}
	if ack, ok := d.acks[name]; ok {
		return ack
	}
	return bot.Wait
}

func (d *desk) Form(_ context.Context, e bot.Event) (bot.Form, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := e.Action
	if e.Kind == bot.Command {
		name = e.Command
	}
	return d.forms[name], d.formErr
}

func (d *desk) Check(context.Context, bot.Event) (map[string]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.wrong, nil
}

func (d *desk) Choices(_ context.Context, _ bot.Event, text string) ([]bot.Choice, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []bot.Choice
	for _, c := range d.choices {
		if strings.HasPrefix(c.Label, text) {
			found = append(found, c)
		}
	}
	return found, nil
}

func (d *desk) Searches(_, field string) bool { return field != "unsearched" }

// Search finds labels that begin with the text, at most 100.
func (d *desk) Search(_ context.Context, e bot.Event, _, text string) (bot.Found, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sought = e
	var found []bot.Choice
	for _, c := range d.choices {
		if strings.HasPrefix(i18n.Fold(c.Label), i18n.Fold(text)) {
			found = append(found, c)
		}
	}
	return bot.Found{Choices: found[:min(len(found), bot.MostFound)], More: len(found) > bot.MostFound}, d.searchErr
}

func (d *desk) Say(e bot.Event, key string) string {
	return d.catalog.For(e.User.Locale, nil).T(key)
}

// set changes what the desk says.
func (d *desk) set(change func(*desk)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

func (d *desk) all() []bot.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]bot.Event{}, d.events...)
}

// last waits for the nth event.
func (d *desk) nth(t testing.TB, n int) bot.Event {
	t.Helper()
	for range 500 {
		if all := d.all(); len(all) > n {
			return all[n]
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("event %d never came; have %d", n, len(d.all()))
	return bot.Event{}
}

// seer is a desk that can draw cards again.
type seer struct{ *desk }

func (s seer) Redraw(_ context.Context, e bot.Event) (bot.Card, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	card, ok := s.cards[e.Token]
	if !ok {
		return bot.Card{}, errors.New("no such card")
	}
	return card, nil
}

// testCommands are the commands of the tests.
func testCommands() []Command {
	text := &TextOption{Names: Words{"en": "text", "fr": "texte"}, About: Words{"en": "What to say", "fr": "Ce qu’il faut dire"}, Complete: true}
	return []Command{
		{Name: "draft", Names: Words{"en": "draft", "fr": "brouillon"}, About: Words{"en": "Write a post", "fr": "Écrire un post"}, Text: text},
		{Name: "crieur", Names: Words{"en": "crieur", "fr": "crieur"}, About: Words{"en": "Everything else", "fr": "Tout le reste"}, Subs: []Command{
			{Name: "help", Names: Words{"en": "help", "fr": "aide"}, About: Words{"en": "What it does", "fr": "Ce qu’il fait"}, Text: text},
			{Name: "stop", Names: Words{"en": "stop", "fr": "stop"}, About: Words{"en": "Pause all posts", "fr": "Tout suspendre"}},
		}},
		{Name: "draft.quote", Kind: OnMessage, Names: Words{"en": "Make a post", "fr": "En faire un post"}},
		{Name: "people.sheet", Kind: OnUser, Names: Words{"en": "About this person", "fr": "Fiche de cette personne"}},
	}
}

// pair is an adapter before a fake, with one person, Ada, in "C".
type pair struct {
	*desk
	fake *discordfake.Server
	chat *Chat
}

type tune struct {
	fake    discordfake.Options
	chat    Options
	gateway bool // interactions over the gateway instead of HTTP
	front   bot.Front
}

func newPair(t testing.TB, o tune) *pair {
	t.Helper()
	if o.fake.IdentifyEvery == 0 {
		o.fake.IdentifyEvery = -1
	}
	p := &pair{desk: newDesk(t), fake: discordfake.Start(t, o.fake)}
	p.fake.AddUser(discordfake.User{ID: "111", Name: "ada", Locale: "fr", Roles: []string{"77"}})
	p.fake.AddUser(discordfake.User{ID: "222", Name: "bob", Locale: "en-GB"})
	front := o.front
	if front == nil {
		front = seer{p.desk}
	}
	c := o.chat
	c.Token, c.AppID, c.PublicKey, c.APIURL, c.Guild = secret.Secret(p.fake.Token()), p.fake.AppID(), p.fake.PublicKey(), p.fake.APIURL(), "G"
	c.Commands = testCommands()
	if c.IdentifyEvery == 0 {
		c.IdentifyEvery = time.Millisecond
	}
	if testing.Verbose() {
		c.Logger = slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	var err error
	if p.chat, err = New(c, p.desk, front); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.chat.Stop)
	if _, err := p.chat.Register(t.Context(), testCommands()); err != nil {
		t.Fatal(err)
	}
	if o.gateway {
		p.chat.Start(context.WithoutCancel(t.Context()))
		p.waitConnected(t)
	} else {
		p.fake.Deliver(p.chat)
	}
	return p
}

func (p *pair) waitConnected(t testing.TB) {
	t.Helper()
	for range 1000 {
		if p.fake.Connected() && p.chat.Connected() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the gateway never connected")
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for range 500 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}

// golden compares with a file of testdata.
func golden(t *testing.T, name string, value any) {
	t.Helper()
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	data = append(data, '\n')
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(data) {
		t.Errorf("%s differs (go test -update writes it anew):\n%s", path, data)
	}
}

// hand is a clock that is moved by hand.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}
