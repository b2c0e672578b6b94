package discord

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// perSecond is what we send at most, one after another: under Discord's 50 for
	// one bot, and at most a tenth slower than it allows.
	perSecond = 46
	// maxInvalid is where we stop by ourselves: at 10,000 refused requests in ten
	// minutes Discord bans the address.
	maxInvalid    = 5000
	invalidWindow = 10 * time.Minute
	// rounding is what Discord's three decimals may hide.
	rounding = time.Millisecond
	// slotLife is how long a place in the row is kept for a caller that is late.
	slotLife = 2 * time.Second
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
	// old is when messages over an hour old may be edited again, by channel.
	old map[string]time.Time
	// slots are the places of callers that were told to come back.
	slots map[string]time.Time
	pace  *rate.Limiter

	invalid      int
	invalidSince time.Time
}

type bucket struct {
	left  int
	reset time.Time
}

func newLimits() *limits {
	return &limits{buckets: map[string]*bucket{}, routes: map[string]string{}, slots: map[string]time.Time{}, old: map[string]time.Time{}, pace: rate.NewLimiter(perSecond, 1)}
}

func (l *limits) key(c call) string {
	name := l.routes[c.route]
	if name == "" {
		name = c.route
	}
	return name + ":" + c.major
}

// wait returns how long to wait before the call. granted means that the call is
// counted and may be made then, at most longest from now; else it has to ask
// again. Who asks first goes first.
func (l *limits) wait(c call, longest time.Duration, now time.Time) (d time.Duration, granted bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.invalid >= maxInvalid && now.Sub(l.invalidSince) < invalidWindow {
		return invalidWindow - now.Sub(l.invalidSince), false
	}
	if c.exempt {
		return 0, true
	}
	if d := l.global.Sub(now); d > 0 {
		return d, false
	}
	b := l.buckets[l.key(c)]
	if b != nil && b.left <= 0 {
		if d := b.reset.Sub(now); d > 0 {
			return d, false
		}
	}
	if d = l.slot(c, now); d > longest {
		return d, false
	}
	delete(l.slots, c.route+c.major)
	switch {
	case b == nil:
	case b.reset.After(now):
		b.left--
	default:
		delete(l.buckets, l.key(c)) // full again; the answer will say
	}
	return d, true
}

// slot is how long until the call's place in the row of all calls. A place far
// away is kept until the caller comes back for it, so that nobody is overtaken.
func (l *limits) slot(c call, now time.Time) time.Duration {
	key := c.route + c.major
	if at, ok := l.slots[key]; ok && now.Sub(at) < slotLife {
		return max(0, at.Sub(now))
	}
	if len(l.slots) >= pruneAt {
		l.prune(now)
	}
	d := l.pace.ReserveN(now, 1).DelayFrom(now)
	l.slots[key] = now.Add(d)
	return d
}

// learn takes what the answer says about the limits. stopped says that, with this
// one, so many calls were refused that nothing is sent any more for a while.
func (l *limits) learn(c call, status int, header http.Header, now time.Time) (stopped bool) {
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
		stopped = l.invalid == maxInvalid
	}
	if c.exempt {
		return stopped
	}
	left, err := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
	if err != nil {
		return stopped
	}
	after, ok := seconds(header.Get("X-RateLimit-Reset-After"))
	if !ok {
		return stopped
	}
	if name := header.Get("X-RateLimit-Bucket"); name != "" {
		l.routes[c.route] = name
	}
	key, reset := l.key(c), now.Add(after+rounding)
	if b := l.buckets[key]; b != nil && b.reset.After(now) && status != http.StatusTooManyRequests {
		left = min(left, b.left) // answers may come out of order
	}
	l.buckets[key] = &bucket{left: left, reset: reset}
	if len(l.buckets) >= pruneAt {
		l.prune(now)
	}
	return stopped
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

// holdOld obeys a 429 that is about edits of old messages only: all else goes on.
func (l *limits) holdOld(c call, after time.Duration, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for channel, until := range l.old {
		if !until.After(now) {
			delete(l.old, channel)
		}
	}
	l.old[c.major] = now.Add(after)
}

// waitOld is how long an edit of an old message has to wait for that.
func (l *limits) waitOld(c call, now time.Time) time.Duration {
	if !c.old {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.old[c.major].Sub(now)
}

func (l *limits) prune(now time.Time) {
	for key, b := range l.buckets {
		if !b.reset.After(now) {
			delete(l.buckets, key)
		}
	}
	for key, at := range l.slots {
		if now.Sub(at) >= slotLife {
			delete(l.slots, key)
		}
	}
}

// seconds reads a decimal number of seconds, rounded up to a millisecond:
// cutting the decimals would send too early.
func seconds(text string) (time.Duration, bool) {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || !(value >= 0 && value <= 1e6) {
		return 0, false
	}
	return (time.Duration(value*float64(time.Second)) + time.Millisecond - 1).Truncate(time.Millisecond), true
}
