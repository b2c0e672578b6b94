package moderation

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// receive hands on how the effect ended that brings a picture of a message.
func (r *room) receive(id string, receipt outbox.Receipt) {
	r.t.Helper()
	data, err := json.Marshal(receipt)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.step(func(ctx context.Context, tx *state.Tx) error {
		return r.Arrived(ctx, tx, work.Item{ID: "receipt", Conversation: id, Data: data})
	}); err != nil {
		r.t.Fatal(err)
	}
}

// The pictures of a message are asked for with the commit that keeps it, and stand
// under their digest once they have come; what did not come is said.
func TestPictures(t *testing.T) {
	r := newRoom(t)
	var effects []outbox.Effect
	var c Case
	_, err := state.Do(t.Context(), r.store, "keep", noon, nil, func(ctx context.Context, tx *state.Tx) (_ []byte, err error) {
		c, err = r.Keep(ctx, tx, r.brand(), "noa", criticism(), Attached{Platform: "slack", Team: "T", Upload: Upload{Ref: "F1", Name: "dessin.png"}},
			Attached{Platform: "slack", Team: "T", Upload: Upload{Ref: "F2", Name: "film.mp4"}})
		effects = tx.Effects()
		return nil, err
	})
	if err != nil || len(effects) != 2 || effects[0].Topic != FileTopic || effects[0].Conversation != c.ID || effects[0].Notifies {
		t.Fatalf("%+v, %v", effects, err)
	}
	if want := `{"platform":"slack","team":"T","upload":{"ref":"F1","name":"dessin.png"}}`; string(effects[0].Data) != want {
		t.Errorf("asked for %s", effects[0].Data)
	}
	r.receive(c.ID, outbox.Receipt{Effect: effects[0].ID, Status: outbox.Sent, Ref: "d1"})
	r.receive(c.ID, outbox.Receipt{Effect: effects[1].ID, Status: outbox.Sent, Reason: "drafting.picture.odd"})
	r.receive(c.ID, outbox.Receipt{Effect: "another", Status: outbox.Sent, Ref: "d2"})
	r.receive("gone", outbox.Receipt{Effect: effects[0].ID, Status: outbox.Sent, Ref: "d3"})
	kept, _ := r.kept(c.ID)
	if first, second := kept.Pictures[0], kept.Pictures[1]; first.Digest != "d1" || first.Lost || !first.KeptAt.Equal(noon) || second.Digest != "" || !second.Lost {
		t.Errorf("kept %+v", kept.Pictures)
	}
	if kept.Seal != c.Seal || len(kept.Acts) != 1 {
		t.Errorf("what was sealed changed: %+v", kept)
	}
	last := r.store.Trail()[len(r.store.Trail())-1]
	if last.What != "moderation.pictured" || last.Detail["sha256"] != "d1" {
		t.Errorf("the trail says %+v", r.store.Trail())
	}
	if again := r.keep("lou", criticism()); len(again.Pictures) != 2 {
		t.Errorf("brought again: %+v", again.Pictures)
	}
}

// No more pictures than a message can have are asked for.
func TestMostPictures(t *testing.T) {
	tx := state.Begin(newRoom(t).store, "keep", noon)
	pictures, err := fetch(tx, "m1", make([]Attached, mostPictures+3))
	if err != nil || len(pictures) != mostPictures || len(tx.Effects()) != mostPictures {
		t.Errorf("%d pictures, %d effects, %v", len(pictures), len(tx.Effects()), err)
	}
	seen := map[string]bool{}
	for _, p := range pictures {
		seen[p.Effect] = true
	}
	if len(seen) != mostPictures || !strings.HasPrefix(pictures[0].Effect, "keep#") {
		t.Errorf("named %v", seen)
	}
}
