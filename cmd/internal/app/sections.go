package app

import (
	"context"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/commands/calendar"
	"crieur/commands/digest"
	"crieur/commands/learning"
	"crieur/commands/mentions"
	"crieur/commands/review"
	"crieur/commands/rivals"
)

// sections are the brief, in the order in which people read it.
func sections(heard *mentions.Engine, requests *review.Engine, posts *calendar.Engine, watched *rivals.Engine,
	learnt *learning.Engine,
) []digest.Section {
	return []digest.Section{
		heard.Section, requests.Section, posts.Section,
		func(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
			return watched.Lines(ctx, tx, b, since, p, 3)
		},
		blind, learnt.Section,
	}
}

// blind says what is read but does not answer: silence is not calm.
func blind(ctx context.Context, tx *state.Tx, b *brand.Brand, _ time.Time, p *i18n.Printer) ([]string, error) {
	all, err := poll.All(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, one := range all {
		if one.Silent(tx.Now()) {
			lines = append(lines, p.T("digest.blind", "Name", one.Name, "Since", p.Soon(one.Since, tx.Now())))
		}
	}
	return lines, nil
}
