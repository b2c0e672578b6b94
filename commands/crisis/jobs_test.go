package crisis

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/state"
	"crieur/bot/work"
)

// point hands the crisis to its due time.
func (r *room) point() {
	r.t.Helper()
	r.must(func(ctx context.Context, tx *state.Tx) error {
		return r.Due(ctx, tx, work.Item{Data: []byte("colibri/1")})
	})
}

// dues is when the next due time is; zero when there is none.
func (r *room) dues() time.Time {
	r.t.Helper()
	_, next, err := r.store.MoveDue(r.t.Context(), r.now, 0)
	if err != nil {
		r.t.Fatal(err)
	}
	return next
}

// In hours a point comes to who leads; outside these it rings who is on call, and
// nobody else.
func TestWhoIsReminded(t *testing.T) {
	night := time.Date(2026, 11, 27, 2, 0, 0, 0, time.UTC)
	today := hours.Days{hours.DayOf(night)}
	for name, test := range map[string]struct {
		at     time.Time
		lead   string
		change func(*room)
		want   []string
	}{
		"in hours":                        {noon.Add(time.Hour), "noa", nil, []string{"@Unoa"}},
		"at night":                        {night, "morgan", nil, []string{"@Ulou!"}},
		"at night, on call":               {night, "noa", nil, []string{"@Unoa!"}},
		"at night, who calls is on leave": {night, "morgan", func(r *room) { r.space.Member("lou").Away = today }, []string{"@Unoa!"}},
		"at night, nobody on call":        {night, "morgan", func(r *room) { r.space.Brand("colibri").OnCall = nil }, []string{"@Umorgan"}},
		"who led is gone, in hours": {noon.Add(time.Hour), "noa", func(r *room) {
			r.space.Members = slices.DeleteFunc(r.space.Members, func(m *brand.Member) bool { return m.ID == "noa" })
		}, []string{"@Ulou!"}},
	} {
		r, o := newRoom(t), opening()
		o.Lead, o.Point = test.lead, test.at
		if _, err := r.begin("colibri", o); err != nil {
			t.Fatal(err)
		}
		if test.change != nil {
			test.change(r)
		}
		if r.now = test.at.Add(-time.Second); !r.dues().Equal(test.at) {
			t.Errorf("%s: due %v", name, r.dues())
		}
		if r.point(); len(r.hung) != 0 {
			t.Errorf("%s: too early: %q", name, r.rung())
		}
		r.now = test.at
		if r.point(); !slices.Equal(r.rung(), test.want) {
			t.Errorf("%s: rang %q", name, r.rung())
		}
	}
}

// A point that was moved rings at its new time alone, and who leads then has the
// card; one of a crisis that is over rings nobody.
func TestNext(t *testing.T) {
	r, o := newRoom(t), opening()
	o.Point = noon.Add(time.Hour)
	if _, err := r.begin("colibri", o); err != nil {
		t.Fatal(err)
	}
	next := func(by, lead string, at time.Time) error {
		return r.step(func(ctx context.Context, tx *state.Tx) error {
			_, err := r.Next(ctx, tx, "colibri/1", by, lead, at)
			return err
		})
	}
	later := noon.Add(2 * time.Hour)
	if err := next("noa", "lou", later); err != nil {
		t.Fatal(err)
	}
	if c := r.last("colibri"); c.Lead != "lou" || !c.Point.Equal(later) || !c.Acts[2].Point.Equal(later) || !slices.Equal(r.rung(), []string{"@Ulou"}) {
		t.Errorf("%+v, rang %q", c, r.rung())
	}
	if err := next("lou", "lou", later); err != nil || len(r.rung()) != 0 {
		t.Errorf("rang who set it: %q, %v", r.rung(), err)
	}
	if err := next("lou", "sacha", later); !errors.Is(err, ErrLead) {
		t.Errorf("led by who may not: %v", err)
	}
	if r.now = noon.Add(time.Hour); !r.dues().Equal(later) {
		t.Errorf("due %v", r.dues())
	}
	if r.point(); len(r.hung) != 0 {
		t.Errorf("at the old time: %q", r.rung())
	}
	r.must(func(ctx context.Context, tx *state.Tx) error {
		_, err := r.End(ctx, tx, "colibri/1", "noa", "")
		return err
	})
	if r.now = later; !r.dues().IsZero() {
		t.Errorf("due %v after its end", r.dues())
	}
	if r.point(); len(r.hung) != 0 {
		t.Errorf("after its end: %q", r.rung())
	}
	if err := next("noa", "noa", later); !errors.Is(err, ErrOver) {
		t.Errorf("after its end: %v", err)
	}
}

