package measure

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// The suite is not part of this repository: give the conformance folder of a
// copy of twitter-text to print how many of its cases hold.
var conformance = flag.String("conformance", "", "folder of twitter-text's conformance suite")

func suite(t *testing.T, file string) map[string]yaml.Node {
	t.Helper()
	if *conformance == "" {
		t.Skip("only with -conformance FOLDER")
	}
	data, err := os.ReadFile(filepath.Join(*conformance, file))
	if err != nil {
		t.Fatal(err)
	}
	var content struct{ Tests map[string]yaml.Node }
	if err := yaml.Unmarshal(data, &content); err != nil {
		t.Fatal(err)
	}
	return content.Tests
}

func TestConformanceLength(t *testing.T) {
	all := suite(t, "validate.yml")
	held, cases := 0, 0
	for _, group := range []string{"WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"} {
		var tests []struct {
			Description, Text string
			Expected          struct {
				Length int `yaml:"weightedLength"`
			}
		}
		node := all[group]
		if err := node.Decode(&tests); err != nil {
			t.Fatal(err)
		}
		for _, test := range tests {
			cases++
			if got := Length(test.Text, body(t, X)).Length; got != test.Expected.Length {
				t.Errorf("%s: %d, want %d", test.Description, got, test.Expected.Length)
				continue
			}
			held++
		}
	}
	t.Logf("lengths: %d of %d cases hold", held, cases)
	if cases == 0 {
		t.Error("no cases")
	}
}

func TestConformanceLinksAndHashtags(t *testing.T) {
	all := suite(t, "extract.yml")
	for _, group := range []string{"urls", "tco_urls_with_params", "hashtags", "hashtags_from_astral"} {
		var tests []struct {
			Description, Text string
			Expected          []string
		}
		node := all[group]
		if err := node.Decode(&tests); err != nil {
			t.Fatal(err)
		}
		held := 0
		for _, test := range tests {
			var got []string
			for _, entity := range Entities(test.Text, body(t, X)) {
				words := test.Text[entity.Start:entity.End]
				_, sign := utf8.DecodeRuneInString(words)
				switch {
				case entity.Kind == Link && group[0] != 'h':
					got = append(got, words)
				case entity.Kind == Hashtag && group[0] == 'h':
					got = append(got, words[sign:])
				}
			}
			if !slices.Equal(got, test.Expected) {
				t.Errorf("%s %s: %q, want %q", group, test.Description, got, test.Expected)
				continue
			}
			held++
		}
		t.Logf("%s: %d of %d cases hold", group, held, len(tests))
		if len(tests) == 0 {
			t.Error("no cases")
		}
	}
}

// Top-level domains of the suite that the public suffix list no longer has are
// told, not failed: they have ceased to exist.
func TestConformanceTopLevel(t *testing.T) {
	all := suite(t, "tlds.yml")
	held, cases := 0, 0
	for _, group := range []string{"country", "generic"} {
		var tests []struct {
			Text     string
			Expected []string
		}
		node := all[group]
		if err := node.Decode(&tests); err != nil {
			t.Fatal(err)
		}
		for _, test := range tests {
			cases++
			if slices.Equal(allLinks(test.Text, true), test.Expected) {
				held++
			}
		}
	}
	t.Logf("top-level domains: %d of %d are known", held, cases)
	if held*10 < cases*9 {
		t.Error("fewer than nine in ten")
	}
}
