package setup

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/text/match"
)

// ErrWords says that no rule can be made of the words.
var ErrWords = errors.New("no words to listen to")

// Listen is what to listen to, in people's words.
type Listen struct {
	Words []string `json:"words,omitempty"` // any of them
	Not   []string `json:"not,omitempty"`   // and none of these
	// Fine says that somebody looked at the trial and agreed.
	Fine bool `json:"fine,omitempty"`
}

// words reads a list with commas; what could not stand in a rule is left out.
func words(text string) []string {
	var all []string
	for piece := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		piece = strings.TrimSpace(strings.Map(func(r rune) rune {
			if r == '"' || r == '(' || r == ')' || r == '\\' || unicode.IsControl(r) {
				return -1
			}
			return r
		}, piece))
		if piece != "" && len(all) < mostWords {
			all = append(all, piece)
		}
	}
	return all
}

// mostWords is how many words a rule of the set-up has on each side.
const mostWords = 20

// Query is the rule, in the language of package match.
func (l Listen) Query() string {
	query := anyOf(l.Words)
	if len(l.Not) > 0 {
		query += " NOT " + anyOf(l.Not)
	}
	return query
}

// anyOf is a query that any of the words meets.
func anyOf(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = `"` + word + `"`
	}
	return "(" + strings.Join(quoted, " OR ") + ")"
}

// check says whether a rule can be made of it.
func (l Listen) check() error {
	if len(l.Words) == 0 {
		return ErrWords
	}
	if _, err := match.Parse(l.Query()); err != nil {
		return errors.Join(ErrWords, err)
	}
	return nil
}

// Trial is what a rule would have heard.
type Trial struct {
	// Read is how many messages it was tried on: none is kept yet if 0.
	Read int
	// Heard is how many have the words; Left how many of those the other words
	// leave out.
	Heard, Left int
	// Beside is the word that most often stands beside, in Times of those kept;
	// empty when none does in a quarter of them.
	Beside string
	Times  int
}

const (
	// triedOn is how far back the trial reads, and mostTried how many messages.
	triedOn   = 7 * 24 * time.Hour
	mostTried = 2000
)

// try tries the rule on what was heard in the last days.
func (e *Engine) try(ctx context.Context, tx *state.Tx, l Listen) (Trial, error) {
	texts, err := e.Past.Recent(ctx, tx, tx.Now().Add(-triedOn), mostTried)
	if err != nil || l.check() != nil {
		return Trial{}, err
	}
	return tried(l, texts), nil
}

// tried counts what the rule does with the texts; pure.
func tried(l Listen, texts []string) Trial {
	t := Trial{Read: len(texts)}
	set := match.NewSet()
	for name, query := range map[string]string{"heard": anyOf(l.Words), "kept": l.Query()} {
		if err := set.Add(name, query); err != nil {
			return t
		}
	}
	beside := map[string]int{}
	for _, text := range texts {
		names := set.Names(match.Post{Text: text})
		if !slices.Contains(names, "heard") {
			continue
		}
		t.Heard++
		if !slices.Contains(names, "kept") {
			t.Left++
			continue
		}
		for _, word := range telling(text, l.Words) {
			beside[word]++
		}
	}
	for word, times := range beside {
		if 4*times >= t.Heard-t.Left && times > 1 && (times > t.Times || times == t.Times && cmp.Less(word, t.Beside)) {
			t.Beside, t.Times = word, times
		}
	}
	return t
}

// telling are the words of a text that may say what it is about, each once:
// short words and the rule's own do not.
func telling(text string, own []string) []string {
	known := i18n.Fold(strings.Join(own, " "))
	var all []string
	for word := range strings.FieldsFuncSeq(i18n.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len([]rune(word)) >= 5 && !strings.Contains(known, word) && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}
