package moderation

import (
	"context"
	"errors"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/state"
)

// Judge says what is in the words of a message that somebody brought.
type Judge interface {
	Flag(ctx context.Context, tx *state.Tx, b *brand.Brand, m listen.Mention) (listen.Flagged, error)
}

// Chat is the feature's conversation. All of it is private.
type Chat struct {
	Engine *Engine
	Judge  Judge
}

// Register registers the word, the shortcut, the actions and the views of
// moderation.
func (c *Chat) Register(mux *bot.Mux) {
	list := bot.Shape{Ack: bot.Wait, Handle: c.list}
	for _, route := range []bot.ActionRoute{
		{Name: "moderation.list", Shape: list},
		{Name: "moderation.open", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.open}, Lists: map[string]bot.Listing{bot.MenuField: c.waiting}},
		{Name: "moderation.why", Shape: bot.Shape{Ack: bot.Open, Form: c.hideForm}},
		{Name: "moderation.hide", Shape: bot.Shape{Ack: bot.Wait, Handle: c.hide}},
		{Name: "moderation.agree", Shape: bot.Shape{Ack: bot.Busy, Handle: c.choose(Agree)}},
		{Name: "moderation.leave", Shape: bot.Shape{Ack: bot.Busy, Handle: c.choose(Leave)}},
		{Name: "moderation.ask", Shape: bot.Shape{Ack: bot.Busy, Handle: c.ask}},
		{Name: "moderation.done", Shape: bot.Shape{Ack: bot.Busy, Handle: c.choose(Done)}},
		{Name: "moderation.show", Shape: bot.Shape{Ack: bot.Busy, Handle: c.choose(Show)}},
		{Name: "moderation.report", Shape: bot.Shape{Ack: bot.Busy, Handle: c.choose(Report)}},
		{Name: "moderation.proof", Shape: bot.Shape{Ack: bot.Wait, Handle: c.proof}},
		{Name: "charter.see", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.charter}},
		{Name: "charter.text", Shape: bot.Shape{Ack: bot.Wait, Handle: c.text}},
		{Name: "charter.edit", Role: brand.Admin, Shape: bot.Shape{Ack: bot.Open, Form: c.articleForm}},
		{Name: "charter.save", Role: brand.Admin, Shape: bot.Shape{Ack: bot.Wait, Handle: c.amend}, Check: checkArticle},
	} {
		if route.Role == brand.Anyone {
			route.Role = brand.Moderator
		}
		mux.Action(route)
	}
	mux.Word(bot.WordRoute{Key: "moderation.word", Role: brand.Moderator, Handle: c.list,
		On: func(r *bot.Request) bool { return r.Space.Moderates(r.Brand) }})
	mux.Shortcut(bot.ShortcutRoute{Name: "moderation.add", Key: "moderation.add", Role: brand.Moderator, OnMessage: true,
		Shape: bot.Shape{Ack: bot.Wait, Handle: c.add}})
	mux.View(View, c.view)
	mux.View(CharterView, c.charterView)
}

// add brings a message of a chat application.
func (c *Chat) add(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if strings.TrimSpace(r.Quote) == "" && len(r.Files) == 0 {
		return bot.Reply{}, bot.Refuse(r.Print.T("moderation.nowords"))
	}
	said, err := c.Judge.Flag(ctx, r.Tx, r.Brand, listen.Mention{
		ID: "chat:" + r.Place.Destination() + ":" + r.Place.Message, Source: string(r.Platform), Network: r.Platform.Name(),
		Author: r.From, AuthorID: r.FromID, Text: r.Quote, URL: r.Address, At: r.SaidAt,
	})
	if err != nil {
		return bot.Reply{}, err
	}
	var attached []Attached
	for _, file := range r.Files {
		attached = append(attached, Attached{Platform: string(r.Platform), Team: r.Team, Upload: Upload(file)})
	}
	kept, err := c.Engine.Keep(ctx, r.Tx, r.Brand, r.Member.ID, said, attached...)
	if err != nil {
		return bot.Reply{}, err
	}
	return c.kept(ctx, r, kept, 1)
}

// Bring keeps the evidence of messages, and shows the last of them to who brought
// them.
func (c *Chat) Bring(ctx context.Context, r *bot.Request, said ...listen.Flagged) (bot.Reply, error) {
	var last Case
	for _, one := range said {
		kept, err := c.Engine.Keep(ctx, r.Tx, r.Brand, r.Member.ID, one)
		if err != nil {
			return bot.Reply{}, err
		}
		last = kept
	}
	if last.ID == "" {
		return bot.Reply{}, nil
	}
	return c.kept(ctx, r, last, len(said))
}

