package slack

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/secret"
)

// Problem is one thing wrong with the settings. Key is its catalog key, and
// Key+".fix" what to do about it; both take the same arguments.
type Problem struct {
	Key  string
	Args map[string]string
	// Advice says that Crieur works all the same.
	Advice bool
}

// longestDrift is how far our clock may be from Slack's; at 5 minutes every
// signature is refused.
const longestDrift = time.Minute

// kinds are the beginnings of what Slack hands out, and what each is called in
// the catalog.
func kindOf(s secret.Secret) string {
	text := s.Reveal()
	for _, kind := range []string{"xoxb", "xapp", "xoxp", "xoxe", "xoxa"} {
		if strings.HasPrefix(text, kind+"-") || strings.HasPrefix(text, kind+".") {
			return kind
		}
	}
	if s == "" {
		return ""
	}
	return "other"
}

// Check finds what is wrong with the settings without asking Slack: which of
// the three secrets went where.
func Check(o Options) []Problem {
	var problems []Problem
	place := func(where string, s secret.Secret, want string) {
		kind := kindOf(s)
		if kind == want || kind == "" || want == "other" && kind == "other" {
			return
		}
		problems = append(problems, Problem{Key: "slack.check.swapped", Args: map[string]string{
			"Where": where, "Found": kindName(kind), "Wanted": kindName(want)}})
	}
	place("bot_token", o.Token, "xoxb")
	place("app_token", o.AppToken, "xapp")
	place("signing_secret", o.SigningSecret, "other")
	if o.Token == "" {
		problems = append(problems, Problem{Key: "slack.check.nobot"})
	}
	if o.AppToken == "" && o.SigningSecret == "" {
		problems = append(problems, Problem{Key: "slack.check.noway"})
	}
	return problems
}

// kindName is what to call a secret where people look for it.
func kindName(kind string) string {
	if kind == "other" {
		return "?"
	}
	return kind + "-…"
}

// Doctor is Check and then asks Slack: whether it accepts us, with which
// permissions, whether Socket Mode is on, whether the clocks agree, and whether
// Crieur may post in the places given. It only reads.
func (a *Adapter) Doctor(ctx context.Context, places ...board.Place) []Problem {
	problems := Check(a.options)
	if kindOf(a.options.Token) == "xoxb" {
		found := a.checkBot(ctx)
		problems = append(problems, found...)
		if len(found) == 0 || found[0].Key != "slack.check.refused" {
			problems = append(problems, a.checkPlaces(ctx, places)...)
		}
	}
	if kindOf(a.options.AppToken) == "xapp" {
		problems = append(problems, a.checkSocket(ctx)...)
	}
	return problems
}

func (a *Adapter) checkBot(ctx context.Context) []Problem {
	own, err := a.client.AuthTestContext(ctx)
	if err != nil {
		return []Problem{a.callProblem("bot_token", err)}
	}
	var problems []Problem
	if own.BotID == "" {
		problems = append(problems, Problem{Key: "slack.check.notabot"})
	}
	if !a.atHome(own) {
		problems = append(problems, Problem{Key: "slack.check.team", Args: map[string]string{"Found": own.TeamID, "Wanted": a.options.Team}})
	}
	granted := map[string]bool{}
	for scope := range strings.SplitSeq(own.Header.Get("X-OAuth-Scopes"), ",") {
		granted[strings.TrimSpace(scope)] = true
	}
	var missing []string
	for _, need := range Needs(ManifestOptions{}) {
		if !granted[need.Scope] {
			missing = append(missing, need.Scope)
		}
	}
	if len(missing) > 0 {
		problems = append(problems, Problem{Key: "slack.check.scopes", Args: map[string]string{"Scopes": strings.Join(missing, ", ")}})
	}
	if slices.ContainsFunc(historyScopes(), func(scope string) bool { return !granted[scope] }) {
		problems = append(problems, Problem{Key: "slack.check.history", Advice: true})
	}
	if a.options.URL != "" && slices.ContainsFunc(linkScopes(), func(scope string) bool { return !granted[scope] }) {
		problems = append(problems, Problem{Key: "slack.check.links", Args: map[string]string{"Address": a.options.URL}, Advice: true})
	}
	if date, err := http.ParseTime(own.Header.Get("Date")); err == nil {
		if drift := a.now().Sub(date); drift.Abs() > longestDrift {
			problems = append(problems, Problem{Key: "slack.check.clock", Args: map[string]string{"Drift": drift.Abs().Round(time.Second).String()}})
		}
	}
	return problems
}

// checkPlaces asks about each channel once.
func (a *Adapter) checkPlaces(ctx context.Context, places []board.Place) []Problem {
	var problems []Problem
	seen := map[string]bool{}
	for _, place := range places {
		if place.Platform != string(bot.Slack) || seen[place.Channel] || !strings.HasPrefix(place.Channel, "C") && !strings.HasPrefix(place.Channel, "G") {
			continue
		}
		seen[place.Channel] = true
		info, err := a.client.GetConversationInfoContext(ctx, &api.GetConversationInfoInput{ChannelID: place.Channel})
		args := map[string]string{"Channel": place.Channel}
		var refused api.SlackErrorResponse
		switch {
		case errors.As(err, &refused) && refused.Err == "channel_not_found":
			problems = append(problems, Problem{Key: "slack.check.outside", Args: args})
		case err != nil:
			problems = append(problems, a.callProblem("bot_token", err))
		case info.IsArchived:
			args["Channel"] = "#" + info.Name
			problems = append(problems, Problem{Key: "slack.check.archived", Args: args})
		case !info.IsMember:
			args["Channel"] = "#" + info.Name
			problems = append(problems, Problem{Key: "slack.check.outside", Args: args})
		}
	}
	return problems
}

func (a *Adapter) checkSocket(ctx context.Context) []Problem {
	_, _, err := a.client.StartSocketModeContext(ctx)
	if err == nil {
		return nil
	}
	return []Problem{a.callProblem("app_token", err)}
}

// callProblem says why a call failed.
func (a *Adapter) callProblem(where string, err error) Problem {
	var refused api.SlackErrorResponse
	if !errors.As(err, &refused) {
		return Problem{Key: "slack.check.away", Args: map[string]string{"Why": scrub(err).Error()}}
	}
	switch refused.Err {
	case "missing_scope":
		return Problem{Key: "slack.check.scopes", Args: map[string]string{"Scopes": refused.Needed}}
	case "link_disabled", "socket_mode_disabled", "not_allowed":
		return Problem{Key: "slack.check.socketoff"}
	}
	return Problem{Key: "slack.check.refused", Args: map[string]string{"Where": where, "Why": refused.Err}}
}
