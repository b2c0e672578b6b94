package review

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/approvals/policy"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// desk is a review with what stands around it: a calendar that notes what may
// leave, and the drafts whose cards were brought up to date.
type desk struct {
	t     *testing.T
	store *statetest.Mem
	now   time.Time
	b     *brand.Brand
	e     *Engine
	// allowed is what the calendar was last told may leave, by request.
	allowed map[string]string
	drafts  []string
	steps   int
	// hands are the accounts where a person publishes, by request.
	hands map[string][]string
}

// newDesk is a team in which camille writes, and morgan, noa and camille approve
// what is not theirs; sacha only writes.
func newDesk(t *testing.T, needed int) *desk {
	t.Helper()
	handle := func(id string) map[string]string { return map[string]string{"slack:T": id} }
	b := &brand.Brand{ID: "colibri", Name: "Maison Colibri", Zone: time.UTC, Langs: []string{"fr"},
		Approvals: []board.Place{{Platform: "slack", Team: "T", Channel: "com"}, {Platform: "discord", Team: "G", Channel: "com"}},
		Accounts:  []brand.Account{{ID: "x", Name: "X"}, {ID: "mastodon", Name: "Mastodon"}},
		Policy:    brand.Policy{Needed: needed, Ask: []string{"gone", "noa"}}}
	space := &brand.Space{Brands: []*brand.Brand{b}, Members: []*brand.Member{
		{ID: "camille", Name: "Camille", Roles: []brand.Role{brand.Author, brand.Approver}, Handles: handle("camille")},
		{ID: "morgan", Name: "Morgan", Roles: []brand.Role{brand.Approver}, Handles: handle("morgan"), Lang: "en"},
		{ID: "noa", Name: "Noa", Roles: []brand.Role{brand.Approver}, Handles: handle("noa")},
		{ID: "sacha", Name: "Sacha", Roles: []brand.Role{brand.Author}, Handles: handle("sacha")},
	}}
	d := &desk{t: t, store: statetest.NewMem(), now: time.Date(2026, 11, 26, 10, 15, 0, 0, time.UTC), b: b, allowed: map[string]string{}}
	d.e = &Engine{Space: space, Calendar: d, Drafts: d, Hands: d, NewToken: func(tx *state.Tx) string { return tx.NewID("t") }}
	return d
}

// Plan implements Calendar: it notes the accounts that may leave at their time.
func (d *desk) Plan(_ context.Context, tx *state.Tx, r approvals.Request) error {
	at := r.At
	if at.IsZero() {
		at = tx.Now().Add(time.Minute)
	}
	d.allowed[r.ID] = leaving(r, at)
	return nil
}

func leaving(r approvals.Request, at time.Time) string {
	var accounts []string
	for _, part := range r.Parts {
		if r.Allows(part, at) {
			accounts = append(accounts, part.Account)
		}
	}
	return strings.Join(accounts, " ")
}

// ByHand implements Hands.
func (d *desk) ByHand(context.Context, *state.Tx, *brand.Brand, time.Time, time.Time) (map[string][]string, error) {
	return maps.Clone(d.hands), nil
}

// Refresh implements Drafts.
func (d *desk) Refresh(_ context.Context, _ *state.Tx, draft string) error {
	d.drafts = append(d.drafts, draft)
	return nil
}

// do is one step, committed unless it fails.
func (d *desk) do(step func(context.Context, *state.Tx) error) error {
	d.steps++
	_, err := state.Do(d.t.Context(), d.store, fmt.Sprint("step", d.steps), d.now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, step(ctx, tx) })
	return err
}

// submit puts a version up that says the same everywhere but on X.
func (d *desk) submit(id string, number int, at time.Time, onX string) {
	d.t.Helper()
	if err := d.do(func(ctx context.Context, tx *state.Tx) error {
		return d.e.Submit(ctx, tx, approvals.Submission{Draft: id, Brand: "colibri", Author: "camille", Title: "Thé " + id, Number: number, At: at,
			Parts: []content.Part{{Account: "x", Network: "x", Posts: []string{onX}},
				{Account: "mastodon", Network: "mastodon", Posts: []string{"Notre thé est de retour."}}}})
	}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) say(id, member string, verdict policy.Verdict, seen string, accounts ...string) error {
	return d.do(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.e.Decide(ctx, tx, id, Word{Member: member, Verdict: verdict, Seen: seen, Accounts: accounts})
		return err
	})
}

