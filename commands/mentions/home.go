package mentions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// withArg is the argument of a form for a reply that begins with some words of a
// crisis; readWith takes it apart.
func withArg(arg string, number int) string { return arg + "-" + strconv.Itoa(number) }

func readWith(arg string) (before string, number int) {
	before, after, _ := strings.Cut(arg, "-")
	number, err := strconv.Atoi(after)
	if err != nil {
		return arg, 0
	}
	return before, number
}

// unready is a brand without ready answers: in a crisis its words come first.
func unready(b *brand.Brand) *brand.Brand {
	without := *b
	without.Answers = nil
	return &without
}

// stanced makes the form of a reply begin with the words of a crisis, where its
// theme is in one.
func (c *Chat) stanced(form bot.Former) bot.Former {
	return func(ctx context.Context, r *bot.Request) (bot.Form, error) {
		id, _, err := c.about(ctx, r)
		if err != nil {
			return bot.Form{}, err
		}
		found, err := c.Engine.get(ctx, r.Tx, id)
		if err != nil {
			return bot.Form{}, c.explain(r, found, err)
		}
		stance, err := c.Engine.stance(ctx, r.Tx, r.Brand, found.Themes)
		if err != nil || stance == nil {
			return form(ctx, r)
		}
		asked := *r
		asked.Brand = unready(r.Brand)
		made, err := form(ctx, &asked)
		if err != nil {
			return made, err
		}
		made.Arg = withArg(made.Arg, stance.Number)
		field := &made.Fields[0]
		field.Hint = stanceLine(r.Space, r.Print, *stance, r.Now)
		if say := stance.Say[found.Lang]; say != "" && len(field.Value) == 0 {
			field.Value = []string{say}
		}
		return made, nil
	}
}

// pick is the one conversation that a card shows and that still waits; ok is false
// when there is none, or several.
type pick func(ctx context.Context, v bot.ViewRequest) (c Case, ok bool, err error)

func (c *Chat) ofCase(ctx context.Context, v bot.ViewRequest) (Case, bool, error) {
	found, err := c.Engine.get(ctx, v.Tx, v.Subject)
	return found, err == nil && found.Stage != Done, err
}

func (c *Chat) ofRound(ctx context.Context, v bot.ViewRequest) (Case, bool, error) {
	round, _, err := rounds.Get(ctx, v.Tx, v.Subject)
	if err != nil || round.Current() == "" {
		return Case{}, false, err
	}
	v.Subject = round.Current()
	return c.ofCase(ctx, v)
}

func (c *Chat) ofList(ctx context.Context, v bot.ViewRequest) (Case, bool, error) {
	waiting, _, err := listed(ctx, v)
	if err != nil || len(waiting) != 1 {
		return Case{}, false, err
	}
	return waiting[0], true, nil
}

// ofOwn is ofList for a list of what its member has.
func (c *Chat) ofOwn(ctx context.Context, v bot.ViewRequest) (Case, bool, error) {
	own, _, _, err := listedOwn(ctx, v)
	if err != nil || len(own) != 1 {
		return Case{}, false, err
	}
	return own[0], true, nil
}

// calmly draws a card of one conversation with the words of a crisis in place of a
// ready answer, where its theme is in one.
func (c *Chat) calmly(of pick, view bot.View) bot.View {
	return func(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
		found, ok, err := of(ctx, v)
		if err != nil || !ok {
			return view(ctx, v)
		}
		stance, err := c.Engine.stance(ctx, v.Tx, v.Brand, found.Themes)
		if err != nil || stance == nil {
			return view(ctx, v)
		}
		v.Brand = unready(v.Brand)
		card, err := view(ctx, v)
		card.Blocks = append(card.Blocks, bot.P(stanceLine(v.Space, v.Print, *stance, v.Now)))
		if say := stance.Say[found.Lang]; say != "" {
			card.Blocks = append(card.Blocks, bot.P(v.Print.T("mentions.readywords", "Text", say)))
		}
		return card, err
	}
}

// stanceLine says whose words are said in a crisis, and that two people look.
func stanceLine(space *brand.Space, p *i18n.Printer, s Stance, now time.Time) string {
	if s.Number == 0 {
		return p.T("mentions.wordless")
	}
	return p.T("mentions.stance", "Number", s.Number, "Who", memberName(bot.ViewRequest{Space: space}, s.By), "At", p.Soon(s.At, now))
}

