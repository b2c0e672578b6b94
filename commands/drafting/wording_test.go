package drafting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot/archive"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/text/measure"
	"crieur/bot/work"
)

// TestJudged is the table of what a model proposes, held against the draft.
func TestJudged(t *testing.T) {
	b := &brand.Brand{ID: "colibri", Langs: []string{"fr"}}
	mastodon := brand.Account{ID: "mastodon", Network: "mastodon", Shows: "mastodon", Name: "Mastodon"}
	const text = "Thé de Noël à 39,90 € dès le 26 novembre, 1 000 boîtes. https://colibri.example/noel @lea #ThéDeNoël"
	d := Draft{Base: text, Accounts: []string{"mastodon"}, Texts: map[string]string{"x": "Plus que 12 jours."}}
	for name, row := range map[string]struct {
		text              string
		missing, invented []string
		over              int
		kept              bool
	}{
		"the same facts":                        {text: "Le 26 novembre, 1 000 boîtes à 39,90 € ! https://colibri.example/noel #thédenoël @lea", kept: true},
		"as written in another language":        {text: "26, 1\u202f000, 39.90 https://colibri.example/noel @Lea #ThéDeNoël", kept: true},
		"an invented figure":                    {text: "-50 % : " + text, invented: []string{"50"}, kept: true},
		"another price":                         {text: strings.ReplaceAll(text, "39,90", "29,90"), missing: []string{"39,90"}, invented: []string{"29,90"}, kept: true},
		"another thousand":                      {text: strings.ReplaceAll(text, "1 000", "10 000"), missing: []string{"1 000"}, invented: []string{"10 000"}, kept: true},
		"a link of its own":                     {text: text + " https://evil.example/1", invented: []string{"https://evil.example/1"}, kept: true},
		"a handle and a hashtag of its own":     {text: text + " @everyone #promo", invented: []string{"@everyone", "#promo"}, kept: true},
		"a figure of another text of the draft": {text: text + " Plus que 12 jours.", kept: true},
		"nothing kept": {text: "Le thé est là.", kept: true,
			missing: []string{"https://colibri.example/noel", "@lea", "#ThéDeNoël", "39,90", "26", "1 000"}},
		"the same text":      {text: " " + text + "\n"},
		"nothing":            {text: ""},
		"nothing to see":     {text: "\u200b \n"},
		"too long":           {text: strings.Repeat("a", 507), over: 7},
		"longer than a form": {text: strings.Repeat("a", longest+500), over: longest},
	} {
		got := judged(b, d, mastodon, row.text)
		if (got.Text != "") != row.kept || got.Over != row.over || !slices.Equal(got.Missing, row.missing) || !slices.Equal(got.Invented, row.invented) {
			t.Errorf("%s: %+v", name, got)
		}
		if got.Of != content.Digest([]byte(text)) {
			t.Errorf("%s: of another text", name)
		}
	}
}

// TestBrief is all that a model is told: what is in it is what was meant to be.
func TestBrief(t *testing.T) {
	b := &brand.Brand{ID: "colibri", Name: "Maison Colibri", Langs: []string{"fr", "en"}, Words: []string{"Colibri"},
		Charter:  []brand.Article{{ID: "1", Text: map[string]string{"fr": "Rester aimable."}}, {ID: "2", Text: map[string]string{"en": "Be kind."}}},
		Accounts: []brand.Account{{ID: "mastodon", Network: "mastodon", Shows: "mastodon"}, {ID: "insta", Network: "assisted", Shows: "instagram"}}}
	for i := range 5 {
		b.Answers = append(b.Answers, brand.Answer{Text: map[string]string{"fr": fmt.Sprint("Bonjour ", i)}})
	}
	b.Answers[0].Text["fr"] = strings.Repeat("long ", 200)
	got := briefOf(b, Draft{ID: "d1", Author: "camille", Title: "Secret", Base: "Notre thé", Accounts: []string{"mastodon", "insta", "gone"},
		Texts: map[string]string{"insta": "Pour Instagram"}})
	if got.Brand != "Maison Colibri" || got.Lang != "fr" || len(got.Charter) != 1 || !slices.Equal(got.Examples, []string{"Bonjour 1", "Bonjour 2", "Bonjour 3"}) {
		t.Errorf("%+v", got)
	}
	want := []Original{{"mastodon", measure.Mastodon, "Notre thé", 500, measure.Graphemes, false},
		{"insta", measure.Instagram, "Pour Instagram", 2200, measure.UTF16, true}}
	if !slices.EqualFunc(got.Originals, want, func(a, b Original) bool {
		return a.Account == b.Account && a.Network == b.Network && a.Text == b.Text && a.DeadLinks == b.DeadLinks && a.Limit > 0
	}) {
		t.Errorf("%+v", got.Originals)
	}
	if said := fmt.Sprintf("%+v", got); strings.Contains(said, "camille") || strings.Contains(said, "Secret") {
		t.Errorf("more is told than the texts: %s", said)
	}
}

