package discord

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"crieur/bot/board"
	"crieur/bot/outbox"

	"github.com/bwmarrin/discordgo"
)

// Finding is one thing that the doctor saw: catalog keys with their arguments,
// what it is and, unless all is well, what to do about it.
type Finding struct {
	OK   bool
	Key  string
	Fix  string
	Args map[string]string
}

// clockDoubt is how far the clock may be off before it is worth a word.
const clockDoubt = 30 * time.Second

// Doctor checks the token, the application, the clock, and the permissions in
// every place given (channels of cards; direct messages are skipped). It only
// reads. The first finding says whether Discord answers at all; if it does not,
// it is the only one.
func (c *Chat) Doctor(ctx context.Context, places ...board.Place) []Finding {
	var me struct {
		ID   string `json:"id"`
		Name string `json:"username"`
	}
	get := func(path, route string, into any) error {
		return c.rest.do(ctx, call{method: http.MethodGet, path: path, route: route, again: true}, into)
	}
	if err := get("/users/@me", "GET /users/@me", &me); err != nil {
		return []Finding{unwell(err)}
	}
	c.self.Store(&me.ID)
	found := []Finding{{OK: true, Key: "discord.check.token", Args: map[string]string{"Name": me.Name}}}
	found = append(found, c.checkApp(get)...)
	found = append(found, c.checkClock()...)
	seen := map[string]bool{}
	for _, place := range places {
		if place.Platform != string(c.Platform()) || strings.HasPrefix(place.Channel, "@") || seen[place.Channel] {
			continue
		}
		seen[place.Channel] = true
		found = append(found, c.checkPlace(get, place)...)
	}
	if len(found) == 1 {
		found = append(found, Finding{OK: true, Key: "discord.check.fine"})
	}
	return found
}

// unwell is the finding of a call that failed.
func unwell(err error) Finding {
	if outbox.FaultOf(err) == outbox.Denied && statusOf(err) == http.StatusUnauthorized {
		return Finding{Key: "discord.token", Fix: "discord.check.token.fix"}
	}
	return Finding{Key: "discord.away", Fix: "discord.check.away.fix"}
}

type getter func(path, route string, into any) error

func (c *Chat) checkApp(get getter) []Finding {
	var app struct {
		ID       string `json:"id"`
		Key      string `json:"verify_key"`
		Endpoint string `json:"interactions_endpoint_url"`
	}
	if err := get("/applications/@me", "GET /applications/@me", &app); err != nil {
		return []Finding{unwell(err)}
	}
	var found []Finding
	if app.ID != c.opts.AppID {
		found = append(found, Finding{Key: "discord.check.app", Fix: "discord.check.app.fix", Args: map[string]string{"ID": app.ID}})
	}
	if c.opts.PublicKey != "" && !strings.EqualFold(app.Key, c.opts.PublicKey) {
		found = append(found, Finding{Key: "discord.check.key", Fix: "discord.check.key.fix"})
	}
	if app.Endpoint != "" && c.opts.PublicKey == "" {
		found = append(found, Finding{Key: "discord.check.endpoint", Fix: "discord.check.endpoint.fix", Args: map[string]string{"URL": app.Endpoint}})
	}
	return found
}

// checkClock compares with the time in Discord's last answer.
func (c *Chat) checkClock() []Finding {
	skew := time.Duration(c.rest.skew.Load())
	if skew.Abs() < clockDoubt {
		return nil
	}
	return []Finding{{Key: "discord.check.clock", Fix: "discord.check.clock.fix",
		Args: map[string]string{"Seconds": strconv.Itoa(int(skew.Abs().Seconds()))}}}
}

// placeFacts is what decides about permissions in a channel.
type placeFacts struct {
	Guild string      `json:"guild_id"`
	Name  string      `json:"name"`
	Over  []exception `json:"permission_overwrites"`
}

// exception is a channel's exception for a role or a member.
type exception struct {
	ID    string `json:"id"`
	Type  int    `json:"type"`
	Allow int64  `json:"allow,string"`
	Deny  int64  `json:"deny,string"`
}

// step is when an exception counts: 0 for everyone, 1 for roles, 2 for members.
func (e exception) step(guild string) int {
	switch {
	case e.Type == int(discordgo.PermissionOverwriteTypeMember):
		return 2
	case e.ID == guild:
		return 0
	}
	return 1
}

func (c *Chat) checkPlace(get getter, place board.Place) []Finding {
	args := map[string]string{"Channel": place.Channel, "Guild": place.Team}
	var channel placeFacts
	if err := get("/channels/"+place.Channel, "GET /channels", &channel); err != nil {
		if statusOf(err) == http.StatusNotFound || statusOf(err) == http.StatusForbidden {
			return []Finding{{Key: "discord.check.channel", Fix: "discord.check.channel.fix", Args: args}}
		}
		return []Finding{unwell(err)}
	}
	if channel.Name != "" {
		args["Channel"] = "#" + channel.Name
	}
	rights, err := c.rights(get, channel)
	if statusOf(err) == http.StatusNotFound || statusOf(err) == http.StatusForbidden {
		return []Finding{{Key: "discord.check.guild", Fix: "discord.check.guild.fix", Args: args}}
	}
	if err != nil {
		return []Finding{unwell(err)}
	}
	var found []Finding
	for _, p := range wanted() {
		if rights&p.bit == 0 {
			found = append(found, Finding{Key: "discord.missing." + p.name, Fix: "discord.check.permission.fix", Args: args})
		}
	}
	return found
}

// rights works out the bot's permissions in a channel, as Discord documents it:
// the guild's roles, then the channel's exceptions for everyone, roles, member.
func (c *Chat) rights(get getter, channel placeFacts) (int64, error) {
	var guild struct {
		Owner string `json:"owner_id"`
		Roles []struct {
			ID     string `json:"id"`
			Rights int64  `json:"permissions,string"`
		} `json:"roles"`
	}
	if err := get("/guilds/"+channel.Guild, "GET /guilds", &guild); err != nil {
		return 0, fmt.Errorf("read guild %s: %w", channel.Guild, err)
	}
	var member struct {
		Roles []string `json:"roles"`
	}
	if err := get("/guilds/"+channel.Guild+"/members/"+c.me(), "GET /guilds/members", &member); err != nil {
		return 0, fmt.Errorf("read member of guild %s: %w", channel.Guild, err)
	}
	mine := map[string]bool{channel.Guild: true}
	for _, id := range member.Roles {
		mine[id] = true
	}
	var rights int64
	for _, role := range guild.Roles {
		if mine[role.ID] {
			rights |= role.Rights
		}
	}
	if guild.Owner == c.me() || rights&discordgo.PermissionAdministrator != 0 {
		return -1, nil
	}
	for step := range 3 { // everyone, then roles, then the member
		var allow, deny int64
		for _, over := range channel.Over {
			if step == over.step(channel.Guild) && (step < 2 && mine[over.ID] || step == 2 && over.ID == c.me()) {
				allow, deny = allow|over.Allow, deny|over.Deny
			}
		}
		rights = rights&^deny | allow
	}
	return rights, nil
}
