package state

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"crieur/bot/audit"
	"crieur/bot/outbox"
	"crieur/bot/work"
)

// Tx collects what one cause reads and changes. Every record that it read and
// does not write becomes a guard, so a decision stands only if what it was
// based on still does. It is not for concurrent use and it dies with its cause.
type Tx struct {
	store  Store
	commit Commit
	read   map[Key]Record
	order  []Key // of reads, so that commits are the same each time
	writes map[Key]int
	broken error // of the store, while reading
	ids    int
}

// Begin starts collecting for a cause at a given time.
func Begin(store Store, cause string, now time.Time) *Tx {
	return &Tx{
		store:  store,
		commit: Commit{Cause: cause, Now: now},
		read:   map[Key]Record{},
		writes: map[Key]int{},
	}
}

// Now is the time of the cause: one moment for everything that it decides.
func (t *Tx) Now() time.Time { return t.commit.Now }

// Cause is what the step is done for.
func (t *Tx) Cause() string { return t.commit.Cause }

// Get reads a record, and sees what this Tx already wrote.
func (t *Tx) Get(ctx context.Context, key Key) (Record, error) {
	records, err := t.GetAll(ctx, key)
	if err != nil {
		return Record{}, err
	}
	return records[0], nil
}

// GetAll reads several records in one round trip.
func (t *Tx) GetAll(ctx context.Context, keys ...Key) ([]Record, error) {
	var missing []Key
	for _, key := range keys {
		if _, ok := t.read[key]; !ok {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		records, err := t.store.Get(ctx, missing...)
		if err != nil {
			t.broken = fmt.Errorf("read %s: %w", missing[0], err)
			return nil, t.broken
		}
		for _, record := range records {
			if _, ok := t.read[record.Key]; !ok {
				t.order = append(t.order, record.Key)
			}
			t.read[record.Key] = record
		}
	}
	result := make([]Record, len(keys))
	for i, key := range keys {
		result[i] = t.read[key]
		if at, ok := t.writes[key]; ok {
			w := t.commit.Writes[at]
			result[i].Data, result[i].Rev = w.Data, w.Rev+1
			if w.Delete {
				result[i].Data, result[i].Rev = nil, 0
			}
		}
	}
	return result, nil
}

// List reads an index. What it returns is not guarded: read the records.
func (t *Tx) List(ctx context.Context, r Range) ([]Member, error) {
	members, err := t.store.List(ctx, r)
	if err != nil {
		t.broken = fmt.Errorf("list %s: %w", r.Index, err)
		return nil, t.broken
	}
	return members, nil
}

// Write records a change. The key must have been read by this Tx, whose
// revision it carries: writing unread is a mistake of the program. A second write of a key replaces the first and keeps
// both sets of index marks.
func (t *Tx) Write(w Write) {
	if !w.Blind {
		record, read := t.read[w.Key]
		if !read {
			panic("write of " + w.Key.String() + ", which was not read")
		}
		w.Rev = record.Rev
	}
	if at, ok := t.writes[w.Key]; ok {
		w.Index = append(t.commit.Writes[at].Index, w.Index...)
		t.commit.Writes[at] = w
		return
	}
	t.writes[w.Key] = len(t.commit.Writes)
	t.commit.Writes = append(t.commit.Writes, w)
}

// Wrote says whether this Tx changes the record.
func (t *Tx) Wrote(key Key) bool {
	_, ok := t.writes[key]
	return ok
}

// Emit adds an effect and names it after the cause.
func (t *Tx) Emit(effect outbox.Effect) {
	effect.ID = t.commit.Cause + "#" + strconv.Itoa(len(t.commit.Effects))
	t.commit.Effects = append(t.commit.Effects, effect)
}

// Later sets a due time, replacing the one of the same key.
func (t *Tx) Later(due work.Due) { t.commit.Dues = append(t.commit.Dues, due) }

// Cancel takes a due time back.
func (t *Tx) Cancel(key string) { t.Later(work.Due{Key: key}) }

// Tell puts an item into its lane: news for another handler.
func (t *Tx) Tell(item work.Item) {
	if item.ID == "" {
		item.ID = t.commit.Cause + ">" + strconv.Itoa(len(t.commit.Items))
	}
	if item.At.IsZero() {
		item.At = t.commit.Now
	}
	t.commit.Items = append(t.commit.Items, item)
}

// Log appends to the trail.
func (t *Tx) Log(entry audit.Entry) {
	if entry.At.IsZero() {
		entry.At = t.commit.Now
	}
	t.commit.Audit = append(t.commit.Audit, entry)
}

// Effects returns what was emitted so far.
func (t *Tx) Effects() []outbox.Effect { return slices.Clone(t.commit.Effects) }

// Amend replaces an effect that was emitted, by its ID.
func (t *Tx) Amend(effect outbox.Effect) {
	for i := range t.commit.Effects {
		if t.commit.Effects[i].ID == effect.ID {
			t.commit.Effects[i] = effect
		}
	}
}

// Changed says whether there is anything to commit but the cause itself.
func (t *Tx) Changed() bool {
	c := t.commit
	return len(c.Writes)+len(c.Effects)+len(c.Dues)+len(c.Items)+len(c.Audit) > 0
}

// Commit does the step, with the ticket of the entry that caused it, if any.
func (t *Tx) Commit(ctx context.Context, ack *work.Ticket, result []byte) (Outcome, error) {
	c := t.commit
	c.Ack, c.Result = ack, result
	if t.Changed() {
		for _, key := range t.order {
			if _, written := t.writes[key]; !written {
				c.Guards = append(c.Guards, Guard{key, t.read[key].Rev})
			}
		}
	}
	if err := c.check(); err != nil {
		return Outcome{}, fmt.Errorf("commit %s: %w", c.Cause, err)
	}
	outcome, err := t.store.Commit(ctx, c)
	if err != nil {
		return Outcome{}, fmt.Errorf("commit %s: %w", c.Cause, err)
	}
	return outcome, nil
}
