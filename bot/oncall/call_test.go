package oncall

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// night is one in which people are called to a fire, until somebody saw it.
type night struct {
	*testing.T
	Bell
	store *statetest.Mem
	brand *brand.Brand
	now   time.Time
	count int
}

var fire = Matter{About: "case", Subject: "c1", Call: "fire", What: "mentions.page", Topic: "fire"}

// newNight is at 22:00, with Noa and Morgan on call; work begins again at nine.
func newNight(t *testing.T) *night {
	b := &brand.Brand{ID: "colibri", Zone: time.UTC, Pager: "set", OnCall: []string{"noa", "morgan"}}
	for day := range b.Hours {
		b.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}}
	}
	space := &brand.Space{Brands: []*brand.Brand{b}}
	for _, id := range []string{"noa", "morgan", "camille"} {
		space.Members = append(space.Members, &brand.Member{ID: id, Handles: map[string]string{"slack:T": id}})
	}
	return &night{T: t, Bell: Bell{Space: space}, store: statetest.NewMem(), brand: b, now: time.Date(2026, 11, 26, 22, 0, 0, 0, time.UTC)}
}

func (n *night) step(decide func(context.Context, *state.Tx) error) {
	n.Helper()
	n.count++
	if _, err := state.Do(n.Context(), n.store, fmt.Sprint("step", n.count), n.now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, decide(ctx, tx) }); err != nil {
		n.Fatal(err)
	}
}

// ring calls the next person and says who is paged and in whose messages it comes.
func (n *night) rings() (said string) {
	n.Helper()
	n.step(func(ctx context.Context, tx *state.Tx) error {
		call, _, err := Get(ctx, tx, fire.Call)
		if err != nil {
			return err
		}
		hangs, rang, err := n.Ring(ctx, tx, n.brand, fire, call)
		said = ""
		for _, e := range tx.Effects() {
			said += e.Kind + " " + e.Member + " "
		}
		for _, hang := range hangs {
			said += "card " + hang.Member + " "
		}
		if rang != (said != "") {
			n.Errorf("rang %v, but %q", rang, said)
		}
		return err
	})
	return strings.TrimSpace(said)
}

// pass goes on to the next due time and says its item; "" if nothing is due.
func (n *night) pass() string {
	n.Helper()
	_, next, err := n.store.MoveDue(n.Context(), n.now, 0)
	if err != nil || next.IsZero() {
		return ""
	}
	n.now = next
	if _, _, err := n.store.MoveDue(n.Context(), n.now, 1); err != nil {
		n.Fatal(err)
	}
	entries, err := n.store.Read(n.Context(), []work.Lane{work.LaneOf(work.In, fire.Subject)}, 2, 0)
	if err != nil || len(entries) != 1 {
		n.Fatalf("%d entries, %v", len(entries), err)
	}
	return entries[0].Topic + " " + string(entries[0].Data)
}

func (n *night) seen(member string) (first bool) {
	n.Helper()
	n.step(func(ctx context.Context, tx *state.Tx) (err error) {
		first, err = Seen(ctx, tx, n.brand.ID, fire, member)
		return err
	})
	return first
}

func (n *night) over() {
	n.Helper()
	n.step(func(ctx context.Context, tx *state.Tx) error { return n.Over(ctx, tx, n.brand, fire.Call) })
}

func (n *night) answers(from, until time.Time) (all []Answered) {
	n.Helper()
	n.step(func(ctx context.Context, tx *state.Tx) (err error) {
		all, err = List(ctx, tx, n.brand.ID, from, until)
		return err
	})
	return all
}

func (n *night) trail() (all []string) {
	for _, entry := range n.store.Trail() {
		all = append(all, strings.TrimSpace(entry.Who+" "+entry.What+" "+entry.Subject))
	}
	return all
}

func (n *night) expect(what, got, want string) {
	n.Helper()
	if got != want {
		n.Errorf("%s (%s): %q, want %q", what, n.now.Format("15:04"), got, want)
	}
}

