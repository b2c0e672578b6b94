package measure

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The links of a text by definition, as slowly as need be: at each place, in
// order, what precedes, a scheme, the longest domain of all that could end
// there, then the expressions of a tail. links must find the same.

const (
	pathChar  = `[a-z0-9!*';:=+,.$/%#\[\]\-\x{2013}_~@|&\x{400}-\x{4FF}` + accented + `]`
	accented  = `\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{24F}\x{253}\x{254}\x{256}\x{257}\x{259}\x{25B}\x{263}\x{268}\x{26F}\x{272}\x{289}\x{28B}\x{2BB}\x{300}-\x{36F}\x{1E00}-\x{1EFF}`
	balanced  = `\((?:` + pathChar + `+|` + pathChar + `*\(` + pathChar + `+\)` + pathChar + `*)\)`
	pathEnd   = `(?:[+\-a-z0-9=_#/\x{400}-\x{4FF}` + accented + `]|` + balanced + `)`
	queryChar = `[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]`
)

var (
	tailExpression = regexp.MustCompile(`(?i)^(?::[0-9]+)?(/(?:` + pathChar + `*(?:` + balanced + pathChar + `*)*` + pathEnd +
		`)*)?(?:\?` + queryChar + `*[a-z0-9\-_&=#/])?`)
	shortExpression = regexp.MustCompile(`(?i)^https?://t\.co/([a-z0-9]+)(?:\?` + queryChar + `*[a-z0-9\-_&=#/])?`)
	asciiExpression = regexp.MustCompile(`(?i)^(?:[\-a-z0-9` + accented + `]+\.)+`)
)

type stretch struct{ start, end int }

func naiveLinks(text string) []stretch {
	var found []stretch
	for p, used := 0, 0; p < len(text); {
		at := naiveOrder(text, p, used)
		scheme, domainEnd := naiveDomain(text, at)
		if domainEnd == 0 && at != p { // the first letter did not help
			at = p
			scheme, domainEnd = naiveDomain(text, at)
		}
		if domainEnd == 0 || at > 0 && !naivePrecedes(text, at, used) {
			_, size := utf8.DecodeRuneInString(text[p:])
			p += size
			continue
		}
		tail := tailExpression.FindStringSubmatchIndex(text[domainEnd:])
		end := domainEnd + tail[1]
		p, used = end, end
		if !validDomain(text[at+scheme:domainEnd]) || end-at-scheme+len("https://") > longestLink {
			continue
		}
		if scheme > 0 {
			if short := shortExpression.FindStringSubmatchIndex(text[at:end]); short != nil {
				if short[3]-short[2] > longestSlug {
					continue
				}
				end = at + short[1]
			}
			found = append(found, stretch{at, end})
		} else if at == 0 || !strings.ContainsAny(text[at-1:at], "-_./") {
			found = append(found, naiveBare(text, at, domainEnd, end, tail[2] >= 0)...)
		}
	}
	return found
}

// naiveOrder is where the first match is tried: what precedes a link is at
// least one character if there is one, so the second place comes first.
func naiveOrder(text string, p, used int) int {
	_, size := utf8.DecodeRuneInString(text)
	if p == 0 && used == 0 && size < len(text) && naivePrecedes(text, size, 0) {
		return size
	}
	return p
}

func naivePrecedes(text string, at, used int) bool {
	before, size := utf8.DecodeLastRuneInString(text[:at])
	return at-size >= used && !strings.ContainsRune("@＠$#＃\uFFFE\uFEFF\uFFFF", before) &&
		!(before < utf8.RuneSelf && isAlnum(byte(before)))
}

// naiveDomain tries a scheme and a domain at one place.
func naiveDomain(text string, at int) (scheme, end int) {
	for _, prefix := range []string{"https://", "http://", ""} {
		if len(text)-at < len(prefix) || !strings.EqualFold(text[at:at+len(prefix)], prefix) {
			continue
		}
		from := at + len(prefix)
		for end := min(len(text), from+longestName); end > from; end-- {
			if isDomain(text, from, end) {
				return len(prefix), end
			}
		}
	}
	return 0, 0
}

// isDomain tells whether text[from:end] is a domain where it stands.
func isDomain(text string, from, end int) bool {
	labels := strings.Split(text[from:end], ".")
	last := labels[len(labels)-1]
	if len(labels) < 2 || last == "" || topLevel(text[end-len(last):]) != len(last) {
		return false
	}
	for i, label := range labels[:len(labels)-1] {
		if label == "" || isHyphen(label[0]) || isHyphen(label[len(label)-1]) ||
			i == len(labels)-2 && strings.Contains(label, "_") {
			return false
		}
		for _, r := range label {
			if r == '.' || !inRun(r) {
				return false
			}
		}
	}
	return true
}

// naiveBare finds the ASCII domains of a bare domain.
func naiveBare(text string, from, domainEnd, end int, path bool) []stretch {
	var found []stretch
	for p := from; p < domainEnd; {
		best := 0
		if labels := asciiExpression.FindString(text[p:domainEnd]); labels != "" {
			for dot := len(labels); dot > 0 && best == 0; dot = strings.LastIndexByte(labels[:dot-1], '.') + 1 {
				if size := topLevel(text[p+dot : domainEnd]); size > 0 {
					best = p + dot + size
				}
			}
		}
		if best > 0 {
			found = append(found, stretch{p, best})
			p = best
			continue
		}
		_, size := utf8.DecodeRuneInString(text[p:])
		p += size
	}
	if len(found) > 0 && path {
		found[len(found)-1].end = end
	}
	return found
}

func sameLinks(t *testing.T, text string) {
	t.Helper()
	var got []stretch
	for scan := (links{text: text, bare: true}); ; {
		start, end, more := scan.next()
		if !more {
			break
		}
		got = append(got, stretch{start, end})
	}
	if want := naiveLinks(text); !slices.Equal(got, want) {
		t.Errorf("links of %q:\ngot  %v\nwant %v", text, got, want)
	}
}

func FuzzLinksAgainstNaive(f *testing.F) {
	for _, seed := range []string{"voir http://colibri.fr/a_(b)?c=d. ébit.ly/x 茶colibri.frの茶the.みんな/é", "a.https://、bit.ly/ -a.fr a_b.fr a-.fr xn--a.xn--b t.co/a https://t.co/a'b", "x@y.fr #z.fr $a.fr a.fr:80/?q \u2066a.fr\u2069 \ufeffa.fr", "http://a.fr/茶b.fr/(c(d)e)f(g"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 300 || !utf8.ValidString(text) {
			return
		}
		sameLinks(t, text)
	})
}

// Texts made of the pieces that links are made of, more telling than what a
// fuzzer finds in a few seconds.
func TestLinksAgainstNaive(t *testing.T) {
	pieces := strings.Split(`a|b|com|fr|jp|.|.|.|/|-|_|@|#|$|?|=|&|(|)|http://|https://|HTTP://| | |é|日本|語|みんな|中国|。|、|colibri|q9jyb4c|`+
		`t.co/|abc|1|80|:|!|'|’|«|»|"|~|+|%|,|;|*|[|]|`+"\u200b|\u2066|\ufeff|🍵|👋🏽|чай|ก|co.uk|bit.ly/|＠|＃|…|—", "|")
	seed := uint32(1)
	for range 8000 {
		var text strings.Builder
		for range 1 + seed>>16%13 {
			seed = seed*1664525 + 1013904223
			text.WriteString(pieces[int(seed>>16)%len(pieces)])
		}
		sameLinks(t, text.String())
		if t.Failed() {
			return
		}
	}
}
