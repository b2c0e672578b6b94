package mentions

import (
	"errors"
	"slices"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/text/learnt"
	"crieur/bot/text/personal"
	"crieur/bot/text/theme"
)

// teas is a brand that names two themes of its own and one of the starting lists.
func teas() *brand.Brand {
	return &brand.Brand{ID: "colibri", Name: "Maison Colibri", Langs: []string{"fr", "en"}, Zone: time.UTC,
		Watch:      []brand.Watch{{Name: "marque", Query: "@colibri"}},
		Own:        []string{"@colibri"},
		Themes:     map[string][]string{"gout": {"goût", "fade"}, "boite": {"boîte*"}, "delivery": {"facteur"}},
		ThemeNames: map[string]map[string]string{"gout": {"fr": "Goût"}},
		Critical:   []string{"allergi*", "pris feu"},
		Rivals:     []brand.Rival{{ID: "bellerive", Name: "Thés Bellerive"}, {ID: "or", Name: "L'Or du Soir"}},
	}
}

func judgeOf(t *testing.T, brands ...*brand.Brand) *Judge {
	t.Helper()
	j, err := NewJudge(&brand.Space{Brands: brands})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestJudge(t *testing.T) {
	b := teas()
	j := judgeOf(t, b)
	for _, c := range []struct {
		name, text string
		kind       Kind
		themes     []string
		rivals     []string
		critical   bool
	}{
		{name: "own list", text: "@colibri ce thé est fade, je suis déçue", kind: Complaint, themes: []string{"gout"}},
		{name: "any ending", text: "@colibri Les boîtes sont dans le salon.", kind: Other, themes: []string{"boite"}},
		{name: "a starting list that the brand names", text: "@colibri mon colis n’est jamais arrivé, c’est nul", kind: Complaint, themes: []string{"delivery"}},
		{name: "what the brand adds to it", text: "@colibri c’est le facteur", kind: Other, themes: []string{"delivery"}},
		{name: "a starting list that it does not name", text: "@colibri le prix du café", kind: Other},
		{name: "two themes", text: "@colibri boîte fade", kind: Complaint, themes: []string{"boite", "gout"}},
		{name: "a rival", text: "Chez Thés Bellerive ça arrive en deux jours @colibri", kind: Rival, themes: []string{"delivery"}, rivals: []string{"Thés Bellerive"}},
		{name: "a rival, elided", text: "@colibri je regarde l’or du soir", kind: Rival, rivals: []string{"L'Or du Soir"}},
		{name: "a complaint that names a rival", text: "@colibri c’est nul et lamentable, je pars chez Thés Bellerive", kind: Complaint, rivals: []string{"Thés Bellerive"}},
		{name: "a question that names a rival", text: "@colibri c’est vous, Thés Bellerive ?", kind: Question, rivals: []string{"Thés Bellerive"}},
		{name: "critical", text: "@colibri ma fille est allergique", kind: Complaint, critical: true},
		{name: "critical, two words", text: "@colibri la bouilloire a pris feu", kind: Complaint, critical: true},
		{name: "not critical apart", text: "@colibri il fait un feu et a pris le thé", kind: Other},
		{name: "the press", text: "Je suis journaliste, à qui parler ? @colibri", kind: Press},
		{name: "who speaks of the radio is no journalist", text: "@colibri on vous entend à la radio", kind: Other},
		{name: "an application", text: "@colibri à qui envoyer mon CV ?", kind: Jobs},
		{name: "an idea is no question", text: "Vous pourriez faire un format voyage ? @colibri", kind: Idea},
		{name: "a question", text: "Vous ouvrez le dimanche ? @colibri", kind: Question},
		{name: "thanks", text: "Bravo @colibri, j’adore, continuez !", kind: Thanks},
		{name: "an insult", text: "bande de voleurs @colibri allez crever", kind: Insult},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, about := j.Judge(b, learnt.Models{}, listen.Mention{Text: c.text, Author: "@lea", Lang: "fr"})
			slices.Sort(got.Themes)
			if !about || got.Kind != c.kind || !slices.Equal(got.Themes, c.themes) || !slices.Equal(got.Rivals, c.rivals) || got.Critical != c.critical {
				t.Errorf("about %v: %+v", about, got)
			}
		})
	}
}

