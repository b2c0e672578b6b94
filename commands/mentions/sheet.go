package mentions

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// answers says whether somebody's work is with those who write: they see who
// does.
func answers(m *brand.Member) bool { return m.Can(brand.Responder) || m.Can(brand.Moderator) }

// mostKnown is among how many people a name is looked for: who was heard last.
const mostKnown = 1000

// Known lists who wrote to the brand, for a menu: who was heard last first, and
// nobody where that is not the work of who asks.
func (c *Chat) Known(ctx context.Context, r *bot.Request) (all []bot.Choice, err error) {
	if !answers(r.Member) {
		return nil, nil
	}
	wrote, err := c.Engine.Authors(ctx, r.Tx, r.Brand.ID, mostKnown)
	for _, one := range wrote {
		all = append(all, bot.Choice{Value: one.ID, Label: bot.Clip(one.Author+" · "+one.Network, 75)})
	}
	return all, err
}

// Sheet answers what is known of somebody in Known, by their value; or of who
// wrote under a name in the application of who asks, if somebody did.
func (c *Chat) Sheet(ctx context.Context, r *bot.Request, id, name string) (reply bot.Reply, found bool, err error) {
	if !answers(r.Member) {
		return bot.Reply{}, false, bot.Allow(r, brand.Responder, brand.Moderator)
	}
	if id == "" {
		id = caseWith(r.Brand, r.Platform.Name(), name)
	}
	wrote, err := cases.Peek(ctx, r.Tx, id)
	if err != nil || len(wrote) == 0 || wrote[0].Author == "" || wrote[0].Brand != r.Brand.ID {
		return bot.Reply{}, false, err
	}
	one := wrote[0]
	card := personView(viewed(r), one)
	if one.Stage != Done && r.Member.Can(brand.Responder) {
		card.Buttons = []bot.Button{{Action: "case.reply", Label: r.Print.T("mentions.reply"), Style: bot.Primary}}
	}
	if last := one.Heard[len(one.Heard)-1]; last.URL != "" {
		card.Buttons = append(card.Buttons, bot.Button{Label: r.Print.T("mentions.openon", "Network", bot.Clip(one.Network, 20)), URL: last.URL})
	}
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, true, board.Name(ctx, r.Tx, card.Token, board.About{View: "person", Subject: one.ID, Brand: r.Brand.ID})
}

// Waits says how many conversations a member took, to those who answer too.
func (c *Chat) Waits(ctx context.Context, r *bot.Request, m *brand.Member) ([]string, error) {
	if !answers(r.Member) {
		return nil, nil
	}
	waiting, err := c.Engine.Waiting(ctx, r.Tx, r.Brand.ID, 1000)
	own := slices.DeleteFunc(waiting, func(one Case) bool { return one.Owner != m.ID })
	if err != nil || len(own) == 0 {
		return nil, err
	}
	return []string{r.Print.T("mentions.has", "Count", len(own))}, nil
}

// personView draws what is known of somebody who wrote: how often, what came of
// it, what they said last, and before.
func personView(v bot.ViewRequest, c Case) bot.Card {
	p := v.Print
	since, said, ended := c.Since, c.Count, maps.Clone(c.Past.Ended)
	if c.Past.Said > 0 {
		since, said = c.Past.Since, said+c.Past.Said
	}
	if c.Stage == Done {
		ended = c.before(v.Now).Ended
	}
	card := bot.Card{Title: bot.Say(p.T("mentions.said", "Author", c.Author, "Network", c.Network)),
		Summary: p.T("mentions.person"),
		Blocks:  []bot.Block{bot.P(p.T("mentions.wrote", "Count", said, "Since", p.Day(since, v.Now)))}}
	if len(ended) > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.came", "Replied", p.T("mentions.nreplied", "Count", ended[Replied]),
			"Liked", p.T("mentions.nliked", "Count", ended[Liked]), "Nothing", p.T("mentions.nnothing", "Count", ended[Nothing]))))
	}
	if why := notable(v, c); len(why) > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("mentions.notable", "Why", because(p, why))))
	}
	card.Blocks = append(card.Blocks, quoteBlocks(p, c)[1:]...)
	if c.Stage == Done {
		card.Blocks = append(card.Blocks, bot.P(howEnded(v, c.ended())))
	} else {
		card.Blocks = append(card.Blocks, bot.P(owner(v, c)))
	}
	for _, e := range slices.Backward(c.Past.Last) {
		words := p.Quote(bot.Clip(e.Text, pastWords))
		if e.Folded {
			words = p.T("chat.fold")
		}
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Paragraph, Text: bot.Text{{Text: words, URL: e.URL}, {Text: " · " + howEnded(v, e)}}})
	}
	return card
}

// notable is what to know of somebody before one answers: catalog keys.
func notable(v bot.ViewRequest, c Case) (why []string) {
	for key, is := range map[string]bool{
		"mentions.why.listed": slices.ContainsFunc(v.Brand.Listed, func(who string) bool { return strings.EqualFold(who, c.Author) }),
		"mentions.why.press":  c.Kind == Press,
		"mentions.why.second": c.Stage == Waiting && c.Count > 1,
	} {
		if is {
			why = append(why, key)
		}
	}
	slices.Sort(why)
	return why
}

