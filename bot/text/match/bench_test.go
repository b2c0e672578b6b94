package match_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"crieur/bot/text/match"
)

// language invents words that come as often as words do: the n-th most common
// one, 1/n as often as the first (Zipf's law).
type language struct {
	random *rand.Rand
	words  []string
}

func newLanguage(size int) *language {
	random := rand.New(rand.NewPCG(1, 2))
	l := &language{random: random}
	syllables := strings.Fields("ba ce di fo gu la me ni po ru sa té vi zo chan bre tion que men lit")
	for made := map[string]bool{}; len(l.words) < size; {
		var word strings.Builder
		for range 1 + random.IntN(4) {
			word.WriteString(syllables[random.IntN(len(syllables))])
		}
		if !made[word.String()] {
			made[word.String()] = true
			l.words = append(l.words, word.String())
		}
	}
	return l
}

// common returns a word as often as it is said.
func (l *language) common() string {
	return l.words[int(math.Pow(float64(len(l.words)), l.random.Float64()))-1]
}

// brand returns one of that many names, which are no words.
func (l *language) brand(of int) string {
	i := l.random.IntN(of)
	return l.words[i%len(l.words)] + "x" + l.words[(i*7919+i/len(l.words))%len(l.words)]
}

// post invents 140 characters of talk; one post in four names one of the 500
// brands that are talked about.
func (l *language) post() string {
	var text strings.Builder
	if l.random.IntN(4) == 0 {
		text.WriteString(l.brand(500) + " ")
	}
	for text.Len() < 140 {
		text.WriteString(l.common() + " ")
	}
	return fmt.Sprintf("@%s %s#%s https://t.example/%x", l.common(), text.String(), l.common(), l.random.Int32())
}

// rule says what a brand wants to hear of.
func (l *language) rule(brands int) string {
	brand := l.brand(brands)
	switch l.random.IntN(8) {
	case 0:
		return fmt.Sprintf("#%s OR @%s OR (%s %s)", brand, brand, brand, l.common())
	case 1:
		return fmt.Sprintf("%s NEAR/5 (%s OR %s)", brand, l.common(), l.common())
	case 2:
		return fmt.Sprintf("%q NOT %s", l.common()+" "+brand, l.common())
	case 3:
		return fmt.Sprintf("%s* %s", l.common(), brand)
	case 4:
		return fmt.Sprintf("(%s OR %s) (%s OR %s*)", brand, l.brand(brands), l.common(), l.common())
	case 5:
		return fmt.Sprintf("lang:fr %s -from:%s", brand, l.common())
	}
	return fmt.Sprintf("%s %s", l.common(), brand)
}

func makeSet(tb testing.TB, l *language, rules int) *match.Set {
	set := match.NewSet()
	for i := range rules {
		if err := set.Add(fmt.Sprint("rule ", i), l.rule(rules/5)); err != nil {
			tb.Fatal(err)
		}
	}
	return set
}

// BenchmarkMatch: posts a second from decoded text, spans included.
func BenchmarkMatch(b *testing.B) {
	for _, rules := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprint(rules, "rules"), func(b *testing.B) {
			l := newLanguage(30_000)
			set := makeSet(b, l, rules)
			posts := make([]string, 2000)
			for i := range posts {
				posts[i] = l.post()
			}
			b.ReportAllocs()
			found, i := 0, 0
			for b.Loop() {
				found += len(set.Match(match.Post{Text: posts[i%len(posts)], Lang: "fr"}))
				i++
			}
			b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "posts/s")
			b.ReportMetric(float64(found)/float64(i), "found/post")
		})
	}
}

// BenchmarkDecodeMatch: posts a second from JSON with what networks send
// around a text.
func BenchmarkDecodeMatch(b *testing.B) {
	l := newLanguage(30_000)
	set := makeSet(b, l, 10_000)
	posts := make([][]byte, 2000)
	for i := range posts {
		posts[i], _ = json.Marshal(map[string]any{"did": "did:plc:" + strings.Repeat("x", 24), "time_us": 1764000000000000 + i, "kind": "commit",
			"lang": "fr", "text": l.post(), "from": "ana.example", "rev": "3kabcdefghij2", "facets": []map[string]any{{"index": map[string]int{"byteStart": 1, "byteEnd": 9}}}})
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		var post struct{ Text, From, Lang, Source string }
		if err := json.Unmarshal(posts[i%len(posts)], &post); err != nil {
			b.Fatal(err)
		}
		set.Match(match.Post(post))
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "posts/s")
}

func BenchmarkAdd(b *testing.B) {
	l := newLanguage(30_000)
	set, i := match.NewSet(), 0
	for b.Loop() {
		if err := set.Add(fmt.Sprint(i), l.rule(20_000)); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
