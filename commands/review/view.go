package review

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"crieur/approvals"
	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/i18n"
)

const shown = 280

// view draws card B while it is open, card C once it was decided: one card, from
// the request to the links of what is live.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	r, err := c.Engine.get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, fmt.Errorf("view request %s: %w", v.Subject, err)
	}
	outcomes, err := c.Outcomes.Of(ctx, v.Tx, r.ID)
	if err != nil {
		return bot.Card{}, err
	}
	accounts := r.Accounts() // the order in which people know them
	slices.SortStableFunc(outcomes, func(a, b Outcome) int {
		return slices.Index(accounts, a.Account) - slices.Index(accounts, b.Account)
	})
	alone, err := c.Presence.Alone(ctx, v)
	if err != nil {
		return bot.Card{}, err
	}
	var card bot.Card
	switch {
	case r.Stage == approvals.Open:
		card = attended(c.open(v, r), alone)
	case r.Stage == approvals.Approved || r.Stage == approvals.Withdrawn && left(outcomes):
		card, err := c.called(ctx, v, attended(live(v, r, outcomes), alone), r.Title)
		return more(v, card), err
	default:
		card = closed(v, r, left(outcomes))
	}
	// Some parts may have left, or be to check, whatever becomes of the rest.
	card, err = c.called(ctx, v, withOutcomes(v, card, outcomes), r.Title)
	return more(v, card), err
}

// called adds who was called to the post, and the button that ends the calls: it is
// in sight, since who is woken looks for it.
func (c *Chat) called(ctx context.Context, v bot.ViewRequest, card bot.Card, title string) (bot.Card, error) {
	if c.Calls == nil {
		return card, nil
	}
	look, err := c.Calls.Called(ctx, v)
	if err != nil || len(look.Lines) == 0 {
		return card, err
	}
	for _, line := range look.Lines {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	if len(look.Buttons) > 0 {
		card.Summary = v.Print.T("review.tosettle", "Title", title)
	}
	const before = 3 // of the row of four
	at := min(len(card.Buttons), before)
	card.More = append(slices.Clone(card.Buttons[at:]), card.More...)
	card.Buttons = append(slices.Clone(card.Buttons[:at]), look.Buttons...)
	return card, nil
}

// attended adds that nobody is there when the post leaves. What can be done
// about it is behind "More…": the card asks for something else.
func attended(card bot.Card, alone bot.Glance) bot.Card {
	for _, line := range alone.Lines {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	for i, button := range alone.Buttons {
		button.Style = bot.Plain
		card.More = slices.Insert(slices.Clone(card.More), i, button)
	}
	return card
}

func more(v bot.ViewRequest, card bot.Card) bot.Card {
	card.MoreLabel = v.Print.T("chat.more")
	return card
}

// left says whether something went out, or may have.
func left(outcomes []Outcome) bool {
	return slices.ContainsFunc(outcomes, func(o Outcome) bool {
		return slices.Contains([]string{"claimed", "sent", "unknown"}, o.Status)
	})
}

// open is card B.
func (c *Chat) open(v bot.ViewRequest, r approvals.Request) bot.Card {
	p := v.Print
	title := p.T("review.toapprove", "Title", r.Title, "Author", nameOf(v, r.Author))
	if !r.Deadline.IsZero() {
		title = p.T("review.toapproveby", "By", by(p, r.Deadline, v.Now, v.Brand.Zone), "Title", r.Title, "Author", nameOf(v, r.Author))
	}
	card := bot.Card{Title: bot.Say(title), Summary: title}
	if asked := c.Engine.Asked(v.Brand, r, v.Now); asked != nil {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Paragraph, Text: bot.Text{
			{Text: "@" + asked.Name, Member: asked.ID}, {Text: " · " + p.T("review.needed", "Count", r.Policy.Needed)}}})
	}
	names := p.List(accountNames(v.Brand, r)...)
	goes, otherwise := p.T("review.goesasap", "Where", names), p.T("review.otherwise")
	if !r.At.IsZero() {
		goes = p.T("review.goes", "When", p.WhenBoth(r.At, v.Now, v.Brand.Zone), "Where", names)
		otherwise = p.T("review.otherwiseat", "At", p.ClockBoth(r.At, v.Now, v.Brand.Zone))
	}
	card.Blocks = append(card.Blocks, bot.P(goes), bot.Block{Kind: bot.Quote, Quoted: excerpt(r)})
	for _, media := range pictures(r) {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Picture, File: media.Digest, Alt: media.Alt},
			bot.P(p.T("review.image", "Alt", media.Alt)))
	}
	card.Blocks = append(card.Blocks, readBy(v, r)...)
	if changed := changes(p, r); changed != "" {
		card.Blocks = append(card.Blocks, bot.P(changed))
	}
	card.Blocks = append(card.Blocks, bot.P(p.T("review.checks", "Count", r.Hints)), bot.P(otherwise))
	card.Buttons = []bot.Button{
		{Action: "review.approve", Arg: seen(r), Label: p.T("review.approveall", "Count", len(r.Parts)), Style: bot.Primary},
		{Action: "review.changes", Label: p.T("review.askchanges")},
		{Action: "review.each", Label: p.T("review.each")},
	}
	card.More = []bot.Button{
		{Action: "review.some", Label: p.T("review.some")},
		{Action: "review.decline", Label: p.T("review.decline"), Style: bot.Danger},
		{Action: "review.withdraw", Label: p.T("review.withdraw")},
		{Action: "review.why", Label: p.T("review.why")},
	}
	return card
}

