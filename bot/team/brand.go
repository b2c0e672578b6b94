package team

import (
	"slices"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
)

// Brand is a brand that was set up in conversation: what people chose there.
// Everything else is as for a brand whose file says nothing of it.
type Brand struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Langs     []string        `json:"langs"`
	Zone      string          `json:"zone"` // IANA
	Hours     hours.Week      `json:"hours"`
	Off       hours.Days      `json:"off,omitempty"`
	Holidays  hours.Holidays  `json:"holidays,omitempty"`
	Brief     hours.Clock     `json:"brief"`
	Handover  hours.Clock     `json:"handover"`
	Approvals []board.Place   `json:"approvals,omitempty"`
	Alerts    []board.Place   `json:"alerts,omitempty"`
	Accounts  []brand.Account `json:"accounts,omitempty"`
	Watch     []brand.Watch   `json:"watch,omitempty"`
	Own       []string        `json:"own,omitempty"`
	Policy    brand.Policy    `json:"policy"`
}

// promise is the time within which everybody gets an answer, in working time,
// where nobody said another.
const promise = 4 * time.Hour

// Live is the brand as engines see it.
func (b Brand) Live() *brand.Brand {
	return &brand.Brand{
		ID: b.ID, Name: b.Name, Langs: b.Langs, Zone: zone(b.Zone), Hours: b.Hours, Off: b.Off, Holidays: b.Holidays,
		Brief: b.Brief, Handover: b.Handover, Promise: promise, Approvals: b.Approvals, Alerts: b.Alerts, Accounts: b.Accounts,
		Watch: b.Watch, Own: b.Own, Policy: b.Policy, Noise: brand.DefaultNoise(),
		Themes: map[string][]string{}, ThemeNames: map[string]map[string]string{},
	}
}

// WithBrand is the overlay with that brand as given; the receiver stays as it is.
func (o Overlay) WithBrand(b Brand) Overlay {
	o.Brands = slices.Clone(o.Brands)
	at := slices.IndexFunc(o.Brands, func(other Brand) bool { return other.ID == b.ID })
	if at < 0 {
		o.Brands = append(o.Brands, b)
	} else {
		o.Brands[at] = b
	}
	return o
}

// zone is the zone of that name; UTC when this machine no longer knows it: it
// did when it was kept.
func zone(name string) *time.Location {
	at, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return at
}
