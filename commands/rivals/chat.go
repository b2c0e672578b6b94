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
	"crieur/bot/outbox"
)

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// Register registers the command, actions and view of rivals.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Command(bot.CommandRoute{
		Name: "rivals", Role: brand.Anyone,
		Bare:     bot.Shape{Ack: bot.Wait, Handle: c.news},
		With:     bot.Shape{Ack: bot.Wait, Handle: c.with},
		Complete: c.names,
	})
	for _, route := range []bot.ActionRoute{
		{Name: "rival.follow", Shape: bot.Shape{Ack: bot.Open, Form: c.followForm}},
		{Name: "rival.add", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.add}, Check: c.checkAddress},
		{Name: "rival.stop", Shape: bot.Shape{Ack: bot.Busy, Handle: c.stop}},
		{Name: "rival.compare", Shape: bot.Shape{Ack: bot.Wait, Handle: c.compare}},
		{Name: "news.open", Shape: bot.Shape{Ack: bot.Wait, Handle: c.open}, Lists: map[string]bot.Listing{bot.MenuField: c.today}},
		{Name: "news.idea", Shape: bot.Shape{Ack: bot.Wait, Handle: c.idea}},
		{Name: "news.drop", Shape: bot.Shape{Ack: bot.Wait, Handle: c.drop}},
		{Name: "news.tell", Shape: bot.Shape{Ack: bot.Open, Form: c.tellForm}},
		{Name: "news.told", Shape: bot.Shape{Ack: bot.Wait, Handle: c.told}, Lists: map[string]bot.Listing{"members": colleagues}},
	} {
		route.Role = brand.Author
		mux.Action(route)
	}
	mux.Word(bot.WordRoute{Key: "rivals.word", Role: brand.Anyone, Handle: c.news})
	mux.View(View, c.view)
	mux.View(NewsView, c.newsView)
}

// listed is how many pieces of news the card of the day has room for.
const listed = 6

// news is the competitors' news of the day, each a link, and a menu to settle
// one.
func (c *Chat) news(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	p := r.Print
	news, err := c.headlines(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	all, err := c.Engine.All(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	card := bot.Card{Title: bot.Say(p.T("rivals.news", "Count", len(all)))}
	for _, o := range news[:min(len(news), listed)] {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Paragraph, Text: bot.Text{
			{Text: p.T("rivals.line", "Name", o.by, "Title", o.Title), URL: o.URL}, {Text: " · " + p.Ago(o.At, r.Now)}}})
	}
	if others := len(news) - listed; others > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("rivals.others", "Count", others)))
	}
	if len(news) == 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("rivals.nothing")))
	} else {
		menu := bot.Select{Action: "news.open", Label: p.T("rivals.choose"), Choices: choices(r, news)}.Bounded(p)
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Menu, Select: &menu})
	}
	card.Buttons = []bot.Button{{Action: "rival.follow", Label: p.T("rivals.follow"), Style: bot.Primary}}
	if len(all) > 0 {
		card.Buttons = append(card.Buttons, bot.Button{Action: "rival.compare", Label: p.T("rivals.compare")})
	}
	return c.named(ctx, r, card, "news", r.Brand.ID)
}

// headline is a piece of news with the name of who made it.
type headline struct {
	listen.Observation
	by string
}

// headlines are the competitors' news of the day that nobody settled.
func (c *Chat) headlines(ctx context.Context, r *bot.Request) ([]headline, error) {
	news, err := c.Engine.Fresh(ctx, r.Tx, r.Brand.ID, r.Now.Add(-24*time.Hour), most)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	all := make([]headline, len(news))
	for i, o := range news {
		if names[o.Rival] == "" {
			if names[o.Rival], err = c.Engine.Name(ctx, r.Tx, o.Rival); err != nil {
				return nil, err
			}
		}
		all[i] = headline{o, names[o.Rival]}
	}
	return all, nil
}

// today lists the news of the day.
func (c *Chat) today(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	news, err := c.headlines(ctx, r)
	return choices(r, news), err
}

func choices(r *bot.Request, news []headline) (all []bot.Choice) {
	for _, o := range news {
		all = append(all, bot.Choice{Value: short(r.Brand.ID, o.Observation), Label: bot.Clip(o.by+" · "+o.Title, 75)})
	}
	return all
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
	if err != nil {
		return bot.Reply{}, c.explain(r, err)
	}
	place := board.Place{Platform: string(r.Platform), Team: r.Team, Channel: "@" + r.User.ID}
	_, err = board.Show(ctx, r.Tx, card, r.NewToken,
		board.Hang{Place: place, Member: r.Member.ID, Lang: r.Print.Lang, Class: outbox.Answer})
	return bot.Private(r.Print.T("rivals.drafted")), err
}

