package proof

import (
	"strings"
	"testing"
)

// hostile are pieces that, repeated, would make a careless search quadratic.
var hostile = []string{"xqzyw ", "a'", "a-", "(", "a ) ", "\" ", "le 3 ", "lundi 3, ", ". ", "«a ", "«", "”", "𝗕 ", "vous venez vous ", "<a", "`a", "```a",
	"{a", "a.", "@a", "#", "tu «", "Aa Bb ", "demain, ", "a’", "J-", "http://", "c?d!e;f "}

// TestHostileTexts passes long hostile texts through; a search that looks far
// at every step would keep the test from ending.
func TestHostileTexts(t *testing.T) {
	c := checker(t, "fr")
	for _, piece := range hostile {
		text := strings.Repeat(piece, 20_000/len(piece))
		c.Check(text, Context{When: tuesday})
	}
}

// BenchmarkHostile should show the same speed for ten times the length.
func BenchmarkHostile(b *testing.B) {
	c := checker(b, "fr")
	for _, piece := range hostile {
		for name, size := range map[string]int{"short": 10_000, "long": 100_000} {
			text := strings.Repeat(piece, size/len(piece))
			b.Run(strings.TrimSpace(piece)+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					c.Check(text, Context{When: tuesday})
				}
			})
		}
	}
}
