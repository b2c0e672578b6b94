package proof

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// tuesday is the scheduled moment of these tests: 24 November 2026, 19:00.
var tuesday = time.Date(2026, 11, 24, 19, 0, 0, 0, time.UTC)

func checker(t testing.TB, lang string) *Checker {
	t.Helper()
	c, err := New(lang)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// brief writes problems as "rule[text]→fix|fix", no-break spaces as ~.
func brief(text string, problems []Problem) string {
	runes := []rune(text)
	var parts []string
	for _, p := range problems {
		part := fmt.Sprintf("%s[%s]", p.Rule, string(runes[p.Start:p.End]))
		if len(p.Fixes) > 0 {
			part += "→" + strings.Join(p.Fixes, "|")
		}
		parts = append(parts, part)
	}
	return strings.ReplaceAll(strings.Join(parts, " ; "), nbsp, "~")
}

type sample struct{ text, want string }

func run1(t *testing.T, lang string, when Context, samples []sample) {
	t.Helper()
	c := checker(t, lang)
	for _, s := range samples {
		text := strings.ReplaceAll(s.text, "~", nbsp)
		if got := brief(text, c.Check(text, when)); got != s.want {
			t.Errorf("%s\n got %s\nwant %s", s.text, got, s.want)
		}
	}
}

func TestFrenchTypography(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"Vous venez ?", "space-before[ ?]→~?"},
		{"Vous venez&nbsp;? Le caf&eacute; co&ucirc;te 5&nbsp;&euro;.", ""},
		{"Vous venez?", "space-before[?]→~?"},
		{"Vous venez~? Oui~! C’est 100~% sûr~; voici~: rien.", ""},
		{"Vous venez\u202f? Oui\u202f!", ""},
		{"Quoi ?!", "space-before[ ?]→~?"},
		{"Quoi?Non", "space-before[?Non]→~? Non"},
		{"Super :) ;) :D ;-) <3", ""},
		{"À 18:30, ratio 16:9, note 3/5 (!)", ""},
		{"Il dit « bonjour » et «merci»", "space-after-quote[« ]→«~ ; space-before[ »]→~» ; space-after-quote[«]→«~ ; space-before[»]→~»"},
		{`Il dit "bonjour" puis s’en va`, `quotes["]→«~ ; quotes["]→~»`},
		{`Un écran de 24" et un de 27"`, ""},
		{"L'ami d'Anne", "apostrophe[']→’ ; apostrophe[']→’"},
		{"Bientôt... patience.....", "ellipsis[...]→… ; ellipsis[.....]→…"},
		{"Pain, vin, etc...", "etc[etc...]→etc."},
		{"Dix euros, soit 10€ ou 10 $", "space-before[€]→~€ ; space-before[ $]→~$"},
		{"C’est fini.Les invités partent,vite", "space-after[.Les]→. Les ; space-after[,vite]→, vite"},
		{"Un mot , un autre .", "space-extra[ ,]→, ; space-extra[ .]→."},
		{"Deux  espaces", "space-double[  ]→ "},
		{"(ici ) et ( là)", "space-extra[ )]→) ; space-extra[( ]→("},
		{"Bonjour\n- un\n- deux  \n  trois", ""},
	})
}

func TestFrenchFigures(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"De 18h à 20h30", "hour[18h]→18~h ; hour[20h30]→20~h~30"},
		{"À 18~h~30 et 24~h/24", ""},
		{"La 2ème et la 1ère, le 1er, la 2e", "ordinal[2ème]→2e ; ordinal[1ère]→1re"},
		{"Au XXIème siècle", "ordinal[XXIème]→XXIe"},
		{"10000 abonnés et 12 000 vues", "thousands[10000]→10~000 ; thousands[12 000]→12~000"},
		{"Le 75011 Paris, dossier 123456, 192.168.100.200", ""},
		{"200.000.000 de pertes, version 1.500", "thousands[200.000.000]→200~000~000"},
		{"3.5~% et 12.50~€", "decimal[.]→, ; decimal[.]→,"},
		{"Un 10km, 30,3 cm et 40~km", "unit[10km]→10~km ; unit[3 cm]→3~cm"},
		{"€12 ou 12~€", "currency[€12]→12~€"},
		{"En 5G et 4K, 3D", ""},
		{"Le 06 12 34 56 78", ""},
	})
}

