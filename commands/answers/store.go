package answers

import (
	"context"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
)

// Sheet is a ready answer that people wrote in conversation, with how it came to
// be. What replies need of it stands in the team's roster too.
type Sheet struct {
	brand.Answer
	Brand  string `json:"brand"`
	Source string `json:"source,omitempty"` // where it comes from: an address, or words
	// Owner is who sees to it: the first to write it, or who changed it once they
	// had left.
	Owner   string `json:"owner"`
	Retired bool   `json:"retired,omitempty"`
	// Version counts what was done to it, from 1.
	Version int `json:"version"`
	// Acts are the last of those things, the newest last.
	Acts []Act `json:"acts"`
}

// Act is one thing that somebody did to an answer, and its words since then.
type Act struct {
	What Verb              `json:"what"`
	By   string            `json:"by"`
	At   time.Time         `json:"at"`
	Text map[string]string `json:"text"` // by language
}

const (
	// mostAnswers is how many answers of a brand may be in use: every process keeps
	// them at hand.
	mostAnswers = 60
	// mostRetired is how many of those that were retired are offered again.
	mostRetired = 25
	// mostActs is how many acts an answer remembers.
	mostActs = 12
)

// Kind is that of the records of answers.
const Kind = "answer"

var sheets = state.Table[Sheet]{Kind: Kind, Schema: 1}

// key is an answer's name among those of all brands.
func key(brand, id string) string { return brand + "/" + id }

// The indexes of a brand, by when an answer came to them.
func usedIndex(brand string) string    { return "answers:used:" + brand }
func retiredIndex(brand string) string { return "answers:retired:" + brand }

func (s Sheet) marks() []state.Mark {
	at := s.last().At.UnixMilli()
	return []state.Mark{
		{Index: usedIndex(s.Brand), Member: key(s.Brand, s.ID), Score: at, Remove: s.Retired},
		{Index: retiredIndex(s.Brand), Member: key(s.Brand, s.ID), Score: at, Remove: !s.Retired},
	}
}

// last is the last thing done; there is always one.
func (s Sheet) last() Act { return s.Acts[len(s.Acts)-1] }

// over says whether an answer holds no more.
func (s Sheet) over(zone *time.Location, now time.Time) bool {
	ends, bounded := s.Ends(zone)
	return bounded && !now.Before(ends)
}

// used reads the answers of a brand that may be used, and retired those that are
// not any more, the newest first. What they return is not guarded.
func used(ctx context.Context, tx *state.Tx, brand string) ([]Sheet, error) {
	return listed(ctx, tx, usedIndex(brand), mostAnswers)
}

func retired(ctx context.Context, tx *state.Tx, brand string) ([]Sheet, error) {
	return listed(ctx, tx, retiredIndex(brand), mostRetired)
}

func listed(ctx context.Context, tx *state.Tx, index string, most int) ([]Sheet, error) {
	members, err := tx.List(ctx, state.Range{Index: index, To: 1 << 53, Limit: most, Reverse: true})
	if err != nil {
		return nil, err
	}
	return sheets.Peek(ctx, tx, state.IDs(members)...)
}
