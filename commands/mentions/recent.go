package mentions

import (
	"context"
	"time"

	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/text/personal"
)

// Recent gives what was said of any brand since a time, near-copies once, the
// newest first, at most so many: what a new rule is tried on.
func (e *Engine) Recent(ctx context.Context, tx *state.Tx, since time.Time, most int) ([]string, error) {
	var texts []string
	for _, b := range e.Space.Now().Brands {
		begun, err := begunSince(ctx, tx, b.ID, since, most-len(texts))
		if err != nil {
			return nil, err
		}
		for _, s := range begun {
			texts = append(texts, s.Text)
		}
		if len(texts) >= most {
			break
		}
	}
	return texts, nil
}

// Said gives what was said of one brand since a time, near-copies once, the
// newest first, at most so many: what themes are looked for in.
func (e *Engine) Said(ctx context.Context, tx *state.Tx, brand string, since time.Time, most int) ([]listen.Said, error) {
	begun, err := begunSince(ctx, tx, brand, since, most)
	return asSaid(begun), err
}

// Again gives what has these names; what is no longer kept is left out.
func (e *Engine) Again(ctx context.Context, tx *state.Tx, ids ...string) ([]listen.Said, error) {
	kept, err := stories.Peek(ctx, tx, ids...)
	return asSaid(kept), err
}

func asSaid(kept []Story) []listen.Said {
	all := make([]listen.Said, len(kept))
	for i, s := range kept {
		all[i] = listen.Said{ID: s.ID, Text: personal.Cover(s.Text), Who: s.Case, Private: s.Private}
	}
	return all
}

// begunSince are the stories of a brand that began since a time, the newest first.
func begunSince(ctx context.Context, tx *state.Tx, brand string, since time.Time, most int) ([]Story, error) {
	members, err := tx.List(ctx, state.Range{Index: storyIndex(brand), From: since.UnixMilli(), To: tx.Now().UnixMilli(),
		Limit: most, Reverse: true})
	if err != nil {
		return nil, err
	}
	return stories.Peek(ctx, tx, state.IDs(members)...)
}