// waitsForLook says who looks at a reply, and whether the words changed while it was
// written.
func (c *Chat) waitsForLook(ctx context.Context, r *bot.Request, reply Reply, with int) (bot.Reply, error) {
	var who []string
	for _, m := range c.Engine.lookers(r.Brand, r.Member.ID, r.Now) {
		who = append(who, m.Name)
	}
	p := r.Print
	card := bot.Card{Token: r.NewToken(r.Tx), Blocks: []bot.Block{bot.P(p.T("mentions.looking", "Who", p.Or(who...)))},
		Buttons: []bot.Button{{Action: "case.undo", Label: p.T("mentions.undo")}}}
	if with < reply.words() { // somebody replaced them meanwhile
		found, err := c.Engine.get(ctx, r.Tx, reply.Case)
		if err != nil {
			return bot.Reply{}, err
		}
		_, changed, err := c.against(ctx, bot.ViewRequest{Space: r.Space, Brand: r.Brand, Print: p, Now: r.Now, Tx: r.Tx}, found, with)
		if err != nil {
			return bot.Reply{}, err
		}
		card.Blocks = append(card.Blocks, changed...)
		if err := c.Engine.WrittenWith(ctx, r.Tx, reply.ID, with); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "reply", Subject: reply.ID, Brand: r.Brand.ID})
}

// lookView draws a reply that waits for a second look, or what came of it.
func (c *Chat) lookView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	reply, found, err := c.Engine.looking(ctx, v.Tx, v.Subject)
	p := v.Print
	if errors.Is(err, ErrNotNow) {
		return bot.Card{Title: bot.Say(lookedLine(v, reply)), Tone: bot.Good,
			Blocks: []bot.Block{{Kind: bot.Quote, Quoted: reply.Part.Posts[0]}}}, nil
	}
	if errors.Is(err, ErrUnknown) { // erased
		return bot.Card{Title: bot.Say(p.T("mentions.lookgone")), Tone: bot.Good}, nil
	}
	if err != nil {
		return bot.Card{}, fmt.Errorf("view look %s: %w", v.Subject, err)
	}
	number, against, err := c.against(ctx, v, found, reply.words())
	if err != nil {
		return bot.Card{}, err
	}
	title := p.T("mentions.tolook", "Author", cmp.Or(found.Author, "?"), "Network", found.Network)
	card := bot.Card{Title: bot.Say(title), Summary: title, Tone: bot.Warning, Blocks: quoteBlocks(p, found)[1:], Buttons: []bot.Button{
		{Action: "reply.let", Arg: strconv.Itoa(number), Label: p.T("mentions.let"), Style: bot.Primary}, {Action: "reply.back", Label: p.T("mentions.sendback")}}}
	card.Blocks = append(card.Blocks, bot.P(p.T("mentions.proposes", "Who", memberName(v, reply.By))), bot.Block{Kind: bot.Quote, Quoted: reply.Part.Posts[0]})
	if reply.Wait != nil {
		card.Blocks = append(card.Blocks, bot.P(waitLine(v, reply)))
	}
	card.Blocks = append(card.Blocks, against...)
	if paused, err := c.Engine.paused(ctx, v.Tx, reply); err != nil || paused {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.despite")))
	}
	return card, err
}

// against is what a reply written with some words is compared with: those of now, by
// their number.
func (c *Chat) against(ctx context.Context, v bot.ViewRequest, found Case, with int) (number int, blocks []bot.Block, err error) {
	stance, err := c.Engine.stance(ctx, v.Tx, v.Brand, found.Themes)
	switch {
	case err != nil || stance == nil: // it is over
		return 0, nil, err
	case stance.Number == with:
		return with, []bot.Block{bot.P(stanceLine(v.Space, v.Print, *stance, v.Now))}, nil
	}
	blocks = []bot.Block{bot.P(v.Print.T("mentions.changed", "At", v.Print.At(stance.At, v.Now), "Who", memberName(v, stance.By)))}
	if say := stance.Say[found.Lang]; say != "" {
		blocks = append(blocks, bot.Block{Kind: bot.Quote, Quoted: say})
	}
	return stance.Number, blocks, nil
}

// lookedLine says what came of a reply that somebody was to look at.
func lookedLine(v bot.ViewRequest, r Reply) string {
	p := v.Print
	switch {
	case r.Reason == sentBack:
		return p.T("mentions.lookedback", "Who", memberName(v, r.Look.By), "At", p.Soon(r.Look.At, v.Now))
	case r.Reason == "" && r.Look != nil && r.Look.By != "":
		return p.T("mentions.looked", "Who", memberName(v, r.Look.By), "At", p.Soon(r.Look.At, v.Now))
	}
	return p.T("mentions.lookgone")
}

// let lets a reply go that somebody else looked at. With words that changed since the
// card was drawn they look again.
func (c *Chat) let(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	seen, err := strconv.Atoi(r.Arg)
	if err != nil {
		return bot.Reply{}, bot.Refuse(r.Print.T("chat.gone"))
	}
	_, err = c.Engine.Let(ctx, r.Tx, r.Subject, r.Member.ID, seen)
	return bot.Reply{}, c.explainLook(r, err)
}

func (c *Chat) sendBack(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	_, err := c.Engine.SendBack(ctx, r.Tx, r.Subject, r.Member.ID)
	return bot.Reply{}, c.explainLook(r, err)
}

