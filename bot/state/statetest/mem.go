// Package statetest has the memory implementation of what integrations/redis
// keeps in Redis, and the suite that both must pass. It is for tests: nothing
// in it outlives the process.
package statetest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"crieur/bot/audit"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// Mem keeps one space in memory.
type Mem struct {
	// Now is the clock of leases; nil is time.Now.
	Now func() time.Time

	mu      sync.Mutex
	seq     int64
	entry   int64
	records map[state.Key]state.Record
	indexes map[string]map[string]int64
	causes  map[string][]byte
	seen    map[string]bool
	lanes   map[work.Lane][]*slot
	dues    map[string]work.Due
	effects map[string]*effect
	leases  map[work.Lane]lease
	trail   []audit.Entry
	sealing
	news chan struct{} // closed when something enters a lane
}

type slot struct {
	work.Entry
	read bool
}

type effect struct {
	outbox.Record
	receipt *outbox.Receipt
}

type lease struct {
	owner string
	until time.Time
}

// NewMem returns an empty space.
func NewMem() *Mem {
	return &Mem{
		records: map[state.Key]state.Record{}, indexes: map[string]map[string]int64{},
		causes: map[string][]byte{}, seen: map[string]bool{}, lanes: map[work.Lane][]*slot{},
		dues: map[string]work.Due{}, effects: map[string]*effect{}, leases: map[work.Lane]lease{},
		news: make(chan struct{}),
	}
}

// Get implements state.Store.
func (m *Mem) Get(_ context.Context, keys ...state.Key) ([]state.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	records := make([]state.Record, len(keys))
	for i, key := range keys {
		records[i] = m.records[key]
		records[i].Key = key
	}
	return records, nil
}

// List implements state.Store.
func (m *Mem) List(_ context.Context, r state.Range) ([]state.Member, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var members []state.Member
	for id, score := range m.indexes[r.Index] {
		if score >= r.From && score <= r.To {
			members = append(members, state.Member{ID: id, Score: score})
		}
	}
	slices.SortFunc(members, func(a, b state.Member) int {
		order := int(min(max(a.Score-b.Score, -1), 1))
		if order == 0 && a.ID < b.ID {
			order = -1
		} else if order == 0 {
			order = 1
		}
		if r.Reverse {
			return -order
		}
		return order
	})
	if r.Limit > 0 && len(members) > r.Limit {
		members = members[:r.Limit]
	}
	return members, nil
}

