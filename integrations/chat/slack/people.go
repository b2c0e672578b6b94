package slack

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/work"
)

const (
	personLife  = 12 * time.Hour  // how long a locale is believed
	strangeLife = time.Minute     // how long Slack is not asked again after a failure
	groupsEvery = 5 * time.Minute // how old user groups may be
)

// people is what is known of the people of the workspace: language and groups.
type people struct {
	mu     sync.Mutex
	seen   map[string]person
	groups map[string][]string
	// limited is until when Slack wants no questions about people.
	limited time.Time
}

type person struct {
	name   string // as others see it
	locale string
	zone   string // where they are, by its IANA name
	until  time.Time
	asked  chan struct{} // closed when the answer is there
}

// self is our own account; zero before Slack said so.
func (a *Adapter) self() api.AuthTestResponse {
	if own := a.own.Load(); own != nil {
		return *own
	}
	return api.AuthTestResponse{}
}

// home is the workspace that an event belongs to: the one of the configuration, by
// which everybody is known, whatever workspace Slack names. In a channel shared with
// another company, and in a large organisation, that differs between what it brings.
func (a *Adapter) home(team string) string {
	if own := a.self().TeamID; a.options.Team == "" && strings.HasPrefix(own, "T") {
		return own
	}
	return first(a.options.Team, team)
}

// atHome says whether our access is to the workspace of the configuration, or to the
// organisation that it is part of.
func (a *Adapter) atHome(own *api.AuthTestResponse) bool {
	return a.options.Team == "" || a.options.Team == own.TeamID || a.options.Team == own.EnterpriseID ||
		strings.HasPrefix(own.TeamID, "E")
}

// introduce asks Slack who we are until it answers, and again when it took our
// access away: whoever installs the app again has the same key as a rule.
func (a *Adapter) introduce(ctx context.Context) {
	for wait := a.options.Pause; ; {
		own, err := a.client.AuthTestContext(ctx)
		next := wait
		switch {
		case err == nil:
			a.own.Store(own)
			if !a.atHome(own) {
				a.log.Error("the bot token is of another workspace than slack.team", "token", own.TeamID, "team", a.options.Team)
			}
			a.state.access(nil)
			wait = a.options.Pause
			select {
			case <-a.lost:
				continue
			case <-ctx.Done():
				return
			}
		case denied(err):
			a.state.access(err)
			next = a.options.Refusal
		}
		a.log.Warn("ask who we are", "error", scrub(err))
		if !work.Pause(ctx, next) {
			return
		}
		wait = min(2*wait, time.Minute)
	}
}

// alone says whether a conversation of two is with Crieur: a command may also be
// typed to a colleague, and nothing can be posted there.
func (a *Adapter) alone(ctx context.Context, kind bot.Kind, user, channel string) bool {
	if !direct(channel) {
		return false
	}
	if kind == bot.Message { // Slack brings only those said to us
		a.ims.Store(user, channel)
		return true
	}
	ours, err := within(ctx, lookBudget, func(ctx context.Context) (string, error) {
		return a.channel(ctx, "@"+user)
	})
	return err == nil && ours == channel
}

// known adds what is known of a person. Slack is asked at first sight, and
// waited for only a moment: an ack matters more than a language.
func (a *Adapter) known(ctx context.Context, user bot.User) bot.User {
	if entry := a.lookUp(user.ID); entry.locale == "" { // an old answer does meanwhile
		timer := time.NewTimer(lookBudget)
		defer timer.Stop()
		select {
		case <-entry.asked:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	a.people.mu.Lock()
	defer a.people.mu.Unlock()
	user.Locale, user.Zone = a.people.seen[user.ID].locale, a.people.seen[user.ID].zone
	user.Name = first(a.people.seen[user.ID].name, user.Name)
	user.Groups, user.Grouped = a.people.groups[user.ID], a.people.groups != nil
	return user
}

func (a *Adapter) lookUp(id string) person {
	a.people.mu.Lock()
	defer a.people.mu.Unlock()
	entry, ok := a.people.seen[id]
	if ok && a.now().Before(entry.until) {
		return entry
	}
	entry = person{name: entry.name, locale: entry.locale, zone: entry.zone, until: a.now().Add(strangeLife), asked: make(chan struct{})}
	if a.people.seen == nil {
		a.people.seen = map[string]person{}
	}
	a.people.seen[id] = entry
	if a.now().Before(a.people.limited) {
		close(entry.asked)
		return entry
	}
	a.spawn(func(run context.Context) {
		ctx, cancel := context.WithTimeout(run, callTimeout)
		defer cancel()
		defer close(entry.asked)
		info, err := a.client.GetUserInfoContext(ctx, id)
		if err != nil {
			a.log.Debug("ask for a person's language", "error", scrub(err))
			a.limitPeople(err)
			return
		}
		a.people.mu.Lock()
		defer a.people.mu.Unlock()
		name := first(info.Profile.DisplayName, info.RealName, info.Name)
		a.people.seen[id] = person{name: name, locale: info.Locale, zone: info.TZ, until: a.now().Add(personLife), asked: entry.asked}
	})
	return entry
}

func (a *Adapter) limitPeople(err error) {
	var limited *api.RateLimitedError
	if errors.As(err, &limited) {
		a.people.mu.Lock()
		defer a.people.mu.Unlock()
		a.people.limited = a.now().Add(limited.RetryAfter)
	}
}

// keepGroups keeps who is in which user group, as roles may come from them.
func (a *Adapter) keepGroups(ctx context.Context) {
	for wait := a.options.Pause; ; {
		groups, err := a.client.GetUserGroupsContext(ctx, api.GetUserGroupsOptionIncludeUsers(true))
		if wait = a.groupsIn(groups, err, wait); !work.Pause(ctx, wait) {
			return
		}
	}
}

// groupsIn takes what Slack says of user groups, and returns when to ask again. A
// refusal lasts until somebody grants the permission: until then nobody's groups are
// known, so nobody gains or loses a role by them.
func (a *Adapter) groupsIn(groups []api.UserGroup, err error, wait time.Duration) time.Duration {
	var refused api.SlackErrorResponse
	var limited *api.RateLimitedError
	switch {
	case err == nil:
		a.setGroups(groups)
		return groupsEvery
	case errors.As(err, &refused) && denied(err):
		a.log.Warn("user groups are not readable", "error", refused.Err, "needed", refused.Needed)
		a.people.mu.Lock()
		defer a.people.mu.Unlock()
		a.people.groups = nil
		return groupsEvery
	case errors.As(err, &limited):
		return max(min(2*wait, groupsEvery), limited.RetryAfter)
	}
	a.log.Debug("ask for user groups", "error", scrub(err))
	return min(2*wait, groupsEvery)
}

func (a *Adapter) setGroups(groups []api.UserGroup) {
	of := map[string][]string{}
	for _, group := range groups {
		for _, user := range group.Users {
			of[user] = append(of[user], group.ID)
		}
	}
	a.people.mu.Lock()
	defer a.people.mu.Unlock()
	a.people.groups = of
}