// pen is a Writer that answers as it is told.
type pen struct {
	answers map[string]string
	err     error
	asked   []Brief
	during  func()
}

func (p *pen) Write(_ context.Context, b Brief) (map[string]string, error) {
	p.asked = append(p.asked, b)
	if p.during != nil {
		p.during()
	}
	return p.answers, p.err
}

// ask is a click; it returns the effect.
func (s *studio) ask() outbox.Effect {
	s.Helper()
	var effect outbox.Effect
	s.do(func(tx *state.Tx) error {
		_, err := s.e.Ask(s.Context(), tx, s.id, "camille")
		if err == nil {
			effect = tx.Effects()[len(tx.Effects())-1]
		}
		return err
	})
	return effect
}

func (s *studio) scribe(p *pen) *Scribe {
	return &Scribe{Writer: p, Store: s.store, Space: s.e.Space, Now: func() time.Time { return s.now }}
}

func (s *studio) wording() (Wording, bool) {
	s.Helper()
	w, found, err := wordingOf(s.Context(), state.Begin(s.store, "look", s.now), s.id)
	if err != nil {
		s.Fatal(err)
	}
	return w, found
}

func (s *studio) take(pick string) error {
	s.Helper()
	s.steps++
	_, err := state.Do(s.Context(), s.store, "step"+itoa(s.steps), s.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		_, err := s.e.Take(ctx, tx, s.b, s.id, "camille", pick)
		return nil, err
	})
	return err
}

// told is the receipt of an effect that asked.
func (s *studio) told(r outbox.Receipt) {
	s.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		s.Fatal(err)
	}
	s.do(func(tx *state.Tx) error {
		return s.e.Worded(s.Context(), tx, work.Item{ID: "r", Conversation: s.id, Data: data})
	})
}

func newDesk(t *testing.T) *studio {
	s := newStudio(t)
	s.e.Words = true
	return s
}

// offered is a draft with these proposals.
func (s *studio) offered(answers map[string]string) {
	s.Helper()
	effect := s.ask()
	if _, err := s.scribe(&pen{answers: answers}).Send(s.Context(), effect, outbox.Attempt{Number: 1}); err != nil {
		s.Fatal(err)
	}
	s.told(outbox.Receipt{Effect: effect.ID, Status: outbox.Sent, At: s.now})
}

// TestAsk is refused without a model, to others, while an answer is awaited, and
// after so many times in an hour.
func TestAsk(t *testing.T) {
	s := newDesk(t)
	refused := func(want error, by string) {
		t.Helper()
		tx := state.Begin(s.store, "refused", s.now)
		if _, err := s.e.Ask(t.Context(), tx, s.id, by); !errors.Is(err, want) || tx.Changed() {
			t.Errorf("%v, want %v", err, want)
		}
	}
	s.e.Words = false
	refused(ErrNoWriter, "camille")
	s.e.Words = true
	refused(ErrNotYours, "sacha")

	effect := s.ask()
	if effect.Kind != WordsKind || effect.Public || effect.Notifies || !effect.NotAfter.After(s.now) || strings.Contains(string(effect.Data), "Noël") {
		t.Errorf("effect %+v", effect)
	}
	refused(ErrAsking, "camille") // a double click
	s.now = s.now.Add(askedWithin)
	for range MostAsked - 1 {
		s.ask()
		s.now = s.now.Add(askedWithin)
	}
	var full *Full
	tx := state.Begin(s.store, "full", s.now)
	if _, err := s.e.Ask(t.Context(), tx, s.id, "camille"); !errors.As(err, &full) || tx.Changed() {
		t.Fatalf("an eleventh time: %v", err)
	}
	s.now = full.Until
	s.ask()
	if w, _ := s.wording(); w.Round != MostAsked+1 || w.Stage != Wanted {
		t.Errorf("%+v", w)
	}
}

