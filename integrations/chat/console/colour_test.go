package console

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var colourVariable = regexp.MustCompile(`--([a-z0-9-]+):\s*#([0-9a-f]{6})\b`)

// colours reads the variables of the style sheet: light, and dark over it.
func colours(t *testing.T) (light, dark map[string]string) {
	t.Helper()
	css, err := staticFiles.ReadFile("static/console.css")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(css), "@media (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("no dark colours")
	}
	light, dark = map[string]string{}, map[string]string{}
	for _, m := range colourVariable.FindAllStringSubmatch(head, -1) {
		light[m[1]], dark[m[1]] = m[2], m[2]
	}
	block, _, _ := strings.Cut(rest, "}")
	for _, m := range colourVariable.FindAllStringSubmatch(block, -1) {
		dark[m[1]] = m[2]
	}
	return light, dark
}

// luminance is WCAG's relative luminance of a colour.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast asks for WCAG AA of every pair of words and ground in use.
func TestContrast(t *testing.T) {
	if got := contrast(t, "000000", "ffffff"); math.Abs(got-21) > 0.01 {
		t.Fatalf("black on white is %.2f", got)
	}
	pairs := [][2]string{
		{"ink", "paper"}, {"ink", "sheet"}, {"ink", "quiet"}, {"ink", "flash"}, {"ink", "private"}, {"ink", "brass-bg"},
		{"soft", "paper"}, {"soft", "sheet"}, {"soft", "quiet"}, {"soft", "brass-bg"}, {"rail-ink", "rail"}, {"rail-ink", "rail-2"}, {"rail-soft", "rail"}, {"rail-soft", "rail-2"},
		{"brass", "paper"}, {"brass-deep", "brass-bg"}, {"blue", "sheet"}, {"blue", "private"}, {"main-ink", "main"}, {"main-ink", "main-2"},
		{"good", "good-bg"}, {"warn", "warn-bg"}, {"bad", "bad-bg"}, {"bad", "sheet"},
	}
	light, dark := colours(t)
	for name, set := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, pair := range pairs {
			if set[pair[0]] == "" || set[pair[1]] == "" {
				t.Fatalf("%s: %v is not a pair of colours", name, pair)
			}
			if got := contrast(t, set[pair[0]], set[pair[1]]); got < 4.5 {
				t.Errorf("%s: %s on %s is %.2f, AA wants 4.5", name, pair[0], pair[1], got)
			}
		}
		for i := range 6 { // initials and the banner: white words
			if got := contrast(t, "ffffff", set["h"+strconv.Itoa(i)]); got < 4.5 {
				t.Errorf("%s: white on h%d is %.2f", name, i, got)
			}
		}
	}
	css, err := staticFiles.ReadFile("static/console.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\.net-([a-z]+) \{ --net: #([0-9a-f]{6})`).FindAllStringSubmatch(string(css), -1) {
		if got := contrast(t, "ffffff", m[2]); got < 4.5 {
			t.Errorf("%s: white on its colour is %.2f", m[1], got)
		}
	}
}
