// Package typo says how far a mistyped word is from the one that was meant, for
// whoever suggests: commands, words of /crieur, settings, networks. It does not
// know which words there are, nor how far is too far.
package typo

// Distance counts the letters to add, drop or replace and the neighbours to swap
// that turn a into b (optimal string alignment). Case and accents count: fold
// them first where they should not.
func Distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	before, last := make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i := range from {
		row := make([]int, len(to)+1)
		row[0] = i + 1
		for j := range to {
			cost := 1
			if from[i] == to[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(to)]
}
