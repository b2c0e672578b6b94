package drafting

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/approvals"
	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/text/measure"
	"crieur/bot/text/proof"
	"crieur/bot/work"
)

// mostLines is how many lines a card has under its title (people.md section 2).
const mostLines = 8

// shown is how many characters of a text a card quotes; the rest is behind
// "See each network".
const shown = 280

// view draws card A: the draft, how it stands for each network, what to mend.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	d, found, err := drafts.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	if !found {
		return bot.Card{}, fmt.Errorf("view draft %s: %w", v.Subject, ErrUnknown)
	}
	p := v.Print
	if d.Stage == Deleted {
		return bot.Card{Title: bot.Say(p.T("drafting.deleted", "Title", d.Title))}, nil
	}
	asked, err := requestOf(ctx, v, d)
	if err != nil {
		return bot.Card{}, err
	}
	report := c.Engine.Checks.Run(v.Brand, d)
	title := p.T("drafting.card."+stands(d, asked), "Title", d.Title)
	card := bot.Card{Title: bot.Say(title), Summary: title, MoreLabel: p.T("chat.more"), Blocks: remark(v, asked)}
	card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Quote, Quoted: excerpt(p, d.Base)}, bot.P(planned(p, v, d)))
	card.Blocks = append(card.Blocks, readBy(v, d)...)
	advice := append(mending(p, report), heard(p, d.Echo, v.Now)...)
	card.Blocks = append(append(card.Blocks, networks(p, report.Lines, mostLines-len(card.Blocks)-len(advice))...), advice...)
	card.Blocks = append(card.Blocks, pictureBlocks(d)...)
	card.Buttons, card.More = buttons(p, d, sendable(d, asked), report)
	card.More = append(pictureButtons(p, d), card.More...)
	if c.Engine.Words {
		card.More = append([]bot.Button{{Action: "draft.words", Label: p.T("drafting.words.ask")}}, card.More...)
	}
	return card, nil
}

// pictureBlocks are the draft's pictures, by a lighter copy where there is one:
// every chat application shows that, and soon.
func pictureBlocks(d Draft) (blocks []bot.Block) {
	for _, m := range d.Media {
		blocks = append(blocks, bot.Block{Kind: bot.Picture, File: m.JPEG().Digest, Alt: m.Alt})
	}
	return blocks
}

// requestOf is the request for approval of a draft that was sent; its stage is
// empty for another.
func requestOf(ctx context.Context, v bot.ViewRequest, d Draft) (approvals.Request, error) {
	if d.Stage != Asked {
		return approvals.Request{}, nil
	}
	asked, _, err := approvals.Table.Get(ctx, v.Tx, d.ID)
	return asked, err
}

// stands says where a draft is for its author: private, waiting, or decided.
func stands(d Draft, asked approvals.Request) string {
	if asked.Stage == "" || asked.Stage == approvals.Open {
		return string(d.Stage)
	}
	return string(asked.Stage)
}

// sendable says whether the draft can be sent as it is: what was declined or
// sent back is sent again by its next edit.
func sendable(d Draft, asked approvals.Request) bool {
	return d.Stage == Private || asked.Stage == approvals.Withdrawn
}

// remark is what the approver wrote who declined the draft or sent it back, or
// what to do when nobody decided in time.
func remark(v bot.ViewRequest, asked approvals.Request) []bot.Block {
	if asked.Stage == approvals.Expired {
		return []bot.Block{bot.P(v.Print.T("drafting.missed"))}
	}
	last, decided := asked.Last()
	if !decided || last.Comment == "" || asked.Stage != approvals.Changes && asked.Stage != approvals.Declined {
		return nil
	}
	who := last.Member
	if m := v.Space.Member(who); m != nil {
		who = m.Name
	}
	said := v.Print.T("drafting.remark", "Who", who, "At", v.Print.Soon(last.At, v.Now))
	return []bot.Block{bot.P(said + " " + v.Print.Quote(last.Comment))}
}

func excerpt(p *i18n.Printer, text string) string {
	cut := bot.Excerpt(text, shown)
	if cut == text {
		return text
	}
	return cut + " " + p.T("drafting.longer", "Count", utf8.RuneCountInString(text))
}

func planned(p *i18n.Printer, v bot.ViewRequest, d Draft) string {
	line := p.T("drafting.asap")
	if at, err := d.Slot.Time(); err == nil && !at.IsZero() {
		line = p.T("drafting.planned", "When", p.WhenBoth(at, v.Now, v.Brand.Zone))
	}
	for _, media := range d.Media {
		if media.Alt == "" {
			return line + " · " + p.T("drafting.noalt", "Count", len(d.Media))
		}
	}
	if len(d.Media) > 0 {
		line += " · " + p.T("drafting.alt", "Count", len(d.Media))
	}
	return line
}

