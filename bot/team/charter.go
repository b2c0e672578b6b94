package team

import (
	"slices"

	"crieur/bot/brand"
)

// Charter is a brand's charter of moderation as admins made it in conversation.
// It stands for that of the file: whoever reads an article must read today's.
// What it was before is elsewhere (commands/moderation).
type Charter struct {
	Brand    string          `json:"brand"`
	Version  int             `json:"version"` // counted from 1
	Articles []brand.Article `json:"articles"`
}

// WithCharter is the overlay with that brand's charter as given; the receiver
// stays as it is.
func (o Overlay) WithCharter(c Charter) Overlay {
	o.Charters = slices.DeleteFunc(slices.Clone(o.Charters), func(other Charter) bool { return other.Brand == c.Brand })
	o.Charters = append(o.Charters, c)
	return o
}

// CharterOf is the charter of a brand; found is false while it is as the file
// says.
func (o Overlay) CharterOf(brand string) (c Charter, found bool) {
	at := slices.IndexFunc(o.Charters, func(c Charter) bool { return c.Brand == brand })
	if at < 0 {
		return Charter{}, false
	}
	return o.Charters[at], true
}

// over is the brand with the charter.
func (c Charter) over(b brand.Brand) *brand.Brand {
	b.Charter, b.CharterVersion = c.Articles, c.Version
	return &b
}
