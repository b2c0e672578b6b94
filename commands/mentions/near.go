package mentions

import (
	"context"
	"sync"
	"time"

	"crieur/bot/state"
	"crieur/bot/text/similar"
)

// storyFor is how long after its last mention a story still takes in copies.
const storyFor = 48 * time.Hour

// near finds the story that a text belongs to. It remembers, for each brand,
// the stories read so far; what another process made since is read first, so
// the memory is never more than a copy of what is stored.
type near struct {
	mu     sync.Mutex
	brands map[string]*memory
}

type memory struct {
	index *similar.Index
	upTo  int64 // the newest story read, in ms
}

// find returns the ID of the story of which text is a near-copy, "" if none.
func (n *near) find(ctx context.Context, tx *state.Tx, brand, text string, now time.Time) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := n.brands[brand]
	if m == nil {
		if n.brands == nil {
			n.brands = map[string]*memory{}
		}
		m = &memory{index: similar.NewIndex(), upTo: now.Add(-storyFor).UnixMilli()}
		n.brands[brand] = m
	}
	fresh, err := tx.List(ctx, state.Range{Index: storyIndex(brand), From: m.upTo, To: 1 << 53})
	if err != nil {
		return "", err
	}
	var ids []string
	for _, member := range fresh {
		ids = append(ids, member.ID)
		m.upTo = max(m.upTo, member.Score)
	}
	unread, err := stories.Peek(ctx, tx, ids...)
	if err != nil {
		return "", err
	}
	for _, story := range unread {
		if err := m.index.Add(story.ID, story.Text, story.First); err != nil {
			continue // kept already: several stories of one millisecond are listed again
		}
	}
	m.index.Expire(now.Add(-storyFor))
	if found, ok := m.index.Nearest(text); ok && found.Copy {
		return found.ID, nil
	}
	return "", nil
}