// by is a deadline on a card that hangs for days: it never says "tomorrow", which
// would be another day in the morning. The day goes without saying where it is
// today for the brand and for who reads.
func by(p *i18n.Printer, deadline, now time.Time, zone *time.Location) string {
	home := p.In(zone)
	if p.Day(deadline, now) == p.Day(now, now) && home.Day(deadline, now) == home.Day(now, now) {
		return p.ClockBoth(deadline, now, zone)
	}
	return p.WhenBoth(deadline, now, zone)
}

// readBy says that words of the post are a model's, read and taken by its author.
func readBy(v bot.ViewRequest, r approvals.Request) []bot.Block {
	if !r.Worded {
		return nil
	}
	return []bot.Block{bot.P(v.Print.T("review.readby", "Who", nameOf(v, r.Author)))}
}

// seen is the version that a card shows, as its button carries it.
func seen(r approvals.Request) string { return "n" + strconv.Itoa(r.Number) }

// changes says that a part was agreed before an edit.
func changes(p *i18n.Printer, r approvals.Request) string {
	if r.Number == r.First {
		return ""
	}
	return p.T("review.edited", "Count", r.Number-r.First)
}

// closed says how a request ended without an approval.
func closed(v bot.ViewRequest, r approvals.Request, left bool) bot.Card {
	p := v.Print
	last, _ := r.Last()
	title := p.T("review.closed."+string(r.Stage), "Title", r.Title)
	card := bot.Card{Title: bot.Say(title), Summary: title}
	if last.Member != "" && r.Stage != approvals.Withdrawn && r.Stage != approvals.Expired {
		card.Blocks = append(card.Blocks, bot.P(p.T("review.by", "Who", nameOf(v, last.Member), "At", p.Soon(last.At, v.Now))))
	}
	if last.Comment != "" {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Quote, Quoted: last.Comment})
	}
	if !left {
		card.Blocks = append(card.Blocks, bot.P(p.T("review.nothingleft")))
	}
	if r.Stage == approvals.Expired {
		card.Blocks = append(card.Blocks, bot.P(p.T("review.anothertime", "Who", nameOf(v, r.Author))))
	}
	return card
}

// live is card C: where the post is, what is still to come, what went wrong.
func live(v bot.ViewRequest, r approvals.Request, outcomes []Outcome) bot.Card {
	p := v.Print
	title := liveTitle(p, v, r, outcomes)
	card := bot.Card{Title: bot.Say(title), Summary: title}
	card = withOutcomes(v, card, outcomes)
	if last, ok := r.Last(); ok {
		card.Blocks = append(card.Blocks, bot.P(p.T("review.approvedby", "Who", nameOf(v, last.Member), "At", p.At(last.At, v.Now))))
	}
	card.Blocks = append(card.Blocks, readBy(v, r)...)
	card.More = append(slices.Clone(card.More), bot.Button{Action: "review.each", Label: p.T("review.each")})
	return card
}

// withOutcomes adds where the post is, what went wrong, and what can be done
// about it: the buttons that settle something come before those that only show.
func withOutcomes(v bot.ViewRequest, card bot.Card, outcomes []Outcome) bot.Card {
	p := v.Print
	var sent bot.Text
	for _, o := range outcomes {
		account, _ := v.Brand.Account(o.Account)
		if o.Status == "sent" { // without an address it was seen there by a person
			if len(sent) > 0 {
				sent = append(sent, bot.Span{Text: ", "})
			}
			sent = append(sent, bot.Span{Text: account.Name, URL: o.URL})
		}
	}
	if len(sent) > 0 {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Paragraph, Text: append(sent, bot.Span{Text: p.T("review.seeposts")})})
	}
	var acts []bot.Button
	for _, o := range outcomes {
		if line := outcomeLine(p, v, o); line != "" {
			card.Blocks = append(card.Blocks, bot.P(line))
		}
		some := outcomeButtons(p, v, o)
		if o.Status == "unknown" { // a doubt comes first: it can be settled by nobody else
			acts = append(some, acts...)
			continue
		}
		acts = append(acts, some...)
	}
	onePrimary(card.Buttons)
	const row = 4 // a card's buttons; the rest is behind "More…"
	buttons := card.Buttons
	if len(acts) > 0 && len(buttons) > 2 {
		buttons, acts = buttons[:2], append(acts, buttons[2:]...)
	}
	buttons = append(slices.Clone(buttons), acts...)
	main := false
	for i := range buttons {
		if buttons[i].Style == bot.Primary && main {
			buttons[i].Style = bot.Plain
		}
		main = main || buttons[i].Style == bot.Primary
	}
	card.Buttons = buttons[:min(row, len(buttons))]
	card.More = append(slices.Clone(buttons[len(card.Buttons):]), card.More...)
	return card
}

