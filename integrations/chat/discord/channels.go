package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/bwmarrin/discordgo"

	"crieur/bot"
	"crieur/bot/board"
)

// Channels implements bot.Lister: the text channels of the guild in which
// Crieur has every right that a card needs.
func (c *Chat) Channels(ctx context.Context) ([]bot.Channel, error) {
	var found []struct {
		ID   string `json:"id"`
		Type int    `json:"type"`
		placeFacts
	}
	get := c.once(ctx)
	if err := get("/guilds/"+c.opts.Guild+"/channels", "GET /guilds/channels", &found); err != nil {
		return nil, fmt.Errorf("list channels of guild %s: %w", c.opts.Guild, err)
	}
	all := []bot.Channel{}
	for _, channel := range found {
		if t := discordgo.ChannelType(channel.Type); t != discordgo.ChannelTypeGuildText && t != discordgo.ChannelTypeGuildNews {
			continue
		}
		channel.Guild = c.opts.Guild
		rights, err := c.rights(get, channel.placeFacts)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(wanted(), func(p permission) bool { return rights&p.bit == 0 }) {
			continue
		}
		all = append(all, bot.Channel{Name: channel.Name,
			Place: board.Place{Platform: string(bot.Discord), Team: c.opts.Guild, Channel: channel.ID}})
	}
	slices.SortFunc(all, func(a, b bot.Channel) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// once is a getter that asks for each path once.
func (c *Chat) once(ctx context.Context) getter {
	known := map[string]json.RawMessage{}
	return func(path, route string, into any) error {
		if _, asked := known[path]; !asked {
			var got json.RawMessage
			if err := c.rest.do(ctx, call{method: http.MethodGet, path: path, route: route, again: true}, &got); err != nil {
				return err
			}
			known[path] = got
		}
		return json.Unmarshal(known[path], into)
	}
}
