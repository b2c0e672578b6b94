// Package bottest has what conversations are tested with: a chat application
// that only remembers (Fake), and scripts of conversations in txtar that pass on
// every Surface alike: Fake, the console, and the strict fakes of Slack and
// Discord.
package bottest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
)

// Surface is a chat application with people in it, as a script sees it. A
// channel is its name ("com") or "@<user>" for that person's conversation with
// Crieur.
type Surface interface {
	// Command types a registered command in a channel.
	Command(user, channel, name, text string) error
	// Say writes words in the person's conversation with Crieur.
	Say(user, text string) error
	// Click clicks the newest button with that label that the person can see
	// there: in the channel or in a private answer.
	Click(user, channel, label string) error
	// Submit fills the form that is open for the person and sends it. "@thé.png"
	// puts a picture of that name into a field for a file: see Picture.
	Submit(user string, values map[string]string) error
	// Screen is what a channel shows to the person, message by message, each
	// with its words and the labels of its buttons.
	Screen(user, channel string) []string
	// Private are the private answers that the person got, oldest first, and
	// the form that is open for them, if any.
	Private(user string) []string
}

// acceptBudget is how long storing an event may take, as in the real adapters.
const acceptBudget = 500 * time.Millisecond

// Fake is a chat application that accepts everything and forgets nothing.
type Fake struct {
	Name    bot.Platform
	Team    string
	Ingress bot.Ingress
	Front   bot.Front
	Now     func() time.Time
	// Locale is what the platform says of everybody.
	Locale string
	// Menu has the action of every entry of a message's menu, by label.
	Menu map[string]string
	// Fail, if set, is asked before every call of the outbox.
	Fail func(call string) error

	mu       sync.Mutex
	count    int
	messages []*message
	answers  map[string][]bot.Card
	forms    map[string]bot.Form
	rings    []Ring
}

// Channels implements bot.Lister.
func (f *Fake) Channels(context.Context) ([]bot.Channel, error) {
	var all []bot.Channel
	for _, name := range []string{"com", "com-alertes"} {
		all = append(all, bot.Channel{Place: board.Place{Platform: string(f.Name), Team: f.Team, Channel: name}, Name: name})
	}
	return all, nil
}

// Ring is a message that would have notified.
type Ring struct {
	Channel string
	At      time.Time
	Card    bot.Card
}

type message struct {
	place board.Place
	card  bot.Card
	busy  bool
	edits int
}

// NewFake returns an empty chat application.
func NewFake(ingress bot.Ingress, front bot.Front, now func() time.Time) *Fake {
	return &Fake{
		Name: bot.Console, Team: "colibri", Ingress: ingress, Front: front, Now: now, Locale: "fr",
		answers: map[string][]bot.Card{}, forms: map[string]bot.Form{},
	}
}

// Platform implements bot.Chat.
func (f *Fake) Platform() bot.Platform { return f.Name }

// Post implements bot.Chat.
func (f *Fake) Post(_ context.Context, place board.Place, card bot.Card, how bot.PostOptions) (board.Place, error) {
	if err := f.fails("post"); err != nil {
		return board.Place{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	place.Message = fmt.Sprint("m", f.count)
	f.messages = append(f.messages, &message{place: place, card: card})
	if !how.Silent {
		f.rings = append(f.rings, Ring{place.Channel, f.Now(), card})
	}
	return place, nil
}

// Edit implements bot.Chat.
func (f *Fake) Edit(_ context.Context, place board.Place, card bot.Card) error {
	if err := f.fails("edit"); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.messages {
		if m.place == place {
			m.card, m.busy = card, false
			m.edits++
			return nil
		}
	}
	return &outbox.Error{Fault: outbox.Gone}
}

// Answer implements bot.Chat.
func (f *Fake) Answer(_ context.Context, handle bot.Handle, card bot.Card) error {
	if err := f.fails("answer"); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Now().After(handle.Expires) {
		return &outbox.Error{Fault: outbox.Gone}
	}
	if len(card.Blocks)+len(card.Title)+len(card.Buttons) > 0 {
		f.answers[handle.Secret] = append(f.answers[handle.Secret], card)
	}
	return nil
}

func (f *Fake) fails(call string) error {
	if f.Fail == nil {
		return nil
	}
	return f.Fail(call)
}

// Rings returns what would have notified, oldest first.
func (f *Fake) Rings() []Ring {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.rings)
}

func (f *Fake) event(kind bot.Kind, user, channel string) bot.Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	return bot.Event{
		ID: fmt.Sprintf("fake:%s:%d", f.Name, f.count), Kind: kind, Platform: f.Name, Team: f.Team,
		Place:  board.Place{Platform: string(f.Name), Team: f.Team, Channel: channel},
		Direct: channel == "@"+user,
		User:   bot.User{ID: user, Name: user, Locale: f.Locale}, At: f.Now(),
		Reply: bot.Handle{Platform: f.Name, Secret: user, Expires: f.Now().Add(30 * time.Minute)},
	}
}

