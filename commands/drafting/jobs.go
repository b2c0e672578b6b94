package drafting

import (
	"context"
	"encoding/json"
	"fmt"

	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// ProbeKind is the kind of effects that try a link.
const ProbeKind = "probe"

// Topic is where receipts of tried links come back.
const Topic = "drafting"

// Probe is the content of a probe effect.
type Probe struct {
	Address string `json:"address"`
}

// Probes tries links through the outbox: the engine itself calls nobody.
type Probes struct{}

// Try implements Links.
func (Probes) Try(tx *state.Tx, draft string, addresses []string) {
	for _, address := range addresses {
		data, err := json.Marshal(Probe{address})
		if err != nil { // a string always encodes
			panic("encode probe: " + err.Error())
		}
		tx.Emit(outbox.Effect{
			Kind: ProbeKind, Destination: "web:" + draft, Class: outbox.Digest,
			Topic: Topic, Conversation: draft, Data: data})
	}
}

// Tried handles the receipt of a tried link: Ref is the address, Conversation
// the draft.
func (e *Engine) Tried(ctx context.Context, tx *state.Tx, item work.Item) error {
	var receipt outbox.Receipt
	if err := json.Unmarshal(item.Data, &receipt); err != nil {
		return fmt.Errorf("decode receipt %s: %w", item.ID, err)
	}
	if receipt.Ref == "" {
		return nil // it could not be tried; nothing is known, nothing is said
	}
	found := LinkState{OK: receipt.Reason == "", Reason: receipt.Reason, At: receipt.At}
	if err := e.LinkTried(ctx, tx, item.Conversation, receipt.Ref, found); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, ViewName, item.Conversation)
}