func TestFrenchCasing(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"Rendez-vous ce Mardi en Janvier", "day-casing[Mardi]→mardi ; month-casing[Janvier]→janvier"},
		{"Mardi, on ouvre. Mardi gras, le Mardi Gras, le 3 Mars", "month-casing[Mars]→mars"},
		{"Sur Mars avec Avril", ""},
		{"Parler Français en Anglais", "language-casing[Français]→français ; language-casing[Anglais]→anglais"},
		{"3 Kg de riz pour Mr Dupont", "unit-casing[Kg]→kg ; title[Mr]→M."},
	})
}

func TestFrenchDates(t *testing.T) {
	run1(t, "fr", Context{When: tuesday}, []sample{
		{"Rendez-vous mercredi 26 novembre", "date-weekday[mercredi 26 novembre]→jeudi 26 novembre|mercredi 25 novembre"},
		{"Rendez-vous jeudi 26 novembre", ""},
		{"Mercredi 26 Novembre 2026", "date-weekday[Mercredi 26 Novembre 2026]→Jeudi 26 Novembre 2026|Mercredi 25 Novembre 2026"},
		{"mercredi 1er décembre", "date-weekday[mercredi 1er décembre]→mardi 1er décembre|mercredi 2 décembre"},
		{"lundi 1er décembre", "date-weekday[lundi 1er décembre]→mardi 1er décembre|lundi 30 novembre"},
		{"jeudi 31 décembre, vendredi 1er janvier", ""},
		{"samedi 1er janvier", "date-weekday[samedi 1er janvier]→vendredi 1er janvier|samedi 2 janvier"},
		{"MERCREDI 26 NOVEMBRE", "date-weekday[MERCREDI 26 NOVEMBRE]→JEUDI 26 NOVEMBRE|MERCREDI 25 NOVEMBRE"},
		{"mer. 26 nov.", "date-weekday[mer. 26 nov]→jeu. 26 nov|mer. 25 nov"},
		{"mercredi 26/11", "date-weekday[mercredi 26/11]→jeudi 26/11|mercredi 25/11"},
		{"du mercredi 26 au samedi 28 novembre", "date-weekday[mercredi 26]→jeudi 26|mercredi 25"},
		{"les samedi 28 et dimanche 29 novembre", ""},
		{"mercredi 26 mai, mardi 26 mai", ""}, // six months away: 2027 or 2026
		{"mercredi 26 novembre 2025", ""},
		{"jeudi 26 !", "space-before[ !]→~!"},
		{"jeudi 27~!", "date-weekday[jeudi 27]→vendredi 27|jeudi 26"},
		{"jeudi 12 personnes", ""},
		{"le 31 novembre", "date-impossible[31 novembre]→30 novembre|1er décembre"},
		{"le 29 février 2027", "date-impossible[29 février 2027]→28 février 2027|1er mars 2027"},
		{"le 29 février 2028", ""},
		{"le 40-02-2011", "date-impossible[40-02-2011]"},
		{"demain, jeudi 26 novembre", "date-relative[demain, jeudi 26 novembre]→après-demain, jeudi 26 novembre|demain, mercredi 25 novembre"},
		{"jeudi 26 novembre, c’est demain", "date-relative[jeudi 26 novembre, c’est demain]→jeudi 26 novembre, c’est après-demain|mercredi 25 novembre, c’est demain"},
		{"Demain jeudi", "date-relative[Demain jeudi]→Demain mercredi|Après-demain jeudi"},
		{"aujourd’hui mardi, demain mercredi, demain à Paris", ""},
		{"J-3 avant le 26 novembre", "date-countdown[J-3]→J-2"},
		{"J-2 avant le 26 novembre", ""},
		{"Plus que 5 jours avant le 26 novembre", "date-countdown[5]→2"},
		{"ce soir à 18~h", "time-past[ce soir à 18~h]"},
		{"ce soir à 20~h", ""},
		{"Inscriptions jusqu’au 20 novembre", "date-past[20 novembre]"},
		{"Retour sur le 20 novembre", ""},
	})
	run1(t, "fr", Context{}, []sample{
		{"mercredi 26 novembre, demain jeudi, J-3", ""},
		{"mercredi 26 novembre 2026", "date-weekday[mercredi 26 novembre 2026]→jeudi 26 novembre 2026|mercredi 25 novembre 2026"},
	})
}

