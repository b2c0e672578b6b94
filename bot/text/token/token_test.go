package token_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"crieur/bot/text/token"
)

// show writes tokens so that a table can be read: the fold, with a mark for
// what is glued (+) or inside (<).
func show(text string) string {
	var parts []string
	for _, tok := range token.Scan(nil, text) {
		part := tok.Fold
		if tok.Inside {
			part = "<" + part
		}
		if tok.Glued {
			part = "+" + part
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

func TestScan(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"signs only", " … !? — ·", ""},
		{"case and accents", "Été À L’ÉCOLE", "ete a l ecole"},
		{"decomposed accents", "E\u0301te\u0301 noe\u0308l", "ete noel"},
		{"ligatures", "Œuf CŒUR æther straße ﬁn", "oeuf coeur aether strasse fin"},
		{"Vietnamese and stroked", "Nguyễn Đà Łódź Ørsted", "nguyen da lodz orsted"},
		{"fancy letters", "𝗣𝗿𝗼𝗺𝗼 Ｗｉｄｅ", "promo wide"},
		{"elision", "l'Oréal d’Orange qu'EDF jusqu'à", "l oreal d orange qu edf jusqu a"},
		{"Italian elision", "dell'Oréal un'altra", "dell oreal un altra"},
		{"words kept whole", "aujourd'hui don't O'Neil rock'n'roll quelqu’un", "aujourd'hui don't o'neil rock'n'roll quelqu'un"},
		{"genitive", "Apple's shop, Apple’s", "apple s shop apple s"},
		{"apostrophes around", "'orange' ’80s l'", "orange 80s l"},
		{"underscore", "foo_bar _gras_ a__b", "foo_bar gras a b"},
		{"hyphen", "porte-monnaie", "porte monnaie"},
		{"numbers", "19,99 € 4G 1 000", "19 99 4g 1 000"},
		{"hashtag", "#Orange #été2026! # #_x", "#orange #ete2026 #_x"},
		{"hashtag ends at apostrophe", "#Apple's", "#apple s"},
		{"hashtag in a word", "C# a#b", "c a b"},
		{"hashtag of letters without spaces", "#東京2026", "#東京2026 +<東 +<京 +<2026"},
		{"handle", "@Orange_FR, @ana@host.example .@b", "@orange_fr @ana host example @b"},
		{"handle on a domain", "@marque.bsky.social", "@marque bsky social"},
		{"mail address", "ana@host.example", "ana host example"},
		{"wide signs", "＃promo ＠ana", "#promo @ana"},
		{"link", "voir https://www.Orange.fr/a?utm_source=b.", "voir https://www.orange.fr/a?utm_source=b +<www <orange <fr"},
		{"link in brackets", "(http://a.example/x), www.b.example", "http://a.example/x +<a <example www.b.example +<www <b <example"},
		{"link and emoji", "https://a.example😡", "https://a.example +<a <example +😡"},
		{"no link", "http https:// www. WWW", "http https www www"},
		{"no space before", "東京", "東 +京"},
		{"half width", "ｶｰ", "カ +ー"},
		{"Hangul", "삼성이 좋아", "삼 +성 +이 좋 +아"},
		{"Thai", "ไทย", "ไ +ท +ย"},
		{"mixed scripts", "iPhone発売", "iphone +発 +売"},
		{"emoji", "top👍🏽❤️🇫🇷", "top +👍 +❤ +🇫 +🇷"},
		{"signs in names", "Canal+ H&M C++ a & b a + b", "canal ++ h +& +m c ++ ++ a b a b"},
		{"look-alikes", "Оrаnge НАТО p\u03bfrt", "orange нато port"},
		{"soft hyphen and zero width", "Or\u00adan\u200bge", "orange"},
		{"Arabic", "مُحَمَّد كـــبير", "محمد كبير"},
		{"Hindi keeps its signs", "हिन्दी", "हिन्दी"},
		{"not UTF-8", "a\xffb \xc3", "a b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := show(test.text); got != test.want {
				t.Errorf("Scan(%q)\n got %s\nwant %s", test.text, got, test.want)
			}
		})
	}
}

