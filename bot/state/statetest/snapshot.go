package statetest

import (
	"maps"
	"slices"

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
