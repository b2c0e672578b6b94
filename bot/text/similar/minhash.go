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
		sig[i] = ^uint32(0)
	}
	for i := 0; i < len(sig); i += abreast {
		four, hashing := (*[abreast]uint32)(sig[i:]), (*[abreast][2]uint32)(factors[i:])
		lower(four, hashing, s.runs.list)
		lower(four, hashing, s.pairs.list)
	}
	return sig
}

// abreast is how many values of a signature are taken in one pass: what the
// processor works out side by side.
const abreast = 4

// lower makes each value the smallest that its hash function gives the shingles,
// if that is less.
func lower(values *[abreast]uint32, hashing *[abreast][2]uint32, shingles []uint32) {
	a, b, c, d := values[0], values[1], values[2], values[3]
	f, g, h, k := hashing[0], hashing[1], hashing[2], hashing[3]
	for _, s := range shingles {
		a = min(a, s*f[0]+f[1])
		b = min(b, s*g[0]+g[1])
		c = min(c, s*h[0]+h[1])
		d = min(d, s*k[0]+k[1])
	}
	*values = [abreast]uint32{a, b, c, d}
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