// readyBlock shows the ready answer with which the form of a reply opens.
func readyBlock(v bot.ViewRequest, c Case) []bot.Block {
	ready, ok := readyAnswer(v.Brand, c, v.Now)
	if !ok {
		return nil
	}
	return []bot.Block{bot.P(v.Print.T("mentions.readyanswer", "Text", ready.Text[c.Lang], "Name", i18n.In(ready.Name, v.Print.Lang)))}
}

// readyMenu offers the brand's answers for a conversation: not when the only one is
// in the form already, nor when all are about something else.
func readyMenu(v bot.ViewRequest, c Case) []bot.Block {
	choices := readyChoices(v.Print, v.Brand, c, v.Now)
	_, proposed := readyAnswer(v.Brand, c, v.Now)
	if len(choices) == 0 || proposed && len(choices) == 1 || c.Kind == Thanks || !fits(v.Brand, c, v.Now) {
		return nil
	}
	menu := bot.Select{Action: "case.with", Label: v.Print.T("mentions.with"), Choices: choices}.Bounded(v.Print)
	return []bot.Block{{Kind: bot.Menu, Select: &menu}}
}

func readyChoices(p *i18n.Printer, b *brand.Brand, c Case, now time.Time) []bot.Choice {
	var choices []bot.Choice
	for _, a := range b.Ready(c.Lang, c.Themes, now) {
		choices = append(choices, bot.Choice{Value: a.ID, Label: bot.Clip(i18n.In(a.Name, p.Lang), 75)})
	}
	return choices
}

// readyFor lists the answers for the conversation of the card.
func (c *Chat) readyFor(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	id := r.Subject
	if r.View == RoundView {
		round, _, err := c.Engine.RoundOf(ctx, r.Tx, r.Member.ID)
		if err != nil {
			return nil, err
		}
		id = round.Current()
	}
	found, err := cases.Peek(ctx, r.Tx, id)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return readyChoices(r.Print, r.Brand, found[0], r.Now), nil
}

// keepButton offers to make a ready answer of a reply, unless it was made of one.
func (c *Chat) keepButton(p *i18n.Printer, reply Reply) []bot.Button {
	if c.Sheets == nil || reply.Answer != "" || reply.Wait != nil {
		return nil
	}
	return []bot.Button{{Action: "case.keep", Label: p.T("mentions.keep")}}
}

// keepForm makes a ready answer of a reply: the one just sent, or that to the
// conversation of the card.
func (c *Chat) keepForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	id := r.Subject
	if r.View != replyView {
		found, err := c.Engine.get(ctx, r.Tx, r.Subject)
		if err != nil {
			return bot.Form{}, c.explain(r, found, err)
		}
		id = found.Reply
	}
	reply, replied, err := replies.Get(ctx, r.Tx, id)
	if err != nil {
		return bot.Form{}, err
	}
	if !replied || c.Sheets == nil {
		return bot.Form{}, c.explain(r, Case{}, ErrUnknown)
	}
	about, err := c.Engine.get(ctx, r.Tx, reply.Case)
	if err != nil {
		return bot.Form{}, c.explain(r, about, err)
	}
	theme := ""
	if len(about.Themes) > 0 {
		theme = about.Themes[0]
	}
	return c.Sheets.Keep(ctx, r, theme, about.Lang, reply.Part.Posts[0])
}

// hourMark is what the hour that is chosen takes the place of in a holding reply.
const hourMark = "mentions.waitmark"

// read is the language in which who wrote to a brand reads.
func read(b *brand.Brand, lang string) string { return cmp.Or(lang, b.MainLang()) }

// neutral are the words of a holding reply, in the language of its reader: they name no
// cause, and promise only an hour. Empty in a language that Crieur does not speak.
func neutral(p *i18n.Printer, b *brand.Brand, c Case, now time.Time) string {
	lang := read(b, c.Lang)
	p = p.As(lang)
	switch {
	case !slices.Contains(i18n.Langs(), lang):
		return ""
	case c.movable() && len(comebacks(b, c.Due, now)) > 0:
		return p.T("mentions.waitwords", "At", p.T(hourMark))
	case c.named(now).IsZero():
		return p.T("mentions.waitwordslate")
	}
	return p.T("mentions.waitwordsagain", "At", p.T(hourMark))
}

// hourIn is an hour as who wrote to a brand reads it.
func hourIn(p *i18n.Printer, b *brand.Brand, lang string, at, now time.Time) string {
	return p.As(read(b, lang)).In(b.Zone).When(at, now)
}

// filledIn puts an hour where a text has the mark for it; false where it has one, and
// there is no hour.
func filledIn(p *i18n.Printer, text, hour string) (string, bool) {
	for _, lang := range i18n.Langs() {
		mark := p.As(lang).T(hourMark)
		if hour == "" && strings.Contains(text, mark) {
			return text, false
		}
		text = strings.ReplaceAll(text, mark, hour)
	}
	return text, true
}

