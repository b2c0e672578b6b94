package drafting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
)

// IdeaView is the card of an idea, WordingView that of the words that a model
// proposes.
const (
	IdeaView    = "idea"
	WordingView = "wording"
)

// reach registers the ways to a draft beside the command: shortcuts, words, and
// a text said to Crieur.
func (c *Chat) reach(mux *bot.Mux) {
	start := bot.Shape{Ack: bot.Open, Form: c.newForm}
	from := bot.Shape{Ack: bot.Wait, Handle: c.create}
	mux.Shortcut(bot.ShortcutRoute{Name: "draft.start", Key: "drafting.start", Role: author, Instead: "draft", Shape: start})
	mux.Shortcut(bot.ShortcutRoute{Name: "draft.from", Key: "drafting.from", Role: author, OnMessage: true, Shape: from})
	mux.Shortcut(bot.ShortcutRoute{Name: "idea.propose", Key: "drafting.propose", Role: brand.Anyone, OnMessage: true,
		Shape: bot.Shape{Ack: bot.Wait, Handle: c.propose}})
	for _, route := range []bot.ActionRoute{
		{Name: "draft.start", Shape: start},
		{Name: "draft.from", Shape: from},
		{Name: "draft.no", Shape: bot.Shape{Ack: bot.Wait, Handle: c.no}},
		{Name: "idea.draft", Shape: bot.Shape{Ack: bot.Busy, Handle: c.adopt}},
		{Name: "idea.leave", Shape: bot.Shape{Ack: bot.Busy, Handle: c.leave}},
	} {
		route.Role = author
		mux.Action(route)
	}
	mux.Word(bot.WordRoute{Key: "drafting.newword", Role: author, Takes: true, Handle: c.said})
	mux.Listen(c.pasted)
	mux.View(IdeaView, c.ideaView)
}

// said makes a draft of the words that follow; without any, it shows the form.
func (c *Chat) said(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if !blank(r.Text) {
		return c.create(ctx, r)
	}
	card := bot.Card{
		Blocks:  []bot.Block{bot.P(r.Print.T("drafting.newask"))},
		Buttons: []bot.Button{{Action: "draft.start", Label: r.Print.T("drafting.start"), Style: bot.Primary}}, Token: r.NewToken(r.Tx),
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "drafts", Subject: r.Member.ID})
}

// pasted offers to make a draft of what looks like a post.
func (c *Chat) pasted(ctx context.Context, r *bot.Request) (bot.Reply, bool, error) {
	if !r.Direct || !r.Member.Can(author) || !likePost(r.Text) {
		return bot.Reply{}, false, nil
	}
	p := r.Print
	card := bot.Card{
		Blocks: []bot.Block{bot.P(strings.Join(append([]string{p.T("drafting.pasted")}, left(r)...), " "))}, Token: r.NewToken(r.Tx),
		Buttons: []bot.Button{
			{Action: "draft.from", Label: p.T("drafting.makeit"), Style: bot.Primary},
			{Action: "draft.no", Label: p.T("drafting.no")},
		},
	}
	about := board.About{View: "pasted", Subject: r.Text, Brand: r.Brand.ID}
	return bot.Reply{Card: &card}, true, board.Name(ctx, r.Tx, card.Token, about)
}

// left says that a picture beside the words does not come along: only who adds it can
// say what it shows.
func left(r *bot.Request) []string {
	if len(r.Files) == 0 {
		return nil
	}
	return []string{r.Print.T("drafting.picture.left")}
}

// likePost says whether a text looks like one to publish rather than like a
// word to Crieur: it is long, has lines, a hashtag or a link. Pure.
func likePost(text string) bool {
	words := strings.Fields(text)
	if len(words) < 3 || strings.HasSuffix(strings.TrimSpace(text), "?") && len(words) < 12 {
		return false
	}
	return len(words) >= 8 || utf8.RuneCountInString(text) >= 60 || strings.Contains(strings.TrimSpace(text), "\n") ||
		strings.Contains(text, " #") || strings.Contains(text, "https://")
}

func (c *Chat) no(_ context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Private(r.Print.T("drafting.not")), nil
}

// propose brings somebody's message to the authors, who answer it; every copy of
// the card, the proposer's too, says how.
func (c *Chat) propose(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	idea, err := c.Engine.Propose(ctx, r.Tx, r.Brand, r.Member.ID, r.Quote)
	if err != nil {
		return bot.Reply{}, explain(r, err)
	}
	hangs := []board.Hang{r.Aside()}
	for _, place := range r.Brand.Approvals {
		hangs = append(hangs, board.Hang{Place: place, Lang: r.Brand.MainLang(), Class: outbox.Digest, Notifies: true})
	}
	_, err = board.Show(ctx, r.Tx, board.Card{View: IdeaView, Subject: idea.ID, Brand: idea.Brand}, r.NewToken, hangs...)
	return bot.Private(strings.Join(append([]string{r.Print.T("drafting.idea.thanks")}, left(r)...), " ")), err
}

