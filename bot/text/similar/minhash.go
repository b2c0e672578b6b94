package similar

// A signature stands for the shingles of a text: the smallest value that each
// of a number of hash functions gives them. Two texts agree in each value as
// often as their Jaccard says. Texts that agree in all values of a band meet.
type signature [bands * rows]uint32

const (
	bands = 24
	rows  = 2
)

// In one more table texts meet when their whole signatures agree, so that the
// very same text is found among thousands that are nearly the same.
const (
	whole  = bands
	tables = bands + 1
)

// factors are the hash functions: odd multipliers, and what is added.
var factors = func() (f [bands * rows][2]uint32) {
	state := uint64(1)
	for i := range f {
		for j := range f[i] {
			state += prime
			f[i][j] = finish(state) | uint32(1-j)
		}
	}
	return f
}()

// sign takes the signature of shingles.
func (s *shingles) sign() (sig signature) {
	for i := range sig {
		multiply, add := factors[i][0], factors[i][1]
		least := ^uint32(0)
		for _, h := range s.runs.list {
			least = min(least, h*multiply+add)
		}
		for _, h := range s.pairs.list {
			least = min(least, h*multiply+add)
		}
		sig[i] = least
	}
	return sig
}

// bucket returns where texts meet in one table.
func (sig *signature) bucket(table int) uint16 {
	values := sig[:]
	if table != whole {
		values = sig[table*rows : (table+1)*rows]
	}
	h := uint64(table)
	for _, value := range values {
		h = (h ^ uint64(value)) * prime
		h ^= h >> 31
	}
	return uint16(finish(h) >> 16)
}
