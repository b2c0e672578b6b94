package crisis

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
)

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// Register registers the word, the actions and the view of crises.
func (c *Chat) Register(mux *bot.Mux) {
	approver, admin := brand.Approver, []brand.Role{brand.Admin} // both open and end crises
	for _, route := range []bot.ActionRoute{
		{Name: "crisis.see", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.see}},
		{Name: "crisis.open", Role: approver, Or: admin, Shape: bot.Shape{Ack: bot.Open, Form: c.openForm}},
		{Name: "crisis.start", Role: approver, Or: admin, Shape: bot.Shape{Ack: bot.Wait, Handle: c.start}, Check: checkOpening,
			Lists: map[string]bot.Listing{themeField: c.themes, leadField: leads}},
		{Name: "crisis.ahead", Shape: bot.Shape{Ack: bot.Wait, Handle: c.ahead}},
		{Name: "crisis.words", Role: approver, Shape: bot.Shape{Ack: bot.Open, Form: c.wordsForm}},
		{Name: "crisis.replace", Role: approver, Shape: bot.Shape{Ack: bot.Wait, Handle: c.replace}, Check: checkWords},
		{Name: "crisis.point", Role: approver, Or: admin, Shape: bot.Shape{Ack: bot.Open, Form: c.pointForm}},
		{Name: "crisis.next", Role: approver, Or: admin, Shape: bot.Shape{Ack: bot.Wait, Handle: c.next}, Check: checkPoint, Lists: map[string]bot.Listing{leadField: leads}},
		{Name: "crisis.text", Shape: bot.Shape{Ack: bot.Wait, Handle: c.text}},
		{Name: "crisis.over", Role: approver, Or: admin, Shape: bot.Shape{Ack: bot.Open, Form: c.endForm}},
		{Name: "crisis.end", Role: approver, Or: admin, Shape: bot.Shape{Ack: bot.Wait, Handle: c.end}},
	} {
		mux.Action(route)
	}
	mux.Word(bot.WordRoute{Key: "crisis.word", Handle: c.word, On: func(r *bot.Request) bool { return leading(r.Member) }})
	mux.View(View, c.view)
}

// leading says whether a member opens and ends crises: who approves, and admins.
func leading(m *brand.Member) bool { return m.Can(brand.Approver) || m.Can(brand.Admin) }

// allow refuses whoever does not.
func allow(r *bot.Request) error { return bot.Allow(r, brand.Approver, brand.Admin) }

// word shows the crisis that is open, else how to open one. Words alone open
// nothing.
func (c *Chat) word(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	last, found, err := c.Engine.Last(ctx, r.Tx, r.Brand.ID)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case found && !last.Over():
		return c.shown(ctx, r, last)
	}
	if err := allow(r); err != nil {
		return bot.Reply{}, err
	}
	posts, err := c.Engine.Posts.Stand(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	card := doorCard(r, posts, found)
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "crisis.none", Subject: r.Brand.ID, Brand: r.Brand.ID})
}

// see shows the brand's last crisis to who asks.
func (c *Chat) see(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	last, found, err := c.Engine.Last(ctx, r.Tx, r.Brand.ID)
	if err != nil || !found {
		return bot.Reply{}, err
	}
	return bot.Reply{}, c.hang(ctx, r, last)
}

// hang shows the card of a crisis to who acts, alone.
func (c *Chat) hang(ctx context.Context, r *bot.Request, one Crisis) error {
	_, err := board.Show(ctx, r.Tx, board.Card{View: View, Subject: one.ID, Brand: one.Brand}, r.NewToken, r.Aside())
	return err
}

// shown says that a crisis is open, and shows it.
func (c *Chat) shown(ctx context.Context, r *bot.Request, one Crisis) (bot.Reply, error) {
	return bot.Private(isOpen(r, one)), c.hang(ctx, r, one)
}

func isOpen(r *bot.Request, one Crisis) string {
	return r.Print.T("crisis.isopen", "Since", r.Print.Soon(one.since(), r.Now), "About", one.About)
}

// start opens the crisis of the form; where one is open, that is shown.
func (c *Chat) start(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	point, _ := clockOf(r) // it was checked
	opened, err := c.Engine.Open(ctx, r.Tx, r.Brand, Opening{Point: point, By: r.Member.ID, About: r.Value(aboutField), Theme: themeOf(r),
		Lead: r.Value(leadField), Pause: r.Value(pauseField) != no}, r.Aside())
	switch {
	case errors.Is(err, ErrOpen):
		return c.shown(ctx, r, opened)
	case err != nil:
		return bot.Reply{}, c.explain(r, opened, err)
	}
	posts, err := c.Engine.Posts.Stand(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("crisis.opened") + " " + paused(r.Print, posts, r.Now)), nil
}

