package proof

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind of a token.
type tokenKind uint8

const (
	word    tokenKind = iota // letters only
	number                   // digits only
	space                    // blanks, no line break
	newline                  // blanks with at least one line break
	mark                     // one punctuation sign or symbol
	kept                     // a link, handle, hashtag, code, placeholder: never touched
)

// token is a piece of the text. The tokens of a page cover it without gap.
type token struct {
	kind       tokenKind
	text       string
	lower      string // words only
	hint       hint   // words only
	start, end int    // code points
}

// page is a text cut into tokens, with what the caller said about it.
type page struct {
	text   string
	tokens []token
	edge   token // stands for what lies before the first token and after the last
	when   Context
}

func newPage(text string, when Context, known hints) *page {
	p := &page{text: text, when: when, edge: token{kind: newline}, tokens: make([]token, 0, len(text)/3+4)}
	position := 0
	for at := 0; at < len(text); {
		t := scan(text, at)
		if t.kind == word {
			t.hint = known[t.lower]
		}
		t.start = position
		if t.kind == number || isASCII(t.text) {
			position += len(t.text)
		} else {
			position += utf8.RuneCountInString(t.text)
		}
		t.end = position
		p.tokens = append(p.tokens, t)
		at += len(t.text)
	}
	return p
}

// at is the token at index i; outside the page it is a line break.
func (p *page) at(i int) *token {
	if i < 0 || i >= len(p.tokens) {
		return &p.edge
	}
	return &p.tokens[i]
}

// span is the text from the start of token i to the end of token j.
func (p *page) span(i, j int) string {
	var out strings.Builder
	for ; i <= j; i++ {
		out.WriteString(p.tokens[i].text)
	}
	return out.String()
}

// problem makes a finding over tokens i to j; fixes replace them whole.
func (p *page) problem(rule string, kind Kind, level Level, i, j int, fixes ...string) Problem {
	return Problem{
		Start: p.tokens[i].start, End: p.tokens[j].end,
		Rule: rule, Kind: kind, Level: level, Fixes: fixes,
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// scan cuts one token off text at a byte offset.
func scan(text string, at int) token {
	if n := keptAt(text, at); n > 0 {
		return token{kind: kept, text: text[at : at+n]}
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	switch {
	case isLetter(r):
		n := run(text[at:], isWordPart)
		if rest := text[at+n:]; strings.HasPrefix(rest, "&") && isLetterEntity(rest[:entityEnd(rest)]) {
			return token{kind: kept, text: text[at : at+n+entityLength(rest)]}
		}
		t := token{kind: word, text: text[at : at+n]}
		t.lower = strings.ToLower(t.text)
		return t
	case r >= '0' && r <= '9':
		n := run(text[at:], func(r rune) bool { return r >= '0' && r <= '9' })
		return token{kind: number, text: text[at : at+n]}
	case unicode.IsSpace(r):
		n := run(text[at:], unicode.IsSpace)
		t := token{kind: space, text: text[at : at+n]}
		if strings.ContainsAny(t.text, "\n\r\u2028\u2029\v\f\u0085") {
			t.kind = newline
		}
		return t
	}
	return token{kind: mark, text: text[at : at+size]}
}

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return r|0x20 >= 'a' && r|0x20 <= 'z'
	}
	return unicode.IsLetter(r)
}

// isWordPart accepts letters, combining marks and the soft hyphen.
func isWordPart(r rune) bool {
	return isLetter(r) || r >= utf8.RuneSelf && (unicode.Is(unicode.M, r) && !isVariation(r) || r == '\u00ad')
}

// isVariation tells the marks that dress emoji, which make no word.
func isVariation(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f || r == 0x20e3 }

func run(text string, accept func(rune) bool) int {
	for i, r := range text {
		if !accept(r) {
			return i
		}
	}
	return len(text)
}

// isCapital tells a word that starts with a capital and goes on in lower case.
func (t *token) isCapital() bool {
	if t.kind != word || t.text == t.lower {
		return false
	}
	first, size := utf8.DecodeRuneInString(t.text)
	return unicode.IsUpper(first) && t.text[size:] == t.lower[min(size, len(t.lower)):]
}

// isLower tells a word without any capital.
func (t *token) isLower() bool { return t.kind == word && t.text == t.lower }

// is tells a mark.
func (t *token) is(sign string) bool { return t.kind == mark && t.text == sign }

// isBlank tells an ordinary blank on the line: one space that may break.
func (t *token) isBlank() bool { return t.kind == space && t.text == " " }

// isTie tells a blank that holds its neighbours together.
func (t *token) isTie() bool {
	return t.kind == space && (t.text == nbsp || t.text == "\u202f" || t.text == "\u2007") || t.kind == kept && isTieEntity(t.text)
}

// isApostrophe tells ' and ’.
func (t *token) isApostrophe() bool {
	return t.kind == mark && (t.text == "'" || t.text == "’" || t.text == "\u0092")
}

// startsSentence tells whether the word at i opens a sentence or a line.
func (p *page) startsSentence(i int) bool {
	for i--; i >= 0; i-- {
		t := p.at(i)
		switch {
		case t.kind == newline:
			return true
		case t.kind == space || t.is("«") || t.is("“") || t.is(`"`) || t.is("(") || t.is("—") || t.is("–"):
			continue
		case t.kind == mark:
			return !isJoiner(t.text)
		default:
			return false
		}
	}
	return true
}

// isJoiner tells the signs after which a sentence goes on.
func isJoiner(sign string) bool { return strings.Contains(",;'’-)»”%€&/+=*_", sign) }

// capitalised gives s the first letter of the model's case: all capitals,
// a capital, or as it is.
func capitalised(s, model string) string {
	first, size := utf8.DecodeRuneInString(model)
	if s == "" || !unicode.IsUpper(first) {
		return s
	}
	if rest := model[size:]; rest != "" && rest == strings.ToUpper(rest) && rest != strings.ToLower(rest) {
		return strings.ToUpper(s)
	}
	head, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(head)) + s[size:]
}
