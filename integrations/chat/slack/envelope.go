package slack

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
)

// What Slack sends, decoded by ourselves and only as far as it is needed: a
// block of a kind nobody knows yet must not lose the event around it.

// envelope is the outside of the Events API.
type envelope struct {
	Type           string `json:"type"` // event_callback, url_verification, app_rate_limited
	Challenge      string `json:"challenge"`
	EventID        string `json:"event_id"`
	TeamID         string `json:"team_id"`
	EnterpriseID   string `json:"enterprise_id"`
	ContextTeamID  string `json:"context_team_id"`
	Authorizations []struct {
		TeamID       string `json:"team_id"`
		EnterpriseID string `json:"enterprise_id"`
		UserID       string `json:"user_id"`
	} `json:"authorizations"`
	Event json.RawMessage `json:"event"`
}

// inner is an event of the kinds that matter.
type inner struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	User        string `json:"user"`
	BotID       string `json:"bot_id"`
	Text        string `json:"text"`
	TS          string `json:"ts"`
	EventTS     string `json:"event_ts"`
	ThreadTS    string `json:"thread_ts"`
	Tab         string `json:"tab"`
	Inviter     string `json:"inviter"` // of member_joined_channel
	// Files hang on what was said.
	Files []given `json:"files"`
	// Of link_shared: where the links stand, and whether the message is written
	// already.
	MessageTS string `json:"message_ts"`
	Source    string `json:"source"`
	Links     []struct {
		URL string `json:"url"`
	} `json:"links"`
	// Of tokens_revoked: whose, by user ID.
	Tokens struct {
		OAuth []string `json:"oauth"` // of people, who gave the app one of theirs
		Bot   []string `json:"bot"`   // the app's own
	} `json:"tokens"`
}

// ours says whether it was our access that Slack took away: that of a person who
// leaves is not.
func (i inner) ours() bool { return i.Type != "tokens_revoked" || len(i.Tokens.Bot) > 0 }

// team is where Crieur is installed. In a channel shared with another company,
// or in a large organisation, team_id alone may name somebody else's workspace.
func (e envelope) team() string {
	if len(e.Authorizations) > 0 {
		if id := e.Authorizations[0].TeamID; id != "" {
			return id
		}
	}
	return first(e.ContextTeamID, e.TeamID, e.EnterpriseID)
}

// bot is Crieur's own account there.
func (e envelope) bot() string {
	if len(e.Authorizations) > 0 {
		return e.Authorizations[0].UserID
	}
	return ""
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// command is a slash command; its JSON form comes over Socket Mode.
type command struct {
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	ChannelID    string `json:"channel_id"`
	UserID       string `json:"user_id"`
	UserName     string `json:"user_name"`
	Command      string `json:"command"`
	Text         string `json:"text"`
	ResponseURL  string `json:"response_url"`
	TriggerID    string `json:"trigger_id"`
}

// commandOf reads the form of a slash command.
func commandOf(body []byte) (c command, err error) {
	for field := range strings.SplitSeq(string(body), "&") {
		name, value, _ := strings.Cut(field, "=")
		if value, err = url.QueryUnescape(value); err != nil {
			return command{}, fmt.Errorf("read field %s: %w", name, err)
		}
		switch name {
		case "team_id":
			c.TeamID = value
		case "enterprise_id":
			c.EnterpriseID = value
		case "channel_id":
			c.ChannelID = value
		case "user_id":
			c.UserID = value
		case "user_name":
			c.UserName = value
		case "command":
			c.Command = value
		case "text":
			c.Text = value
		case "response_url":
			c.ResponseURL = value
		case "trigger_id":
			c.TriggerID = value
		}
	}
	return c, nil
}

// named is something with an ID and maybe a name.
type named struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	TeamID   string `json:"team_id"`
}

