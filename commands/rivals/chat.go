package rivals

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state"
)

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// listed is how many pieces of news the card of the day has room for.
const listed = 6

// piece is a piece of news with whose it is.
type piece struct {
	listen.Observation
	of Rival
}

// news is the competitors' news of the day, each a link, and a menu to settle
// one.
func (c *Chat) news(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	p := r.Print
	news, err := c.fresh(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	all, err := c.Engine.All(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	watched := competitors(all)
	card := bot.Card{Title: bot.Say(p.T("rivals.news", "Count", len(watched))), Blocks: lines(r, news[:min(len(news), listed)])}
	if others := len(news) - listed; others > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("rivals.others", "Count", others)))
	}
	if len(news) > 0 {
		card.Blocks = append(card.Blocks, menu(r, news))
	}
	talk, err := c.Engine.TalkLines(ctx, r.Tx, r.Brand, r.Now.Add(-24*time.Hour), p)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, line := range talk {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	if len(news)+len(talk) == 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("rivals.nothing")))
	}
	card.Buttons = []bot.Button{{Action: "rival.follow", Label: p.T("rivals.follow"), Style: bot.Primary}}
	if len(watched) > 0 {
		card.Buttons = append(card.Buttons, bot.Button{Action: "rival.compare", Label: p.T("rivals.compare")})
	}
	if len(watched) < len(all) {
		card.Buttons = append(card.Buttons, bot.Button{Action: "news.relay", Label: p.T("rivals.relay")})
	}
	return c.named(ctx, r, card, "news", r.Brand.ID)
}

// fresh are the competitors' news of the day that nobody settled.
func (c *Chat) fresh(ctx context.Context, r *bot.Request) ([]piece, error) {
	news, err := c.Engine.Fresh(ctx, r.Tx, r.Brand.ID, r.Now.Add(-24*time.Hour), most)
	if err != nil {
		return nil, err
	}
	return c.pieces(ctx, r, news)
}

// pieces says whose each piece of news is.
func (c *Chat) pieces(ctx context.Context, r *bot.Request, news []listen.Observation) ([]piece, error) {
	sources := map[string]Rival{}
	all := make([]piece, len(news))
	for i, o := range news {
		if _, known := sources[o.Rival]; !known {
			source, err := c.Engine.source(ctx, r.Tx, o.Rival)
			if err != nil {
				return nil, err
			}
			sources[o.Rival] = source
		}
		all[i] = piece{o, sources[o.Rival]}
	}
	return all, nil
}

// today lists the news of the day.
func (c *Chat) today(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	news, err := c.fresh(ctx, r)
	return choices(r, news), err
}

// lines are pieces of news, each a link.
func lines(r *bot.Request, news []piece) (blocks []bot.Block) {
	for _, o := range news {
		blocks = append(blocks, bot.Block{Kind: bot.Paragraph, Text: bot.Text{
			{Text: newsLine(r.Print, o.of, o.Observation), URL: o.URL}, {Text: " · " + r.Print.Ago(o.At, r.Now)}}})
	}
	return blocks
}

// menu settles one piece of news after the other.
func menu(r *bot.Request, news []piece) bot.Block {
	all := bot.Select{Action: "news.open", Label: r.Print.T("rivals.choose"), Choices: choices(r, news)}.Bounded(r.Print)
	return bot.Block{Kind: bot.Menu, Select: &all}
}

func choices(r *bot.Request, news []piece) (all []bot.Choice) {
	for _, o := range news {
		all = append(all, bot.Choice{Value: short(r.Brand.ID, o.Observation), Label: bot.Clip(o.of.Name+" · "+headline(o.Observation), 75)})
	}
	return all
}

// relayBack is how far back there may be something worth relaying: a weekend.
const relayBack = 72 * time.Hour

