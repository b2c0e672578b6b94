package config

import (
	"fmt"

	"crieur/bot/brand"
)

// networks are the ways to publish, and shown those whose limits and looks an
// assisted account can have.
var (
	networks = []string{"mastodon", "bluesky", "webhook", "slack", "discord", "assisted"}
	shown    = []string{"instagram", "facebook", "linkedin", "tiktok", "x", "threads", "youtube"}
)

// usualNames are what people call a network.
var usualNames = map[string]string{
	"mastodon": "Mastodon", "bluesky": "Bluesky", "slack": "Slack", "discord": "Discord", "instagram": "Instagram",
	"facebook": "Facebook", "linkedin": "LinkedIn", "tiktok": "TikTok", "x": "X", "threads": "Threads", "youtube": "YouTube",
}

func (r *reader) accounts(c *Config, b *brand.Brand, f brandFile, path string) {
	for i, a := range f.Accounts {
		at := index(join(path, "accounts"), i)
		r.id(join(at, "id"), a.ID)
		account := Account{
			Account: brand.Account{ID: a.ID, Network: a.Network, Name: a.Name, Shows: a.Shows, Reference: a.Handle, Limit: a.Limit},
			Brand:   b.ID, Instance: a.Instance, Token: a.Token, Service: a.Service, Handle: a.Handle, Password: a.Password,
			URL: a.URL, Secret: a.Secret, Channel: a.Channel,
		}
		if account.Shows == "" {
			account.Shows = a.Network
		}
		r.account(c, a, at)
		if account.Name == "" {
			account.Name = usualNames[account.Shows]
		}
		if account.Name == "" {
			account.Name = a.ID
		}
		if a.Limit < 0 {
			r.wrong(join(at, "limit"), "A post cannot have %d characters.", "Write how many characters the instance takes, or nothing.", a.Limit)
		}
		b.Accounts = append(b.Accounts, account.Account)
		c.Accounts[b.ID+"/"+a.ID] = account
	}
	r.once(join(path, "accounts"), len(f.Accounts), func(i int) string { return f.Accounts[i].ID }, "id")
}

// account checks what one network needs, and that nothing of another one stands
// there.
func (r *reader) account(c *Config, a accountFile, at string) {
	switch a.Network {
	case "mastodon":
		r.address(join(at, "instance"), a.Instance, true)
		r.needed(join(at, "token"), a.Token, "In the account's preferences: Development, New application, with read, write:statuses, write:media.")
	case "bluesky":
		r.address(join(at, "service"), a.Service, false)
		if a.Handle == "" {
			r.wrong(join(at, "handle"), "This is missing.", "Write the account's handle, as colibri.bsky.social.")
		}
		r.needed(join(at, "password"), a.Password, "In Bluesky: Settings, Privacy and security, App passwords. Not the account's own password.")
	case "webhook":
		r.address(join(at, "url"), a.URL.Reveal(), !r.options.Lenient)
		r.needed(join(at, "secret"), a.Secret, "Make one with: openssl rand -hex 32; the receiver checks the signature with it.")
	case "slack":
		if !r.slackPlace(c, a.Channel, join(at, "channel")) && a.Channel == "" {
			r.wrong(join(at, "channel"), "This is missing.", "Write the ID of the channel in which posts appear.")
		}
	case "discord":
		if !r.discordPlace(c, a.Channel, join(at, "channel")) && a.Channel == "" {
			r.wrong(join(at, "channel"), "This is missing.", "Write the ID of the channel in which posts appear.")
		}
	case "assisted":
		if a.Shows == "" {
			r.wrong(join(at, "shows"), "Which network a person publishes on is not said.", "Write "+oneOfWords(shown)+".")
		} else if usualNames[a.Shows] == "" {
			r.wrong(join(at, "shows"), "There is no network %q.", oneOf(a.Shows, shown), a.Shows)
		}
	default:
		fix := oneOf(a.Network, networks)
		if usualNames[a.Network] != "" {
			fix = fmt.Sprintf("For now a person publishes there: write network: assisted and shows: %s.", a.Network)
		}
		r.wrong(join(at, "network"), "Crieur cannot publish on %q by itself.", fix, a.Network)
	}
	r.strangers(a, at)
}

// strangers finds settings of another network.
func (r *reader) strangers(a accountFile, at string) {
	uses := map[string][]string{
		"mastodon": {"instance", "token"}, "bluesky": {"service", "password"}, "webhook": {"url", "secret"},
		"slack": {"channel"}, "discord": {"channel"}, "assisted": {},
	}
	mine, known := uses[a.Network]
	if !known {
		return
	}
	given := map[string]bool{
		"instance": a.Instance != "", "token": a.Token != "", "service": a.Service != "", "password": a.Password != "",
		"url": a.URL != "", "secret": a.Secret != "", "channel": a.Channel != "",
	}
	for _, field := range mine {
		delete(given, field)
	}
	for _, field := range sortedKeys(given) {
		if given[field] {
			r.wrong(join(at, field), "An account on %s has no %s.", "Take it out, or check network.", a.Network, field)
		}
	}
}

func oneOfWords(words []string) string {
	text := ""
	for i, word := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			text += " or "
		default:
			text += ", "
		}
		text += word
	}
	return text
}
