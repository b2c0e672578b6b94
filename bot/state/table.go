package state

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Table is how a feature keeps one kind of record: JSON with the schema that
// wrote it, so that a release reads what the one before it wrote.
type Table[T any] struct {
	Kind   string
	Schema int
	// Keep is how long a record stays after its last change; 0 is for ever, for what
	// is bounded by itself.
	Keep time.Duration
}

type envelope struct {
	Schema int             `json:"schema"`
	Body   json.RawMessage `json:"body"`
}

// Key returns the key of a record of this kind.
func (t Table[T]) Key(id string) Key { return Key{t.Kind, id} }

// Get reads a record; found is false when there is none.
func (t Table[T]) Get(ctx context.Context, tx *Tx, id string) (value T, found bool, err error) {
	record, err := tx.Get(ctx, t.Key(id))
	if err != nil || record.Rev == 0 {
		return value, false, err
	}
	value, err = t.Decode(record)
	return value, err == nil, err
}

// GetAll reads several records; those that are missing are left out.
func (t Table[T]) GetAll(ctx context.Context, tx *Tx, ids ...string) ([]T, error) {
	keys := make([]Key, len(ids))
	for i, id := range ids {
		keys[i] = t.Key(id)
	}
	records, err := tx.GetAll(ctx, keys...)
	if err != nil {
		return nil, err
	}
	values := make([]T, 0, len(ids))
	for _, record := range records {
		if record.Rev == 0 {
			continue
		}
		value, err := t.Decode(record)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

// Peek is GetAll for what a decision does not rest on: the records read become
// no guards, so their change in the meantime is no conflict.
func (t Table[T]) Peek(ctx context.Context, tx *Tx, ids ...string) ([]T, error) {
	return t.GetAll(ctx, Begin(tx.store, tx.Cause(), tx.Now()), ids...)
}

// Put records the new content of a record that this Tx read, with the index
// marks that change with it.
func (t Table[T]) Put(tx *Tx, id string, value T, marks ...Mark) error {
	data, err := t.Encode(value)
	if err != nil {
		return fmt.Errorf("encode %s: %w", t.Key(id), err)
	}
	tx.Write(Write{Key: t.Key(id), Data: data, Keep: t.Keep, Index: marks})
	return nil
}

// Encode returns the value as it is kept.
func (t Table[T]) Encode(value T) ([]byte, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return json.Marshal(envelope{t.Schema, body})
}

// Delete removes a record that this Tx read.
func (t Table[T]) Delete(tx *Tx, id string, marks ...Mark) {
	tx.Write(Write{Key: t.Key(id), Delete: true, Index: marks})
}

// Decode reads a record that was not read through a Tx; one that is not there
// is a zero value.
func (t Table[T]) Decode(record Record) (value T, err error) {
	if record.Rev == 0 {
		return value, nil
	}
	var e envelope
	if err := json.Unmarshal(record.Data, &e); err != nil {
		return value, fmt.Errorf("decode %s: %w", record.Key, err)
	}
	if e.Schema > t.Schema {
		return value, fmt.Errorf("decode %s: written by a newer release (schema %d, this one reads up to %d)",
			record.Key, e.Schema, t.Schema)
	}
	if err := json.Unmarshal(e.Body, &value); err != nil {
		return value, fmt.Errorf("decode %s: %w", record.Key, err)
	}
	return value, nil
}
