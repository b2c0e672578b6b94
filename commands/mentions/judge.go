package mentions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/text/lang"
	"crieur/bot/text/learnt"
	"crieur/bot/text/match"
	"crieur/bot/text/personal"
	"crieur/bot/text/theme"
	"crieur/bot/text/tone"
)

// Judge says what a mention is. It never changes once made, but for the rules
// of brands, and may be shared.
type Judge struct {
	shipped *learnt.Shipped
	lang    func() *lang.Model // unpacked when the first text is read
	kinds   *theme.Lists
	ears    *ears
}

// Judgement is what a mention is, as far as it can be told from its words.
type Judgement struct {
	Rules    []string
	Rivals   []string // names of competitors that it speaks of
	Lang     string
	Kind     Kind
	Apart    Kind // what it is apart from any insult
	Negative bool
	Folded   bool
	Private  bool
	Critical bool
	Listed   bool
	Themes   []string
}

// NewJudge compiles the watch rules, themes and words of every brand. Brands that
// come later, and words that change, are compiled when they are first asked.
func NewJudge(space *brand.Space) (*Judge, error) {
	shipped, err := learnt.Open()
	if err != nil {
		return nil, err
	}
	kinds, err := theme.New(kindLists())
	if err != nil {
		return nil, err
	}
	j := &Judge{shipped: shipped, lang: sync.OnceValue(unpack), kinds: kinds, ears: &ears{}}
	for _, b := range space.Brands {
		if _, err := compile(b); err != nil {
			return nil, fmt.Errorf("listen for brand %s: %w", b.ID, err)
		}
	}
	return j, nil
}

// unpack panics where the program itself is broken: its tests unpack too.
func unpack() *lang.Model {
	model, err := lang.Default()
	if err != nil {
		panic("unpack what ships: " + err.Error())
	}
	return model
}

// Shipped is what brands start from; what they teach stands on it.
func (j *Judge) Shipped() *learnt.Shipped { return j.shipped }

// Themes are what the mentions of a brand may be about, in order.
func (j *Judge) Themes(b *brand.Brand) []string { return j.ears.of(b).themes.Names() }

// ThemeName is what people call a theme.
func (j *Judge) ThemeName(b *brand.Brand, name, lang string) string {
	return cmp.Or(b.ThemeNames[name][lang], j.ears.of(b).themes.Label(name, lang), name)
}

// Judge judges one mention with what the brand taught; ok is false when it is
// not about the brand, or is the brand's own.
func (j *Judge) Judge(b *brand.Brand, own learnt.Models, m listen.Mention) (Judgement, bool) {
	if isOwn(b, m) {
		return Judgement{}, false
	}
	listens := j.ears.of(b)
	out := Judgement{Lang: j.langOf(m)}
	out.Rules = listens.rules.Names(match.Post{Text: m.Text, From: m.Author, Lang: out.Lang, Source: m.Source})
	if len(out.Rules) == 0 && m.ReplyTo == "" && !m.Private {
		return Judgement{}, false
	}
	return j.read(listens, b, own, m, out), true
}

// Read is Judge for what a person brought: they say that it is about the brand.
func (j *Judge) Read(b *brand.Brand, own learnt.Models, m listen.Mention) Judgement {
	return j.read(j.ears.of(b), b, own, m, Judgement{Lang: j.langOf(m)})
}

func (j *Judge) langOf(m listen.Mention) string {
	if m.Lang != "" {
		return m.Lang
	}
	lang, _ := j.lang().Identify(m.Text)
	return lang
}

func (j *Judge) read(listens *ear, b *brand.Brand, own learnt.Models, m listen.Mention, out Judgement) Judgement {
	reader := j.shipped.Reader(listens.themes, own)
	felt := reader.Tone.Score(m.Text, out.Lang)
	out.Negative = felt.Sentiment == tone.Negative
	out.Folded = felt.PToxic >= foldFrom && (slices.Contains(felt.Kinds, tone.Threat) || slices.Contains(felt.Kinds, tone.Insult) ||
		slices.Contains(felt.Kinds, tone.Hate))
	out.Private = personal.In(m.Text)
	for _, found := range reader.Themes(m.Text, felt.Sentiment) {
		out.Themes = append(out.Themes, found.Name)
	}
	out.Rivals = listens.rivals.Names(match.Post{Text: m.Text})
	out.Critical = len(listens.critical.Themes(m.Text)) > 0
	out.Listed = slices.ContainsFunc(b.Listed, func(who string) bool { return strings.EqualFold(who, m.Author) })
	out.Apart = j.kindOf(m.Text, out, felt.Sentiment)
	if out.Kind = out.Apart; out.Folded {
		out.Kind = Insult
	}
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

// kindOf chooses among kinds other than an insult; the first that fits, in the
// order of who must know first.
func (j *Judge) kindOf(text string, judged Judgement, felt tone.Sentiment) Kind {
	var said []Kind
	for _, found := range j.kinds.Themes(text) {
		said = append(said, Kind(found.Name))
	}
	switch {
	case slices.Contains(said, Press):
		return Press
	case slices.Contains(said, Jobs):
		return Jobs
	case felt == tone.Negative:
		return Complaint
	case slices.Contains(said, Idea):
		return Idea
	case strings.Contains(text, "?"):
		return Question
	case len(judged.Rivals) > 0:
		return Rival
	case felt == tone.Positive:
		return Thanks
	}
	return Other
}

// kindLists are narrower than the themes of the same name: who speaks of the
// radio is no journalist.
func kindLists() []theme.List {
	return []theme.List{
		{Name: string(Press), Entries: []string{"journaliste", "redaction", "reporter", "interview", "journalist", "newsroom", "press request"}},
		{Name: string(Jobs), Entries: []string{"mon cv", "candidature", "candidate", "candidat", "recrutez", "embauche", "poste de",
			"stage chez", "my cv", "my resume", "job opening", "hiring"}},
		{Name: string(Idea), Entries: []string{"vous pourriez", "vous devriez", "ce serait bien", "une idee", "suggestion",
			"pourquoi ne pas", "you could", "you should", "it would be great", "an idea"}},
	}
}

// plain folds a text to words apart by single spaces.
func plain(text string) string {
	return strings.Join(strings.FieldsFunc(i18n.Fold(text), func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r > 127)
	}), " ")
}
