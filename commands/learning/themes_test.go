package learning

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/team"
	"crieur/bot/text/learnt"
	"crieur/bot/text/theme"
	"crieur/bot/work"
)

// talk is what is said of every brand.
type talk []listen.Said

func (all talk) Said(_ context.Context, _ *state.Tx, _ string, _ time.Time, most int) ([]listen.Said, error) {
	return all[:min(most, len(all))], nil
}

func (all talk) Again(_ context.Context, _ *state.Tx, ids ...string) (again []listen.Said, _ error) {
	for _, s := range all {
		if slices.Contains(ids, s.ID) {
			again = append(again, s)
		}
	}
	return again, nil
}

// follows knows what brands follow by their lists.
type follows struct{}

func (follows) Themes(b *brand.Brand) []string {
	lists, err := listsOf(b)
	if err != nil {
		panic(err)
	}
	return lists.Names()
}

func (follows) ThemeName(b *brand.Brand, id, lang string) string {
	if name := b.ThemeNames[id][lang]; name != "" {
		return name
	}
	return id
}

// talking is a house whose brand is spoken of, and whose team changes at once.
func talking(t *testing.T, said ...listen.Said) *house {
	t.Helper()
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, shipped)
	h.engine.Heard, h.engine.Themes = talk(said), follows{}
	h.engine.Space = team.New(h.engine.Space.Now(), h.store)
	return h
}

// find lets a night pass.
func (h *house) find() {
	h.t.Helper()
	h.now = h.now.Add(24 * time.Hour)
	h.do(func(ctx context.Context, tx *state.Tx) error {
		return h.engine.Find(ctx, tx, work.Item{Data: []byte(h.brand.ID)})
	})
}

// waiting is what waits for a decision.
func (h *house) waiting() (words []string) {
	h.t.Helper()
	for _, f := range h.findings().Waiting {
		words = append(words, f.Words)
	}
	return words
}

