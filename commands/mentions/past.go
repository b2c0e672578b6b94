package mentions

import (
	"context"
	"maps"
	"slices"
	"time"

	"crieur/bot/state"
	"crieur/bot/text/personal"
)

// Past is what there was with one person on one network before the conversation
// under way. It stays of one size, however long they write.
type Past struct {
	Since time.Time `json:"since"` // of the first thing that they said
	Said  int       `json:"said"`
	// Ended counts conversations by how they ended; Last are the newest of them, the
	// newest last.
	Ended map[Outcome]int `json:"ended,omitempty"`
	Last  []Ended         `json:"last,omitempty"`
}

// Ended is a conversation that is over.
type Ended struct {
	Text    string    `json:"text"` // its last words, personal data covered; one character over pastWords where there are more
	URL     string    `json:"url,omitempty"`
	Folded  bool      `json:"folded,omitempty"`
	Outcome Outcome   `json:"outcome"`
	Reason  string    `json:"reason,omitempty"`
	Owner   string    `json:"owner,omitempty"`
	DoneAt  time.Time `json:"done_at"`
}

const (
	keepEnded = 3   // conversations with a person that are shown; older ones are counted
	pastWords = 100 // characters of each
)

// ended is how a conversation ended.
func (c Case) ended() Ended {
	e := Ended{Folded: c.Folded, Outcome: c.Outcome, Reason: c.Reason, Owner: c.Owner, DoneAt: c.DoneAt}
	if n := len(c.Heard); n > 0 {
		words := []rune(personal.Cover(c.Heard[n-1].Text))
		e.Text, e.URL = string(words[:min(len(words), pastWords+1)]), c.Heard[n-1].URL
	}
	return e
}

// before is the past of the conversation that follows this one; pure. Of somebody
// who was erased, and of a conversation that never was, there is none. What a
// record would no longer hold by itself goes.
func (c Case) before(now time.Time) Past {
	if c.Stage != Done || c.Author == "" {
		return Past{}
	}
	p := c.Past
	if p.Said == 0 {
		p.Since = c.Since
	}
	p.Said += c.Count
	if p.Ended = maps.Clone(p.Ended); p.Ended == nil {
		p.Ended = map[Outcome]int{}
	}
	p.Ended[c.Outcome]++
	p.Last = append(slices.DeleteFunc(slices.Clone(p.Last), func(e Ended) bool { return now.Sub(e.DoneAt) > state.KeepWork }), c.ended())
	p.Last = p.Last[max(0, len(p.Last)-keepEnded):]
	return p
}

// Authors lists the last conversation with each person who wrote to a brand under
// a name, who was heard last first, at most so many.
func (e *Engine) Authors(ctx context.Context, tx *state.Tx, brand string, most int) ([]Case, error) {
	members, err := tx.List(ctx, state.Range{Index: authorIndex(brand), To: 1 << 53, Limit: most, Reverse: true})
	if err != nil {
		return nil, err
	}
	return cases.Peek(ctx, tx, state.IDs(members)...)
}
