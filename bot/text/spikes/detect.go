package spikes

import (
	"math"
	"time"
)

// mostEvidence keeps the evidence within what exp can take.
const mostEvidence = 300

// factors are the rises that the evidence is for, in equal parts.
var factors = [...]float64{2, 4, 8}

// weigh brings the evidence up to date: R = (1+R)·L.
func (s *Series) weigh(e expectation, count float64) {
	k := 1 / e.spread
	var sum float64
	for _, factor := range factors {
		// The likelihood ratio of two negative binomials of shape k.
		both := (k + e.mean) / (k + factor*e.mean)
		sum += math.Exp(min(count*math.Log(factor*both)+k*math.Log(both), mostEvidence))
	}
	ratio := math.Log(sum / float64(len(factors)))
	if s.Baseline.Hours < learnHours {
		ratio = min(ratio, 0)
	}
	r := s.Evidence + ratio // log R
	if r <= 0 {
		s.Run = 0
	}
	s.Run += count
	s.Evidence = min(math.Log1p(math.Exp(r)), mostEvidence)
}

// Maxima remembers how far the evidence went on each of the last days, on a
// logarithmic scale.
type Maxima struct {
	Day    int64   `json:"day"`  // days since 1970, UTC
	Most   float64 `json:"most"` // of that day
	Days   int     `json:"days"` // that ended
	Sum    float64 `json:"sum"`
	Square float64 `json:"square"`
	Weight float64 `json:"weight"`
}

const (
	maximaFading     = 0.9 // what is left after a day
	maximaDeviations = 1.2
)

// note takes in the evidence of one block.
func (m *Maxima) note(at time.Time, evidence float64) {
	day := at.Unix() / (24 * 60 * 60)
	if day != m.Day {
		if m.Days++; m.Days > 2 { // the first two teach too little: one is the beginning, one is not whole
			m.Sum = m.Sum*maximaFading + m.Most
			m.Square = m.Square*maximaFading + m.Most*m.Most
			m.Weight = m.Weight*maximaFading + 1
		}
		m.Day, m.Most = day, 0
	}
	m.Most = max(m.Most, math.Log1p(evidence))
}

// threshold returns the evidence that the wilder days of the series reach.
func (m *Maxima) threshold() float64 {
	if m.Weight == 0 {
		return 0
	}
	mean := m.Sum / m.Weight
	return math.Expm1(mean + maximaDeviations*math.Sqrt(max(m.Square/m.Weight-mean*mean, 0)))
}
