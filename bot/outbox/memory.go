package outbox

import (
	"bytes"
	"maps"
	"sync"
	"time"
)

// remember is how long a process knows what it did, whatever Redis says: more
// than a failover or a restart may lose.
const remember = 2 * time.Minute

// memory is what this process did and tried lately: after a restart or a failover
// Redis may lack its last second, and gives again what is done already.
type memory struct {
	mu     sync.Mutex
	recent map[string]known     // by effect, or by what it shows
	doubts map[string]time.Time // when a call for an effect last got no answer
	swept  time.Time
}

// known is an effect's receipt and when it was had, by the machine's clock.
type known struct {
	effect  Effect
	receipt Receipt
	at      time.Time
}

func newMemory() *memory {
	return &memory{recent: map[string]known{}, doubts: map[string]time.Time{}}
}

// did keeps how an effect ended.
func (m *memory) did(e Effect, receipt Receipt) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := e.ID
	if receipt.Keep != nil {
		name = shown(e)
	}
	m.recent[name] = known{e, receipt, time.Now()}
}

// of says how this process already ended an effect that comes again. What has the
// same ID but says something else was decided otherwise this time; what shows the
// state of something (Key) is shown again, where it was put up.
func (m *memory) of(e Effect) (Receipt, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e.Key != "" {
		old, ok := m.recent[shown(e)]
		return old.receipt, ok && fresh(old.at)
	}
	old, ok := m.recent[e.ID]
	same := ok && old.effect.Kind == e.Kind && old.effect.Destination == e.Destination && bytes.Equal(old.effect.Data, e.Data)
	return old.receipt, same && fresh(old.at)
}

// doubt keeps that a call for an effect got no answer: its lane may be lost before
// it is repeated, and Redis may forget that it was ever tried.
func (m *memory) doubt(e Effect) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.doubts[e.ID] = time.Now()
}

// doubted says whether an effect may be there already, so that its repetition is
// marked. What is public is never repeated, only looked for: see judge.
func (m *memory) doubted(e Effect) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, found := m.doubts[e.ID]
	return found && fresh(at)
}

// sweep drops what need not be remembered any more, now and then: in a storm
// there are thousands to look at, too many for each of them to look at all.
func (m *memory) sweep(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.swept) < remember {
		return
	}
	m.swept = now
	maps.DeleteFunc(m.recent, func(_ string, old known) bool { return !fresh(old.at) })
	maps.DeleteFunc(m.doubts, func(_ string, at time.Time) bool { return !fresh(at) })
}

// fresh says whether something that happened then is still to be remembered.
func fresh(at time.Time) bool { return time.Since(at) <= remember }

// shown names what effects with the same Key put up, whichever of them did.
func shown(e Effect) string { return e.Destination + " " + e.Key }
