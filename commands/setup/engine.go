// Package setup sets a brand up in conversation: who speaks, when, who writes
// and who approves, where cards hang, where it publishes, what it listens to.
//
// What was answered is one record, so that one admin may begin and another one
// end; the step shown is the first thing that is missing, so nothing is asked
// twice. Only the last step makes it a brand (package bot/team), for every
// process at once. It does not know crieur.yaml: a brand that stands there is
// not changed here. What networks let a program do comes from their own pages
// (facts of the project, "Set-up").
package setup

import (
	"context"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/team"
)

const (
	// View is the card of the set-up, TrialView that of the trial in a channel.
	View      = "setup"
	TrialView = "setup.trial"
	// Subject is what the set-up's card is about: there is one at a time.
	Subject = "space"
)

// Step is what is asked next.
type Step string

// The steps, in order.
const (
	Naming    Step = "naming"
	Shaping   Step = "shaping"
	Placing   Step = "placing"
	Choosing  Step = "choosing"
	Listening Step = "listening"
	Ready     Step = "ready"
	Done      Step = "done"
)

// Preset is how a team works.
type Preset string

// The presets.
const (
	Alone   Preset = "alone"   // one person writes and approves
	Team    Preset = "team"    // one accepts what another wrote
	Agency  Preset = "agency"  // two accept: the agency, then its client
	Network Preset = "network" // local teams write, the centre accepts
)

// Presets lists them in the order in which they are offered.
func Presets() []Preset { return []Preset{Alone, Team, Agency, Network} }

// Progress is what was answered so far.
type Progress struct {
	Brand  team.Brand `json:"brand"`
	Preset Preset     `json:"preset,omitempty"`
	// Writers, Approvers and Responders are members, by ID.
	Writers    []string `json:"writers,omitempty"`
	Approvers  []string `json:"approvers,omitempty"`
	Responders []string `json:"responders,omitempty"`
	Listen     Listen   `json:"listen"`
	// By is who answered last.
	By   string `json:"by,omitempty"`
	Done bool   `json:"done,omitempty"`
	// First is the first brief, once it is done.
	First time.Time `json:"first,omitzero"`
}

// Step is the first thing that is missing; pure.
func (p Progress) Step() Step {
	switch {
	case p.Done:
		return Done
	case p.Brand.Name == "":
		return Naming
	case p.Preset == "":
		return Shaping
	case len(p.Brand.Approvals) == 0:
		return Placing
	case len(p.Brand.Accounts) == 0:
		return Choosing
	case !p.Listen.Fine:
		return Listening
	}
	return Ready
}

var progress = state.Table[Progress]{Kind: "setup", Schema: 1}

// Past gives texts that were heard, for whatever brand: what a rule is tried on.
type Past interface {
	Recent(ctx context.Context, tx *state.Tx, since time.Time, most int) ([]string, error)
}

// Opener begins a brand's day: it returns when the first brief comes.
type Opener interface {
	Open(tx *state.Tx, b *brand.Brand) time.Time
}

// Engine decides how the set-up goes on.
type Engine struct {
	Space    brand.Source
	Past     Past
	Opener   Opener
	NewToken func(*state.Tx) string
}

// Get reads how far the set-up is.
func (e *Engine) Get(ctx context.Context, tx *state.Tx) (Progress, error) {
	p, _, err := progress.Get(ctx, tx, Subject)
	return p, err
}

// Change keeps an answer of an admin and brings every copy of the card there.
// What was done is to be finished anew.
func (e *Engine) Change(ctx context.Context, tx *state.Tx, by string, answer func(*Progress)) error {
	p, err := e.Get(ctx, tx)
	if err != nil {
		return err
	}
	p.By, p.Done = by, false
	answer(&p)
	if err := progress.Put(tx, Subject, p); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, View, Subject)
}

// Hang puts the card before an admin.
func (e *Engine) Hang(ctx context.Context, tx *state.Tx, m *brand.Member, lang string, places ...board.Place) error {
	var hangs []board.Hang
	for _, place := range places {
		hangs = append(hangs, board.Hang{Place: place, Member: m.ID, Lang: lang, Class: outbox.Answer})
	}
	_, err := board.Show(ctx, tx, board.Card{View: View, Subject: Subject}, e.NewToken, hangs...)
	return err
}

// Offer puts the card before the first admin of a space that has no brand, once.
func (e *Engine) Offer(ctx context.Context, tx *state.Tx) error {
	space := e.Space.Now()
	admins := space.With(brand.Admin)
	if len(space.Brands) > 0 || len(admins) == 0 {
		return nil
	}
	if _, hangs, err := board.Get(ctx, tx, board.ID(View, Subject)); err != nil || hangs {
		return err
	}
	e.look(tx)
	first := admins[0]
	return e.Hang(ctx, tx, first, (&brand.Brand{}).LangOf(first), first.Direct()...)
}

