package discord

import (
	"encoding/json"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"

	"github.com/bwmarrin/discordgo"
)

// handleLife is how long an interaction can be answered: Discord allows 15 min,
// we stop before.
const handleLife = 14 * time.Minute

// interaction is Discord's envelope, decoded by ourselves: discordgo refuses
// the whole of it for one component that it does not know.
type interaction struct {
	ID      string `json:"id"`
	Type    int    `json:"type"`
	Token   string `json:"token"`
	AppID   string `json:"application_id"`
	GuildID string `json:"guild_id"`
	Channel struct {
		ID     string `json:"id"`
		Type   int    `json:"type"`
		Parent string `json:"parent_id"`
	} `json:"channel"`
	ChannelID string `json:"channel_id"`
	Member    *struct {
		User  person   `json:"user"`
		Nick  string   `json:"nick"`
		Roles []string `json:"roles"`
	} `json:"member"`
	User    *person         `json:"user"`
	Locale  string          `json:"locale"`
	Message *clicked        `json:"message"`
	Data    json.RawMessage `json:"data"`
}

type person struct {
	ID     string `json:"id"`
	Name   string `json:"username"`
	Global string `json:"global_name"`
	Bot    bool   `json:"bot"`
}

// uploaded is a file that a form brought, or that hangs on a message.
type uploaded struct {
	URL  string `json:"url"`
	Name string `json:"filename"`
	Type string `json:"content_type"`
	Size int64  `json:"size"`
}

func (u uploaded) upload() bot.Upload {
	return bot.Upload{Ref: u.URL, Name: u.Name, Type: u.Type, Size: u.Size}
}

func (p person) shown() string {
	if p.Global != "" {
		return p.Global
	}
	return p.Name
}

// clicked is the message that a component belongs to.
type clicked struct {
	ID         string          `json:"id"`
	Flags      int             `json:"flags"`
	Components json.RawMessage `json:"components"`
	Metadata   *struct {
		Interacted string `json:"interacted_message_id"`
	} `json:"interaction_metadata"`
}

func (m *clicked) private() bool { return m != nil && m.Flags&flagPrivate != 0 }

// event is what all interactions have in common.
func (c *Chat) event(in interaction) bot.Event {
	now := c.now()
	e := bot.Event{
		ID: "dc:int:" + in.ID, Platform: bot.Discord, Team: in.GuildID, At: now,
		User:  bot.User{Locale: in.Locale},
		Place: board.Place{Platform: string(bot.Discord), Channel: in.ChannelID},
		Reply: bot.Handle{Platform: bot.Discord, Secret: in.Token, ID: in.ID, Expires: now.Add(handleLife)},
	}
	switch {
	case in.Member != nil:
		e.User.ID, e.User.Name, e.User.Groups = in.Member.User.ID, in.Member.User.shown(), in.Member.Roles
		e.User.Grouped = true
		if in.Member.Nick != "" {
			e.User.Name = in.Member.Nick
		}
	case in.User != nil:
		e.User.ID, e.User.Name = in.User.ID, in.User.shown()
	}
	if e.User.Locale != "" {
		c.locales.put(e.User.ID, e.User.Locale)
	}
	c.reach(e)
	if isThread(in.Channel.Type) && in.Channel.Parent != "" {
		e.Place.Channel, e.Place.Thread = in.Channel.Parent, in.ChannelID
	}
	if in.GuildID == "" { // a direct message
		e.Direct, e.Team = true, c.opts.Guild
		e.Place.Channel, e.Place.Thread = "@"+e.User.ID, ""
		if in.Channel.Type == int(discordgo.ChannelTypeDM) && in.ChannelID != "" {
			c.direct.put(e.User.ID, in.ChannelID)
		}
	}
	e.Place.Team = e.Team
	if in.Message != nil {
		e.Place.Message = in.Message.ID
		if in.Message.private() && in.Message.Metadata != nil && in.Message.Metadata.Interacted != "" {
			e.Place.Message = in.Message.Metadata.Interacted
		}
	}
	return e
}

func isThread(channelType int) bool {
	switch discordgo.ChannelType(channelType) {
	case discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread:
		return true
	}
	return false
}

