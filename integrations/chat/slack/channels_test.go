package slack_test

import (
	"slices"
	"testing"

	"crieur/bot"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

var _ bot.Lister = (*slack.Adapter)(nil)

// Only channels that Crieur was invited to, and that are in use, are offered.
func TestChannels(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.AddChannel(slackfake.Channel{ID: "C0OTHER", Name: "autre", Outside: true})
	w.fake.AddChannel(slackfake.Channel{ID: "C0OLD", Name: "ancien", Archived: true})
	w.fake.AddChannel(slackfake.Channel{ID: "C0PRIVATE", Name: "alertes", Private: true})
	found, err := w.adapter.Channels(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, channel := range found {
		names = append(names, channel.Name)
	}
	if !slices.Contains(names, "alertes") || slices.Contains(names, "autre") || slices.Contains(names, "ancien") || !slices.IsSorted(names) {
		t.Errorf("channels %q", names)
	}
	w.fake.Fail("users.conversations", slackfake.Fault{Error: "missing_scope"})
	if found, err := w.adapter.Channels(t.Context()); err == nil {
		t.Errorf("without the scope: %v", found)
	}
}