func TestEnglish(t *testing.T) {
	run1(t, "en", Context{When: tuesday}, []sample{
		{"See you Wednesday, November 26th", "date-weekday[Wednesday, November 26th]→Thursday, November 26th|Wednesday, November 25th"},
		{"Wednesday the 26th of November 2026", "date-weekday[Wednesday the 26th of November 2026]→Thursday the 26th of November 2026|Wednesday the 25th of November 2026"},
		{"Thursday 26 November, Thu, Nov 26, Thursday 11/26", ""},
		{"Wednesday 11/26", "date-weekday[Wednesday 11/26]→Thursday 11/26|Wednesday 11/25"},
		{"Wednesday 11/12, Thursday 11/12, Friday 11/12", "date-weekday[Wednesday 11/12]"},
		{"Monday, December 1st", "date-weekday[Monday, December 1st]→Tuesday, December 1st|Monday, November 30th"},
		{"November 31", "date-impossible[November 31]→November 30|December 1"},
		{"You may 40 times", ""},
		{"tomorrow, Thursday 26 November", "date-relative[tomorrow, Thursday 26 November]→tomorrow, Wednesday 25 November"},
		{"today at 6 pm", "time-past[today at 6 pm]"},
		{"In 3 days: 26 November", "date-countdown[3]→2"},
		{"Ready ? Yes , now", "space-extra[ ?]→? ; space-extra[ ,]→,"},
		{"the the cat had had that that", "doubled[the the]→the"},
		{"i'm here monday", "pronoun-casing[i]→I ; apostrophe[']→’ ; day-casing[monday]→Monday"},
		{"Say \"hi\"...", "quotes[\"]→“ ; quotes[\"]→” ; ellipsis[...]→…"},
		{"the 2th and 11st, 21st, 12th", "ordinal[2th]→2nd ; ordinal[11st]→11th"},
		{"Only 10€ or 10 %", "currency[10€]→€10"},
	})
}

func TestNeverTouched(t *testing.T) {
	text := "https://crieur.fr/a?b=c:d!e et www.x.fr/y?z;t crieur.com, @le_crieur! #a:b " +
		"`l'eau ?` ```a ?\n b !``` <@U12?> <https://x.fr|l'eau ?> {nom} {{nom}} a.b@c-d.fr :tada: photo.jpg &amp; <br/>"
	if got := brief(text, checker(t, "fr").Check(text, Context{When: tuesday})); got != "" {
		t.Errorf("touched: %s", got)
	}
}

func TestStyle(t *testing.T) {
	run1(t, "fr", Context{Brand: NewWords([]string{"iPhone", "Zorblax"})}, []sample{
		{"𝗕𝗼𝗻𝗷𝗼𝘂𝗿 𝗹𝗲𝘀 amis", "fake-letters[𝗕𝗼𝗻𝗷𝗼𝘂𝗿 𝗹𝗲𝘀]→Bonjour les"},
		{"#bonjourtoutlemonde #BonjourToutLeMonde #the", "hashtag-capitals[#bonjourtoutlemonde]"},
		{"Ton avis ? Donnez votre avis", "mixed-address[Ton] ; space-before[ ?]→~?"},
		{"Un Iphone de zorblax, ZORBLAX", "brand-casing[Iphone]→iPhone ; brand-casing[zorblax]→Zorblax"},
		{"le le chat, nous nous voyons, la la la", "doubled[le le]→le"},
	})
}

func TestNewRefusesOtherLanguages(t *testing.T) {
	if _, err := New("de"); !errors.Is(err, ErrLanguage) {
		t.Errorf("got %v", err)
	}
	if c, err := New("fr-CA"); err != nil || c.Lang() != "fr" {
		t.Errorf("fr-CA: %v", err)
	}
}

