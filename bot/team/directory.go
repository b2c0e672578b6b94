package team

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/work"
)

// Directory is the space as it is now: what was configured and what was learnt.
// It is the brand.Source of a process.
//
// A process refreshes it at its start, after each of its own commits that
// changed something, and every FollowEvery for what another process did:
// until then it goes by what it knows.
type Directory struct {
	base  *brand.Space
	store state.Store
	now   atomic.Pointer[brand.Space]

	mu  sync.Mutex
	rev int64 // of the roster that now was made of
}

// FollowEvery is how often a process looks whether another one changed
// something. Looking is one read of one record
// while nothing changes.
const FollowEvery = time.Second

// New returns the directory of a configured space that knows nothing more yet.
func New(base *brand.Space, store state.Store) *Directory {
	d := &Directory{base: base, store: store}
	d.now.Store(base)
	return d
}

// Now implements brand.Source.
func (d *Directory) Now() *brand.Space { return d.now.Load() }

// Refresh makes Now what is kept now. After an error it is what it was.
func (d *Directory) Refresh(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	records, err := d.store.Get(ctx, rosters.Key(only))
	if err != nil {
		return fmt.Errorf("refresh team: %w", err)
	}
	if records[0].Rev == d.rev {
		return nil
	}
	learnt, err := d.read(ctx, records[0])
	if err != nil {
		return fmt.Errorf("refresh team: %w", err)
	}
	d.now.Store(Over(d.base, learnt))
	d.rev = records[0].Rev
	return nil
}

// read reads everybody of a roster. Who changes meanwhile changes the roster
// too: the next look finds it.
func (d *Directory) read(ctx context.Context, record state.Record) (Overlay, error) {
	all, err := rosters.Decode(record)
	learnt := all.overlay()
	if err != nil || len(all.Members) == 0 {
		return learnt, err
	}
	keys := make([]state.Key, len(all.Members))
	for i, id := range all.Members {
		keys[i] = persons.Key(id)
	}
	records, err := d.store.Get(ctx, keys...)
	if err != nil {
		return Overlay{}, err
	}
	for _, record := range records {
		p, err := persons.Decode(record)
		if err != nil {
			return Overlay{}, err
		}
		if p.ID != "" { // else they were forgotten
			learnt.People = append(learnt.People, p)
		}
	}
	return learnt, nil
}

// Follow refreshes until ctx ends, for what other processes change; failed is
// told when that did not work, and it goes on.
func (d *Directory) Follow(ctx context.Context, failed func(error)) {
	work.Every(ctx, FollowEvery, func() {
		if err := d.Refresh(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
	})
}
