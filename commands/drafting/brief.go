package drafting

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/text/measure"
)

// Writer is a model that proposes other words for a draft.
type Writer interface {
	// Write proposes a text for each account of the brief, by account ID; some may
	// be missing. It calls once. What it gives is plain text, and hostile. Errors
	// are *outbox.Error.
	Write(ctx context.Context, b Brief) (map[string]string, error)
}

// Brief is all that a model is told: the voice of the brand, and the texts of one
// draft. No mention, no other draft and nobody's name is in it, but for what the
// draft itself says.
type Brief struct {
	Brand string
	Lang  string // of the texts: "fr"
	// Words are the brand's own, to be spelled as they are; Charter is what it
	// holds itself to; Examples are texts that it wrote.
	Words, Charter, Examples []string
	Originals                []Original
}

// Original is the text of one account, and what its network takes.
type Original struct {
	Account string
	Network measure.Network
	Text    string
	Limit   int // in Unit; 0: none
	Unit    measure.Unit
	// DeadLinks says that links cannot be clicked there.
	DeadLinks bool
}

const (
	// mostExamples is how many texts of the brand a model reads, of at most
	// longestExample characters.
	mostExamples   = 3
	longestExample = 500
)

// briefOf is what a model is told of a draft.
func briefOf(b *brand.Brand, d Draft) Brief {
	lang := b.MainLang()
	brief := Brief{Brand: b.Name, Lang: lang, Words: b.Words}
	for _, article := range b.Charter {
		if text := article.Text[lang]; text != "" {
			brief.Charter = append(brief.Charter, text)
		}
	}
	for _, answer := range b.Answers {
		text := answer.Text[lang]
		if text != "" && utf8.RuneCountInString(text) <= longestExample && len(brief.Examples) < mostExamples {
			brief.Examples = append(brief.Examples, text)
		}
	}
	for _, id := range d.Accounts {
		if account, found := b.Account(id); found {
			rules := rulesOf(account)
			count := measure.Length(d.Text(id), rules)
			brief.Originals = append(brief.Originals, Original{Account: id, Network: rules.Network, Text: d.Text(id),
				Limit: count.Limit, Unit: count.Unit, DeadLinks: rules.DeadLinks})
		}
	}
	return brief
}

// Proposal is the text that a model proposes for one account.
type Proposal struct {
	Account string `json:"account"`
	// Text is empty when there is nothing to take.
	Text string `json:"text,omitempty"`
	// Of is the digest of the text that it would replace.
	Of string `json:"of"`
	// Over is by how much it was too long: it was set aside then.
	Over int `json:"over,omitempty"`
	// Missing and Invented are the links, handles, hashtags and figures that only
	// the author's text, or only this one, has.
	Missing  []string `json:"missing,omitempty"`
	Invented []string `json:"invented,omitempty"`
	Taken    bool     `json:"taken,omitempty"`
}

// judged holds what a model proposes for one account against the draft; pure.
func judged(b *brand.Brand, d Draft, account brand.Account, text string) Proposal {
	rules := rulesOf(account)
	original := d.Text(account.ID)
	p := Proposal{Account: account.ID, Of: content.Digest([]byte(original))}
	text = strings.TrimSpace(text)
	if blank(text) || text == original {
		return p
	}
	over, _ := measure.Length(withLinkWords(text, b.MainLang(), rules), rules).Over()
	if p.Over = max(over, utf8.RuneCountInString(text)-longest, 0); p.Over > 0 {
		return p
	}
	said := facts(d.Base, rules)
	for _, own := range d.Texts {
		said = append(said, facts(own, rules)...)
	}
	proposed := facts(text, rules)
	p.Text, p.Missing, p.Invented = text, lacking(facts(original, rules), proposed), lacking(proposed, said)
	return p
}

// fact is a link, handle, hashtag or figure as it is written, and as it is
// compared.
type fact struct{ said, key string }

// figure is a number in digits, with what parts thousands and decimals.
var figure = regexp.MustCompile(`\d{1,3}(?:[\x{00A0}\x{202F} .,]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?`)

// address is a link, wherever it leads: networks only see those whose domain they
// know.
var address = regexp.MustCompile(`(?i)https?://\S*[^\s.,;:!?)»”"']`)

// facts lists what must not be invented. Figures written in letters are not seen.
func facts(text string, rules measure.Rules) (all []fact) {
	words := []byte(text)
	note := func(start, end int) {
		all = append(all, fact{text[start:end], strings.ToLower(text[start:end])})
		copy(words[start:end], strings.Repeat("_", end-start)) // its digits are no figure
	}
	for _, at := range address.FindAllStringIndex(text, -1) {
		note(at[0], at[1])
	}
	for _, entity := range measure.Entities(string(words), rules) {
		note(entity.Start, entity.End)
	}
	plain := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".")
	for _, said := range figure.FindAllString(string(words), -1) {
		all = append(all, fact{said, plain.Replace(said)})
	}
	return all
}

// lacking lists what of all is not in others, each once.
func lacking(all, others []fact) (said []string) {
	for _, f := range all {
		there := func(other fact) bool { return other.key == f.key }
		if !slices.ContainsFunc(others, there) && !slices.Contains(said, f.said) {
			said = append(said, f.said)
		}
	}
	return said
}
