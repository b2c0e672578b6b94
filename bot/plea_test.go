package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// asking is a team in which ada writes, and five approve: flo is reached nowhere.
type asking struct {
	*testing.T
	mux   *Mux
	store *statetest.Mem
	space *brand.Space
	words *i18n.Catalog
	now   time.Time
	steps int
}

func newAsking(t *testing.T) *asking {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{ID: "b", Name: "B", Zone: time.UTC, Langs: []string{"fr"}}
	for day := range b.Hours {
		b.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}}
	}
	space := &brand.Space{ID: "s", Brands: []*brand.Brand{b}}
	for _, name := range []string{"Ada", "Flo", "Ben", "Cleo", "Dan", "Eve"} {
		m := &brand.Member{ID: strings.ToLower(name), Name: name, Roles: []brand.Role{brand.Approver}, Handles: map[string]string{"slack:T": name}}
		space.Members = append(space.Members, m)
	}
	space.Member("ada").Roles, space.Member("flo").Handles = []brand.Role{brand.Author}, nil
	mux := NewMux(catalog)
	mux.View("alert", func(_ context.Context, v ViewRequest) (Card, error) {
		if v.Subject == "gone" {
			return Card{}, errors.New("no such thing")
		}
		return Card{Title: Say("Alerte " + v.Subject)}, nil
	})
	return &asking{T: t, mux: mux, store: statetest.NewMem(), space: space, words: catalog, now: time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)}
}

// request is what a member does on the card of a subject.
func (a *asking) request(who, view, subject string, tx *state.Tx) *Request {
	e := Event{Kind: Action, Platform: Slack, Team: "T", User: User{ID: who}}
	return &Request{Event: e, Space: a.space, Brand: a.space.Brands[0], Member: a.space.Member(who), Print: a.words.For("fr", time.UTC),
		Now: a.now, Tx: tx, View: view, Subject: subject, views: a.mux.views, NewToken: func(tx *state.Tx) string { return tx.NewID("t") }}
}

// step does one commit and lists the people whom it rings.
func (a *asking) step(do func(context.Context, *state.Tx) error) (rung []string) {
	a.Helper()
	a.steps++
	if _, err := state.Do(a.Context(), a.store, fmt.Sprint("step", a.steps), a.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		err := do(ctx, tx)
		for _, e := range tx.Effects() {
			if e.Notifies {
				rung = append(rung, e.Member)
			}
		}
		return nil, err
	}); err != nil {
		a.Fatal(err)
	}
	return rung
}

// refusal is what a member reads who may not, with what its button is about.
func (a *asking) refusal(who, view, subject string) (card Card, about board.About) {
	a.Helper()
	a.step(func(ctx context.Context, tx *state.Tx) error {
		var refusal *Refusal
		if !errors.As(Allow(a.request(who, view, subject, tx), brand.Approver), &refusal) {
			a.Fatal("not refused")
		}
		var err error
		if card, err = refusal.answer(ctx, tx); err != nil || card.Token == "" {
			return err
		}
		about, _, err = board.ByToken(ctx, tx, card.Token)
		return err
	})
	return card, about
}

func (a *asking) plead(who string, about board.About) (said string, rung []string) {
	a.Helper()
	rung = a.step(func(ctx context.Context, tx *state.Tx) error {
		reply, err := a.mux.Plead(ctx, a.request(who, about.View, about.Subject, tx))
		if err == nil {
			said = strings.ReplaceAll(reply.Card.Text(), "\u00a0", " ")
		}
		return err
	})
	return said, rung
}