// Named keeps who speaks and when.
func (e *Engine) Named(ctx context.Context, tx *state.Tx, by string, b team.Brand) error {
	return e.Change(ctx, tx, by, func(p *Progress) {
		p.Brand.Name, p.Brand.Langs, p.Brand.Zone, p.Brand.Hours = b.Name, b.Langs, b.Zone, b.Hours
		p.Brand.Holidays = b.Holidays
		p.Brand.Brief, p.Brand.Handover = day(b.Hours)
		if p.Brand.ID == "" {
			p.Brand.ID = e.free(b.Name)
		}
	})
}

// Shaped keeps who does what.
func (e *Engine) Shaped(ctx context.Context, tx *state.Tx, by string, preset Preset, writers, approvers, responders []string) error {
	return e.Change(ctx, tx, by, func(p *Progress) {
		p.Preset, p.Writers, p.Approvers, p.Responders = preset, writers, approvers, responders
		p.Brand.Policy = brand.Policy{Needed: needed(preset), OwnWork: preset == Alone}
	})
}

// needed is how many accept a post.
func needed(preset Preset) int {
	if preset == Agency {
		return 2
	}
	return 1
}

// stuck says why no post could ever leave with these people: a catalog key, ""
// if posts can; pure.
func stuck(preset Preset, writers, approvers []string) string {
	switch {
	case preset == Alone:
		return ""
	case len(approvers) < needed(preset):
		return "setup.few"
	}
	for _, writer := range writers { // nobody approves their own work
		others := slices.DeleteFunc(slices.Clone(approvers), func(id string) bool { return id == writer })
		if len(others) < needed(preset) {
			return "setup.self"
		}
	}
	return ""
}

// Finish makes the brand, gives the roles, hangs the trial in its channel and
// sets the first brief.
func (e *Engine) Finish(ctx context.Context, tx *state.Tx, by string) error {
	p, err := e.Get(ctx, tx)
	if err != nil || p.Step() != Ready {
		return err // somebody else was faster: their card says so
	}
	overlay, err := team.Get(ctx, tx)
	if err != nil {
		return err
	}
	p.Brand.Watch = []brand.Watch{{Name: p.Brand.Name, Query: p.Listen.Query()}}
	for role, ids := range map[brand.Role][]string{brand.Author: p.Writers, brand.Approver: p.Approvers, brand.Responder: p.Responders} {
		for _, id := range ids {
			overlay = overlay.Give(id, role)
		}
	}
	if err := team.Put(ctx, tx, overlay.WithBrand(p.Brand)); err != nil {
		return err
	}
	tx.Log(audit.Entry{Who: by, What: "brand.setup", Brand: p.Brand.ID, Subject: "brand/" + p.Brand.ID})
	var hangs []board.Hang
	for _, place := range p.Brand.Approvals {
		hangs = append(hangs, board.Hang{Place: place, Lang: p.Brand.Langs[0], Class: outbox.Answer})
	}
	trial := board.Card{View: TrialView, Subject: p.Brand.ID, Brand: p.Brand.ID}
	if _, err := board.Show(ctx, tx, trial, e.NewToken, hangs...); err != nil {
		return err
	}
	first := e.Opener.Open(tx, p.Brand.Live())
	return e.Change(ctx, tx, by, func(p *Progress) { p.Done, p.First = true, first })
}

// Another begins a further brand; who works how stays answered.
func (e *Engine) Another(ctx context.Context, tx *state.Tx, by string) error {
	p, err := e.Get(ctx, tx)
	if err != nil || !p.Done {
		return err
	}
	return e.Change(ctx, tx, by, func(p *Progress) {
		*p = Progress{By: by, Preset: p.Preset, Writers: p.Writers, Approvers: p.Approvers, Responders: p.Responders,
			Brand: team.Brand{Policy: p.Brand.Policy}}
	})
}

// day is when the morning brief and the handover come, from the working hours.
func day(week hours.Week) (brief, handover hours.Clock) {
	brief, handover = 24*60, 0
	for _, spans := range week {
		if len(spans) > 0 {
			brief, handover = min(brief, spans[0].Open), max(handover, spans[len(spans)-1].Close)
		}
	}
	return brief, max(handover-15, brief)
}

// free is an ID that no brand has, made of a name.
func (e *Engine) free(name string) string {
	space := e.Space.Now()
	return i18n.Slug(name, "brand", func(id string) bool { return space.Brand(id) != nil })
}