// networks says how each network stands: a line each where there is room, else
// those that are ready share one.
func networks(p *i18n.Printer, lines []Line, room int) []bot.Block {
	var blocks []bot.Block
	var ready []string
	for _, line := range lines {
		if len(lines) > room && line.ready() {
			ready = append(ready, p.T("drafting.line.length", "Account", line.Account.Name, "Length", line.Count.Length, "Limit", line.Count.Limit))
			continue
		}
		blocks = append(blocks, bot.P(standing(p, line)))
	}
	if len(ready) > 0 {
		blocks = append(blocks, bot.P(p.T("drafting.line.severalready", "Accounts", p.List(ready...))))
	}
	return blocks
}

// standing is one network's line: ready, or what keeps it from being so.
func standing(p *i18n.Printer, line Line) string {
	name := line.Account.Name
	over, _ := line.Count.Over()
	switch {
	case line.Posts > 1:
		return p.T("drafting.line.thread", "Account", name, "Count", line.Posts)
	case over > 0:
		return p.T("drafting.line.long", "Account", name, "Count", over)
	case line.DeadLink:
		return p.T("drafting.line.deadlink", "Account", name)
	}
	return p.T("drafting.line.ready", "Account", name, "Length", line.Count.Length, "Limit", line.Count.Limit)
}

// mending lists what is to be mended, then advice: at most three of each, the
// rest counted.
func mending(p *i18n.Printer, report Report) []bot.Block {
	var errors, hints []string
	for _, f := range report.All() {
		text := say(p, f)
		switch {
		case text == "":
		case f.Error():
			errors = append(errors, text)
		default:
			hints = append(hints, text)
		}
	}
	blocks := summed(p, "drafting.tomend", errors)
	return append(blocks, summed(p, "drafting.advice", hints)...)
}

// heard says what the draft is too close to, with its source and date.
func heard(p *i18n.Printer, e *Echo, now time.Time) []bot.Block {
	if e == nil {
		return nil
	}
	day := p.Day(e.At, now)
	source := p.T("drafting.echo.live", "Day", day)
	switch {
	case e.Rival != "":
		source = p.T("drafting.echo.rival", "Who", e.Rival, "Day", day)
	case e.Planned:
		source = p.T("drafting.echo.planned", "Day", day)
	}
	return []bot.Block{{Kind: bot.Paragraph, Text: bot.Text{
		{Text: p.T("drafting.echo")}, {Text: p.Quote(e.Title), URL: e.URL}, {Text: source}}}}
}

func summed(p *i18n.Printer, key string, lines []string) []bot.Block {
	const most = 3
	if len(lines) == 0 {
		return nil
	}
	text := strings.Join(lines[:min(len(lines), most)], " ")
	if more := len(lines) - most; more > 0 {
		text += " " + p.T("drafting.others", "Count", more)
	}
	return []bot.Block{bot.P(p.T(key, "What", text))}
}

// say is one finding in a sentence.
func say(p *i18n.Printer, f Finding) string {
	switch {
	case f.Proof != nil:
		return proof.Message(*f.Proof, p.Lang)
	case f.Link != "":
		return p.T("drafting.link", "Link", f.Link, "Why", p.T(f.Reason))
	case f.Notice != nil:
		return notice(p, *f.Notice)
	case f.Measure == nil || f.Measure.Check == measure.TooLong: // a line of its own says it
		return ""
	}
	m := f.Measure
	return p.T("measure."+string(m.Check), "Count", m.Args.N, "Limit", m.Args.Limit, "Text", m.Args.Text,
		"Cost", m.Args.Cost, "Usual", m.Args.Usual)
}

func buttons(p *i18n.Printer, d Draft, sendable bool, report Report) (row, more []bot.Button) {
	fixable := 0
	for _, f := range report.All() {
		if f.Fixable() {
			fixable++
		}
	}
	if fixable > 0 {
		row = append(row, bot.Button{Action: "draft.fix", Label: p.T("drafting.fix", "Count", fixable), Style: bot.Primary})
	}
	if report.Errors() == 0 && sendable {
		style := bot.Primary
		if fixable > 0 {
			style = bot.Plain
		}
		send := bot.Button{Action: "draft.send", Label: p.T("drafting.send"), Style: style}
		row = append([]bot.Button{send}, row...)
	}
	row = append(row,
		bot.Button{Action: "draft.edit", Label: p.T("drafting.edit")},
		bot.Button{Action: "draft.each", Label: p.T("drafting.each")})
	more = append(ownButtons(p, len(d.Accounts)),
		bot.Button{Action: "draft.mine", Label: p.T("drafting.minebutton")},
		bot.Button{Action: "draft.delete", Label: p.T("drafting.delete"), Style: bot.Danger, Confirm: &bot.Confirm{
			Title: p.T("drafting.delete"), Text: p.T("drafting.deletetext"),
			Yes: p.T("drafting.delete"), No: p.T("chat.cancel")}})
	return row, more
}

