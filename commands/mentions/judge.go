package mentions

import (
	"regexp"
	"slices"
	"strings"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/text/lang"
	"crieur/bot/text/match"
	"crieur/bot/text/tone"
)

// Judge says what a mention is. It never changes once made, but for the rules
// of brands, and may be shared.
type Judge struct {
	tone  *tone.Model
	lang  *lang.Model
	rules *rules
}

// Judgement is what a mention is, as far as it can be told from its words.
type Judgement struct {
	Rules    []string
	Lang     string
	Kind     Kind
	Negative bool
	Folded   bool
	Private  bool
	Critical bool
	Listed   bool
	Themes   []string
}

// NewJudge compiles the watch rules of every brand. Brands that come later, and
// rules that change, are compiled when they are first asked.
func NewJudge(space *brand.Space) (*Judge, error) {
	tones, err := tone.Default()
	if err != nil {
		return nil, err
	}
	languages, err := lang.Default()
	if err != nil {
		return nil, err
	}
	j := &Judge{tone: tones, lang: languages, rules: &rules{}}
	for _, b := range space.Brands {
		if _, err := compile(b.Watch); err != nil {
			return nil, err
		}
	}
	return j, nil
}

// Judge judges one mention; ok is false when it is not about the brand, or is
// the brand's own.
func (j *Judge) Judge(b *brand.Brand, m listen.Mention) (Judgement, bool) {
	if isOwn(b, m) {
		return Judgement{}, false
	}
	out := Judgement{Lang: j.langOf(m)}
	out.Rules = j.rules.of(b).Names(match.Post{Text: m.Text, From: m.Author, Lang: out.Lang, Source: m.Source})
	if len(out.Rules) == 0 && m.ReplyTo == "" && !m.Private {
		return Judgement{}, false
	}
	return j.read(b, m, out), true
}

// Read is Judge for what a person brought: they say that it is about the brand.
func (j *Judge) Read(b *brand.Brand, m listen.Mention) Judgement {
	return j.read(b, m, Judgement{Lang: j.langOf(m)})
}

func (j *Judge) langOf(m listen.Mention) string {
	if m.Lang != "" {
		return m.Lang
	}
	lang, _ := j.lang.Identify(m.Text)
	return lang
}

func (j *Judge) read(b *brand.Brand, m listen.Mention, out Judgement) Judgement {
	felt := j.tone.Score(m.Text, out.Lang)
	out.Negative = felt.Sentiment == tone.Negative
	out.Folded = felt.PToxic >= foldFrom && (slices.Contains(felt.Kinds, tone.Threat) || slices.Contains(felt.Kinds, tone.Insult) ||
		slices.Contains(felt.Kinds, tone.Hate))
	out.Private = hasPersonalData(m.Text)
	words := " " + plain(m.Text) + " "
	out.Themes = themesOf(b, words)
	out.Critical = hasAny(words, b.Critical)
	out.Listed = slices.ContainsFunc(b.Listed, func(who string) bool { return strings.EqualFold(who, m.Author) })
	out.Kind = kindOf(words, m.Text, out, felt.Sentiment)
	return out
}

// foldFrom is how surely toxic words must be to be folded: hiding a plain
// complaint is worse than showing a rude one.
const foldFrom = 0.75

// isOwn says whether the brand said it itself, or somebody only passed its own
// words on.
func isOwn(b *brand.Brand, m listen.Mention) bool {
	for _, own := range b.Own {
		if strings.EqualFold(own, m.Author) || strings.HasPrefix(strings.ToLower(m.Text), "rt "+strings.ToLower(own)+" ") ||
			strings.HasPrefix(strings.ToLower(m.Text), "rt "+strings.ToLower(own)+":") {
			return true
		}
	}
	return false
}

// kindOf chooses among kinds; the first that fits, in the order of who must
// know first.
func kindOf(words, text string, j Judgement, felt tone.Sentiment) Kind {
	switch {
	case j.Folded:
		return Insult
	case hasAny(words, pressWords()):
		return Press
	case hasAny(words, jobsWords()):
		return Jobs
	case felt == tone.Negative:
		return Complaint
	case strings.Contains(text, "?") && !hasAny(words, ideaWords()):
		return Question
	case hasAny(words, ideaWords()):
		return Idea
	case felt == tone.Positive:
		return Thanks
	}
	return Other
}

func pressWords() []string {
	return []string{"journaliste", "redaction", "reporter", "interview", "journalist", "newsroom", "press request"}
}

func jobsWords() []string {
	return []string{"mon cv", "candidature", "candidate", "candidat", "recrutez", "embauche", "poste de", "stage chez",
		"my cv", "my resume", "job opening", "hiring"}
}

func ideaWords() []string {
	return []string{"vous pourriez", "vous devriez", "ce serait bien", "une idee", "suggestion", "pourquoi ne pas",
		"you could", "you should", "it would be great", "an idea"}
}

func themesOf(b *brand.Brand, words string) []string {
	type found struct {
		theme string
		count int
	}
	var all []found
	for theme, list := range b.Themes {
		if n := countAny(words, list); n > 0 {
			all = append(all, found{theme, n})
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		if a.count != b.count {
			return b.count - a.count
		}
		return strings.Compare(a.theme, b.theme)
	})
	var names []string
	for _, f := range all[:min(len(all), 2)] {
		names = append(names, f.theme)
	}
	return names
}

// plain folds a text to words apart by single spaces.
func plain(text string) string {
	return strings.Join(strings.FieldsFunc(i18n.Fold(text), func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r > 127)
	}), " ")
}

// hasAny and countAny look for words; a word that ends in * is a beginning.
func hasAny(words string, list []string) bool { return countAny(words, list) > 0 }

func countAny(words string, list []string) int {
	n := 0
	for _, word := range list {
		folded := plain(word)
		if folded == "" {
			continue
		}
		needle := " " + folded + " "
		if strings.HasSuffix(word, "*") {
			needle = " " + folded
		}
		if strings.Contains(words, needle) {
			n++
		}
	}
	return n
}

var (
	phone = regexp.MustCompile(`(?:\+33|\b0)\s?[1-9](?:[\s.-]?\d{2}){4}\b`)
	email = regexp.MustCompile(`\b[\w.+-]+@[\w-]+\.[a-zA-Z]{2,}\b`)
	iban  = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}\b`)
)

// hidden stands where personal data was.
const hidden = "▮▮▮"

// hasPersonalData says whether a public text holds a phone number, an e-mail
// address or a bank account.
func hasPersonalData(text string) bool {
	return phone.MatchString(text) || email.MatchString(text) || iban.MatchString(text)
}

// Hide covers personal data before a text is shown in a channel.
func Hide(text string) string {
	for _, pattern := range []*regexp.Regexp{phone, email, iban} {
		text = pattern.ReplaceAllString(text, hidden)
	}
	return text
}
