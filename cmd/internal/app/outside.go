package app

import (
	"context"
	"fmt"
	"net/netip"

	"crieur/bot"
	"crieur/bot/outbox"
	"crieur/cmd/internal/config"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/slack"
	"crieur/integrations/network/bluesky"
	"crieur/integrations/network/mastodon"
	"crieur/integrations/network/webhook"
)

// reachable is a network account that can say whether it accepts us.
type reachable interface {
	Publisher
	Check(ctx context.Context) error
	Close()
}

// accounts makes the publishers that call a network themselves, by
// "<brand>/<account>". Accounts in chat applications come with those.
func accounts(c *config.Config) map[string]reachable {
	all := map[string]reachable{}
	for id, a := range c.Accounts {
		switch a.Network {
		case mastodon.Network:
			all[id] = mastodon.New(mastodon.Config{Instance: a.Instance, Token: a.Token, Name: a.Name, Allow: c.Allow})
		case bluesky.Network:
			all[id] = bluesky.New(bluesky.Config{Service: a.Service, Handle: a.Handle, Password: a.Password, Name: a.Name, Allow: c.Allow})
		case webhook.Network:
			all[id] = webhook.New(webhook.Config{URL: a.URL.Reveal(), Key: a.Secret, Name: a.Name, Allow: c.Allow})
		}
	}
	return all
}

// channelsOf are the accounts that are channels of a chat application.
func channelsOf(c *config.Config, chats map[bot.Platform]bot.Chat) map[string]Publisher {
	all := map[string]Publisher{}
	for id, a := range c.Accounts {
		switch chat := chats[bot.Platform(a.Network)].(type) {
		case *slack.Adapter:
			all[id] = chat.Publisher(slack.Account{Channel: a.Channel, Name: a.Name})
		case *discord.Chat:
			all[id] = chat.Publisher(discord.Account{Guild: c.Discord.Guild, Channel: a.Channel, Name: a.Name})
		}
	}
	return all
}

// paging calls the pagers of brands for what is critical. A pager gets what any
// webhook gets, as a "page" event: what it says is made of keys, never of what
// people wrote.
type paging struct{ pagers map[string]*webhook.Publisher }

func pagersOf(c *config.Config, allow []netip.Prefix) *paging {
	p := &paging{pagers: map[string]*webhook.Publisher{}}
	for id, pager := range c.Pagers {
		p.pagers[id] = webhook.New(webhook.Config{URL: pager.URL.Reveal(), Key: pager.Secret, Name: "pager", Allow: allow})
	}
	return p
}

// Send implements outbox.Sender.
func (p *paging) Send(ctx context.Context, effect outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	pager, ok := p.pagers[effect.Brand]
	if !ok {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.nosender",
			Err: fmt.Errorf("no pager for brand %s", effect.Brand)}
	}
	return outbox.Receipt{Ref: effect.ID}, pager.Event(ctx, "page", effect.ID, effect.Data)
}
