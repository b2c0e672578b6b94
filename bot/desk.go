package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/team"
	"crieur/bot/work"
)

// ChatTopic is the topic of events in their lanes.
const ChatTopic = "chat"

// Accepter stores an item unless it was accepted before.
type Accepter interface {
	Accept(ctx context.Context, dedupe []string, item work.Item) (fresh bool, err error)
}

// Quieter bounds what a step would ring, before the step is committed.
type Quieter interface {
	Bound(ctx context.Context, tx *state.Tx) error
}

// Desk is where events arrive and are handled: it accepts them for the adapters
// (Ingress, Front) and handles them from their lanes.
type Desk struct {
	Mux     *Mux
	Space   brand.Source
	Catalog *i18n.Catalog
	Store   state.Store
	Inbox   Accepter
	Tokens  Tokens
	Now     func() time.Time
	Log     *slog.Logger
	// Rates bounds what one person asks; nil does not.
	Rates *Rates
	// Topics handle what is not a person's act, by topic.
	Topics map[string]state.Handler
	// Noise bounds what rings; nil is no bound.
	Noise Quieter
	// Self names this process; Alone says that no other one handles or sends
	// anything now. Nil: there is no other.
	Self  string
	Alone func() bool
	// URL is the public address, under which cards have theirs; empty: they have
	// none.
	URL string
}

// Accept implements Ingress.
func (d *Desk) Accept(ctx context.Context, keys []string, e Event) (bool, error) {
	e.Taken, e.TakenAt = d.Self, d.Now()
	data, err := json.Marshal(e)
	if err != nil {
		return false, fmt.Errorf("encode event %s: %w", e.ID, err)
	}
	item := work.Item{ID: e.ID, Conversation: e.Conversation(), Topic: ChatTopic, Data: data, At: e.At}
	fresh, err := d.Inbox.Accept(ctx, keys, item)
	if err != nil {
		return false, fmt.Errorf("accept event %s: %w", e.ID, err)
	}
	return fresh, nil
}

// Handle is the work.Handler of every topic.
func (d *Desk) Handle(ctx context.Context, entry work.Entry) error {
	if entry.Topic == ChatTopic {
		var e Event
		if err := json.Unmarshal(entry.Data, &e); err != nil {
			return d.bury(ctx, entry, fmt.Errorf("decode event: %w", err))
		}
		return d.handleEvent(ctx, entry, e)
	}
	handler, ok := d.Topics[entry.Topic]
	if !ok {
		return d.bury(ctx, entry, fmt.Errorf("nobody handles topic %q", entry.Topic))
	}
	_, err := state.Do(ctx, d.Store, entry.ID, d.Now(), &entry.Ticket,
		func(ctx context.Context, tx *state.Tx) (_ []byte, err error) {
			defer recovered(&err)
			if err := handler(ctx, tx, entry.Item); err != nil {
				return nil, err
			}
			return nil, d.quiet(ctx, tx)
		})
	if err != nil && !errors.Is(err, state.ErrUnavailable) {
		return d.bury(ctx, entry, err)
	}
	return err
}

func (d *Desk) quiet(ctx context.Context, tx *state.Tx) error {
	if d.Noise == nil {
		return nil
	}
	return d.Noise.Bound(ctx, tx)
}

// bury takes an item that can never be handled off its lane, and keeps it: the
// brief says so.
func (d *Desk) bury(ctx context.Context, entry work.Entry, cause error) error {
	d.Log.Error("item buried", "item", entry.ID, "topic", entry.Topic, "ref", work.Ref(entry.ID), "err", cause)
	_, err := d.Store.Commit(ctx, state.Commit{
		Cause: "bury:" + entry.ID, Now: d.Now(), Ack: &entry.Ticket,
		Writes: []state.Write{state.BuryItem(entry.Item, d.Now())},
	})
	return err
}