// relay lists what is worth relaying.
func (c *Chat) relay(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	found, err := c.Engine.Relayable(ctx, r.Tx, r.Brand, r.Now.Add(-relayBack))
	if err != nil {
		return bot.Reply{}, err
	}
	if len(found) == 0 {
		return bot.Private(r.Print.T("rivals.norelay")), nil
	}
	all, err := c.pieces(ctx, r, found)
	if err != nil {
		return bot.Reply{}, err
	}
	card := bot.Card{Title: bot.Say(r.Print.T("rivals.relaying", "Count", len(all))), Blocks: append(lines(r, all), menu(r, all))}
	card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Small, Text: bot.Say(r.Print.T("rivals.relayhow"))})
	return c.named(ctx, r, card, "news", r.Brand.ID)
}

// mark says what is followed for what.
func (c *Chat) mark(relay bool) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		return bot.Reply{}, c.explain(r, c.Engine.Mark(ctx, r.Tx, r.Subject, r.Member.ID, relay))
	}
}

func (c *Chat) named(ctx context.Context, r *bot.Request, card bot.Card, view, subject string) (bot.Reply, error) {
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: view, Subject: subject, Brand: r.Brand.ID})
}

// compare puts the competitors' rhythms beside ours.
func (c *Chat) compare(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	all, err := c.Engine.Compare(ctx, r.Tx, r.Brand)
	if err != nil {
		return bot.Reply{}, err
	}
	card := bot.Card{Title: bot.Say(r.Print.T("rivals.comparison", "Count", compared))}
	for _, one := range all {
		card.Blocks = append(card.Blocks, bot.P(rhythmLine(r.Print, one, r.Brand.Name)))
	}
	card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Small, Text: bot.Say(r.Print.T("rivals.counted"))})
	return bot.Reply{Card: &card}, nil
}

// open shows one piece of news.
func (c *Chat) open(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	name := r.Value("choice")
	card, err := c.newsView(ctx, bot.ViewRequest{Space: r.Space, Brand: r.Brand, Subject: name, Member: r.Member,
		Print: r.Print, Now: r.Now, Tx: r.Tx})
	if err != nil {
		return bot.Reply{}, err
	}
	return c.named(ctx, r, card, NewsView, name)
}

// idea begins a draft from the news of the card, for whoever asks.
func (c *Chat) idea(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	card, err := c.Engine.Inspire(ctx, r.Tx, r.Brand, r.Subject, r.Member.ID, r.Print)
	return c.drafted(ctx, r, card, "rivals.drafted", err)
}

// pass begins a draft that passes the news of the card on.
func (c *Chat) pass(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	card, err := c.Engine.Relay(ctx, r.Tx, r.Brand, r.Subject, r.Member.ID, r.Print)
	return c.drafted(ctx, r, card, "rivals.passed", err)
}

// drafted hangs a draft's card with whoever began it.
func (c *Chat) drafted(ctx context.Context, r *bot.Request, card board.Card, said string, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, c.explain(r, err)
	}
	_, err = board.Show(ctx, r.Tx, card, r.NewToken, r.Aside())
	return bot.Private(r.Print.T(said)), err
}

func (c *Chat) drop(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if err := c.Engine.Drop(ctx, r.Tx, r.Brand.ID, r.Subject, r.Member.ID); err != nil {
		return bot.Reply{}, c.explain(r, err)
	}
	return bot.Private(r.Print.T("rivals.dropped")), nil
}

func (c *Chat) told(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	var to []*brand.Member
	var names []string
	for _, id := range r.Values["members"] {
		if m := r.Space.Member(id); m != nil && !slices.Contains(to, m) {
			to, names = append(to, m), append(names, m.Name)
		}
	}
	if len(to) == 0 {
		return bot.Reply{}, bot.Refuse(r.Print.T("rivals.nobody"))
	}
	if err := c.Engine.Tell(ctx, r.Tx, r.Brand, r.Subject, r.Member.ID, to, r.NewToken); err != nil {
		return bot.Reply{}, c.explain(r, err)
	}
	return bot.Private(r.Print.T("rivals.toldthem", "To", r.Print.List(names...))), nil
}

