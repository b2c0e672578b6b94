package review

import (
	"strings"
	"testing"

	"crieur/approvals"
	"crieur/bot/content"
)

// Whoever approves sees every picture that leaves anywhere, in its lightest form.
func TestPictures(t *testing.T) {
	of := func(names string, size int64) (media []content.Media) {
		for _, name := range strings.Fields(names) {
			media = append(media, content.Media{Digest: name, Size: size})
		}
		return media
	}
	for name, test := range map[string]struct {
		parts [][]content.Media
		want  string
	}{
		"no parts":                 {nil, ""},
		"none":                     {[][]content.Media{nil, nil}, ""},
		"one network shows none":   {[][]content.Media{nil, of("a b", 9)}, "a b"},
		"one network takes fewer":  {[][]content.Media{of("a", 9), of("a b c", 9), of("a b", 9)}, "a b c"},
		"one network takes a copy": {[][]content.Media{of("a b", 9), of("la lb", 2), of("a b", 9)}, "la lb"},
		"fewer copies":             {[][]content.Media{of("la", 2), of("a b", 9)}, "a b"},
		"sizes that nobody told":   {[][]content.Media{of("a", 0), of("b", 0)}, "a"},
	} {
		var r approvals.Request
		for _, media := range test.parts {
			r.Parts = append(r.Parts, content.Part{Media: media})
		}
		var got []string
		for _, m := range pictures(r) {
			got = append(got, m.Digest)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
