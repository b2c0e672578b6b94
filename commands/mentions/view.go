package mentions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/bot/text/personal"
)

// quoteBlocks are a conversation's author and last words. Insults are folded,
// personal data is covered.
func quoteBlocks(p *i18n.Printer, c Case) []bot.Block {
	last := c.Heard[len(c.Heard)-1]
	quote := bot.Block{Kind: bot.Quote, Quoted: personal.Cover(last.Text), Folded: c.Folded}
	if c.Folded {
		quote.Label = p.T("chat.fold")
	}
	said := p.T("mentions.said", "Author", cmp.Or(c.Author, "?"), "Network", c.Network)
	if len(c.Rivals) > 0 {
		said += " · " + p.T("mentions.rivals", "Names", p.List(c.Rivals...))
	}
	return []bot.Block{bot.P(said), quote}
}

// caseView draws card D for one conversation.
func (c *Chat) caseView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	found, err := c.Engine.get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, fmt.Errorf("view case %s: %w", v.Subject, err)
	}
	p := v.Print
	last := found.Heard[len(found.Heard)-1]
	title := p.T("mentions.title."+string(found.Kind), "Network", found.Network, "Ago", p.Ago(last.At, v.Now))
	card := bot.Card{Title: bot.Say(title), Summary: title, Tone: bot.Warning, Blocks: quoteBlocks(p, found), MoreLabel: p.T("chat.more")}
	if len(found.Why) > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.why", "Why", because(p, found.Why))))
	}
	if found.Private {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.private")))
	}
	if found.Stage == Done {
		return c.doneCard(ctx, v, card, found)
	}
	call, called, err := oncall.Get(ctx, v.Tx, found.ID)
	if err != nil {
		return bot.Card{}, err
	}
	if called {
		card.Blocks = append(card.Blocks, bot.P(call.Line(p, v.Space, v.Now)))
	}
	unsent, err := c.unsent(ctx, v, found)
	if err != nil {
		return bot.Card{}, err
	}
	card.Blocks = append(card.Blocks, unsent...)
	card.Blocks = append(append(card.Blocks, bot.P(owner(v, found))), readyMenu(v, found)...)
	hand, buttons, err := answering(ctx, v, found, "", "case.reply", caseButtons(p, found, ""))
	if err != nil {
		return bot.Card{}, err
	}
	card.Blocks, card.Buttons = append(card.Blocks, hand...), buttons
	if called && call.SeenBy == "" {
		card.Buttons = append(card.Buttons, bot.Button{Action: "case.seen", Label: p.T("oncall.seen")})
	}
	card.More = append(reasonButtons(p), bot.Button{Action: "case.notneg", Label: p.T("mentions.notneg")}, themeButton(p, ""))
	card.More = append(card.More, foldButtons(p, found, "")...)
	pass, err := passButtons(ctx, v, found, "")
	if err != nil {
		return bot.Card{}, err
	}
	card.More = append(card.More, pass...)
	if moderate := c.moderateButton(v, ""); found.Private { // it cannot stay where everybody reads it
		card.Buttons = append(card.Buttons, moderate...)
	} else {
		card.More = append(card.More, moderate...)
	}
	return card, nil
}

func because(p *i18n.Printer, keys []string) string {
	reasons := make([]string, len(keys))
	for i, key := range keys {
		reasons[i] = p.T(key)
	}
	return p.List(reasons...)
}

func owner(v bot.ViewRequest, c Case) string { return promised(v, c) + " · " + taken(v, c) }

func taken(v bot.ViewRequest, c Case) string {
	if c.Owner == "" {
		return v.Print.T("mentions.nobody")
	}
	return v.Print.T("mentions.owner", "Who", memberName(v, c.Owner), "At", v.Print.Soon(c.TakenAt, v.Now))
}

func memberName(v bot.ViewRequest, id string) string {
	if m := v.Space.Member(id); m != nil {
		return m.Name
	}
	return id
}