func (c *Chat) drop(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if err := c.Engine.Drop(ctx, r.Tx, r.Brand.ID, r.Subject, r.Member.ID); err != nil {
		return bot.Reply{}, c.explain(r, err)
	}
	return bot.Private(r.Print.T("rivals.dropped")), nil
}

// tellForm asks whom to tell.
func (c *Chat) tellForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	p := r.Print
	all, err := colleagues(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	if len(all) == 0 {
		return bot.Form{}, bot.Refuse(p.T("rivals.nobody"))
	}
	field := bot.Field{ID: "members", Kind: bot.PickMany, Label: p.T("rivals.whom"), Choices: all}
	return bot.Form{Action: "news.told", Token: r.Token, Title: p.T("rivals.tellform"), Submit: p.T("rivals.tellsend"),
		Cancel: p.T("chat.cancel"), Fields: []bot.Field{field.Bounded(p)}}, nil
}

// colleagues lists who can be told: everybody else who is in a chat application.
func colleagues(_ context.Context, r *bot.Request) ([]bot.Choice, error) {
	var all []bot.Choice
	for _, m := range r.Space.Members {
		if m.ID != r.Member.ID && len(m.Handles) > 0 {
			all = append(all, bot.Choice{Value: m.ID, Label: bot.Clip(m.Name, 75)})
		}
	}
	return all, nil
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

// with follows an address, or looks a name up.
func (c *Chat) with(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if _, err := cleanAddress(r.Text); err == nil && !strings.Contains(r.Text, " ") {
		return c.follow(ctx, r, r.Text, "")
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
	return bot.Private(r.Print.T("rivals.unknown", "Text", r.Text)), nil
}

func (c *Chat) follow(ctx context.Context, r *bot.Request, address, name string) (bot.Reply, error) {
	if !r.Member.Can(brand.Author) {
		return bot.Reply{}, bot.Refuse(r.Print.T("rivals.authors"))
	}
	rival, err := c.Engine.Follow(ctx, r.Tx, r.Brand, r.Member.ID, address, name)
	if errors.Is(err, ErrAddress) {
		return bot.Reply{}, bot.Refuse(r.Print.T("rivals.badaddress", "Text", address))
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if err := c.hang(ctx, r, rival); err != nil || r.Direct {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("rivals.followed", "Name", rival.Name)), nil
}

func (c *Chat) hang(ctx context.Context, r *bot.Request, rival Rival) error {
	place := board.Place{Platform: string(r.Platform), Team: r.Team, Channel: "@" + r.User.ID}
	_, err := board.Show(ctx, r.Tx, board.Card{View: View, Subject: rival.ID, Brand: rival.Brand}, r.NewToken,
		board.Hang{Place: place, Member: r.Member.ID, Lang: r.Print.Lang, Class: outbox.Answer})
	return err
}

func (c *Chat) add(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.follow(ctx, r, r.Value("address"), r.Value("name"))
}

func (c *Chat) stop(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	_, err := c.Engine.Unfollow(ctx, r.Tx, r.Subject, r.Member.ID)
	if errors.Is(err, ErrUnknown) {
		return bot.Reply{}, bot.Refuse(r.Print.T("chat.gone"))
	}
	return bot.Reply{}, err
}

func (c *Chat) followForm(_ context.Context, r *bot.Request) (bot.Form, error) {
	p := r.Print
	return bot.Form{
		Action: "rival.add", Token: r.Token, Title: p.T("rivals.form"), Submit: p.T("rivals.follow"), Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{
			{ID: "address", Kind: bot.Line, Label: p.T("rivals.address"), Hint: p.T("rivals.addresshint"), Max: 500},
			{ID: "name", Kind: bot.Line, Label: p.T("rivals.name"), Optional: true, Max: 60},
		},
	}, nil
}

func (c *Chat) checkAddress(_ context.Context, r *bot.Request) (map[string]string, error) {
	if _, err := cleanAddress(r.Value("address")); err != nil {
		return map[string]string{"address": r.Print.T("rivals.badaddress", "Text", r.Value("address"))}, nil
	}
	return nil, nil
}