func TestScanPlaces(t *testing.T) {
	text := "Été : l’Oréal 😡"
	got := token.Scan(nil, text)
	want := []token.Token{
		{Kind: token.Word, Start: 0, End: 5, First: 0, Nth: 3, Fold: "ete"},
		{Kind: token.Word, Start: 8, End: 9, First: 6, Nth: 7, Fold: "l"},
		{Kind: token.Word, Start: 12, End: 18, First: 8, Nth: 13, Fold: "oreal"},
		{Kind: token.Emoji, Start: 19, End: 23, First: 14, Nth: 15, Fold: "😡"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if raw := got[2].Raw(text); raw != "Oréal" {
		t.Errorf("Raw = %q", raw)
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Le Monde.fr": "le monde.fr", "L’Équipe": "l'equipe", "Orаnge": "orange", "ｶﾞ": "ガ", "fr-FR": "fr-fr",
	} {
		if in == "ｶﾞ" { // two code points stay two; only their width goes
			want = "カ\u3099"
		}
		if got := token.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldRune(t *testing.T) {
	for r, want := range map[rune]string{'a': "a", 'É': "e", 'œ': "oe", '\u0301': "", '𝐜': "c", 'ａ': "a", 'а': "а", '7': "7"} {
		if got := token.FoldRune(r); got != want {
			t.Errorf("FoldRune(%q) = %q, want %q", r, got, want)
		}
	}
}

func TestSqueeze(t *testing.T) {
	for in, want := range map[string]string{"": "", "noon": "noon", "nooooon": "noon", "ééé!": "éé!", "aaabbb": "aabb"} {
		if got := token.Squeeze(in); got != want {
			t.Errorf("Squeeze(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{"l’Oréal d'été", "#東京 @ana@b.c https://a.b/c?d=e😡", "H&M\xff Canal+", "ｶﾞ \u0301a\u00ad", "Оrаnge_x' 's"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := token.Scan(nil, text)
		last := token.Token{}
		for _, tok := range tokens {
			if tok.Fold == "" || tok.Kind == 0 || tok.Start >= tok.End || tok.End > len(text) {
				t.Fatalf("%q: bad token %+v", text, tok)
			}
			if first := utf8.RuneCountInString(text[:tok.Start]); first != tok.First {
				t.Fatalf("%q: %+v starts at code point %d", text, tok, first)
			}
			if nth := utf8.RuneCountInString(text[:tok.End]); nth != tok.Nth {
				t.Fatalf("%q: %+v ends at code point %d", text, tok, nth)
			}
			if tok.Start < last.End && !tok.Inside {
				t.Fatalf("%q: %+v starts before %+v ends", text, tok, last)
			}
			if !tok.Inside || last.Inside {
				last = tok
			}
		}
		moved := token.Scan(nil, ". "+text)
		for i := range moved {
			moved[i].Start, moved[i].End = moved[i].Start-2, moved[i].End-2
			moved[i].First, moved[i].Nth = moved[i].First-2, moved[i].Nth-2
		}
		if len(tokens)+len(moved) > 0 && !reflect.DeepEqual(tokens, moved) {
			t.Fatalf("%q reads differently further on:\n%+v\n%+v", text, tokens, moved)
		}
	})
}

const post = "Bonjour @Orange_France, toujours pas de réseau à l’Île-Saint-Denis depuis 3 jours… C'est honteux ! #panne https://t.example/AbC123 😡"

func BenchmarkScan(b *testing.B) {
	var tokens []token.Token
	b.SetBytes(int64(len(post)))
	for b.Loop() {
		tokens = token.Scan(tokens[:0], post)
	}
}
