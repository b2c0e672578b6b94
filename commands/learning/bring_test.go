package learning

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/state"
	"crieur/bot/text/learnt"
	"crieur/bot/text/tone"
	"crieur/bot/work"
)

// file is what crieur train makes of lessons: a tone, and themes if asked.
func file(t *testing.T, shipped *learnt.Shipped, truth func(Label) bool, withThemes bool) []byte {
	t.Helper()
	var all []Label
	for _, lesson := range jargon(truth) {
		all = append(all, Label{Lesson: lesson})
	}
	var made learnt.Models
	var err error
	if made.Tone, _, err = shipped.Tone().Train(tones(all), 0.8); err != nil {
		t.Fatal(err)
	}
	if withThemes {
		if made.Theme, _, err = shipped.Lists.Train(themed(all)); err != nil {
			t.Fatal(err)
		}
	}
	data, err := made.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// bring brings a file in, and lets whoever serves handle what that left for them.
func (h *house) bring(data []byte) Model {
	h.t.Helper()
	h.now = h.now.Add(time.Second)
	brought, err := h.train.Bring(h.t.Context(), h.brand, data)
	if err != nil {
		h.t.Fatal(err)
	}
	left := h.left()
	if len(left) != 1 || left[0].Topic != "receipt:learning" {
		h.t.Fatalf("left for whoever serves: %+v", left)
	}
	h.do(func(ctx context.Context, tx *state.Tx) error { return h.engine.Learnt(ctx, tx, left[0]) })
	return brought
}

// left is what waits now for whoever serves.
func (h *house) left() (items []work.Item) {
	h.t.Helper()
	if _, _, err := h.store.MoveDue(h.t.Context(), h.now, 10); err != nil {
		h.t.Fatal(err)
	}
	entries, err := h.store.Read(h.t.Context(), []work.Lane{work.LaneOf(work.In, "learn:colibri")}, 10, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, entry := range entries {
		items = append(items, entry.Item)
	}
	return items
}

// A file is proposed like what was learnt at night, adopted and given up like it.
func TestBring(t *testing.T) {
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, shipped)
	const said = "ce colis a fait cric"
	if m := h.bring(file(t, shipped, honest, true)); m.Number != 1 || !m.After.Empty() || m.After.Worse(m.Before) {
		t.Errorf("model %+v", m)
	}
	if h.shelf().Proposed != 1 || h.feels(h.engine, said) == tone.Negative {
		t.Fatalf("it is used before anybody adopted it: %+v", h.shelf())
	}
	if card, text := h.card("fr"); !strings.Contains(text, "apporté d’un fichier") || !strings.Contains(text, "rien ne dit") || strings.Contains(text, "flattés") ||
		card.Buttons[0].Action != "learning.adopt" {
		t.Errorf("card:\n%s", text)
	}
	h.do(func(ctx context.Context, tx *state.Tx) error { return h.engine.Adopt(ctx, tx, "colibri", "morgan") })
	if _, text := h.card("en"); h.feels(h.engine, said) != tone.Negative || !strings.Contains(text, "In use: the tuning brought from a file") {
		t.Errorf("card:\n%s", text)
	}

	// A file of tone alone leaves the themes that the brand taught; a worse one
	// says so, and what went before can be had back.
	h.teach(jargon(honest)...)
	m := h.bring(file(t, shipped, func(Label) bool { return false }, false))
	if m.Number != 2 || m.Labels == 0 || m.Before.Right != m.Before.Judged || !m.After.Worse(m.Before) || m.After.Found != m.Before.Found || m.After.Found == 0 {
		t.Errorf("model %+v", m)
	}
	if card, text := h.card("fr"); !strings.Contains(text, "Moins bon que l’actuel") || !strings.Contains(text, "flattés") || card.Buttons[0].Style != bot.Primary ||
		card.Buttons[0].Action != "learning.keep" {
		t.Errorf("card:\n%s", text)
	}
	h.do(func(ctx context.Context, tx *state.Tx) error { return h.engine.Adopt(ctx, tx, "colibri", "morgan") })
	if h.feels(h.engine, said) == tone.Negative {
		t.Error("adopted and not used")
	}
	h.do(func(ctx context.Context, tx *state.Tx) error { return h.engine.Revert(ctx, tx, "colibri", "morgan") })
	if h.feels(h.engine, said) != tone.Negative || h.shelf().Current() != 1 {
		t.Errorf("what went before is not back: %+v", h.shelf())
	}
}

// Of two files brought while nobody serves, the first is forgotten once somebody
// does.
func TestBringTwice(t *testing.T) {
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, shipped)
	data := file(t, shipped, honest, false)
	for range 2 {
		h.now = h.now.Add(time.Second)
		if _, err := h.train.Bring(t.Context(), h.brand, data); err != nil {
			t.Fatal(err)
		}
	}
	for _, item := range h.left() {
		h.do(func(ctx context.Context, tx *state.Tx) error { return h.engine.Learnt(ctx, tx, item) })
	}
	if n := len(h.store.Dump("model")); n != 1 || h.shelf().Proposed != 2 {
		t.Errorf("%d models are kept, shelf %+v", n, h.shelf())
	}
}

func TestBringNoModel(t *testing.T) {
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, shipped)
	whole := file(t, shipped, honest, false)
	for name, data := range map[string][]byte{"nothing": nil, "a text": []byte("{}"), "half a file": whole[:len(whole)/2], "more than a file": append(whole, 0)} {
		if _, err := h.train.Bring(t.Context(), h.brand, data); !errors.Is(err, learnt.ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if h.shelf().Last != 0 || !h.store.Idle() {
		t.Errorf("something was kept: %+v", h.shelf())
	}
}
