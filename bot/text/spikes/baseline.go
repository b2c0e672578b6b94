package spikes

import (
	"math"
	"time"
)

// week is the number of hours that have a habit each.
const week = 168

// Baseline is what a series has taught about itself.
type Baseline struct {
	Hours  float64       `json:"hours"`  // how long the series has been seen
	Level  float64       `json:"level"`  // mean count of a block, lately
	Sum    [week]float64 `json:"sum"`    // by hour of the week: counts over level, times hours, fading
	Weight [week]float64 `json:"weight"` // by hour of the week: hours seen, fading
	Excess float64       `json:"excess"` // sum of squared differences beyond those of a Poisson, fading
	Square float64       `json:"square"` // sum of squared expectations, fading
}

const (
	levelHalfLife      = 7 * 24   // hours
	levelHalfLifeShort = 2.5 * 24 // hours
	spreadHalfLife     = 14 * 24  // hours
	habitFading        = 0.85     // what is left after one more hour of the same hour of the week
	habitVariance      = 0.1      // how far the habits of hours, and those of days, are thought to differ
	ownVariance        = 0.01     // how far that of one hour of one day is from both: most weeks have no such thing
	clip               = 4        // a count teaches the level no more than so many times the expected, and so many
	clipSpread         = 8        // the same for the spread
	leastRate          = 0.02     // expected an hour, at least
	leastSpread        = 0.01
	learnHours         = 24 // before habits and spread are learnt
	firstHours         = 6  // in which nothing is clipped
)

// expectation is the negative binomial that a count is compared with.
type expectation struct {
	mean   float64
	spread float64 // variance is mean + spread·mean²
	habit  float64 // of the hour, 1 when it is like all others
	hours  float64
	short  bool
}

func (b *Baseline) spread() float64 {
	if b.Square == 0 {
		return leastSpread
	}
	return max(leastSpread, b.Excess/b.Square)
}

// expect says what to expect of the block that ends the step at that time. It
// expects a little more where the level rests on few counts: one standard error.
func (b *Baseline) expect(at time.Time, hours float64, short bool) expectation {
	e := expectation{spread: b.spread(), habit: 1, hours: hours, short: short}
	if !short {
		e.habit = b.habit(slot(at), hours)
	}
	counted := b.Level * min(b.Hours/hours, halfLife(short)/math.Ln2/hours)
	e.mean = max(b.Level*e.habit, leastRate*hours) * (1 + 1/math.Sqrt(max(counted, 1)))
	return e
}

func halfLife(short bool) float64 {
	if short {
		return levelHalfLifeShort
	}
	return levelHalfLife
}

func slot(at time.Time) int { return int(at.Weekday())*24 + at.Hour() }

// habit returns how many times the level an hour of the week usually has. Its
// own counts and, at half weight, those of its neighbours speak against the
// habit of the hour on all days and of the day at all hours, with the weight
// that the noise of one count deserves beside how far habits differ.
func (b *Baseline) habit(slot int, hours float64) float64 {
	noise := hours/max(b.Level, 1e-3) + b.spread()
	prior := noise / habitVariance
	var all, hour, day, own pool
	for i := range week {
		all.add(b, i, 1)
		switch apart := (i%24 - slot%24 + 24) % 24; {
		case apart == 0:
			hour.add(b, i, 1)
		case apart == 1 || apart == 23:
			hour.add(b, i, 0.5)
		}
		if i/24 == slot/24 {
			day.add(b, i, 1)
		}
	}
	own.add(b, slot, 1)
	own.add(b, (slot+1)%week, 0.5)
	own.add(b, (slot+week-1)%week, 0.5)
	usual := 1.0
	if all.weight > 0 {
		usual = max(all.sum/all.weight, 1e-3)
	}
	// Relative to all hours, so that level and habits can't drift apart.
	both := hour.mean(prior, usual, 1) * day.mean(prior, usual, 1)
	return own.mean(noise/ownVariance, usual, both)
}

// pool gathers what several hours taught.
type pool struct{ sum, weight float64 }

func (p *pool) add(b *Baseline, slot int, part float64) {
	p.sum += part * b.Sum[slot]
	p.weight += part * b.Weight[slot]
}

// mean returns what the pool taught relative to what is usual, drawn towards
// center with the weight of prior.
func (p *pool) mean(prior, usual, center float64) float64 {
	return (p.sum/usual + prior*center) / (p.weight + prior)
}

// learn takes in a count. Large counts are clipped, so that a crisis does not
// become what is expected; the spread is learnt when calm only.
func (b *Baseline) learn(at time.Time, count float64, e expectation, calm bool) {
	b.Hours += e.hours
	clipped := min(count, clip*e.mean+clip)
	if b.Hours < firstHours {
		clipped = count
	}
	if b.Hours > learnHours && calm {
		fading := math.Exp2(-e.hours / spreadHalfLife)
		off := min(count, clipSpread*e.mean+clipSpread) - e.mean
		b.Excess = b.Excess*fading + off*off - e.mean
		b.Square = b.Square*fading + e.mean*e.mean
	}
	if b.Hours > learnHours && b.Level > 0 && !e.short {
		i, fading := slot(at), math.Pow(habitFading, e.hours)
		b.Sum[i] = b.Sum[i]*fading + clipped/b.Level*e.hours
		b.Weight[i] = b.Weight[i]*fading + e.hours
	}
	share := max(e.hours/b.Hours, 1-math.Exp2(-e.hours/halfLife(e.short)))
	b.Level += share * (clipped/e.habit - b.Level)
}