// ownButtons lead to the texts of single networks, as many as a form takes at a
// time.
func ownButtons(p *i18n.Printer, accounts int) (buttons []bot.Button) {
	if accounts <= mostOwn {
		return []bot.Button{{Action: "draft.own", Label: p.T("drafting.own")}}
	}
	for from := 0; from < accounts; from += mostOwn {
		buttons = append(buttons, bot.Button{Action: "draft.own", Arg: strconv.Itoa(from / mostOwn),
			Label: p.T("drafting.ownsome", "From", from+1, "To", min(from+mostOwn, accounts))})
	}
	return buttons
}

func notice(p *i18n.Printer, n Notice) string {
	var args []any
	for name, value := range n.Args {
		args = append(args, name, value)
	}
	return p.T(n.Key, args...)
}

func pictureButtons(p *i18n.Printer, d Draft) []bot.Button {
	add := []bot.Button{{Action: "draft.picture", Label: p.T("drafting.picture.add")}}
	if len(d.Media) == 0 {
		return add
	}
	return append(add, bot.Button{Action: "draft.describe", Label: p.T("drafting.picture.change")})
}

// wordingView draws what a model proposes: for each network a text with what is
// to be checked in it, and a button that takes it.
func (c *Chat) wordingView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	p := v.Print
	d, found, err := drafts.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	w, kept, err := wordingOf(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	if !found || !kept || d.Stage == Deleted {
		return bot.Card{Title: bot.Say(p.T("drafting.words.gone"))}, nil
	}
	title := p.T("drafting.words."+string(w.Stage)+".title", "Title", d.Title)
	card := bot.Card{Title: bot.Say(title), Summary: title}
	again := bot.Button{Action: "draft.words", Label: p.T("drafting.words.again")}
	switch w.Stage {
	case Wanted:
		card.Blocks = []bot.Block{bot.P(p.T("drafting.words.coming"))}
		return card, nil
	case Silent:
		card.Blocks = []bot.Block{bot.P(p.T("drafting.words.silent", "Ref", work.Ref(w.Effect)))}
		card.Buttons = []bot.Button{again}
		return card, nil
	}
	open := 0
	for i := range w.Proposals {
		blocks, takeable := c.proposed(v, d, w, i)
		card.Blocks = append(card.Blocks, blocks...)
		if takeable {
			open++
		}
	}
	if open > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("drafting.words.until", "At", p.Soon(w.At.Add(keepWording), v.Now))))
		card.Buttons = []bot.Button{{Action: "draft.take", Arg: w.pick(all), Label: p.T("drafting.words.takeall"), Style: bot.Primary}}
	}
	card.Buttons = append(card.Buttons, again)
	return card, nil
}

// proposed is what a card says of one proposal; takeable says that it has a
// button.
func (c *Chat) proposed(v bot.ViewRequest, d Draft, w Wording, at int) (blocks []bot.Block, takeable bool) {
	p, one := v.Print, w.Proposals[at]
	account, known := v.Brand.Account(one.Account)
	name := cmp.Or(account.Name, one.Account)
	switch {
	case one.Taken:
		return []bot.Block{bot.P(p.T("drafting.words.taken", "Account", name))}, false
	case one.Over > 0:
		return []bot.Block{bot.P(p.T("drafting.words.long", "Account", name, "Count", one.Over))}, false
	case one.Text == "":
		return []bot.Block{bot.P(p.T("drafting.words.none", "Account", name))}, false
	case !known || one.moved(d):
		return []bot.Block{bot.P(p.T("drafting.words.moved", "Account", name))}, false
	}
	d, err := apply(d, Change{Texts: map[string]string{one.Account: one.Text}}, v.Now)
	if err != nil { // Take says why
		return nil, false
	}
	line := c.Engine.Checks.line(v.Brand, d, account)
	blocks = []bot.Block{bot.P(standing(p, line)), {Kind: bot.Quote, Quoted: one.Text}}
	blocks = append(blocks, doubts(p, one)...)
	blocks = append(blocks, mending(p, Report{Findings: line.Findings})...)
	return append(blocks, bot.Block{Kind: bot.Row, Buttons: []bot.Button{{Action: "draft.take", Arg: w.pick(strconv.Itoa(at)),
		Label: bot.Clip(p.T("drafting.words.take", "Account", name), 30)}}}), true
}

// doubts are what only the author's words have, or only the model's.
func doubts(p *i18n.Printer, one Proposal) (blocks []bot.Block) {
	for _, doubt := range []struct {
		key  string
		what []string
	}{{"drafting.words.invented", one.Invented}, {"drafting.words.missing", one.Missing}} {
		var quoted []string
		for _, what := range doubt.what {
			quoted = append(quoted, p.Quote(what))
		}
		if len(quoted) > 0 {
			blocks = append(blocks, bot.P(p.T(doubt.key, "Count", len(quoted), "What", p.List(quoted...))))
		}
	}
	return blocks
}

// readBy says that words of a draft are a model's, read and taken by its author.
func readBy(v bot.ViewRequest, d Draft) []bot.Block {
	if len(d.Worded) == 0 {
		return nil
	}
	return []bot.Block{bot.P(v.Print.T("drafting.words.read", "Who", nameOf(v.Space, d.Author)))}
}