// A time that has passed is tomorrow's, in the brand's zone.
func TestClockOf(t *testing.T) {
	d := newDesk(t)
	for said, want := range map[string]time.Time{
		"": {}, "12:01": noon.Add(time.Minute), "12:00": noon.AddDate(0, 0, 1), "2:30": time.Date(2026, 11, 27, 2, 30, 0, 0, time.UTC),
	} {
		if got, ok := clockOf(d.as(t.Context(), state.Begin(d.store, "look", d.now), "noa", clockField, said)); !ok || !got.Equal(want) {
			t.Errorf("%q: %v, %v", said, got, ok)
		}
	}
	for _, said := range []string{"", "bientôt", "25:00"} {
		r := d.as(t.Context(), state.Begin(d.store, "look", d.now), "noa", clockField, said)
		if problems, err := checkPoint(t.Context(), r); err != nil || problems[clockField] == "" {
			t.Errorf("%q: %v, %v", said, problems, err)
		}
		if _, err := d.asked(d.chat.next, "noa", clockField, said, leadField, "noa"); err == nil {
			t.Errorf("%q: set", said)
		}
	}
}

func TestPointOnTheCard(t *testing.T) {
	d, o := newDesk(t), opening()
	if _, err := d.begin("colibri", o); err != nil {
		t.Fatal(err)
	}
	holds(t, "the card", d.seen("colibri/1", "", "fr"), "Aucun prochain point n’est fixé.", "[Prochain point]")
	form, err := d.chat.pointForm(t.Context(), d.as(t.Context(), state.Begin(d.store, "look", d.now), "morgan"))
	if err != nil || !slices.Equal(form.Fields[0].Value, []string{"13:00"}) || !slices.Equal(form.Fields[1].Value, []string{"noa"}) {
		t.Fatalf("%+v, %v", form, err)
	}
	said, err := d.asked(d.chat.next, "morgan", clockField, "13:00", leadField, "lou")
	if err != nil || said != "Prochain point : 13 h 00, avec Lou." {
		t.Errorf("said %q, %v", said, err)
	}
	for zone, want := range map[string]string{"": "Prochain point : 13 h 00, avec Lou.", "America/Montreal": "Prochain point : jeudi 26 novembre à 13 h 00 (UTC), 8 h 00 pour vous, avec Lou."} {
		there, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		r := d.as(t.Context(), state.Begin(d.store, "look", d.now), "morgan")
		if got := plain(pointLine(d.words.For("fr", there), d.space, r.Brand, d.last("colibri"), d.now)); got != want {
			t.Errorf("in %q: %s, want %s", zone, got, want)
		}
	}
	d.now = noon.Add(time.Hour)
	card, err := d.chat.view(t.Context(), bot.ViewRequest{Space: d.space, Brand: d.space.Brand("colibri"), Subject: "colibri/1",
		Print: d.words.For("fr", time.UTC), Now: d.now, Tx: state.Begin(d.store, "look", d.now)})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "what rings", plain(card.Summary), "C’est l’heure du point (prévu : 13 h 00, avec Lou).", "Colis perdus")
}

// What is left has everything that people did, and its text all that was said.
func TestStory(t *testing.T) {
	d := newDesk(t)
	if _, err := d.begin("colibri", opening()); err != nil {
		t.Fatal(err)
	}
	for _, say := range []string{"on cherche", "on a trouvé"} {
		d.now = d.now.Add(time.Minute)
		if err := d.replace("noa", say); err != nil {
			t.Fatal(err)
		}
	}
	d.must(func(ctx context.Context, tx *state.Tx) error { return d.Paused(ctx, tx, "lou", false) })
	d.must(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.End(ctx, tx, "colibri/1", "morgan", "Appeler plus tôt")
		return err
	})
	holds(t, "the card", d.seen("colibri/1", "", "fr"), "crise ouverte", "tout suspendu", "éléments de langage, texte 2", "posts repris", "crise terminée", "Appeler plus tôt",
		"[Obtenir le bilan en texte]")
	text, err := d.asked(d.chat.text, "sacha")
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for _, want := range []string{"Bilan de crise · Colis perdus\njeudi", "jeudi 26 novembre à 12 h 00 · Morgan · crise ouverte", "· tout suspendu", "texte 1\n« on cherche »\nNous ne disons pas : jamais ça",
		"12 h 02 · Noa · éléments de langage, texte 2\n« on a trouvé »", "Lou · posts repris", "Morgan · crise terminée", "Ce que nous en retenons\nAppeler plus tôt"} {
		next := strings.Index(text, want)
		if next <= at {
			t.Errorf("%q is missing, or too early:\n%s", want, text)
		}
		at = next
	}
}

// A long crisis is counted on its card, and whole in its text.
func TestLongStory(t *testing.T) {
	d := newDesk(t)
	if _, err := d.begin("colibri", opening()); err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		d.must(func(ctx context.Context, tx *state.Tx) error { return d.Paused(ctx, tx, "lou", i%2 == 1) })
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.End(ctx, tx, "colibri/1", "morgan", "")
		return err
	})
	holds(t, "the card", d.seen("colibri/1", "", "fr"), "et 13 autres")
	text, err := d.asked(d.chat.text, "noa")
	if err != nil || strings.Count(text, "posts repris") != 15 {
		t.Errorf("the text has not all: %v\n%s", err, text)
	}
}
