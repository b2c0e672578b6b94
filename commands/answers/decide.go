package answers

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/text/personal"
)

// What can be wrong with what is asked of an answer. Nothing changes then.
var (
	ErrUnknown = errors.New("no such answer")
	ErrChanged = errors.New("the answer was changed meanwhile")
	ErrFull    = errors.New("no room for more answers")
)

// Verb is what somebody does to an answer.
type Verb string

const (
	Write   Verb = "written"
	Change  Verb = "changed"
	Extend  Verb = "extended" // it holds for longer
	Retire  Verb = "retired"
	Restore Verb = "restored"
)

// extension is by how many months an answer is extended.
const extension = 3

// Words are what a person writes of an answer, in one language.
type Words struct {
	Lang  string
	Name  string
	Theme string // empty: none
	Text  string
	// Source is an address or words, Until the last day on which it holds: both may
	// be left out.
	Source string
	Until  hours.Day
}

// How long the words may be, in characters. A text is as long as a reply.
const (
	longestName   = 60
	longestText   = 2000
	longestSource = 200
)

// Wrong is what is wrong with words: the catalog key by field.
type Wrong map[string]string

func (w Wrong) Error() string {
	return "words that cannot be kept: " + strings.Join(slices.Sorted(maps.Keys(w)), ", ")
}

// wrong is what is wrong with the words at a time; pure. names are those of the
// brand's other answers, themes what it hears of.
func (w Words) wrong(names, themes []string, today time.Time) Wrong {
	found := Wrong{}
	long := func(field, text string, most int) {
		if utf8.RuneCountInString(text) > most {
			found[field] = "answers.long"
		}
	}
	if w.Name == "" {
		found["name"] = "answers.noname"
	}
	if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, w.Name) }) {
		found["name"] = "answers.named"
	}
	if w.Theme != "" && !slices.Contains(themes, w.Theme) {
		found["theme"] = "answers.notheme"
	}
	for field, text := range map[string]string{"name": w.Name, "text": w.Text, "source": w.Source} {
		if personal.In(text) {
			found[field] = "answers.personal"
		}
	}
	if w.Text == "" {
		found["text"] = "answers.notext"
	}
	if ends, bounded := (brand.Answer{Until: w.Until}).Ends(today.Location()); bounded && !today.Before(ends) {
		found["until"] = "answers.dayover"
	}
	long("name", w.Name, longestName)
	long("text", w.Text, longestText)
	long("source", w.Source, longestSource)
	return found
}

// mostOf is how many characters a field may have.
func mostOf(field string) int {
	return map[string]int{"name": longestName, "text": longestText, "source": longestSource}[field]
}

// Choice is what somebody wants of an answer.
type Choice struct {
	What Verb
	By   string
	// Seen is the version that they read, 0 for a new answer.
	Seen  int
	Words Words // of Write and Change
	// Orphan says that its owner is not of the team any more.
	Orphan bool
}

// decide is an answer after a choice; pure. today is in the brand's zone.
func decide(s Sheet, c Choice, today time.Time) (Sheet, error) {
	restoring := c.What == Restore
	if c.Seen != s.Version || s.Version > 0 && s.Retired != restoring {
		return s, ErrChanged
	}
	switch c.What {
	case Write, Change:
		s.Name, s.Text = with(s.Name, c.Words.Lang, c.Words.Name), with(s.Text, c.Words.Lang, c.Words.Text)
		s.Theme, s.Source, s.Until = c.Words.Theme, c.Words.Source, c.Words.Until
	case Extend:
		s.Until = hours.DayOf(today.AddDate(0, extension, 0))
	case Retire, Restore:
		s.Retired = !restoring
	}
	if s.Owner == "" || c.Orphan {
		s.Owner = c.By
	}
	s.Version++
	s.Acts = append(slices.Clone(s.Acts), Act{What: c.What, By: c.By, At: today.UTC(), Text: s.Text})
	s.Acts = s.Acts[max(0, len(s.Acts)-mostActs):]
	return s, nil
}

// with is what is said by language after it was said anew in one of them.
func with(said map[string]string, lang, words string) map[string]string {
	said = maps.Clone(said)
	if said == nil {
		said = map[string]string{}
	}
	said[lang] = words
	return said
}