func caseButtons(p *i18n.Printer, c Case, arg string) []bot.Button {
	reply := bot.Button{Action: "case.reply", Arg: arg, Label: p.T("mentions.reply"), Style: bot.Primary}
	if c.Owner == "" {
		reply.Style = bot.Plain
		return []bot.Button{{Action: "case.take", Arg: arg, Label: p.T("mentions.take"), Style: bot.Primary}, reply}
	}
	return []bot.Button{reply}
}

func reasonButtons(p *i18n.Printer) []bot.Button {
	var buttons []bot.Button
	for _, reason := range reasons() {
		buttons = append(buttons, bot.Button{Action: "case.nothing", Arg: reason, Label: p.T("mentions.because." + reason)})
	}
	return buttons
}

func themeButton(p *i18n.Printer, arg string) bot.Button {
	return bot.Button{Action: "case.theme", Arg: arg, Label: p.T("mentions.themeform")}
}

// foldButtons open what is folded, for oneself or for everybody.
func foldButtons(p *i18n.Printer, c Case, arg string) []bot.Button {
	if !c.Folded {
		return nil
	}
	return []bot.Button{{Action: "case.show", Arg: arg, Label: p.T("chat.show")}, {Action: "case.calm", Arg: arg, Label: p.T("mentions.calm")}}
}

// howEnded says how a conversation ended, and by whom.
func howEnded(v bot.ViewRequest, e Ended) string {
	why := ""
	if e.Reason != "" {
		why = v.Print.T(e.Reason)
	}
	return v.Print.T("mentions.outcome."+string(e.Outcome), "Who", memberName(v, e.Owner), "At", v.Print.Soon(e.DoneAt, v.Now), "Why", why)
}

// doneCard says how a conversation ended, and what became of the reply.
func (c *Chat) doneCard(ctx context.Context, v bot.ViewRequest, card bot.Card, found Case) (bot.Card, error) {
	p := v.Print
	card.Tone = bot.Good
	card.Blocks = append(card.Blocks, bot.P(howEnded(v, found.ended())))
	if found.Reply == "" || found.Outcome != Replied {
		return card, nil
	}
	reply, ok, err := replies.Get(ctx, v.Tx, found.Reply)
	if err != nil || !ok {
		return card, err
	}
	card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Quote, Quoted: reply.Part.Posts[0]})
	card.More = c.keepButton(p, reply)
	switch reply.Status {
	case "sent":
		if reply.URL != "" {
			card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Paragraph, Text: bot.Text{{Text: p.T("mentions.seereply"), URL: reply.URL}}})
		}
	case posted:
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.postedbyhand", "Network", found.Network)))
	case toPost: // an earlier release took it for posted
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.unseenbyhand", "Network", found.Network)))
	case "unknown":
		card.Tone = bot.Warning
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.replyunknown", "Network", found.Network)))
		card.Buttons = []bot.Button{
			{Action: "reply.there", Label: p.T("mentions.replythere")}, {Action: "reply.absent", Label: p.T("mentions.replyabsent")}}
	}
	return card, nil
}

// unsent says why the reply to an open conversation did not leave.
func (c *Chat) unsent(ctx context.Context, v bot.ViewRequest, found Case) ([]bot.Block, error) {
	if found.Reply == "" {
		return nil, nil
	}
	reply, ok, err := replies.Get(ctx, v.Tx, found.Reply)
	if err == nil && reply.Status == asked {
		return []bot.Block{bot.P(v.Print.T("mentions.islooked", "Who", memberName(v, reply.By)))}, nil
	}
	if err != nil || !ok || reply.Reason == "" || reply.Wait != nil { // that is said with what to do
		return nil, err
	}
	var args []any
	for name, value := range reply.Args {
		args = append(args, name, value)
	}
	return []bot.Block{
		bot.P(v.Print.T("mentions.unsent", "Why", v.Print.T(reply.Reason, args...))),
		{Kind: bot.Quote, Quoted: reply.Part.Posts[0]},
	}, nil
}

