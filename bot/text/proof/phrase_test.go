package proof

import (
	"slices"
	"strings"
	"testing"

	"crieur/bot/text/proof/lexicon"
)

// examples are words that pass the tests of the tables.
var examples = map[string]string{
	"infinitive": "gagner", "verb-only": "faire", "er": "gagner", "participle": "gagné", "to-infinitive": "gagné", "ez": "gagnez",
	"je": "mange", "tu": "manges", "it": "prit", "plural": "jours", "singular": "produit", "noun": "personne", "past": "trouvée",
	"past-or-irregular": "dit", "common-e": "donne", "gone": "parti", "vowel": "offer", "consonant": "post",
}

// instance writes a text that a phrase should find.
func (ph *phrase) instance(t *testing.T) string {
	var out strings.Builder
	for _, s := range ph.steps {
		switch {
		case s.sign != "":
			out.WriteString(s.sign)
		case s.test != nil:
			found := ""
			for _, example := range examples {
				if _, ok := s.test(example); ok && (found == "" || example < found) {
					found = example
				}
			}
			if found == "" {
				t.Fatalf("no example for %v", ph.fixes)
			}
			out.WriteString(found)
		default:
			words := make([]string, 0, len(s.words))
			for w := range s.words {
				words = append(words, w)
			}
			slices.Sort(words)
			out.WriteString(words[0])
		}
	}
	if ph.end {
		return out.String() + "."
	}
	return out.String() + " zzz"
}

// TestEveryPhraseFindsItself writes each line of the tables as a text: it must
// be found, and no longer once mended.
func TestEveryPhraseFindsItself(t *testing.T) {
	for lang, tables := range map[string]*phrases{
		"fr": frenchPhrases(frenchTests(lexicon.French())), "en": englishPhrases(lexicon.English()),
	} {
		c := checker(t, lang)
		for first, list := range tables.byWord {
			for _, ph := range list {
				text := ph.instance(t)
				if !ph.start {
					text = "Zzz, " + text
				}
				for range 3 {
					p := newPage(text, Context{}, c.hints)
					found := findings{length: len(text)}
					for i := range p.tokens {
						ph.report(p, i, &found)
					}
					if len(found.problems) == 0 {
						t.Errorf("%s %s: %q is not found", lang, first, text)
						break
					}
					again := Apply(text, found.problems)
					if strings.EqualFold(again, text) && again == text {
						t.Errorf("%s %s: %q stays", lang, first, text)
					}
					p = newPage(again, Context{}, c.hints)
					rest := findings{length: len(again)}
					for i := range p.tokens {
						ph.report(p, i, &rest)
					}
					if len(rest.problems) != 0 {
						t.Errorf("%s %s: %q becomes %q, found again", lang, first, text, again)
					}
					break
				}
			}
		}
	}
}

func TestParsePhraseRefusesMistakes(t *testing.T) {
	for _, line := range []string{"sans remplacement", "un <inconnu> = x", "’ = x", "[] un = x"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("accepted %q", line)
				}
			}()
			parsePhrase(line, nil)
		}()
	}
}

func TestFrenchGrammar(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"Merci a tous, grâce a vous", "confusion[a]→à ; confusion[a]→à"},
		{"N’hésiter pas à venir", "verb-form[hésiter]→hésitez"},
		{"Tout les jours, toute les semaines", "agreement[Tout]→Tous|Toutes ; agreement[toute]→toutes"},
		{"Tout les dégoûte. Ils le savent tous.", ""},
		{"Sa va être super, comme sa.", "confusion[Sa]→Ça ; confusion[sa]→ça"},
		{"Sa voiture va bien, société à part", ""},
		{"Un peut de repos, on peu venir", "confusion[peut]→peu ; confusion[peu]→peut"},
		{"Quelqu’un peut venir peu à peu", ""},
		{"Vous pouvez gagné, pour gagnez un lot", "verb-form[gagné]→gagner ; verb-form[gagnez]→gagner"},
		{"Un fonds pour employés, un rendez-vous pour une santé", ""},
		{"Nous avons passer une belle journée", "verb-form[passer]→passé"},
		{"Elle est arrivé, ils sont arrivé", "agreement[arrivé]→arrivée ; agreement[arrivé]→arrivés"},
		{"Avec elle est arrivé un grand bonheur", ""},
		{"Il la trouvée, il la porte, elle ma dit", "confusion[la]→l’a ; confusion[ma]→m’a"},
		{"Des Etats et des produit, ses père et mère", "capital-accent[Etats]→États ; agreement[produit]→produits"},
		{"Bonne appétit, joyeux fêtes, bonne soirée", "agreement[Bonne]→Bon ; agreement[joyeux]→joyeuses"},
		{"Des demain, des lundi, des lundis", "confusion[Des]→Dès ; confusion[des]→dès"},
		{"Tu mange, ils mange, je manges, tu peut", "verb-form[mange]→manges ; verb-form[mange]→mangent ; verb-form[manges]→mange ; verb-form[peut]→peux"},
		{"Il y a moins de monde, il a dû partir", ""},
		{"En savoir d’avantage ; pas d’avantage ni d’inconvénient", "confusion[d’avantage]→davantage ; space-before[ ;]→~;"},
		{"A bientôt ! Plan A. Vitamine A", "casing[A]→À ; space-before[ !]→~!"},
		{"Ca va, le chef d’état du moyen âge", "casing[Ca]→Ça ; casing[état]→État ; casing[moyen âge]→Moyen Âge"},
		{"Si il pleut, je ne sais si elle vient, si il ou elle", "confusion[Si il]→S’il"},
	})
}

