package similar

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSimplify(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"L’ÉTÉ, c'est   fini !!!", "l ete c est fini"},
		{"RT @ana: RT @bob: panne", "panne"},
		{"rt pour gagner", "rt pour gagner"},
		{"panne via @ana via @bob", "panne"},
		{"panne (via @ana)", "panne"},
		{"via Paris", "via paris"},
		{"@ana panne #réseau 😡", "ana panne reseau"},
		{"panne https://a.example/x?utm_source=y www.b.example", "panne"},
		{"panne https… http", "panne"},
		{"nooooon !!!", "noon"},
		{"東京 H&M", "東 京 h & m"},
		{"ﷺ", "صلى_الله_عليه_وسلم"},
		{"😡", ""},
		{"https://www.A.example/x/?b=2&utm_campaign=z&a=1#top", linkMark + "a.example/x?a=1&b=2" + linkMark},
		{"www.a.example https://b.example 😡", linkMark + "a.example?" + linkMark + "b.example?" + linkMark},
	} {
		got := simplify(test.text)
		if got.text != test.want {
			t.Errorf("%q: %q, want %q", test.text, got.text, test.want)
		}
		if words := len(strings.Fields(got.text)); !strings.HasPrefix(got.text, linkMark) && words != len(got.spans) {
			t.Errorf("%q: %d words and %d spans", test.text, words, len(got.spans))
		}
	}
}

