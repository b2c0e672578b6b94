package state

import (
	"cmp"
	"context"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/work"
)

// Dead is what could not be done while nobody waits to hear of it: an item that
// no handler could take, an effect that did not arrive and has no topic. It is
// kept so that somebody is told (the brief, the status) and can find it in the log.
type Dead struct {
	ID    string `json:"id"`
	Ref   string `json:"ref"`
	What  string `json:"what"` // the item's topic, the effect's kind
	Brand string `json:"brand,omitempty"`
	// Reason is a catalog key, with its arguments.
	Reason string            `json:"reason"`
	Args   map[string]string `json:"args,omitempty"`
	At     time.Time         `json:"at"`
	Data   []byte            `json:"data,omitempty"`
}

const (
	deadIndex = "dead"
	// DeadItem is the reason of an item that no handler could take.
	DeadItem = "outbox.unhandled"
)

var deads = Table[Dead]{Kind: "dead", Schema: 1, Keep: 30 * 24 * time.Hour}

// BuryItem is the write that keeps an item that can never be handled.
func BuryItem(item work.Item, now time.Time) Write {
	return Dead{ID: item.ID, What: item.Topic, Reason: DeadItem, At: now, Data: item.Data}.write()
}

func buryEffect(e outbox.Effect, r outbox.Receipt) Write {
	return Dead{ID: e.ID, What: e.Kind, Brand: e.Brand, At: r.At, Data: e.Data,
		Reason: cmp.Or(r.Reason, "outbox.broken"), Args: r.Args}.write()
}

func (d Dead) write() Write {
	d.Ref = work.Ref(d.ID)
	data, err := deads.Encode(d)
	if err != nil { // strings, bytes and times always encode
		panic("encode dead item: " + err.Error())
	}
	return Write{Key: deads.Key(d.ID), Data: data, Blind: true, Keep: deads.Keep,
		Index: []Mark{{Index: deadIndex, Member: d.ID, Score: d.At.UnixMilli()}}}
}

// Died returns what died since a time, the newest first, most at most; 0 is all.
func Died(ctx context.Context, tx *Tx, since time.Time, most int) ([]Dead, error) {
	members, err := tx.List(ctx, Range{Index: deadIndex, From: since.UnixMilli(), To: 1 << 53, Limit: most, Reverse: true})
	if err != nil {
		return nil, err
	}
	return deads.Peek(ctx, tx, IDs(members)...)
}