func TestFrenchHyphens(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"Inscrivez vous, retrouvez nous nombreux, abonnez vous", "hyphen[Inscrivez vous]→Inscrivez-vous"},
		{"Retrouvez nous demain", "hyphen[Retrouvez nous]→Retrouvez-nous"},
		{"Venez nous voir. Vous pouvez nous contacter. Rendez-vous demain.", ""},
		{"Dites moi tout. Dites leur bonjour. Laissez la porte.", "hyphen[Dites moi]→Dites-moi"},
		{"Que pensez vous de ce projet", "hyphen[pensez vous]→pensez-vous"},
		{"Comment va t il ? Va t’il venir", "hyphen[ t ]→-t- ; space-before[ ?]→~? ; hyphen[ t’]→-t-"},
		{"Est ce que tu viens ? C’est ce que je dis", "hyphen[Est ce que]→Est-ce que ; space-before[ ?]→~?"},
		{"C’est à dire peut être que là bas", "hyphen[C’est à dire]→C’est-à-dire ; hyphen[peut être]→peut-être ; hyphen[là bas]→là-bas"},
		{"Un porte parole, il porte parole, le week end", "hyphen[porte parole]→porte-parole ; hyphen[week end]→week-end"},
		{"Les États Unis, la Seine et Marne, Paul Martin", "hyphen[États Unis]→États-Unis ; hyphen[Seine et Marne]→Seine-et-Marne"},
		{"Vingt deux, quatre vingt dix, vingt et un", "hyphen[Vingt deux]→Vingt-deux ; hyphen[quatre vingt dix]→quatre-vingt-dix"},
		{"Parce-que bien-sûr", "hyphen-extra[Parce-que]→Parce que ; hyphen-extra[bien-sûr]→bien sûr"},
		{"À ce moment là, ce livre là-bas", "hyphen[moment là]→moment-là"},
		{"Donnez-moi en. Qu’y puis -je", "hyphen[ ]→- ; hyphen[ -]→-"},
	})
}

func TestFrenchLooseSigns(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"Il faut qu il vienne, c est sûr, j ai vu", "apostrophe[qu ]→qu’ ; apostrophe[c ]→c’ ; apostrophe[j ]→j’"},
		{"La vitamine c agit, le plan d est prêt", ""},
		{"L’ homme et l' eau", "space-extra[’ ]→’ ; space-extra[' ]→’"},
		{"Tous les salarié.e.s sont devenu.es, voir www.devenu.es", "inclusive[salarié.e.s]→salarié·e·s ; inclusive[devenu.es]→devenu·es"},
		{"800*600 et 3*4*5", "times[800*600]→800~×~600"},
		{"Donne-m-en, va-t-en vite", "apostrophe[-]→’ ; hyphen-extra[va-t-en]→va-t’en"},
		{"—Viens", "dash[—]→—~"},
	})
}

func TestFrenchPeoples(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"Les français sont venus, des françaises.", "people-casing[français]→Français ; people-casing[françaises]→Françaises"},
		{"Les vins français, parler français, les jeunes français talents", ""},
		{"Une cuisine Italienne, la jeune Italienne, une Italienne", "people-casing[Italienne]→italienne"},
	})
}

func TestEnglishGrammar(t *testing.T) {
	run1(t, "en", Context{}, []sample{
		{"Its a great day, on its a side", "confusion[Its]→It’s"},
		{"Your welcome! Your welcome gift", "confusion[Your]→You’re"},
		{"You could of come, of course you could of course", "confusion[of]→have"},
		{"Better then the best, then the rest", "confusion[then]→than"},
		{"A offer, an post, an hour, a user, an one", "confusion[A]→An ; confusion[an]→a ; confusion[an]→a"},
		{"Lets go, he lets go", "confusion[Lets]→Let’s"},
	})
}

func TestFrenchQuotesAndSigns(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"C’est «~stupide”.", "quotes[”]→~»"},
		{"Quel “emmerdeur~», ce gars", "quotes[~»]→”"},
		{"Leurs ”amis” sont là", "quotes[”]→“"},
		{"«~Un mot “cité” ici~» et “seul”", ""},
		{"Oui,, non ?. Ceci, …", "sign-doubled[,,]→, ; sign-doubled[?.]→? ; sign-doubled[, …]→…"},
		{"l’'été, a >= 3", "sign-doubled[’']→’ ; sign-doubled[>=]→≥"},
		{" Bonjour   ", "space-extra[ ]→ ; space-extra[   ]→"},
		{"Je suis dehors. viens. Voir chap. trois, env. deux", "sentence-casing[viens]→Viens"},
		{"tout en minuscules. oui. voilà", ""},
		{"Et voici ;trop près", "space-after[;trop]→; trop"},
		{"Un israélo-belge, l’israélo belge, leur quasi certitude, mon pseudo est", "hyphen[israélo belge]→israélo-belge ; hyphen[quasi certitude]→quasi-certitude"},
	})
}
