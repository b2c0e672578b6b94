package drafting

import (
	"context"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/text/similar"
)

// Earlier knows what was said lately: a bounded number of texts.
type Earlier interface {
	Said(ctx context.Context, tx *state.Tx, b *brand.Brand) ([]Said, error)
}

// Said is a text of the brand or of a competitor, with its source.
type Said struct {
	// Draft is the brand's own draft that it comes from; Rival the competitor's
	// name. One of them is empty.
	Draft string
	Rival string
	Title string
	Text  string
	URL   string
	At    time.Time
	// Planned says that it has not left yet.
	Planned bool
}

// Echo is what a draft is too close to: the author hears of it first.
type Echo struct {
	Rival   string    `json:"rival,omitempty"` // empty: the brand itself
	Title   string    `json:"title"`
	URL     string    `json:"url,omitempty"`
	At      time.Time `json:"at"`
	Planned bool      `json:"planned,omitempty"`
}

// echo finds the text that the draft is closest to among those that it is a copy
// of, nil if there is none; of equally close ones the first that is live. Pure.
func echo(d Draft, earlier []Said) *Echo {
	texts := map[string]bool{}
	for _, account := range d.Accounts {
		texts[d.Text(account)] = true
	}
	var found *Echo
	closest := 0.0
	for _, said := range earlier {
		if said.Draft == d.ID {
			continue
		}
		for text := range texts {
			near := similar.Compare(text, said.Text)
			nearer := near.Containment > closest || near.Containment == closest && found != nil && found.Planned && !said.Planned
			if near.Copy && nearer {
				closest = near.Containment
				found = &Echo{Rival: said.Rival, Title: said.Title, URL: said.URL, At: said.At, Planned: said.Planned}
			}
		}
	}
	return found
}
