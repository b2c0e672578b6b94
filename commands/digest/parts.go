package digest

import (
	"context"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// Lines is what a feature says about the time since, in lines ready to read. A
// feature that has nothing to say says nothing.
type Lines func(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error)

// Section is a part of the brief.
type Section struct {
	// Name stands for it where choices are kept: it never changes.
	Name string
	// Label is the catalog key of how people call it; empty: nobody can leave it out.
	Label string
	Lines Lines
	// Always is what it says to who left it out, since nobody may miss that; nil is
	// nothing.
	Always Lines
}

// says is what a section says to who left these out.
func (s Section) says(left []string) Lines {
	if s.Label == "" || !slices.Contains(left, s.Name) {
		return s.Lines
	}
	return s.Always
}

// choice is what a member leaves out of the briefs that come to them alone, or the
// team out of the one in its channel. What is kept is what is left out: a part that is
// new one day is said.
type choice struct {
	Brand  string   `json:"brand"`
	Member string   `json:"member,omitempty"` // empty: the team
	Left   []string `json:"left,omitempty"`
}

var choices = state.Table[choice]{Kind: "briefparts", Schema: 1}

// choiceOf is the ID of the choice of a member, or of the team without one.
func choiceOf(b *brand.Brand, m *brand.Member) string {
	if m == nil {
		return b.ID + "/"
	}
	return b.ID + "/" + m.ID
}

// Left names the parts that a member leaves out of their brief; a nil member is the
// team.
func (e *Engine) Left(ctx context.Context, tx *state.Tx, b *brand.Brand, m *brand.Member) ([]string, error) {
	kept, _, err := choices.Get(ctx, tx, choiceOf(b, m))
	return kept.Left, err
}

// Want keeps which parts of the brief are wanted by a member, or by the team in its
// channel where for whom is nil; by is who says so.
func (e *Engine) Want(ctx context.Context, tx *state.Tx, b *brand.Brand, whom *brand.Member, wanted []string, by *brand.Member) error {
	id := choiceOf(b, whom)
	if _, _, err := choices.Get(ctx, tx, id); err != nil {
		return err
	}
	kept := choice{Brand: b.ID, Left: without(e.Sections, wanted)}
	if whom != nil {
		kept.Member = whom.ID
	}
	tx.Log(audit.Entry{Who: by.ID, What: "brief.parts", Brand: b.ID, Subject: "brief/" + id})
	return choices.Put(tx, id, kept)
}

// without are the parts that can be left out and are not wanted; pure.
func without(sections []Section, wanted []string) (left []string) {
	for _, s := range sections {
		if s.Label != "" && !slices.Contains(wanted, s.Name) {
			left = append(left, s.Name)
		}
	}
	return left
}

// wanted are the parts that can be left out and are not; pure.
func wanted(sections []Section, left []string) (names []string) {
	for _, s := range sections {
		if s.Label != "" && !slices.Contains(left, s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}