func TestSimplifySpans(t *testing.T) {
	text := "RT @ana: Été à l’Île… via @b"
	var got []string
	for _, span := range simplify(text).spans {
		got = append(got, string([]rune(text)[span.Start:span.End]))
	}
	if want := []string{"Été", "à", "l", "Île"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := simplify("😡 https://a.example 😡").spans; len(got) != 1 || got[0] != (Span{2, 19}) {
		t.Errorf("of a link: %v", got)
	}
}

func TestTracking(t *testing.T) {
	for _, name := range []string{"utm_source", "fbclid", "gclid", "at_medium", "xtor", "ref_src"} {
		if a, b := simplify("https://a.example/x?id=1&"+name+"=zz"), simplify("https://a.example/x?"+name+"=y&id=1"); a.text != b.text {
			t.Errorf("%s counts: %q and %q", name, a.text, b.text)
		}
	}
	for _, name := range []string{"v", "id", "p", "q", "page", "t"} {
		if a, b := simplify("https://a.example/x?"+name+"=1"), simplify("https://a.example/x?"+name+"=2"); a.text == b.text {
			t.Errorf("%s does not count", name)
		}
	}
}

// Values taken side by side are those taken one after the other.
func TestSign(t *testing.T) {
	for _, text := range []string{"", "thé", "le thé de noel est de retour", strings.Repeat("un autre mot encore ", 40)} {
		s := shinglesOf(text)
		for i, got := range s.sign() {
			want := ^uint32(0)
			for _, h := range append(slices.Clone(s.runs.list), s.pairs.list...) {
				want = min(want, h*factors[i][0]+factors[i][1])
			}
			if got != want {
				t.Errorf("value %d of %.20q is %d, want %d", i, text, got, want)
			}
		}
	}
}

func shinglesOf(text string) *shingles {
	var s shingles
	s.read(text)
	return &s
}

func TestShingles(t *testing.T) {
	for _, test := range []struct {
		text               string
		runs, pairs, words int
	}{
		{"", 0, 0, 0},
		{"a", 0, 0, 1},
		{"ab", 1, 0, 1},
		{"ab cd", 4, 1, 2},
		{"aaaaaaaa", 3, 0, 1}, // " aaa", "aaaa", "aaa "
		{"ab ab ab", 3, 1, 3},
		{"été", 2, 0, 1},
		{linkMark + "a.example?" + linkMark, 1, 0, 1},
	} {
		s := shinglesOf(test.text)
		if len(s.runs.list) != test.runs || len(s.pairs.list) != test.pairs || len(s.words) != test.words {
			t.Errorf("%q: %d runs, %d pairs, %d words, want %d, %d, %d", test.text, len(s.runs.list), len(s.pairs.list), len(s.words), test.runs, test.pairs, test.words)
		}
	}
	a, b := shinglesOf("un deux trois"), shinglesOf("trois un deux")
	if n := a.pairs.shared(&b.pairs); n != 1 {
		t.Errorf("%d pairs shared, want 1", n)
	}
	if a.words[2] != b.words[0] || a.words[0] == a.words[1] {
		t.Error("the same word has not the same hash, or others have")
	}
}

func TestSet(t *testing.T) {
	var s set
	random := rand.New(rand.NewPCG(1, 1))
	for round := range 20 {
		s.reset(round * 50)
		want := map[uint32]bool{}
		for range round * 50 {
			h := uint32(random.IntN(round*40 + 1))
			s.add(h)
			want[max(h, 1)] = true
		}
		if len(s.list) != len(want) {
			t.Fatalf("round %d: %d kept, want %d", round, len(s.list), len(want))
		}
		for h := range uint32(round*40 + 1) {
			if s.has(max(h, 1)) != want[max(h, 1)] {
				t.Fatalf("round %d: has(%d) is %v", round, h, !want[h])
			}
		}
	}
}

// The part of a signature that agrees says what Jaccard is.
func TestSignature(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	word := func() string { return fmt.Sprint("mot", random.IntN(1000)) }
	var off float64
	for range 200 {
		var a, b []string
		for range 20 {
			w := word()
			a, b = append(a, w), append(b, w)
			if random.IntN(3) == 0 {
				b[len(b)-1] = word()
			}
		}
		sa, sb := shinglesOf(strings.Join(a, " ")), shinglesOf(strings.Join(b, " "))
		agree, ga, gb := 0.0, sa.sign(), sb.sign()
		for i := range ga {
			if ga[i] == gb[i] {
				agree += 1.0 / float64(len(ga))
			}
		}
		off += (agree - weigh(sa, sb).Jaccard) / 200
	}
	if math.Abs(off) > 0.02 {
		t.Errorf("signatures are off by %.3f on average", off)
	}
	sig := shinglesOf("un deux trois").sign()
	same := shinglesOf("un deux trois").sign()
	for band := range tables {
		if sig.bucket(band) != same.bucket(band) {
			t.Errorf("band %d: the same text in two buckets", band)
		}
	}
}

func TestWeigh(t *testing.T) {
	for _, test := range []struct {
		a, b                 string
		containment, jaccard float64
		copy                 bool
	}{
		{"", "", 0, 0, false},
		{"a", "a", 0, 0, false}, // too short to have a shingle
		{"un deux trois quatre", "un deux trois quatre", 1, 1, true},
		{"un deux trois quatre", "un deux trois quatre cinq six sept", 1, 0.57, true},
		{"un deux trois", "un deux trois quatre cinq six sept huit neuf", 1, 0.33, false}, // three words may be chance
		{"un deux trois", "un deux trois", 1, 1, true},
		{"un deux", "trois quatre", 0, 0, false},
	} {
		m := weigh(shinglesOf(test.a), shinglesOf(test.b))
		if math.Abs(m.Containment-test.containment) > 0.07 || math.Abs(m.Jaccard-test.jaccard) > 0.07 || m.Copy != test.copy {
			t.Errorf("%q %q: %+v, want %+v", test.a, test.b, m, test)
		}
	}
}

func TestCloser(t *testing.T) {
	order := []Match{
		{Copy: true, Containment: 1, Jaccard: 1},
		{Copy: true, Containment: 0.8, Jaccard: 0.7},
		{Copy: true, Containment: 1, Jaccard: 0.1},
		{Copy: false, Containment: 1, Jaccard: 0.2},
		{Copy: false, Containment: 0.3, Jaccard: 0.2},
	}
	for i := range order {
		for j := range order {
			if got := order[i].closer(order[j]); got != (i < j) {
				t.Errorf("%+v closer than %+v: %v", order[i], order[j], got)
			}
		}
	}
}

func TestPassageWords(t *testing.T) {
	words := func(text string) (out []uint32) {
		for _, word := range strings.Fields(text) {
			out = append(out, hashID(word))
		}
		return out
	}
	for _, test := range []struct {
		a, b     string
		from, to int
	}{
		{"", "", 0, 0},
		{"a b c", "", 0, 0},
		{"a b c", "x b c y", 1, 3},
		{"a b a b c", "a b c", 2, 5},
		{"a a a", "a a", 0, 2},
		{"a x b", "a b", 0, 1},
		{"x a b y c d e", "c d e a b", 4, 7},
	} {
		if from, to := passage(words(test.a), words(test.b)); from != test.from || to != test.to {
			t.Errorf("%q %q: %d to %d, want %d to %d", test.a, test.b, from, to, test.from, test.to)
		}
	}
	long := words(strings.Repeat("a b ", 3000))
	if from, to := passage(long, long); to-from != mostWords {
		t.Errorf("%d words of a long text", to-from)
	}
}

// Segments fill up, grow, and go away when nothing is left in them.
func TestSegments(t *testing.T) {
	index := NewIndex()
	start := time.Unix(1000, 0)
	const n = 2*smallest + smallest + 10
	for i := range n {
		if err := index.Add(fmt.Sprint(i), fmt.Sprint("texte numéro ", i, " parmi beaucoup"), start.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	if index.Len() != n || len(index.segments) != 3 || index.segments[1].room != smallest || index.segments[2].room != 2*smallest {
		t.Fatalf("%d texts in %d segments", index.Len(), len(index.segments))
	}
	for _, i := range []int{0, smallest - 1, smallest, 2 * smallest, n - 1} {
		if m, found := index.Nearest(fmt.Sprint("texte numéro ", i, " parmi beaucoup")); !found || m.ID != fmt.Sprint(i) {
			t.Errorf("text %d: nearest %+v", i, m)
		}
		if err := index.Add(fmt.Sprint(i), "x", start); err == nil {
			t.Errorf("id %d is taken twice", i)
		}
	}
	if gone := index.Expire(start.Add(smallest * time.Second)); gone != smallest || len(index.segments) != 2 {
		t.Errorf("%d gone, %d segments left", gone, len(index.segments))
	}
	if err := index.Add("0", "texte numéro 0 parmi beaucoup", start); err != nil {
		t.Errorf("an id that is free again: %v", err)
	}
	for i := smallest; i < n; i++ {
		if err := index.Remove(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if m, found := index.Nearest("texte numéro 0 parmi beaucoup"); index.Len() != 1 || len(index.segments) != 1 || !found || m.ID != "0" {
		t.Errorf("%d left in %d segments, nearest %+v", index.Len(), len(index.segments), m)
	}
}

func TestSegmentRecords(t *testing.T) {
	g := newSegment(4)
	sig := shinglesOf("x").sign()
	long := strings.Repeat("i", 300)
	for _, record := range [][2]string{{"", ""}, {"a", "un deux"}, {long, "x"}, {"é", ""}} {
		g.add(record[0], record[1], time.Unix(-5, 0), &sig)
	}
	if !g.full() {
		t.Error("not full")
	}
	for slot, want := range [][2]string{{"", ""}, {"a", "un deux"}, {long, "x"}, {"é", ""}} {
		id, text := g.record(slot)
		if string(id) != want[0] || string(text) != want[1] || g.gone(slot) {
			t.Errorf("slot %d: %q %q", slot, id, text)
		}
		if found, kept := g.find(want[0], hashID(want[0])); !kept || found != slot {
			t.Errorf("find(%.5q) = %d, %v", want[0], found, kept)
		}
	}
	g.remove(2)
	if _, kept := g.find(long, hashID(long)); kept || g.living != 3 {
		t.Error("what was removed is found")
	}
}

func TestSeconds(t *testing.T) {
	for at, want := range map[int64]uint32{-5: 1, 0: 1, 7: 7, 1 << 40: 1<<32 - 1} {
		if got := seconds(time.Unix(at, 0)); got != want {
			t.Errorf("seconds(%d) = %d, want %d", at, got, want)
		}
	}
}

// Of all that share a band, those that share most are compared.
func TestGather(t *testing.T) {
	index, random := NewIndex(), rand.New(rand.NewPCG(1, 1))
	original := make([]string, 20)
	for i := range original {
		original[i] = fmt.Sprint("mot", random.IntN(100_000))
	}
	asked := shinglesOf(simplify(strings.Join(original, " ")).text).sign()
	var shared []int
	for i := range 100 {
		near := slices.Clone(original)
		for range 14 + random.IntN(14) {
			near[random.IntN(len(near))] = fmt.Sprint("mot", random.IntN(100_000))
		}
		text := strings.Join(near, " ")
		if err := index.Add(fmt.Sprint(i), text, time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		sig, count := shinglesOf(simplify(text).text).sign(), 0
		for band := range bands {
			if sig.bucket(band)&(1<<10-1) == asked.bucket(band)&(1<<10-1) { // as the segment has 1,024 buckets
				count++
			}
		}
		shared = append(shared, count)
	}
	slices.Sort(shared)
	slices.Reverse(shared)
	work := index.pool.Get().(*scratch)
	index.gather(&asked, work)
	var got []int
	for _, c := range work.candidates {
		got = append(got, int(c.bands))
	}
	slices.Sort(got)
	slices.Reverse(got)
	want := shared[:mostCandidates]
	if none := slices.Index(want, 0); none >= 0 {
		want = want[:none]
	}
	if !slices.Equal(got, want) {
		t.Errorf("candidates share %v bands, want %v", got, want)
	}
	for slot, count := range work.counts {
		if count != 0 {
			t.Fatalf("slot %d is left with %d", slot, count)
		}
	}
}
