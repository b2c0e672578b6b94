package learning

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/text/learnt"
	"crieur/bot/text/tone"
	"crieur/bot/work"
)

// house is the feature over one store, on a clock that the test moves.
type house struct {
	t      *testing.T
	store  *statetest.Mem
	now    time.Time
	brand  *brand.Brand
	engine *Engine
	train  *Trainer
	causes int
}

func newHouse(t *testing.T, shipped *learnt.Shipped) *house {
	b := &brand.Brand{ID: "colibri", Name: "Maison Colibri", Langs: []string{"fr"}, Zone: time.UTC,
		Themes: map[string][]string{"colis": {"colis"}, "gout": {"goût"}}}
	space := &brand.Space{ID: "s", Brands: []*brand.Brand{b}, Members: []*brand.Member{
		{ID: "morgan", Name: "Morgan", Roles: []brand.Role{brand.Admin}, Handles: map[string]string{"console": "morgan"}}}}
	h := &house{t: t, store: statetest.NewMem(), brand: b, now: time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)}
	h.engine, h.train = h.process(space, shipped)
	return h
}

// process is one of several that share the store.
func (h *house) process(space brand.Source, shipped *learnt.Shipped) (*Engine, *Trainer) {
	library := &Library{Shipped: shipped}
	return &Engine{Space: space, Library: library, NewToken: func(*state.Tx) string { return "token" }},
		&Trainer{Store: h.store, Space: space, Library: library, Now: func() time.Time { return h.now }}
}

func (h *house) try(decide func(context.Context, *state.Tx) error) error {
	h.causes++
	_, err := state.Do(h.t.Context(), h.store, "cause"+strconv.Itoa(h.causes), h.now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, decide(ctx, tx) })
	return err
}

func (h *house) do(decide func(context.Context, *state.Tx) error) {
	h.t.Helper()
	if err := h.try(decide); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) teach(lessons ...listen.Lesson) {
	h.t.Helper()
	h.now = h.now.Add(time.Minute)
	h.do(func(ctx context.Context, tx *state.Tx) error {
		for _, lesson := range lessons {
			if err := h.engine.Teach(ctx, tx, h.brand, "camille", lesson); err != nil {
				return err
			}
		}
		return nil
	})
}

// night lets the brand learn, and gives the effects that learning ordered.
func (h *house) night() []outbox.Effect {
	h.t.Helper()
	h.now = h.now.Add(24 * time.Hour)
	var ordered []outbox.Effect
	h.do(func(ctx context.Context, tx *state.Tx) error {
		if err := h.engine.Due(ctx, tx, work.Item{Data: []byte(h.brand.ID)}); err != nil {
			return err
		}
		ordered = tx.Effects()
		return nil
	})
	for _, effect := range ordered {
		h.carryOut(effect)
	}
	return ordered
}

func (h *house) carryOut(effect outbox.Effect) outbox.Receipt {
	h.t.Helper()
	receipt, err := h.train.Send(h.t.Context(), effect, outbox.Attempt{})
	if err != nil {
		h.t.Fatal(err)
	}
	receipt.Status = outbox.Sent
	data, err := json.Marshal(receipt)
	if err != nil {
		h.t.Fatal(err)
	}
	h.do(func(ctx context.Context, tx *state.Tx) error {
		return h.engine.Learnt(ctx, tx, work.Item{Conversation: effect.Conversation, Data: data})
	})
	return receipt
}

