package team_test

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
)

var now = time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)

func configured() *brand.Space {
	return &brand.Space{ID: "s",
		Brands: []*brand.Brand{{ID: "colibri", Name: "Maison Colibri", Langs: []string{"fr"}}},
		Members: []*brand.Member{{ID: "camille", Name: "Camille", Roles: []brand.Role{brand.Author},
			Handles: map[string]string{"slack:T1": "U1"}, Away: hours.Days{{Year: 2026, Month: 12, Day: 24}}}},
	}
}

// learn changes what was learnt, as a conversation would.
func learn(t *testing.T, store state.Store, cause string, change func(team.Overlay) team.Overlay) {
	t.Helper()
	_, err := state.Do(t.Context(), store, cause, now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		overlay, err := team.Get(ctx, tx)
		if err != nil {
			return nil, err
		}
		return nil, team.Put(ctx, tx, change(overlay))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOver(t *testing.T) {
	week := hours.Week{time.Monday: {{Open: 540, Close: 720}}}
	space := configured()
	over := team.Over(space, team.Overlay{
		People: []team.Person{
			{ID: "camille", Lang: "en", Zone: "America/Montreal", Hours: &week, Reach: "discord",
				Roles:   []brand.Role{brand.Admin},
				Handles: map[string]string{"discord:G1": "D1", "slack:T1": "U666"},
				Away:    []team.Leave{{From: hours.Day{Year: 2026, Month: 12, Day: 30}, To: hours.Day{Year: 2027, Month: 1, Day: 2}}}},
			{ID: "noa", Name: "Noa", Roles: []brand.Role{brand.Responder}, Handles: map[string]string{"discord:G1": "D2"}},
			{ID: "gone", Lang: "fr"}, {ID: "left", Name: "Left", Handles: map[string]string{"discord:G1": "D3"}},
		},
		Brands: []team.Brand{
			{ID: "colibri", Name: "Somebody else's"},
			{ID: "bellerive", Name: "Thés Bellerive", Langs: []string{"en"}, Zone: "Europe/Paris", Hours: week, Brief: 525},
		},
	})

	m := over.Member("camille")
	if m.Lang != "en" || m.Zone.String() != "America/Montreal" || m.Hours != &week || len(m.Away) != 5 {
		t.Errorf("what Camille said of herself: %+v", m)
	}
	if !m.Can(brand.Admin) || !m.Can(brand.Author) || m.Can(brand.Approver) {
		t.Errorf("roles are those of the file and those given, not %v", m.All())
	}
	if over.Who("slack", "T1", "U1") != m || over.Who("slack", "T1", "U666") != nil || over.Who("discord", "G1", "D1") != m {
		t.Errorf("handles: %v", m.Handles)
	}
	want := []board.Place{{Platform: "discord", Team: "G1", Channel: "@D1"}}
	if got := m.Direct(); !reflect.DeepEqual(got, want) {
		t.Errorf("Direct() = %v, want %v", got, want)
	}
	if noa := over.Who("discord", "G1", "D2"); noa == nil || !noa.Can(brand.Responder) {
		t.Errorf("a member whom the file does not name: %+v", noa)
	}
	if over.Member("gone") != nil || over.Who("discord", "G1", "D3") != nil {
		t.Error("a member who is nobody any more")
	}
	if len(over.Brands) != 2 || over.Brand("colibri") != space.Brand("colibri") {
		t.Error("the brand of the file is not as the file says")
	}
	if b := over.Brand("bellerive"); b == nil || b.Promise == 0 || b.Noise == (brand.Noise{}) || b.Zone.String() != "Europe/Paris" {
		t.Errorf("the brand that was set up: %+v", b)
	}
	if !reflect.DeepEqual(space, configured()) {
		t.Error("the configured space was changed")
	}
	if team.Over(space, team.Overlay{}) != space {
		t.Error("nothing learnt, and yet another space")
	}
}

// A reach that leads nowhere any more does not make somebody unreachable.
func TestReach(t *testing.T) {
	m := &brand.Member{Handles: map[string]string{"slack:T1": "U1"}, Reach: "discord"}
	if got := m.Direct(); len(got) != 1 || got[0].Platform != "slack" {
		t.Errorf("Direct() = %v", got)
	}
}

// Two processes over one store: what one changes, the other knows after a look.
func TestDirectory(t *testing.T) {
	store := statetest.NewMem()
	here, there := team.New(configured(), store), team.New(configured(), store)
	before := there.Now()
	learn(t, store, "one", func(o team.Overlay) team.Overlay { return o.With(team.Person{ID: "camille", Lang: "en"}) })
	for _, d := range []*team.Directory{here, there} {
		if err := d.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := d.Now().Member("camille").Lang; got != "en" {
			t.Errorf("Camille reads %q", got)
		}
	}
	if before.Member("camille").Lang != "" {
		t.Error("a space that somebody holds has changed under them")
	}
	known := there.Now()
	if err := there.Refresh(t.Context()); err != nil || there.Now() != known {
		t.Errorf("nothing changed, and yet another space; %v", err)
	}
}

// What one process changes another one, following, knows within a look.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &failing{Store: statetest.NewMem()}
		d := team.New(configured(), store)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		failures := 0
		go d.Follow(ctx, func(error) { failures++ })

		learn(t, store, "one", func(o team.Overlay) team.Overlay { return o.WithBrand(team.Brand{ID: "new"}) })
		store.set(errors.New("away"))
		time.Sleep(team.FollowEvery + 1)
		synctest.Wait()
		if failures != 1 || d.Now().Brand("new") != nil {
			t.Errorf("%d failures", failures)
		}
		store.set(nil)
		time.Sleep(team.FollowEvery)
		synctest.Wait()
		if d.Now().Brand("new") == nil {
			t.Error("the brand of another process is not known")
		}
	})
}