// Commit implements state.Store.
func (m *Mem) Commit(_ context.Context, c state.Commit) (state.Outcome, error) {
	if err := c.Check(); err != nil {
		return state.Outcome{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if result, done := m.causes[c.Cause]; done {
		m.ack(c.Ack)
		return state.Outcome{Repeated: true, Result: result, Seq: m.seq}, nil
	}
	if c.Receipt != nil && m.effects[c.Receipt.Effect] == nil {
		return state.Outcome{}, fmt.Errorf("effect %s: %w", c.Receipt.Effect, outbox.ErrForgotten)
	}
	if c.Ack != nil && !m.has(*c.Ack) {
		return state.Outcome{}, fmt.Errorf("entry %s: %w", c.Ack.Entry, work.ErrGone)
	}
	for _, g := range c.Guards {
		if m.records[g.Key].Rev != g.Rev {
			return state.Outcome{}, state.Conflict{Key: g.Key}
		}
	}
	for _, w := range c.Writes {
		if !w.Blind && m.records[w.Key].Rev != w.Rev {
			return state.Outcome{}, state.Conflict{Key: w.Key}
		}
	}
	m.seq++
	m.causes[c.Cause] = c.Result
	m.write(c)
	m.emit(c)
	m.ack(c.Ack)
	return state.Outcome{Seq: m.seq}, nil
}

func (m *Mem) write(c state.Commit) {
	for _, w := range c.Writes {
		m.records[w.Key] = state.Record{Key: w.Key, Rev: m.seq, Data: slices.Clone(w.Data)}
		if w.Delete {
			delete(m.records, w.Key)
		}
		for _, mark := range w.Index {
			if m.indexes[mark.Index] == nil {
				m.indexes[mark.Index] = map[string]int64{}
			}
			m.indexes[mark.Index][mark.Member] = mark.Score
			if mark.Remove {
				delete(m.indexes[mark.Index], mark.Member)
			}
		}
	}
	m.trail = append(m.trail, c.Audit...)
	m.sealing.append(m.seq, c.Audit)
}

// has says whether an entry is in its lane.
func (m *Mem) has(ticket work.Ticket) bool {
	return slices.ContainsFunc(m.lanes[ticket.Lane], func(s *slot) bool { return s.Entry.Entry == ticket.Entry })
}

func (m *Mem) emit(c state.Commit) {
	for _, e := range c.Effects {
		m.effects[e.ID] = &effect{Record: outbox.Record{Effect: e, Status: outbox.Waiting}}
		m.push(e.Lane(), work.Item{ID: e.ID, Conversation: e.Destination, Topic: "effect", At: c.Now})
	}
	for _, due := range c.Dues {
		if due.At.IsZero() {
			delete(m.dues, due.Key)
			continue
		}
		due.Item.ID, due.Item.At = work.DueID(due.Key, due.At), due.At
		m.dues[due.Key] = due
	}
	for _, item := range c.Items {
		m.push(work.LaneOf(work.In, item.Conversation), item)
	}
	if c.Receipt != nil {
		e := m.effects[c.Receipt.Effect]
		e.Status, e.receipt = c.Receipt.Status, c.Receipt
	}
}

func (m *Mem) push(lane work.Lane, item work.Item) {
	m.entry++
	ticket := work.Ticket{Lane: lane, Entry: strconv.FormatInt(m.entry, 10) + "-0"}
	m.lanes[lane] = append(m.lanes[lane], &slot{Entry: work.Entry{Ticket: ticket, Item: item}})
	close(m.news)
	m.news = make(chan struct{})
}

func (m *Mem) ack(ticket *work.Ticket) {
	if ticket != nil {
		m.lanes[ticket.Lane] = slices.DeleteFunc(m.lanes[ticket.Lane],
			func(s *slot) bool { return s.Entry.Entry == ticket.Entry })
	}
}

// Accept is redis.Store.Accept.
func (m *Mem) Accept(_ context.Context, dedupe []string, item work.Item) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range dedupe {
		if m.seen[key] {
			return false, nil
		}
	}
	for _, key := range dedupe {
		m.seen[key] = true
	}
	m.push(work.LaneOf(work.In, item.Conversation), item)
	return true, nil
}

// Lease implements work.Queue.
func (m *Mem) Lease(_ context.Context, lane work.Lane, owner string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if held, ok := m.leases[lane]; ok && held.owner != owner && now.Before(held.until) {
		return false, nil
	}
	m.leases[lane] = lease{owner, now.Add(work.LeaseFor)}
	return true, nil
}

func (m *Mem) now() time.Time {
	if m.Now != nil {
		return m.Now()
	}
	return time.Now()
}

// Release implements work.Queue.
func (m *Mem) Release(_ context.Context, lane work.Lane, owner string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.leases[lane].owner == owner {
		delete(m.leases, lane)
	}
	return nil
}

// Read implements work.Queue.
func (m *Mem) Read(ctx context.Context, lanes []work.Lane, most int, wait time.Duration) ([]work.Entry, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		entries, news := m.unread(lanes, most)
		if len(entries) > 0 {
			return entries, nil
		}
		select {
		case <-news:
		case <-timer.C:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (m *Mem) unread(lanes []work.Lane, most int) (entries []work.Entry, news <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, lane := range lanes {
		for _, s := range m.lanes[lane] {
			if !s.read && len(entries) < most {
				s.read = true
				entries = append(entries, s.Entry)
			}
		}
	}
	return entries, m.news
}

// Pending implements work.Queue.
func (m *Mem) Pending(_ context.Context, lane work.Lane) (entries []work.Entry, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.lanes[lane] {
		if s.read {
			entries = append(entries, s.Entry)
		}
	}
	return entries, nil
}

// MoveDue implements work.Queue.
func (m *Mem) MoveDue(_ context.Context, now time.Time, most int) (moved int, next time.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	dues := make([]work.Due, 0, len(m.dues))
	for _, due := range m.dues {
		dues = append(dues, due)
	}
	slices.SortFunc(dues, func(a, b work.Due) int { return a.At.Compare(b.At) })
	for _, due := range dues {
		if due.At.After(now) || moved == most {
			return moved, due.At, nil
		}
		m.push(work.LaneOf(work.In, due.Item.Conversation), due.Item)
		delete(m.dues, due.Key)
		moved++
	}
	return moved, time.Time{}, nil
}

// Effects serves outbox.Store.
func (m *Mem) Effects(_ context.Context, ids ...string) ([]outbox.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	records := make([]outbox.Record, len(ids))
	for i, id := range ids {
		records[i] = outbox.Record{Effect: outbox.Effect{ID: id}, Status: outbox.Cancelled}
		if e := m.effects[id]; e != nil {
			records[i] = e.Record
		}
	}
	return records, nil
}

// Arm serves outbox.Store.
func (m *Mem) Arm(_ context.Context, e outbox.Effect, owner string, now time.Time) (outbox.Status, error) {
	return m.turn(e, owner, now, outbox.Waiting, outbox.Armed)
}

// Disarm serves outbox.Store.
func (m *Mem) Disarm(_ context.Context, e outbox.Effect, owner string) error {
	_, err := m.turn(e, owner, time.Time{}, outbox.Armed, outbox.Waiting)
	return err
}

func (m *Mem) turn(e outbox.Effect, owner string, now time.Time, from, to outbox.Status) (outbox.Status, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.leases[e.Lane()].owner != owner {
		return "", fmt.Errorf("turn effect %s to %s: %w", e.ID, to, outbox.ErrLost)
	}
	kept := m.effects[e.ID]
	if kept == nil {
		return outbox.Cancelled, nil
	}
	found := kept.Status
	if found == from {
		kept.Status, kept.ArmedAt = to, now
	}
	return found, nil
}

// Finish serves outbox.Store.
func (m *Mem) Finish(ctx context.Context, ticket work.Ticket, e outbox.Effect, receipt outbox.Receipt) error {
	_, err := m.Commit(ctx, state.Finishing(ticket, e, receipt))
	return err
}
