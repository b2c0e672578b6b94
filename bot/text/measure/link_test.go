package measure

import (
	"slices"
	"strings"
	"testing"
)

func allLinks(text string, bare bool) []string {
	var found []string
	for scan := (links{text: text, bare: bare}); ; {
		start, end, more := scan.next()
		if !more {
			return found
		}
		found = append(found, text[start:end])
	}
}

// The rules are those that the public conformance suite of twitter-text tells
// apart; most texts are our own.
const longLabel = "colibricolibricolibricolibricolibricolibricolibricolibricolibri" // 63 bytes

var linkCases = []struct {
	name, text string
	want       []string
}{
	{"none", "Pas de lien ici. Ni là...", nil},
	{"scheme in capitals", "HTTPS://Colibri.FR/Noel", []string{"HTTPS://Colibri.FR/Noel"}},
	{"port", "http://colibri.fr:8080/a http://colibri.fr:/", []string{"http://colibri.fr:8080/a", "http://colibri.fr"}},
	{"query right after the domain", "http://colibri.fr?a=b", []string{"http://colibri.fr?a=b"}},
	{"query without scheme and path is left", "colibri.fr?a=b", []string{"colibri.fr"}},
	{"punctuation ends a sentence", "http://colibri.fr/a. http://colibri.fr/b, http://colibri.fr/c!", []string{"http://colibri.fr/a", "http://colibri.fr/b", "http://colibri.fr/c"}},
	{"path within parentheses", "(http://colibri.fr/a)", []string{"http://colibri.fr/a"}},
	{"balanced parentheses", "http://colibri.fr/the_(noel)_x http://colibri.fr/a_(b(c)d)", []string{"http://colibri.fr/the_(noel)_x", "http://colibri.fr/a_(b(c)d)"}},
	{"three levels are too many", "http://colibri.fr/a(b(c(d)))", []string{"http://colibri.fr/a"}},
	{"two groups in one are too many", "http://colibri.fr/a_(b(c)(d)) http://colibri.fr/a() http://colibri.fr/a_(b)_(c)",
		[]string{"http://colibri.fr/a_", "http://colibri.fr/a", "http://colibri.fr/a_(b)_(c)"}},
	{"bare right after a path", "http://colibri.fr/茶the.fr", []string{"http://colibri.fr/", "the.fr"}},
	{"path in Cyrillic, with accents, with a dash", "http://colibri.fr/чай http://colibri.fr/thé–noël", []string{"http://colibri.fr/чай", "http://colibri.fr/thé–noël"}},
	{"path ends before ideographs", "http://colibri.fr/茶", []string{"http://colibri.fr/"}},
	{"path ends on a hyphen or a plus", "http://colibri.fr/a- http://colibri.fr/a+", []string{"http://colibri.fr/a-", "http://colibri.fr/a+"}},
	{"dots only", "http://colibri.fr/a.....", []string{"http://colibri.fr/a"}},
	{"unicode domain", "http://thé-noël.fr http://茶.jp", []string{"http://thé-noël.fr", "http://茶.jp"}},
	{"unicode top level", "http://colibri.みんな http://colibri.中国です", []string{"http://colibri.みんな", "http://colibri.中国"}},
	{"punycode top level", "http://colibri.xn--q9jyb4c/", []string{"http://colibri.xn--q9jyb4c/"}},
	{"no such top level", "http://colibri.nulpart colibri.nulpart", nil},
	{"top levels with only names below", "http://colibri.ck", []string{"http://colibri.ck"}},
	{"glued to a port", "http://colibri.fr:80https://the.fr", []string{"http://colibri.fr:80"}},
	{"hyphen after the top level", "http://colibri.fr-ou-pas", nil},
	{"underscore in a subdomain", "http://a_b.colibri.fr", []string{"http://a_b.colibri.fr"}},
	{"underscore in the domain", "http://coli_bri.fr", nil},
	{"hyphens at the ends of labels", "http://-colibri.fr http://colibri-.fr http://a.-colibri.fr http://a-.colibri.fr", nil},
	{"label of 63", "http://" + longLabel + ".fr", []string{"http://" + longLabel + ".fr"}},
	{"label of 64", "http://" + longLabel + "x.fr " + longLabel + "x.fr", nil},
	{"label of 64 once encoded", "http://" + strings.Repeat("あ", 60) + ".jp", nil},
	{"malformed punycode", "http://xn--あ.jp", nil},
	{"longer than 4096", "http://colibri.fr/" + strings.Repeat("a", 4096), nil},
	{"handle, hashtag, cashtag", "@colibri.fr #colibri.fr $colibri.fr #http://colibri.fr", nil},
	{"mail", "a.b@colibri.fr a-b.fr@colibri.fr", nil},
	{"bare after a dash, a slash, a stop", "-colibri.fr /colibri.fr ..colibri.fr _colibri.fr", nil},
	{"with scheme after a dash", "-http://colibri.fr", []string{"http://colibri.fr"}},
	{"glued to a word", "voirhttp://colibri.fr", nil},
	{"bare among ideographs", "茶colibri.frの茶colibri.jp/茶 colibri.fr", []string{"colibri.fr", "colibri.jp/", "colibri.fr"}},
	{"bare with accents", "thé.fr", []string{"thé.fr"}},
	{"bare in French quotes", "«colibri.fr»", []string{"colibri.fr"}},
	{"two bare domains in one run", "茶colibri.frの茶the.みんな", []string{"colibri.fr", "the.みんな"}},
	{"known file endings that are countries", "script.sh lib.rs", []string{"script.sh", "lib.rs"}},
	{"beginning with an accent", "éa.fr aé.fr", []string{"a.fr", "aé.fr"}}, // X takes the first letter of a post for what precedes a link
	{"scheme after a letter", "ahttp://日本bit.ly/a", nil},
	{"after a run without domain", "a.https://、bit.ly/", []string{"https://、bit.ly/"}},
	{"bare after an underscore deep in a run", "a_b.c_d.fr.colibri.fr", []string{"d.fr.colibri.fr"}},
	{"glued to more ideographs than a label takes", strings.Repeat("茶を", 50) + "colibri.fr", nil},
	{"after them and a space", strings.Repeat("茶を", 500) + " colibri.fr", []string{"colibri.fr"}},
	{"directions", "\u2066http://colibri.fr\u2069", []string{"http://colibri.fr"}},
	{"X's short links end with their slug", "https://t.co/aB3'x https://t.co/aB3?amp=1 https://t.co/" + strings.Repeat("a", 41), []string{"https://t.co/aB3", "https://t.co/aB3?amp=1"}},
	{"X's domain alone", "https://t.co https://t.co/", []string{"https://t.co", "https://t.co/"}},
}

