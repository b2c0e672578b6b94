package bluesky_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"crieur/integrations/network/bluesky"
)

func resolve(handle string) string {
	if strings.HasSuffix(handle, ".bsky.social") {
		return "did:" + handle
	}
	return ""
}

// show writes each facet as the stretch of text and what it is.
func show(text string, facets []bluesky.Facet) string {
	var shown []string
	for _, f := range facets {
		is := f.Features[0]
		shown = append(shown, fmt.Sprintf("%s=%s%s%s", text[f.Index.Start:f.Index.End], is.URI, is.DID, is.Tag))
	}
	return strings.Join(shown, " ")
}

func TestFacets(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "",
		"rien":                       "",
		"Voir https://colibri.fr/é.": "https://colibri.fr/é=https://colibri.fr/é",
		"Voir colibri.fr/noel !":     "colibri.fr/noel=https://colibri.fr/noel",
		"@anna.bsky.social, merci":   "@anna.bsky.social=did:anna.bsky.social",
		"@Anna.bsky.social":          "@Anna.bsky.social=did:anna.bsky.social",
		"@inconnu.fr":                "",
		"#ThéDeNoël et #thé":         "#ThéDeNoël=ThéDeNoël #thé=thé",
		"👩‍👩‍👧 #été https://colibri.fr @b.bsky.social": "#été=été https://colibri.fr=https://colibri.fr @b.bsky.social=did:b.bsky.social",
	} {
		if got := show(text, bluesky.Facets(text, resolve)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzFacets(f *testing.F) {
	for _, seed := range []string{"@a.b https://a.example/( #é", "« #x »", "\xff#a https://\xff", "@a.bsky.social@a.bsky.social"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, facet := range bluesky.Facets(text, resolve) {
			if facet.Index.Start < end || facet.Index.End <= facet.Index.Start || facet.Index.End > len(text) {
				t.Fatalf("facet %+v after %d in %q", facet, end, text)
			}
			if end = facet.Index.End; utf8.ValidString(text) && !utf8.ValidString(text[facet.Index.Start:end]) {
				t.Fatalf("facet %+v cuts a character of %q", facet, text)
			}
		}
	})
}
