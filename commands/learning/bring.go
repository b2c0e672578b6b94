package learning

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// Bring keeps a model that was learnt elsewhere, measured on the labels that
// this brand holds out, and hands it to whoever serves: there it is proposed to
// the admins like one learnt at night. What the file says nothing of stays as the
// brand has it. Bytes that this release cannot read are a learnt.ErrFile, and
// nothing is kept.
func (t *Trainer) Bring(ctx context.Context, b *brand.Brand, data []byte) (Model, error) {
	brought, err := t.Library.Shipped.Decode(data)
	if err != nil {
		return Model{}, err
	}
	cause := "brought:" + b.ID + "@" + strconv.FormatInt(t.Now().UnixNano(), 10)
	look := state.Begin(t.Store, cause, t.Now())
	all, err := newest(ctx, look, b.ID, t.Now(), mostLabels)
	if err != nil {
		return Model{}, err
	}
	used, err := t.Library.Of(ctx, look, b.ID)
	if err != nil {
		return Model{}, err
	}
	lists, err := listsOf(b)
	if err != nil {
		return Model{}, err
	}
	if brought.Tone == nil {
		brought.Tone = used.Tone
	}
	if brought.Theme == nil {
		brought.Theme = used.Theme
	}
	if data, err = brought.Encode(); err != nil {
		return Model{}, err
	}
	_, held := deal(all)
	model := Model{Labels: len(held), Brought: true,
		Before: measure(t.Library.Shipped.Reader(lists, used), held), After: measure(t.Library.Shipped.Reader(lists, brought), held)}
	_, err = state.Do(ctx, t.Store, cause, t.Now(), nil, func(ctx context.Context, tx *state.Tx) (_ []byte, err error) {
		if model.Number, err = shelve(ctx, tx, b.ID, model, data); err != nil {
			return nil, err
		}
		tx.Log(audit.Entry{What: "model.brought", Brand: b.ID, Subject: subject(b.ID, model.Number)})
		return nil, handOver(tx, b.ID, model.Number)
	})
	return model, err
}

// handOver lets whoever serves know of a model as the receipt of its learning
// would.
func handOver(tx *state.Tx, brand string, number int) error {
	data, err := json.Marshal(outbox.Receipt{Status: outbox.Sent, At: tx.Now(), Ref: strconv.Itoa(number)})
	if err != nil {
		return fmt.Errorf("encode receipt of model %s: %w", modelID(brand, number), err)
	}
	tx.Later(work.Due{Key: "brought:" + modelID(brand, number), At: tx.Now(),
		Item: work.Item{Conversation: "learn:" + brand, Topic: outbox.ReceiptTopic(Topic), Data: data}})
	return nil
}
