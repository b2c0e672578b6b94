package setup

import (
	"context"
	"slices"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/team"
)

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// Register registers the word, the actions and the cards of the set-up. All of
// it is for admins, and before there is any brand.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Word(bot.WordRoute{Key: "setup.word", Role: brand.Admin, Early: true, Handle: c.start})
	for _, route := range []bot.ActionRoute{
		{Name: "setup.name", Shape: bot.Shape{Ack: bot.Open, Form: c.nameForm}},
		{Name: "setup.named", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.named}, Check: checkName},
		{Name: "setup.alone", Shape: bot.Shape{Ack: bot.Busy, Handle: c.alone}},
		{Name: "setup.reshape", Shape: bot.Shape{Ack: bot.Busy, Handle: c.reshape}},
		{Name: "setup.preset", Shape: bot.Shape{Ack: bot.Open, Form: c.peopleForm}},
		{Name: "setup.people", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.people}, Check: checkPeople,
			Lists: map[string]bot.Listing{"writers": members, "approvers": members, "responders": members}},
		{Name: "setup.look", Shape: bot.Shape{Ack: bot.Busy, Handle: c.look}},
		{Name: "setup.where", Shape: bot.Shape{Ack: bot.Open, Form: c.placeForm}},
		{Name: "setup.placed", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.placed},
			Lists: map[string]bot.Listing{"approvals": rooms, "alerts": rooms}},
		{Name: "setup.networks", Shape: bot.Shape{Ack: bot.Open, Form: c.networkForm}},
		{Name: "setup.chosen", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.chosen}},
		{Name: "setup.listen", Shape: bot.Shape{Ack: bot.Open, Form: c.listenForm}},
		{Name: "setup.heard", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.heard}, Check: checkWords},
		{Name: "setup.fine", Shape: bot.Shape{Ack: bot.Busy, Handle: c.fine}},
		{Name: "setup.finish", Shape: bot.Shape{Ack: bot.Busy, Handle: c.finish}},
		{Name: "setup.another", Shape: bot.Shape{Ack: bot.Busy, Handle: c.another}},
	} {
		route.Role, route.Shape.Early = brand.Admin, true
		mux.Action(route)
	}
	mux.Joined(c.joined)
	mux.View(View, c.view)
	mux.View(TrialView, trial)
}

// start puts the card before who asked, wherever the set-up is.
func (c *Chat) start(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	c.Engine.look(r.Tx)
	if err := c.Engine.Hang(ctx, r.Tx, r.Member, r.Print.Lang, r.Aside().Place); err != nil || r.Direct {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("setup.there")), nil
}

// joined shows on the card the channel that Crieur was just added to.
func (c *Chat) joined(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Reply{}, c.Engine.Added(ctx, r.Tx)
}

func (c *Chat) named(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	week, _ := bot.ReadWeek(r) // Check has let only a week through
	zone, holidays := where(r.Value(bot.ZoneID))
	return bot.Reply{}, c.Engine.Named(ctx, r.Tx, r.Member.ID, team.Brand{
		Name: r.Value("name"), Langs: spoken(r.Value("langs")), Zone: zone, Holidays: holidays, Hours: week})
}

// alone is the preset that needs no further question: one person does it all.
func (c *Chat) alone(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	me := []string{r.Member.ID}
	return bot.Reply{}, c.Engine.Shaped(ctx, r.Tx, r.Member.ID, Alone, me, me, me)
}

// reshape asks again how the team works; who does what stays in the form.
func (c *Chat) reshape(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Reply{}, c.change(ctx, r, func(p *Progress) { p.Preset = "" })
}

func (c *Chat) people(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Reply{}, c.Engine.Shaped(ctx, r.Tx, r.Member.ID, Preset(r.Arg),
		r.Values["writers"], r.Values["approvers"], r.Values["responders"])
}

func (c *Chat) look(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	c.Engine.look(r.Tx)
	return bot.Reply{}, board.Refresh(ctx, r.Tx, View, Subject)
}

func (c *Chat) placed(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	found, err := seen(ctx, r.Tx)
	if err != nil {
		return bot.Reply{}, err
	}
	approvals, alerts := found.at(r.Values["approvals"]), found.at(r.Values["alerts"])
	if len(approvals) == 0 {
		return bot.Reply{}, bot.Refuse(r.Print.T("setup.gone"))
	}
	if len(alerts) == 0 {
		alerts = approvals
	}
	return bot.Reply{}, c.change(ctx, r, func(p *Progress) { p.Brand.Approvals, p.Brand.Alerts = approvals, alerts })
}

func (c *Chat) chosen(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	var accounts []brand.Account
	for _, id := range networks() {
		if !slices.Contains(r.Values["networks"], id) {
			continue
		}
		accounts = append(accounts, brand.Account{ID: id, Network: assisted, Shows: id, Name: r.Print.T("setup.network." + id)})
	}
	return bot.Reply{}, c.change(ctx, r, func(p *Progress) {
		p.Brand.Accounts, p.Brand.Own = accounts, words(r.Value("own"))
	})
}

func (c *Chat) heard(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Reply{}, c.change(ctx, r, func(p *Progress) { p.Listen = listenOf(r) })
}

func (c *Chat) fine(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Reply{}, c.change(ctx, r, func(p *Progress) { p.Listen.Fine = p.Listen.check() == nil })
}

func (c *Chat) finish(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Reply{}, c.Engine.Finish(ctx, r.Tx, r.Member.ID)
}

func (c *Chat) another(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Reply{}, c.Engine.Another(ctx, r.Tx, r.Member.ID)
}

func (c *Chat) change(ctx context.Context, r *bot.Request, answer func(*Progress)) error {
	return c.Engine.Change(ctx, r.Tx, r.Member.ID, answer)
}

// listenOf reads what to listen to from its form.
func listenOf(r *bot.Request) Listen {
	return Listen{Words: words(r.Value("words")), Not: words(r.Value("not"))}
}

// assisted is the network of accounts on which people post by hand: the only
// kind that needs no credential, which never travels through chat.
const assisted = "assisted"

// networks are those that can be chosen; the card says before what it takes for
// each to be published to without a hand.
func networks() []string {
	return []string{"instagram", "facebook", "linkedin", "x", "tiktok", "threads", "youtube", "mastodon", "bluesky", "wordpress", "telegram"}
}

func checkName(_ context.Context, r *bot.Request) (map[string]string, error) {
	problems := bot.CheckWeek(r)
	if problems == nil {
		problems = map[string]string{}
	}
	if strings.TrimSpace(r.Value("name")) == "" {
		problems["name"] = r.Print.T("setup.noname")
	}
	if r.Value("langs") == "" {
		problems["langs"] = r.Print.T("setup.nolang")
	}
	return problems, nil
}

func checkPeople(_ context.Context, r *bot.Request) (map[string]string, error) {
	if why := stuck(Preset(r.Arg), r.Values["writers"], r.Values["approvers"]); why != "" {
		return map[string]string{"approvers": r.Print.T(why, "Count", needed(Preset(r.Arg)))}, nil
	}
	return nil, nil
}

func checkWords(_ context.Context, r *bot.Request) (map[string]string, error) {
	if listenOf(r).check() != nil {
		return map[string]string{"words": r.Print.T("setup.nowords")}, nil
	}
	return nil, nil
}
