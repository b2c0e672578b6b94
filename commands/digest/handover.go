package digest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// HandoverTopic is that of the handover's due times.
	HandoverTopic = "handover"
	// HandoverView is the handover's card; its subject is "<brand>/<day>".
	HandoverView = "handover"
	// QuietKind is the kind of effects that ask a chat application whether it lets
	// anything ring for a person; QuietTopic is that of their receipts.
	QuietKind  = "quiet"
	QuietTopic = "quiet"
)

// Quiet is the content of a quiet effect: whom it asks about.
type Quiet struct {
	Place board.Place `json:"place"` // their direct messages
}

// Stretch is when a chat application lets nothing ring for a person.
type Stretch struct{ From, Until time.Time }

// Told is the receipt of a quiet effect; a zero stretch is none.
func Told(s Stretch) outbox.Receipt {
	if s.Until.IsZero() {
		return outbox.Receipt{}
	}
	return outbox.Receipt{Args: map[string]string{
		"From": s.From.UTC().Format(time.RFC3339), "Until": s.Until.UTC().Format(time.RFC3339)}}
}

// Night is what is known of who is on call until the next brief.
type Night struct {
	OnCall []string `json:"on_call,omitempty"`
	// Until is when people work again.
	Until time.Time `json:"until"`
	// Quiet are those whose chat application lets nothing ring before Until.
	Quiet map[string]Stretch `json:"quiet,omitempty"`
}

var nights = state.Table[Night]{Kind: "night", Schema: 1, Keep: 60 * 24 * time.Hour}

// Handover hangs the handover of today, asks whether who is on call can be rung,
// and sets the next one.
func (e *Engine) Handover(ctx context.Context, tx *state.Tx, item work.Item) error {
	b := e.Space.Now().Brand(string(item.Data))
	if b == nil {
		return nil
	}
	later(tx, b, HandoverTopic, b.Handover)
	until, ok := nextAt(b, b.Brief, tx.Now())
	if !ok || !b.At(nil).Open(tx.Now()) { // it comes late, after an outage: people have gone
		return nil
	}
	id := today(b, tx.Now())
	night, _, err := nights.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	rota := e.Space.Now().Rota(b, tx.Now())
	night.Until, night.OnCall = until, nil
	for _, m := range rota {
		night.OnCall = append(night.OnCall, m.ID)
		places := m.Direct()
		if len(places) == 0 {
			continue
		}
		if err := ask(tx, b, m, places[0], id); err != nil {
			return err
		}
	}
	if err := nights.Put(tx, id, night); err != nil {
		return err
	}
	return e.hang(ctx, tx, b, HandoverView)
}

func ask(tx *state.Tx, b *brand.Brand, m *brand.Member, place board.Place, night string) error {
	data, err := json.Marshal(Quiet{place})
	if err != nil {
		return fmt.Errorf("encode question about %s: %w", m.ID, err)
	}
	tx.Emit(outbox.Effect{Kind: QuietKind, Destination: place.Platform + ":" + place.Team + ":quiet", Class: outbox.Digest, Brand: b.ID,
		Topic: QuietTopic, Conversation: night + "/" + m.ID, Data: data})
	return nil
}

// Answered records whether a person on call can be rung.
func (e *Engine) Answered(ctx context.Context, tx *state.Tx, item work.Item) error {
	var receipt outbox.Receipt
	if err := json.Unmarshal(item.Data, &receipt); err != nil {
		return fmt.Errorf("decode receipt %s: %w", item.ID, err)
	}
	at := strings.LastIndex(item.Conversation, "/")
	if receipt.Status != outbox.Sent || receipt.Args == nil || at < 0 {
		return nil
	}
	id, member := item.Conversation[:at], item.Conversation[at+1:]
	night, found, err := nights.Get(ctx, tx, id)
	if err != nil || !found {
		return err
	}
	from, err := time.Parse(time.RFC3339, receipt.Args["From"])
	if err != nil {
		return fmt.Errorf("read quiet hours of %s: %w", member, err)
	}
	until, err := time.Parse(time.RFC3339, receipt.Args["Until"])
	if err != nil {
		return fmt.Errorf("read quiet hours of %s: %w", member, err)
	}
	if !until.After(tx.Now()) || !from.Before(night.Until) {
		return nil
	}
	if night.Quiet == nil {
		night.Quiet = map[string]Stretch{}
	}
	night.Quiet[member] = Stretch{from, until}
	if err := nights.Put(tx, id, night); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, HandoverView, id)
}
