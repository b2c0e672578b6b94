package app_test

import (
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// onSlack is the strict fake of Slack with the app behind it, over HTTP.
func onSlack(t *testing.T, space *brand.Space, build func() *app.App) (bottest.Surface, *app.App) {
	fake := slackfake.New(t, slackfake.Options{NoTiers: true})
	for _, channel := range []string{"com", "com-alertes"} {
		fake.AddChannel(slackfake.Channel{ID: slackID("C", channel), Name: channel})
	}
	for _, m := range space.Members {
		user := slackID("U", m.ID)
		m.Handles = map[string]string{"slack:" + slackfake.Team: user}
		fake.AddPerson(slackfake.Person{ID: user, Name: m.Name, Locale: "fr-FR", Zone: "Europe/Paris"})
	}
	fake.AddPerson(slackfake.Person{ID: slackID("U", "eve"), Name: "Eve", Locale: "fr-FR"})
	b := space.Brands[0]
	b.Approvals = []board.Place{{Platform: "slack", Team: slackfake.Team, Channel: slackID("C", "com")}}
	b.Alerts = []board.Place{{Platform: "slack", Team: slackfake.Team, Channel: slackID("C", "com-alertes")}}
	a := build()
	adapter := slack.New(slack.Options{
		Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret, APIURL: fake.APIURL(), Commands: slack.Commands(),
		Team: slackfake.Team, Words: catalog(t),
		Member: func(member string) (string, bool) {
			m := space.Member(member)
			if m == nil {
				return "", false
			}
			return m.Handles["slack:"+slackfake.Team], true
		},
	}, a.Desk, a.Desk)
	server := httptest.NewServer(adapter.Handler())
	t.Cleanup(server.Close)
	fake.DeliverTo(server.URL)
	a.AddChat(adapter)
	t.Cleanup(func() {
		if broken := fake.Broken(); len(broken) > 0 {
			t.Errorf("people saw: %v", broken)
		}
	})
	return slackSurface{fake}, a
}

func slackID(kind, name string) string {
	return kind + strings.ToUpper(strings.NewReplacer("-", "", ".", "").Replace(name))
}

// slackSurface is bottest.Surface over the fake's people.
type slackSurface struct{ fake *slackfake.Server }

func (s slackSurface) channel(user, channel string) string {
	if channel == "@"+user {
		return s.fake.DM(slackID("U", user))
	}
	return slackID("C", channel)
}

func (s slackSurface) Command(user, channel, name, text string) error {
	for installed, registered := range slack.Commands() {
		if registered == name {
			return s.fake.Command(slackID("U", user), s.channel(user, channel), installed, text).Err
		}
	}
	return errors.New("no such command")
}

func (s slackSurface) Say(user, text string) error {
	_, ack := s.fake.Say(slackID("U", user), s.channel(user, "@"+user), text)
	return ack.Err
}

func (s slackSurface) Click(user, channel, label string) error {
	// What answers words said to Crieur stands in their direct conversation.
	all := slices.Concat(s.fake.Messages(s.fake.DM(slackID("U", user))),
		s.fake.Messages(s.channel(user, channel)), s.fake.Ephemerals(slackID("U", user)))
	for _, m := range slices.Backward(all) {
		if slices.Contains(m.Labels(), label) {
			_, err := s.fake.Click(slackID("U", user), m, label)
			return err
		}
	}
	return errors.New("no such button")
}

func (s slackSurface) Submit(user string, values map[string]string) error {
	many := map[string][]string{}
	for name, value := range values {
		many[name] = []string{value}
	}
	_, err := s.fake.SubmitModal(slackID("U", user), many)
	return err
}

func (s slackSurface) Screen(user, channel string) []string {
	var screen []string
	for _, m := range s.fake.Messages(s.channel(user, channel)) {
		screen = append(screen, shown(m.Words(), m.Labels()))
	}
	return screen
}

func (s slackSurface) Private(user string) []string {
	var texts []string
	for _, m := range s.fake.Ephemerals(slackID("U", user)) {
		texts = append(texts, shown(m.Words(), m.Labels()))
	}
	for _, m := range s.fake.Messages(s.fake.DM(slackID("U", user))) {
		texts = append(texts, shown(m.Words(), m.Labels()))
	}
	if modal := s.fake.Modal(slackID("U", user)); modal != nil {
		texts = append(texts, "["+modal.Title+"]")
		for _, problem := range modal.Errors {
			texts = append(texts, problem)
		}
	}
	return texts
}

// shown is a message as a script reads it: its words, then its buttons.
func shown(words string, labels []string) string {
	for _, label := range labels {
		words += " [" + label + "]"
	}
	return words
}
