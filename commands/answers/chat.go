package answers

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// Usage says how often an answer was used since a time, and when last.
type Usage interface {
	Served(ctx context.Context, tx *state.Tx, brand, answer string, since time.Time) (count int, last time.Time, err error)
}

// Proofreader says what to read again in a text, in the words of a language.
type Proofreader interface {
	Advice(b *brand.Brand, lang, text string, now time.Time, in string) []string
}

// Chat is the feature's conversation. All of it is private.
type Chat struct {
	Engine *Engine
	Usage  Usage
	Proof  Proofreader
}

// Register registers the word, the actions and the view of ready answers.
func (c *Chat) Register(mux *bot.Mux) {
	list := bot.Shape{Ack: bot.Wait, Handle: c.list}
	for _, route := range []bot.ActionRoute{
		{Name: "answers.list", Shape: list},
		{Name: "answers.open", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.open}, Lists: map[string]bot.Listing{bot.MenuField: c.search}},
		{Name: "answers.new", Shape: bot.Shape{Ack: bot.Open, Form: c.blank}},
		{Name: "answers.edit", Shape: bot.Shape{Ack: bot.Open, Form: c.filled}},
		{Name: "answers.save", Shape: bot.Shape{Ack: bot.Wait, Handle: c.save}, Check: c.check, Lists: map[string]bot.Listing{themeField: c.themes}},
		{Name: "answers.extend", Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(Extend)}},
		{Name: "answers.retire", Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(Retire)}},
		{Name: "answers.restore", Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(Restore)}},
		{Name: "answers.past", Shape: bot.Shape{Ack: bot.Wait, Handle: c.past}},
	} {
		route.Role, route.Or = brand.Responder, []brand.Role{brand.Approver}
		mux.Action(route)
	}
	mux.Word(bot.WordRoute{Key: "answers.word", Role: brand.Responder, Or: []brand.Role{brand.Approver}, Handle: list.Handle})
	mux.View(View, c.view)
}

// may says whose work ready answers are: who answers, and who approves.
func may(m *brand.Member) bool { return m.Can(brand.Responder) || m.Can(brand.Approver) }

// list shows the brand's answers to who asks, alone.
func (c *Chat) list(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	card, err := c.listCard(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "answers.list", Subject: r.Member.ID, Brand: r.Brand.ID})
}

// open shows the answer that the menu names.
func (c *Chat) open(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Reply{}, c.hang(ctx, r, r.Value(bot.MenuField))
}

// hang shows an answer to who acts, alone.
func (c *Chat) hang(ctx context.Context, r *bot.Request, id string) error {
	_, err := board.Show(ctx, r.Tx, board.Card{View: View, Subject: key(r.Brand.ID, id), Brand: r.Brand.ID}, r.NewToken, r.Aside())
	return err
}

// save keeps what the form says.
func (c *Chat) save(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	choice, id := Choice{What: Change, By: r.Member.ID}, idOf(r)
	choice.Seen, choice.Words.Lang = readArg(r.Arg)
	if choice.Seen == 0 {
		choice.What, id = Write, ""
	}
	var err error
	if choice.Words, err = wordsOf(r, choice.Words.Lang); err != nil {
		return bot.Reply{}, bot.Refuse(r.Print.T("answers.badday"))
	}
	s, err := c.Engine.Do(ctx, r.Tx, r.Brand, id, choice)
	if err != nil {
		return bot.Reply{}, c.unsaved(r, choice.Words.Text, c.explain(r, s, err))
	}
	if choice.What == Change {
		return bot.Private(r.Print.T("answers.saved")), nil
	}
	return bot.Private(r.Print.T("answers.made")), c.hang(ctx, r, s.ID)
}

// unsaved gives a text back that was not kept, under the reason.
func (c *Chat) unsaved(r *bot.Request, text string, err error) error {
	var refusal *bot.Refusal
	if !errors.As(err, &refusal) || text == "" {
		return err
	}
	card := refusal.Card
	card.Blocks = append(card.Blocks, bot.P(r.Print.T("answers.yours")), bot.Block{Kind: bot.Quote, Quoted: text})
	return &bot.Refusal{Card: card}
}

// act wraps what needs no more than a click.
func (c *Chat) act(what Verb) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		seen, _ := readArg(r.Arg)
		s, err := c.Engine.Do(ctx, r.Tx, r.Brand, idOf(r), Choice{What: what, By: r.Member.ID, Seen: seen})
		return bot.Reply{}, c.explain(r, s, err)
	}
}

// past shows what an answer said before, to who asks.
func (c *Chat) past(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	s, found, err := c.Engine.get(ctx, r.Tx, Sheet{Brand: r.Brand.ID, Answer: brand.Answer{ID: idOf(r)}})
	if err != nil || !found {
		return bot.Reply{}, c.explain(r, s, errors.Join(err, ErrUnknown))
	}
	return bot.Reply{Card: pastCard(r, s)}, nil
}

// explain says to the person why nothing changed.
func (c *Chat) explain(r *bot.Request, s Sheet, err error) error {
	p := r.Print
	var wrong Wrong
	switch {
	case errors.As(err, &wrong):
		for _, field := range []string{"name", themeField, "text", "source", "until"} {
			if why, ok := wrong[field]; ok {
				return bot.Refuse(because(r, field, why))
			}
		}
	case errors.Is(err, ErrUnknown):
		return bot.Refuse(p.T("chat.gone"))
	case errors.Is(err, ErrFull):
		return bot.Refuse(p.T("answers.full", "Most", mostAnswers))
	case errors.Is(err, ErrChanged):
		last := s.last()
		return bot.Refuse(p.T("answers.changed", "What", p.T("answers.did."+string(last.What)), "Who", nameOf(r.Space, p, last.By), "At", p.Soon(last.At, r.Now)))
	}
	return err
}

// because says what is wrong with a field.
func because(r *bot.Request, field, why string) string {
	most := mostOf(field)
	return r.Print.T(why, "Count", utf8.RuneCountInString(r.Value(field))-most, "Most", most)
}

// idOf is the answer that the card is of.
func idOf(r *bot.Request) string {
	_, id, _ := strings.Cut(r.Subject, "/")
	return id
}

// argOf is the argument of a button about an answer: the version that its reader
// sees, and a language.
func argOf(version int, lang string) string { return strconv.Itoa(version) + "-" + lang }

// readArg reads argOf back; anything else is a new answer.
func readArg(arg string) (version int, lang string) {
	number, lang, _ := strings.Cut(arg, "-")
	version, err := strconv.Atoi(number)
	if err != nil || version < 0 {
		return 0, lang
	}
	return version, lang
}

// nameOf is what a member is called; nobody who has left has a name here.
func nameOf(space *brand.Space, p *i18n.Printer, id string) string {
	if m := space.Member(id); m != nil {
		return m.Name
	}
	return p.T("answers.nobody")
}