// listed reads the conversations of a person's list that still wait, the
// earliest promise first, and how many it had.
func listed(ctx context.Context, v bot.ViewRequest) (waiting []Case, all int, err error) {
	r, _, err := reminders.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return nil, 0, fmt.Errorf("view list %s: %w", v.Subject, err)
	}
	waiting, err = cases.Peek(ctx, v.Tx, r.Cases...)
	waiting = slices.DeleteFunc(waiting, func(c Case) bool { return c.Stage == Done })
	slices.SortStableFunc(waiting, func(a, b Case) int { return a.Due.Compare(b.Due) })
	return waiting, len(r.Cases), err
}

const (
	// listLimit is how many conversations a list names; the rest is counted.
	listLimit = 5
	// pageSize is how many a list shows that goes on, and mostListed how many it
	// goes through.
	pageSize   = 8
	mostListed = 500
)

// listCard draws a person's list: its only conversation whole, several in a line
// each. The keys are of the titles for both.
func listCard(ctx context.Context, v bot.ViewRequest, waiting []Case, all int, one, several string) (bot.Card, error) {
	p := v.Print
	switch len(waiting) {
	case 0:
		title := p.T("mentions.listdone", "Count", all)
		return bot.Card{Title: bot.Say(title), Summary: title, Tone: bot.Good}, nil
	case 1:
		c := waiting[0]
		title := p.T(one, "Left", p.Duration(max(c.Due.Sub(v.Now), time.Minute)), "At", ends(v, c.Due), "Author", c.Author, "Network", c.Network)
		said := taken(v, c)
		if !c.Holding.At.IsZero() {
			said = owner(v, c)
		}
		card := bot.Card{Title: bot.Say(title), Summary: title, Blocks: append(quoteBlocks(p, c)[1:], bot.P(said))}
		hand, buttons, err := answering(ctx, v, c, c.ID, "case.reply", caseButtons(p, c, c.ID))
		if len(hand) == 0 {
			hand = readyBlock(v, c)
		}
		card.Blocks, card.Buttons = append(card.Blocks, hand...), buttons
		if err != nil {
			return card, err
		}
		pass, err := passButtons(ctx, v, c, c.ID)
		return withPass(p, card, pass), err
	}
	title := p.T(several, "Count", len(waiting), "At", ends(v, waiting[0].Due))
	card := bot.Card{Title: bot.Say(title), Summary: title, Buttons: []bot.Button{
		{Action: "round.start", Label: p.T("mentions.startround"), Style: bot.Primary}}}
	for _, c := range waiting[:min(len(waiting), listLimit)] {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.said", "Author", cmp.Or(c.Author, "?"), "Network", c.Network)+" · "+owner(v, c)))
	}
	if rest := len(waiting) - listLimit; rest > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.listrest", "Count", rest)))
	}
	return card, nil
}

// reminderView draws card F.
func (c *Chat) reminderView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	waiting, gone, all, err := listedOwn(ctx, v)
	if err != nil {
		return bot.Card{}, err
	}
	if len(waiting) == 0 && len(gone) > 0 {
		return goneCard(v, gone), nil
	}
	if len(waiting) == 0 || v.Now.After(waiting[0].Due) {
		return listCard(ctx, v, waiting, all, "mentions.late", "mentions.severallate")
	}
	card, err := listCard(ctx, v, waiting, all, "mentions.left25", "mentions.endsoon")
	if manager := c.Engine.manager(v.Brand, waiting[0].Owner, v.Now); manager != nil {
		card.Blocks = append(card.Blocks, bot.P(v.Print.T("mentions.orelse", "At", v.Print.ClockBoth(waiting[0].Due, v.Now, v.Brand.Zone), "Who", manager.Name)))
	}
	return card, err
}

