package mentions

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state"
)

// Moderation is where a message goes that must not stay in sight.
type Moderation interface {
	// Bring keeps the evidence of messages, and shows what can be done about them to
	// who asks.
	Bring(ctx context.Context, r *bot.Request, said ...listen.Flagged) (bot.Reply, error)
	// Doors are the ways to what waits there for a member: one, or none.
	Doors(ctx context.Context, tx *state.Tx, b *brand.Brand, m *brand.Member, p *i18n.Printer) ([]bot.Button, error)
}

// Sheets is where a reply is kept as a ready answer.
type Sheets interface {
	// Keep is the form of a new answer about a theme, with these words of a language.
	Keep(ctx context.Context, r *bot.Request, theme, lang, text string) (bot.Form, error)
}

func (c *Chat) doors(ctx context.Context, tx *state.Tx, b *brand.Brand, m *brand.Member, p *i18n.Printer) ([]bot.Button, error) {
	if c.Moderation == nil || m == nil {
		return nil, nil
	}
	return c.Moderation.Doors(ctx, tx, b, m, p)
}

// moderateButton leads from a conversation to moderation, where the brand has it.
func (c *Chat) moderateButton(v bot.ViewRequest, arg string) []bot.Button {
	if c.Moderation == nil || !v.Space.Moderates(v.Brand) || v.Member != nil && !v.Member.Can(brand.Moderator) {
		return nil
	}
	return []bot.Button{{Action: "case.moderate", Arg: arg, Label: v.Print.T("mentions.moderate")}}
}

// moderate hands on what a conversation has that must not stay in sight.
func (c *Chat) moderate(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, _, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	found, err := c.Engine.get(ctx, r.Tx, id)
	if err != nil {
		return bot.Reply{}, c.explain(r, found, err)
	}
	if found.Outcome == Erased || c.Moderation == nil {
		return bot.Reply{}, c.explain(r, found, ErrUnknown)
	}
	said, err := c.Engine.flagged(ctx, r.Tx, r.Brand, found)
	if err != nil {
		return bot.Reply{}, err
	}
	return c.Moderation.Bring(ctx, r, said...)
}

// nothing says that nothing waits for an answer, and shows the way to what waits
// elsewhere.
func (c *Chat) nothing(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	doors, err := c.doors(ctx, r.Tx, r.Brand, r.Member, r.Print)
	if err != nil || len(doors) == 0 {
		return bot.Private(r.Print.T("mentions.nothing")), err
	}
	card := bot.Card{Blocks: []bot.Block{bot.P(r.Print.T("mentions.nothing"))}, Buttons: doors, Token: r.NewToken(r.Tx)}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "nothing", Subject: r.Member.ID, Brand: r.Brand.ID})
}

// themeView draws card D for a theme's day.
func (c *Chat) themeView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	t, found, err := themes.Get(ctx, v.Tx, v.Subject)
	if err != nil || !found {
		return bot.Card{}, err
	}
	p := v.Print
	name := c.Engine.Judge.ThemeName(v.Brand, t.Theme, p.Lang)
	title := p.T("mentions.theme", "Theme", name, "Count", len(t.People))
	card := bot.Card{Title: bot.Say(title), Summary: title, Tone: bot.Warning, MoreLabel: p.T("chat.more")}
	card.Blocks = append(card.Blocks, bot.P(talk(p, t)))
	if len(t.Why) > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.why", "Why", because(p, t.Why))))
	}
	last, err := cases.Peek(ctx, v.Tx, t.Cases[max(0, len(t.Cases)-1):]...)
	if err != nil {
		return bot.Card{}, err
	}
	for _, one := range last {
		card.Blocks = append(card.Blocks, quoteBlocks(p, one)...)
	}
	if v.Now.Before(t.Paused) {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.paused", "Who", memberName(v, t.PausedBy), "Until", p.Soon(t.Paused, v.Now))))
	}
	card.Buttons = []bot.Button{
		{Action: "round.start", Label: p.T("mentions.startround"), Style: bot.Primary},
		{Action: "theme.list", Label: p.T("mentions.seeall")},
	}
	card.More = append([]bot.Button{{Action: "theme.pause", Label: p.T("mentions.pause")}}, c.crisisButton(v)...)
	return card, nil
}

