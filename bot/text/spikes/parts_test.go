package spikes

import (
	"math"
	"testing"
	"time"
)

var sunday = time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC)

// negativeBinomial is the probability of a count, by its definition.
func negativeBinomial(count, mean, spread float64) float64 {
	k := 1 / spread
	up, _ := math.Lgamma(count + k)
	down, _ := math.Lgamma(k)
	factorial, _ := math.Lgamma(count + 1)
	return math.Exp(up - down - factorial + k*math.Log(k/(k+mean)) + count*math.Log(mean/(k+mean)))
}

// The evidence is what its definition says, count after count.
func TestWeigh(t *testing.T) {
	s := Series{Step: time.Hour}
	s.Baseline.Hours = 1000
	r := 0.0
	for i, count := range []float64{0, 3, 1, 9, 14, 2, 0, 0, 30, 25, 0} {
		e := expectation{mean: 2 + float64(i%3), spread: 0.05 * float64(1+i%4)}
		ratio := 0.0
		for _, factor := range []float64{2, 4, 8} {
			ratio += negativeBinomial(count, factor*e.mean, e.spread) / negativeBinomial(count, e.mean, e.spread) / 3
		}
		r = (1 + r) * ratio
		s.weigh(e, count)
		if want := math.Log1p(r); math.Abs(s.Evidence-want) > 1e-6*(1+want) {
			t.Errorf("count %d: evidence %v, want %v", i, s.Evidence, want)
		}
	}
}

// Of an expectation that holds, the likelihood ratio is 1 on average: what the
// bound on false alarms rests on.
func TestRatioIsFair(t *testing.T) {
	for _, e := range []expectation{{mean: 0.2, spread: 0.01}, {mean: 2, spread: 0.2}, {mean: 20, spread: 0.5}} {
		sum := 0.0
		for count := range 20_000 {
			p := negativeBinomial(float64(count), e.mean, e.spread)
			s := Series{}
			s.Baseline.Hours = 1000
			if p > 0 && p*math.Exp(mostEvidence) > 1e-9 {
				s.weigh(e, float64(count))
				sum += p * math.Expm1(s.Evidence)
			}
		}
		if math.Abs(sum-1) > 1e-3 {
			t.Errorf("mean %v spread %v: ratio %v on average", e.mean, e.spread, sum)
		}
	}
}

func TestEvidenceStaysFinite(t *testing.T) {
	s := Series{}
	s.Baseline.Hours = 1000
	for range 1000 {
		s.weigh(expectation{mean: 0.02, spread: 0.01}, 1e12)
	}
	if s.Evidence != mostEvidence {
		t.Errorf("evidence %v", s.Evidence)
	}
	for range 1_000_000 {
		s.weigh(expectation{mean: 5, spread: 0.01}, 0)
	}
	if s.Evidence < 0 || s.Evidence > 0.01 || s.Run > 0 {
		t.Errorf("evidence %v, run %v after silence", s.Evidence, s.Run)
	}
}

func TestMaxima(t *testing.T) {
	var m Maxima
	if m.threshold() != 0 {
		t.Error("a threshold of nothing")
	}
	for day := range 60 {
		for hour := range 24 {
			evidence := 0.5
			if hour == day%24 {
				evidence = 20
			}
			m.note(sunday.Add(time.Duration(day*24+hour)*time.Hour), evidence)
		}
	}
	// Every day goes to 20: the threshold is there, with no deviation.
	if got := m.threshold(); math.Abs(got-20) > 1e-3 {
		t.Errorf("threshold %v, want 20", got)
	}
	for day := range 60 {
		m.note(sunday.Add(time.Duration(60+day)*24*time.Hour), 1)
	}
	if got := m.threshold(); got > 2 {
		t.Errorf("threshold %v two months after the wild days", got)
	}
}

func TestHabit(t *testing.T) {
	var b Baseline
	b.Level = 10
	if got := b.habit(30, 1); got != 1 {
		t.Errorf("the habit of nothing seen is %v", got)
	}
	for i := range week {
		b.Weight[i] = 6
		b.Sum[i] = 6
		if i%24 == 12 {
			b.Sum[i] = 18 // noon: three times the others
		}
	}
	// Its neighbours at half weight make 2 of 3, and all hours together mean
	// 26/24.
	if got := b.habit(24+12, 1); math.Abs(got-2/(26.0/24)) > 0.1 {
		t.Errorf("noon is %v times the level", got)
	}
	if got := b.habit(24+3, 1); math.Abs(got-1/(26.0/24)) > 0.1 {
		t.Errorf("night is %v times the level", got)
	}
	// A single odd hour says little when counts are few, more when many.
	for i := range week {
		b.Sum[i], b.Weight[i] = 6, 6
	}
	b.Sum[50] = 24
	b.Level = 0.2
	few := b.habit(50, 1)
	b.Level = 2
	if some := b.habit(50, 1); some <= few || some > 1.7 {
		t.Errorf("four times as many at one hour of two counts each: %v", some)
	}
	b.Level = 50
	many := b.habit(50, 1)
	if few >= many || few > 1.6 || many < 2 {
		t.Errorf("four times as many at one hour: %v of few counts, %v of many", few, many)
	}
}

func TestExpect(t *testing.T) {
	var b Baseline
	if e := b.expect(sunday, 1, false); e.mean <= 0 || e.spread != leastSpread {
		t.Errorf("of nothing: %+v", e)
	}
	b = Baseline{Hours: 2000, Level: 100}
	if e := b.expect(sunday, 1, true); e.habit != 1 || e.mean < 100 || e.mean > 102 {
		t.Errorf("of a steady level: %+v", e)
	}
	b.Level = 0.1
	if e := b.expect(sunday, 1, false); e.mean < 0.115 || e.mean > 0.14 {
		t.Errorf("few counts are not trusted less: %+v", e)
	}
}

func TestLearnSpread(t *testing.T) {
	var b Baseline
	at := sunday
	for i := range 24 * 60 {
		count := 10.0
		if i%2 == 0 {
			count = 30
		}
		b.learn(at, count, b.expect(at, 1, true), true)
		at = at.Add(time.Hour)
	}
	// Variance 100 about 20: 80 beyond a Poisson's, 0.2 of the mean squared.
	if got := b.spread(); math.Abs(got-0.2) > 0.05 {
		t.Errorf("spread %v, want about 0.2", got)
	}
	before := b
	b.learn(at, 200, b.expect(at, 1, true), false)
	if b.Excess != before.Excess || b.Square != before.Square {
		t.Error("what is not calm taught the spread")
	}
	if b.Level-before.Level > 1 {
		t.Errorf("one count moved the level from %v to %v", before.Level, b.Level)
	}
}

func TestBlockSteps(t *testing.T) {
	for step, want := range map[time.Duration]int{
		time.Minute: 15, 5 * time.Minute: 3, 7 * time.Minute: 3, 10 * time.Minute: 2, 15 * time.Minute: 1, time.Hour: 1, 24 * time.Hour: 1,
	} {
		s, err := New(step)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.blockSteps(); got != want {
			t.Errorf("%v: %d steps, want %d", step, got, want)
		}
	}
}
