package slack

import (
	"context"
	"encoding/json"
	"fmt"

	api "github.com/slack-go/slack"

	"crieur/bot"
)

// maxOffered is what the options of one answer weigh together in bytes; the rest
// of a socket's answer is around them.
const maxOffered = maxSocketAnswer - 1_000

// suggest answers what is typed into a menu that lists but some of its choices.
// Without an answer in time there is nothing to choose.
func (a *Adapter) suggest(ctx context.Context, in interaction) answer {
	none := answer{body: map[string]any{"options": []any{}}}
	e, field, ok := a.searchEvent(in)
	searcher, can := a.front.(bot.Searcher)
	if !ok || !can {
		return none
	}
	e.User = a.known(ctx, e.User)
	found, err := within(ctx, bot.FormDeadline, func(ctx context.Context) (bot.Found, error) {
		return searcher.Search(ctx, e, field, in.Value)
	})
	var options []*api.OptionBlockObject
	if err == nil {
		options, _, err = choices(found.Choices, nil)
	}
	if err != nil {
		a.log.Warn("choices not found", "action", e.Action, "field", field, "error", err)
		return none
	}
	offered := affordable(options)
	switch {
	case len(offered) == 0:
		return none
	case found.More || len(offered) < len(options):
		line := labelText(a.front.Say(e, "chat.narrow"), maxOption)
		return answer{body: api.OptionGroupsResponse{OptionGroups: []*api.OptionGroupBlockObject{api.NewOptionGroupBlockElement(line, offered...)}}}
	}
	return answer{body: api.OptionsResponse{Options: offered}}
}

// searchEvent is a search as an event of the menu or form that is searched, and
// the field of it.
func (a *Adapter) searchEvent(in interaction) (e bot.Event, field string, ok bool) {
	in.Type, field = "block_actions", bot.MenuField
	in.Actions = []clicked{{ActionID: in.ActionID}}
	if in.View != nil && in.View.CallbackID != "" { // a form; the home page has none
		in.Type, field = "view_submission", in.BlockID
	}
	e, _, ok = a.interactionEvent(in)
	// Slack gives a search no name of its own.
	e.ID = fmt.Sprintf("sl:opt:%s:%s:%d", e.Team, e.User.ID, a.now().UnixNano())
	return e, field, ok
}

// affordable are the first options that an answer over a socket can carry.
func affordable(options []*api.OptionBlockObject) []*api.OptionBlockObject {
	size := 0
	for i, option := range options {
		raw, err := json.Marshal(option)
		if size += len(raw) + 1; err != nil || size > maxOffered {
			return options[:i]
		}
	}
	return options
}
