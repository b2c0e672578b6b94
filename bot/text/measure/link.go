package measure

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// links finds the links of a text as X does, and Mastodon, which took its rules
// and widened the paths: a domain whose last label is a real one, in any script, with or
// without http(s)://, then a port, a path, a query. Without a scheme only the
// ASCII part of a domain counts, so that a link may stand in a Japanese
// sentence, and a domain right after "-", "_", "." or "/" is none.
type links struct {
	text string
	bare bool // also those without a scheme
	tail tail // what may follow a domain
	at   int  // what follows is still to be read
	used int  // where the last domain with a tail ended: what precedes a link is after it

	// A bare domain can hold several ASCII domains; what follows the domain
	// belongs to the last.
	domain, domainEnd, end int
}

const (
	longestLink  = 4096 // bytes
	longestName  = 1024 // bytes of a domain: 253 in its ASCII form are allowed, at most 4 each as written
	longestLabel = 63   // of a domain, in its ASCII form
	longestSlug  = 40   // of a t.co link
)

// next returns the next link as byte positions.
func (l *links) next() (start, end int, more bool) {
	for {
		if l.domain < l.domainEnd {
			if start, end, found := l.nextASCII(); found {
				return start, end, true
			}
		}
		dot := strings.IndexByte(l.text[l.at:], '.')
		if dot < 0 {
			return 0, 0, false
		}
		dot += l.at
		if dot+1 == len(l.text) || l.text[dot+1] <= ' ' {
			l.at = dot + 1
			continue
		}
		runStart, runEnd := l.run(dot)
		if start, end, found := l.inRun(runStart, runEnd); found {
			return start, end, true
		}
	}
}

// run is the stretch of domain characters, "-", "_" and "." around a dot, as
// far as a domain can reach.
func (l *links) run(dot int) (start, end int) {
	start, end = dot, dot+1
	for start > l.at {
		r, size := utf8.DecodeLastRuneInString(l.text[l.at:start])
		if !inRun(r) {
			break
		}
		start -= size
	}
	for end < len(l.text) && end < dot+longestName {
		r, size := utf8.DecodeRuneInString(l.text[end:])
		if !inRun(r) {
			break
		}
		end += size
	}
	return start, end
}

// inRun looks for a link with its domain within a run. It leaves l.at after
// what it has read, and for a bare domain the rest in l.domain.
func (l *links) inRun(runStart, runEnd int) (start, end int, found bool) {
	text := l.text
	p, scheme, domainEnd := l.findDomain(runStart, runEnd)
	if domainEnd == 0 {
		l.at = runEnd
		return 0, 0, false
	}
	end, path := l.tail.after(text, domainEnd)
	l.at, l.used = end, end
	if !validDomain(text[p:domainEnd]) || end-p+len("https://") > longestLink {
		return 0, 0, false
	}
	if scheme > 0 {
		return l.withScheme(p-scheme, p, end)
	}
	if l.bare && (p == 0 || strings.IndexByte("-_./", text[p-1]) < 0) {
		l.domain, l.domainEnd, l.end = p, domainEnd, 0
		if path {
			l.end = end
		}
	}
	return 0, 0, false
}

// findDomain finds the first domain of a run that may be a link, and the size
// of the scheme before it. A first letter of the text that is not ASCII counts
// as what precedes a domain if one follows it, as X has it.
func (l *links) findDomain(runStart, runEnd int) (p, scheme, end int) {
	text := l.text
	var few [8]top
	tops := findTops(few[:0], text, runStart, runEnd)
	if len(tops) == 0 {
		return 0, 0, 0
	}
	if runStart == 0 {
		_, first := utf8.DecodeRuneInString(text)
		if text[0] >= utf8.RuneSelf {
			if end := domain(text, first, runEnd, tops); end > 0 {
				return first, 0, end
			}
		}
		if end := domain(text, 0, runEnd, tops); end > 0 {
			return 0, 0, end
		}
		runStart = first
	}
	scheme = schemeBefore(text, l.used, runStart)
	for p = runStart; p < runEnd; {
		before, _ := utf8.DecodeLastRuneInString(text[:p])
		if scheme > 0 || p > l.used && mayPrecede(before) {
			if end := domain(text, p, runEnd, tops); end > 0 {
				return p, scheme, end
			}
		}
		_, size := utf8.DecodeRuneInString(text[p:])
		p, scheme = p+size, 0
	}
	return 0, 0, 0
}

// top is a real last label: what follows the dot before start.
type top struct{ start, end int }

// findTops appends the real last labels of a run: each is looked up once, then
// any beginning of a domain can be tried against them.
func findTops(tops []top, text string, runStart, runEnd int) []top {
	for i := runStart; ; {
		dot := strings.IndexByte(text[i:runEnd], '.')
		if dot < 0 {
			return tops
		}
		i += dot + 1
		if size := topLevel(text[i:]); size > 0 {
			tops = append(tops, top{i, i + size})
		}
	}
}

// withScheme ends a link, with X's exception for its own short links: they
// have nothing after their slug but a query.
func (l *links) withScheme(start, domain, end int) (int, int, bool) {
	rest := l.text[domain:end]
	if len(rest) <= len("t.co/") || !strings.EqualFold(rest[:len("t.co/")], "t.co/") {
		return start, end, true
	}
	slug := len("t.co/")
	for slug < len(rest) && isAlnum(rest[slug]) {
		slug++
	}
	if slug-len("t.co/") > longestSlug {
		return 0, 0, false
	}
	if slug == len("t.co/") {
		return start, end, true
	}
	if slug < len(rest) && rest[slug] == '?' {
		slug += l.tail.query(rest[slug:])
	}
	return start, domain + slug, true
}

