package learning

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/text/learnt"
	"crieur/bot/text/theme"
)

// Matter is what words are about: their key is the same in the plural.
type Matter struct {
	Key   string `json:"key"`
	Words string `json:"words"`
}

// ID names the matter so that a button can carry it.
func (m Matter) ID() string { return labelID("", m.Key)[:12] }

// like says whether one of two is part of the other: whoever declined "colis
// perdu" is not asked about "colis".
func (m Matter) like(other Matter) bool {
	short, long := strings.Fields(m.Key), strings.Fields(other.Key)
	if len(short) > len(long) {
		short, long = long, short
	}
	return !slices.ContainsFunc(short, func(word string) bool { return !slices.Contains(long, word) })
}

// Finding is what recurs in messages that no theme covers: perhaps a theme that
// the brand lacks.
type Finding struct {
	Matter
	Forms  []string `json:"forms"`  // of the words: what a list would have
	People int      `json:"people"` // how many said it, the last time that it was looked for
	// Quoted are messages that say it, of different people, by the names of what
	// was said.
	Quoted []string `json:"quoted"`
	// Since is when it was first found, Seen when it was found last.
	Since time.Time `json:"since"`
	Seen  time.Time `json:"seen"`
}

// Findings are what waits for a decision about one brand, and what was decided
// against.
type Findings struct {
	Brand   string    `json:"brand"`
	Waiting []Finding `json:"waiting,omitempty"` // at most mostWaiting
	// Declined is what nobody wants to be asked about again, the newest last.
	Declined []Matter `json:"declined,omitempty"`
}

var findings = state.Table[Findings]{Kind: "finding", Schema: 1}

const (
	// mostWaiting is how many findings people are asked about at a time.
	mostWaiting = 3
	// mostQuoted is how many messages stand for a finding.
	mostQuoted = 2
	// lookBack is how far back messages are looked at; a finding that has not come
	// back for as long no longer waits.
	lookBack = 28 * 24 * time.Hour
	// mostSaid is how many messages, the newest, are looked at.
	mostSaid = 2000
	// mostForms is how many forms of its words a finding has, the most frequent.
	mostForms = 6
)

// missing is what recurs among what was said without a theme, the strongest
// first; pure. Each person counts once. Where a click said what a message is about,
// that counts and not its words. What names the brand, a competitor or anything
// that is listened for says nothing; an insult is no theme.
func missing(r learnt.Reader, lists *theme.Lists, b *brand.Brand, all []listen.Said, clicks []Label) []Finding {
	clicked := map[string]listen.Lesson{}
	for _, l := range clicks {
		clicked[l.Text] = l.Lesson
	}
	var open []listen.Said
	var texts, covered []string
	for _, s := range all {
		lesson := clicked[s.Text]
		switch {
		case s.Private || s.Who == "" || lesson.Stray:
		case about(r, s.Text, lesson):
			covered = append(covered, s.Text)
		default:
			open, texts = append(open, s), append(texts, s.Text)
		}
	}
	var found []Finding
	for _, recurs := range lists.Recurring(texts, covered) {
		people, quoted := whoSaid(open, recurs.Texts)
		forms := slices.DeleteFunc(recurs.Forms, tooLong)
		if people < theme.MinRecurring || tooLong(recurs.Words) || r.Tone.Score(recurs.Words, "").Toxic || ownWords(b, recurs.Words) {
			continue
		}
		found = append(found, Finding{Matter: Matter{recurs.Key, recurs.Words}, Forms: forms[:min(len(forms), mostForms)], People: people, Quoted: quoted})
	}
	return found
}

// tooLong says that words are no name of a theme: a row of hashtags, a joke.
func tooLong(words string) bool { return utf8.RuneCountInString(words) > mostName }

// about says whether a message has a theme.
func about(r learnt.Reader, text string, lesson listen.Lesson) bool {
	if lesson.Theme != nil {
		return *lesson.Theme != theme.None
	}
	return len(r.Themes(text, r.Tone.Score(text, lesson.Lang).Sentiment)) > 0
}

// whoSaid counts the people of some messages, and names the first messages of
// the first of them.
func whoSaid(all []listen.Said, at []int) (people int, quoted []string) {
	seen := map[string]bool{}
	for _, i := range at {
		if s := all[i]; !seen[s.Who] {
			seen[s.Who] = true
			if len(quoted) < mostQuoted {
				quoted = append(quoted, s.ID)
			}
		}
	}
	return len(seen), quoted
}

// ownWords says whether one of the words is the brand's, a competitor's, or what
// is listened for.
func ownWords(b *brand.Brand, words string) bool {
	names := append([]string{b.Name}, b.Own...)
	for _, rival := range b.Rivals {
		names = append(names, rival.Name)
	}
	known := i18n.Fold(strings.Join(names, "\n"))
	return slices.ContainsFunc(strings.Fields(i18n.Fold(words)), func(word string) bool {
		return strings.Contains(known, word) || listensFor(b, word)
	})
}

// next is what waits once the messages of a time were looked at; pure. Nothing
// that waits gives way to what is stronger: it goes when a theme has it, when
// somebody decides, or when it has not come back for long.
func (f Findings) next(found []Finding, lists *theme.Lists, at time.Time) Findings {
	var waiting []Finding
	for _, w := range f.Waiting {
		if i := slices.IndexFunc(found, func(n Finding) bool { return n.Key == w.Key }); i >= 0 {
			since := w.Since
			w = found[i]
			w.Since, w.Seen = since, at
		}
		if len(lists.Themes(w.Words)) == 0 && at.Sub(w.Seen) < lookBack {
			waiting = append(waiting, w)
		}
	}
	for _, n := range found {
		if len(waiting) >= mostWaiting {
			break
		}
		known := slices.ContainsFunc(waiting, func(w Finding) bool { return w.like(n.Matter) }) ||
			slices.ContainsFunc(f.Declined, n.like)
		if !known {
			n.Since, n.Seen = at, at
			waiting = append(waiting, n)
		}
	}
	f.Waiting = waiting
	return f
}

// at is where a finding waits, -1 if it does not.
func (f Findings) at(id string) int {
	return slices.IndexFunc(f.Waiting, func(w Finding) bool { return w.ID() == id })
}