func (h *house) shelf() (shelf Shelf) {
	h.t.Helper()
	found, err := shelves.Peek(h.t.Context(), state.Begin(h.store, "look", h.now), h.brand.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	if len(found) == 1 {
		shelf = found[0]
	}
	return shelf
}

// model reads one that was learnt.
func (h *house) model(number int) Model {
	h.t.Helper()
	found, err := models.Peek(h.t.Context(), state.Begin(h.store, "look", h.now), modelID(h.brand.ID, number))
	if err != nil || len(found) != 1 {
		h.t.Fatalf("model %d: %d found, %v", number, len(found), err)
	}
	return found[0]
}

// feels is what the engine's process makes of a text now.
func (h *house) feels(e *Engine, text string) tone.Sentiment {
	h.t.Helper()
	own, err := e.Library.Of(h.t.Context(), state.Begin(h.store, "look", h.now), h.brand.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return e.Library.Shipped.Reader(nil, own).Tone.Score(text, "fr").Sentiment
}

// card draws the card and holds it against the catalog.
func (h *house) card(lang string) (bot.Card, string) {
	h.t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		h.t.Fatal(err)
	}
	card, err := (&Chat{Engine: h.engine}).view(h.t.Context(), bot.ViewRequest{Space: h.engine.Space.Now(), Brand: h.brand,
		Subject: h.brand.ID, Print: catalog.For(lang, time.UTC), Now: h.now, Tx: state.Begin(h.store, "draw", h.now)})
	if err != nil {
		h.t.Fatal(err)
	}
	text := bottest.Plain(card)
	if strings.Contains(text, "learning.") || strings.Contains(text, "<no value>") {
		h.t.Errorf("a key or a missing argument: %s", text)
	}
	return card, strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

// jargon are texts that only this brand's team can tell apart: "cric" is bad
// with them and "crac" is neutral. truth turns what the labels say around for the
// texts that it returns false for.
func jargon(truth func(Label) bool) []listen.Lesson {
	var lessons []listen.Lesson
	for i := range 100 {
		for _, said := range []struct{ word, feels, theme string }{{"cric", "negative", "colis"}, {"crac", "neutral", "gout"}} {
			theme := said.theme
			lesson := listen.Lesson{Text: fmt.Sprintf("le thé %d a fait %s ce matin", i, said.word), Lang: "fr", Sentiment: said.feels, Theme: &theme}
			if !truth(Label{Lesson: lesson}) {
				other := map[string]string{"negative": "neutral", "neutral": "negative"}
				lesson.Sentiment = other[lesson.Sentiment]
			}
			lessons = append(lessons, lesson)
		}
	}
	return lessons
}

func honest(Label) bool { return true }

func TestLearnsProposesAndIsAdopted(t *testing.T) {
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, shipped)
	const said = "ce colis a fait cric"
	h.teach(jargon(honest)...)
	ordered := h.night()
	if len(ordered) != 1 || h.shelf().Proposed != 1 || h.shelf().Current() != 0 {
		t.Fatalf("%d ordered, shelf %+v", len(ordered), h.shelf())
	}
	if m := h.model(1); m.Labels != 200 || m.Pieces < 2 || m.After.Judged < 20 || m.After.Right <= m.Before.Right || m.After.Found <= m.Before.Found ||
		m.After.Worse(m.Before) {
		t.Errorf("model %+v", m)
	}
	if h.feels(h.engine, said) == tone.Negative {
		t.Error("used before anybody adopted it")
	}
	_, text := h.card("fr")
	for _, want := range []string{"Apprentissage · Maison Colibri", "En service : le réglage livré", "200 messages jugés", "Adopter", "Garder l’ancien", "Sans décision, rien ne change."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the card:\n%s", want, text)
		}
	}
	if again := h.carryOut(ordered[0]); again.Ref != "1" || h.shelf().Last != 1 {
		t.Errorf("carried out twice: %+v, %+v", again, h.shelf())
	}
	h.do(func(ctx context.Context, tx *state.Tx) error { return h.engine.Adopt(ctx, tx, "colibri", "morgan") })
	other, _ := h.process(h.engine.Space, shipped)
	for name, e := range map[string]*Engine{"this process": h.engine, "another process": other} {
		if h.feels(e, said) != tone.Negative {
			t.Errorf("%s does not use the adopted model", name)
		}
	}
	if card, text := h.card("en"); !strings.Contains(text, "In use: the tuning learnt") || len(card.Buttons) != 1 {
		t.Errorf("card:\n%s", text)
	}
	if err := h.try(func(ctx context.Context, tx *state.Tx) error { return h.engine.Adopt(ctx, tx, "colibri", "morgan") }); !errors.Is(err, ErrNothing) {
		t.Errorf("adopted twice: %v", err)
	}
	h.do(func(ctx context.Context, tx *state.Tx) error { return h.engine.Revert(ctx, tx, "colibri", "morgan") })
	for _, e := range []*Engine{h.engine, other} {
		if h.feels(e, said) == tone.Negative {
			t.Error("still used after going back")
		}
	}
	if s := h.shelf(); s.Current() != 0 || s.Proposed != 1 {
		t.Errorf("going back can't be taken back: %+v", s)
	}
	if err := h.try(func(ctx context.Context, tx *state.Tx) error { return h.engine.Revert(ctx, tx, "colibri", "morgan") }); !errors.Is(err, ErrFirst) {
		t.Errorf("went back before the first: %v", err)
	}
}

