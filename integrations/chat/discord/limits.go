package discord

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// perSecond is what we send at most, under Discord's 50 for one bot.
	perSecond = 45
	// maxInvalid is where we stop by ourselves: at 10,000 refused requests in ten
	// minutes Discord bans the address.
	maxInvalid    = 5000
	invalidWindow = 10 * time.Minute
	// pruneAt is the number of buckets at which old ones are looked for.
	pruneAt = 512
)

// limits knows how long to wait before a call. A bucket is Discord's name for
// what calls share, for one channel or guild; it is forgotten once it is full
// again, so the number kept is bounded by the channels used in the last seconds.
type limits struct {
	mu      sync.Mutex
	buckets map[string]*bucket
	// routes remembers the bucket of each route. Routes hold no ID and no token.
	routes map[string]string
	global time.Time // nothing before this
	pace   *rate.Limiter

	invalid      int
	invalidSince time.Time
}

type bucket struct {
	left  int
	reset time.Time
}

func newLimits() *limits {
	return &limits{buckets: map[string]*bucket{}, routes: map[string]string{}, pace: rate.NewLimiter(perSecond, 3)}
}

func (l *limits) key(c call) string {
	name := l.routes[c.route]
	if name == "" {
		name = c.route
	}
	return name + ":" + c.major
}

// wait returns how long to wait before the call; 0 means that the call is
// counted and may be made now.
func (l *limits) wait(c call, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.invalid >= maxInvalid && now.Sub(l.invalidSince) < invalidWindow {
		return invalidWindow - now.Sub(l.invalidSince)
	}
	if c.exempt {
		return 0
	}
	if d := l.global.Sub(now); d > 0 {
		return d
	}
	b := l.buckets[l.key(c)]
	if b != nil && b.left <= 0 {
		if d := b.reset.Sub(now); d > 0 {
			return d
		}
	}
	turn := l.pace.ReserveN(now, 1)
	if d := turn.DelayFrom(now); d > 0 {
		turn.CancelAt(now)
		return d
	}
	if b != nil {
		if !b.reset.After(now) {
			delete(l.buckets, l.key(c)) // full again; the answer will say
		} else {
			b.left--
		}
	}
	return 0
}

// learn takes what the answer says about the limits.
func (l *limits) learn(c call, status int, header http.Header, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	scope := header.Get("X-RateLimit-Scope")
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden,
		status == http.StatusTooManyRequests && scope != "shared":
		if now.Sub(l.invalidSince) >= invalidWindow {
			l.invalid, l.invalidSince = 0, now
		}
		l.invalid++
	}
	if c.exempt {
		return
	}
	left, err := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
	if err != nil {
		return
	}
	after, ok := seconds(header.Get("X-RateLimit-Reset-After"))
	if !ok {
		return
	}
	if name := header.Get("X-RateLimit-Bucket"); name != "" {
		l.routes[c.route] = name
	}
	key, reset := l.key(c), now.Add(after)
	if b := l.buckets[key]; b != nil && b.reset.After(now) && status != http.StatusTooManyRequests {
		left = min(left, b.left) // answers may come out of order
	}
	l.buckets[key] = &bucket{left: left, reset: reset}
	if len(l.buckets) >= pruneAt {
		l.prune(now)
	}
}

// hold obeys a 429.
func (l *limits) hold(c call, after time.Duration, global bool, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if global {
		l.global = now.Add(after)
		return
	}
	if !c.exempt {
		l.buckets[l.key(c)] = &bucket{reset: now.Add(after)}
	}
}

func (l *limits) prune(now time.Time) {
	for key, b := range l.buckets {
		if !b.reset.After(now) {
			delete(l.buckets, key)
		}
	}
}

// seconds reads a decimal number of seconds, rounded up to a millisecond:
// cutting the decimals would send too early.
func seconds(text string) (time.Duration, bool) {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || value < 0 || value > 1e6 {
		return 0, false
	}
	return (time.Duration(value*float64(time.Second)) + time.Millisecond - 1).Truncate(time.Millisecond), true
}