// Each person of the rota is called twice at most, ten minutes apart, in turn; then
// nobody is, and the record says so.
func TestRingInTurn(t *testing.T) {
	n := newNight(t)
	for i, who := range []string{"noa", "morgan", "noa", "morgan"} {
		n.expect("the call", n.rings(), "page "+who+" card "+who)
		n.expect("ten minutes later", n.pass(), "due:fire c1")
		if want := time.Date(2026, 11, 26, 22, 10*(i+1), 0, 0, time.UTC); !n.now.Equal(want) {
			t.Errorf("at %v, want %v", n.now, want)
		}
	}
	n.expect("all were called twice", n.rings(), "")
	n.expect("then", n.pass(), "")
	want := []string{"call.made case/c1", "call.made case/c1", "call.made case/c1", "call.made case/c1", "call.unseen case/c1"}
	if got := n.trail(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Whoever comes to the rota meanwhile is called before anybody is called again.
func TestRingWhoIsNew(t *testing.T) {
	n := newNight(t)
	n.expect("the first", n.rings(), "page noa card noa")
	n.brand.OnCall = []string{"noa", "camille"}
	n.expect("the next", n.rings(), "page camille card camille")
	n.brand.OnCall = nil
	n.expect("nobody is on call any more", n.rings(), "")
}

// A call is seen once, by the first: nobody else is called, and it counts from then.
func TestSeen(t *testing.T) {
	n := newNight(t)
	if n.seen("noa") || len(n.trail()) > 0 {
		t.Errorf("nobody was called, yet: %q", n.trail())
	}
	n.rings()
	n.now = n.now.Add(3 * time.Minute)
	first := n.now
	if !n.seen("morgan") {
		t.Error("not seen by the first")
	}
	n.now = n.now.Add(time.Minute)
	if n.seen("noa") {
		t.Error("seen by a second")
	}
	n.expect("seen, so nobody is called", n.pass(), "")
	if got, want := n.trail(), []string{"call.made case/c1", "morgan call.seen case/c1"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	want := []Answered{{Brand: "colibri", Member: "morgan", At: first}}
	if got := n.answers(first, first.Add(time.Minute)); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := n.answers(first.Add(-time.Hour), first); len(got) != 0 {
		t.Errorf("until just before: %+v", got)
	}
}

// What was answered ends once, when it is over, or when the member's own work begins
// again: from then on it is no call.
func TestOver(t *testing.T) {
	seen := time.Date(2026, 11, 26, 22, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct{ over, want time.Time }{
		"in the night":       {seen.Add(40 * time.Minute), seen.Add(40 * time.Minute)},
		"the next noon":      {seen.Add(14 * time.Hour), seen.Add(11 * time.Hour)},
		"as work begins":     {seen.Add(11 * time.Hour), seen.Add(11 * time.Hour)},
		"in the same minute": {seen, seen},
	} {
		n := newNight(t)
		n.over() // nobody was called: nothing is
		n.rings()
		n.over() // nobody saw it
		if got := n.answers(time.Time{}, seen.Add(time.Hour)); len(got) != 0 {
			t.Errorf("%s, not seen: %+v", name, got)
		}
		n.seen("noa")
		n.now = test.over
		n.over()
		n.now = n.now.Add(time.Hour)
		n.over() // it stays as it was
		want := []Answered{{Brand: "colibri", Member: "noa", At: seen, Until: test.want}}
		if got := n.answers(seen, seen.Add(time.Hour)); !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

// there is who said that they would be there.
type there []string

func (t there) OnDuty(context.Context, *state.Tx, *brand.Brand) ([]string, error) { return t, nil }

// Who said that they would be there comes before who is on call, and once.
func TestRota(t *testing.T) {
	for name, test := range map[string]struct {
		duty Duty
		want []string
	}{
		"nobody asks":            {nil, []string{"noa", "morgan"}},
		"nobody is there":        {there{}, []string{"noa", "morgan"}},
		"somebody is there":      {there{"camille"}, []string{"camille", "noa", "morgan"}},
		"who is on call as well": {there{"morgan"}, []string{"morgan", "noa"}},
		"two are":                {there{"camille", "noa"}, []string{"camille", "noa", "morgan"}},
	} {
		n := newNight(t)
		n.Duty = test.duty
		n.step(func(ctx context.Context, tx *state.Tx) error {
			rota, err := n.Bell.Rota(ctx, tx, n.brand)
			var got []string
			for _, m := range rota {
				got = append(got, m.ID)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%s: %q, want %q", name, got, test.want)
			}
			return err
		})
	}
}