// Who may not asks those who may: three at most, each once for one thing, whoever
// asks.
func TestPlead(t *testing.T) {
	a := newAsking(t)
	card, about := a.refusal("ada", "alert", "livraison")
	if len(card.Buttons) != 1 || card.Buttons[0].Action != PleadAction {
		t.Fatalf("no way to ask: %+v", card)
	}
	if said, rung := a.plead("ada", about); said != "Demandé à Ben, Cleo et Dan." || fmt.Sprint(rung) != "[ben cleo dan]" {
		t.Errorf("%q, rung %v", said, rung)
	}
	_, again := a.refusal("ada", "alert", "livraison")
	if said, rung := a.plead("ada", again); said != "Déjà demandé à Ben, Cleo et Dan, 10 h 00. Rien n’a changé." || len(rung) != 0 {
		t.Errorf("once more: %q, rung %v", said, rung)
	}
	_, other := a.refusal("ada", "alert", "prix")
	if _, rung := a.plead("ada", other); len(rung) != 3 {
		t.Errorf("for something else: rung %v", rung)
	}
	a.space.Member("ada").Roles = []brand.Role{brand.Approver}
	if said, rung := a.plead("ada", about); !strings.HasPrefix(said, "Vous pouvez le faire maintenant.") || len(rung) != 0 {
		t.Errorf("who may now: %q, rung %v", said, rung)
	}
}

// Whoever was asked is not asked again while there is room for more.
func TestPleadTheSameTwo(t *testing.T) {
	a := newAsking(t)
	a.space.Members = a.space.Members[:4]
	_, about := a.refusal("ada", "alert", "livraison")
	for i, want := range []string{"[ben cleo]", "[]"} {
		if _, rung := a.plead("ada", about); fmt.Sprint(rung) != want {
			t.Errorf("time %d: rung %v", i+1, rung)
		}
	}
}

// In the evening it says when they will see it.
func TestPleadInTheEvening(t *testing.T) {
	a := newAsking(t)
	a.now = a.now.Add(11 * time.Hour)
	_, about := a.refusal("ada", "alert", "livraison")
	if said, _ := a.plead("ada", about); said != "Noté pour Ben, Cleo et Dan. Ben le verra à son retour : demain à 9 h 00. Rien ne sonnera avant." {
		t.Errorf("%q", said)
	}
}

// Where nobody would know what for, or nobody is reached, there is no button.
func TestNothingToPlead(t *testing.T) {
	a := newAsking(t)
	if card, _ := a.refusal("ada", "home", "ada"); len(card.Buttons) != 0 {
		t.Errorf("of a card that cannot be shown: %+v", card)
	}
	for _, m := range a.space.Members {
		m.Handles = nil
	}
	if card, _ := a.refusal("ada", "alert", "livraison"); len(card.Buttons) != 0 || card.Text() == "" {
		t.Errorf("of people whom nobody reaches: %+v", card)
	}
}

// The message says who asks and for what, and leads to the card; only those who may
// get there.
func TestPleaCard(t *testing.T) {
	a := newAsking(t)
	for subject, want := range map[string]string{"livraison": "Alerte livraison", "gone": ""} {
		_, about := a.refusal("ada", "alert", subject)
		a.plead("ada", about)
		r := a.request("ben", PleaView, about.Subject, state.Begin(a.store, "look", a.now))
		card, err := a.mux.PleaOf(t.Context(), ViewRequest{Space: a.space, Brand: r.Brand, Subject: about.Subject, Member: r.Member, Print: r.Print, Now: a.now, Tx: r.Tx})
		if err != nil || card.Title.String() != "Ada vous demande de le faire" || len(card.Buttons) != 1 {
			t.Fatalf("%+v, %v", card, err)
		}
		if got := card.Blocks[0].Text.String(); want != "" && got != want {
			t.Errorf("about %q, want %q", got, want)
		}
		for who, may := range map[string]bool{"ben": true, "ada": false} {
			var hung bool
			err := func() (err error) {
				a.steps++
				_, err = state.Do(t.Context(), a.store, fmt.Sprint("see", a.steps), a.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
					_, err := a.mux.PleaSee(ctx, a.request(who, PleaView, about.Subject, tx))
					hung = len(tx.Effects()) > 0
					return nil, err
				})
				return err
			}()
			if (err == nil) != may || hung != may {
				t.Errorf("%s sees it: %v, %v", who, hung, err)
			}
		}
	}
}
