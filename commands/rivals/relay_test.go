package rivals

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/text/similar"
)

const harvest = "Les jardins du Darjeeling ont fermé leurs portes hier soir. Les feuilles de cet automne sont petites, " +
	"peu nombreuses, et leur parfum est net : ceux qui les ont goûtées parlent de fruits mûrs et de bois."

// source follows an address to relay it.
func (d *desk) source(address, name string) (r Rival) {
	d.t.Helper()
	d.must(func(ctx context.Context, tx *state.Tx) (err error) {
		r, err = d.e.FollowSource(ctx, tx, d.b, "camille", address, name)
		return err
	})
	return r
}

func (d *desk) observe(o listen.Observation) string {
	d.t.Helper()
	item, err := Item(Seen{Brand: "colibri", Observation: o})
	if err != nil {
		d.t.Fatal(err)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error { return d.e.Observe(ctx, tx, item) })
	return short("colibri", o)
}

func (d *desk) relayable() string {
	d.t.Helper()
	all, err := d.e.Relayable(d.t.Context(), state.Begin(d.store, "look", d.now), d.b, d.now.Add(-72*time.Hour))
	if err != nil {
		d.t.Fatal(err)
	}
	return idsOf(all)
}

func idsOf(all []listen.Observation) string {
	var ids []string
	for _, o := range all {
		ids = append(ids, o.ID)
	}
	return strings.Join(ids, " ")
}