// handleEvent handles a person's act and answers them, in one commit.
func (d *Desk) handleEvent(ctx context.Context, entry work.Entry, e Event) error {
	if err := d.slowed(e); err != nil {
		return d.apologise(ctx, entry, e, err)
	}
	_, err := state.Do(ctx, d.Store, entry.ID, d.Now(), &entry.Ticket,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			reply, err := d.decide(ctx, tx, e)
			if err != nil {
				return nil, err
			}
			if err := d.unbusy(ctx, tx, e); err != nil {
				return nil, err
			}
			if err := d.quiet(ctx, tx); err != nil {
				return nil, err
			}
			return nil, d.answer(tx, e, reply)
		})
	if err == nil || errors.Is(err, state.ErrUnavailable) {
		return err
	}
	return d.apologise(ctx, entry, e, err)
}

// slowed refuses what is more than one person can mean to ask.
func (d *Desk) slowed(e Event) error {
	if d.Rates == nil {
		return nil
	}
	if wait := d.Rates.Take(e.Conversation(), d.Now()); wait > 0 {
		return Refuse(d.printer(e).T("chat.rate", "Seconds", int(math.Ceil(wait.Seconds()))))
	}
	return nil
}

// apologise ends an event whose handler refused or broke: nothing changed, and
// the person is told.
func (d *Desk) apologise(ctx context.Context, entry work.Entry, e Event, cause error) error {
	var refusal *Refusal
	if !errors.As(cause, &refusal) {
		ref := work.Ref(e.ID)
		d.Log.Error("event not handled", "event", e.ID, "kind", string(e.Kind), "action", e.Action,
			"command", e.Command, "ref", ref, "err", cause)
		refusal = &Refusal{Card: Card{Blocks: []Block{P(d.printer(e).T("chat.broke", "Ref", ref))}}}
	}
	_, err := state.Do(ctx, d.Store, entry.ID, d.Now(), &entry.Ticket,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			if err := d.unbusy(ctx, tx, e); err != nil {
				return nil, err
			}
			card, err := refusal.answer(ctx, tx)
			if err != nil {
				return nil, err
			}
			return nil, d.answer(tx, e, Reply{Card: &card})
		})
	return err
}

// lateAfter is how long another process's "Working…" may be on its way.
const lateAfter = 5 * time.Second

// unbusy gives a card its buttons back whose click showed "Working…": whatever
// the handler did, the card is brought to its state; once more a little later
// where "Working…" may come after that and hide it.
func (d *Desk) unbusy(ctx context.Context, tx *state.Tx, e Event) error {
	if e.Token == "" || !d.Tokens.Valid(e.Token) || d.Ack(e) != Busy {
		return nil
	}
	about, found, err := board.ByToken(ctx, tx, e.Token)
	if err != nil || !found {
		return err
	}
	if d.elsewhere(e) {
		board.Again(tx, about.View, about.Subject, lateAfter)
	}
	if err := board.Refresh(ctx, tx, about.View, about.Subject); err != nil {
		return err
	}
	return board.Hurry(tx, about.View, about.Subject)
}

// elsewhere says that another process acknowledges the event, or may send what
// follows from it: what each of them shows then comes in any order.
func (d *Desk) elsewhere(e Event) bool {
	return e.Taken != d.Self || d.Alone != nil && !d.Alone()
}

// decide finds the route and calls its handler.
func (d *Desk) decide(ctx context.Context, tx *state.Tx, e Event) (reply Reply, err error) {
	defer recovered(&err)
	request, err := d.request(ctx, tx, e)
	if err != nil {
		return Reply{}, err
	}
	shape, roles, ok := d.Mux.Shape(e)
	switch {
	case e.Kind == Link:
		return d.preview(ctx, request)
	case e.Kind == Message || e.Kind == Command && !ok:
		return d.Mux.Words(ctx, request)
	case !ok:
		return Reply{}, Refuse(request.Print.T("chat.gone"))
	}
	if err := Admit(request, shape.Early, roles...); err != nil {
		return Reply{}, err
	}
	if shape.Handle == nil { // a form was opened at once; there is nothing left to do
		return Reply{}, nil
	}
	return shape.Handle(ctx, request)
}

