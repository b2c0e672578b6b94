package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/cmd/internal/config"
	"crieur/commands/drafting"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/slack"
	"crieur/integrations/llm"
	"crieur/integrations/mail"
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
// "<brand>/<account>"; without files they publish words alone. Accounts in chat
// applications come with those.
func accounts(c *config.Config, files content.Files) map[string]reachable {
	all := map[string]reachable{}
	for id, a := range c.Accounts {
		switch a.Network {
		case mastodon.Network:
			all[id] = mastodon.New(mastodon.Config{Instance: a.Instance, Token: a.Token, Name: a.Name, Allow: c.Allow, Files: files})
		case bluesky.Network:
			all[id] = bluesky.New(bluesky.Config{Service: a.Service, Handle: a.Handle, Password: a.Password, Name: a.Name, Allow: c.Allow, Files: files})
		case webhook.Network:
			all[id] = webhook.New(webhook.Config{URL: a.URL.Reveal(), Key: a.Secret, Name: a.Name, Allow: c.Allow, Files: files})
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

func modelOf(c *config.Config) *llm.Client {
	return llm.New(llm.Config{BaseURL: c.Model.BaseURL, Name: c.Model.Name, Key: c.Model.Key, Allow: c.Allow})
}

// writerOf is the model that proposes texts, nil when none is configured.
func writerOf(c *config.Config, undo *stack) drafting.Writer {
	if c.Model == nil {
		return nil
	}
	model := modelOf(c)
	undo.push(model.Close)
	return model
}

// paging calls the pagers of brands for what is critical. A pager gets what any
// webhook gets, as a "page" event: what it says is made of keys, never of what
// people wrote, and of the address at which the call is acknowledged.
type paging struct {
	pagers map[string]*webhook.Publisher
	bell   bell
}

func pagersOf(c *config.Config, allow []netip.Prefix) *paging {
	p := &paging{pagers: map[string]*webhook.Publisher{}, bell: bellOf(c.URL, c.Key, c.Space.ID)}
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
	var said struct {
		oncall.Page
		Acknowledge string `json:"acknowledge,omitempty"`
	}
	err := json.Unmarshal(effect.Data, &said)
	if err == nil {
		said.Acknowledge, err = p.bell.address(said.Page)
	}
	body, failed := json.Marshal(said)
	if err = errors.Join(err, failed); err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	return outbox.Receipt{Ref: effect.ID}, pager.Event(ctx, "page", effect.ID, body)
}

// mailing writes to who is called, in their language.
type mailing struct {
	sender  *mail.Sender // nil: no mail server
	space   *brand.Space
	catalog *i18n.Catalog
}

func mailOf(c *config.Config, catalog *i18n.Catalog) *mailing {
	m := &mailing{space: c.Space, catalog: catalog}
	if c.Mail != nil {
		m.sender = mail.New(mail.Config{Server: c.Mail.Server, From: c.Mail.From, User: c.Mail.User, Password: c.Mail.Password,
			TLS: mail.TLS(c.Mail.TLS)})
	}
	return m
}

// Send implements outbox.Sender.
func (m *mailing) Send(ctx context.Context, effect outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	var page oncall.Page
	if err := json.Unmarshal(effect.Data, &page); err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	member, b := m.space.Member(page.Member), m.space.Brand(page.Brand)
	if m.sender == nil || member == nil || b == nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.nosender",
			Err: fmt.Errorf("nowhere to write to %s", page.Member)}
	}
	p := m.catalog.For(b.LangOf(member), cmp.Or(member.Zone, b.Zone))
	text := "mail.page"
	if page.Exercise {
		text = "drill.letter"
	}
	return outbox.Receipt{Ref: effect.ID}, m.sender.Send(ctx, mail.Letter{ID: effect.ID, To: member.Email,
		Subject: p.T(page.What), Text: p.T(text, "Brand", b.Name, "At", p.Clock(page.At))})
}
