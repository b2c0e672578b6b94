package people

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// strangers are outsiders by the value of their choice: "Tom · Discord". Who is
// only an author may not know them.
type strangers map[string]string

var errNotYours = errors.New("not your work")

func (s strangers) Known(_ context.Context, r *bot.Request) (all []bot.Choice, _ error) {
	if !r.Member.Can(brand.Responder) {
		return nil, nil
	}
	for _, id := range []string{"c1", "c2", "c3"} {
		if s[id] != "" {
			all = append(all, bot.Choice{Value: id, Label: s[id]})
		}
	}
	return all, nil
}

func (s strangers) Sheet(_ context.Context, r *bot.Request, id, name string) (bot.Reply, bool, error) {
	if !r.Member.Can(brand.Responder) {
		return bot.Reply{}, false, errNotYours
	}
	for known, label := range s {
		if known == id || id == "" && label == name+" · "+r.Platform.Name() {
			return bot.Private("fiche de " + label), true, nil
		}
	}
	return bot.Reply{}, false, nil
}

// lookup is a chat in which members look people up, in Paris, on Thursday
// 26 November 2026 at 10:15.
type lookup struct {
	*Chat
	t     *testing.T
	space *brand.Space
	duty  *onDuty
	now   time.Time
}

// onDuty lists who is there.
type onDuty struct {
	freed
	there []string
}

func (o *onDuty) OnDuty(context.Context, *state.Tx, *brand.Brand) ([]string, error) {
	return o.there, nil
}

func newLookup(t *testing.T) *lookup {
	t.Helper()
	now := thursday(t).Add(9*time.Hour + 45*time.Minute)
	b := &brand.Brand{ID: "colibri", Name: "Maison Colibri", Zone: now.Location(), OnCall: []string{"noa", "camille"}}
	for day := time.Monday; day <= time.Friday; day++ {
		b.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}}
	}
	member := func(name string, roles ...brand.Role) *brand.Member {
		id := strings.ToLower(name)
		return &brand.Member{ID: id, Name: name, Roles: roles, Handles: map[string]string{"discord:G": "D" + id}, Email: id + "@colibri.example"}
	}
	space := &brand.Space{ID: "s", Brands: []*brand.Brand{b}, Members: []*brand.Member{
		member("Camille", brand.Author, brand.Responder), member("Noa", brand.Responder), member("Noam", brand.Author), member("Sam", brand.Author)}}
	duty := &onDuty{}
	waits := func(_ context.Context, r *bot.Request, m *brand.Member) ([]string, error) {
		return []string{"attend " + m.Name + ", vu par " + r.Member.Name}, nil
	}
	return &lookup{t: t, space: space, duty: duty, now: now, Chat: &Chat{Engine: &Engine{Space: space, Duties: duty},
		Outsiders: strangers{"c1": "@marie.d · Mastodon", "c2": "Tom · Discord", "c3": "Noa · Mastodon"}, Waits: []Waits{waits}}}
}

func (l *lookup) request(who, text string) *bot.Request {
	l.t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		l.t.Fatal(err)
	}
	return &bot.Request{Event: bot.Event{Platform: bot.Discord, Team: "G", Text: text}, Space: l.space, Brand: l.space.Brands[0],
		Member: l.space.Member(who), Print: catalog.For("fr", l.now.Location()), Now: l.now,
		Tx: state.Begin(statetest.NewMem(), "look", l.now), NewToken: func(*state.Tx) string { return "token" }}
}

// says is what a handler answers in plain words.
func (l *lookup) says(handle bot.Handler, r *bot.Request) string {
	l.t.Helper()
	reply, err := handle(l.t.Context(), r)
	if err != nil {
		return "refused: " + err.Error()
	}
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(bottest.Plain(*reply.Card))
}

