package filter

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// Without the list of deliveries a brand's parcels are proposed; with another
// brand's kettles in the way, once they are declined.
func TestWriteMissing(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	var labels []labelled
	say := func(brand, text string, times int) {
		for range times {
			told := text
			for range 6 { // words that nobody says twice
				told += " "
				for range 8 {
					told += string(rune('a' + dice.IntN(26)))
				}
			}
			labels = append(labels, labelled{Brand: brand, Text: told}, labelled{Brand: brand, Text: told}) // said again
		}
	}
	say("a", "mon colis,", 24)
	say("b", "mon colis,", 22)
	for _, other := range []string{"la bouilloire", "une théière", "le plateau"} {
		say("b", other+",", 27)
	}
	say("c", "mon colis,", alone-1)
	var out bytes.Buffer
	if err := writeMissing(&out, labels); err != nil {
		t.Fatal(err)
	}
	const want = "of 2 lists taken away, proposals that hold a word of it, 3 at a time:\nat once 1, once what the other lists lack is declined 2\n"
	if !strings.HasSuffix(out.String(), want) {
		t.Errorf("%s", out.String())
	}
	out.Reset()
	if err := writeMissing(&out, labels[:10]); err != nil || out.Len() > 0 {
		t.Errorf("of too few: %s, %v", out.String(), err)
	}
}