// nextASCII returns the next ASCII domain of the bare domain being read.
func (l *links) nextASCII() (start, end int, found bool) {
	text := l.text[:l.domainEnd]
	start, end = asciiDomain(text, l.domain)
	l.domain = l.domainEnd
	if end == 0 {
		return 0, 0, false
	}
	if _, another := asciiDomain(text, end); another > 0 {
		l.domain = end
	} else if l.end > 0 {
		end = l.end
	}
	return start, end, true
}

// asciiDomain finds the first domain of Latin letters, digits and "-" at or
// after from; end is 0 if there is none.
func asciiDomain(text string, from int) (start, end int) {
	for start = from; start < len(text); {
		i := start
		for {
			label := i
			for i < len(text) {
				r, size := utf8.DecodeRuneInString(text[i:])
				if r != '-' && !isLatin(r) {
					break
				}
				i += size
			}
			if i == label || i == len(text) || text[i] != '.' {
				break
			}
			i++
			if size := topLevel(text[i:]); size > 0 {
				end = i + size
			}
		}
		if end > 0 {
			return start, end
		}
		if i == start {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
		}
		start = i
	}
	return start, 0
}

// schemeBefore returns the size of the http:// or https:// that ends at p, 0 if
// there is none after from or it may not stand where it does.
func schemeBefore(text string, from, p int) int {
	for _, scheme := range [...]string{"https://", "http://"} {
		start := p - len(scheme)
		if start < from || !strings.EqualFold(text[start:p], scheme) {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		if start == 0 || start > from && mayPrecede(before) {
			return len(scheme)
		}
	}
	return 0
}

// domain returns the end of the longest domain from p on, 0 if none begins
// there: labels that begin and end with a letter, the one before the last
// without "_", and a real last label.
func domain(text string, p, runEnd int, tops []top) int {
	best := 0
	for i := p; i < p+longestName; {
		dot := strings.IndexByte(text[i:runEnd], '.')
		if dot <= 0 {
			return best
		}
		label := text[i : i+dot]
		if isHyphen(label[0]) || isHyphen(label[len(label)-1]) {
			return best
		}
		i += dot + 1
		for len(tops) > 0 && tops[0].start < i {
			tops = tops[1:]
		}
		if len(tops) == 0 {
			return best
		}
		if tops[0].start == i && strings.IndexByte(label, '_') < 0 {
			best = tops[0].end
		}
	}
	return best
}

// topLevel returns the size of the real last label that text begins with, 0 if
// there is none. A letter, digit, "@", "+" or "-" must not follow it.
func topLevel(text string) int {
	n := 0
	for n < len(text) && isAlnum(text[n]) {
		n++
	}
	if n == 2 && len(text) > 4 && strings.EqualFold(text[:4], "xn--") {
		for n = 4; n < len(text) && (isAlnum(text[n]) || text[n] == '-'); n++ {
		}
		if n == 4 {
			return 0
		}
		return n
	}
	if n < len(text) && text[n] >= utf8.RuneSelf {
		if size := unicodeTopLevel(text); size > 0 {
			return size
		}
	}
	if n < 2 || n < len(text) && strings.IndexByte("@+-", text[n]) >= 0 || !isTopLevel(text[:n]) {
		return 0
	}
	return n
}

// unicodeTopLevel is topLevel for labels such as みんな, which need not end
// where the letters do.
func unicodeTopLevel(text string) int {
	const longest = 20 // code points: all such labels are shorter
	var ends [longest]int
	n := 0
	for i, r := range text {
		if n > 0 && ends[n-1] == 0 {
			ends[n-1] = i
		}
		if n == longest || !unicode.IsLetter(r) && !unicode.IsMark(r) {
			break
		}
		n++
	}
	if n > 0 && ends[n-1] == 0 {
		ends[n-1] = len(text)
	}
	for ; n >= 2; n-- {
		end := ends[n-1]
		if end < len(text) && (isAlnum(text[end]) || strings.IndexByte("@+-", text[end]) >= 0) {
			continue
		}
		ascii, err := idna.Punycode.ToASCII(strings.ToLower(text[:end]))
		if err == nil && isTopLevel(ascii) {
			return end
		}
	}
	return 0
}

// isTopLevel reports whether a label, in its ASCII form, is a top-level domain
// of the public suffix list.
func isTopLevel(label string) bool {
	if len(label) > longestLabel {
		return false
	}
	for i := 0; i < len(label); i++ {
		if c := label[i]; c >= 'A' && c <= 'Z' {
			label = strings.ToLower(label)
			break
		}
	}
	switch label { // nearly all links: no need to search the list
	case "com", "fr", "org", "net", "eu", "be", "ch", "ca", "uk", "de", "es", "it", "jp", "io", "co", "me", "ly":
		return true
	}
	if _, listed := publicsuffix.PublicSuffix(label); listed {
		return true
	}
	_, listed := publicsuffix.PublicSuffix("x." + label) // some, such as ck, have only names below them
	return listed
}

// validDomain reports whether every label fits in its ASCII form.
func validDomain(domain string) bool {
	if strings.HasPrefix(domain, "xn--") {
		if _, end := asciiDomain(domain, 0); end == 0 {
			return false
		}
	}
	for more := true; more; {
		var label string
		label, domain, more = strings.Cut(domain, ".")
		if !isASCII(label) && utf8.RuneCountInString(label) <= longestLabel {
			ascii, err := idna.Punycode.ToASCII(label)
			if err != nil {
				return false
			}
			label = ascii
		}
		if len(label) > longestLabel {
			return false
		}
	}
	return true
}

func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