// lateView draws what the manager gets when promises ended.
func (c *Chat) lateView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	waiting, all, err := listed(ctx, v)
	if err != nil {
		return bot.Card{}, err
	}
	soon := slices.IndexFunc(waiting, func(c Case) bool { return c.Due.After(v.Now) })
	switch {
	case soon == 0: // a holding reply moved them all
		return listCard(ctx, v, waiting, all, "mentions.left25", "mentions.endsoon")
	case soon > 0:
		waiting = waiting[:soon]
	}
	return listCard(ctx, v, waiting, all, "mentions.late", "mentions.severallate")
}

// overCard says what a round came to.
func (c *Chat) overCard(ctx context.Context, v bot.ViewRequest, round Round) (bot.Card, error) {
	p := v.Print
	title := p.T("mentions.over")
	card := bot.Card{Title: bot.Say(title), Summary: title, Blocks: []bot.Block{bot.P(p.T("mentions.overcounts",
		"Replied", p.T("mentions.nreplied", "Count", round.Replied), "Liked", p.T("mentions.nliked", "Count", round.Liked),
		"Nothing", p.T("mentions.nnothing", "Count", round.Nothing)))}}
	if n := len(round.Hand); n > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.nhand", "Count", n)))
	}
	if n := len(round.Held); n > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.nheld", "Count", n)))
	}
	if round.Handed > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.nhanded", "Count", round.Handed)))
	}
	if round.Later > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.nlater", "Count", round.Later)))
	}
	if round.Later > 0 || len(round.Hand) > 0 {
		card.Buttons = []bot.Button{{Action: "round.start", Label: p.T("mentions.again")}}
	}
	doors, err := c.doors(ctx, v.Tx, v.Brand, v.Member, p)
	card.Buttons = append(card.Buttons, doors...)
	return card, err
}

// roundView draws the conversation that a member's round has come to.
func (c *Chat) roundView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	round, _, err := rounds.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	p := v.Print
	if round.Current() == "" {
		return c.overCard(ctx, v, round)
	}
	found, err := c.Engine.get(ctx, v.Tx, round.Current())
	if err != nil {
		return bot.Card{}, fmt.Errorf("view round of %s: %w", v.Subject, err)
	}
	last := found.Heard[len(found.Heard)-1]
	title := p.T("mentions.round", "At", round.At+1, "Count", len(round.Queue)) + " · " +
		p.T("mentions.title."+string(found.Kind), "Network", found.Network, "Ago", p.Ago(last.At, v.Now))
	card := bot.Card{Title: bot.Say(title), Summary: title, Blocks: quoteBlocks(p, found), MoreLabel: p.T("mentions.noneed")}
	card.Blocks = append(card.Blocks, bot.P(owner(v, found)))
	arg := round.Current()
	hand, buttons, err := answering(ctx, v, found, arg, "case.later", []bot.Button{
		{Action: "case.reply", Arg: arg, Label: p.T("mentions.reply"), Style: bot.Primary},
		{Action: "case.like", Arg: arg, Label: p.T("mentions.like")},
		{Action: "case.later", Arg: arg, Label: p.T("mentions.later")},
	})
	if err != nil {
		return bot.Card{}, err
	}
	if len(hand) == 0 {
		hand = append(readyBlock(v, found), readyMenu(v, found)...)
	}
	card.Blocks, card.Buttons = append(card.Blocks, hand...), buttons
	doors, err := c.doors(ctx, v.Tx, v.Brand, v.Member, p)
	if err != nil {
		return bot.Card{}, err
	}
	card.Buttons = append(card.Buttons, doors...)
	pass, err := passButtons(ctx, v, found, arg)
	card.More = slices.Concat(reasonButtons(p), []bot.Button{themeButton(p, arg)}, foldButtons(p, found, arg), c.moderateButton(v, arg), pass)
	return card, err
}