// A model that gets fewer of the held-out labels right says so, and keeping the
// old one is the main button.
func TestWorseSaysSo(t *testing.T) {
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, shipped)
	h.teach(jargon(honest)...)
	h.night()
	h.do(func(ctx context.Context, tx *state.Tx) error { return h.engine.Adopt(ctx, tx, "colibri", "morgan") })
	h.teach(jargon(isHeld)...) // somebody clicks everything the wrong way round
	h.night()
	m := h.model(2)
	if !m.After.Worse(m.Before) || m.Before.Right != m.Before.Judged || m.Before.Missed != 0 || m.After.Missed == 0 {
		t.Fatalf("model %+v", m)
	}
	card, text := h.card("fr")
	if !strings.Contains(text, "Moins bon que l’actuel") || card.Buttons[0].Action != "learning.keep" || card.Buttons[0].Style != bot.Primary {
		t.Errorf("card:\n%s", text)
	}
	h.do(func(ctx context.Context, tx *state.Tx) error { return h.engine.Keep(ctx, tx, "colibri", "morgan") })
	if s := h.shelf(); s.Current() != 1 || s.Proposed != 0 || h.feels(h.engine, "ce colis a fait cric") != tone.Negative {
		t.Errorf("shelf %+v", s)
	}
	if n := len(h.store.Dump("modelpiece")); n != h.model(1).Pieces {
		t.Errorf("%d pieces kept, want those of the first model only", n)
	}
	// Adopted all the same, it is used; what went before can be had back.
	h.teach(jargon(isHeld)...)
	h.night()
	for _, c := range []struct {
		decide decision
		want   bool
	}{{h.engine.Adopt, false}, {h.engine.Revert, true}, {h.engine.Adopt, false}} {
		h.do(func(ctx context.Context, tx *state.Tx) error { return c.decide(ctx, tx, "colibri", "morgan") })
		if got := h.feels(h.engine, "ce colis a fait cric") == tone.Negative; got != c.want {
			t.Errorf("found %v, want %v; shelf %+v", got, c.want, h.shelf())
		}
	}
}

func TestCorruptModel(t *testing.T) {
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, shipped)
	h.teach(jargon(honest)...)
	h.night()
	adopt := func(ctx context.Context, tx *state.Tx) error { return h.engine.Adopt(ctx, tx, "colibri", "morgan") }
	whole := h.replace("colibri/1/0", nil)
	if err := h.try(adopt); !errors.Is(err, ErrCorrupt) || h.shelf().Current() != 0 {
		t.Fatalf("adopted without its first piece: %v", err)
	}
	h.replace("colibri/1/0", whole)
	h.do(adopt)
	turned := append([]byte(nil), whole...)
	turned[len(turned)/2]++
	h.replace("colibri/1/0", turned)
	other, _ := h.process(h.engine.Space, shipped)
	if h.feels(other, "ce colis a fait cric") == tone.Negative {
		t.Error("read with a wrong byte")
	}
	lines := func(e *Engine) (lines []string) {
		catalog, err := i18n.Load()
		if err != nil {
			t.Fatal(err)
		}
		h.do(func(ctx context.Context, tx *state.Tx) error {
			lines, err = e.Section(ctx, tx, h.brand, h.now, catalog.For("fr", time.UTC))
			return err
		})
		return lines
	}
	if got := lines(other); len(got) != 1 || !strings.Contains(got[0], "illisible") {
		t.Errorf("the brief says %q", got)
	}
	h.engine = other
	if _, text := h.card("en"); !strings.Contains(text, "cannot be read") {
		t.Errorf("card:\n%s", text)
	}
}

// replace puts other bytes into a piece, nil none, and gives those that were there.
func (h *house) replace(id string, data []byte) (was []byte) {
	h.do(func(ctx context.Context, tx *state.Tx) (err error) {
		if was, _, err = pieces.Get(ctx, tx, id); err != nil {
			return err
		}
		return pieces.Put(tx, id, data)
	})
	return was
}

