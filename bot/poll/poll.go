// Package poll is what is read again and again: the feeds of a brand and of its
// competitors. It keeps each one's cursor, when to come back, and since when it
// has been silent, so that nobody takes silence for calm.
//
// It calls nobody: reading is an effect of kind Kind, what was read enters by
// itself before the receipt moves the cursor on.
package poll

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// Kind is the kind of effects that read.
	Kind = "poll"
	// Topic is that of due times and receipts.
	Topic = "poll"
	// Part is the reason of a source that answers, and does not show all that it
	// has; what it did show is heard.
	Part = "source.part"
	// usual is when to come back if the reader did not say.
	usual = 15 * time.Minute
	// silentAfter is how long a source must fail before people are told.
	silentAfter = time.Hour
)

// Poll is one thing that is read.
type Poll struct {
	ID    string `json:"id"`
	Brand string `json:"brand"`
	// What is read: "mentions" or "rival"; Subject is the source's name or the
	// rival's ID; Name is what people call it.
	What    string `json:"what"`
	Subject string `json:"subject"`
	Name    string `json:"name"`
	Address string `json:"address"`
	Cursor  string `json:"cursor,omitempty"`
	// Reads counts good reads; LastOK is the last one.
	Reads  int       `json:"reads"`
	LastOK time.Time `json:"last_ok,omitzero"`
	// Since is since when it fails, Reason why: a catalog key.
	Since  time.Time         `json:"since,omitzero"`
	Reason string            `json:"reason,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
}

var polls = state.Table[Poll]{Kind: "poll", Schema: 1}

func index(brand string) string { return "polls:" + brand }

// Begin reads p from now on. One that is read already keeps its cursor.
func Begin(ctx context.Context, tx *state.Tx, p Poll) error {
	kept, found, err := polls.Get(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	if found {
		p.Cursor, p.Reads, p.LastOK = kept.Cursor, kept.Reads, kept.LastOK
		if kept.Address != p.Address {
			p.Cursor = ""
		}
	}
	later(tx, p.ID, tx.Now())
	return put(tx, p)
}

// End stops reading.
func End(ctx context.Context, tx *state.Tx, id string) error {
	p, found, err := polls.Get(ctx, tx, id)
	if err != nil || !found {
		return err
	}
	tx.Cancel(key(id))
	polls.Delete(tx, id, state.Mark{Index: index(p.Brand), Member: id, Remove: true})
	return nil
}

// All lists what is read for a brand.
func All(ctx context.Context, tx *state.Tx, brand string) ([]Poll, error) {
	members, err := tx.List(ctx, state.Range{Index: index(brand), From: 0, To: 1 << 53})
	if err != nil {
		return nil, err
	}
	return polls.Peek(ctx, tx, state.IDs(members)...)
}

// Get reads one.
func Get(ctx context.Context, tx *state.Tx, id string) (Poll, bool, error) {
	return polls.Get(ctx, tx, id)
}

// Silent says that it has failed for long enough to tell people.
func (p Poll) Silent(now time.Time) bool {
	return !p.Since.IsZero() && now.Sub(p.Since) >= silentAfter
}

// Why says in words why it fails, nothing if it does not.
func (p Poll) Why(print *i18n.Printer) string {
	if p.Reason == "" {
		return ""
	}
	args := make([]any, 0, 2*len(p.Args))
	for name, value := range p.Args {
		args = append(args, name, value)
	}
	return print.T(p.Reason, args...)
}

func put(tx *state.Tx, p Poll) error {
	return polls.Put(tx, p.ID, p, state.Mark{Index: index(p.Brand), Member: p.ID, Score: 1})
}

func key(id string) string { return "poll:" + id }

func later(tx *state.Tx, id string, at time.Time) {
	tx.Later(work.Due{Key: key(id), At: at,
		Item: work.Item{Conversation: id, Topic: "due:" + Topic, Data: []byte(id)}})
}

// Due orders the next read.
func Due(ctx context.Context, tx *state.Tx, item work.Item) error {
	p, found, err := polls.Get(ctx, tx, string(item.Data))
	if err != nil || !found {
		return err
	}
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode poll %s: %w", p.ID, err)
	}
	tx.Emit(outbox.Effect{Kind: Kind, Destination: "poll:" + p.ID, Class: outbox.Digest,
		Topic: Topic, Conversation: p.ID, Data: data})
	return nil
}

// Read is the receipt of a read whose items are stored: the cursor to keep and
// when to come back.
func Read(cursor string, delay time.Duration) outbox.Receipt {
	return outbox.Receipt{Ref: cursor, Args: map[string]string{"delay": strconv.FormatInt(delay.Milliseconds(), 10)}}
}

// Unread is the receipt of a read that failed.
func Unread(reason string, args map[string]string, delay time.Duration) outbox.Receipt {
	kept := map[string]string{"delay": strconv.FormatInt(delay.Milliseconds(), 10)}
	for name, value := range args {
		kept[name] = value
	}
	return outbox.Receipt{Status: outbox.Failed, Reason: reason, Args: kept}
}

// Receipt records how a read ended and sets the next one. News is told of every
// receipt, so that a feature may show it.
func Receipt(news func(context.Context, *state.Tx, Poll) error) state.Handler {
	return func(ctx context.Context, tx *state.Tx, item work.Item) error {
		var receipt outbox.Receipt
		if err := json.Unmarshal(item.Data, &receipt); err != nil {
			return fmt.Errorf("decode receipt %s: %w", item.ID, err)
		}
		p, found, err := polls.Get(ctx, tx, item.Conversation)
		if err != nil || !found {
			return err
		}
		p = settle(p, receipt, tx.Now())
		later(tx, p.ID, tx.Now().Add(delay(receipt)))
		if err := put(tx, p); err != nil {
			return err
		}
		return news(ctx, tx, p)
	}
}

// settle is how a poll stands after a receipt; pure.
func settle(p Poll, receipt outbox.Receipt, now time.Time) Poll {
	if receipt.Status == outbox.Sent {
		p.Cursor, p.LastOK, p.Since, p.Reason, p.Args = receipt.Ref, now, time.Time{}, "", nil
		p.Reads++
		return p
	}
	if p.Since.IsZero() {
		p.Since = now
	}
	p.Reason, p.Args = receipt.Reason, receipt.Args
	return p
}

func delay(receipt outbox.Receipt) time.Duration {
	ms, err := strconv.ParseInt(receipt.Args["delay"], 10, 64)
	if err != nil || ms <= 0 {
		return usual
	}
	return time.Duration(ms) * time.Millisecond
}
