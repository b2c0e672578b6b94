package linear

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrMalformed says that bytes are no model, or one of another version.
var ErrMalformed = errors.New("malformed model")

// stride is how many eight-bit weights a bucket takes; a power of two keeps the
// bucket in one cache line.
func stride(classes int) int {
	s := 1
	for s < classes {
		s *= 2
	}
	return s
}

// Model is a classifier ready to use: dense weights as learnt, n-gram weights
// in eight bits with one scale.
type Model struct {
	Classes int
	dense   []float32
	grams   []int8 // [bucket][stride]; at least Size buckets, so that none is out of range
	buckets int
	scale   float32
}

// Pack rounds weights to a model.
func (w *Weights) Pack() *Model {
	m := &Model{Classes: w.Classes, dense: w.Dense}
	if w.Grams == nil {
		return m
	}
	top := float32(0)
	for _, x := range w.Grams {
		top = max(top, x, -x)
	}
	if top == 0 {
		return m
	}
	m.scale = top / 127
	wide := stride(w.Classes)
	m.buckets = len(w.Grams) / w.Classes
	m.grams = make([]int8, max(m.buckets, Size)*wide)
	for bucket := range m.buckets {
		for c := range w.Classes {
			m.grams[bucket*wide+c] = int8(math.Round(float64(w.Grams[bucket*w.Classes+c] / m.scale)))
		}
	}
	return m
}

// Weights gives the weights to start another Fit from.
func (m *Model) Weights() *Weights {
	w := &Weights{Classes: m.Classes, Dense: append([]float32(nil), m.dense...)}
	if m.grams == nil {
		return w
	}
	wide := stride(m.Classes)
	w.Grams = make([]float32, m.buckets*m.Classes)
	for i := range w.Grams {
		w.Grams[i] = float32(m.grams[i/m.Classes*wide+i%m.Classes]) * m.scale
	}
	return w
}

// Score puts the classes' scores, before Softmax, into out.
func (m *Model) Score(dense []float32, grams []uint32, out []float64) {
	k := m.Classes
	clear(out)
	for j, x := range dense {
		if x == 0 {
			continue
		}
		for c := range k {
			out[c] += float64(x * m.dense[j*k+c])
		}
	}
	if m.grams == nil {
		return
	}
	m.addGrams(grams, out)
}

// addGrams adds up small integers first: one multiplication a class is enough.
func (m *Model) addGrams(grams []uint32, out []float64) {
	gain := float64(Gain(len(grams)) * m.scale)
	if wide := stride(m.Classes); wide > 8 {
		for _, bucket := range grams {
			for c, weight := range m.grams[int(bucket)*wide : int(bucket)*wide+m.Classes] {
				out[c] += gain * float64(weight)
			}
		}
		return
	}
	var sums [8]int32
	if m.Classes <= 4 {
		m.sumFour(grams, (*[4]int32)(sums[:4]))
	} else {
		m.sumEight(grams, &sums)
	}
	for c := range m.Classes {
		out[c] += gain * float64(sums[c])
	}
}

func (m *Model) sumFour(grams []uint32, sums *[4]int32) {
	wide := stride(m.Classes)
	if wide == 4 {
		for _, bucket := range grams {
			w := (*[4]int8)(m.grams[int(bucket)*4:])
			sums[0], sums[1], sums[2], sums[3] = sums[0]+int32(w[0]), sums[1]+int32(w[1]), sums[2]+int32(w[2]), sums[3]+int32(w[3])
		}
		return
	}
	for _, bucket := range grams {
		for c := range m.Classes {
			sums[c] += int32(m.grams[int(bucket)*wide+c])
		}
	}
}

func (m *Model) sumEight(grams []uint32, sums *[8]int32) {
	for _, bucket := range grams {
		w := (*[8]int8)(m.grams[int(bucket)*8:])
		for c, weight := range w {
			sums[c] += int32(weight)
		}
	}
}

// Append writes the model after dst.
func (m *Model) Append(dst []byte) []byte {
	dst = binary.LittleEndian.AppendUint16(dst, uint16(m.Classes))
	dst = binary.LittleEndian.AppendUint16(dst, uint16(len(m.dense)/m.Classes))
	for _, x := range m.dense {
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(x))
	}
	dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(m.scale))
	wide := stride(m.Classes)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(m.buckets))
	for bucket := range m.buckets {
		for c := range m.Classes {
			dst = append(dst, byte(m.grams[bucket*wide+c]))
		}
	}
	return dst
}

// Read takes a model of so many classes and dense features off the front of
// data and returns the rest.
func Read(data []byte, classes, dense int) (*Model, []byte, error) {
	need := 4 + 4*classes*dense + 8
	if len(data) < need {
		return nil, nil, fmt.Errorf("%w: cut short", ErrMalformed)
	}
	if int(binary.LittleEndian.Uint16(data)) != classes || int(binary.LittleEndian.Uint16(data[2:])) != dense {
		return nil, nil, fmt.Errorf("%w: made for other features", ErrMalformed)
	}
	m := &Model{Classes: classes, dense: make([]float32, classes*dense)}
	for i := range m.dense {
		m.dense[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4+4*i:]))
	}
	m.scale = math.Float32frombits(binary.LittleEndian.Uint32(data[need-8:]))
	buckets, rest := int(binary.LittleEndian.Uint32(data[need-4:])), data[need:]
	if !finite(m.scale) || !finite(m.dense...) {
		return nil, nil, fmt.Errorf("%w: not a number", ErrMalformed)
	}
	if buckets == 0 {
		return m, rest, nil
	}
	if buckets > Size || len(rest) < buckets*classes {
		return nil, nil, fmt.Errorf("%w: cut short", ErrMalformed)
	}
	wide := stride(classes)
	m.buckets = buckets
	m.grams = make([]int8, Size*wide)
	for i, b := range rest[:buckets*classes] {
		m.grams[i/classes*wide+i%classes] = int8(b)
	}
	return m, rest[buckets*classes:], nil
}

func finite(values ...float32) bool {
	for _, x := range values {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return false
		}
	}
	return true
}

// Weight is what one n-gram adds to a class's score, before Gain.
func (m *Model) Weight(bucket uint32, class int) float64 {
	if m.grams == nil {
		return 0
	}
	return float64(m.grams[int(bucket)*stride(m.Classes)+class]) * float64(m.scale)
}
