package statetest

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/outbox"
	"crieur/bot/work"
)

// Snapshot returns everything as it is now.
func (m *Mem) Snapshot() *Mem {
	m.mu.Lock()
	defer m.mu.Unlock()
	copied := NewMem()
	copied.take(m)
	return copied
}

// Restore goes back to a snapshot, as a server does that lost what came after.
// Nothing of it is shared with the snapshot. Entry numbers go on, as those of a
// stream follow the clock.
func (m *Mem) Restore(snapshot *Mem) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entry := m.entry
	m.take(snapshot)
	m.entry = max(entry, m.entry)
	close(m.news)
	m.news = make(chan struct{})
}

func (m *Mem) take(from *Mem) {
	m.seq, m.entry = from.seq, from.entry
	m.records, m.causes, m.seen = maps.Clone(from.records), maps.Clone(from.causes), maps.Clone(from.seen)
	m.dues, m.leases, m.trail = maps.Clone(from.dues), maps.Clone(from.leases), slices.Clone(from.trail)
	m.sealing = from.sealing.clone()
	m.indexes = map[string]map[string]int64{}
	for name, index := range from.indexes {
		m.indexes[name] = maps.Clone(index)
	}
	m.effects = map[string]*effect{}
	for id, e := range from.effects {
		kept := *e
		m.effects[id] = &kept
	}
	m.lanes = map[work.Lane][]*slot{}
	for lane, slots := range from.lanes {
		for _, s := range slots {
			kept := *s
			m.lanes[lane] = append(m.lanes[lane], &kept)
		}
	}
}

// Enter puts an item into its lane and takes it to be handled.
func (m *Mem) Enter(item work.Item) work.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	lane := work.LaneOf(work.In, item.Conversation)
	m.push(lane, item)
	last := m.lanes[lane][len(m.lanes[lane])-1]
	last.read = true
	return last.Entry
}

// Settled says whether all that happened was handled, and all that is due by now.
func (m *Mem) Settled(now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, due := range m.dues {
		if !due.At.After(now) {
			return false
		}
	}
	return m.empty()
}

// Idle says whether no lane holds anything: all that happened was handled.
func (m *Mem) Idle() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.empty()
}

func (m *Mem) empty() bool {
	for _, slots := range m.lanes {
		if len(slots) > 0 {
			return false
		}
	}
	return true
}

// Trail returns the audit entries so far.
func (m *Mem) Trail() []audit.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.trail)
}

// Sent returns every effect with how it stands, in the order of their commits.
func (m *Mem) Sent() []outbox.Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	var records []outbox.Record
	for _, e := range m.effects {
		records = append(records, e.Record)
	}
	slices.SortFunc(records, func(a, b outbox.Record) int { return compare(a.Effect.ID, b.Effect.ID) })
	return records
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Dump returns the records of a kind as JSON, for tests that look inside.
func (m *Mem) Dump(kind string) map[string]json.RawMessage {
	m.mu.Lock()
	defer m.mu.Unlock()
	dump := map[string]json.RawMessage{}
	for key, record := range m.records {
		if key.Kind == kind {
			dump[key.ID] = record.Data
		}
	}
	return dump
}
