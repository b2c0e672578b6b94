// Package spikes says when a series of counts (mentions of a brand, hour by
// hour) has become unusual: a possible crisis, proposed to a person.
//
// It does not know what is said, nor whether it is bad. It counts what it is
// given: give it stories or authors, not posts, since one story repeated a
// thousand times is one event. It has no clock; times come with the counts.
//
// # How
//
// Each count is compared with what is expected of a negative binomial: the
// level of the last days, times the habit of that hour of the week, with the
// spread that the series has had. A habit that the counts do not show clearly
// is drawn towards the habit of that hour on all days and of that day at all
// hours, and this towards none. The evidence is an e-detector (Shin, Ramdas and
// Rinaldo, 2023): R = (1+R)·L, where L is the mean of the likelihood ratios of
// twice, four times and eight times the expected count. While the expectation
// holds, R passes A no more often than once in A steps on average, whatever
// the past; A is Config.Every in steps.
//
// Real talk is wilder than that model. So the threshold is also never below
// what the series itself does on its wilder days: the mean of its daily maxima,
// lately, and 1.2 standard deviations. After an alarm nothing is proposed for
// 24 hours; then R begins anew.
//
// A series in steps of less than an hour is looked at in blocks of a quarter of
// an hour and compared with its own last days only: there the peaks matter, and
// a weekly habit learnt from peaks hides the next one.
//
// # Figures
//
// Five series of tweets about companies, in steps of 5 minutes over eight weeks
// (Numenta Anomaly Benchmark, standard profile; its constants were chosen on
// these very series, so expect less on others: while they were chosen, most
// choices near them scored 80 to 86). Simulated brands have days, nights and
// week-ends; spread 0.2 is a variance of m + 0.2·m². Bursts are fourfold and
// last 12 hours, at any hour of day or night. Alarms count from the fifth week.
//
//	figure                                                     command
//	score 88.2, 15 of 15 windows, 0.38 false alarms a week     crieur eval spikes windows.json
//	(each series at most 0.51 a week)
//	at 0.2 to 20 mentions an hour, spread 0 to 0.2:            crieur eval spikes simulated
//	at most 0.08 false alarms a brand-month
//	at 2/h:  bursts found in 12 h 95 to 100 %, in 4 h 56 to 76 %;   the same
//	         in 4 h, where 2 an hour are expected: 98 % (spread 0), 95 % (0.05), 74 % (0.2)
//	at 5/h:  in 12 h 100 %; in 4 h, where 2 an hour are expected: 84 to 100 %
//	at 20/h: in 12 h 100 %, in 4 h 100 % (spread 0 and 0.05), 89 % (0.2)
//	at 0.2/h: in 12 h a third, in 4 h a tenth: too few to tell      the same
//	in steps of 5 or 30 minutes, where day and night are not learnt: up to
//	1.1 false alarms a month at 2 to 20 an hour (not in the table of the command)
//	3 µs a step, 3 kB a series                                 go test -run xxx -bench . ./bot/text/spikes
//
// What can be found at all: a detector that is told each hour's mean, the spread
// and that bursts are fourfold, at 0.1 false alarms a brand-month, finds of the
// bursts where 2 an hour are expected 99.9 % in 4 h (spread 0), 98.6 % (0.05) and
// 88.7 % (0.2); this one, on the same bursts, 99.0, 95.4 and 80.5 %
// (go test -run Limit -v ./bot/text/spikes/spikestest). A brand whose week is not
// nearly its day times its days of the week, as that of simulated ones is, takes
// longer to learn and may lose some of this.
//
// By theory alone false alarms are at most 720/5000 = 0.144 a brand-month; what
// is not known of the expectation adds, and the bound is not tight.
package spikes

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Errors of a Series.
var (
	ErrStep  = errors.New("a step lasts from one minute to a day")
	ErrOrder = errors.New("counts come in order of time")
	ErrCount = errors.New("a count is a number from 0 on")
)

// Config says how careful to be. Its zero value is ready to use.
type Config struct {
	Every time.Duration // mean time between false alarms, at least, while the expectation holds; 5000 hours if 0
	Least float64       // how many counted things an alarm needs; 3 if 0
}

