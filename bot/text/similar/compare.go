package similar

// What makes a copy: most of the shorter text is in the other (a quote, a cut
// copy), or nearly half of both together is the same (a copy with many small
// changes). A text of fewer words than fewWords may be found in another by
// chance, so it must be nearly the other.
const (
	containedAt = 0.70 // of Containment
	alikeAt     = 0.40 // of Jaccard
	sameAt      = 0.70 // of Jaccard, with few words
	fewWords    = 4
)

// weigh compares two texts by their shingles.
func weigh(a, b *shingles) (m Match) {
	runs, pairs := a.runs.shared(&b.runs), a.pairs.shared(&b.pairs)
	all := len(a.runs.list) + len(b.runs.list) + len(a.pairs.list) + len(b.pairs.list)
	if all == 0 || len(a.words) == 0 || len(b.words) == 0 {
		return m
	}
	m.Jaccard = float64(runs+pairs) / float64(all-runs-pairs)
	m.Containment = part(runs, len(a.runs.list), len(b.runs.list))
	if len(a.words) > 1 && len(b.words) > 1 {
		m.Containment = (m.Containment + part(pairs, len(a.pairs.list), len(b.pairs.list))) / 2
	}
	m.Copy = m.Containment >= containedAt || m.Jaccard >= alikeAt
	if min(len(a.words), len(b.words)) < fewWords {
		m.Copy = m.Jaccard >= sameAt
	}
	return m
}

func part(shared, a, b int) float64 {
	if smaller := min(a, b); smaller > 0 {
		return float64(shared) / float64(smaller)
	}
	return 0
}

// closer orders matches: copies first, then by how much of both texts is the
// same, so that a few words found whole do not come before a longer copy.
func (m Match) closer(than Match) bool {
	if m.Copy != than.Copy {
		return m.Copy
	}
	return m.Containment+m.Jaccard > than.Containment+than.Jaccard
}

// mostWords bounds the search for a passage, which looks at every pair of
// words.
const mostWords = 2000

// passage returns the longest run of words of a that is also in b: from, up to
// and without, to.
func passage(a, b []uint32) (from, to int) {
	a, b = a[:min(len(a), mostWords)], b[:min(len(b), mostWords)]
	run := make([]int, len(b)+1) // of words that end here, by word of b
	for i, word := range a {
		for j := len(b); j > 0; j-- {
			if b[j-1] != word {
				run[j] = 0
				continue
			}
			run[j] = run[j-1] + 1
			if run[j] > to-from {
				from, to = i+1-run[j], i+1
			}
		}
	}
	return from, to
}