func (h *house) findings() Findings {
	h.t.Helper()
	kept, err := findings.Peek(h.t.Context(), state.Begin(h.store, "look", h.now), h.brand.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	if len(kept) == 0 {
		return Findings{}
	}
	return kept[0]
}

// refresh makes the brand what it is after what was added to it.
func (h *house) refresh() {
	h.t.Helper()
	directory := h.engine.Space.(*team.Directory)
	if err := directory.Refresh(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	h.brand = directory.Now().Brand(h.brand.ID)
}

// trail is what was recorded, the verbs with the members and words.
func (h *house) trail() (said []string) {
	for _, entry := range h.store.Trail() {
		said = append(said, strings.TrimSpace(fmt.Sprint(entry.Who, " ", entry.What, " ", entry.Subject, " ", entry.Detail["words"])))
	}
	return said
}

const kettle = "la bouilloire, %"

func kettleID() string { return Matter{Key: "bouilloire"}.ID() }

// A finding becomes a theme that the next messages have, and can be taken back:
// then it is found again.
func TestCreateAndDrop(t *testing.T) {
	h := talking(t, say(kettle, 6)...)
	h.find()
	if got := h.waiting(); fmt.Sprint(got) != "[bouilloire]" {
		t.Fatalf("waiting: %v", got)
	}
	create := func(name string, words ...string) error {
		return h.try(func(ctx context.Context, tx *state.Tx) error {
			return h.engine.Create(ctx, tx, h.brand, kettleID(), "morgan", name, words)
		})
	}
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"a name that is taken": {create("COLIS", "bouilloire"), ErrNamed},
		"no words":             {create("Bouilloires"), ErrWords},
		"no word at all":       {create("Bouilloires", "bouilloire", "?!"), ErrWords},
		"a letter":             {create("Bouilloires", "b*"), ErrWords},
		"too many":             {create("Bouilloires", make([]string, mostWords+1)...), ErrWords},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
	if err := create("Bouilloires & cie", "bouilloire", "bouilloires"); err != nil {
		t.Fatal(err)
	}
	if err := create("Bouilloires, encore", "bouilloire"); !errors.Is(err, ErrNothing) {
		t.Errorf("decided twice: %v", err)
	}
	h.refresh()
	lists, err := listsOf(h.brand)
	if err != nil {
		t.Fatal(err)
	}
	if got := lists.Themes("Ah, mes Bouilloires !"); len(got) != 1 || got[0].Name != "bouilloires--cie" || h.brand.ThemeNames[got[0].Name]["en"] != "Bouilloires & cie" {
		t.Errorf("the next message has %v; names %v", got, h.brand.ThemeNames)
	}
	h.find()
	if got := h.waiting(); len(got) != 0 {
		t.Errorf("waiting though a theme has it: %v", got)
	}
	drop := func(id string) error {
		return h.try(func(ctx context.Context, tx *state.Tx) error { return h.engine.Drop(ctx, tx, h.brand, id, "morgan") })
	}
	if err := drop("colis"); !errors.Is(err, ErrNothing) {
		t.Errorf("what the file says was taken back: %v", err)
	}
	if err := drop("bouilloires--cie"); err != nil {
		t.Fatal(err)
	}
	h.refresh()
	h.find()
	if got := h.waiting(); fmt.Sprint(got) != "[bouilloire]" || len(h.brand.Added) != 0 {
		t.Errorf("waiting: %v, added %v", got, h.brand.Added)
	}
	const want = "[morgan theme.created theme/colibri/bouilloires--cie bouilloire, bouilloires morgan theme.removed theme/colibri/bouilloires--cie bouilloire, bouilloires]"
	if got := fmt.Sprint(h.trail()); got != want {
		t.Errorf("trail %s, want %s", got, want)
	}
}

func TestExtend(t *testing.T) {
	h := talking(t, say(kettle, 6)...)
	h.find()
	extend := func(id string) error {
		return h.try(func(ctx context.Context, tx *state.Tx) error {
			return h.engine.Extend(ctx, tx, h.brand, kettleID(), "morgan", id, []string{"bouilloire"})
		})
	}
	if err := extend("nowhere"); !errors.Is(err, ErrTheme) {
		t.Errorf("to a theme that there is not: %v", err)
	}
	if err := extend("gout"); err != nil {
		t.Fatal(err)
	}
	if err := extend("gout"); !errors.Is(err, ErrNothing) {
		t.Errorf("decided twice: %v", err)
	}
	h.refresh()
	if got := fmt.Sprint(h.brand.Added, h.waiting()); got != "map[gout:[bouilloire]] []" {
		t.Errorf("added, waiting: %s", got)
	}
}

func TestDeclineAndReopen(t *testing.T) {
	h := talking(t, say(kettle, 6)...)
	h.find()
	decide := func(what func(context.Context, *state.Tx, *brand.Brand, string, string) error) error {
		return h.try(func(ctx context.Context, tx *state.Tx) error { return what(ctx, tx, h.brand, kettleID(), "morgan") })
	}
	if err := decide(h.engine.Reopen); !errors.Is(err, ErrNothing) {
		t.Errorf("reopened what was not declined: %v", err)
	}
	if err := decide(h.engine.Decline); err != nil {
		t.Fatal(err)
	}
	if err := decide(h.engine.Decline); !errors.Is(err, ErrNothing) {
		t.Errorf("declined twice: %v", err)
	}
	for range 3 {
		h.find()
	}
	if got := h.waiting(); len(got) != 0 {
		t.Errorf("proposed again: %v", got)
	}
	if err := decide(h.engine.Reopen); err != nil {
		t.Fatal(err)
	}
	h.find()
	if got := h.waiting(); fmt.Sprint(got) != "[bouilloire]" {
		t.Errorf("waiting: %v", got)
	}
	if got := len(h.trail()); got != 2 {
		t.Errorf("%d in the trail", got)
	}
}

// A brand cannot follow more than models can learn.
func TestManyThemes(t *testing.T) {
	h := talking(t, say(kettle, 6)...)
	for i := len(h.brand.Themes); i < theme.MaxThemes; i++ {
		h.brand.Themes[fmt.Sprint("t", i)] = []string{fmt.Sprint("mot", i)}
	}
	h.find()
	err := h.try(func(ctx context.Context, tx *state.Tx) error {
		return h.engine.Create(ctx, tx, h.brand, kettleID(), "morgan", "Bouilloires", []string{"bouilloire"})
	})
	if !errors.Is(err, ErrMany) {
		t.Errorf("%d themes and one more: %v", theme.MaxThemes, err)
	}
}

// The look is set for every brand, again each night, and changes nothing while
// nothing recurs.
func TestLooksEveryNight(t *testing.T) {
	h := talking(t, say(kettle, 2)...)
	h.do(func(_ context.Context, tx *state.Tx) error {
		h.engine.Arm(tx)
		return nil
	})
	for night := range 3 {
		_, next, err := h.store.MoveDue(t.Context(), h.now, 10)
		if want := tonight(h.now); err != nil || !next.Equal(want) {
			t.Fatalf("night %d: looks at %v, want %v, %v", night, next, want, err)
		}
		h.find()
	}
	if kept := h.store.Dump("finding"); len(kept) != 0 {
		t.Errorf("kept %s", kept)
	}
	gone := work.Item{Data: []byte("gone")}
	if err := h.try(func(ctx context.Context, tx *state.Tx) error { return h.engine.Find(ctx, tx, gone) }); err != nil {
		t.Errorf("a brand that is gone: %v", err)
	}
}

// The card asks, with what was said; the brief says so once.
func TestFindingsAreShown(t *testing.T) {
	h := talking(t, join(say(kettle, 6), say("une tasse rouge, %", 5))...)
	h.find()
	card, text := h.card("fr")
	for _, want := range []string{"« bouilloire » revient dans 6 conversations sans sujet.", "« tasse rouge » revient dans 5", "la bouilloire, amot", "la bouilloire, bmot", "[Créer le sujet] [Ajouter à un sujet…] [Ne plus proposer]"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the card:\n%s", want, text)
		}
	}
	if strings.Contains(text, "cmot") || strings.Contains(text, "Revenir sur un choix") || len(card.Buttons) != 0 {
		t.Errorf("card:\n%s", text)
	}
	lines := func(since time.Time) (lines []string) {
		catalog, err := i18n.Load()
		if err != nil {
			t.Fatal(err)
		}
		h.do(func(ctx context.Context, tx *state.Tx) error {
			lines, err = h.engine.Section(ctx, tx, h.brand, since, catalog.For("en", time.UTC))
			return err
		})
		return lines
	}
	const want = "[Often comes back, without a topic: “bouilloire” (6 conversations) and “tasse rouge” (5 conversations). To decide in /crieur learning.]"
	if got := fmt.Sprint(lines(h.now.Add(-time.Hour))); got != want {
		t.Errorf("brief %s, want %s", got, want)
	}
	h.find()
	if got := lines(h.now.Add(-time.Hour)); len(got) != 0 {
		t.Errorf("said again: %s", got)
	}
	h.do(func(ctx context.Context, tx *state.Tx) error {
		return errors.Join(h.engine.Decline(ctx, tx, h.brand, kettleID(), "morgan"),
			h.engine.Extend(ctx, tx, h.brand, Matter{Key: "tasse rouge"}.ID(), "morgan", "gout", []string{"tasse rouge", "mug"}))
	})
	h.refresh()
	card, _ = h.card("en")
	last := card.Blocks[slices.IndexFunc(card.Blocks, func(b bot.Block) bool { return b.Kind == bot.Menu })]
	const choices = "[{added:gout Remove from gout: tasse rouge and mug} {declined:%s Propose “bouilloire” again}]"
	if got := fmt.Sprint(last.Select.Choices); got != fmt.Sprintf(choices, kettleID()) {
		t.Errorf("to take back: %s", got)
	}
}

func TestWordsOf(t *testing.T) {
	for text, want := range map[string]string{
		"": "[]", " , ;\n": "[]", "colis  perdu, Colis;colis,\ncolis": `["colis perdu" "Colis" "colis"]`,
	} {
		if got := fmt.Sprintf("%q", wordsOf(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	for name, want := range map[string]string{"été": "Été", "x": "X", "Colis perdu": "Colis perdu"} {
		if got := i18n.Capital(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