func (d *desk) request(id string) approvals.Request {
	d.t.Helper()
	r, err := d.e.get(d.t.Context(), state.Begin(d.store, "look", d.now), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// hung are the places of the messages that rang, in order.
func (d *desk) hung() (places []string) {
	for _, record := range d.store.Sent() {
		if record.Effect.Kind == board.EffectKind && record.Effect.Notifies {
			places = append(places, record.Effect.Destination)
		}
	}
	slices.Sort(places)
	return places
}

// Nothing changes, and nothing is said to the calendar, by a word that does not
// count.
func TestWordsThatDoNotCount(t *testing.T) {
	for name, test := range map[string]struct {
		id, member, seen string
		want             error
	}{
		"one's own work":         {"a", "camille", "n2", approvals.ErrOwnWork},
		"of one who writes only": {"a", "sacha", "n2", approvals.ErrNotAsked},
		"of a stranger":          {"a", "eve", "n2", approvals.ErrNotAsked},
		"of another version":     {"a", "morgan", "n1", approvals.ErrChanged},
		"of a version to come":   {"a", "morgan", "n3", approvals.ErrChanged},
		"of no version":          {"a", "morgan", "", approvals.ErrChanged},
		"of what is no number":   {"a", "morgan", "nn2", approvals.ErrChanged},
		"of nothing":             {"none", "morgan", "n2", ErrUnknown},
	} {
		d := newDesk(t, 1)
		d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
		d.submit("a", 2, d.now.Add(6*time.Hour), "Bonsoir")
		for _, verdict := range []policy.Verdict{policy.Approve, policy.Changes, policy.Decline} {
			before := len(d.store.Trail())
			if err := d.say(test.id, test.member, verdict, test.seen); !errors.Is(err, test.want) {
				t.Errorf("%s, %s: %v, want %v", name, verdict, err, test.want)
			}
			if r := d.request("a"); r.Stage != approvals.Open || len(r.Decisions) != 0 || len(d.store.Trail()) != before || d.allowed["a"] != "" {
				t.Errorf("%s, %s: changed: %+v", name, verdict, r)
			}
		}
	}
}

// Alone, with a policy that says so, one's own word is enough.
func TestOwnWorkWhereThePolicySaysSo(t *testing.T) {
	d := newDesk(t, 1)
	d.b.Policy.OwnWork = true
	d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
	if err := d.say("a", "camille", policy.Approve, "n1"); err != nil || d.allowed["a"] != "x mastodon" {
		t.Errorf("%v: %q may leave", err, d.allowed["a"])
	}
}

// An edit voids what it touched, and nothing else; the card that hangs already
// does not ring again.
func TestAnEditVoidsOnlyWhatItTouched(t *testing.T) {
	d := newDesk(t, 1)
	at := d.now.Add(6 * time.Hour)
	d.submit("a", 1, at, "Bonjour")
	rang := d.hung()
	if err := d.say("a", "morgan", policy.Approve, "n1"); err != nil || d.allowed["a"] != "x mastodon" {
		t.Fatalf("%v: %q may leave", err, d.allowed["a"])
	}
	d.submit("a", 2, at, "Bonsoir")
	if r := d.request("a"); r.Stage != approvals.Open || d.allowed["a"] != "mastodon" || r.First != 1 {
		t.Errorf("edited on X: %+v: %q may leave", r, d.allowed["a"])
	}
	if err := d.say("a", "noa", policy.Approve, "n2", "x"); err != nil || d.request("a").Stage != approvals.Approved || d.allowed["a"] != "x mastodon" {
		t.Errorf("approved anew: %v: %q may leave", err, d.allowed["a"])
	}
	d.submit("a", 3, at, "Bonsoir") // the same words: a new version of nothing
	if r := d.request("a"); r.Stage != approvals.Approved || d.allowed["a"] != "x mastodon" {
		t.Errorf("nothing edited: %+v: %q may leave", r, d.allowed["a"])
	}
	if got := d.hung(); !slices.Equal(got, rang) || !slices.Equal(rang, []string{"discord:G:com", "slack:T:@noa", "slack:T:com"}) {
		t.Errorf("rang %q, then %q", rang, got)
	}
}

// Two approvals are two people's.
func TestTwoApprovers(t *testing.T) {
	d := newDesk(t, 2)
	d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
	for _, step := range []struct {
		member, leaves string
		stage          approvals.Stage
		want           error
	}{
		{"morgan", "", approvals.Open, nil},
		{"morgan", "", approvals.Open, nil}, // the same word twice is one
		{"camille", "", approvals.Open, approvals.ErrOwnWork},
		{"noa", "x mastodon", approvals.Approved, nil},
		{"morgan", "x mastodon", approvals.Approved, approvals.ErrClosed},
	} {
		if err := d.say("a", step.member, policy.Approve, "n1"); !errors.Is(err, step.want) {
			t.Errorf("%s: %v, want %v", step.member, err, step.want)
		}
		if r := d.request("a"); r.Stage != step.stage || d.allowed["a"] != step.leaves {
			t.Errorf("after %s: %s, %q may leave", step.member, r.Stage, d.allowed["a"])
		}
	}
	d.submit("b", 1, d.now.Add(6*time.Hour), "Bonjour")
	if err := errors.Join(d.say("b", "morgan", policy.Approve, "n1"), d.say("b", "noa", policy.Decline, "n1")); err != nil {
		t.Fatal(err)
	}
	if r := d.request("b"); r.Stage != approvals.Declined || d.allowed["b"] != "" {
		t.Errorf("one for, one against: %s, %q may leave", r.Stage, d.allowed["b"])
	}
}

// Whoever comes late changes nothing, whatever was decided.
func TestALateClick(t *testing.T) {
	for verdict, stage := range map[policy.Verdict]approvals.Stage{
		policy.Approve: approvals.Approved, policy.Changes: approvals.Changes, policy.Decline: approvals.Declined,
	} {
		d := newDesk(t, 1)
		d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
		if err := d.say("a", "morgan", verdict, "n1"); err != nil {
			t.Fatal(err)
		}
		d.drafts = nil
		for _, late := range []policy.Verdict{policy.Approve, policy.Changes, policy.Decline} {
			if err := d.say("a", "noa", late, "n1"); !errors.Is(err, approvals.ErrClosed) {
				t.Errorf("%s after %s: %v", late, verdict, err)
			}
		}
		r := d.request("a")
		if last, _ := r.Last(); r.Stage != stage || last.Member != "morgan" || len(r.Decisions) != 1 || d.drafts != nil {
			t.Errorf("%s stands as %+v; drafts shown %q", verdict, r, d.drafts)
		}
	}
}

// An approval is for a window of time: before and after it, nothing may leave.
func TestAnApprovalExpires(t *testing.T) {
	d := newDesk(t, 1)
	at := d.now.Add(6 * time.Hour)
	d.submit("planned", 1, at, "Bonjour")
	d.submit("asap", 1, time.Time{}, "Bonjour")
	d.now = d.now.Add(2 * time.Hour)
	approved := d.now
	for _, id := range []string{"planned", "asap"} {
		if err := d.say(id, "morgan", policy.Approve, "n1"); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		id   string
		at   time.Time
		want string
	}{
		"at its time":           {"planned", at, "x mastodon"},
		"half a day later":      {"planned", at.Add(12 * time.Hour), "x mastodon"},
		"and a second":          {"planned", at.Add(12*time.Hour + time.Second), ""},
		"the day before":        {"planned", at.AddDate(0, 0, -1), ""},
		"as soon as approved":   {"asap", approved, "x mastodon"},
		"before":                {"asap", approved.Add(-time.Second), ""},
		"half a day after that": {"asap", approved.Add(12*time.Hour + time.Second), ""},
	} {
		if got := leaving(d.request(test.id), test.at); got != test.want {
			t.Errorf("%s: %q may leave", name, got)
		}
	}
	d.submit("planned", 2, at.AddDate(0, 0, 3), "Bonjour") // the same words, another day
	if r := d.request("planned"); r.Stage != approvals.Open || d.allowed["planned"] != "" {
		t.Errorf("moved out of its window: %s, %q may leave", r.Stage, d.allowed["planned"])
	}
}

// What is withdrawn leaves no more; taking back what is not there is no mistake.
func TestRetract(t *testing.T) {
	d := newDesk(t, 1)
	d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
	if err := d.say("a", "morgan", policy.Approve, "n1"); err != nil {
		t.Fatal(err)
	}
	retract := func(id string) error {
		return d.do(func(ctx context.Context, tx *state.Tx) error { return d.e.Retract(ctx, tx, id, "camille") })
	}
	for range 2 {
		if err := retract("a"); err != nil || d.request("a").Stage != approvals.Withdrawn || d.allowed["a"] != "" {
			t.Errorf("%v: %s, %q may leave", err, d.request("a").Stage, d.allowed["a"])
		}
	}
	if err := retract("none"); err != nil {
		t.Errorf("of nothing: %v", err)
	}
	if err := d.say("a", "noa", policy.Approve, "n1"); !errors.Is(err, approvals.ErrClosed) {
		t.Errorf("approved after that: %v", err)
	}
}

// Everybody reads what waits for them, the earliest first, and nothing else.
func TestWaiting(t *testing.T) {
	d := newDesk(t, 1)
	d.submit("later", 1, d.now.Add(9*time.Hour), "Bonjour")
	d.submit("sooner", 1, d.now.Add(3*time.Hour), "Bonjour")
	d.submit("asap", 1, time.Time{}, "Bonjour")
	d.submit("done", 1, d.now.Add(time.Hour), "Bonjour")
	if err := d.say("done", "noa", policy.Approve, "n1"); err != nil {
		t.Fatal(err)
	}
	for member, want := range map[string]string{"morgan": "asap sooner later", "noa": "asap sooner later", "camille": "", "sacha": "", "eve": ""} {
		all, err := d.e.Waiting(t.Context(), state.Begin(d.store, "look", d.now), member)
		var ids []string
		for _, r := range all {
			ids = append(ids, r.ID)
		}
		if got := strings.Join(ids, " "); err != nil || got != want {
			t.Errorf("%s: %q, %v", member, got, err)
		}
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for brandID, want := range map[string]string{"colibri": "To approve: 3 posts, the first by 11:45 (Morgan)", "other": ""} {
		lines, err := d.e.Section(t.Context(), state.Begin(d.store, "look", d.now), &brand.Brand{ID: brandID, Zone: time.UTC}, d.now, catalog.For("en", nil))
		if err != nil || strings.Join(lines, "|") != want {
			t.Errorf("the brief of %s: %q, %v", brandID, lines, err)
		}
	}
}

// Who approved some networks is asked for the others as before.
func TestAskedForWhatIsLeft(t *testing.T) {
	d := newDesk(t, 1)
	d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
	if err := d.say("a", "noa", policy.Approve, "n1", "x"); err != nil {
		t.Fatal(err)
	}
	if m := d.e.Asked(d.b, d.request("a"), d.now); m == nil || m.ID != "noa" {
		t.Errorf("for Mastodon %+v is asked", m)
	}
}

// Who is on leave is asked by name only where everybody is.
func TestAskedWhileAway(t *testing.T) {
	d := newDesk(t, 1)
	d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
	for _, away := range []struct{ who, asked string }{{"noa", "morgan"}, {"morgan", "noa"}} { // then both
		d.e.Space.Now().Member(away.who).Away = hours.Days{hours.DayOf(d.now.In(d.b.Zone))}
		if m := d.e.Asked(d.b, d.request("a"), d.now); m == nil || m.ID != away.asked {
			t.Errorf("%s is away: %+v is asked", away.who, m)
		}
	}
}

// One approver is asked by name: the brand's choice who may still decide, else
// the first who may; nobody once it is decided.
func TestAsked(t *testing.T) {
	d := newDesk(t, 2)
	d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
	for _, step := range []struct{ by, asked string }{{"", "noa"}, {"noa", "morgan"}, {"morgan", ""}} {
		if step.by != "" {
			if err := d.say("a", step.by, policy.Approve, "n1"); err != nil {
				t.Fatal(err)
			}
		}
		if m := d.e.Asked(d.b, d.request("a"), d.now); m == nil && step.asked != "" || m != nil && m.ID != step.asked {
			t.Errorf("after %q: %+v is asked", step.by, m)
		}
	}
	for _, record := range d.store.Sent() {
		if e := record.Effect; e.Notifies && e.Class != outbox.Alert {
			t.Errorf("asked by %+v", e)
		}
	}
}
