package theme

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func lists(t testing.TB) *Lists {
	t.Helper()
	all, err := Starting()
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(all)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func names(themes []Theme) string {
	var out []string
	for _, t := range themes {
		out = append(out, t.Name)
	}
	return strings.Join(out, " ")
}

func TestStartingLists(t *testing.T) {
	all, err := Starting()
	if err != nil {
		t.Fatal(err)
	}
	want := "delivery price quality after-sales shop staff safety website idea thanks press jobs"
	var got []string
	for _, list := range all {
		got = append(got, list.Name)
		if list.Labels["fr"] == "" || list.Labels["en"] == "" || len(list.Entries) < 20 {
			t.Errorf("%s: labels %v, %d entries", list.Name, list.Labels, len(list.Entries))
		}
	}
	if strings.Join(got, " ") != want {
		t.Errorf("lists %v, want %s", got, want)
	}
}

func TestThemes(t *testing.T) {
	l := lists(t)
	tests := []struct{ text, first string }{
		{"Deux semaines que j’attends ma commande, le colis est perdu", "delivery"},
		{"Bien trop cher, la hausse des prix est délirante", "price"},
		{"La couture s'est déchirée au premier lavage, mauvaise qualité", "quality"},
		{"SAV injoignable, personne ne répond, remboursez-moi", "after-sales"},
		{"Une heure de queue à la caisse du magasin", "shop"},
		{"La vendeuse a été désagréable et impolie", "staff"},
		{"La bouilloire a pris feu hier soir, ma fille est blessée", "safety"},
		{"Bonjour, ma fille est allergique aux noix", "safety"},
		{"Le site plante à chaque connexion, mot de passe refusé", "website"},
		{"Vous pourriez faire un format voyage ?", "idea"},
		{"Bravo et merci, je recommande !", "thanks"},
		{"Je suis journaliste au Courrier, pour un reportage", "press"},
		{"Candidate au poste de vendeuse, où envoyer mon CV ?", "jobs"},
		{"Where is my parcel? The courier never showed up", "delivery"},
		{"Way too expensive, the price doubled", "price"},
		{"Nobody answers, I have been on hold for an hour, I want a refund", "after-sales"},
		{"The flight attendant was so rude", "staff"},
		{"Your app crashes and I can't log in", "website"},
		{"Could you make a travel size?", "idea"},
		{"I'm a journalist writing a story about you", "press"},
		{"Are you hiring? I'd love a job, who do I send my resume to", "jobs"},
	}
	for _, tt := range tests {
		got := l.Themes(tt.text)
		if len(got) == 0 || got[0].Name != tt.first {
			t.Errorf("%s: %v, want %s first", tt.text, names(got), tt.first)
		}
	}
}

func TestThemesLimits(t *testing.T) {
	l := lists(t)
	for _, text := range []string{"", "Premier !", "👏👏", "Un colibri dans mon jardin"} {
		if got := l.Themes(text); len(got) != 0 {
			t.Errorf("%q: %v, want none", text, names(got))
		}
	}
	long := l.Themes("Colis en retard, vendeuse impolie, prix trop cher, site en panne, SAV injoignable")
	if len(long) > Most {
		t.Errorf("%d themes, at most %d", len(long), Most)
	}
	text := "Mon colis est perdu"
	for _, theme := range l.Themes(text) {
		for _, w := range theme.Words {
			if text[w.Start:w.End] == "" {
				t.Errorf("empty word in %v", theme)
			}
		}
	}
}

func TestFor(t *testing.T) {
	gout, kettles := map[string][]string{"gout": {"fade"}}, map[string][]string{"kettles": {"bouilloire"}}
	for name, c := range map[string]struct {
		own, added map[string][]string
		text, want string
		lists      int
	}{
		"nothing named":            {nil, nil, "mon colis", "delivery", 12},
		"its own":                  {gout, nil, "un thé fade", "gout", 1},
		"one that starts":          {map[string][]string{"delivery": {"tournée"}}, nil, "mon colis", "delivery", 1},
		"added to the starting":    {nil, kettles, "la bouilloire", "kettles", 13},
		"the starting ones stay":   {nil, kettles, "mon colis", "delivery", 13},
		"added beside its own":     {gout, kettles, "la bouilloire", "kettles", 2},
		"added to its own":         {gout, map[string][]string{"gout": {"amer"}}, "un thé amer", "gout", 1},
		"added to one that starts": {nil, map[string][]string{"delivery": {"tournée"}}, "la tournée", "delivery", 12},
	} {
		all, err := For(c.own, c.added)
		if err != nil {
			t.Fatal(err)
		}
		l, err := New(all)
		if err != nil {
			t.Fatal(err)
		}
		if got := names(l.Themes(c.text)); got != c.want || len(all) != c.lists {
			t.Errorf("%s: %s of %d lists, want %s of %d", name, got, len(all), c.want, c.lists)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name  string
		lists []List
	}{
		{"no name", []List{{Entries: []string{"thé"}}}},
		{"twice", []List{{Name: "a", Entries: []string{"thé"}}, {Name: "a", Entries: []string{"café"}}}},
		{"empty entry", []List{{Name: "a", Entries: []string{" "}}}},
	}
	for _, tt := range tests {
		if _, err := New(tt.lists); !errors.Is(err, ErrList) {
			t.Errorf("%s: %v, want ErrList", tt.name, err)
		}
	}
}

// written makes labels of three themes out of phrases that share no list.
func written() []Label {
	var labels []Label
	for i := range 30 {
		labels = append(labels,
			Label{fmt.Sprintf("le vol %d est parti trois heures après l'horaire", i), "late"},
			Label{fmt.Sprintf("ma valise %d n'est pas sur le tapis", i), "luggage"},
			Label{fmt.Sprintf("quelle belle journée numéro %d", i), None})
	}
	return append(labels, Label{"seul de son espèce", "rare"})
}

func TestTrain(t *testing.T) {
	l := lists(t)
	m, report, err := l.Train(written())
	if err != nil {
		t.Fatal(err)
	}
	if report.Table.MacroF1() < 0.95 || strings.Join(report.LeftOut, " ") != "rare" {
		t.Errorf("macro-F1 %.2f, left out %v", report.Table.MacroF1(), report.LeftOut)
	}
	read, err := l.Decode(m.Encode())
	if err != nil {
		t.Fatal(err)
	}
	for _, model := range []*Model{m, read} {
		if got := names(model.Themes("ma valise verte n'est pas sur le tapis")); got != "luggage" {
			t.Errorf("luggage: got %q", got)
		}
		if got := names(model.Themes("quelle belle journée")); got != "" {
			t.Errorf("nothing: got %q", got)
		}
	}
	if size := len(m.Encode()); size > 800<<10 {
		t.Errorf("model of %d bytes", size)
	}
}

// A word that as many labels of a rare theme have as of a common one speaks for
// the rare one.
func TestTrainRare(t *testing.T) {
	var labels []Label
	for i := range 20 {
		labels = append(labels, Label{fmt.Sprintf("la roue de ma valise %d", i), "damaged"})
		for j := range 12 {
			text := fmt.Sprintf("ma valise %d n'est pas sur le tapis %d", i, j)
			if j == 0 {
				text = fmt.Sprintf("la roue de ma valise %d", i+100)
			}
			labels = append(labels, Label{text, "luggage"}, Label{fmt.Sprintf("le vol %d part à %d heures", i, j), "late"})
		}
	}
	m, report, err := lists(t).Train(labels)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Themes("la roue de ma valise"); len(got) == 0 || got[0].Name != "damaged" {
		t.Errorf("%v, want damaged first", names(got))
	}
	if _, recall, _, truly := report.Table.Class(slices.Index(report.Table.Names, "damaged")); truly != 20 || recall < 0.8 {
		t.Errorf("of %d held out, %.0f%% found", truly, 100*recall)
	}
}

// A model of an earlier release, which knew no sequences of letters, reads as it
// did.
func TestDecodeEarlier(t *testing.T) {
	l := lists(t)
	m, _, err := l.Train(written())
	if err != nil {
		t.Fatal(err)
	}
	m.letters = false
	earlier, err := l.Decode(m.Encode())
	if err != nil || earlier.letters {
		t.Fatalf("with letters, %v", err)
	}
	const said = "ma valise verte n'est pas sur le tapis"
	if got, want := fmt.Sprint(earlier.Themes(said)), fmt.Sprint(m.Themes(said)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, version := range []byte{0, version + 1} {
		data := m.Encode()
		data[len(magic)] = version
		if _, err := l.Decode(data); !errors.Is(err, ErrModel) {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

func TestTrainTooFew(t *testing.T) {
	if _, _, err := lists(t).Train(written()[:12]); !errors.Is(err, ErrTooFew) {
		t.Errorf("%v, want ErrTooFew", err)
	}
}

func TestPropose(t *testing.T) {
	l := lists(t)
	var recent, earlier []string
	for i := range 10 {
		recent = append(recent, fmt.Sprintf("la bouilloire rouge siffle toute la nuit, message %d", i))
		earlier = append(earlier, fmt.Sprintf("message %d de la nuit", i))
	}
	got := l.Propose(recent, earlier, 3)
	if len(got) == 0 || got[0].Words != "bouilloire rouge" && got[0].Words != "rouge siffle" || got[0].Texts != 10 {
		t.Errorf("proposals %+v", got)
	}
	for _, p := range got {
		if strings.Contains(p.Words, "message") || strings.Contains(p.Words, "toute") {
			t.Errorf("proposed %q", p.Words)
		}
	}
	if got := l.Propose(recent[:3], nil, 3); len(got) != 0 {
		t.Errorf("three texts are too few: %+v", got)
	}
	var listed []string
	for range 10 {
		listed = append(listed, "mon colis")
	}
	if got := l.Propose(listed, nil, 3); len(got) != 0 {
		t.Errorf("delivery has a list already: %+v", got)
	}
}

func FuzzThemes(f *testing.F) {
	l := lists(f)
	f.Add("Deux semaines que j’attends ma commande")
	f.Add("\xff#é @x 10 €")
	f.Fuzz(func(t *testing.T, text string) {
		got := l.Themes(text)
		if len(got) > Most {
			t.Fatalf("%d themes", len(got))
		}
		for _, theme := range got {
			for _, w := range theme.Words {
				if w.Start < 0 || w.End > len(text) || w.Start >= w.End {
					t.Fatalf("word %v of %q", w, text)
				}
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	l := lists(f)
	m, _, err := l.Train(written())
	if err != nil {
		f.Fatal(err)
	}
	data := m.Encode()
	f.Add(data[:200])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := l.Decode(data)
		if err == nil {
			m.Themes("mon colis est perdu")
		} else if !errors.Is(err, ErrModel) {
			t.Fatal(err)
		}
	})
}

func BenchmarkThemes(b *testing.B) {
	l := lists(b)
	n := 0
	for b.Loop() {
		l.Themes("Trois semaines que j'attends mon colis, toujours rien. Bravo la livraison !")
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "messages/s")
}
