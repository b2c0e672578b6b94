package slack_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// TestLongPreview shows a card under a link whatever it holds: what has no room
// there is said to be on the card, and nothing is posted beside.
func TestLongPreview(t *testing.T) {
	w := newWorld(t, func(f *slackfake.Options, _ *slack.Options) { f.Domain = "crieur.example" })
	const link = "https://crieur.example/card/x"
	said, _ := w.fake.Say(lea, com, "voir "+link)
	at := board.Place{Platform: "slack", Team: slackfake.Team, Channel: com, Message: said.TS, Link: link}
	card := bot.Card{Title: bot.Say("Fiche"), Lang: "fr", Token: "t", Buttons: []bot.Button{{Action: "a.b", Label: "Continuer"}}}
	card.Blocks = []bot.Block{{Kind: bot.Grid, Rows: [][]string{{"réseau", "vues"}, {"Mastodon", "12"}}},
		{Kind: bot.Picture, File: strings.Repeat("ab", 32), Alt: "Une boîte rouge"}}
	for i := range 60 {
		card.Blocks = append(card.Blocks, bot.P(fmt.Sprintf("ligne-%d %s", i, strings.Repeat("mot ", 200))))
	}
	if err := w.adapter.Edit(t.Context(), at, card); err != nil {
		t.Fatal(err)
	}
	shown := w.now(at)
	for _, want := range []string{"Fiche", "Mastodon", "Une boîte rouge", "ligne-0", "La suite est sur la carte elle-même."} {
		if !strings.Contains(shown.Words(), want) {
			t.Errorf("no %q in %s", want, shown.Words())
		}
	}
	if labels := shown.Labels(); strings.Join(labels, "") != "Continuer" {
		t.Errorf("buttons %q", labels)
	}
	if all := w.fake.Messages(com); len(all) != 1 {
		t.Errorf("%d messages", len(all))
	}
	w.fake.Delete(said)
	if err := w.adapter.Edit(t.Context(), at, card); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("under nothing: %v", err)
	}
}