// deliver does what an adapter does with an event: store it, then acknowledge.
func (f *Fake) deliver(e bot.Event) error {
	ack := f.Front.Ack(e)
	if ack == bot.Open {
		form, err := f.Front.Form(context.Background(), e)
		if err != nil {
			return f.refused(e, err)
		}
		f.mu.Lock()
		f.forms[e.User.ID] = form
		f.mu.Unlock()
		return nil
	}
	e.Reply.Deferred = ack == bot.Wait
	f.working(e, ack == bot.Busy)
	ctx, cancel := context.WithTimeout(context.Background(), acceptBudget)
	defer cancel()
	if _, err := f.Ingress.Accept(ctx, []string{e.ID}, e); err != nil {
		f.working(e, false)
		return f.refused(e, errors.New(f.Front.Say(e, bot.Unconfirmed(err))))
	}
	return nil
}

// working hides the buttons of an event's card, or shows them again.
func (f *Fake) working(e bot.Event, busy bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.messages {
		if e.Token != "" && m.card.Token == e.Token {
			m.busy = busy
		}
	}
}

// refused shows why, with what can be done about it.
func (f *Fake) refused(e bot.Event, err error) error {
	var refusal *bot.Refusal
	if errors.As(err, &refusal) {
		return f.Answer(context.Background(), e.Reply, refusal.Card)
	}
	return f.Answer(context.Background(), e.Reply, bot.Card{Blocks: []bot.Block{bot.P(err.Error())}})
}

// Command implements Surface.
func (f *Fake) Command(user, channel, name, text string) error {
	e := f.event(bot.Command, user, channel)
	e.Command, e.Text = name, text
	return f.deliver(e)
}

// Say implements Surface.
func (f *Fake) Say(user, text string) error {
	e := f.event(bot.Message, user, "@"+user)
	e.Text = text
	return f.deliver(e)
}

// Click implements Surface.
func (f *Fake) Click(user, channel, label string) error {
	card, button, found := f.find(user, channel, label)
	if !found {
		return fmt.Errorf("%s sees no button %q in %s:\n%s", user, label, channel,
			strings.Join(append(f.Screen(user, channel), f.Private(user)...), "\n--\n"))
	}
	return f.press(user, channel, card, button)
}

// Press clicks the newest button, or takes the first choice of the newest menu,
// of an action: for tests that go through everything there is, whatever it is
// called.
func (f *Fake) Press(user, channel, action string) error {
	f.mu.Lock()
	cards := slices.Clone(f.answers[user])
	for _, m := range f.messages {
		if m.place.Channel == channel && !m.busy {
			cards = append(cards, m.card)
		}
	}
	f.mu.Unlock()
	for _, card := range slices.Backward(cards) {
		for _, button := range append(Buttons(card), choices(card)...) {
			if button.Action == action {
				return f.press(user, channel, card, button)
			}
		}
	}
	return fmt.Errorf("%s sees nothing that does %s in %s:\n%s", user, action, channel,
		strings.Join(append(f.Screen(user, channel), f.Private(user)...), "\n--\n"))
}