// kept says how much was kept, and shows the last of it: what somebody brought
// before stands where it stood.
func (c *Chat) kept(ctx context.Context, r *bot.Request, last Case, count int) (bot.Reply, error) {
	said := r.Print.T("moderation.kept", "Count", count)
	if !last.last().At.Equal(r.Now) {
		said = r.Print.T("moderation.known")
	}
	return bot.Private(said), c.hang(ctx, r, last)
}

// hang shows a message to who acts, alone.
func (c *Chat) hang(ctx context.Context, r *bot.Request, one Case) error {
	_, err := board.Show(ctx, r.Tx, board.Card{View: View, Subject: one.ID, Brand: one.Brand}, r.NewToken, r.Aside())
	return err
}

// list says what waits, and leads to it.
func (c *Chat) list(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	all, err := c.Engine.Waiting(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	card := listCard(r.Print, all, r.Now)
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "moderation.list", Subject: r.Member.ID, Brand: r.Brand.ID})
}

// waiting lists what waits, for the menu of the list.
func (c *Chat) waiting(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	all, err := c.Engine.Waiting(ctx, r.Tx, r.Brand.ID)
	return choices(r.Print, all, r.Now), err
}

func (c *Chat) open(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	one, err := c.Engine.get(ctx, r.Tx, r.Value(bot.MenuField))
	if err != nil {
		return bot.Reply{}, c.explain(r, one, err)
	}
	return bot.Reply{}, c.hang(ctx, r, one)
}

// choose wraps what needs no more than a click.
func (c *Chat) choose(what Verb) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		one, err := c.Engine.Decide(ctx, r.Tx, r.Subject, Choice{What: what, By: r.Member.ID})
		return bot.Reply{}, c.explain(r, one, err)
	}
}

func (c *Chat) ask(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	one, err := c.Engine.Decide(ctx, r.Tx, r.Subject, Choice{What: Ask, By: r.Member.ID})
	if err != nil {
		return bot.Reply{}, c.explain(r, one, err)
	}
	return bot.Private(r.Print.T("moderation.asking", "Who", c.others(r))), nil
}

// hide is the form with the reason. What one person may not decide alone is not
// hidden, and they are told why.
func (c *Chat) hide(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	today, err := charter(ctx, r.Tx, r.Brand)
	if err != nil {
		return bot.Reply{}, err
	}
	rule, err := ruleOf(today, r.Value(reasonField))
	if err != nil {
		return bot.Reply{}, c.explain(r, Case{}, err)
	}
	one, err := c.Engine.Decide(ctx, r.Tx, r.Subject, Choice{What: Hide, By: r.Member.ID, Rule: rule})
	switch {
	case err != nil:
		return bot.Reply{}, c.explain(r, one, err)
	case one.Stage == Asked:
		return bot.Private(r.Print.T("moderation.notalone", "Found", found(r.Print, one), "Who", c.others(r))), nil
	}
	return bot.Private(r.Print.T("moderation.tohide")), nil
}

// others names who gets the question for a second opinion.
func (c *Chat) others(r *bot.Request) string {
	var names []string
	for _, m := range c.Engine.others(r.Member.ID) {
		names = append(names, m.Name)
	}
	return r.Print.Or(names...)
}

// explain says to the person why nothing changed.
func (c *Chat) explain(r *bot.Request, one Case, err error) error {
	p := r.Print
	switch {
	case errors.Is(err, ErrUnknown):
		return bot.Refuse(p.T("chat.gone"))
	case errors.Is(err, ErrDecided):
		last := one.last()
		return bot.Refuse(p.T("moderation.decided", "What", p.T("moderation.did."+string(last.What)), "Who", nameOf(r.Space, last.By), "At", p.Soon(last.At, r.Now)))
	case errors.Is(err, ErrOwn):
		return bot.Refuse(p.T("moderation.own", "Who", c.others(r)))
	case errors.Is(err, ErrAlone):
		return bot.Refuse(p.T("moderation.alone"))
	case errors.Is(err, ErrRule):
		return bot.Refuse(p.T("moderation.norule"))
	case errors.Is(err, ErrChanged):
		return bot.Refuse(p.T("moderation.charter.changed"))
	case errors.Is(err, ErrFull):
		return bot.Refuse(p.T("moderation.charter.full", "Most", mostArticles))
	case errors.Is(err, ErrBlank):
		return bot.Refuse(p.T("moderation.charter.blank"))
	}
	return err
}