// TestScribe keeps what the model proposes, once.
func TestScribe(t *testing.T) {
	s := newDesk(t)
	effect, p := s.ask(), &pen{answers: map[string]string{"mastodon": "Le thé de Noël revient, à 5 €.", "x": "", "other": "z"}}
	receipt, err := s.scribe(p).Send(t.Context(), effect, outbox.Attempt{Number: 1})
	if err != nil || receipt.Ref != s.id || len(receipt.Args) > 0 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	w, _ := s.wording()
	if w.Stage != Offered || len(w.Proposals) != 2 || w.Proposals[0].Text == "" || !slices.Equal(w.Proposals[0].Invented, []string{"5"}) || w.Proposals[1].Text != "" {
		t.Fatalf("%+v", w)
	}
	if _, err := s.scribe(p).Send(t.Context(), effect, outbox.Attempt{Number: 1, Repeated: true}); err != nil || len(p.asked) != 1 {
		t.Errorf("asked %d times, %v", len(p.asked), err)
	}
	// what comes after a day, or after it was asked for again, is nothing any more
	s.now = s.now.Add(keepWording)
	if _, found := s.wording(); found {
		t.Error("kept for more than a day")
	}
	old := s.ask()
	s.now = s.now.Add(askedWithin)
	p.during = func() { p.during = nil; s.ask() }
	if _, err := s.scribe(p).Send(t.Context(), old, outbox.Attempt{Number: 1}); err != nil {
		t.Fatal(err)
	}
	if w, _ := s.wording(); w.Stage != Wanted || len(w.Proposals) != 0 {
		t.Errorf("an earlier answer counts: %+v", w)
	}
	if _, err := s.scribe(p).Send(t.Context(), outbox.Effect{ID: "odd", Data: []byte("{")}, outbox.Attempt{}); outbox.FaultOf(err) != outbox.Rejected {
		t.Errorf("odd: %v", err)
	}
}

// keeps is a store that notes how long proposals are to be kept.
type keeps struct {
	state.Store
	longest time.Duration
}

func (k *keeps) Commit(ctx context.Context, c state.Commit) (state.Outcome, error) {
	for _, w := range c.Writes {
		if w.Kind == wordings.Kind {
			k.longest = max(k.longest, c.Now.Add(w.Keep).Sub(start))
		}
	}
	return k.Store.Commit(ctx, c)
}

var start = time.Date(2026, 11, 26, 9, 15, 0, 0, time.UTC)

// Proposals go a day after they were asked for, whatever is taken meanwhile.
func TestKeptForADay(t *testing.T) {
	s := newDesk(t)
	noted := &keeps{Store: s.store}
	step := func(cause string, do func(*state.Tx) error) {
		t.Helper()
		if _, err := state.Do(t.Context(), noted, cause, s.now, nil, func(_ context.Context, tx *state.Tx) ([]byte, error) { return nil, do(tx) }); err != nil {
			t.Fatal(err)
		}
	}
	var effect outbox.Effect
	step("ask", func(tx *state.Tx) error {
		_, err := s.e.Ask(t.Context(), tx, s.id, "camille")
		effect = tx.Effects()[0]
		return err
	})
	s.now = s.now.Add(time.Minute)
	scribe := s.scribe(&pen{answers: map[string]string{"mastodon": "A", "x": "B"}})
	scribe.Store = noted
	if _, err := scribe.Send(t.Context(), effect, outbox.Attempt{Number: 1}); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(23 * time.Hour)
	step("take", func(tx *state.Tx) error { _, err := s.e.Take(t.Context(), tx, s.b, s.id, "camille", "1-0"); return err })
	if noted.longest != keepWording {
		t.Errorf("kept for %s", noted.longest)
	}
}

