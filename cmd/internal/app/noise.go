package app

import (
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/commands/digest"
	"crieur/commands/review"
)

// daily are the messages that a place has on a day whatever else rings there: the brief
// and the handover of the team's channel, and before days off what leaves meanwhile, for
// who may have to see to it.
func daily(b *brand.Brand, place board.Place, m *brand.Member, day time.Time) []string {
	switch {
	case m == nil && b.ApprovesIn(place):
		return []string{digest.View, digest.HandoverView}
	case m.Can(brand.Author) && review.Eve(b, day):
		return []string{review.EveView}
	}
	return nil
}
