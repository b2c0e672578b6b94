package drafting

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// TestWrongInput is refused with its reason, and changes nothing.
func TestWrongInput(t *testing.T) {
	e, b, sent := planner(t)
	store, now := statetest.NewMem(), time.Date(2026, 11, 26, 10, 15, 0, 0, b.Zone)
	var d Draft
	do(t, store, "make", now, func(tx *state.Tx) (err error) {
		d, err = e.Create(t.Context(), tx, b, "camille", " Notre thé est de retour. ")
		return err
	})
	words := func(text string) *string { return &text }
	for name, row := range map[string]struct {
		id, by string
		change Change
		want   error
	}{
		"no words":           {d.ID, "camille", Change{Base: words("\u200b ")}, ErrEmpty},
		"an unknown network": {d.ID, "camille", Change{Accounts: []string{"mastodon", "tiktak"}}, ErrNetwork},
		"no network":         {d.ID, "camille", Change{Accounts: []string{}}, ErrNoAccount},
		"somebody else's":    {d.ID, "sacha", Change{Base: words("x")}, ErrNotYours},
		"no draft":           {"d0", "camille", Change{Base: words("x")}, ErrUnknown},
	} {
		tx := state.Begin(store, "edit "+name, now)
		if _, err := e.Edit(t.Context(), tx, b, row.id, row.by, row.change); !errors.Is(err, row.want) || tx.Changed() {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
	}
	// the brand lost all its networks since
	bare := &brand.Brand{ID: b.ID, Langs: b.Langs, Zone: b.Zone}
	if _, err := e.Send(t.Context(), state.Begin(store, "send", now), bare, d.ID, "camille"); !errors.Is(err, ErrNoAccount) || len(*sent) != 0 {
		t.Errorf("sent to no network: %v, %v", err, *sent)
	}
	if _, err := e.Create(t.Context(), state.Begin(store, "none", now), bare, "camille", "x"); !errors.Is(err, ErrNoAccount) {
		t.Errorf("a draft for no network: %v", err)
	}
}

// said is what was said before, for tests.
type said []Said

func (s said) Said(context.Context, *state.Tx, *brand.Brand) ([]Said, error) { return s, nil }

// TestEchoIsLookedForAtEveryVersion is gone once the words are others, and
// counts among the advice that the approver sees.
func TestEchoIsLookedForAtEveryVersion(t *testing.T) {
	e, b, sent := planner(t)
	e.Earlier = said{{Rival: "Bellerive", Title: "noël", Text: "Orange douce, cannelle et une pointe de badiane."}}
	store, now := statetest.NewMem(), time.Date(2026, 11, 26, 10, 15, 0, 0, b.Zone)
	var d Draft
	do(t, store, "make", now, func(tx *state.Tx) (err error) {
		d, err = e.Create(t.Context(), tx, b, "camille", "Orange douce, cannelle et une pointe de badiane. Venez.")
		return err
	})
	if d.Echo == nil || d.Echo.Rival != "Bellerive" {
		t.Fatalf("echo %+v", d.Echo)
	}
	do(t, store, "send", now, func(tx *state.Tx) (err error) { d, err = e.Send(t.Context(), tx, b, d.ID, "camille"); return err })
	if d.Stage != Asked || len(*sent) != 1 || (*sent)[0].Hints != 1 || (*sent)[0].Problems != 0 {
		t.Errorf("sent %+v of %+v", *sent, d)
	}
	other := "Une nouvelle boutique ouvre à Lyon."
	do(t, store, "edit", now.Add(time.Minute), func(tx *state.Tx) (err error) {
		d, err = e.Edit(t.Context(), tx, b, d.ID, "camille", Change{Base: &other})
		return err
	})
	if d.Echo != nil || (*sent)[1].Hints != 0 {
		t.Errorf("other words echo %+v, %d hints", d.Echo, (*sent)[1].Hints)
	}
}

// TestStands says where a draft is for its author, and whether it can be sent.
func TestStands(t *testing.T) {
	for _, row := range []struct {
		draft Stage
		asked approvals.Stage
		want  string
		sends bool
	}{
		{Private, "", "private", true}, {Asked, "", "asked", false}, {Asked, approvals.Open, "asked", false},
		{Asked, approvals.Approved, "approved", false}, {Asked, approvals.Changes, "changes", false},
		{Asked, approvals.Declined, "declined", false}, {Asked, approvals.Withdrawn, "withdrawn", true},
		{Asked, approvals.Expired, "expired", false},
	} {
		d, asked := Draft{Stage: row.draft}, approvals.Request{Stage: row.asked}
		if got, sends := stands(d, asked), sendable(d, asked); got != row.want || sends != row.sends {
			t.Errorf("%s, %s: %s, %v", row.draft, row.asked, got, sends)
		}
	}
}

// A title is the first line, or its first words; where it stops in the middle of
// a sentence it says so.
func TestTitleOf(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		"Notre thé de Noël":        "Notre thé de Noël",
		"C’est prêt !\nVenez.":     "C’est prêt !",
		"C’est prêt\nvenez":        "C’est prêt…",
		"C’est prêt\n \n":          "C’est prêt",
		"  deux   mots  ":          "deux mots",
		strings.Repeat("mot ", 11): strings.Repeat("mot ", 9) + "mot…",
		strings.Repeat("long", 20): strings.Repeat("long", 20),
		"Vous venez ?\nOn y va\n👋": "Vous venez ?",
	} {
		if got := titleOf(text); got != want {
			t.Errorf("titleOf(%q) = %q, want %q", text, got, want)
		}
	}
}