// commandData is the data of a command and of its completion.
type commandData struct {
	Name     string          `json:"name"`
	Type     int             `json:"type"`
	Options  []commandOption `json:"options"`
	TargetID string          `json:"target_id"`
	Resolved struct {
		Messages map[string]struct {
			Content     string     `json:"content"`
			Author      person     `json:"author"`
			Attachments []uploaded `json:"attachments"`
		} `json:"messages"`
		Users map[string]person `json:"users"`
	} `json:"resolved"`
}

type commandOption struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []commandOption `json:"options"`
}

// text is what was typed: the word that a subcommand is, then the values of options.
func (d commandData) text() string {
	var parts []string
	var walk func([]commandOption)
	walk = func(options []commandOption) {
		for _, o := range options {
			if len(o.Value) == 0 {
				if o.Name != askName {
					parts = append(parts, o.Name)
				}
				walk(o.Options)
				continue
			}
			parts = append(parts, valueText(o.Value))
		}
	}
	walk(d.Options)
	return strings.TrimSpace(strings.Join(parts, " "))
}

// valueText is a value as text: that of a checkbox is true or false.
func valueText(raw json.RawMessage) (text string) {
	if len(raw) > 0 && json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	return text
}

// commandEvent is a slash command or a shortcut of a context menu.
func (c *Chat) commandEvent(in interaction) (bot.Event, error) {
	var data commandData
	if err := json.Unmarshal(in.Data, &data); err != nil {
		return bot.Event{}, err
	}
	e := c.event(in)
	switch discordgo.ApplicationCommandType(data.Type) {
	case discordgo.MessageApplicationCommand:
		quoted := data.Resolved.Messages[data.TargetID]
		e.Kind, e.Action, e.Place.Message = bot.Shortcut, c.shortcut(data.Name), data.TargetID
		e.Quote, e.From, e.FromID = quoted.Content, quoted.Author.shown(), quoted.Author.ID
		e.Address = c.Locate(e.Place)
		for _, file := range quoted.Attachments {
			e.Files = append(e.Files, file.upload())
		}
		if at, err := discordgo.SnowflakeTimestamp(data.TargetID); err == nil {
			e.SaidAt = at.UTC()
		}
	case discordgo.UserApplicationCommand:
		e.Kind, e.Action = bot.Shortcut, c.shortcut(data.Name)
		e.Person, e.From = data.TargetID, data.Resolved.Users[data.TargetID].shown()
	default:
		e.Kind, e.Command, e.Text = bot.Command, data.Name, data.text()
	}
	return e, nil
}

// shortcut is the action registered under a name of the context menu.
func (c *Chat) shortcut(name string) string {
	for _, command := range c.opts.Commands {
		if command.Kind != Slash && command.name() == name {
			return command.Name
		}
	}
	return name
}

// componentData is the data of a click or a choice.
type componentData struct {
	CustomID string   `json:"custom_id"`
	Type     int      `json:"component_type"`
	Values   []string `json:"values"`
}

// formData is the data of a sent form: labels with inputs, or the older rows.
type formData struct {
	CustomID   string      `json:"custom_id"`
	Components []formInput `json:"components"`
	Resolved   struct {
		Attachments map[string]uploaded `json:"attachments"`
	} `json:"resolved"`
}

type formInput struct {
	Type       int             `json:"type"`
	CustomID   string          `json:"custom_id"`
	Value      json.RawMessage `json:"value"`
	Values     []string        `json:"values"`
	Component  *formInput      `json:"component"`
	Components []formInput     `json:"components"`
}

// values collects the fields by their ID, the files in their order, and which
// fields hold names. The value of a file is its address.
func (d formData) values() (found map[string][]string, files []bot.Upload, named []string) {
	found = map[string][]string{}
	var walk func(formInput)
	walk = func(in formInput) {
		if in.Component != nil {
			walk(*in.Component)
		}
		for _, inner := range in.Components {
			walk(inner)
		}
		if in.CustomID == "" {
			return
		}
		kind, id := fieldOf(in.CustomID)
		values := in.Values
		if text := valueText(in.Value); text != "" {
			values = []string{tidy(kind, text)}
		}
		if kind == namesKind {
			values, named = lines(valueText(in.Value)), append(named, id)
		}
		if in.Type == uploadType {
			values = nil
			for _, name := range in.Values {
				if f, ok := d.Resolved.Attachments[name]; ok {
					values = append(values, f.URL)
					files = append(files, f.upload())
				}
			}
		}
		if len(values) > 0 {
			found[id] = values
		}
	}
	for _, in := range d.Components {
		walk(in)
	}
	return found, files, named
}