func TestNotAboutTheBrand(t *testing.T) {
	b := teas()
	j := judgeOf(t, b)
	for name, m := range map[string]listen.Mention{
		"no rule":      {Text: "un colibri dans le jardin", Author: "@lea"},
		"its own":      {Text: "notre thé @colibri", Author: "@Colibri"},
		"its own, on":  {Text: "RT @Colibri: notre thé", Author: "@lea"},
		"its own, too": {Text: "rt @colibri notre thé", Author: "@lea"},
	} {
		if got, about := j.Judge(b, learnt.Models{}, m); about {
			t.Errorf("%s: judged %+v", name, got)
		}
	}
	for name, m := range map[string]listen.Mention{
		"an answer to us": {Text: "oui", ReplyTo: "ref"}, "a private message": {Text: "oui", Private: true},
	} {
		if _, about := j.Judge(b, learnt.Models{}, m); !about {
			t.Errorf("%s is not heard", name)
		}
	}
}

func TestThemesOfABrand(t *testing.T) {
	b, plain := teas(), &brand.Brand{ID: "plain", Zone: time.UTC}
	j := judgeOf(t, b, plain)
	if got := j.Themes(b); !slices.Equal(got, []string{"delivery", "boite", "gout"}) {
		t.Errorf("themes %v", got)
	}
	starting, err := theme.Starting()
	if err != nil {
		t.Fatal(err)
	}
	if got := j.Themes(plain); len(got) != len(starting) || !slices.Contains(got, "delivery") {
		t.Errorf("a brand without themes has %v", got)
	}
	for _, c := range []struct {
		b                *brand.Brand
		name, lang, want string
	}{
		{b, "gout", "fr", "Goût"}, {b, "gout", "en", "gout"}, {b, "delivery", "fr", "Livraison"}, {plain, "price", "en", "Price"}, {b, "gone", "fr", "gone"},
	} {
		if got := j.ThemeName(c.b, c.name, c.lang); got != c.want {
			t.Errorf("%s of %s in %s: %q, want %q", c.name, c.b.ID, c.lang, got, c.want)
		}
	}
}

// What the brand taught is asked first; lists speak for what it never taught.
func TestTaughtThemesComeFirst(t *testing.T) {
	b := teas()
	j := judgeOf(t, b)
	var labels []theme.Label
	for i := range 60 {
		labels = append(labels,
			theme.Label{Text: "la vapeur monte " + string(rune('a'+i%26)), Theme: "gout"},
			theme.Label{Text: "le ruban rouge " + string(rune('a'+i%26)), Theme: "boite"})
	}
	taught, _, err := j.Shipped().Lists.Train(labels)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"@colibri la vapeur monte":            {"gout"},
		"@colibri le ruban rouge du facteur":  {"boite", "delivery"},
		"@colibri le ruban rouge, quel ruban": {"boite"},
	} {
		got, _ := j.Judge(b, learnt.Models{Theme: taught}, listen.Mention{Text: text, Lang: "fr"})
		if !slices.Equal(got.Themes, want) {
			t.Errorf("%s: %v, want %v", text, got.Themes, want)
		}
	}
}

func TestUnusableConfigurationIsNamed(t *testing.T) {
	for name, change := range map[string]func(*brand.Brand){
		"a theme's word":  func(b *brand.Brand) { b.Themes["gout"] = []string{"goût", " "} },
		"a critical word": func(b *brand.Brand) { b.Critical = []string{""} },
	} {
		b := teas()
		change(b)
		if _, err := NewJudge(&brand.Space{Brands: []*brand.Brand{b}}); !errors.Is(err, theme.ErrList) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b := teas()
	b.Watch[0].Query = "(@colibri"
	if _, err := NewJudge(&brand.Space{Brands: []*brand.Brand{b}}); err == nil {
		t.Error("a rule without its end passed")
	}
}

func FuzzJudge(f *testing.F) {
	b := teas()
	j, err := NewJudge(&brand.Space{Brands: []*brand.Brand{b}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("@colibri 06 12 34 56 78 allez crever « \u202e » 🥰")
	f.Fuzz(func(t *testing.T, text string) {
		got, about := j.Judge(b, learnt.Models{}, listen.Mention{Text: text, Private: true})
		if !about || got.Kind == "" || len(got.Themes) > theme.Most {
			t.Errorf("%v: %+v", about, got)
		}
		if personal.In(personal.Cover(text)) {
			t.Errorf("something shows through: %q", personal.Cover(text))
		}
	})
}
