package noise

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

var (
	com    = board.Place{Platform: "slack", Team: "T1", Channel: "C1"}
	alerts = board.Place{Platform: "slack", Team: "T1", Channel: "C2"}
	direct = board.Place{Platform: "slack", Team: "T1", Channel: "@U1"}
	other  = board.Place{Platform: "slack", Team: "T1", Channel: "C9"}
)

func space(t *testing.T) *brand.Space {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{ID: "colibri", Zone: paris, Approvals: []board.Place{com}, Alerts: []board.Place{alerts},
		Policy: brand.Policy{Ask: []string{"morgan"}}}
	for day := time.Monday; day <= time.Friday; day++ {
		b.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}}
	}
	return &brand.Space{ID: "s", Brands: []*brand.Brand{b}, Members: []*brand.Member{
		{ID: "noa", Handles: map[string]string{"slack:T1": "U1"}}, {ID: "morgan", Handles: map[string]string{"slack:T1": "U2"}}}}
}

// street is a place of test where cards are hung one after another.
type street struct {
	*testing.T
	store  *statetest.Mem
	budget *Budget
	now    time.Time
	count  int
}

func newStreet(t *testing.T) *street {
	s := space(t)
	return &street{T: t, store: statetest.NewMem(), budget: &Budget{Space: s, NewToken: func(*state.Tx) string { return "token" }},
		now: time.Date(2026, 11, 26, 10, 0, 0, 0, s.Brands[0].Zone)}
}

// step does one commit and returns what it emitted.
func (s *street) step(decide func(context.Context, *state.Tx) error) []outbox.Effect {
	s.Helper()
	s.count++
	var emitted []outbox.Effect
	_, err := state.Do(s.Context(), s.store, fmt.Sprint("step", s.count), s.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		if err := decide(ctx, tx); err != nil {
			return nil, err
		}
		err := s.budget.Bound(ctx, tx)
		emitted = tx.Effects()
		return nil, err
	})
	if err != nil {
		s.Fatal(err)
	}
	return emitted
}

// hang hangs a card and says how it came out: "rings", "under" the rolling card,
// "first" when that was hung for it.
func (s *street) hang(view string, hangs ...board.Hang) string {
	s.Helper()
	emitted := s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := board.Show(ctx, tx, board.Card{View: view, Subject: fmt.Sprint(s.count), Brand: "colibri"},
			func(*state.Tx) string { return fmt.Sprint("token", s.count) }, hangs...)
		return err
	})
	came, rolling := "rings", false
	for _, effect := range emitted {
		var order board.Order
		if err := json.Unmarshal(effect.Data, &order); err != nil {
			s.Fatal(err)
		}
		if len(order.Card) > 7 && order.Card[:7] == "others/" {
			rolling = rolling || effect.Notifies
		} else if order.Copy.Under != "" {
			came = "under"
			if effect.Class != outbox.Digest || !effect.Notifies {
				s.Errorf("%+v must wait behind the rolling card", effect)
			}
		}
	}
	if rolling {
		return "first"
	}
	return came
}

func ring(place board.Place, class outbox.Class) board.Hang {
	return board.Hang{Place: place, Class: class, Notifies: true}
}

func to(member string, place board.Place) board.Hang {
	return board.Hang{Place: place, Member: member, Class: outbox.Alert, Notifies: true}
}

func TestEveryPlaceHasItsBudget(t *testing.T) {
	for _, test := range []struct {
		name string
		hang board.Hang
		most int // new messages, the rolling card too; 0 is no bound
	}{
		{"alerts", ring(alerts, outbox.Digest), 5},
		{"the rest of the channels", ring(com, outbox.Alert), 9},
		{"a person", to("noa", direct), 8},
		{"who is asked to approve", to("morgan", board.Place{Platform: "slack", Team: "T1", Channel: "@U2"}), 6},
		{"a channel of somebody else", ring(other, outbox.Alert), 0},
		{"what does not ring", board.Hang{Place: alerts, Class: outbox.Alert}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStreet(t)
			for i := 1; i <= 20; i++ {
				want := "rings"
				switch {
				case test.most > 0 && i == test.most:
					want = "first"
				case test.most > 0 && i > test.most:
					want = "under"
				}
				if got := s.hang("request", test.hang); got != want {
					t.Fatalf("message %d: %s, want %s", i, got, want)
				}
				s.now = s.now.Add(11 * time.Minute)
			}
		})
	}
}

func TestABurstOfAlertsIsOneCard(t *testing.T) {
	s := newStreet(t)
	for i, test := range []struct {
		after time.Duration
		want  string
	}{{0, "rings"}, {time.Minute, "rings"}, {time.Minute, "first"}, {time.Minute, "under"}, {20 * time.Minute, "rings"}, {30 * time.Minute, "rings"}, {time.Hour, "under"}} {
		s.now = s.now.Add(test.after)
		if got := s.hang("case", ring(alerts, outbox.Alert)); got != test.want {
			t.Errorf("alert %d: %s, want %s", i+1, got, test.want)
		}
	}
}