const (
	defaultEvery = 5000 * time.Hour
	defaultLeast = 3
	coolDown     = 24 * time.Hour
	warmUp       = 48 * time.Hour // without alarms at the beginning of a series
)

// Series is all that is remembered of a series: about 3 kB, whatever its
// length, to be kept as JSON. Only this package gives its fields a meaning.
type Series struct {
	Step     time.Duration `json:"step"`
	Baseline Baseline      `json:"baseline"`
	Evidence float64       `json:"evidence"` // log(1+R)
	Run      float64       `json:"run"`      // counted since the evidence was last small
	Maxima   Maxima        `json:"maxima"`
	Seen     time.Time     `json:"seen"`    // the last step
	Alarmed  time.Time     `json:"alarmed"` // the last alarm
	Waiting  bool          `json:"waiting"` // it is less than a day old
	Block    Block         `json:"block"`
}

// Block gathers steps that are too short to be looked at alone.
type Block struct {
	Steps int     `json:"steps"`
	Count float64 `json:"count"`
}

// Reading is what one step, or the block that it ends, amounts to.
type Reading struct {
	Decided   bool    // false while a block is being gathered
	Alarm     bool    // propose a crisis
	Count     float64 // of the step or block
	Expected  float64 // the count that was expected
	Statistic float64 // the evidence against it, in nats
	Threshold float64 // what the evidence must pass
}

// New returns a series of steps of that length, or ErrStep.
func New(step time.Duration) (*Series, error) {
	if step < time.Minute || step > 24*time.Hour {
		return nil, fmt.Errorf("new series of step %v: %w", step, ErrStep)
	}
	return &Series{Step: step}, nil
}

// Add takes the count of the step that begins at a time, in the zone whose
// hours the series follows. Steps that are missing are skipped, not read as 0.
func (s *Series) Add(config Config, at time.Time, count float64) (Reading, error) {
	if math.IsNaN(count) || count < 0 || math.IsInf(count, 0) {
		return Reading{}, fmt.Errorf("add count %v: %w", count, ErrCount)
	}
	if !s.Seen.IsZero() && !at.After(s.Seen) {
		return Reading{}, fmt.Errorf("add count at %v: %w", at, ErrOrder)
	}
	if at.Sub(s.Seen) > 2*s.Step {
		s.Block = Block{}
	}
	s.Seen = at
	s.Block.Steps++
	s.Block.Count += count
	if s.Block.Steps < s.blockSteps() {
		return Reading{}, nil
	}
	count, s.Block = s.Block.Count, Block{}
	return s.decide(config, at, count), nil
}

// short reports whether the series is looked at in blocks, without habits.
func (s *Series) short() bool { return s.Step < time.Hour }

func (s *Series) blockSteps() int {
	if s.Step >= 15*time.Minute {
		return 1
	}
	return int((15*time.Minute + s.Step - 1) / s.Step)
}

// hours returns how long a block is.
func (s *Series) hours() float64 { return float64(s.blockSteps()) * s.Step.Hours() }

func (s *Series) decide(config Config, at time.Time, count float64) Reading {
	if config.Every == 0 {
		config.Every = defaultEvery
	}
	if config.Least == 0 {
		config.Least = defaultLeast
	}
	limit := math.Log(config.Every.Hours() / s.hours())
	expected := s.Baseline.expect(at, s.hours(), s.short())
	if s.Waiting && at.Sub(s.Alarmed) >= coolDown {
		s.Waiting, s.Evidence, s.Run = false, 0, 0 // what is past was said
	}
	s.weigh(expected, count)
	reading := Reading{
		Decided: true, Count: count, Expected: expected.mean,
		Statistic: s.Evidence, Threshold: max(limit, s.Maxima.threshold()),
	}
	reading.Alarm = !s.Waiting && s.Evidence > reading.Threshold && s.Run >= config.Least &&
		s.Baseline.Hours >= warmUp.Hours()
	s.Maxima.note(at, s.Evidence)
	calm := s.Evidence < limit*s.calmBelow()
	if reading.Alarm {
		s.Alarmed, s.Waiting = at, true
	}
	s.Baseline.learn(at, count, expected, calm)
	return reading
}

// calmBelow is the part of the limit below which a count may teach how wide
// the series spreads.
func (s *Series) calmBelow() float64 {
	if s.short() {
		return 1
	}
	return 0.5
}
