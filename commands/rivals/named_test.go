package rivals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/poll"
	"crieur/bot/state"
)

func (d *desk) name(name string) (r Rival, err error) {
	err = d.do(func(ctx context.Context, tx *state.Tx) (err error) {
		r, err = d.e.FollowName(ctx, tx, d.b, "camille", name)
		return err
	})
	return r, err
}

func (d *desk) overhear(m listen.Mention) {
	d.t.Helper()
	if err := d.team.Refresh(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		return d.e.Overhear(ctx, tx, d.team.Now().Brand("colibri"), m)
	})
}

func (d *desk) talk(id string, ago time.Duration, most int) (where []string, count int) {
	d.t.Helper()
	talk, count, err := d.e.Talk(d.t.Context(), state.Begin(d.store, "look", d.now), id, d.now.Add(-ago), most)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, o := range talk {
		where = append(where, o.Title+" "+o.URL)
	}
	return where, count
}

func (d *desk) all() (names []string) {
	d.t.Helper()
	all, err := d.e.All(d.t.Context(), state.Begin(d.store, "look", d.now), "colibri")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, r := range all {
		names = append(names, fmt.Sprintf("%s %q %v", r.Name, r.Address, !r.Named.IsZero()))
	}
	return names
}

func TestNameAndAddress(t *testing.T) {
	for text, want := range map[string][2]string{
		"https://a.example/feed":              {"", "https://a.example/feed"},
		" a.example ":                         {"", "a.example"},
		"Thés Bellerive, https://a.example/f": {"Thés Bellerive", "https://a.example/f"},
		"Bellerive : a.example/f":             {"Bellerive", "a.example/f"},
		"Bellerive <https://a.example/f>":     {"Bellerive", "<https://a.example/f>"},
		"Maison J.R.":                         {"Maison J.R.", ""},
		"Thé et/ou café":                      {"Thé et/ou café", ""},
		"pas une adresse":                     {"pas une adresse", ""},
		"":                                    {"", ""},
	} {
		if name, address := nameAndAddress(text); name != want[0] || address != want[1] {
			t.Errorf("%q: %q, %q", text, name, address)
		}
	}
}