// explainLook says to the person why nothing changed of a reply that they looked at.
func (c *Chat) explainLook(r *bot.Request, err error) error {
	for known, key := range map[error]string{ErrNotNow: "mentions.notlook", ErrWords: "mentions.lookagain",
		ErrOwn: "mentions.ownlook", ErrHour: "mentions.hourlook"} {
		if errors.Is(err, known) {
			return bot.Refuse(r.Print.T(key))
		}
	}
	return c.explain(r, Case{}, err)
}

// mostButtons is how many stand on a card with others behind "More…".
const mostButtons = 3

// passButtons ask the person to wait, or hand the conversation over: only to who has it,
// as far as the card knows its reader, and while that is possible. What nobody has can
// be asked to wait by whoever takes it so.
func passButtons(ctx context.Context, v bot.ViewRequest, c Case, arg string) (buttons []bot.Button, _ error) {
	var reply Reply
	if c.Reply != "" {
		found, err := replies.Peek(ctx, v.Tx, c.Reply)
		if err != nil {
			return nil, err
		}
		reply = append(found, Reply{})[0]
	}
	theirs := v.Member == nil || v.Member.ID == c.Owner
	if (theirs || c.Stage == Waiting) && !reply.onWay() && reply.Status != toPost {
		buttons = append(buttons, bot.Button{Action: "case.wait", Arg: arg, Label: v.Print.T("mentions.waitinfo")})
	}
	if c.Owner != "" && theirs && reply.Status != asked {
		buttons = append(buttons, bot.Button{Action: "case.pass", Arg: arg, Label: v.Print.T("mentions.pass")})
	}
	return buttons, nil
}

// withPass adds the button that hands over to a card, behind the others where there is
// no room.
func withPass(p *i18n.Printer, card bot.Card, pass []bot.Button) bot.Card {
	if len(card.Buttons)+len(pass) > mostButtons {
		card.More, card.MoreLabel = append(card.More, pass...), p.T("chat.more")
		return card
	}
	card.Buttons = append(card.Buttons, pass...)
	return card
}

// listedOwn is listed for a list of what a member has: what somebody else goes on with,
// or nobody, is gone.
func listedOwn(ctx context.Context, v bot.ViewRequest) (own, gone []Case, all int, err error) {
	member, _, _ := strings.Cut(v.Subject, "/")
	waiting, all, err := listed(ctx, v)
	for _, c := range waiting {
		if c.Owner == member {
			own = append(own, c)
		} else {
			gone = append(gone, c)
		}
	}
	return own, gone, all, err
}

// goneCard says who goes on with what a member had.
func goneCard(v bot.ViewRequest, gone []Case) bot.Card {
	title := v.Print.T("mentions.gone")
	card := bot.Card{Title: bot.Say(title), Summary: title}
	for _, c := range gone[:min(len(gone), listLimit)] {
		card.Blocks = append(card.Blocks, bot.P(v.Print.T("mentions.said", "Author", cmp.Or(c.Author, "?"), "Network", c.Network)+" · "+owner(v, c)))
	}
	if rest := len(gone) - listLimit; rest > 0 {
		card.Blocks = append(card.Blocks, bot.P(v.Print.T("mentions.listrest", "Count", rest)))
	}
	return card
}

// handedView draws what a member gets of whom a conversation was handed to.
func (c *Chat) handedView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	own, gone, all, err := listedOwn(ctx, v)
	switch {
	case err != nil:
		return bot.Card{}, err
	case len(gone) > 0:
		return goneCard(v, gone), nil
	case len(own) == 0:
		return listCard(ctx, v, nil, all, "", "")
	}
	p, found := v.Print, own[0]
	title := p.T("mentions.said", "Author", cmp.Or(found.Author, "?"), "Network", found.Network)
	if found.Handed.By != "" { // else they gave it back since, and took it again
		title = p.T("mentions.handed", "Who", memberName(v, found.Handed.By)) + " · " + title
	}
	card := bot.Card{Title: bot.Say(title), Summary: title, Blocks: quoteBlocks(p, found)[1:], MoreLabel: p.T("chat.more")}
	if found.Handed.Note != "" {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.handednote", "Who", memberName(v, found.Handed.By))), bot.Block{Kind: bot.Quote, Quoted: found.Handed.Note})
	}
	card.Blocks = append(card.Blocks, bot.P(owner(v, found)))
	hand, buttons, err := answering(ctx, v, found, found.ID, "case.reply", caseButtons(p, found, found.ID))
	if err != nil {
		return bot.Card{}, err
	}
	if len(hand) == 0 {
		hand = readyBlock(v, found)
	}
	card.Blocks, card.Buttons = append(card.Blocks, hand...), buttons
	pass, err := passButtons(ctx, v, found, found.ID)
	return withPass(p, card, pass), err
}
