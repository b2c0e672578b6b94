package brand

import (
	"slices"
	"time"

	"crieur/bot/hours"
)

// Answer is a ready reply: its words by language, what it is about, and until when
// it holds.
type Answer struct {
	ID    string            `json:"id"`
	Theme string            `json:"theme,omitempty"` // empty: none of the brand's
	Name  map[string]string `json:"name"`            // by language
	Text  map[string]string `json:"text"`            // by language
	// Until is the last day on which it holds, in the brand's zone; zero: for ever.
	Until hours.Day `json:"until,omitzero"`
	// Written says that people wrote it in conversation.
	Written bool `json:"-"`
}

// Ends is when the answer holds no more; ok is false when it always does.
func (a Answer) Ends(zone *time.Location) (at time.Time, ok bool) {
	if a.Until == (hours.Day{}) {
		return time.Time{}, false
	}
	return hours.Wall(a.Until.Year, a.Until.Month, a.Until.Day, 24*60, zone), true
}

// Ready are the answers that may be proposed in a language at a time, those about
// one of the themes first. Who proposes the first of them to a complaint looks
// whether it is about its theme.
func (b *Brand) Ready(lang string, themes []string, now time.Time) []Answer {
	var ready []Answer
	for _, a := range b.Answers {
		if ends, bounded := a.Ends(b.Zone); a.Text[lang] != "" && (!bounded || now.Before(ends)) {
			ready = append(ready, a)
		}
	}
	slices.SortStableFunc(ready, func(x, y Answer) int { return rank(themes, x.Theme) - rank(themes, y.Theme) })
	return ready
}

// rank is where a theme stands among others, behind them all when it does not.
func rank(themes []string, theme string) int {
	if at := slices.Index(themes, theme); at >= 0 {
		return at
	}
	return len(themes)
}