// press delivers the click on a button, or the choice that counts as one.
func (f *Fake) press(user, channel string, card bot.Card, button bot.Button) error {
	e := f.event(bot.Action, user, channel)
	e.Action, e.Arg, e.Token = button.Action, button.Arg, card.Token
	if choice := chosen(card, button); choice != "" {
		e.Values = map[string][]string{"choice": {choice}}
	}
	return f.deliver(e)
}

// Events are so many clicks on the button, each its own, that are not delivered
// yet: for a test that lets them race. None if nobody sees it.
func (f *Fake) Events(user, channel, label string, count int) []bot.Event {
	card, button, found := f.find(user, channel, label)
	var events []bot.Event
	for range count {
		e := f.event(bot.Action, user, channel)
		e.Action, e.Arg, e.Token = button.Action, button.Arg, card.Token
		if found {
			events = append(events, e)
		}
	}
	return events
}

func (f *Fake) find(user, channel, label string) (bot.Card, bot.Button, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var cards []bot.Card
	for _, m := range f.messages {
		if m.place.Channel == channel && !m.busy {
			cards = append(cards, m.card)
		}
	}
	cards = append(cards, f.answers[user]...)
	for _, card := range slices.Backward(cards) {
		for _, button := range append(Buttons(card), choices(card)...) {
			if button.Label == label {
				return card, button, true
			}
		}
	}
	return bot.Card{}, bot.Button{}, false
}

// Submit implements Surface.
func (f *Fake) Submit(user string, values map[string]string) error {
	f.mu.Lock()
	form, open := f.forms[user]
	f.mu.Unlock()
	if !open {
		return fmt.Errorf("no form is open for %s", user)
	}
	e := f.event(bot.Submit, user, "@"+user)
	e.Action, e.Arg, e.Token = form.Action, form.Arg, form.Token
	e.Values = map[string][]string{}
	for _, field := range form.Fields {
		e.Values[field.ID] = field.Value
		if value, given := values[field.ID]; given {
			e.Values[field.ID] = strings.Split(value, ",")
			switch field.Kind {
			case bot.Area, bot.Line:
				e.Values[field.ID] = []string{value}
			case bot.File:
				e.Values[field.ID] = nil
				if name, data, ok := Picture(value); ok {
					e.Values[field.ID], e.Files = []string{value}, append(e.Files, uploaded(value, name, data))
				}
			}
		}
	}
	problems, err := f.Front.Check(context.Background(), e)
	if err != nil {
		return f.refused(e, err)
	}
	if len(problems) > 0 {
		return f.refused(e, fmt.Errorf("%v", problems))
	}
	if err := f.deliver(e); err != nil {
		return err // the form stays open, with what was typed
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.forms, user)
	return nil
}

// Cards are all cards that hang anywhere or that somebody got as an answer, as
// they are now.
func (f *Fake) Cards() []bot.Card {
	f.mu.Lock()
	defer f.mu.Unlock()
	var cards []bot.Card
	for _, m := range f.messages {
		cards = append(cards, m.card)
	}
	for _, user := range slices.Sorted(maps.Keys(f.answers)) {
		cards = append(cards, f.answers[user]...)
	}
	return cards
}

// Screen implements Surface.
func (f *Fake) Screen(_, channel string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var screen []string
	for _, m := range f.messages {
		if m.place.Channel == channel {
			screen = append(screen, Plain(m.card))
		}
	}
	return screen
}

// Private implements Surface. Their conversation with Crieur is private too.
func (f *Fake) Private(user string) []string {
	texts := f.Screen(user, "@"+user)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, card := range f.answers[user] {
		texts = append(texts, Plain(card))
	}
	if form, open := f.forms[user]; open {
		texts = append(texts, SheetOf(form).String())
	}
	return texts
}
