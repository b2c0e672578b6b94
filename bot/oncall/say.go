package oncall

import (
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// Line says who was called, and who saw it: a line of a card.
func (c Call) Line(p *i18n.Printer, space *brand.Space, now time.Time) string {
	var who []string
	for _, try := range c.Tries {
		who = append(who, p.T("oncall.calledone", "Who", nameOf(space, try.Member), "At", p.Soon(try.At, now)))
	}
	line := p.T("oncall.called", "Who", p.List(who...))
	if c.SeenBy == "" {
		return line + " · " + p.T("oncall.unseen")
	}
	return line + " · " + p.T("oncall.seenby", "Who", nameOf(space, c.SeenBy), "At", p.At(c.SeenAt, now))
}

func nameOf(space *brand.Space, id string) string {
	if m := space.Member(id); m != nil {
		return m.Name
	}
	return id
}