func (c *Chat) adopt(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	d, err := c.Engine.Adopt(ctx, r.Tx, r.Brand, r.Subject, r.Member.ID)
	if err != nil {
		return bot.Reply{}, c.explainIdea(ctx, r, err)
	}
	if err := c.hang(ctx, r, ViewName, d); err != nil {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("drafting.created", "Title", d.Title)), board.Refresh(ctx, r.Tx, IdeaView, r.Subject)
}

func (c *Chat) leave(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if err := c.Engine.Leave(ctx, r.Tx, r.Subject, r.Member.ID); err != nil {
		return bot.Reply{}, c.explainIdea(ctx, r, err)
	}
	return bot.Reply{}, board.Refresh(ctx, r.Tx, IdeaView, r.Subject)
}

// explainIdea says to who came second what became of the idea.
func (c *Chat) explainIdea(ctx context.Context, r *bot.Request, err error) error {
	if !errors.Is(err, ErrAnswered) {
		return explain(r, err)
	}
	idea, _, err := ideas.Get(ctx, r.Tx, r.Subject)
	if err != nil {
		return err
	}
	return bot.Refuse(answered(r.Space, r.Print, idea, r.Now) + " " + r.Print.T("drafting.idea.unchanged"))
}

func (c *Chat) ideaView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	idea, found, err := ideas.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	if !found {
		return bot.Card{}, fmt.Errorf("view idea %s: %w", v.Subject, ErrUnknown)
	}
	p := v.Print
	title := p.T("drafting.idea.title", "Who", nameOf(v.Space, idea.By))
	card := bot.Card{Title: bot.Say(title), Summary: title, Blocks: []bot.Block{{Kind: bot.Quote, Quoted: excerpt(p, idea.Text)}}}
	switch {
	case idea.Stage != Proposed:
		card.Blocks = append(card.Blocks, bot.P(answered(v.Space, p, idea, v.Now)))
	case v.Member == nil:
		card.Buttons = []bot.Button{
			{Action: "idea.draft", Label: p.T("drafting.makeit"), Style: bot.Primary},
			{Action: "idea.leave", Label: p.T("drafting.idea.no")},
		}
	default:
		card.Blocks = append(card.Blocks, bot.P(p.T("drafting.idea.waits")))
	}
	return card, nil
}

// answered says what became of an idea, by whom and when.
func answered(space *brand.Space, p *i18n.Printer, idea Idea, now time.Time) string {
	return p.T("drafting.idea."+string(idea.Stage), "Who", nameOf(space, idea.Who), "At", p.When(idea.Since, now))
}

func nameOf(space *brand.Space, id string) string {
	if m := space.Member(id); m != nil {
		return m.Name
	}
	return id
}

// wording registers what people do with a model's words. Without a model nothing
// leads there, but for a card of earlier days.
func (c *Chat) wording(mux *bot.Mux) {
	mux.Action(bot.ActionRoute{Name: "draft.words", Role: author, Shape: bot.Shape{Ack: bot.Quiet, Handle: c.ask},
		Lists: map[string]bot.Listing{bot.MenuField: c.drafts}})
	mux.Action(bot.ActionRoute{Name: "draft.take", Role: author, Shape: bot.Shape{Ack: bot.Busy, Handle: c.take}})
	mux.View(WordingView, c.wordingView)
	if c.Engine.Words {
		mux.Word(bot.WordRoute{Key: "drafting.words.word", Role: author, Handle: c.whichWords})
	}
}

// whichWords asks for which draft.
func (c *Chat) whichWords(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.choose(ctx, r, "draft.words", r.Print.T("drafting.words.ask"))
}

// ask asks for other words, and hangs the card on which they come.
func (c *Chat) ask(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	d, err := c.Engine.Ask(ctx, r.Tx, cmp.Or(r.Value(bot.MenuField), r.Subject), r.Member.ID)
	var full *Full
	if errors.As(err, &full) {
		return bot.Reply{}, bot.Refuse(r.Print.T("drafting.words.full", "Count", MostAsked, "At", r.Print.Soon(full.Until, r.Now)))
	}
	if err != nil {
		return bot.Reply{}, explain(r, err)
	}
	return bot.Reply{}, c.hang(ctx, r, WordingView, d)
}

func (c *Chat) take(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.after(c.Engine.Take(ctx, r.Tx, r.Brand, r.Subject, r.Member.ID, r.Arg))(ctx, r)
}
