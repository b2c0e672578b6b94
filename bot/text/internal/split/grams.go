package split

import "slices"

// Buckets is how many buckets Grams hashes to.
const Buckets = 1 << 16

// Grams appends the buckets of the words, pairs and triples of words, and
// sequences of three to six bytes of the folded line. Handles and links count as
// one word each whatever they are.
func (s *Splitter) Grams(tokens []Token, dst []uint32) []uint32 {
	dst = s.WordGrams(tokens, dst)
	return charGrams(s.buf, dst)
}

// WordGrams appends the buckets of the words, pairs and triples of words alone.
func (s *Splitter) WordGrams(tokens []Token, dst []uint32) []uint32 {
	var before, last uint64
	for _, t := range tokens {
		h := t.Hash
		if t.Kind == Handle {
			h = handleHash
		}
		dst = append(dst, bucket(h+1))
		if last != 0 {
			pair := (last ^ h) * 0x9E3779B97F4A7C15
			dst = append(dst, bucket(pair))
			if before != 0 {
				dst = append(dst, bucket((before^pair)*0xC2B2AE3D27D4EB4F))
			}
		}
		// a pair is ordered: the earlier word is multiplied before it is joined
		before, last = last*0xD6E8FEB86659FD93, h*0xA0761D6478BD642F
	}
	return dst
}

const handleHash = 0x5851F42D4C957F2D

func bucket(h uint64) uint32 { return uint32((h * 0x9E3779B97F4A7C15) >> 48) }

// charGrams appends the buckets of sequences of three to six bytes.
func charGrams(line []byte, dst []uint32) []uint32 {
	const shortest, longest = 3, 6
	dst = slices.Grow(dst, len(line)*(longest-shortest+1))
	at := len(dst)
	dst = dst[:cap(dst)]
	for i := 0; i+shortest <= len(line); i++ {
		rest := line[i:min(i+longest, len(line))]
		h := ((uint32(rest[0])+0x9E37)*0x01000193 ^ uint32(rest[1])) * 0x85EBCA6B
		for _, c := range rest[2:] {
			h = (h ^ uint32(c)) * 0x01000193
			dst[at] = (h ^ h<<7) >> 16
			at++
		}
	}
	return dst[:at]
}

// Bucket is the bucket in which Grams counts a word by itself.
func Bucket(t Token) uint32 { return bucket(t.Hash + 1) }
