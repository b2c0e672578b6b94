package drafting

import (
	"context"
	"slices"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/state"
	"crieur/bot/text/proof"
)

// Reading is a passage that another time makes wrong, or gives another meaning.
type Reading struct {
	Words string // as they stand in the text
	// Means is the day that they would mean, at noon UTC.
	Means time.Time
	// Wrong is what would be wrong with them; nil when only the meaning moves.
	Wrong *proof.Problem
}

// Reread says which passages of a draft a person must read again before it
// leaves at another time: "tomorrow", a weekday, "D-3". What was wrong before is
// not the move's doing.
func (e *Engine) Reread(ctx context.Context, tx *state.Tx, b *brand.Brand, id string, at time.Time) ([]Reading, error) {
	d, found, err := drafts.Get(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, ErrUnknown
	}
	was, err := d.Slot.Time()
	if err != nil {
		return nil, err
	}
	if was.IsZero() {
		was = d.At
	}
	var texts []string
	for _, account := range d.Accounts {
		if text := d.Text(account); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	var readings []Reading
	for _, text := range texts {
		readings = append(readings, e.Checks.reread(b, text, was.In(b.Zone), at.In(b.Zone))...)
	}
	return readings, nil
}

func (c *Checks) reread(b *brand.Brand, text string, was, at time.Time) []Reading {
	checker, ok := c.proof[b.MainLang()]
	if !ok {
		return nil
	}
	dated := func(when time.Time) []proof.Problem {
		problems := checker.Check(text, proof.Context{When: when, Brand: proof.NewWords(b.Words)})
		return slices.DeleteFunc(problems, func(p proof.Problem) bool { return p.Kind != proof.Date })
	}
	before := dated(was)
	var readings []Reading
	covered := func(start, end int) bool {
		return slices.ContainsFunc(readings, func(r Reading) bool { return r.Wrong.Start < end && start < r.Wrong.End })
	}
	characters := []rune(text)
	for _, p := range dated(at) {
		same := func(old proof.Problem) bool { return old.Start == p.Start && old.Rule == p.Rule }
		if !slices.ContainsFunc(before, same) {
			readings = append(readings, Reading{Words: string(characters[p.Start:p.End]), Wrong: &p})
		}
	}
	var moved []Reading
	earlier := checker.Relatives(text, was)
	for i, r := range checker.Relatives(text, at) {
		if !covered(r.Start, r.End) && i < len(earlier) && !earlier[i].Day.Equal(r.Day) {
			moved = append(moved, Reading{Words: r.Text, Means: r.Day})
		}
	}
	return append(readings, moved...)
}

// Reschedule gives a draft another time, whoever asks: the calendar decides who
// may. A draft that was sent for approval is sent again, and what was agreed
// stays agreed inside its window.
func (e *Engine) Reschedule(ctx context.Context, tx *state.Tx, b *brand.Brand, id, by string, slot content.Slot) error {
	d, found, err := drafts.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if !found || d.Stage == Deleted {
		return ErrUnknown
	}
	moved, err := apply(d, Change{Slot: &slot}, tx.Now())
	if err != nil {
		return err
	}
	moved.By = by
	if moved, err = e.save(ctx, tx, b, moved, "draft.moved"); err != nil {
		return err
	}
	if moved.Stage == Asked {
		if err := e.submit(ctx, tx, b, moved); err != nil {
			return err
		}
	}
	return board.Refresh(ctx, tx, ViewName, id)
}

// Copy makes a private draft of the same words, without a time, for whoever asks.
func (e *Engine) Copy(ctx context.Context, tx *state.Tx, b *brand.Brand, id, by string) (Draft, error) {
	d, found, err := drafts.Get(ctx, tx, id)
	if err != nil {
		return Draft{}, err
	}
	if !found || d.Stage == Deleted {
		return Draft{}, ErrUnknown
	}
	d.ID, d.Author, d.By, d.Stage, d.Number, d.Slot = tx.NewID("d"), by, by, Private, 1, content.Slot{}
	d.At, d.Links, d.Awaited = tx.Now(), nil, nil
	if _, _, err := drafts.Get(ctx, tx, d.ID); err != nil {
		return Draft{}, err
	}
	return e.save(ctx, tx, b, d, "draft.copied")
}
