package redis

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/work"
)

// errLate says that Redis was asked too late to store anything.
var errLate = errors.New("redis was stalled, and whoever waited has gone")

// keepSeen is how long an accepted event is recognised. Slack and Discord
// repeat within hours (facts page); a day is what it asks for.
const keepSeen = 24 * time.Hour

// mostTogether and mostBytesTogether bound one run of the accept script: Redis
// serves nobody else meanwhile.
const (
	mostTogether      = 64
	mostBytesTogether = 1 << 20
)

// intake gathers what arrives while Redis stores what arrived before. Under load
// one run of the script, one packet and one write to the disk then carry many
// items; a lone item waits for nobody. One run is under way at a time, so that
// what one person does is stored in the order of its arrival. (Two side by side
// were measured: a tenth to a fifth more of the processor for every item.)
type intake struct {
	mu      sync.Mutex
	waiting []*arrival
	busy    bool
}

// letter is an item as it is stored.
type letter struct {
	keys []string // its lane, then its dedupe keys
	text []byte   // the item, encoded
}

// arrival is a letter on its way into its lane.
type arrival struct {
	letter
	deadline time.Time // when whoever brought it gives up; zero for never
	left     bool      // whoever brought it gave up; under the intake's lock, as the next
	taken    bool      // it is on its way to Redis, or was
	stored   chan stored
}

// stored is what became of an arrival.
type stored struct {
	fresh bool
	err   error
}

// Accept puts an item into its lane unless one of the dedupe keys was accepted
// before; fresh says which. It returns when ctx ends, whatever Redis does: what was
// sent to it by then may be stored, and the error is work.ErrUnsure.
func (s *Store) Accept(ctx context.Context, dedupe []string, item work.Item) (fresh bool, err error) {
	lane := work.LaneOf(work.In, item.Conversation)
	a := &arrival{letter: s.letter(lane, dedupe, item), stored: make(chan stored, 1)}
	a.deadline, _ = ctx.Deadline()
	if s.intake.join(a) {
		go s.carry()
	}
	select {
	case now := <-a.stored:
		fresh, err = now.fresh, now.err
	case <-ctx.Done():
		err = s.intake.leave(a, ctx.Err())
	}
	if err != nil {
		return false, fmt.Errorf("accept item %s: %w", item.ID, err)
	}
	return fresh, nil
}

func (s *Store) letter(lane work.Lane, dedupe []string, item work.Item) letter {
	keys := make([]string, 1, 1+len(dedupe))
	keys[0] = s.keys.lane(lane)
	for _, key := range dedupe {
		keys = append(keys, s.keys.seen(key))
	}
	return letter{keys, encoded(item)}
}

// join reports whether somebody must carry what waits.
func (in *intake) join(a *arrival) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.waiting = append(in.waiting, a)
	idle := !in.busy
	in.busy = true
	return idle
}

// leave has an arrival stay behind, if it is not on its way to Redis yet: then
// nobody knows what becomes of it.
func (in *intake) leave(a *arrival, why error) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	a.left = true
	if a.taken {
		return fmt.Errorf("%w: %w", work.ErrUnsure, why)
	}
	return why
}

// next is what goes together, in the order of arrival; none when nothing waits.
func (in *intake) next() (some []*arrival) {
	in.mu.Lock()
	defer in.mu.Unlock()
	bytes, n := 0, 0
	for ; n < len(in.waiting) && len(some) < mostTogether; n++ {
		a := in.waiting[n]
		if a.left {
			continue
		}
		if bytes += len(a.text); bytes > mostBytesTogether && len(some) > 0 {
			break
		}
		a.taken, some = true, append(some, a)
	}
	clear(in.waiting[:n])
	in.waiting = in.waiting[n:]
	in.busy = len(some) > 0
	return some
}

// carry stores until nothing waits any more.
func (s *Store) carry() {
	for some := s.intake.next(); len(some) > 0; some = s.intake.next() {
		ctx, cancel := patience(some)
		asked := time.Now()
		letters := make([]letter, len(some))
		for i, a := range some {
			letters[i] = a.letter
		}
		fresh, seq, err := s.take(ctx, letters, s.gone(ctx))
		cancel()
		if seq > 0 {
			s.witness.saw(seq, asked)
		}
		for i, a := range some {
			if err != nil {
				a.stored <- stored{err: err}
				continue
			}
			if fresh[i] {
				s.witness.took(a.letter)
			}
			a.stored <- stored{fresh: fresh[i]}
		}
	}
}

// patience ends when the last of those who brought something gives up.
func patience(some []*arrival) (context.Context, context.CancelFunc) {
	var last time.Time
	for _, a := range some {
		if a.deadline.IsZero() {
			return context.WithCancel(context.Background())
		}
		if a.deadline.After(last) {
			last = a.deadline
		}
	}
	return context.WithDeadline(context.Background(), last)
}

// gone is when nobody waits any more, by the clock of Redis in milliseconds; 0 is
// never. A Redis that was stalled reads what was sent to it all the same, when
// people were told long ago that nothing was stored, and did it again.
func (s *Store) gone(ctx context.Context) int64 {
	deadline, bounded := ctx.Deadline()
	if !bounded || s.Clock == nil {
		return 0
	}
	return deadline.Add(s.Clock.Offset() + s.Clock.Doubt()).UnixMilli()
}

// doubtOf is work.ErrUnsure for a script that may have run: Redis neither refused
// it nor could not be reached.
func doubtOf(err error) error {
	var refused goredis.Error
	var dial *net.OpError
	if errors.As(err, &refused) || errors.As(err, &dial) && dial.Op == "dial" || errors.Is(err, goredis.ErrPoolTimeout) {
		return err
	}
	return fmt.Errorf("%w: %w", work.ErrUnsure, err)
}

// take runs the script: which of them are fresh, and the number of the last
// change, 0 if none is.
func (s *Store) take(ctx context.Context, some []letter, gone int64) (fresh []bool, seq int64, err error) {
	keys := make([]string, 1, 1+3*len(some))
	args := make([]any, 2, 2+2*len(some))
	keys[0], args[0], args[1] = s.keys.seq(), keepSeen.Milliseconds(), gone
	for _, one := range some {
		keys = append(keys, one.keys...)
		args = append(args, one.text, len(one.keys)-1)
	}
	reply, err := s.accept.Run(ctx, s.client, keys, args...).Int64Slice()
	if err != nil {
		return nil, 0, doubtOf(err)
	}
	if len(reply) == 0 {
		return nil, 0, errLate
	}
	if len(reply) != len(some)+1 {
		return nil, 0, fmt.Errorf("unexpected reply %v", reply)
	}
	fresh = make([]bool, len(some))
	for i := range some {
		fresh[i] = reply[i] == 1
	}
	return fresh, reply[len(some)], nil
}