func TestRelatives(t *testing.T) {
	text := "É ce soir, puis après-demain ; demain !"
	var got []string
	for _, r := range checker(t, "fr").Relatives(text, tuesday) {
		if string([]rune(text)[r.Start:r.End]) != r.Text {
			t.Errorf("%q is not at %d to %d", r.Text, r.Start, r.End)
		}
		got = append(got, r.Text+" "+r.Day.Format("02/01"))
	}
	if want := "ce soir 24/11, après-demain 26/11, demain 25/11"; strings.Join(got, ", ") != want {
		t.Errorf("got %v", got)
	}
}

func TestApplyPassesOverWhatDoesNotFit(t *testing.T) {
	problems := []Problem{{Start: 1, End: 2, Fixes: []string{"X"}}, {Start: 1, End: 3, Fixes: []string{"Y"}}, {Start: 3, End: 3}, {Start: 2, End: 90, Fixes: []string{"Z"}}, {Start: -4, End: 1, Fixes: []string{"W"}}}
	if got := Apply("éàü", problems); got != "éXü" {
		t.Errorf("got %q", got)
	}
}

func TestEveryRuleHasItsSentences(t *testing.T) {
	for rule := range frenchSentences {
		if englishSentences[rule] == "" {
			t.Errorf("no English sentence for %s", rule)
		}
	}
	for rule := range englishSentences {
		if frenchSentences[rule] == "" {
			t.Errorf("no French sentence for %s", rule)
		}
	}
	p := Problem{Rule: "date-weekday", Args: map[string]string{"date": "26 novembre", "weekday": "jeudi", "said": "mercredi"}}
	if got := Message(p, "fr"); got != "Le 26 novembre est un jeudi, pas un mercredi." {
		t.Error(got)
	}
}

// FuzzCheck holds that spans are valid, ordered and apart, that fixes apply,
// that what is never touched stays, and that typography mended once is mended.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"Quoi?Non il dit \"oui\"...", "mercredi 26 novembre 2026 , demain jeudi 18h30", "é\xff𝗕 #a @b l' ami", "10 000€ (a ) « b»", "1.000.000 €12.5 2ème XXIème", "c?d!e;f :) ;p \u00a0?", "J-3 31/11/2026", "#𝕗a 𝕗"} {
		f.Add(s)
	}
	checkers := []*Checker{checker(f, "fr"), checker(f, "en")}
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range checkers {
			problems := c.Check(text, Context{When: tuesday})
			end := 0
			for _, p := range problems {
				if p.Start < end || p.End <= p.Start || p.End > utf8.RuneCountInString(text) {
					t.Fatalf("%s: bad span %d to %d after %d in %q", p.Rule, p.Start, p.End, end, text)
				}
				end = p.End
				if !slices.Contains(Rules(), p.Rule) || p.Key != "proof."+p.Rule || Message(p, c.lang) == p.Rule {
					t.Fatalf("no sentence for %s", p.Rule)
				}
			}
			keptStays(t, c, text, problems)
			settled(t, c, text)
		}
	})
}

// keptStays holds that links, handles, hashtags and code are in no span.
func keptStays(t *testing.T, c *Checker, text string, problems []Problem) {
	for _, token := range newPage(text, Context{}, nil).tokens {
		for _, p := range problems {
			if token.kind == kept && p.Start < token.end && token.start < p.End && p.Rule != "hashtag-capitals" {
				t.Fatalf("%s touches %q in %q", p.Rule, token.text, text)
			}
		}
	}
}

// settled mends the typography until nothing is left; two rounds must do.
func settled(t *testing.T, c *Checker, text string) {
	for range 8 {
		var typography []Problem
		for _, p := range c.Check(text, Context{}) {
			if p.Kind == Typography && len(p.Fixes) > 0 {
				typography = append(typography, p)
			}
		}
		if len(typography) == 0 {
			return
		}
		mended := Apply(text, typography)
		if mended == text {
			t.Fatalf("%s changes nothing in %q", typography[0].Rule, text)
		}
		text = mended
	}
	t.Fatalf("never settles: %q", text)
}
