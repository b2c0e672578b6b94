package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"crieur/bot/work"
)

const (
	// watchEvery is how often a process that commits nothing looks how far Redis is.
	watchEvery = 500 * time.Millisecond
	// markEvery and mostMarks bound what a witness remembers of the past.
	markEvery = 250 * time.Millisecond
	mostMarks = 512
	// keepAccepted and mostAccepted (bytes) bound the items that are brought again
	// when Redis lost them: more than a restart or a failover may lose, and than Slack
	// brings in a minute (30,000 events an hour).
	keepAccepted = time.Minute
	mostAccepted = 1 << 19
)

// errBehind says that Redis shows less than this process saw before.
var errBehind = errors.New("changes that Redis had confirmed are lost")

// witness is what a process saw of Redis. A server that was restarted from a
// disk one second old, or a replica that took over, does not know what it lost;
// whoever was told of it does.
type witness struct {
	mu       sync.Mutex
	highest  int64     // number of the last change that was seen
	last     time.Time // when Redis last confirmed anything
	marks    []mark    // oldest first
	accepted []accepted
	bytes    int // of the accepted
	mending  sync.Mutex
}

// mark says that Redis showed a number at a time, or later.
type mark struct {
	seq int64
	at  time.Time
}

type accepted struct {
	at time.Time
	letter
}

// saw notes an answer to a call that began at asked.
func (w *witness) saw(seq int64, asked time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if seq < w.highest {
		return
	}
	w.highest, w.last = seq, time.Now()
	if n := len(w.marks); n == 0 || asked.Sub(w.marks[n-1].at) >= markEvery {
		w.marks = append(w.marks, mark{seq, asked})
		w.marks = w.marks[max(0, len(w.marks)-mostMarks):]
	}
}

// took remembers an accepted item, for as long as Redis might lose it.
func (w *witness) took(one letter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	w.bytes += len(one.text)
	old := 0
	for old < len(w.accepted) && (now.Sub(w.accepted[old].at) > keepAccepted || w.bytes > mostAccepted) {
		w.bytes -= len(w.accepted[old].text)
		old++
	}
	clear(w.accepted[:old])
	// Cutting the front off moves nothing; append leaves it behind when it grows.
	w.accepted = append(w.accepted[old:], accepted{now, one})
}

func (w *witness) high() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.highest
}

// lost is for how long, at most, Redis had confirmed changes that it lost, when
// it comes back showing a number.
func (w *witness) lost(shown int64) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range slices.Backward(w.marks) {
		if m.seq <= shown {
			return w.last.Sub(m.at)
		}
	}
	return 1 << 62 // older than all that is remembered
}

func (w *witness) recent() []letter {
	w.mu.Lock()
	defer w.mu.Unlock()
	some := make([]letter, len(w.accepted))
	for i, one := range w.accepted {
		some[i] = one.letter
	}
	return some
}

// Watch notices until ctx ends when Redis shows less than it had confirmed, and
// mends that; now is the clock by which effects are due. A process that commits
// notices by itself: nothing is written or armed before it is mended.
func (s *Store) Watch(ctx context.Context, now func() time.Time) {
	work.Every(ctx, watchEvery, func() {
		asked := time.Now()
		shown, err := s.shown(ctx)
		switch {
		case err != nil: // whoever needs Redis says that it does not answer
		case shown < s.witness.high():
			if err := s.mend(ctx, now()); err != nil {
				s.Log.Error("what Redis lost was not mended, trying again", "err", err)
			}
		default:
			s.witness.saw(shown, asked)
		}
	})
}

// shown is the number of the last change that Redis knows.
func (s *Store) shown(ctx context.Context) (int64, error) {
	seq, err := s.client.Get(ctx, s.keys.seq()).Int64()
	if err != nil && !isNil(err) {
		return 0, fmt.Errorf("read last change: %w", err)
	}
	return seq, nil
}

// mend brings again what this process had accepted and Redis lost, lets numbers
// go on from the highest one, and, if more was lost than an intent needs to be
// on disk, has every public effect that was due until now looked for before it
// is sent: Arm finds it armed.
func (s *Store) mend(ctx context.Context, now time.Time) error {
	w := s.witness
	w.mending.Lock()
	defer w.mending.Unlock()
	high := w.high()
	shown, err := s.shown(ctx)
	if err != nil || shown >= high { // another one mended it
		return err
	}
	lost := w.lost(shown)
	s.Log.Error("Redis lost changes that it had confirmed", "shows", shown, "had", high, "within", lost)
	if err := s.makeLanes(ctx); err != nil {
		return err
	}
	for some := range slices.Chunk(w.recent(), mostTogether) {
		if _, _, err := s.take(ctx, some); err != nil {
			return fmt.Errorf("bring again %d items: %w", len(some), err)
		}
	}
	doubt := ""
	if lost > s.Settle {
		doubt = strconv.FormatInt(now.UnixMilli(), 10)
	}
	if err := s.raise.Run(ctx, s.client, []string{s.keys.seq(), s.keys.gap()}, high, doubt).Err(); err != nil {
		return fmt.Errorf("mend after change %d: %w", shown, err)
	}
	return nil
}