// TestUnwritten is the table of failures: asked once more at most, soon or not at
// all, and never after it took too long.
func TestUnwritten(t *testing.T) {
	first, second, after := outbox.Attempt{Number: 1}, outbox.Attempt{Number: 2}, outbox.Attempt{Number: 1, Repeated: true}
	for _, row := range []struct {
		name    string
		err     error
		attempt outbox.Attempt
		late    bool
		want    outbox.Fault
	}{
		{"away", &outbox.Error{Fault: outbox.Temporary}, first, false, outbox.Temporary},
		{"away again", &outbox.Error{Fault: outbox.Temporary}, second, false, outbox.Rejected},
		{"away after a crash", &outbox.Error{Fault: outbox.Temporary}, after, false, outbox.Rejected},
		{"no answer", &outbox.Error{Fault: outbox.Ambiguous}, first, false, outbox.Temporary},
		{"too slow", &outbox.Error{Fault: outbox.Ambiguous}, first, true, outbox.Rejected},
		{"asked to wait a little", &outbox.Error{Fault: outbox.Limited, After: 5 * time.Second}, first, false, outbox.Limited},
		{"asked to wait long", &outbox.Error{Fault: outbox.Limited, After: time.Minute}, first, false, outbox.Rejected},
		{"asked to wait again", &outbox.Error{Fault: outbox.Limited, After: time.Second}, second, false, outbox.Rejected},
		{"wrong key", &outbox.Error{Fault: outbox.Denied}, first, false, outbox.Rejected},
		{"refused", &outbox.Error{Fault: outbox.Rejected}, first, false, outbox.Rejected},
		{"anything else", errors.New("odd"), first, false, outbox.Rejected},
	} {
		got := unwritten(row.err, row.attempt, row.late)
		if outbox.FaultOf(got) != row.want || !errors.Is(got, row.err) {
			t.Errorf("%s: %v", row.name, got)
		}
	}
	var limited *outbox.Error
	if errors.As(unwritten(&outbox.Error{Fault: outbox.Limited, After: 5 * time.Second}, first, false), &limited); limited.After != 5*time.Second {
		t.Errorf("waits %s", limited.After)
	}
}

// mute is a Writer that never answers.
type mute struct{}

func (mute) Write(ctx context.Context, _ Brief) (map[string]string, error) {
	<-ctx.Done()
	return nil, &outbox.Error{Fault: outbox.Ambiguous, Err: ctx.Err()}
}

// A model that takes too long is let go after its time, within that of the relay,
// and not asked again.
func TestSlowModel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newDesk(t)
		effect, scribe := s.ask(), s.scribe(nil)
		scribe.Writer = mute{}
		began := time.Now()
		_, err := scribe.Send(t.Context(), effect, outbox.Attempt{Number: 1})
		if took := time.Since(began); took != WriteWithin || took >= scribe.Patience() || outbox.FaultOf(err) != outbox.Rejected {
			t.Errorf("after %s: %v", took, err)
		}
	})
}

// TestSilence: the draft is as it was, and the status knows.
func TestSilence(t *testing.T) {
	s := newDesk(t)
	before := s.draft()
	effect := s.ask()
	s.told(outbox.Receipt{Effect: "another", Status: outbox.Failed})
	if w, _ := s.wording(); w.Stage != Wanted {
		t.Error("the end of another effect is none of ours")
	}
	s.told(outbox.Receipt{Effect: effect.ID, Status: outbox.Failed, Reason: "drafting.words.silent", At: s.now})
	if w, _ := s.wording(); w.Stage != Silent {
		t.Errorf("%+v", w)
	}
	if last := s.lastAnswer(); last.OK || !last.At.Equal(s.now) {
		t.Errorf("%+v", last)
	}
	if err := s.take("1-all"); !errors.Is(err, ErrStale) {
		t.Error(err)
	}
	if after := s.draft(); after.Number != before.Number || after.Base != before.Base || len(after.Texts) > 0 {
		t.Errorf("the draft changed: %+v", after)
	}
	s.offered(map[string]string{"x": "B"}) // asked again, at once
	if last := s.lastAnswer(); !last.OK {
		t.Errorf("%+v", last)
	}
}

func (s *studio) lastAnswer() outcome {
	s.Helper()
	last, _, err := model.Get(s.Context(), state.Begin(s.store, "look", s.now), theModel)
	if err != nil {
		s.Fatal(err)
	}
	return last
}