// add takes a message of a chat application in, as something to answer.
func (c *Chat) add(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if strings.TrimSpace(r.Quote) == "" {
		return bot.Reply{}, bot.Refuse(r.Print.T("mentions.nowords"))
	}
	item, err := Item(Heard{Brand: r.Brand.ID, Brought: true, Mention: listen.Mention{
		ID: "chat:" + r.Place.Destination() + ":" + r.Place.Message, Source: string(r.Platform), Network: r.Platform.Name(),
		Author: r.From, AuthorID: r.FromID, Text: r.Quote, URL: r.Address, At: r.Now,
	}})
	if err != nil {
		return bot.Reply{}, err
	}
	r.Tx.Tell(item)
	card := bot.Card{
		Blocks:  []bot.Block{bot.P(r.Print.T("mentions.added"))},
		Buttons: []bot.Button{{Action: "round.start", Label: r.Print.T("mentions.startround")}}, Token: r.NewToken(r.Tx),
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "added", Subject: item.ID, Brand: r.Brand.ID})
}

// authors completes a search with those who wait for an answer, the nearest
// promise first.
func (c *Chat) authors(ctx context.Context, r *bot.Request, typed string) ([]bot.Choice, error) {
	waiting, err := c.Engine.Waiting(ctx, r.Tx, r.Brand.ID, 500)
	if err != nil {
		return nil, err
	}
	var choices []bot.Choice
	for _, one := range waiting {
		choice := bot.Choice{Value: bot.Clip(one.Author, 75), Label: bot.Clip(one.Author+" · "+one.Network, 75)}
		if one.Author != "" && strings.Contains(plain(one.Author), plain(typed)) && !slices.Contains(choices, choice) {
			choices = append(choices, choice)
		}
	}
	return choices, nil
}

// Home shows what waits for an answer on a responder's home page, theirs apart.
func (c *Chat) Home(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	if !r.Member.Can(brand.Responder) {
		return bot.Glance{}, nil
	}
	waiting, err := c.Engine.Waiting(ctx, r.Tx, r.Brand.ID, 1000)
	if err != nil || len(waiting) == 0 {
		return bot.Glance{}, err
	}
	look := bot.Glance{
		Lines:   []string{toAnswer(waiting, r.Now, r.Print)},
		Buttons: []bot.Button{{Action: "round.start", Label: r.Print.T("mentions.startround")}},
	}
	own := slices.DeleteFunc(waiting, func(one Case) bool { return one.Owner != r.Member.ID })
	if len(own) > 0 {
		first := own[0]
		look.Lines = append(look.Lines, r.Print.T("mentions.home", "Count", len(own), "Author", first.Author, "By", ends(viewed(r), first.Due)))
	}
	return look, nil
}

// handed gives a reply to who has to post it, with its words and the way there.
func (c *Chat) handed(ctx context.Context, r *bot.Request, reply Reply) (bot.Reply, error) {
	if err := c.Engine.Pass(ctx, r.Tx, reply); err != nil {
		return bot.Reply{}, err
	}
	found, err := c.Engine.get(ctx, r.Tx, reply.Case)
	if err != nil {
		return bot.Reply{}, err
	}
	card := bot.Card{Token: r.NewToken(r.Tx), Blocks: handBlocks(viewed(r), found, reply), Buttons: handButtons(r.Print, found, ""),
		MoreLabel: r.Print.T("chat.more"), More: c.keepButton(r.Print, reply)}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: replyView, Subject: reply.ID, Brand: r.Brand.ID})
}

// viewed is what a card says in answer to a request, as a view would.
func viewed(r *bot.Request) bot.ViewRequest {
	return bot.ViewRequest{Space: r.Space, Brand: r.Brand, Member: r.Member, Print: r.Print, Now: r.Now, Tx: r.Tx}
}

// replyOf is the reply that a click is about: that of its card, or of the
// conversation.
func (c *Chat) replyOf(ctx context.Context, r *bot.Request) (string, error) {
	if r.View == replyView {
		return r.Subject, nil
	}
	id, _, err := c.about(ctx, r)
	if err != nil {
		return "", err
	}
	found, err := c.Engine.get(ctx, r.Tx, id)
	if err != nil {
		err = c.explain(r, found, err)
	}
	return found.Reply, err
}