// onePrimary leaves one main button: the first.
func onePrimary(buttons []bot.Button) {
	found := false
	for i := range buttons {
		if buttons[i].Style == bot.Primary && found {
			buttons[i].Style = bot.Plain
		}
		found = found || buttons[i].Style == bot.Primary
	}
}

func liveTitle(p *i18n.Printer, v bot.ViewRequest, r approvals.Request, outcomes []Outcome) string {
	count := map[string]int{}
	first := Outcome{}
	for _, o := range outcomes {
		count[o.Status]++
		if first.At.IsZero() || o.At.Before(first.At) {
			first = o
		}
	}
	switch {
	case len(outcomes) > 0 && count["planned"]+count["claimed"] == len(outcomes):
		return p.T("review.leaves", "Title", r.Title, "When", p.SoonBoth(first.At, v.Now, v.Brand.Zone))
	case count["sent"] > 0:
		return p.T("review.live", "Title", r.Title, "When", p.WhenBoth(first.At, v.Now, v.Brand.Zone))
	case count["cancelled"] == len(outcomes):
		return p.T("review.cancelled", "Title", r.Title)
	}
	return p.T("review.notlive", "Title", r.Title)
}

func outcomeLine(p *i18n.Printer, v bot.ViewRequest, o Outcome) string {
	account, _ := v.Brand.Account(o.Account)
	args := []any{"Account", account.Name, "At", p.Soon(o.At, v.Now)}
	if o.Reason != "" {
		reason := []any{}
		for name, value := range o.Args {
			reason = append(reason, name, value)
		}
		args = append(args, "Why", p.T(o.Reason, reason...))
	}
	switch o.Status {
	case "sent", "planned":
		return ""
	}
	return p.T("review.outcome."+o.Status, args...)
}

// outcomeButtons are what a person can do about one publication now; the
// actions are the calendar's.
func outcomeButtons(p *i18n.Printer, v bot.ViewRequest, o Outcome) []bot.Button {
	account, _ := v.Brand.Account(o.Account)
	button := func(action, key string, style bot.Style) bot.Button {
		return bot.Button{Action: action, Arg: o.ID, Label: p.T(key, "Account", account.Name), Style: style}
	}
	switch o.Status {
	case "planned":
		return []bot.Button{button("post.cancel", "review.suspend", bot.Plain)}
	case "unknown":
		return []bot.Button{button("post.there", "review.there", bot.Plain), button("post.absent", "review.absent", bot.Plain)}
	case "byhand":
		return []bot.Button{button("post.steps", "review.steps", bot.Primary), button("post.done", "review.done", bot.Plain)}
	case "failed":
		return []bot.Button{button("post.again", "review.again", bot.Primary)}
	case "late":
		return []bot.Button{button("post.now", "review.now", bot.Primary), button("post.cancel", "review.drop", bot.Plain)}
	}
	return nil
}

func excerpt(r approvals.Request) string {
	return bot.Excerpt(strings.Join(r.Parts[0].Posts, "\n\n"), shown)
}

// pictures are those of the post, as the part has them that has the most: networks
// take all, some or none. Of parts with as many it is the lightest, since a part
// may have lighter copies.
func pictures(r approvals.Request) (shown []content.Media) {
	for _, part := range r.Parts {
		more := cmp.Compare(len(part.Media), len(shown))
		if more > 0 || more == 0 && bytesOf(part.Media) < bytesOf(shown) {
			shown = part.Media
		}
	}
	return shown
}

func bytesOf(media []content.Media) (sum int64) {
	for _, m := range media {
		sum += m.Size
	}
	return sum
}

func accountNames(b *brand.Brand, r approvals.Request) []string {
	var names []string
	for _, id := range r.Accounts() {
		account, _ := b.Account(id)
		names = append(names, cmp.Or(account.Name, id))
	}
	return names
}

func nameOf(v bot.ViewRequest, id string) string {
	if m := v.Space.Member(id); m != nil {
		return m.Name
	}
	return id
}