// TestRoomIsKept: what comes every day comes as a message of its own however full the
// day is, and whether or not the brief comes the others are as few.
// The rolling card keeps its message where others move down: what it gathers hangs
// in its thread.
func TestTheRollingCardStays(t *testing.T) {
	s := newStreet(t)
	place := board.Place{Platform: "discord", Team: "G", Channel: "C2"}
	s.budget.Space.Now().Brands[0].Alerts = []board.Place{place}
	for range burstOf {
		s.hang("theme", ring(place, outbox.Alert))
	}
	s.now = s.now.Add(5 * time.Hour)
	for _, effect := range s.step(func(ctx context.Context, tx *state.Tx) error {
		return board.Grow(ctx, tx, View, place.Destination()+"|2026-11-26")
	}) {
		var order board.Order
		if err := json.Unmarshal(effect.Data, &order); err != nil || order.Copy.Turn != 0 || order.Moved {
			t.Errorf("%+v, %v", order, err)
		}
	}
	if id := board.ID(View, place.Destination()+"|2026-11-26"); !slices.ContainsFunc(s.step(func(ctx context.Context, tx *state.Tx) error {
		return board.Refresh(ctx, tx, View, place.Destination()+"|2026-11-26")
	}), func(e outbox.Effect) bool { return e.Key == (board.Copy{Place: place}).Key(id) }) {
		t.Error("there is no rolling card")
	}
}

func TestRoomIsKept(t *testing.T) {
	kept := func(_ *brand.Brand, place board.Place, m *brand.Member, _ time.Time) []string {
		if place == com && m == nil {
			return []string{"brief", "handover"}
		}
		return nil
	}
	request := func(n int) []string { return slices.Repeat([]string{"request"}, n) }
	for _, test := range []struct {
		name  string
		place board.Hang
		views []string
		own   int // of the requests, those that come as messages of their own, the rolling card too
		whole int // messages of the day
	}{
		{"an ordinary day", ring(com, outbox.Alert), slices.Concat([]string{"brief"}, request(20), []string{"handover"}), 7, 9},
		{"the brief goes elsewhere", ring(com, outbox.Alert), append(request(20), "handover"), 7, 8},
		{"neither comes", ring(com, outbox.Alert), request(20), 7, 7},
		{"they come first", ring(com, outbox.Alert), append([]string{"brief", "handover"}, request(20)...), 7, 9},
		{"it comes twice", ring(com, outbox.Alert), append([]string{"brief", "brief"}, request(20)...), 6, 8},
		{"a place that has none", ring(alerts, outbox.Digest), append([]string{"brief"}, request(20)...), 4, 5},
		{"a person, whose brief is one of theirs", to("noa", direct), append([]string{"brief"}, request(20)...), 7, 8},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStreet(t)
			s.budget.Kept = kept
			own, whole := 0, 0
			for _, view := range test.views {
				came := s.hang(view, test.place)
				if view != "request" && came != "rings" {
					t.Errorf("%s: %s", view, came)
				}
				if came != "under" {
					whole++
				}
				if came != "under" && view == "request" {
					own++
				}
				s.now = s.now.Add(11 * time.Minute)
			}
			if own != test.own || whole != test.whole {
				t.Errorf("%d of their own of %d messages, want %d of %d", own, whole, test.own, test.whole)
			}
		})
	}
}

// TestTheDayIsThatOfTheSound: what comes at night counts on the day on which it
// will ring.
func TestTheDayIsThatOfTheSound(t *testing.T) {
	s := newStreet(t)
	s.now = time.Date(2026, 11, 27, 19, 0, 0, 0, s.now.Location()) // Friday evening
	for i := range 4 {
		if got := s.hang("request", ring(alerts, outbox.Digest)); got != "rings" {
			t.Fatalf("%d: %s", i, got)
		}
	}
	s.now = time.Date(2026, 11, 30, 9, 30, 0, 0, s.now.Location()) // Monday
	if got := s.hang("request", ring(alerts, outbox.Digest)); got != "first" {
		t.Errorf("Monday's fifth: %s", got)
	}
	s.now = s.now.AddDate(0, 0, 1)
	if got := s.hang("request", ring(alerts, outbox.Digest)); got != "rings" {
		t.Errorf("Tuesday's first: %s", got)
	}
}

func TestWhatIsCriticalComesOnTop(t *testing.T) {
	s := newStreet(t)
	critical := to("noa", direct)
	critical.Critical = true
	for i := range 12 {
		if got := s.hang("case", critical); got != "rings" {
			t.Fatalf("%d: %s", i, got)
		}
	}
	for i := range 7 {
		if got := s.hang("request", to("noa", direct)); got != "rings" {
			t.Errorf("then %d: %s", i, got)
		}
	}
}

func TestTheRollingCardCounts(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		views   []string
		title   string
		buttons int
	}{
		{[]string{"case", "theme", "case"}, "3 autres conversations à traiter", 1},
		{[]string{"case", "request"}, "2 autres messages à voir", 0},
	} {
		s := newStreet(t)
		s.budget.Space.Now().Brands[0].Noise = brand.Noise{Channel: 1, Alerts: 1}
		for _, view := range test.views {
			s.hang(view, ring(alerts, outbox.Digest))
		}
		var card bot.Card
		s.step(func(ctx context.Context, tx *state.Tx) error {
			var err error
			card, err = view(ctx, bot.ViewRequest{Subject: "slack:T1:C2|2026-11-26", Print: catalog.For("fr", s.now.Location()), Tx: tx})
			return err
		})
		if card.Title.String() != test.title || len(card.Buttons) != test.buttons {
			t.Errorf("%v: %q, %d buttons", test.views, card.Title, len(card.Buttons))
		}
	}
}