// replace gives the crisis the words of the form. Whoever wrote meanwhile is named:
// their words are kept, and are no longer those in force.
func (c *Chat) replace(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	say, avoid := map[string]string{}, map[string]string{}
	for _, lang := range langsOf(r.Brand) {
		say[lang], avoid[lang] = r.Value(sayField+lang), r.Value(avoidField+lang)
	}
	one, err := c.Engine.Replace(ctx, r.Tx, r.Subject, r.Member.ID, say, avoid)
	if err != nil {
		return bot.Reply{}, c.explain(r, one, err)
	}
	said := r.Print.T("crisis.replaced")
	if seen, _ := strconv.Atoi(r.Arg); seen < one.Words-1 {
		before, _, err := texts.Get(ctx, r.Tx, wordsID(one.ID, one.Words-1))
		if err != nil {
			return bot.Reply{}, err
		}
		said += " " + r.Print.T("crisis.crossed", "Who", nameOf(r.Space, before.By), "At", r.Print.Soon(before.At, r.Now))
	}
	return bot.Private(said), nil
}

// next sets the next point.
func (c *Chat) next(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	at, ok := clockOf(r)
	if !ok || at.IsZero() {
		return bot.Reply{}, bot.Refuse(r.Print.T("crisis.badclock"))
	}
	one, err := c.Engine.Next(ctx, r.Tx, r.Subject, r.Member.ID, r.Value(leadField), at)
	if err != nil {
		return bot.Reply{}, c.explain(r, one, err)
	}
	return bot.Private(pointLine(r.Print, r.Space, r.Brand, one, r.Now)), nil
}

// text is how a crisis went, in words to keep elsewhere.
func (c *Chat) text(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	one, err := c.Engine.get(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Reply{}, c.explain(r, one, err)
	}
	all, err := said(ctx, r.Tx, one)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Card: &bot.Card{Blocks: []bot.Block{{Kind: bot.Quote, Quoted: told(r, one, all)}}}}, nil
}

// ahead lists the posts that leave soon, to be read again.
func (c *Chat) ahead(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.rereading(ctx, r, r.Print.T("crisis.ahead"))
}

// end ends the crisis: what is paused stays so, and is gone through by people.
func (c *Chat) end(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	ended, err := c.Engine.End(ctx, r.Tx, r.Subject, r.Member.ID, strings.TrimSpace(r.Value(learntField)))
	if err != nil {
		return bot.Reply{}, c.explain(r, ended, err)
	}
	return c.rereading(ctx, r, r.Print.T("crisis.isover"))
}

// rereading answers with the posts that leave soon, under a title.
func (c *Chat) rereading(ctx context.Context, r *bot.Request, title string) (bot.Reply, error) {
	posts, err := c.Engine.Posts.Stand(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	next, err := c.Engine.Posts.Ahead(ctx, r.Tx, r.Brand.ID, r.Now.Add(lookAhead))
	if err != nil {
		return bot.Reply{}, err
	}
	card := aheadCard(r, title, posts, next)
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "crisis.ahead", Subject: r.Brand.ID, Brand: r.Brand.ID})
}

// explain says to the person why nothing changed.
func (c *Chat) explain(r *bot.Request, one Crisis, err error) error {
	p := r.Print
	switch {
	case errors.Is(err, ErrUnknown):
		return bot.Refuse(p.T("chat.gone"))
	case errors.Is(err, ErrOpen):
		return bot.Refuse(isOpen(r, one))
	case errors.Is(err, ErrOver):
		end, _ := one.end()
		return bot.Refuse(p.T("crisis.wasover", "Who", nameOf(r.Space, end.By), "At", p.Soon(end.At, r.Now)))
	case errors.Is(err, ErrLead):
		return bot.Refuse(p.T("crisis.nolead"))
	case errors.Is(err, ErrTheme):
		return bot.Refuse(p.T("crisis.notheme"))
	case errors.Is(err, ErrMany):
		return bot.Refuse(p.T("crisis.many", "Most", mostTexts))
	}
	return err
}
