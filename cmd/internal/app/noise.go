package app

import (
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/commands/digest"
)

// daily are the messages that a place has on a day whatever else rings there: the brief
// and the handover of the team's channel.
func daily(b *brand.Brand, place board.Place, m *brand.Member, _ time.Time) []string {
	if m == nil && b.ApprovesIn(place) {
		return []string{digest.View, digest.HandoverView}
	}
	return nil
}
