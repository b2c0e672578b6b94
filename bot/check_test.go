package bot

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// Who may not send a form is not told what is wrong with its fields, but who may
// send it, and how to ask them.
func TestFieldsAreCheckedForWhoMay(t *testing.T) {
	a := newAsking(t)
	a.mux.Action(ActionRoute{Name: "form.sent", Role: brand.Approver,
		Shape: Shape{Ack: Wait, Handle: func(context.Context, *Request) (Reply, error) { return Private("fait"), nil }},
		Check: func(context.Context, *Request) (map[string]string, error) {
			return map[string]string{"text": "vide"}, nil
		}})
	d := &Desk{Mux: a.mux, Catalog: a.words, Store: statetest.NewMem(), Space: a.space, Tokens: Tokens{Key: []byte("k"), Space: "s"},
		Now: func() time.Time { return a.now }, Log: slog.New(slog.DiscardHandler)}
	for who, want := range map[string]int{"Ada": 0, "Ben": 1, "a stranger": 0} {
		e := Event{ID: who, Kind: Submit, Platform: Slack, Team: "T", Action: "form.sent", User: User{ID: who, Locale: "fr"}}
		problems, err := d.Check(t.Context(), e)
		if err != nil || len(problems) != want {
			t.Errorf("%s: %v, %v", who, problems, err)
		}
		tx := state.Begin(d.Store, "sent "+who, a.now)
		_, err = d.decide(t.Context(), tx, e)
		var refusal *Refusal
		if errors.As(err, &refusal) != (want == 0) {
			t.Errorf("%s sends it: %v", who, err)
		}
		if who == "Ada" && !strings.HasPrefix(refusal.Error(), "Seule la validation peut faire ça (") {
			t.Errorf("refused: %v", refusal)
		}
	}
}

// What a role may do, and somebody beside, is refused with those who have the role,
// and a way to ask them.
func TestDeny(t *testing.T) {
	a := newAsking(t)
	tx := state.Begin(a.store, "deny", a.now)
	err := Deny(a.request("ada", "alert", "x", tx), "calendar.notyours", brand.Approver)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Then == nil ||
		refusal.Error() != "Seules la personne qui a écrit ce post et la validation peuvent faire ça (Flo, Ben, Cleo et 2 autres)." {
		t.Fatalf("%v, %+v", err, refusal)
	}
	card, err := refusal.Then(t.Context(), tx)
	if err != nil || len(card.Buttons) != 1 || card.Buttons[0].Action != PleadAction {
		t.Errorf("%+v, %v", card, err)
	}
	if err := Deny(a.request("ada", "alert", "x", tx), "calendar.notyours", brand.Moderator); !strings.Contains(err.Error(), "personne n’a ce rôle") {
		t.Errorf("nobody has it: %v", err)
	}
}
