package measure

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// The cases are those that the public conformance suite of twitter-text tells
// apart, with texts of our own.
var weightedCases = []struct {
	name, text string
	want       int
}{
	{"empty", "", 0},
	{"western", "Thé de Noël", 11},
	{"cyrillic, Hebrew, Arabic, Thai weigh 1", "чай" + "תה" + "شاي" + "ชา", 10},
	{"last of weight 1", "\u10FF", 1},
	{"first of weight 2", "\u1100", 2},
	{"vietnamese is composed or weighs 2", "\u1EBF", 2},
	{"ideographs and kana", "茶のみ", 6},
	{"hangul", "차", 2},
	{"spaces and dashes of 2000-200D", "\u2003\u2009\u200B\u200D", 4},
	{"hyphens 200E-200F weigh 2", "\u200E\u200F", 4},
	{"dashes and quotes of 2010-201F", "‐–—‘’“”", 7},
	{"the ellipsis weighs 2", "…", 2},
	{"primes of 2032-2037 weigh 1", "′″‷", 3},
	{"bullet and euro weigh 2", "•€", 4},
	{"decomposed accent is composed first", "e\u0301te\u0301", 3},
	{"composition that NFC excludes is taken apart", "\uFB2C", 3},
	{"emoji", "🍵", 2},
	{"skin tone", "👋🏽", 2},
	{"family", "👨‍👩‍👧‍👦", 2},
	{"profession with skin tone", "👩🏾‍🚒", 2},
	{"rainbow flag", "🏳️‍🌈", 2},
	{"heart with emoji style", "❤️", 2},
	{"heart without", "❤", 2},
	{"heart as text", "❤\uFE0E", 4},
	{"flag of a country", "🇧🇪", 2},
	{"two flags", "🇧🇪🇫🇷", 4},
	{"letters that are no flag", "🇦🇦", 4},
	{"flag of Scotland", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", 2},
	{"black flag", "🏴", 2},
	{"keycap", "1️⃣", 2},
	{"keycap without style", "#⃣", 2},
	{"digit with style alone", "1\uFE0F", 3},
	{"copyright is a letter", "©", 1},
	{"copyright as emoji", "©️", 2},
	{"tone on what has none", "🔥🏽", 4},
	{"link", "https://maison-colibri.example.com/the-de-noel?utm_source=x", 23},
	{"link without scheme", "colibri.fr", 23},
	{"link in a sentence", "Voir colibri.fr/noel.", 5 + 23 + 1},
	{"link in brackets", "(http://colibri.fr/)", 25},
	{"file name", "photo.jpg", 9},
	{"mail address", "bonjour@colibri.fr", 18},
	{"abbreviation", "p.ex. cela", 10},
	{"version", "v2.40.0", 7},
	{"no space after a stop", "Fini.Voici", 10},
	{"no space after a stop, a real domain", "Fini.Fr", 23},
	{"not Unicode", "a\xff\xfeb", 6},
	{"limit reached by emoji", strings.Repeat("🏳️‍🌈", 140), 280},
}

func TestWeightedLength(t *testing.T) {
	for _, test := range weightedCases {
		t.Run(test.name, func(t *testing.T) {
			count := Length(test.text, body(t, X))
			if count.Length != test.want || count.Limit != 280 || count.Unit != Weighted {
				t.Errorf("Length(%q) = %+v, want %d", test.text, count, test.want)
			}
		})
	}
}

// The lengths in testdata were told by the official library, version 3.1.0, for
// texts made at random of words, links and emoji of ours.
func TestWeightedLengthAsTold(t *testing.T) {
	told, err := os.ReadFile("testdata/x-lengths.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(told)), "\n")
	for i, line := range lines {
		length, quoted, _ := strings.Cut(line, " ")
		want, err := strconv.Atoi(length)
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		text, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		if got := Length(text, body(t, X)).Length; got != want {
			t.Errorf("line %d: Length(%q) = %d, want %d", i+1, text, got, want)
		}
	}
	if len(lines) < 400 {
		t.Errorf("only %d lines", len(lines))
	}
}

func TestLength(t *testing.T) {
	const family = "👨‍👩‍👧‍👦" // 25 bytes, 7 code points, 11 UTF-16 units, 1 grapheme
	for _, test := range []struct {
		network Network
		text    string
		want    int
	}{
		{Bluesky, "thé " + family + " e\u0301 🇫🇷 नि", 4 + 1 + 1 + 1 + 1 + 1 + 1 + 1},
		{Bluesky, "\r\n\n", 2},
		{Bluesky, "https://colibri.fr/x", 20},
		{Mastodon, "Lire https://colibri.fr/une/tres/longue/page/vraiment ici", 5 + 23 + 4},
		{Mastodon, "colibri.fr compte tel quel", 26},
		{Mastodon, "Merci @marie@mastodon.example !", 14},
		{Mastodon, "Merci @marie.d@mastodon.example, @luc", 6 + 8 + 2 + 4},
		{Mastodon, "bonjour@colibri.fr", 18},
		{Mastodon, family, 1},
		{LinkedIn, "Thé (de Noël) #thé", 18 + 3},
		{LinkedIn, `|{}@[]()<>#*_~\`, 30},
		{LinkedIn, "🍵", 2},
		{Threads, "thé 🍵", 4 + 4},
		{Threads, family + "1️⃣©", 25 + 7 + 1},
		{Telegram, "thé " + family, 4 + 11},
		{Discord, "thé 🍵", 6},
		{Slack, "<&>", 3},
		{Instagram, "thé\n🍵", 6},
		{Facebook, strings.Repeat("a", 70000), 70000},
		{YouTube, "thé 🍵", 5 + 4},
		{TikTok, "🍵🍵", 4},
		{WordPress, "🍵é", 2},
		{Webhook, "e\u0301", 2},
		{Reddit, "é", 1},
		{Telegram, "\xff\xff", 2},
	} {
		rules := body(t, test.network)
		count := Length(test.text, rules)
		if count.Length != test.want || count.Bytes != len(test.text) {
			t.Errorf("%s: Length(%q) = %+v, want %d", test.network, test.text, count, test.want)
		}
	}
}

func TestCountOver(t *testing.T) {
	bluesky := body(t, Bluesky)
	for _, test := range []struct {
		name, text string
		over       int
		unit       Unit
	}{
		{"fits", strings.Repeat("a", 300), 0, Graphemes},
		{"too many graphemes", strings.Repeat("a", 302), 2, Graphemes},
		{"too many bytes", strings.Repeat("👨‍👩‍👧‍👦", 121), 25, Bytes},
	} {
		count := Length(test.text, bluesky)
		if over, unit := count.Over(); over != test.over || unit != test.unit || count.Fits() != (over == 0) {
			t.Errorf("%s: %d %s (fits: %v), want %d %s", test.name, over, unit, count.Fits(), test.over, test.unit)
		}
	}
	if !Length(strings.Repeat("a", 1000), Rules{Unit: Points}).Fits() {
		t.Error("a text is too long where there is no limit")
	}
}

// An instance decides its own limit and what links count.
func TestLengthOfAnInstance(t *testing.T) {
	rules := body(t, Mastodon)
	rules.Limit, rules.URLLength = 5000, 10
	count := Length("https://colibri.fr/", rules)
	if count.Length != 10 || count.Limit != 5000 {
		t.Errorf("count = %+v", count)
	}
}

func TestFor(t *testing.T) {
	for _, network := range Networks() {
		rules, ok := For(network, Body)
		if !ok || rules.Limit <= 0 || rules.Unit == "" || rules.Network != network {
			t.Errorf("For(%s) = %+v, %v", network, rules, ok)
		}
	}
	for _, test := range []struct {
		network Network
		field   Field
		limit   int
	}{
		{YouTube, Title, 100}, {Reddit, Title, 300}, {TikTok, Title, 90}, {Telegram, Caption, 1024}, {TikTok, Caption, 4000},
	} {
		if rules, ok := For(test.network, test.field); !ok || rules.Limit != test.limit || rules.Network != test.network {
			t.Errorf("For(%s, %s) = %+v, %v", test.network, test.field, rules, ok)
		}
	}
	for _, test := range []struct {
		network Network
		field   Field
	}{{"myspace", Body}, {X, Title}, {X, Caption}, {X, "colour"}} {
		if _, ok := For(test.network, test.field); ok {
			t.Errorf("For(%s, %s) is there", test.network, test.field)
		}
	}
}

func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"Rien à faire !":         "Rien à faire !",
		"#ThéDeNoël (19 €) @a_b": `\#ThéDeNoël \(19 €\) \@a\_b`,
		`|{}[]<>*~\`:             `\|\{\}\[\]\<\>\*\~\\`,
	} {
		if got := Escape(text); got != want {
			t.Errorf("Escape(%q) = %q, want %q", text, got, want)
		}
		if got, counted := utf16Units(Escape(text)), Length(text, body(t, LinkedIn)).Length; got != counted {
			t.Errorf("Escape(%q) is %d long, Length says %d", text, got, counted)
		}
	}
}

// Every way of counting is near every other: none is less than the graphemes,
// none more than the bytes and backslashes.
func FuzzLength(f *testing.F) {
	for _, seed := range []string{"thé 👨‍👩‍👧‍👦 🇫🇷🇦🇦 1⃣ ©️ e\u0301", "a.b.c é.com 日本.みんなです xn--a.com http://t.co/a?b", "\xff\xfe.com\u202E#é@x@y.z", "한국example.com/(a(b)c)?d=(e)."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		least := graphemes(text)
		for _, network := range Networks() {
			rules := body(t, network)
			n := Length(text, rules).Length
			if n < 0 || n > 23+12*len(text) {
				t.Fatalf("%s counts %d of %d bytes", network, n, len(text))
			}
			if rules.URLLength == 0 && !rules.HalfMentions && n < least {
				t.Fatalf("%s counts %d, fewer than %d graphemes", network, n, least)
			}
			last := -1
			for _, entity := range Entities(text, rules) {
				if entity.Start < last || entity.End <= entity.Start || entity.End > len(text) ||
					!utf8.RuneStart(text[entity.Start]) {
					t.Fatalf("%s: entity %+v after %d", network, entity, last)
				}
				last = entity.End
			}
		}
	})
}