// posted records that a person posted a reply by hand.
func (c *Chat) posted(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, err := c.replyOf(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	found, err := c.Engine.Posted(ctx, r.Tx, id, r.Member.ID)
	if err != nil {
		return bot.Reply{}, c.explain(r, found, err)
	}
	noted := r.Print.T("mentions.noted", "Author", cmp.Or(found.Author, "?"), "Network", found.Network)
	if found.Stage != Done && !found.Holding.At.IsZero() && found.Holding.Reply == id {
		noted = r.Print.T("mentions.notedheld", "Author", cmp.Or(found.Author, "?"), "Network", found.Network)
		if found.Due.After(r.Now) {
			noted += " " + i18n.Capital(r.Print.T("mentions.comeback", "At", ends(viewed(r), found.Due))) + "."
		}
		return bot.Private(noted), c.goOn(ctx, r, found.ID, heldOn)
	}
	return bot.Private(noted), c.goOn(ctx, r, found.ID, Replied)
}

// handBlocks are the words of a reply that a person has to post, and until when.
func handBlocks(v bot.ViewRequest, c Case, reply Reply) []bot.Block {
	said := "mentions.byhand"
	if reply.Look != nil && reply.Look.By != "" { // whoever wrote it had to wait
		said = "mentions.sendit"
	}
	until := v.Print.T("mentions.untilposted", "At", ends(v, c.Due))
	if v.Now.After(c.Due) {
		until = promised(v, c)
	}
	blocks := []bot.Block{bot.P(v.Print.T(said, "Network", c.Network, "Author", cmp.Or(c.Author, "?"))), {Kind: bot.Quote, Quoted: reply.Part.Posts[0]}, bot.P(until)}
	if reply.Wait != nil {
		blocks = append(blocks, bot.P(waitLine(v, reply)))
	}
	return blocks
}

// handButtons say whether a reply by hand was posted, and lead to where.
func handButtons(p *i18n.Printer, c Case, arg string) []bot.Button {
	buttons := []bot.Button{{Action: "case.posted", Arg: arg, Label: p.T("mentions.posted"), Style: bot.Primary}}
	if last := c.Heard[len(c.Heard)-1]; last.URL != "" {
		buttons = append(buttons, bot.Button{Label: p.T("mentions.openon", "Network", bot.Clip(c.Network, 20)), URL: last.URL})
	}
	return append(buttons, bot.Button{Action: "case.undo", Arg: arg, Label: p.T("mentions.notposted")})
}

// answering is what an open conversation offers: the usual buttons, or those of the
// reply that a person has to post or look for, with its words before them. One of the usual ones,
// by its action, stays.
func answering(ctx context.Context, v bot.ViewRequest, c Case, arg, stays string, usual []bot.Button) ([]bot.Block, []bot.Button, error) {
	reply, is, err := underWay(ctx, v.Tx, c)
	var blocks []bot.Block
	var buttons []bot.Button
	switch {
	case err != nil || !is:
		return nil, usual, err
	case reply.Status == toPost:
		blocks, buttons = handBlocks(v, c, reply), handButtons(v.Print, c, arg)
	case reply.Wait != nil && reply.Status == "unknown":
		blocks, buttons = waitBlocks(v, c, reply), []bot.Button{
			{Action: "reply.there", Arg: arg, Label: v.Print.T("mentions.replythere")}, {Action: "reply.absent", Arg: arg, Label: v.Print.T("mentions.replyabsent")}}
	default:
		return waitBlocks(v, c, reply), usual, nil
	}
	for _, b := range usual {
		if b.Action == stays {
			b.Style = bot.Plain
			buttons = append(buttons, b)
		}
	}
	return blocks, buttons, nil
}

// passOn hands a conversation over as the form says, and says what happened.
func (c *Chat) passOn(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, inRound, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := r.Value(heirField)
	if to == whoever {
		to = ""
	}
	found, err := c.Engine.HandOver(ctx, r.Tx, id, r.Member.ID, to, r.Value(noteField))
	if err != nil {
		return bot.Reply{}, c.explainPass(r, found, err)
	}
	if inRound {
		if err := c.goOn(ctx, r, id, passedOn); err != nil {
			return bot.Reply{}, err
		}
	}
	rung, err := c.Engine.rung(ctx, r.Tx, r.Brand, found)
	return bot.Private(c.passedLine(r, found, rung)), err
}

// passedLine says who goes on with a conversation, when they will see it, and who hears
// of its promise if nobody answers.
func (c *Chat) passedLine(r *bot.Request, found Case, rung []*brand.Member) string {
	p, line := r.Print, r.Print.T("mentions.released")
	if heir := r.Space.Member(found.Owner); heir != nil {
		line = p.T("mentions.passed.now", "Who", heir.Name)
		if at := sees(r.Brand, heir, rung, r.Now); at.After(r.Now) {
			line = p.T("mentions.passed.later", "Who", heir.Name, "When", p.Soon(at, r.Now))
		}
	}
	if manager := c.Engine.manager(r.Brand, found.Owner, r.Now); manager != nil && found.Due.After(r.Now) {
		line += " " + p.T("mentions.passed.orelse", "At", ends(viewed(r), found.Due), "Who", manager.Name)
	}
	return line
}

// explainPass says to the person why they could not hand a conversation over.
func (c *Chat) explainPass(r *bot.Request, found Case, err error) error {
	for known, key := range map[error]string{ErrNobodys: "mentions.nobodys", ErrHeir: "mentions.noheir",
		ErrLooked: "mentions.passlook", ErrPressed: "mentions.passcritical"} {
		if errors.Is(err, known) {
			return bot.Refuse(r.Print.T(key))
		}
	}
	return c.explain(r, found, err)
}