func TestFollowName(t *testing.T) {
	d := newDesk(t)
	for _, name := range []string{"", "ab", " a-b ", "…!?…", "é è"} {
		if _, err := d.name(name); !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	first, err := d.name(" Thés   Bellerive ")
	if err != nil || first.Name != "Thés Bellerive" || !first.Named.Equal(d.now) || first.Address != "" {
		t.Fatalf("%+v, %v", first, err)
	}
	d.now = d.now.Add(time.Hour)
	if again, err := d.name("THES BELLERIVE"); err != nil || again.ID != first.ID || !again.Since.Equal(first.Since) {
		t.Errorf("followed twice: %+v, %v", again, err)
	}
	fed := d.follow("https://vapeur.example/feed", "Feuilles et Vapeur")
	if both, err := d.name("Feuilles et vapeur"); err != nil || both.ID != fed.ID || both.Address != fed.Address || !both.Named.Equal(d.now) {
		t.Errorf("with an address already: %+v, %v", both, err)
	}
	d.source("https://journal.example/feed", "Le Journal")
	if other, err := d.name("Le Journal"); err != nil || other.Address != "" {
		t.Errorf("called as a source to relay is: %+v, %v", other, err)
	}
	if got := d.all(); len(got) != 4 {
		t.Errorf("followed: %q", got)
	}
}

// What is said of the name is counted where it was public, once, as a whole
// word; neither the words nor who said them are kept.
func TestOverhear(t *testing.T) {
	d := newDesk(t)
	d.b.Own = []string{"@colibri"}
	d.overhear(listen.Mention{ID: "m0", Text: "Bellerive, avant que quelqu’un le suive"})
	r, err := d.name("Bellerive")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []listen.Mention{
		{ID: "m1", Network: "Mastodon", Author: "@lea", Text: "Chez BELLERIVE, c’est moins cher et mon 06 39 98 12 34", URL: "https://m.example/1", At: d.now.Add(-time.Hour)},
		{ID: "m1", Network: "Mastodon", Author: "@lea", Text: "Chez BELLERIVE, entendu deux fois", URL: "https://m.example/1", At: d.now.Add(-time.Hour)},
		{ID: "m2", Network: "Bluesky", Author: "@tom", Text: "#Bellerive !", URL: "https://b.example/2", At: d.now.Add(time.Hour)},
		{ID: "m3", Network: "Bluesky", Author: "@tom", Text: "Belleriveraine"},
		{ID: "m4", Network: "Mail", Author: "@tom", Text: "Bellerive, entre nous", Private: true},
		{ID: "m5", Network: "X", Author: "@Colibri", Text: "Bellerive, par nous-mêmes"},
		{ID: "m6", Network: "X", Author: "@zoe", Text: "Bellerive il y a longtemps", At: d.now.AddDate(0, 0, -40)},
	} {
		d.overhear(m)
	}
	if where, count := d.talk(r.ID, 24*time.Hour, 10); count != 2 || strings.Join(where, ", ") != "Bluesky https://b.example/2, Mastodon https://m.example/1" {
		t.Errorf("%d: %q", count, where)
	}
	if where, count := d.talk(r.ID, 50*24*time.Hour, 1); count != 3 || len(where) != 1 {
		t.Errorf("%d in all: %q", count, where)
	}
	if got := d.fresh(); got != "" {
		t.Errorf("what people say is the competitor’s own news: %s", got)
	}
	kept, err := observations.Peek(t.Context(), state.Begin(d.store, "look", d.now), r.ID+"/"+rivalID("said", "m1"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%+v, %v", kept, err)
	}
	data, err := json.Marshal(kept[0])
	if err != nil || strings.Contains(string(data), "06 39") || strings.Contains(string(data), "lea") {
		t.Errorf("kept: %s, %v", data, err)
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	lines, err := d.e.TalkLines(t.Context(), state.Begin(d.store, "look", d.now), d.b, d.now.Add(-24*time.Hour), catalog.For("en", nil))
	if err != nil || strings.Join(lines, "|") != "Bellerive is being talked about: 2 messages" {
		t.Errorf("in the brief: %q, %v", lines, err)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.e.Unfollow(ctx, tx, r.ID, "camille")
		return err
	})
	d.overhear(listen.Mention{ID: "m7", Text: "Bellerive, encore", At: d.now})
	if _, count := d.talk(r.ID, 24*time.Hour, 1); count != 2 {
		t.Errorf("heard after all: %d", count)
	}
}

// Where no competitor is spoken of, nothing is read.
func TestOverhearIsCheap(t *testing.T) {
	d := newDesk(t)
	unread := state.Begin(nil, "hear", d.now) // without a store, reading would panic
	if err := d.e.Overhear(t.Context(), unread, d.b, listen.Mention{ID: "m1", Text: "Bellerive"}); err != nil {
		t.Error(err)
	}
	if _, err := d.name("Bellerive"); err != nil {
		t.Fatal(err)
	}
	if err := d.team.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := d.team.Now().Brand("colibri")
	if len(b.Named) != 1 {
		t.Fatalf("at hand: %+v", b.Named)
	}
	if err := d.e.Overhear(t.Context(), unread, b, listen.Mention{ID: "m2", Text: "Colibri"}); err != nil {
		t.Error(err)
	}
}

// A name that gets an address is read from then on, and still listened for.
func TestAddAddress(t *testing.T) {
	d := newDesk(t)
	r, err := d.name("Bellerive")
	if err != nil {
		t.Fatal(err)
	}
	add := func(id, address string) error {
		return d.do(func(ctx context.Context, tx *state.Tx) error { return d.e.AddAddress(ctx, tx, id, "camille", address) })
	}
	compared := func() string {
		catalog, err := i18n.Load()
		if err != nil {
			t.Fatal(err)
		}
		all, err := d.e.Compare(t.Context(), state.Begin(d.store, "look", d.now), d.b)
		if err != nil || len(all) != 2 {
			t.Fatalf("%+v, %v", all, err)
		}
		return rhythmLine(catalog.For("en", nil), all[1], "Colibri")
	}
	if got := compared(); got != "Bellerive: followed by its name, no figures" {
		t.Errorf("without address: %s", got)
	}
	if err := add(r.ID, "Bellerive"); !errors.Is(err, ErrAddress) {
		t.Errorf("no address: %v", err)
	}
	if err := add("none", "https://a.example/feed"); !errors.Is(err, ErrUnknown) {
		t.Errorf("of nothing: %v", err)
	}
	if err := add(r.ID, "https://a.example/feed"); err != nil {
		t.Fatal(err)
	}
	if got := d.all(); len(got) != 1 || got[0] != `Bellerive "https://a.example/feed" true` {
		t.Errorf("followed: %q", got)
	}
	if again := d.follow("https://a.example/feed", "Bellerive"); again.ID != r.ID || again.Named.IsZero() || len(d.all()) != 1 {
		t.Errorf("followed by that address: %+v of %q", again, d.all())
	}
	read, found, err := poll.Get(t.Context(), state.Begin(d.store, "look", d.now), r.ID)
	if err != nil || !found || read.Address != "https://a.example/feed" || read.Subject != r.ID {
		t.Errorf("read: %+v, %v", read, err)
	}
	if got := compared(); got != "Bellerive: not read yet, no figures" {
		t.Errorf("with an address: %s", got)
	}
	d.overhear(listen.Mention{ID: "m1", Text: "Bellerive ?", At: d.now})
	d.must(func(ctx context.Context, tx *state.Tx) error {
		return poll.Receipt(d.e.Polled)(ctx, tx, receiptOf(t, r.ID, poll.Read("c", time.Hour)))
	})
	if _, count := d.talk(r.ID, time.Hour, 1); count != 1 {
		t.Errorf("no longer listened for: %d", count)
	}
}
