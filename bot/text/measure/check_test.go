package measure

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// found writes a problem shortly: what, how bad, which words.
func found(text string, problem Problem) string {
	points := []rune(text)
	return fmt.Sprintf("%s %s %q", problem.Level, problem.Check, string(points[problem.Start:problem.End]))
}

var checkCases = []struct {
	name    string
	network Network
	text    string
	want    []string
}{
	{"nothing to say", LinkedIn, "Notre #ThéDeNoël est de retour jeudi. https://colibri.fr", nil},
	{"empty", X, "", []string{`error empty ""`}},
	{"nothing visible", X, " \u200B\n", []string{`error empty ""`}},
	{"too long", X, strings.Repeat("a ", 139) + "bcd", []string{`error too_long "d"`}},
	{"too long within a link", X, strings.Repeat("a ", 130) + "https://colibri.fr/abcdef", []string{
		`error too_long "https://colibri.fr/abcdef"`, `advice link_cost "https://colibri.fr/abcdef"`}},
	{"too long within an emoji", Discord, strings.Repeat("a", 1990) + " 👨‍👩‍👧‍👦", []string{
		"error too_long \"👨\\u200d👩\\u200d👧\\u200d👦\""}},
	{"fake bold", Facebook, "Le 𝗯𝗼𝗻 𝘁𝗵𝗲́ d’ℎ𝑒𝑟", []string{`error fake_letters "𝗯𝗼𝗻 𝘁𝗵𝗲́"`, `error fake_letters "𝑒𝑟"`}},
	{"circled and squared", Facebook, "ⓑⓞⓝ 🄱🄾🄽 🅱🅾️ Ⓜ️", []string{`error fake_letters "ⓑⓞⓝ 🄱🄾🄽"`}},
	{"directions", Facebook, "a\u202Eb\u200Ec", []string{"error invisible \"\\u202e\"", "warning invisible \"\\u200e\""}},
	{"directions where they belong", Facebook, "שלום\u200E (a)", nil},
	{"joiners", Facebook, "a\u200Db نمی\u200Cخواهم 👨‍👩‍👧", []string{"warning invisible \"\\u200d\""}},
	{"zero width, soft hyphen, mark of order", Facebook, "\uFEFFa\u200Bb\u00ADc", []string{
		"error invisible \"\\ufeff\"", "warning invisible \"\\u200b\"", "warning invisible \"\\u00ad\""}},
	{"zero width in Thai", Facebook, "ชา\u200Bดี", nil},
	{"controls", Facebook, "a\x00b\tc\r\nd\u0085", []string{`error invisible "\x00"`, `error encoding "\u0085"`}},
	{"not Unicode", Facebook, "a\xff", []string{`error encoding "�"`}},
	{"brackets on YouTube", YouTube, "a <b>", []string{`error forbidden "<"`, `error forbidden ">"`}},
	{"brackets elsewhere", Facebook, "a <b>", nil},
	{"link on Instagram", Instagram, "Voir colibri.fr", []string{`warning dead_link "colibri.fr"`}},
	{"link on X, said once", X, "colibri.fr https://the.fr", []string{`advice link_cost "colibri.fr"`}},
	{"six links on Threads", Threads, strings.Repeat("https://a.fr ", 5) + "https://b.fr", []string{`error links "https://b.fr"`}},
	{"five links on Threads", Threads, strings.Repeat("https://a.fr ", 5), nil},
	{"hashtags on Instagram", Instagram, "Thé " + strings.Repeat("#A ", 6), []string{`warning hashtags "#A"`}},
	{"too many hashtags on Instagram", Instagram, "Thé. " + strings.Repeat("#A ", 30) + "#B", []string{`error hashtags "#B"`}},
	{"mentions on X", X, "a " + strings.Repeat("@a ", 50) + "@b", []string{`error mentions "@b"`}},
	{"reply trap", X, " @colibri a dit", []string{`warning reply_trap "@colibri"`}},
	{"no trap elsewhere in the text", X, ".@colibri a dit @x", nil},
	{"no trap elsewhere", Mastodon, "@colibri a dit", nil},
	{"hashtag case", Mastodon, "#thédenoël #Thédenoël #ThéDeNoël #chocolaterie #boulangerie #photographie #accidentel #responsable #journéeinternationale", []string{
		`advice hashtag_case "#thédenoël"`, `advice hashtag_case "#Thédenoël"`, `advice hashtag_case "#journéeinternationale"`}},
	{"hashtag case where there is none", Mastodon, "#クリスマスティーを飲みましょう早めに #thé_de_noël_à_la_maison #2026anniversairedeux", nil},
	{"hashtag cut", Mastodon, "#L’Oréal #peut-être #thé- #thé' #fin", []string{`warning hashtag_cut "#L"`, `warning hashtag_cut "#peut"`}},
	{"fold before the link", LinkedIn, "Court. " + strings.Repeat("A ", 110) + "https://colibri.fr", []string{`advice fold_hides_link "https://colibri.fr"`}},
	{"fold within the link", LinkedIn, strings.Repeat("Oui. ", 41) + "https://colibri.fr", []string{`advice fold_hides_link "https://colibri.fr"`}},
	{"a link before the fold is enough", LinkedIn, "Voir https://a.fr ! Court. " + strings.Repeat("a ", 110) + "https://colibri.fr", nil},
	{"fold within the first sentence", Instagram, strings.Repeat("ab ", 42) + "fin. Suite.", []string{`advice fold_sentence " fin."`}},
	{"sentences of ideographs", Instagram, "短い。" + strings.Repeat("長い文", 50), nil},
	{"no fold", Discord, strings.Repeat("ab ", 142) + "https://colibri.fr", nil},
}

