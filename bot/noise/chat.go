package noise

import (
	"context"
	"fmt"

	"crieur/bot"
)

// Register registers the rolling card.
func Register(mux *bot.Mux) { mux.View(View, view) }

// view draws the rolling card of a place and day.
func view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	day, _, err := days.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, fmt.Errorf("view others %s: %w", v.Subject, err)
	}
	purpose := purposeOf(day)
	title := v.Print.T(purpose, "Count", len(day.Tucked))
	card := bot.Card{Title: bot.Say(title), Summary: title, Blocks: []bot.Block{bot.P(v.Print.T("noise.below"))}}
	if purpose == "noise.conversations" {
		card.Buttons = []bot.Button{{Action: "round.start", Label: v.Print.T("noise.round"), Style: bot.Primary}}
	}
	return card, nil
}
