package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
)

// handleLife is how long a response_url is used: it lives 30 minutes.
const handleLife = 29 * time.Minute

// tolerate forgives a field that has another shape than ours: everything around it
// was read, and counts.
func (a *Adapter) tolerate(err error) error {
	var odd *json.UnmarshalTypeError
	if errors.As(err, &odd) && odd.Field != "" {
		a.log.Warn("field not understood", "field", odd.Field, "is", odd.Value)
		return nil
	}
	return err
}

// handle is how to answer privately. Without a response_url, ID says whom and
// where: "channel|user|thread".
func handle(url string, place board.Place, user string, now time.Time) bot.Handle {
	return bot.Handle{Platform: bot.Slack, Secret: url, Expires: now.Add(handleLife),
		ID: place.Channel + "|" + user + "|" + place.Thread}
}

// commandEvent is a slash command as the neutral event, with its dedupe keys.
func (a *Adapter) commandEvent(c command) (bot.Event, []string) {
	now := a.now()
	place := board.Place{Platform: string(bot.Slack), Team: a.home(first(c.TeamID, c.EnterpriseID)), Channel: c.ChannelID}
	key := "sl:cmd:" + c.TriggerID
	name, ok := a.options.Commands[c.Command]
	if !ok {
		name = strings.TrimPrefix(c.Command, "/")
	}
	return bot.Event{
		ID: key, Kind: bot.Command, Platform: bot.Slack, Team: place.Team, Place: place,
		User: bot.User{ID: c.UserID, Name: c.UserName}, Command: name, Text: strings.TrimSpace(plain(c.Text)),
		Reply: handle(c.ResponseURL, place, c.UserID, now), At: now,
	}, []string{key}
}

// messageEvent is words said to Crieur, its home being opened, or a channel that it
// was added to; ok is false for what is not said by a person.
func (a *Adapter) messageEvent(outer envelope, in inner) (e bot.Event, keys []string, ok bool) {
	team := a.home(outer.team())
	now := a.now()
	ts := first(in.MessageTS, in.TS, in.EventTS)
	keys = []string{"sl:ev:" + outer.EventID,
		fmt.Sprintf("sl:msg:%s:%s:%s:%s:%s", team, in.Channel, ts, in.Type, in.Subtype)}
	e = bot.Event{ID: keys[0], Platform: bot.Slack, Team: team, User: bot.User{ID: in.User}, At: now,
		Place: board.Place{Platform: string(bot.Slack), Team: team, Channel: in.Channel, Thread: in.ThreadTS, Message: in.TS}}
	switch in.Type {
	case "app_home_opened":
		e.Kind, e.Place = bot.Home, HomeOf(team, in.User)
		return e, keys, in.Tab == "home"
	case "member_joined_channel": // of everybody, in the channels that Crieur is in
		e.Kind, e.User.ID = bot.Joined, first(in.Inviter, in.User)
		return e, keys, in.User == outer.bot() || in.User == a.self().UserID
	case "link_shared":
		return linkEvent(e, in), keys, in.Source != "composer" && a.byPerson(outer, in)
	case "app_mention", "message":
		e.Kind = bot.Message
		e.Text, e.Files = plain(withoutMention(in.Text, outer.bot())), uploads(in.Files)
		e.Reply = handle("", e.Place, in.User, now)
		if direct(in.Channel) { // said with our name, it may come as a message and as a mention
			keys = append(keys, fmt.Sprintf("sl:said:%s:%s:%s", team, in.Channel, ts))
		}
		return e, keys, a.said(outer, in)
	}
	return e, nil, false
}

// linkEvent is a message with addresses of cards in it.
func linkEvent(e bot.Event, in inner) bot.Event {
	e.Kind, e.Place.Message, e.Values = bot.Link, in.MessageTS, map[string][]string{}
	for _, link := range in.Links {
		e.Values[bot.LinkField] = append(e.Values[bot.LinkField], link.URL)
	}
	return e
}

// byPerson says that somebody wrote it. Robots are not listened to, or two of
// them could talk for ever.
func (a *Adapter) byPerson(outer envelope, in inner) bool {
	return in.BotID == "" && in.User != "" && in.User != outer.bot() && in.User != a.self().UserID
}

// said says whether a person said it to Crieur.
func (a *Adapter) said(outer envelope, in inner) bool {
	if !a.byPerson(outer, in) {
		return false
	}
	switch in.Subtype {
	case "", "file_share", "thread_broadcast":
	default:
		return false // edits, deletions, joins
	}
	return in.Type == "app_mention" || in.ChannelType == "im"
}