func TestCheck(t *testing.T) {
	for _, test := range checkCases {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, problem := range Check(test.text, body(t, test.network)) {
				got = append(got, found(test.text, problem))
				if problem.Args.Network != test.network {
					t.Errorf("%s is of %q", problem.Check, problem.Args.Network)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %v\nwant %v", got, test.want)
			}
		})
	}
}

func TestCheckArgs(t *testing.T) {
	for _, test := range []struct {
		network Network
		text    string
		want    Args
	}{
		{X, strings.Repeat("abc ", 73), Args{Network: X, N: 12, Limit: 280, Unit: Weighted}},
		{Bluesky, strings.Repeat("👨‍👩‍👧‍👦 ", 150)[:26*150-1], Args{Network: Bluesky, N: 899, Limit: 3000, Unit: Bytes}},
		{Facebook, "𝟏𝟗 €", Args{Network: Facebook, Text: "𝟏𝟗", Replace: "19"}},
		{Facebook, "🅔🅣 🅐🅝🅓", Args{Network: Facebook, Text: "🅔🅣 🅐🅝🅓", Replace: "ET AND"}},
		{Facebook, "a\u202Db", Args{Network: Facebook, Text: "U+202D"}},
		{X, "https://a.fr", Args{Network: X, Text: "https://a.fr", Cost: "0.200", Usual: "0.015"}},
		{Threads, strings.Repeat("https://a.fr ", 7), Args{Network: Threads, N: 7, Limit: 5}},
		{LinkedIn, "Oui. " + strings.Repeat("A ", 110) + "http://a.fr", Args{Network: LinkedIn, Limit: 210, Text: "http://a.fr"}},
	} {
		problems := Check(test.text, body(t, test.network))
		if len(problems) != 1 || problems[0].Args != test.want {
			t.Errorf("%s %.20q: %+v\nwant %+v", test.network, test.text, problems, test.want)
		}
	}
}

func TestCheckTooLongWord(t *testing.T) {
	text := "a " + strings.Repeat("b", 300)
	problems := Check(text, body(t, X))
	if len(problems) != 2 || problems[0].Check != TooLongWord || problems[0].Start != 2 || problems[1].Check != TooLong || problems[1].Start != 280 {
		t.Errorf("problems = %+v", problems)
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		name    string
		network Network
		limit   int
		text    string
		want    string
	}{
		{"fits", X, 10, "court", "court"},
		{"plain", X, 3, "court", "cou"},
		{"ideographs weigh 2", X, 5, "茶の時間", "茶の"},
		{"emoji stay whole", Telegram, 8, "a👨‍👩‍👧‍👦", "a"},
		{"accents stay", Discord, 4, "abce\u0301", "abc"},
		{"links stay whole", X, 25, "ab https://colibri.fr/x", "ab "},
		{"a link that counts less than it is written", X, 25, "a https://colibri.fr/" + strings.Repeat("x", 90) + " b", "a https://colibri.fr/" + strings.Repeat("x", 90)},
		{"escapes", LinkedIn, 4, "a(b)", "a(b"},
		{"mentions that count less", Mastodon, 8, "a @marie@mastodon.example b", "a @marie@mastodon.example"},
	} {
		rules := short(t, test.network, test.limit)
		if got := test.text[:Cut(test.text, rules)]; got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"@a #thédenoël 𝗯𝗼𝗹𝗱 https://a.fr \u202E\xff", "ⓑ ℎ𝑒 #L’été <b> \uFEFF", strings.Repeat("mot. ", 60) + "👨‍👩‍👧‍👦"} {
		f.Add(seed, uint8(0))
		f.Add(seed, uint8(5))
	}
	f.Fuzz(func(t *testing.T, text string, network uint8) {
		if len(text) > 4096 {
			return
		}
		networks := Networks()
		rules := body(t, networks[int(network)%len(networks)])
		points, last := utf8.RuneCountInString(text), 0
		for _, problem := range Check(text, rules) {
			if problem.Start < last || problem.End < problem.Start || problem.End > points || problem.Check == "" || problem.Level == "" {
				t.Fatalf("problem %+v after %d of %d", problem, last, points)
			}
			last = problem.Start
		}
		if cut := Cut(text, rules); !Length(text[:cut], rules).Fits() {
			t.Fatalf("what Cut keeps of %q does not fit: %q", text, text[:cut])
		}
	})
}