// A name leads to whom it names: exactly, else as a part of it; several are a
// choice, and who is not for one's eyes is nobody.
func TestNamed(t *testing.T) {
	l := newLookup(t)
	for _, test := range []struct{ who, text, want string }{
		{"camille", "", "La fiche de qui ?"},
		{"camille", "Sam", "Sam\nRôles : écriture"},
		{"camille", "<@!Dnoa>", "Noa\nRôles : réponses"}, // a mention says who exactly
		{"camille", "@Dsam", "Sam\nRôles : écriture"},
		{"camille", "Marie.D", "fiche de @marie.d · Mastodon"},
		{"camille", "@tom", "fiche de Tom · Discord"},
		{"camille", "noa", "2 personnes à ce nom"}, // a member and somebody else
		{"sam", "noa", "Noa\nRôles : réponses"},
		{"sam", "no", "2 personnes à ce nom"},
		{"sam", "équipe", "Je ne connais personne sous le nom « équipe »."}, // where they are is no name
		{"sam", "tom", "Je ne connais personne sous le nom « tom »."},
		{"camille", "éloïse " + strings.Repeat("x", 200), "Je ne connais personne sous le nom « éloïse xxx"},
	} {
		if got := l.says(l.named, l.request(test.who, test.text)); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s asks for %.40q and reads:\n%s", test.who, test.text, got)
		}
	}
	if got := l.says(l.named, l.request("camille", "noa")); !strings.Contains(got, "Noa · équipe") || !strings.Contains(got, "Noa · Mastodon") || strings.Contains(got, "Noam") {
		t.Errorf("the choice:\n%s", got)
	}
}

// The menu of a person shows a member, who wrote under that name, or says that
// nobody is known.
func TestPointed(t *testing.T) {
	l := newLookup(t)
	for _, test := range []struct{ who, person, from, want string }{
		{"sam", "Dnoa", "whatever", "Noa\nRôles : réponses"},
		{"camille", "999", "Tom", "fiche de Tom · Discord"},
		{"camille", "999", "@marie.d", "@marie.d n’est pas de l’équipe. Rien n’est connu sous ce nom sur Discord."},
		{"camille", "", "", "? n’est pas de l’équipe."},
		{"sam", "999", "Tom", "refused: not your work"},
	} {
		r := l.request(test.who, "")
		r.Person, r.From = test.person, test.from
		if got := l.says(l.pointed, r); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s points at %s %q and reads:\n%s", test.who, test.person, test.from, got)
		}
	}
}

func TestChosen(t *testing.T) {
	l := newLookup(t)
	for _, test := range []struct{ who, field, value, want string }{
		{"sam", personField, "@noa", "Noa\nRôles"}, {"camille", bot.MenuField, "c2", "fiche de Tom"},
		{"sam", personField, "c2", "refused: not your work"}, // a form that was made up
		{"camille", personField, "@gone", "refused: "}, {"camille", personField, "c9", "refused: "}, {"camille", "other", "@noa", "refused: "},
	} {
		r := l.request(test.who, "")
		r.Values = map[string][]string{test.field: {test.value}}
		if got := l.says(l.chosen, r); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s chooses %s and reads:\n%s", test.who, test.value, got)
		}
	}
	form, err := l.lookForm(t.Context(), l.request("sam", ""))
	if err != nil || len(form.Fields) != 1 || len(form.Fields[0].Choices) != 4 {
		t.Errorf("an author is offered %+v, %v", form.Fields, err)
	}
}

// Who a member is: when they work, whether they are away or on call, what waits
// for them, and nothing of how they are reached.
func TestMember(t *testing.T) {
	l := newLookup(t)
	noa := l.space.Member("noa")
	look := func() string { return l.says(l.named, l.request("camille", "@Dnoa")) }
	expect := func(when string, wants ...string) {
		t.Helper()
		got := look()
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in:\n%s", when, want, got)
			}
		}
		if strings.Contains(got, "colibri.example") || strings.Contains(got, "Dnoa") {
			t.Errorf("%s: an address is said:\n%s", when, got)
		}
	}
	expect("at work", "Dans ses heures de travail", "Horaires : lundi à vendredi, 9 h 00 à 18 h 00", "Astreinte hors horaires : appel n° 1",
		"attend Noa, vu par Camille", "[Chercher une autre personne]")
	l.now = l.now.Add(9 * time.Hour)
	l.duty.there = []string{"noa"}
	expect("in the evening, on duty", "Hors de ses heures jusqu’à demain à 9 h 00", "Permanence en cours")
	l.duty.there = nil
	noa.Away = hours.Days{{Year: 2026, Month: time.November, Day: 26}, {Year: 2026, Month: time.November, Day: 27}}
	expect("away", "Absence : du jeudi 26 novembre au vendredi 27 novembre", "jusqu’à lundi 30 novembre à 9 h 00")
	if got := look(); strings.Contains(got, "Astreinte") || strings.Contains(got, "Permanence") {
		t.Errorf("away, and called:\n%s", got)
	}
	montreal, err := time.LoadLocation("America/Montreal")
	if err != nil {
		t.Fatal(err)
	}
	noa.Away, noa.Zone = nil, montreal
	expect("far away", "son heure : 13 h 15 (Montréal)")
	never := hours.Week{}
	noa.Hours = &never
	expect("never", "Aucune heure de travail à venir")
}