func TestLinks(t *testing.T) {
	for _, test := range linkCases {
		t.Run(test.name, func(t *testing.T) {
			if got := allLinks(test.text, true); !slices.Equal(got, test.want) {
				t.Errorf("links of %q:\ngot  %q\nwant %q", test.text, got, test.want)
			}
		})
	}
}

func TestLinksWithoutBare(t *testing.T) {
	text := "colibri.fr http://colibri.fr/a 茶colibri.fr https://the.fr"
	if got := allLinks(text, false); !slices.Equal(got, []string{"http://colibri.fr/a", "https://the.fr"}) {
		t.Errorf("links = %q", got)
	}
}

func TestEntities(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"each kind, in order", "#Thé @colibri https://colibri.fr/#noel fin", []string{"hashtag #Thé", "mention @colibri", "link https://colibri.fr/#noel"}},
		{"signs in links are part of them", "https://colibri.fr/@marie/#x", []string{"link https://colibri.fr/@marie/#x"}},
		{"wide signs", "＃茶 ＠colibri", []string{"hashtag ＃茶", "mention ＠colibri"}},
		{"numbers are no hashtags", "#1 #2026 #1er", []string{"hashtag #1er"}},
		{"inside words", "a#b &#39; &#thé a@b", nil},
		{"after punctuation", "(#Thé) «@colibri»", []string{"hashtag #Thé", "mention @colibri"}},
		{"hashtag stops", "#L’été #a-b #thé! #thé_vert", []string{"hashtag #L", "hashtag #a", "hashtag #thé", "hashtag #thé_vert"}},
		{"handle stops", "@colibri. @a.b, @c- @", []string{"mention @colibri", "mention @a.b", "mention @c"}},
		{"handle with its server", "@marie@mastodon.example @a@", []string{"mention @marie@mastodon.example"}},
		{"joints of other scripts", "#メ～テレ #עַל־יְדֵי #བོད་སྐད", []string{"hashtag #メ～テレ", "hashtag #עַל־יְדֵי", "hashtag #བོད་སྐད"}},
		{"keycap", "#⃣ #️⃣", nil},
		{"doubled", "#a#b ##c", []string{"hashtag #c"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, entity := range Entities(test.text, body(t, X)) {
				got = append(got, string(entity.Kind)+" "+test.text[entity.Start:entity.End])
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// Mastodon's links go on in any script.
func TestWideLinks(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"path", "http://colibri.fr/茶, http://colibri.fr/شاي!", []string{"http://colibri.fr/茶", "http://colibri.fr/شاي"}},
		{"no brackets of Japanese at the end", "「http://colibri.fr/茶」", []string{"http://colibri.fr/茶"}},
		{"no brackets", "<http://colibri.fr/茶>", []string{"http://colibri.fr/茶"}},
		{"query", "http://colibri.fr/?q=茶^é. http://colibri.fr?q=a^", []string{"http://colibri.fr/?q=茶^é", "http://colibri.fr?q=a"}},
		{"parentheses in the middle", "http://colibri.fr/a_(茶)_b", []string{"http://colibri.fr/a_(茶)_b"}},
		{"parentheses at the end hold X's letters only", "http://colibri.fr/a_(茶) http://colibri.fr/a_(b)", []string{"http://colibri.fr/a_", "http://colibri.fr/a_(b)"}},
		{"unfinished", "http://colibri.fr/a( http://colibri.fr/…", []string{"http://colibri.fr/a", "http://colibri.fr/…"}},
		{"bare", "colibri.fr/茶", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, entity := range Entities(test.text, body(t, Mastodon)) {
				got = append(got, test.text[entity.Start:entity.End])
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
	if n := Length("http://colibri.fr/茶茶茶 a", body(t, Mastodon)).Length; n != 25 {
		t.Errorf("a link and two characters count %d", n)
	}
}
