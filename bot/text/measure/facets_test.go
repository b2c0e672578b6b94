package measure

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFacets(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"none", "Rien ici.", nil},
		{"positions are bytes", "Thé ☕ #Noël @colibri.bsky.social https://colibri.fr/é",
			[]string{"hashtag 9-15 Noël", "mention 16-36 colibri.bsky.social", "link 37-58 https://colibri.fr/é"}},
		{"link without scheme", "colibri.fr/noel?x=1.", []string{"link 0-19 https://colibri.fr/noel?x=1"}},
		{"no such domain", "photo.jpg v2.40 a.b Fini.Voici", nil},
		{"punctuation left out", "https://colibri.fr/, https://colibri.fr/a).", []string{"link 0-19 https://colibri.fr/", "link 21-41 https://colibri.fr/a"}},
		{"parentheses kept", "https://colibri.fr/a_(b)", []string{"link 0-24 https://colibri.fr/a_(b)"}},
		{"after a parenthesis", "(https://colibri.fr) (@a.bsky.social) (#non)", []string{"link 1-19 https://colibri.fr", "mention 22-36 a.bsky.social"}},
		{"parenthesis in a word", "voir(colibri.fr)", []string{"link 5-15 https://colibri.fr"}},
		{"after a handle, within the word", "@a.test's.fr @a.test(b.fr)", []string{"mention 0-7 a.test", "mention 13-20 a.test", "link 21-25 https://b.fr"}},
		{"glued", "voir:https://colibri.fr a@colibri.fr a#b", nil},
		{"handle ends", "@a.bsky.social, @b.bsky.social's", []string{"mention 0-14 a.bsky.social", "mention 16-30 b.bsky.social"}},
		{"handle needs a domain", "@colibri @ @.fr @a.test @a.nulpart", []string{"mention 16-23 a.test"}},
		{"hashtag ends", "#thé! #été. #a_ #vert-", []string{"hashtag 0-5 thé", "hashtag 7-13 été", "hashtag 15-17 a", "hashtag 19-24 vert"}},
		{"hashtag of an emoji, of a number", "#🍵 #1 #a1", []string{"hashtag 0-5 🍵", "hashtag 9-12 a1"}},
		{"hashtag of 64", "#" + strings.Repeat("é", 64) + " #" + strings.Repeat("e", 65), []string{"hashtag 0-129 " + strings.Repeat("é", 64)}},
		{"wide sign", "＃茶", []string{"hashtag 0-6 茶"}},
		{"scheme alone", "https:// http://", nil},
		{"one after the other", "#a #b\n#c", []string{"hashtag 0-2 a", "hashtag 3-5 b", "hashtag 6-8 c"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, facet := range Facets(test.text) {
				got = append(got, fmt.Sprintf("%s %d-%d %s", facet.Kind, facet.Start, facet.End, facet.Value))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("facets of %q:\ngot  %q\nwant %q", test.text, got, test.want)
			}
		})
	}
}

func FuzzFacets(f *testing.F) {
	for _, seed := range []string{"Thé ☕ #Noël @colibri.bsky.social (https://colibri.fr/é)", "#🍵🇫🇷 ＃茶 (((a.fr)", "\xff @\xff.fr #\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, facet := range Facets(text) {
			if facet.Start < last || facet.End <= facet.Start || facet.End > len(text) || facet.Value == "" {
				t.Fatalf("facet %+v after %d in %q", facet, last, text)
			}
			last = facet.End
			shown := text[facet.Start:facet.End]
			if utf8.ValidString(text) && !utf8.ValidString(shown) {
				t.Fatalf("facet %+v cuts a character", facet)
			}
			if !strings.HasSuffix(facet.Value, strings.TrimLeft(shown, "@#＃")) && facet.Kind != Link {
				t.Fatalf("facet %+v shows %q", facet, shown)
			}
		}
	})
}
