package app

import (
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/commands/calendar"
	"crieur/commands/digest"
	"crieur/commands/learning"
	"crieur/commands/review"
)

// opening begins what a brand has every day, once it is set up.
type opening struct {
	briefs *digest.Engine
	learnt *learning.Engine
	posts  *calendar.Engine
	asked  *review.Engine
}

// Open implements setup.Opener.
func (o opening) Open(tx *state.Tx, b *brand.Brand) time.Time {
	o.learnt.Open(tx, b)
	o.posts.Open(tx, b)
	o.asked.Open(tx, b)
	return o.briefs.Open(tx, b)
}