// interactionEvent is a click, a form or a shortcut. ok is false for an ID that
// is not ours.
func (a *Adapter) interactionEvent(in interaction) (e bot.Event, keys []string, ok bool) {
	team := a.home(in.team())
	now := a.now()
	e = bot.Event{Platform: bot.Slack, Team: team, Place: in.place(team), At: now,
		User: bot.User{ID: in.User.ID, Name: first(in.User.Username, in.User.Name)}}
	id := in.CallbackID
	stamp := in.ActionTS
	switch in.Type {
	case "block_actions":
		if len(in.Actions) == 0 {
			return e, nil, false
		}
		e.Kind = bot.Action
		id, stamp = in.Actions[0].ActionID, in.Actions[0].ActionTS
		e.Values = clickValues(in)
	case "view_submission":
		if in.View == nil {
			return e, nil, false
		}
		e.Kind = bot.Submit
		id = in.View.CallbackID
		keys = []string{fmt.Sprintf("sl:view:%s:%s", in.View.ID, in.View.Hash)}
		e.Values, e.Files = formValues(in), formFiles(in)
	case "message_action", "shortcut":
		e.Kind = bot.Shortcut
		if in.Message != nil {
			e.Quote, e.From, e.FromID = quoteOf(in), first(in.Message.Username, in.Message.User), in.Message.User
			e.SaidAt, e.Address, e.Files = stamped(in.Message.TS), a.Locate(e.Place), uploads(in.Message.Files)
		}
	default:
		return e, nil, false
	}
	callback, err := bot.ParseCallback(id)
	if err != nil {
		return e, nil, false
	}
	if keys == nil {
		keys = []string{fmt.Sprintf("sl:act:%s:%s:%s:%s", team, in.User.ID, stamp, id)}
	}
	e.ID, e.Action, e.Arg, e.Token = keys[0], callback.Action, callback.Arg, callback.Token
	e.Reply = handle(in.ResponseURL, e.Place, in.User.ID, now)
	if in.Type == "view_submission" {
		e = from(e, in.View.PrivateMetadata)
	}
	return e, keys, true
}

// stamped is when a message was written, by its ts: seconds, then a counter.
func stamped(ts string) time.Time {
	seconds, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// from gives a sent form the place that it was opened from.
func from(e bot.Event, metadata string) bot.Event {
	var where origin
	if json.Unmarshal([]byte(metadata), &where) != nil {
		return e
	}
	e.Place.Channel, e.Place.Thread, e.Place.Message = where.Channel, where.Thread, where.Message
	e.Reply.Secret, e.Reply.ID = where.URL, where.Channel+"|"+e.User.ID+"|"+where.Thread
	if !where.Expires.IsZero() {
		e.Reply.Expires = where.Expires
	}
	return e
}

// clickValues is the choice of a menu.
func clickValues(in interaction) map[string][]string {
	values := in.Actions[0].values()
	if len(values) == 0 {
		return nil
	}
	return map[string][]string{bot.MenuField: values}
}

func formValues(in interaction) map[string][]string {
	values := map[string][]string{}
	for block, elements := range in.View.State.Values {
		for _, element := range elements {
			if v := element.values(); v != nil {
				values[block] = v
			}
		}
	}
	return values
}

// formFiles are the files of a form, in the order of its fields.
func formFiles(in interaction) []bot.Upload {
	var files []bot.Upload
	for _, id := range in.inputs() {
		for _, element := range in.View.State.Values[id] {
			files = append(files, uploads(element.Files)...)
		}
	}
	return files
}

func uploads(all []given) []bot.Upload {
	var files []bot.Upload
	for _, file := range all {
		files = append(files, bot.Upload{Ref: file.ID, Name: file.Name, Type: file.Mimetype, Size: file.Size})
	}
	return files
}

// unfoldMore turns a choice in the "More…" menu into the action it names.
func unfoldMore(e bot.Event) (bot.Event, bool) {
	values := e.Values[bot.MenuField]
	if len(values) != 1 {
		return e, false
	}
	action, arg, _ := strings.Cut(values[0], "~")
	id := bot.Callback{Action: action, Arg: arg, Token: e.Token}
	callback, err := bot.ParseCallback(id.String())
	if err != nil {
		return e, false
	}
	e.Action, e.Arg, e.Values = callback.Action, callback.Arg, nil
	return e, true
}