func TestWorth(t *testing.T) {
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.FixedZone("", 3600))
	since := now.Add(-time.Hour)
	followed := []Rival{{ID: "r", Name: "Thés Bellerive"}, {ID: "s", Name: "Le Journal du thé", Relay: true}, {ID: "s2", Name: "Feuilles", Relay: true}}
	piece := func(id, source, title, text string) listen.Observation {
		return listen.Observation{ID: id, Rival: source, Title: title, Text: text, URL: "https://example.org/" + id, At: since}
	}
	six := func() (all []listen.Observation) {
		for i, word := range []string{"Assam", "Ceylan", "Yunnan", "Sencha", "Rooibos", "Oolong"} {
			all = append(all, piece(fmt.Sprint("p", i), "s", word+" : "+strings.Repeat(strings.ToLower(word)+" ", i+1), ""))
		}
		return all
	}
	nowhere, old, theirs := piece("a", "s", "Une récolte", ""), piece("a", "s", "Une récolte", ""), piece("b", "r", "", harvest)
	nowhere.URL, old.At, theirs.At = "", since.Add(-1), since.AddDate(0, 0, -20)
	today, yesterday := now.Add(-9*time.Hour), now.Add(-9*time.Hour-time.Minute) // midnight there
	for name, test := range map[string]struct {
		news []listen.Observation
		done map[string]Settled
		want string
	}{
		"of a source":              {[]listen.Observation{piece("a", "s", "Une récolte", harvest)}, nil, "a"},
		"of a competitor":          {[]listen.Observation{piece("a", "r", "Une récolte", harvest)}, nil, ""},
		"of what is not followed":  {[]listen.Observation{piece("a", "x", "Une récolte", harvest)}, nil, ""},
		"names a competitor":       {[]listen.Observation{piece("a", "s", "Vu chez", "C’est THES  BELLERIVE, à Lyon."), piece("b", "s", "Bellerive-sur-Mer", "Un port.")}, nil, "b"},
		"what a competitor said":   {[]listen.Observation{piece("a", "s", "", harvest), piece("b", "r", "", harvest)}, nil, ""},
		"what they said long ago":  {[]listen.Observation{piece("a", "s", "", harvest), theirs}, nil, ""},
		"too old":                  {[]listen.Observation{old}, nil, ""},
		"the same of two sources":  {[]listen.Observation{piece("a", "s", "", harvest), piece("b", "s2", "", harvest)}, nil, "a"},
		"no address to credit":     {[]listen.Observation{nowhere}, nil, ""},
		"settled":                  {[]listen.Observation{piece("a", "s", "Une récolte", "")}, map[string]Settled{"a": {At: now}}, ""},
		"five at most":             {six(), nil, "p0 p1 p2 p3 p4"},
		"five with today's":        {six(), map[string]Settled{"p0": {At: today}, "p2": {At: now}}, "p1 p3 p4"},
		"yesterday's do not count": {six(), map[string]Settled{"p0": {At: yesterday}}, "p1 p2 p3 p4 p5"},
	} {
		if got := idsOf(worth(followed, test.news, test.done, since, now)); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// What is quoted is a title, or so few of the words that it is no copy.
func TestQuoted(t *testing.T) {
	for name, test := range map[string]struct{ title, text, want string }{
		"the title of an article":    {"La cueillette\n est finie", harvest, "La cueillette est finie"},
		"a title without text":       {"La cueillette est finie", "", "La cueillette est finie"},
		"a post without a title":     {"", harvest, "Les jardins du Darjeeling ont fermé leurs portes hier soir. Les feuilles […]"},
		"a title that is the text":   {"Les jardins du Darjeeling", harvest, "Les jardins du Darjeeling ont fermé leurs portes hier soir. Les feuilles […]"},
		"a long text":                {"", strings.Repeat("mot ", 100), strings.TrimSpace(strings.Repeat("mot ", 15)) + " […]"},
		"few words":                  {"", "Un thé très doux ce soir", "Un thé […]"},
		"two words":                  {"", "Bonjour vous", "Bonjour […]"},
		"as long as a word can be":   {"", strings.Repeat("é", 400), strings.Repeat("é", 400) + " […]"},
		"nothing but spaces in text": {"Un titre", "  ", "Un titre"},
	} {
		if got := quoted(listen.Observation{Title: test.title, Text: test.text}); got != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	o := listen.Observation{Text: harvest, URL: "https://example.org/a"}
	for _, lang := range i18n.Langs() {
		p := catalog.For(lang, nil)
		note := p.T("rivals.relaynote", "Credit", "Le Journal du thé", "Quote", p.Quote(quoted(o)), "URL", o.URL)
		if similar.Compare(note, o.Text).Copy {
			t.Errorf("%s: the draft is a copy: %s", lang, note)
		}
	}
}

func TestCredit(t *testing.T) {
	for author, want := range map[string]string{
		"": "Le Journal du thé", "LE JOURNAL DU THE": "Le Journal du thé", "Ana Roux": "Le Journal du thé (Ana Roux)",
	} {
		if got := credit("Le Journal du thé", listen.Observation{Author: author}); got != want {
			t.Errorf("%q: %s", author, got)
		}
	}
}

// A source's piece becomes a draft that credits it, once; a competitor's never.
func TestRelay(t *testing.T) {
	d := newDesk(t)
	rival, source := d.follow("https://a.example/feed", "Bellerive"), d.source("https://b.example/feed", "Le Journal du thé")
	theirs := d.see("o1", rival.ID, time.Hour)
	piece := d.observe(listen.Observation{ID: "s1", Rival: source.ID, Kind: "post", Title: "La cueillette est finie", Text: harvest,
		Author: "Ana Roux", URL: "https://b.example/1", At: d.now.Add(-time.Hour)})
	d.observe(listen.Observation{ID: "s2", Rival: source.ID, Kind: "post", Title: "Un autre sujet", URL: "https://b.example/2", At: d.now.Add(-2 * time.Hour)})
	if got := d.relayable(); got != "s1 s2" || d.fresh() != "o1" {
		t.Errorf("to relay: %s; competitors' news: %s", got, d.fresh())
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	relay := func(name string) error {
		return d.do(func(ctx context.Context, tx *state.Tx) error {
			_, err := d.e.Relay(ctx, tx, d.b, name, "camille", catalog.For("en", nil))
			return err
		})
	}
	for _, test := range []struct {
		name, piece string
		want        error
	}{{"a source's", piece, nil}, {"again", piece, ErrSettled}, {"a competitor's", theirs, ErrRival}, {"nothing", "none", ErrUnknown}} {
		if err := relay(test.piece); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if want := "camille: Worth reading, Le Journal du thé (Ana Roux): “La cueillette est finie” https://b.example/1"; len(d.notes) != 1 || d.notes[0] != want {
		t.Errorf("drafts %q", d.notes)
	}
	if got := d.relayable(); got != "s2" {
		t.Errorf("still to relay: %s", got)
	}
	lines, err := d.e.RelayLine(t.Context(), state.Begin(d.store, "look", d.now), d.b, d.now.Add(-24*time.Hour), catalog.For("en", nil))
	if err != nil || strings.Join(lines, "|") != "Worth sharing, from Le Journal du thé: Un autre sujet" {
		t.Errorf("in the brief: %q, %v", lines, err)
	}
}

// Marking changes at once what is proposed, and what counts as a competitor.
func TestMark(t *testing.T) {
	d := newDesk(t)
	one := d.follow("https://a.example/feed", "Le Journal du thé")
	d.see("o1", one.ID, time.Hour)
	mark := func(id string, relay bool) error {
		return d.do(func(ctx context.Context, tx *state.Tx) error { return d.e.Mark(ctx, tx, id, "camille", relay) })
	}
	look := func() string { return d.relayable() + "/" + d.fresh() }
	if got := look(); got != "/o1" {
		t.Errorf("followed: %s", got)
	}
	if err := mark(one.ID, true); err != nil || look() != "o1/" {
		t.Errorf("to relay: %v, %s", err, look())
	}
	all, err := d.e.Compare(t.Context(), state.Begin(d.store, "look", d.now), d.b)
	if err != nil || len(all) != 1 {
		t.Errorf("compared with what is no competitor: %+v, %v", all, err)
	}
	if err := mark(one.ID, false); err != nil || look() != "/o1" {
		t.Errorf("a competitor again: %v, %s", err, look())
	}
	if err := mark("none", true); !errors.Is(err, ErrUnknown) {
		t.Errorf("nothing: %v", err)
	}
}