// request gathers what a handler needs.
func (d *Desk) request(ctx context.Context, tx *state.Tx, e Event) (*Request, error) {
	if err := d.greet(ctx, e); err != nil {
		return nil, err
	}
	space := d.Space.Now()
	r := &Request{
		Event: e, Space: space, Now: tx.Now(), Tx: tx, NewToken: d.Tokens.New, views: d.Mux.views,
		Member: space.Who(string(e.Platform), e.Team, e.User.ID),
	}
	about := board.About{}
	r.Print = d.printer(e)
	if e.Token != "" {
		if !d.Tokens.Valid(e.Token) {
			return nil, Refuse(r.Print.T("chat.gone"))
		}
		found := false
		var err error
		if about, found, err = board.ByToken(ctx, tx, e.Token); err != nil {
			return nil, err
		}
		if !found {
			return nil, d.faded(r)
		}
	}
	r.View, r.Subject = about.View, about.Subject
	r.Brand = brandOf(space, about.Brand, e.Place)
	r.Print = d.speaks(e, lang(space, e, r.Member), zoneOf(r.Brand, r.Member))
	return r, nil
}

// greet makes the roles of a person those of their groups, before anything else
// is asked: whoever comes from a group that gives roles is a member from then on.
func (d *Desk) greet(ctx context.Context, e Event) error {
	if !e.User.Grouped {
		return nil
	}
	return team.Greet(ctx, d.Store, d.Space.Now(), d.Now(), e.ID, team.Seen{
		Platform: string(e.Platform), Team: e.Team, User: e.User.ID, Name: e.User.Name, Groups: e.User.Groups})
}

// brandOf is the brand of the card, of the channel, or the first one.
func brandOf(space *brand.Space, id string, at board.Place) *brand.Brand {
	if b := space.Brand(id); b != nil {
		return b
	}
	for _, b := range space.Brands {
		if b.WorksIn(at) {
			return b
		}
	}
	if len(space.Brands) == 0 {
		return nil
	}
	return space.Brands[0]
}

func lang(space *brand.Space, e Event, m *brand.Member) string {
	if m != nil && m.Lang != "" {
		return m.Lang
	}
	if b := brandOf(space, "", e.Place); e.User.Locale == "" && b != nil && len(b.Langs) > 0 {
		return b.Langs[0] // Discord does not say who writes in what language
	}
	return e.User.Locale
}

func (d *Desk) printer(e Event) *i18n.Printer {
	space := d.Space.Now()
	member := space.Who(string(e.Platform), e.Team, e.User.ID)
	return d.speaks(e, lang(space, e, member), zoneOf(brandOf(space, "", e.Place), member))
}

// speaks names the commands as whoever acted can type them: Discord shows them in
// the language of the person's application, whatever they read Crieur in.
func (d *Desk) speaks(e Event, lang string, zone *time.Location) *i18n.Printer {
	p := d.Catalog.For(lang, zone)
	if e.Platform == Discord && e.User.Locale != "" {
		return p.Naming(i18n.Naming(i18n.Base(e.User.Locale)))
	}
	return p.On(string(e.Platform))
}

// answer emits the private answer. It is best effort: whatever changed state is
// confirmed by the cards that show it.
func (d *Desk) answer(tx *state.Tx, e Event, reply Reply) error {
	if e.Kind == Link || e.Kind == Joined { // nobody asked: not even a refusal is said
		return nil
	}
	if reply.Card == nil {
		if !e.Reply.Deferred {
			return nil
		}
		reply.Card = &Card{} // the adapter takes "thinking…" away
	}
	to := board.Place{Platform: string(e.Platform), Team: e.Team, Channel: "@" + e.User.ID}
	if e.Kind == Home { // what is answered there is the page
		to = e.Place
	}
	said, err := answerOf(reply, d.Tokens)
	if err != nil {
		return err
	}
	said.Reply, said.To, said.Asked = e.Reply, to, e.TakenAt
	said.Reply.Elsewhere = d.elsewhere(e)
	data, err := json.Marshal(said)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	effect := outbox.Effect{Kind: AnswerKind, Destination: to.Destination(), Class: outbox.Answer, Data: data}
	space := d.Space.Now() // whose rest it keeps, should it come late
	if b := brandOf(space, "", e.Place); b != nil {
		effect.Brand = b.ID
	}
	if m := space.Who(string(e.Platform), e.Team, e.User.ID); m != nil {
		effect.Member = m.ID
	}
	tx.Emit(effect)
	return nil
}

// recovered turns a panic of a handler into its error.
func recovered(err *error) {
	if thrown := recover(); thrown != nil {
		*err = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
	}
}
