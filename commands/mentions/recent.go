package mentions

import (
	"context"
	"time"

	"crieur/bot/state"
)

// Recent gives what was said of any brand since a time, near-copies once, the
// newest first, at most so many: what a new rule is tried on.
func (e *Engine) Recent(ctx context.Context, tx *state.Tx, since time.Time, most int) ([]string, error) {
	var texts []string
	for _, b := range e.Space.Now().Brands {
		members, err := tx.List(ctx, state.Range{Index: storyIndex(b.ID), From: since.UnixMilli(), To: tx.Now().UnixMilli(),
			Limit: most - len(texts), Reverse: true})
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(members))
		for i, m := range members {
			ids[i] = m.ID
		}
		said, err := stories.Peek(ctx, tx, ids...)
		if err != nil {
			return nil, err
		}
		for _, s := range said {
			texts = append(texts, s.Text)
		}
		if len(texts) >= most {
			break
		}
	}
	return texts, nil
}
