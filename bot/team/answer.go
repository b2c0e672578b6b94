package team

import (
	"slices"

	"crieur/bot/brand"
)

// Answer is a ready answer that people wrote in conversation, as replies need it:
// it joins those of the file. Who wrote it, and what it was before, is elsewhere
// (commands/answers).
type Answer struct {
	Brand string `json:"brand"`
	brand.Answer
}

// WithAnswer is the overlay with that answer as given; the receiver stays as it
// is.
func (o Overlay) WithAnswer(a Answer) Overlay {
	o.Answers = slices.Clone(o.Answers)
	if at := slices.IndexFunc(o.Answers, a.same); at >= 0 {
		o.Answers[at] = a
	} else {
		o.Answers = append(o.Answers, a)
	}
	return o
}

// WithoutAnswer is the overlay without an answer of a brand; the receiver stays
// as it is.
func (o Overlay) WithoutAnswer(of, id string) Overlay {
	gone := Answer{Brand: of, Answer: brand.Answer{ID: id}}
	o.Answers = slices.DeleteFunc(slices.Clone(o.Answers), gone.same)
	return o
}

func (a Answer) same(other Answer) bool { return a.Brand == other.Brand && a.ID == other.ID }

// over is the brand with the answer after those that it has.
func (a Answer) over(b brand.Brand) *brand.Brand {
	a.Written = true
	b.Answers = append(slices.Clip(b.Answers), a.Answer)
	return &b
}