// Readers and refreshes at once: the race detector looks on.
func TestDirectoryAtOnce(t *testing.T) {
	store := statetest.NewMem()
	d := team.New(configured(), store)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				if d.Now().Member("camille") == nil {
					t.Error("Camille is not there")
				}
				if err := d.Refresh(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, lang := range []string{"en", "fr", "en"} {
		learn(t, store, "learn "+lang+time.Now().String(), func(o team.Overlay) team.Overlay {
			return o.With(team.Person{ID: "camille", Lang: lang})
		})
	}
	all.Wait()
	if err := d.Refresh(t.Context()); err != nil || d.Now().Member("camille").Lang != "en" {
		t.Errorf("Camille reads %q; %v", d.Now().Member("camille").Lang, err)
	}
}

func TestChanges(t *testing.T) {
	for kind, want := range map[string]bool{team.Kind: true, "draft": false} {
		c := state.Commit{Writes: []state.Write{{Key: state.Key{Kind: "other"}}, {Key: state.Key{Kind: kind}}}}
		if got := team.Changes(c); got != want {
			t.Errorf("a commit that writes %s: %v", kind, got)
		}
	}
}

func TestLeaveDays(t *testing.T) {
	over := team.Leave{From: hours.Day{Year: 2026, Month: 12, Day: 31}, To: hours.Day{Year: 2027, Month: 1, Day: 1}}
	want := hours.Days{over.From, over.To}
	if got := over.Days(); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := (team.Leave{From: over.To, To: over.From}).Days(); len(got) != 0 {
		t.Errorf("a leave that ends before it begins has %v", got)
	}
}

// failing is a store that may be away.
type failing struct {
	state.Store
	mu  sync.Mutex
	err error
}

func (f *failing) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

func (f *failing) Get(ctx context.Context, keys ...state.Key) ([]state.Record, error) {
	f.mu.Lock()
	err := f.err
	f.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return f.Store.Get(ctx, keys...)
}
