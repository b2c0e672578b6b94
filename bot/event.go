// Package bot is the neutral model of the chat: what happens (Event), what is
// asked (Request), what is shown (Card, Form), where (Place), and the Mux that
// brings the one to the other.
//
// It knows no feature and no service. A platform adapter turns its own
// envelopes into Events and renders Cards; a feature registers commands,
// actions and views. Limits and deadlines come from Slack's and Discord's
// documentation; they are named where they bind.
package bot

import (
	"time"

	"crieur/bot/board"
)

// Platform names a chat application.
type Platform string

const (
	Slack   Platform = "slack"
	Discord Platform = "discord"
	Console Platform = "console" // the local browser workspace
)

// Name is the application as people call it.
func (p Platform) Name() string {
	switch p {
	case Slack:
		return "Slack"
	case Discord:
		return "Discord"
	}
	return "Crieur" // the workspace is our own
}

// Kind says what sort of thing happened.
type Kind string

const (
	// Command is a slash command: Command and Text are set.
	Command Kind = "command"
	// Action is a click on a button or a choice in a menu of a card: Action,
	// Token and Values are set.
	Action Kind = "action"
	// Submit is a form that was sent: Action, Token and Values are set.
	Submit Kind = "submit"
	// Message is words said to Crieur, directly or by mention: Text is set.
	Message Kind = "message"
	// Shortcut is a shortcut on a message (Quote is set), on a person (Person is
	// set) or a global one.
	Shortcut Kind = "shortcut"
	// Home is the opening of Crieur's home page: Place is the page, and the
	// answer becomes what it shows.
	Home Kind = "home"
	// Link is somebody's message with addresses of ours in it, which are in
	// Values under "link"; Place is the message. Nobody asked anything.
	Link Kind = "link"
	// Joined is Crieur being added to a channel: Place is the channel, User who did it.
	// Nobody asked anything.
	Joined Kind = "joined"
)

// Event is one thing that a person did in a chat application. It is stored as
// JSON in a lane, so it holds everything that its handler may need.
type Event struct {
	// ID is the first of the platform's keys by which repeated deliveries are
	// recognised (facts: "sl:cmd:…", "dc:int:…").
	ID string `json:"id"`
	// Taken names the process that took it in and acknowledges it, TakenAt is when,
	// by the clock of the brand's day.
	Taken    string    `json:"taken,omitempty"`
	TakenAt  time.Time `json:"taken_at,omitzero"`
	Kind     Kind      `json:"kind"`
	Platform Platform  `json:"platform"`
	// Team is the Slack workspace or the Discord guild.
	Team string `json:"team,omitempty"`
	// Place is where it happened: channel, thread, and for a click the message.
	Place board.Place `json:"place"`
	// Direct says that Place is a conversation with Crieur alone.
	Direct bool `json:"direct,omitempty"`
	User   User `json:"user"`
	// Command is the registered name ("draft"), whatever name it had on screen.
	Command string `json:"command,omitempty"`
	Text    string `json:"text,omitempty"`
	Action  string `json:"action,omitempty"`
	// Arg tells apart the buttons of one action on one card.
	Arg string `json:"arg,omitempty"`
	// Token names the card or form, see Callback.
	Token string `json:"token,omitempty"`
	// Values are the fields of a form; the choice of a menu is under MenuField.
	Values map[string][]string `json:"values,omitempty"`
	// Files are what a form brought, in the order of its fields, or what hangs on the
	// message that was said or that a shortcut was used on.
	Files []Upload `json:"files,omitempty"`
	// Quote is the text of the message that a shortcut was used on, and From
	// who wrote it. Both are hostile. FromID is who that is to the platform, SaidAt
	// when it was written and Address where it is to be seen, as far as the platform
	// says so.
	Quote   string    `json:"quote,omitempty"`
	From    string    `json:"from,omitempty"`
	FromID  string    `json:"from_id,omitempty"`
	SaidAt  time.Time `json:"said_at,omitzero"`
	Address string    `json:"address,omitempty"`
	// Person is who a shortcut was used on, as the platform's user ID; From is
	// then what they are called. They may be anybody.
	Person string `json:"person,omitempty"`
	// Reply is the platform's short-lived handle for answering privately.
	Reply Handle    `json:"reply,omitzero"`
	At    time.Time `json:"at"`
}

// Conversation is the lane key: what one person does on one platform is handled
// in order.
func (e Event) Conversation() string {
	return string(e.Platform) + ":" + e.Team + ":" + e.User.ID
}

// User is a person as the platform knows them.
type User struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	// Locale is what the platform says, "fr" or "en-GB"; empty if it does not.
	Locale string `json:"locale,omitempty"`
	// Zone is the time zone that the platform says they are in, by its IANA name;
	// empty if it does not. It is where a form begins: people say themselves whose
	// clock is theirs.
	Zone string `json:"zone,omitempty"`
	// Groups are user groups (Slack) or roles (Discord).
	Groups []string `json:"groups,omitempty"`
	// Grouped says that Groups are all of theirs; false where the platform did
	// not say.
	Grouped bool `json:"grouped,omitempty"`
}

// Local is the zone that the platform says they are in, nil if it says none that is
// known.
func (u User) Local() *time.Location {
	zone, err := time.LoadLocation(u.Zone)
	if err != nil || u.Zone == "" || zone == time.Local {
		return nil
	}
	return zone
}

// Upload is a file that a person gave, as their platform keeps it. All of it is
// what the platform or the person says; the bytes decide.
type Upload struct {
	// Ref is the platform's handle on the bytes: a file's ID, an address. It opens
	// nothing to those who lack our token, or not for long.
	Ref  string `json:"ref"`
	Name string `json:"name"`
	Type string `json:"type,omitempty"` // "image/jpeg"
	Size int64  `json:"size,omitempty"` // bytes; 0 if the platform does not say
}

// Handle is what a platform gives for answering one interaction: a response_url
// or an interaction token. It dies by itself (Slack 30 min and 5 uses, Discord
// 15 min), so an answer also carries the person it is for.
type Handle struct {
	Platform Platform `json:"platform,omitempty"`
	// Secret is the response_url or token. It never enters a log.
	Secret string `json:"secret,omitempty"`
	// ID is the interaction's ID, where the platform needs it too.
	ID      string    `json:"id,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
	// Deferred says that the platform shows "thinking…" until it is answered.
	Deferred bool `json:"deferred,omitempty"`
	// Elsewhere says that another process may have acknowledged it, whose
	// "thinking…" may still be on its way.
	Elsewhere bool `json:"elsewhere,omitempty"`
}
