package state

import (
	"encoding/json"

	"crieur/bot/outbox"
	"crieur/bot/work"
)

// Finishing is the commit by which an effect ends: its receipt, the record that
// goes with it, the news for its topic, and its entry off the lane. What did not
// arrive and has no topic is kept as Dead.
func Finishing(ticket work.Ticket, effect outbox.Effect, receipt outbox.Receipt) Commit {
	if effect.Kind == "" {
		// Nothing is kept of it: only its entry goes. That is no end: a store that
		// lost its last second may be given the same effect again.
		return Commit{Cause: "gone:" + ticket.Lane.String() + "/" + ticket.Entry, Now: receipt.At, Ack: &ticket}
	}
	c := Commit{
		Cause: "end:" + effect.ID, Now: receipt.At,
		Receipt: &receipt, Ack: &ticket,
	}
	if receipt.Keep != nil {
		c.Writes = []Write{{
			Key: Key{receipt.Keep.Kind, receipt.Keep.ID}, Data: receipt.Keep.Data, Blind: true, Keep: KeepWork,
		}}
	}
	if effect.Topic == "" && (receipt.Status == outbox.Failed || receipt.Status == outbox.Unknown) {
		c.Writes = append(c.Writes, buryEffect(effect, receipt))
	}
	if effect.Topic != "" {
		data, err := json.Marshal(receipt)
		if err != nil { // strings, times and a map of strings always encode
			panic("encode receipt: " + err.Error())
		}
		c.Items = []work.Item{{
			ID: "receipt:" + effect.ID, Conversation: effect.Conversation,
			Topic: outbox.ReceiptTopic(effect.Topic), Data: data, At: receipt.At,
		}}
	}
	return c
}