// interaction is a click, a form, a shortcut or a search in a menu.
type interaction struct {
	Type        string `json:"type"`
	Team        *named `json:"team"` // null in an organisation-wide installation
	Enterprise  *named `json:"enterprise"`
	User        named  `json:"user"`
	Channel     *named `json:"channel"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	CallbackID  string `json:"callback_id"`
	ActionTS    string `json:"action_ts"`
	MessageTS   string `json:"message_ts"`
	Container   struct {
		Type        string `json:"type"`
		MessageTS   string `json:"message_ts"`
		ThreadTS    string `json:"thread_ts"`
		ChannelID   string `json:"channel_id"`
		IsEphemeral bool   `json:"is_ephemeral"`
		// Of a click in a preview: under which address of the message it is.
		UnfurlURL string `json:"app_unfurl_url"`
	} `json:"container"`
	Unfurl struct {
		Blocks json.RawMessage `json:"blocks"`
	} `json:"app_unfurl"`
	Message *struct {
		Text     string          `json:"text"`
		User     string          `json:"user"`
		Username string          `json:"username"`
		TS       string          `json:"ts"`
		ThreadTS string          `json:"thread_ts"`
		Blocks   json.RawMessage `json:"blocks"`
		Files    []given         `json:"files"`
		// What other applications hang on a message, and what was forwarded with it.
		Attachments json.RawMessage `json:"attachments"`
	} `json:"message"`
	View *struct {
		ID              string `json:"id"`
		Hash            string `json:"hash"`
		CallbackID      string `json:"callback_id"`
		PrivateMetadata string `json:"private_metadata"`
		Blocks          []struct {
			Type    string `json:"type"`
			BlockID string `json:"block_id"`
		} `json:"blocks"`
		State struct {
			Values map[string]map[string]answered `json:"values"`
		} `json:"state"`
	} `json:"view"`
	Actions []clicked `json:"actions"`
	// For a search in a menu.
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	Value    string `json:"value"`
}

// option is one entry of a menu.
type option struct {
	Value string `json:"value"`
}

// answered is what one element holds.
type answered struct {
	Type            string   `json:"type"`
	Value           string   `json:"value"`
	SelectedOption  *option  `json:"selected_option"`
	SelectedOptions []option `json:"selected_options"`
	SelectedDate    string   `json:"selected_date"`
	SelectedTime    string   `json:"selected_time"`
	Files           []given  `json:"files"`
}

// given is a file that a form brought, or a message.
type given struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Mimetype string `json:"mimetype"`
	Size     int64  `json:"size"`
}

// clicked is the element that was acted on.
type clicked struct {
	answered
	ActionID string `json:"action_id"`
	ActionTS string `json:"action_ts"`
}

// values is what was chosen or typed.
func (a answered) values() []string {
	switch {
	case a.SelectedOption != nil:
		return []string{a.SelectedOption.Value}
	case len(a.SelectedOptions) > 0:
		var values []string
		for _, o := range a.SelectedOptions {
			values = append(values, o.Value)
		}
		return values
	case len(a.Files) > 0:
		var values []string
		for _, file := range a.Files {
			values = append(values, file.ID)
		}
		return values
	}
	if value := first(a.SelectedDate, a.SelectedTime, a.Value); value != "" {
		return []string{value}
	}
	return nil
}

// inputs are the fields of a form, in order.
func (i interaction) inputs() []string {
	var ids []string
	for _, block := range i.View.Blocks {
		if block.Type == "input" {
			ids = append(ids, block.BlockID)
		}
	}
	return ids
}

func (i interaction) team() string {
	if i.Team != nil && i.Team.ID != "" {
		return i.Team.ID
	}
	if i.Enterprise != nil && i.Enterprise.ID != "" {
		return i.Enterprise.ID
	}
	return i.User.TeamID
}

func (i interaction) channel() string {
	if i.Channel != nil && i.Channel.ID != "" {
		return i.Channel.ID
	}
	return i.Container.ChannelID
}

// place is where it happened. A private message of ours has no address that
// could be edited, so its place has no Message.
func (i interaction) place(team string) board.Place {
	place := board.Place{Platform: string(bot.Slack), Team: team, Channel: i.channel(),
		Thread: i.Container.ThreadTS, Message: first(i.Container.MessageTS, i.MessageTS)}
	if i.Message != nil && place.Thread == "" && i.Message.ThreadTS != place.Message {
		place.Thread = i.Message.ThreadTS
	}
	if i.Container.IsEphemeral {
		place.Message = ""
	}
	return place
}

// direct says whether a channel is a conversation of two.
func direct(channel string) bool { return strings.HasPrefix(channel, "D") }