// unnamed are the words of a holding reply that did not leave, for another try: its hour
// is chosen again.
func unnamed(p *i18n.Printer, b *brand.Brand, r Reply) string {
	if r.Wait.Until.IsZero() {
		return r.Part.Posts[0]
	}
	return strings.ReplaceAll(r.Part.Posts[0], hourIn(p, b, r.Part.Lang, r.Wait.Until, r.At), p.As(read(b, r.Part.Lang)).T(hourMark))
}

// askToWait sends a holding reply as the form says.
func (c *Chat) askToWait(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	var with int
	r.Arg, with = readWith(r.Arg)
	id, _, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	found, err := c.Engine.get(ctx, r.Tx, id)
	if err != nil {
		return bot.Reply{}, c.explain(r, found, err)
	}
	hour, until := found.named(r.Now), time.Time{}
	if picked := r.Value(untilField); picked != "" && found.movable() {
		if until, err = time.Parse(time.RFC3339, picked); err != nil {
			return bot.Reply{}, c.explain(r, found, ErrHour)
		}
		hour = until
	}
	said := ""
	if !hour.IsZero() {
		said = hourIn(r.Print, r.Brand, found.Lang, hour, r.Now)
	}
	text, ok := filledIn(r.Print, r.Value("text"), said)
	if !ok {
		return bot.Reply{}, bot.Refuse(r.Print.T("mentions.nohour"))
	}
	reply, err := c.Engine.AskToWait(ctx, r.Tx, id, r.Member.ID, text, until)
	if err != nil {
		return bot.Reply{}, c.explain(r, found, err)
	}
	return c.leaves(ctx, r, reply, with, heldOn)
}

// leavingBlocks say that a reply leaves in a minute, and to whom: a round leaves several
// such messages behind. Of a holding reply they say its words, which name an hour, and
// what comes after.
func leavingBlocks(v bot.ViewRequest, c Case, r Reply) []bot.Block {
	to := bot.P(v.Print.T("mentions.leavesto", "Author", cmp.Or(c.Author, "?"), "Network", c.Network, "At", v.Print.Clock(r.At)))
	if r.Wait == nil {
		return []bot.Block{bot.P(v.Print.T("mentions.leaving")), to}
	}
	return []bot.Block{bot.P(v.Print.T("mentions.waitleaves")), to, {Kind: bot.Quote, Quoted: r.Part.Posts[0]}, bot.P(waitLine(v, r))}
}

// waitLine says what a holding reply changes once it left.
func waitLine(v bot.ViewRequest, r Reply) string {
	if !r.Wait.Moves {
		return v.Print.T("mentions.waitkeeps")
	}
	return v.Print.T("mentions.waitmoves", "At", ends(v, r.Wait.Until))
}

// waitBlocks say what becomes of a holding reply that was not seen to leave.
func waitBlocks(v bot.ViewRequest, c Case, r Reply) []bot.Block {
	p, quote := v.Print, bot.Block{Kind: bot.Quote, Quoted: r.Part.Posts[0]}
	switch {
	case r.Wait == nil:
		return nil
	case r.Status == "unknown":
		return []bot.Block{bot.P(p.T("mentions.waitunknown", "Network", c.Network)), quote}
	case r.Status == "planned":
		return []bot.Block{bot.P(p.T("mentions.waitplanned", "Who", memberName(v, r.By), "At", p.Clock(r.At))), quote}
	case r.Status == "claimed":
		return []bot.Block{bot.P(p.T("mentions.waitclaimed", "Who", memberName(v, r.By))), quote}
	case r.Reason == "":
		return nil
	}
	var args []any
	for name, value := range r.Args {
		args = append(args, name, value)
	}
	return []bot.Block{bot.P(p.T("mentions.waitunsent", "Why", p.T(r.Reason, args...))), quote}
}

// promised says by when a conversation is answered, or since when it should be, and
// when its person got a holding reply.
func promised(v bot.ViewRequest, c Case) string {
	p, key := v.Print, "mentions.by"
	if v.Now.After(c.Due) {
		key = "mentions.overdue"
	}
	at := c.Holding.At
	if at.IsZero() {
		return p.T(key, "At", ends(v, c.Due))
	}
	held, left := "mentions.heldon", p.When(at, v.Now)
	if p.Day(at, v.Now) == p.Day(v.Now, v.Now) {
		held, left = "mentions.held", p.Clock(at)
	}
	if !v.Now.After(c.Due) {
		key = "mentions.comeback"
	}
	return p.T(held, "At", left) + " · " + p.T(key, "At", ends(v, c.Due))
}

// ends says when a promise ends, on the brand's clock and on that of a reader
// elsewhere: without the day where it is today for both.
func ends(v bot.ViewRequest, at time.Time) string {
	p, home := v.Print, v.Print.In(v.Brand.Zone)
	today := p.Day(at, v.Now) == p.Day(v.Now, v.Now) && home.Day(at, v.Now) == home.Day(v.Now, v.Now)
	if today {
		return p.ClockBoth(at, v.Now, v.Brand.Zone)
	}
	return p.SoonBoth(at, v.Now, v.Brand.Zone)
}