func TestFewLabelsTeachNothing(t *testing.T) {
	h := newHouse(t, &learnt.Shipped{})
	h.teach(jargon(honest)[:fresh-1]...)
	if ordered := h.night(); len(ordered) != 0 {
		t.Errorf("%d labels: ordered %v", fresh-1, ordered)
	}
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	h = newHouse(t, shipped)
	h.teach(jargon(honest)[:fresh]...)
	if ordered := h.night(); len(ordered) != 1 || h.shelf().Last != 0 || h.shelf().Proposed != 0 {
		t.Errorf("%d labels: ordered %d, shelf %+v", fresh, len(ordered), h.shelf())
	}
	if ordered := h.night(); len(ordered) != 0 {
		t.Errorf("learnt again from nothing new: %v", ordered)
	}
}

func TestTeach(t *testing.T) {
	h := newHouse(t, nil)
	theme, none := "colis", ""
	for _, c := range []struct {
		name   string
		lesson listen.Lesson
		want   string
	}{
		{"nothing said", listen.Lesson{Text: "a"}, ""},
		{"no text", listen.Lesson{Sentiment: "neutral"}, ""},
		{"a sentiment", listen.Lesson{Text: "b", Lang: "fr", Sentiment: "neutral"}, `"text":"b","lang":"fr","sentiment":"neutral"`},
		{"then a theme", listen.Lesson{Text: "b", Lang: "fr", Theme: &theme}, `"sentiment":"neutral","theme":"colis"`},
		{"the newest click counts", listen.Lesson{Text: "b", Lang: "fr", Sentiment: "negative"}, `"sentiment":"negative","theme":"colis"`},
		{"about nothing", listen.Lesson{Text: "b", Lang: "fr", Theme: &none}, `"sentiment":"negative","theme":""`},
	} {
		h.teach(c.lesson)
		got := string(h.store.Dump("label")[labelID("colibri", "b")])
		if !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: kept %s", c.name, got)
		}
	}
	_, next, err := h.store.MoveDue(t.Context(), h.now, 10)
	if want := time.Date(2026, 11, 27, hour, 0, 0, 0, time.UTC); err != nil || !next.Equal(want) {
		t.Errorf("learns at %v, want %v, %v", next, want, err)
	}
}

// Only what can be gone back to is kept.
func TestOldModelsAreForgotten(t *testing.T) {
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, shipped)
	for range keepModels + 2 {
		h.do(func(ctx context.Context, tx *state.Tx) error {
			shelf, _, err := shelves.Get(ctx, tx, "colibri")
			if err != nil {
				return err
			}
			shelf.Last++
			shelf.Proposed = shelf.Last
			data, err := learnt.Models{}.Encode()
			if err != nil {
				return err
			}
			if err := put(ctx, tx, "colibri", Model{Number: shelf.Last}, data); err != nil {
				return err
			}
			return shelves.Put(tx, "colibri", shelf)
		})
		h.do(func(ctx context.Context, tx *state.Tx) error { return h.engine.Adopt(ctx, tx, "colibri", "morgan") })
	}
	if s, n := h.shelf(), len(h.store.Dump("model")); fmt.Sprint(s.Past) != "[3 4 5 6]" || n != keepModels || len(h.store.Dump("modelpiece")) != keepModels {
		t.Errorf("past %v, %d models and %d pieces kept", s.Past, n, len(h.store.Dump("modelpiece")))
	}
}

func TestTonight(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-11-26T10:00": "2026-11-27T03:00", "2026-11-26T02:59": "2026-11-26T03:00", "2026-11-26T03:00": "2026-11-27T03:00",
		"2026-10-24T23:00": "2026-10-25T03:00", "2026-03-28T23:00": "2026-03-29T03:00",
	} {
		at, err := time.ParseInLocation("2006-01-02T15:04", now, paris)
		if err != nil {
			t.Fatal(err)
		}
		if got := tonight(at).Format("2006-01-02T15:04"); got != want {
			t.Errorf("after %s: %s, want %s", now, got, want)
		}
	}
}

// The proposal waits in the conversation of every admin.
func TestAdminsAreAsked(t *testing.T) {
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, shipped)
	h.teach(jargon(honest)...)
	h.night()
	h.do(func(ctx context.Context, tx *state.Tx) error {
		card, found, err := board.Get(ctx, tx, board.ID(View, "colibri"))
		if err == nil && (!found || len(card.Copies) != 1 || card.Copies[0].Member != "morgan" || card.Copies[0].Place.Channel != "@morgan") {
			t.Errorf("card %+v", card)
		}
		return err
	})
}
