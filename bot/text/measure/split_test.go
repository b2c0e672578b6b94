package measure

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func body(t testing.TB, network Network) Rules {
	t.Helper()
	rules, ok := For(network, Body)
	if !ok {
		t.Fatalf("no body rules for %s", network)
	}
	return rules
}

func short(t testing.TB, network Network, limit int) Rules {
	rules := body(t, network)
	rules.Limit = limit
	return rules
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		name    string
		network Network
		limit   int
		text    string
		want    []string
	}{
		{"fits", Discord, 40, " Tout tient. ", []string{" Tout tient. "}},
		{"nothing", Discord, 40, " \n ", nil},
		{"sentences first", Discord, 40, "Une phrase. Une autre phrase ! La troisième est là.",
			[]string{"Une phrase. Une autre phrase ! (1/2)", "La troisième est là. (2/2)"}},
		{"lines are sentences", Discord, 30, "Première ligne\nDeuxième ligne un peu",
			[]string{"Première ligne (1/2)", "Deuxième ligne un peu (2/2)"}},
		{"then words", Discord, 30, "une très longue phrase qui ne finit pas",
			[]string{"une très longue phrase (1/2)", "qui ne finit pas (2/2)"}},
		{"no cut at an abbreviation", Discord, 36, "Merci à tous. Le Dr. Martin parle ici ce soir.",
			[]string{"Merci à tous. (1/3)", "Le Dr. Martin parle ici ce (2/3)", "soir. (3/3)"}},
		{"no cut before a lone mark", Discord, 26, "Venez avec nous tous ! Oui oui",
			[]string{"Venez avec nous (1/2)", "tous ! Oui oui (2/2)"}},
		{"no sentence ends before a small letter", Discord, 40, "Il criait : Au feu ! puis il est parti en riant.",
			[]string{"Il criait : Au feu ! puis il est (1/2)", "parti en riant. (2/2)"}},
		{"initials", Discord, 30, "Ici. Merci à J. Dupont et aux autres",
			[]string{"Ici. (1/3)", "Merci à J. Dupont et aux (2/3)", "autres (3/3)"}},
		{"unbreakable spaces hold", Discord, 30, "Rendez-vous ce soir à 18\u00A0h\u00A000 précises",
			[]string{"Rendez-vous ce soir à (1/2)", "18\u00A0h\u00A000 précises (2/2)"}},
		{"hashtags of ideographs stay whole", X, 26, "今日は新しいお茶 #冬の紅茶を飲む会",
			[]string{"今日は新しいお茶 (1/2)", "#冬の紅茶を飲む会 (2/2)"}},
		{"a hashtag glued to a link stays whole", X, 46, "紅茶の紅茶の http://t.co/a'#日本語のタグ",
			[]string{"紅茶の紅茶の (1/2)", "http://t.co/a'#日本語のタグ (2/2)"}},
		{"a price is a word", Discord, 27, "Le coffret est ici à €39 aujourd’hui",
			[]string{"Le coffret est ici à (1/2)", "€39 aujourd’hui (2/2)"}},
		{"words in katakana stay whole", X, 23, "紅茶とクリスマスティーの会",
			[]string{"紅茶と (1/3)", "クリスマスティー (2/3)", "の会 (3/3)"}},
		{"links count 23 and stay whole", X, 38, "Lire https://example.com/" + strings.Repeat("a", 60) + " puis dormir",
			[]string{"Lire https://example.com/" + strings.Repeat("a", 60) + " (1/2)", "puis dormir (2/2)"}},
		{"the number is escaped too", LinkedIn, 22, "douze lettre vingt un",
			[]string{"douze lettre vingt un"}},
		{"escaped numbers", LinkedIn, 19, "douze lettre vingt un",
			[]string{"douze (1/3)", "lettre (2/3)", "vingt un (3/3)"}},
		{"ideographs", X, 26, "故人西辞黄鹤楼，烟花三月下扬州。孤帆远影碧空尽",
			[]string{"故人西辞黄鹤楼， (1/3)", "烟花三月下扬州。 (2/3)", "孤帆远影碧空尽 (3/3)"}},
		{"a bare domain stays whole among ideographs", X, 40, "故人西辞黄鹤楼烟花三月example.com/故人西辞",
			[]string{"故人西辞黄鹤楼烟花三月 (1/2)", "example.com/故人西辞 (2/2)"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Split(test.text, short(t, test.network, test.limit))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// Twelve parts need a number of two digits: room is made for it.
func TestSplitManyParts(t *testing.T) {
	rules := short(t, Discord, 20)
	text := strings.TrimSpace(strings.Repeat("mot à dire ", 12))
	parts, err := Split(text, rules)
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) < 10 || !strings.HasSuffix(parts[0], fmt.Sprintf("(1/%d)", len(parts))) {
		t.Errorf("parts = %q", parts)
	}
	tellsAll(t, text, parts, rules)
}

func TestSplitNamesWhatIsTooLong(t *testing.T) {
	for _, token := range []string{"anticonstitutionnellement", "#ThéDeNoëlÀLaCannelle", "https://example.com/une/page", "@quelquun_de_bien_long"} {
		_, err := Split("Un mot "+token+" et la suite", short(t, Discord, 20))
		if !errors.Is(err, ErrToken) || !strings.Contains(err.Error(), fmt.Sprintf("%q", token)) {
			t.Errorf("%s: err = %v", token, err)
		}
	}
}

var numbering = regexp.MustCompile(` \([0-9]+/[0-9]+\)$`)

// tellsAll checks what Split promises.
func tellsAll(t *testing.T, text string, parts []string, rules Rules) {
	t.Helper()
	var said strings.Builder
	for i, part := range parts {
		if count := Length(part, rules); !count.Fits() {
			t.Errorf("part %d counts %+v: %q", i+1, count, part)
		}
		if len(parts) > 1 {
			if want := fmt.Sprintf(" (%d/%d)", i+1, len(parts)); !strings.HasSuffix(part, want) {
				t.Errorf("part %d does not end in %q: %q", i+1, want, part)
			}
			part = numbering.ReplaceAllString(part, "")
			if strings.TrimSpace(part) == "" {
				t.Errorf("part %d says nothing", i+1)
			}
		}
		said.WriteString(part)
	}
	if got, want := spaceFree(said.String()), spaceFree(text); got != want {
		t.Errorf("parts say %q\ntext says %q", got, want)
	}
}

func spaceFree(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// uncut checks that parts end at a space that may be broken, or between words
// of a script without spaces; never within a link, mention or hashtag.
func uncut(t *testing.T, text string, parts []string, rules Rules) {
	t.Helper()
	inside, spaced := map[int]bool{}, map[int]bool{} // by position, spaces left out
	at := 0
	for _, r := range text {
		if breaking(r) {
			spaced[at] = true
		}
		at += len(spaceFree(string(r)))
	}
	for _, entity := range Entities(text, rules) {
		start := len(spaceFree(text[:entity.Start]))
		for i := 1; i < entity.End-entity.Start; i++ {
			inside[start+i] = true
		}
	}
	packed := spaceFree(text)
	at = 0
	for i, part := range parts[:max(len(parts)-1, 0)] {
		at += len(spaceFree(numbering.ReplaceAllString(part, "")))
		before, _ := utf8.DecodeLastRuneInString(packed[:at])
		after, _ := utf8.DecodeRuneInString(packed[at:])
		if inside[at] || !spaced[at] && !noSpaces(before) && !noSpaces(after) {
			t.Errorf("part %d of %q is cut inside a word, link, handle or hashtag: %q", i+1, text, part)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{
		"Notre thé de Noël est de retour. Qui l’attendait ? https://example.com/the #ThéDeNoël @colibri",
		"故人西辞黄鹤楼，烟花三月下扬州。example.com中国語t.co/abcde한국twitter.com",
		"👨‍👩‍👧‍👦🇫🇷🏴󠁧󠁢󠁥󠁮󠁧󠁿 1⃣ é\u0301 (1/3)\n\n[x](y) | * _ ~ \\ @a@b.example",
		"a\u00A0b \u0301c \xff\xfe .com http://t.co/x 。。！ #日本語のタグ です",
	} {
		f.Add(seed, uint8(0), uint16(60))
		f.Add(seed, uint8(6), uint16(30))
	}
	f.Fuzz(func(t *testing.T, text string, network uint8, limit uint16) {
		if len(text) > 4096 || !utf8.ValidString(text) {
			return
		}
		networks := Networks()
		rules := short(t, networks[int(network)%len(networks)], 20+int(limit)%400)
		parts, err := Split(text, rules)
		if err != nil {
			if !errors.Is(err, ErrToken) {
				t.Fatal(err)
			}
			return
		}
		tellsAll(t, text, parts, rules)
		uncut(t, text, parts, rules)
	})
}

func TestEndsSentence(t *testing.T) {
	for word, want := range map[string]bool{
		"fin.": true, "fin": false, "fin!": true, "fin…": true, "Quoi?": true, "終わり。": true,
		"fin.»": true, "fin.”": true, "(fin.)": true, "fin”": false, "fin,": false, ".": true, "...": true,
		"M.": false, "Mme.": false, "Dr.": false, "dr.": false, "J.": false, "(J.": false, "p.ex.": false, "vs.": false,
		"2026.": true, "https://colibri.fr.": true, "SNCF.": true, "a.": true,
	} {
		if got := endsSentence(word); got != want {
			t.Errorf("endsSentence(%q) = %v", word, got)
		}
	}
}

// What Split says of a word that is too long can be shown where it is.
func TestTokenError(t *testing.T) {
	text := "Été : " + strings.Repeat("é", 40) + " fin"
	_, err := Split(text, short(t, Discord, 30))
	var token *TokenError
	if !errors.As(err, &token) {
		t.Fatalf("err = %v", err)
	}
	if token.Start != 6 || token.End != 46 || token.Network != Discord || token.Token != strings.Repeat("é", 40) {
		t.Errorf("token = %+v", token)
	}
}

// Both of Bluesky's limits hold for each part.
func TestSplitWithinBytes(t *testing.T) {
	rules := body(t, Bluesky)
	text := strings.TrimSpace(strings.Repeat("👨‍👩‍👧‍👦 ", 250)) // 499 graphemes, 6,499 bytes
	parts, err := Split(text, rules)
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) != 3 {
		t.Errorf("%d parts", len(parts))
	}
	tellsAll(t, text, parts, rules)
}
