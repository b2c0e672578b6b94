package tone

import (
	"encoding/binary"
	"fmt"
	"math"

	"crieur/bot/text/internal/linear"
)

const (
	magic   = "crieur tone"
	version = 1 // of the features too: weights learnt from others mean nothing
)

// Encode gives the model's bytes: what it learnt and its threshold, without
// what ships, under 200 kB.
func (m *Model) Encode() []byte {
	data := append([]byte(magic), version)
	data = appendFloats(data, m.threshold)
	for _, c := range m.curve {
		data = appendFloats(data, c.slope, c.offset)
	}
	if m.own == nil {
		return append(data, 0)
	}
	return m.own.Append(append(data, 1))
}

// Decode gives the model whose bytes Encode made; it shares what the receiver
// has of what ships. Bytes of anything else are an ErrModel.
func (m *Model) Decode(data []byte) (*Model, error) {
	head := len(magic) + 1
	if len(data) < head || string(data[:len(magic)]) != magic {
		return nil, ErrModel
	}
	if data[len(magic)] != version {
		return nil, fmt.Errorf("%w: version %d, want %d", ErrModel, data[len(magic)], version)
	}
	d := &Model{words: m.words, base: m.base}
	values := []*float64{&d.threshold}
	for in := range d.curve {
		values = append(values, &d.curve[in].slope, &d.curve[in].offset)
	}
	rest, err := readFloats(data[head:], values...)
	if err != nil {
		return nil, err
	}
	if len(rest) == 0 || rest[0] > 1 {
		return nil, fmt.Errorf("%w: cut short", ErrModel)
	}
	owns, rest := rest[0] == 1, rest[1:]
	if owns {
		if d.own, rest, err = linear.Read(rest, int(sentiments), features); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrModel, err)
		}
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%w: bytes left over", ErrModel)
	}
	return d, nil
}

func appendFloats(data []byte, values ...float64) []byte {
	for _, x := range values {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
	}
	return data
}

func readFloats(data []byte, values ...*float64) ([]byte, error) {
	for _, x := range values {
		if len(data) < 8 {
			return nil, fmt.Errorf("%w: cut short", ErrModel)
		}
		*x = math.Float64frombits(binary.LittleEndian.Uint64(data))
		if math.IsNaN(*x) || math.IsInf(*x, 0) {
			return nil, fmt.Errorf("%w: not a number", ErrModel)
		}
		data = data[8:]
	}
	return data, nil
}

// encodeShipped gives the bytes of what ships: the weights by language, then an
// encoded model without its own.
func (m *Model) encodeShipped() []byte {
	var data []byte
	for in := range foreign {
		data = m.base.sentiment[in].Append(data)
		data = m.base.toxicity[in].Append(data)
	}
	return append(data, m.Encode()...)
}

// decodeShipped is the reverse of encodeShipped. Foreign texts are read with the
// English weights.
func decodeShipped(words *lexicon, data []byte) (*Model, error) {
	base := new(weights)
	var err error
	for in := range foreign {
		if base.sentiment[in], data, err = linear.Read(data, int(sentiments), features); err != nil {
			return nil, err
		}
		if base.toxicity[in], data, err = linear.Read(data, 2, toxicFeatures); err != nil {
			return nil, err
		}
	}
	base.sentiment[foreign], base.toxicity[foreign] = base.sentiment[english], base.toxicity[english]
	return (&Model{words: words, base: base}).Decode(data)
}
