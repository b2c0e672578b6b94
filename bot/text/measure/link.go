package measure

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// links finds the links of a text as X does (and Mastodon, which took its
// rules): a domain whose last label is a real one, in any script, with or
// without http(s)://, then a port, a path, a query. Without a scheme only the
// ASCII part of a domain counts, so that a link may stand in a Japanese
// sentence, and a domain right after "-", "_", "." or "/" is none.
type links struct {
	text string
	bare bool // also those without a scheme
	at   int  // what follows is still to be read

	// A bare domain can hold several ASCII domains; what follows the domain
	// belongs to the last.
	domain, domainEnd, end int
}

const (
	longestLink  = 4096 // bytes
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

// run is the stretch of domain characters, "-", "_" and "." around a dot.
func (l *links) run(dot int) (start, end int) {
	start, end = dot, dot+1
	for start > l.at {
		r, size := utf8.DecodeLastRuneInString(l.text[l.at:start])
		if !inRun(r) {
			break
		}
		start -= size
	}
	for end < len(l.text) {
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
	text, from := l.text, l.at
	for p := runStart; p < runEnd; {
		scheme := 0
		before, _ := utf8.DecodeLastRuneInString(text[:p])
		if p == runStart {
			scheme = schemeBefore(text[from:p])
			if scheme > 0 {
				before, _ = utf8.DecodeLastRuneInString(text[:p-scheme])
			}
		}
		if p-scheme == 0 {
			before = ' '
		}
		domainEnd := 0
		if mayPrecede(before) && (p-scheme > from || p-scheme == 0) {
			domainEnd = domain(text[p:], runEnd-p)
		}
		if domainEnd == 0 {
			_, size := utf8.DecodeRuneInString(text[p:])
			p += size
			continue
		}
		domainEnd += p
		end, path := linkTail(text, domainEnd)
		l.at = end
		if !validDomain(text[p:domainEnd]) || end-p+len("https://") > longestLink {
			return 0, 0, false
		}
		if scheme > 0 {
			return l.withScheme(p-scheme, p, end)
		}
		if l.bare && strings.IndexRune("-_./", before) < 0 {
			l.domain, l.domainEnd, l.end = p, domainEnd, 0
			if path {
				l.end = end
			}
		}
		return 0, 0, false
	}
	l.at = runEnd
	return 0, 0, false
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
		slug += query(rest[slug:])
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

// schemeBefore returns the size of the http:// or https:// that text ends with.
func schemeBefore(text string) int {
	for _, scheme := range [...]string{"https://", "http://"} {
		if n := len(text) - len(scheme); n >= 0 && strings.EqualFold(text[n:], scheme) {
			return len(scheme)
		}
	}
	return 0
}

// domain returns the size of the longest domain within the first run bytes of
// text, 0 if none begins there: labels that begin and end with a letter, the
// one before the last without "_", and a real last label.
func domain(text string, run int) int {
	best, nameOK := 0, false
	for i := 0; ; {
		dot := strings.IndexByte(text[i:run], '.')
		if i > 0 && nameOK {
			if size := topLevel(text[i:]); size > 0 {
				best = i + size
			}
		}
		if dot <= 0 {
			return best
		}
		label := text[i : i+dot]
		if isHyphen(label[0]) || isHyphen(label[len(label)-1]) {
			return best
		}
		nameOK = strings.IndexByte(label, '_') < 0
		i += dot + 1
	}
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
	if _, listed := publicsuffix.PublicSuffix(label); listed {
		return true
	}
	_, listed := publicsuffix.PublicSuffix("x." + label) // some, such as ck, have only names below them
	return listed
}

// validDomain reports whether every label fits in its ASCII form.
func validDomain(domain string) bool {
	for label := range strings.SplitSeq(domain, ".") {
		ascii := label
		if strings.IndexFunc(label, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
			var err error
			if ascii, err = idna.Punycode.ToASCII(label); err != nil || strings.HasPrefix(label, "xn--") {
				return false
			}
		}
		if len(ascii) > longestLabel {
			return false
		}
	}
	return true
}