// TestTake makes a version like any edit: it says whose words they are, and asks
// for approval again.
func TestTake(t *testing.T) {
	s := newDesk(t)
	s.do(func(tx *state.Tx) error { _, err := s.e.Send(t.Context(), tx, s.b, s.id, "camille"); return err })
	s.offered(map[string]string{"mastodon": "Le thé revient.", "x": "Thé !"})
	for _, pick := range []string{"", "0", "1-", "1-2", "1--1", "2-0", "0-all", "all", "1-all\n"} {
		if err := s.take(pick); !errors.Is(err, ErrStale) {
			t.Errorf("%q: %v", pick, err)
		}
	}
	if err := s.take("1-0"); err != nil {
		t.Fatal(err)
	}
	d := s.draft()
	if d.Number != 2 || d.Texts["mastodon"] != "Le thé revient." || d.Texts["x"] != "" || !slices.Equal(d.Worded, []string{"mastodon"}) || d.By != "camille" {
		t.Fatalf("%+v", d)
	}
	if last := (*s.sent)[len(*s.sent)-1]; !last.Worded || last.Number != 2 || (*s.sent)[0].Worded {
		t.Errorf("asked again with %+v", last)
	}
	trail := s.store.Trail()
	if last := trail[len(trail)-1]; last.What != "draft.worded" || last.Who != "camille" {
		t.Errorf("trail %+v", last)
	}
	if err := s.take("1-0"); !errors.Is(err, ErrStale) {
		t.Errorf("taken twice: %v", err)
	}
	if w, _ := s.wording(); !w.Proposals[0].Taken || w.Proposals[0].Text != "" || w.Proposals[1].Text == "" {
		t.Errorf("%+v", w.Proposals)
	}
	if err := s.take("1-all"); err != nil || s.draft().Texts["x"] != "Thé !" || len(s.draft().Worded) != 2 {
		t.Errorf("all: %v, %+v", err, s.draft())
	}
	// a text of one's own again is nobody else's
	s.do(func(tx *state.Tx) error {
		_, err := s.e.Edit(t.Context(), tx, s.b, s.id, "camille", Change{Texts: map[string]string{"x": "", "mastodon": ""}})
		return err
	})
	if d := s.draft(); len(d.Worded) != 0 {
		t.Errorf("%+v", d.Worded)
	}
}

// TestTakeNeverUndoesAnEdit: what changed since is the author's.
func TestTakeNeverUndoesAnEdit(t *testing.T) {
	s := newDesk(t)
	s.offered(map[string]string{"mastodon": "A", "x": "B"})
	s.do(func(tx *state.Tx) error {
		_, err := s.e.Edit(t.Context(), tx, s.b, s.id, "camille", Change{Texts: map[string]string{"x": "Le mien."}})
		return err
	})
	if err := s.take("1-1"); !errors.Is(err, ErrMoved) {
		t.Error(err)
	}
	if err := s.take("1-all"); err != nil {
		t.Fatal(err)
	}
	if d := s.draft(); d.Texts["x"] != "Le mien." || d.Texts["mastodon"] != "A" || !slices.Equal(d.Worded, []string{"mastodon"}) {
		t.Errorf("%+v", d)
	}
	s.now = s.now.Add(keepWording)
	if err := s.take("1-1"); !errors.Is(err, ErrStale) {
		t.Errorf("after a day: %v", err)
	}
	tx := state.Begin(s.store, "sacha", s.now)
	if _, err := s.e.Take(t.Context(), tx, s.b, s.id, "sacha", "1-all"); !errors.Is(err, ErrNotYours) {
		t.Errorf("somebody else: %v", err)
	}
}

// What is kept of a person is theirs to have, and goes with them.
func TestKeptOfAPerson(t *testing.T) {
	s := newDesk(t)
	s.offered(map[string]string{"x": "B"})
	for kind, own := range map[string]bool{wordings.Kind: false, askings.Kind: true} {
		records := s.store.Dump(kind)
		if len(records) != 1 {
			t.Errorf("%d records of %s", len(records), kind)
		}
		for id, data := range records {
			r := archive.Record{Kind: kind, ID: id, Data: data}
			if r.Of("camille") != own || !own && !r.Names("camille") {
				t.Errorf("%s/%s is not camille's", kind, id)
			}
			if _, taken := archive.NewPart(s.b.ID).Take(archive.Line{Record: &r}); taken == own {
				t.Errorf("%s/%s in the brand's part: %v", kind, id, taken)
			}
		}
	}
}
