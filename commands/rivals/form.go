package rivals

import (
	"context"

	"crieur/bot"
)

// The choices of what an address is followed for.
const (
	toWatch = "watch"
	toRelay = "relay"
)

func (c *Chat) followForm(_ context.Context, r *bot.Request) (bot.Form, error) {
	p := r.Print
	return bot.Form{
		Action: "rival.add", Token: r.Token, Title: p.T("rivals.form"), Submit: p.T("rivals.follow"), Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{
			addressField(r, "rivals.addressorname"),
			{ID: "name", Kind: bot.Line, Label: p.T("rivals.name"), Optional: true, Max: longestName},
			{ID: "as", Kind: bot.Pick, Label: p.T("rivals.as"), Value: []string{toWatch}, Choices: []bot.Choice{
				{Value: toWatch, Label: p.T("rivals.towatch")}, {Value: toRelay, Label: p.T("rivals.torelay")}}},
		},
	}, nil
}

// longestName is how many characters a name has at most.
const longestName = 60

func addressField(r *bot.Request, hint string) bot.Field {
	return bot.Field{ID: "address", Kind: bot.Line, Label: r.Print.T("rivals.address"), Hint: r.Print.T(hint), Max: 500,
		Optional: hint != "rivals.addresshint"}
}

// addressForm asks for the address of what is followed by its name.
func (c *Chat) addressForm(_ context.Context, r *bot.Request) (bot.Form, error) {
	return bot.Form{Action: "rival.addressed", Token: r.Token, Title: r.Print.T("rivals.addaddress"), Submit: r.Print.T("rivals.addsend"),
		Cancel: r.Print.T("chat.cancel"), Fields: []bot.Field{addressField(r, "rivals.addresshint")}}, nil
}

func (c *Chat) addressed(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	err := c.Engine.AddAddress(ctx, r.Tx, r.Subject, r.Member.ID, r.Value("address"))
	return bot.Reply{}, c.badName(r, err, r.Value("address"), "")
}

// checkFollow finds what is wrong with what should be followed: a competitor may
// have its name alone.
func (c *Chat) checkFollow(ctx context.Context, r *bot.Request) (map[string]string, error) {
	if r.Value("address") == "" && r.Value("name") != "" && r.Value("as") != toRelay {
		return nil, nil
	}
	return c.checkAddress(ctx, r)
}

func (c *Chat) checkAddress(_ context.Context, r *bot.Request) (map[string]string, error) {
	if _, err := cleanAddress(r.Value("address")); err != nil {
		return map[string]string{"address": r.Print.T("rivals.badaddress", "Text", r.Value("address"))}, nil
	}
	return nil, nil
}

func (c *Chat) add(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	follow := c.Engine.Follow
	switch {
	case r.Value("as") == toRelay:
		follow = c.Engine.FollowSource
	case r.Value("address") == "":
		follow = c.byName
	}
	return c.follow(ctx, r, follow, r.Value("address"), r.Value("name"))
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
