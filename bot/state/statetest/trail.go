package statetest

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"

	"crieur/bot/audit"
	"crieur/bot/work"
)

// sealing is the trail on its way into the chain.
type sealing struct {
	waiting []audit.Appended
	placed  int
	chain   []audit.Link
	salts   audit.Salts
	sealer  string
	until   time.Time
}

func (s *sealing) append(seq int64, entries []audit.Entry) {
	for _, entry := range entries {
		s.placed++
		s.waiting = append(s.waiting, audit.Appended{Place: strconv.Itoa(s.placed), Seq: seq, Entry: entry})
	}
}

func (s sealing) clone() sealing {
	s.waiting, s.chain, s.salts = slices.Clone(s.waiting), slices.Clone(s.chain), maps.Clone(s.salts)
	return s
}

// LeaseSeal implements audit.Trail.
func (m *Mem) LeaseSeal(_ context.Context, owner string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sealer != "" && m.sealer != owner && m.now().Before(m.until) {
		return false, nil
	}
	m.sealer, m.until = owner, m.now().Add(work.LeaseFor)
	return true, nil
}

// Unsealed implements audit.Trail.
func (m *Mem) Unsealed(_ context.Context, most int) ([]audit.Appended, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.waiting[:min(most, len(m.waiting))]), nil
}

// Head implements audit.Trail.
func (m *Mem) Head(context.Context) (audit.Link, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.chain) == 0 {
		return audit.Link{}, nil
	}
	return m.chain[len(m.chain)-1], nil
}

// Salts implements audit.Trail.
func (m *Mem) Salts(_ context.Context, people []string, fresh func() string) (audit.Salts, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.salts == nil {
		m.salts = audit.Salts{}
	}
	salts := audit.Salts{}
	for _, person := range people {
		if m.salts[person] == "" {
			m.salts[person] = fresh()
		}
		salts[person] = m.salts[person]
	}
	return salts, nil
}

// AllSalts is redis.Store.AllSalts.
func (m *Mem) AllSalts(context.Context) (audit.Salts, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.salts), nil
}

// ForgetSalts is redis.Store.ForgetSalts.
func (m *Mem) ForgetSalts(_ context.Context, people ...string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, person := range people {
		delete(m.salts, person)
	}
	return nil
}

// Seal implements audit.Trail.
func (m *Mem) Seal(_ context.Context, head audit.Link, links []audit.Link, taken []audit.Appended) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if int64(len(m.chain)) != head.N {
		return audit.ErrMoved
	}
	m.chain = append(m.chain, links...)
	m.waiting = slices.DeleteFunc(m.waiting, func(one audit.Appended) bool {
		return slices.ContainsFunc(taken, func(other audit.Appended) bool { return other.Place == one.Place })
	})
	return nil
}

// Chain is redis.Store.Chain.
func (m *Mem) Chain(context.Context) iter.Seq2[audit.Link, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	links := slices.Clone(m.chain)
	return func(yield func(audit.Link, error) bool) {
		for _, link := range links {
			if !yield(link, nil) {
				return
			}
		}
	}
}