func (c *Chat) explain(r *bot.Request, err error) error {
	switch {
	case errors.Is(err, ErrUnknown):
		return bot.Refuse(r.Print.T("rivals.past"))
	case errors.Is(err, ErrSettled):
		return bot.Refuse(r.Print.T("rivals.settled"))
	case errors.Is(err, ErrRival):
		return bot.Refuse(r.Print.T("rivals.notrelay"))
	}
	return err
}

// names completes with the competitors that are watched.
func (c *Chat) names(ctx context.Context, r *bot.Request, typed string) ([]bot.Choice, error) {
	all, err := c.Engine.All(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return nil, err
	}
	var choices []bot.Choice
	for _, one := range all {
		if strings.Contains(i18n.Fold(one.Name), i18n.Fold(typed)) {
			name := bot.Clip(one.Name, 75)
			choices = append(choices, bot.Choice{Value: name, Label: name})
		}
	}
	return choices, nil
}

// with follows an address, with a name before it or without, or looks a name up.
func (c *Chat) with(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if name, address := nameAndAddress(r.Text); address != "" {
		return c.follow(ctx, r, c.Engine.Follow, address, bot.Clip(name, longestName))
	}
	all, err := c.Engine.All(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, one := range all {
		if strings.Contains(i18n.Fold(one.Name), i18n.Fold(r.Text)) {
			return bot.Reply{}, c.hang(ctx, r, one)
		}
	}
	p := r.Print
	card := bot.Card{Title: bot.Say(p.T("rivals.unknown", "Text", r.Text)), Blocks: []bot.Block{bot.P(p.T("rivals.nameseen"))},
		Buttons: []bot.Button{{Action: "rival.name", Label: p.T("rivals.followname"), Style: bot.Primary},
			{Action: "rival.follow", Label: p.T("rivals.follow")}}}
	return c.named(ctx, r, card, "rivalname", bot.Clip(r.Text, longestName))
}

// name follows the name that the card is about.
func (c *Chat) name(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.follow(ctx, r, c.byName, "", r.Subject)
}

// byName is a following without address.
func (c *Chat) byName(ctx context.Context, tx *state.Tx, b *brand.Brand, by, _, name string) (Rival, error) {
	return c.Engine.FollowName(ctx, tx, b, by, name)
}

// following is one of the engine's ways to follow.
type following func(ctx context.Context, tx *state.Tx, b *brand.Brand, by, address, name string) (Rival, error)

func (c *Chat) follow(ctx context.Context, r *bot.Request, follow following, address, name string) (bot.Reply, error) {
	if !r.Member.Can(brand.Author) {
		return bot.Reply{}, bot.Refuse(r.Print.T("rivals.authors"))
	}
	rival, err := follow(ctx, r.Tx, r.Brand, r.Member.ID, address, name)
	if err != nil {
		return bot.Reply{}, c.badName(r, err, address, name)
	}
	if err := c.hang(ctx, r, rival); err != nil || r.Direct {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("rivals.followed", "Name", rival.Name)), nil
}

// badName says what is wrong with what should be followed.
func (c *Chat) badName(r *bot.Request, err error, address, name string) error {
	switch {
	case errors.Is(err, ErrAddress):
		return bot.Refuse(r.Print.T("rivals.badaddress", "Text", address))
	case errors.Is(err, ErrName):
		return bot.Refuse(r.Print.T("rivals.badname", "Text", name))
	}
	return c.explain(r, err)
}

func (c *Chat) hang(ctx context.Context, r *bot.Request, rival Rival) error {
	_, err := board.Show(ctx, r.Tx, board.Card{View: View, Subject: rival.ID, Brand: rival.Brand}, r.NewToken, r.Aside())
	return err
}

func (c *Chat) stop(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	_, err := c.Engine.Unfollow(ctx, r.Tx, r.Subject, r.Member.ID)
	if errors.Is(err, ErrUnknown) {
		return bot.Reply{}, bot.Refuse(r.Print.T("chat.gone"))
	}
	return bot.Reply{}, err
}
