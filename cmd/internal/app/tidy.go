package app

import (
	"context"
	"strings"
	"time"

	"crieur/bot/work"
)

// tidyEvery is how often indexes lose what went by itself. It is housekeeping:
// who reads an index passes over what has no record.
const tidyEvery = 24 * time.Hour

// indexed is of which kind the indexes hold records, by the first word of their
// names. An index of another name is left alone.
func indexed() map[string]string {
	return map[string]string{
		"answers": "answer", "calls": "answered", "cases": "case", "dead": "dead", "drafts": "draft", "duties": "duty", "labels": "label", "moderation": "moderation", "observations": "observation", "polls": "poll",
		"publications": "publication", "requests": "request", "rivals": "rival", "served": "reply", "stories": "story",
	}
}

// KindOf is of which kind an index holds records, "" if it is not known.
func KindOf(index string) string {
	word, _, _ := strings.Cut(index, ":")
	return indexed()[word]
}

// keepTidy tidies at once and then once a day until ctx ends. Several processes may: what one took
// out is not there for the next.
func (s *Server) keepTidy(ctx context.Context) {
	tidy := func() {
		if _, err := s.kept.store.Tidy(ctx, KindOf); err != nil && ctx.Err() == nil {
			s.options.Log.Warn("indexes not tidied", "err", err)
		}
	}
	tidy()
	work.Every(ctx, tidyEvery, tidy)
}
