package team

import (
	"maps"
	"slices"

	"crieur/bot/brand"
)

// Theme is what people added in conversation to what a brand follows: a theme,
// or words for one that it has. What the brand has otherwise stays.
type Theme struct {
	Brand string `json:"brand"`
	ID    string `json:"id"`
	// Names are what people call it, by language; none where it has a name already.
	Names map[string]string `json:"names,omitempty"`
	Words []string          `json:"words"` // entries of a list, see bot/text/theme
}

// WithTheme is the overlay with these words too: those of a theme that is there
// join it. The receiver stays as it is.
func (o Overlay) WithTheme(t Theme) Overlay {
	o.Themes = slices.Clone(o.Themes)
	at := slices.IndexFunc(o.Themes, t.same)
	if at < 0 {
		o.Themes = append(o.Themes, t)
		return o
	}
	known := &o.Themes[at]
	known.Words = slices.Clone(known.Words)
	for _, word := range t.Words {
		if !slices.Contains(known.Words, word) {
			known.Words = append(known.Words, word)
		}
	}
	return o
}

// WithoutTheme is the overlay without what was added to a brand's theme; the
// receiver stays as it is.
func (o Overlay) WithoutTheme(brand, id string) Overlay {
	o.Themes = slices.DeleteFunc(slices.Clone(o.Themes), Theme{Brand: brand, ID: id}.same)
	return o
}

// ThemesOf is what was added to a brand, the oldest first.
func (o Overlay) ThemesOf(brand string) []Theme {
	return slices.DeleteFunc(slices.Clone(o.Themes), func(t Theme) bool { return t.Brand != brand })
}

func (t Theme) same(other Theme) bool { return t.Brand == other.Brand && t.ID == other.ID }

// over is the brand with the theme's words; its maps are copies.
func (t Theme) over(b brand.Brand) *brand.Brand {
	b.Added = with(b.Added, t.ID, t.Words)
	if _, named := b.ThemeNames[t.ID]; !named && len(t.Names) > 0 {
		b.ThemeNames = with(b.ThemeNames, t.ID, t.Names)
	}
	return &b
}

// with is a copy of a map with one more entry.
func with[V any](all map[string]V, key string, value V) map[string]V {
	all = maps.Clone(all)
	if all == nil {
		all = map[string]V{}
	}
	all[key] = value
	return all
}
