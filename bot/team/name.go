package team

import (
	"slices"

	"crieur/bot/brand"
)

// Name is a competitor that a brand follows by its name: every mention is looked
// through for it, so every process holds it. The rest of it is elsewhere
// (commands/rivals).
type Name struct {
	Brand string `json:"brand"`
	ID    string `json:"id"`
	Name  string `json:"name"`
}

// WithName is the overlay with that name as given; the receiver stays as it is.
func (o Overlay) WithName(n Name) Overlay {
	o.Names = append(o.WithoutName(n.Brand, n.ID).Names, n)
	return o
}

// WithoutName is the overlay without that name of a brand; the receiver stays as
// it is.
func (o Overlay) WithoutName(brand, id string) Overlay {
	o.Names = slices.DeleteFunc(slices.Clone(o.Names), func(n Name) bool { return n.Brand == brand && n.ID == id })
	return o
}

// over is the brand with the name; its other names are copies.
func (n Name) over(b brand.Brand) *brand.Brand {
	b.Named = append(slices.Clone(b.Named), brand.Rival{ID: n.ID, Name: n.Name})
	return &b
}
