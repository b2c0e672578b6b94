package crisis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crieur/bot/state"
)

// stance is how to answer what is about themes now.
func (r *room) stance(brand string, themes ...string) *Stance {
	r.t.Helper()
	s, err := r.Stance(r.t.Context(), state.Begin(r.store, "look", r.now), r.space.Brand(brand), themes)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func (r *room) replace(by, say string) error {
	return r.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := r.Replace(ctx, tx, "colibri/1", by, map[string]string{"fr": say}, map[string]string{"fr": "jamais ça"})
		return err
	})
}

// Words count from their commit on, for what is about the theme, until the end.
func TestReplace(t *testing.T) {
	r := newRoom(t)
	if s := r.stance("colibri", "livraison"); s != nil {
		t.Errorf("without a crisis: %+v", s)
	}
	c, err := r.begin("colibri", opening())
	if err != nil {
		t.Fatal(err)
	}
	if s := r.stance("colibri", "prix", "livraison"); s == nil || s.Number != 0 || s.Subject != c.ID {
		t.Errorf("before there are words: %+v", s)
	}
	for i, say := range []string{"on cherche", "on a trouvé"} {
		r.now = r.now.Add(time.Minute)
		if err := r.replace("noa", say); err != nil {
			t.Fatal(err)
		}
		if s := r.stance("colibri", "livraison"); s == nil || s.Number != i+1 || s.Say["fr"] != say || s.By != "noa" || !s.At.Equal(r.now) {
			t.Errorf("%s: %+v", say, s)
		}
	}
	before, found, err := texts.Get(t.Context(), state.Begin(r.store, "look", r.now), wordsID(c.ID, 1))
	if err != nil || !found || before.Say["fr"] != "on cherche" || before.Brand != "colibri" {
		t.Errorf("those before: %+v, %v", before, err)
	}
	for name, s := range map[string]*Stance{"another theme": r.stance("colibri", "prix"), "no theme": r.stance("colibri"), "another brand": r.stance("bellerive", "livraison")} {
		if s != nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if strings.Contains(fmt.Sprint(r.store.Trail()), "cherche") {
		t.Errorf("the trail has the words: %v", r.store.Trail())
	}
	r.must(func(ctx context.Context, tx *state.Tx) error { _, err := r.End(ctx, tx, c.ID, "noa", ""); return err })
	if s := r.stance("colibri", "livraison"); s != nil {
		t.Errorf("after its end: %+v", s)
	}
	if err := r.replace("noa", "trop tard"); !errors.Is(err, ErrOver) {
		t.Errorf("after its end: %v", err)
	}
}

func TestReplacedTooOften(t *testing.T) {
	r := newRoom(t)
	if _, err := r.begin("colibri", opening()); err != nil {
		t.Fatal(err)
	}
	for i := range mostTexts {
		if err := r.replace("noa", fmt.Sprint("texte ", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.replace("noa", "de trop"); !errors.Is(err, ErrMany) || r.last("colibri").Words != mostTexts {
		t.Errorf("one more: %v", err)
	}
}

// Two who write at a time: the later words count, and who wrote the others is named.
func TestWordsThatCross(t *testing.T) {
	d := newDesk(t)
	if _, err := d.begin("colibri", opening()); err != nil {
		t.Fatal(err)
	}
	for i, test := range []struct{ who, says string }{{"noa", ""}, {"morgan", "Noa venait de les changer, 12 h 00"}} {
		said, err := d.asked(d.chat.replace, test.who, sayField+"fr", fmt.Sprint("texte de ", test.who)) // the form knew of none
		if err != nil || !strings.Contains(said, "Les mots sont en place") || test.says == "" == strings.Contains(said, "venait") || !strings.Contains(said, test.says) {
			t.Errorf("%d: %q, %v", i, said, err)
		}
	}
	holds(t, "the card", d.seen("colibri/1", "", "fr"), "Nous disons (texte 2, Morgan, 12 h 00) :", "texte de morgan", "[Éléments de langage]")
	holds(t, "in a language that it lacks", d.seen("colibri/1", "", "en"), "We say (text 2, Morgan, 12:00):", "texte de morgan")
	if card := d.seen("colibri/1", "morgan", "fr"); strings.Contains(card, "[Éléments de langage]") {
		t.Errorf("who does not approve sets the words:\n%s", card)
	}
	form, err := d.chat.wordsForm(t.Context(), d.as(t.Context(), state.Begin(d.store, "look", d.now), "noa"))
	if err != nil || form.Arg != "2" || len(form.Fields) != 4 || form.Fields[0].Value[0] != "texte de morgan" || form.Fields[0].Optional || !form.Fields[2].Optional {
		t.Errorf("the form: %+v, %v", form, err)
	}
}

func TestCheckWords(t *testing.T) {
	d := newDesk(t)
	long := strings.Repeat("mot ", 2500)
	for name, test := range map[string]struct {
		values []string
		wrong  string
	}{
		"nothing":            {nil, "say-fr"},
		"the first language": {[]string{"say-fr", "on cherche"}, ""},
		"another one only":   {[]string{"say-en", "we look"}, "say-fr"},
		"10,000 characters":  {[]string{"say-fr", "on cherche", "avoid-en", long}, "avoid-en"},
		"all of them":        {[]string{"say-fr", long}, "say-fr"},
	} {
		problems, err := checkWords(t.Context(), d.as(t.Context(), state.Begin(d.store, "look", d.now), "noa", test.values...))
		if err != nil || (problems[test.wrong] == "") != (test.wrong == "") || test.wrong == "" && len(problems) > 0 {
			t.Errorf("%s: %v, %v", name, problems, err)
		}
	}
}
