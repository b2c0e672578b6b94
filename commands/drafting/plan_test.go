package drafting

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

type submissions []approvals.Submission

func (s *submissions) Submit(_ context.Context, _ *state.Tx, one approvals.Submission) error {
	*s = append(*s, one)
	return nil
}
func (s *submissions) Retract(context.Context, *state.Tx, string, string) error { return nil }

func planner(t *testing.T) (*Engine, *brand.Brand, *submissions) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	checks, err := NewChecks()
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{ID: "colibri", Langs: []string{"fr"}, Zone: zone, Accounts: []brand.Account{
		{ID: "mastodon", Network: "mastodon", Shows: "mastodon", Name: "Mastodon"}, {ID: "x", Network: "assisted", Shows: "x", Name: "X"}}}
	sent := &submissions{}
	return &Engine{Approvals: sent, Links: Probes{}, Checks: checks}, b, sent
}

// do runs one step of an engine over a store and commits it.
func do(t *testing.T, store *statetest.Mem, cause string, now time.Time, step func(*state.Tx) error) {
	t.Helper()
	_, err := state.Do(t.Context(), store, cause, now, nil, func(_ context.Context, tx *state.Tx) ([]byte, error) { return nil, step(tx) })
	if err != nil {
		t.Fatalf("%s: %v", cause, err)
	}
}

func TestReread(t *testing.T) {
	e, b, _ := planner(t)
	thursday := time.Date(2026, 11, 26, 18, 0, 0, 0, b.Zone)
	for _, test := range []struct {
		name, text string
		days       int
		want       string
	}{
		{"nothing dated", "Notre thé de Noël est de retour.", 1, ""},
		{"tomorrow", "C’est demain !", 1, "demain=28"},
		{"the same day, later", "C’est demain !", 0, ""},
		{"tomorrow with its date", "C’est demain, vendredi 27 novembre.", 1, "demain, vendredi 27 novembre!"},
		{"tonight", "On se retrouve ce soir à la boutique.", 7, "ce soir=3"},
		{"what was wrong before", "Mercredi 26 novembre, venez.", 1, ""},
		{"a day that will be over", "Inscriptions jusqu’au 27 novembre.", 3, "27 novembre!"},
		{"so many days before", "Plus que 4 jours avant le 30 novembre.", 2, "4!"},
	} {
		var got []string
		for _, r := range e.Checks.reread(b, test.text, thursday, thursday.AddDate(0, 0, test.days).Add(time.Hour)) {
			if r.Wrong != nil {
				got = append(got, r.Words+"!")
				continue
			}
			got = append(got, r.Words+"="+r.Means.Format("2"))
		}
		if said := strings.Join(got, "; "); said != test.want {
			t.Errorf("%s: %q, want %q", test.name, said, test.want)
		}
	}
	b.Langs = []string{"de"}
	if got := e.Checks.reread(b, "demain", thursday, thursday.AddDate(0, 0, 1)); got != nil {
		t.Errorf("in a language that nobody reads: %v", got)
	}
}

func TestRereadReadsEveryTextOnce(t *testing.T) {
	e, b, _ := planner(t)
	store, now := statetest.NewMem(), time.Date(2026, 11, 26, 10, 0, 0, 0, b.Zone)
	var d Draft
	do(t, store, "make", now, func(tx *state.Tx) (err error) {
		d, err = e.Create(t.Context(), tx, b, "camille", "À demain !")
		return err
	})
	do(t, store, "own", now, func(tx *state.Tx) error {
		_, err := e.Edit(t.Context(), tx, b, d.ID, "camille", Change{Texts: map[string]string{"x": "Ce soir !"}})
		return err
	})
	tx := state.Begin(store, "look", now)
	got, err := e.Reread(t.Context(), tx, b, d.ID, now.AddDate(0, 0, 1))
	if err != nil || len(got) != 2 || got[0].Words != "demain" || got[1].Words != "Ce soir" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := e.Reread(t.Context(), tx, b, "none", now); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
}

func TestRescheduleAndCopy(t *testing.T) {
	e, b, sent := planner(t)
	store, now := statetest.NewMem(), time.Date(2026, 11, 26, 10, 0, 0, 0, b.Zone)
	at := now.Add(8 * time.Hour)
	var d, copied Draft
	do(t, store, "make", now, func(tx *state.Tx) (err error) {
		d, err = e.Create(t.Context(), tx, b, "camille", "Notre thé est de retour.")
		return err
	})
	do(t, store, "send", now, func(tx *state.Tx) error {
		_, err := e.Send(t.Context(), tx, b, d.ID, "camille")
		return err
	})
	do(t, store, "move", now, func(tx *state.Tx) error {
		return e.Reschedule(t.Context(), tx, b, d.ID, "morgan", content.SlotAt(at))
	})
	if len(*sent) != 2 || !(*sent)[1].At.Equal(at) || (*sent)[1].Author != "camille" || (*sent)[1].Number != 2 {
		t.Fatalf("submitted %+v", *sent)
	}
	do(t, store, "copy", now, func(tx *state.Tx) (err error) {
		copied, err = e.Copy(t.Context(), tx, b, d.ID, "sacha")
		return err
	})
	if copied.ID == d.ID || copied.Author != "sacha" || copied.Stage != Private || !copied.Slot.Empty() || copied.Base != d.Base || copied.Number != 1 {
		t.Errorf("copied %+v", copied)
	}
	if len(*sent) != 2 {
		t.Error("the copy was sent")
	}
	tx := state.Begin(store, "wrong", now)
	if err := e.Reschedule(t.Context(), tx, b, d.ID, "morgan", content.SlotAt(now.Add(-time.Hour))); !errors.Is(err, ErrPast) {
		t.Errorf("to the past: %v", err)
	}
	if err := e.Reschedule(t.Context(), tx, b, "none", "morgan", content.SlotAt(at)); !errors.Is(err, ErrUnknown) {
		t.Errorf("of nothing: %v", err)
	}
	if _, err := e.Copy(t.Context(), tx, b, "none", "morgan"); !errors.Is(err, ErrUnknown) {
		t.Errorf("a copy of nothing: %v", err)
	}
	do(t, store, "delete", now, func(tx *state.Tx) error {
		_, err := e.Delete(t.Context(), tx, b, d.ID, "camille")
		return err
	})
	if err := e.Reschedule(t.Context(), state.Begin(store, "late", now), b, d.ID, "camille", content.SlotAt(at)); !errors.Is(err, ErrUnknown) {
		t.Errorf("of a deleted one: %v", err)
	}
}
