package proof

import (
	"strings"

	"crieur/bot/text/proof/lexicon"
)

// frenchTests are the word tests of the French tables. A dictionary of forms
// tells the classes apart: a verb in -er has a form in -ez and one in -é.
func frenchTests(words *lexicon.Dictionary) map[string]wordTest {
	verb := func(stem string) bool {
		return len(stem) > 2 && words.Has(stem+"er") && words.Has(stem+"ez") && words.Has(stem+"é")
	}
	ending := func(suffix, becomes string, except map[string]bool) wordTest {
		return func(lower string) (string, bool) {
			stem, ok := strings.CutSuffix(lower, suffix)
			return stem + becomes, ok && !except[lower] && verb(stem)
		}
	}
	past := func(lower string) (string, bool) {
		stem, ok := strings.CutSuffix(strings.TrimSuffix(strings.TrimSuffix(lower, "s"), "e"), "é")
		return lower, ok && !nouns[lower] && !strings.HasSuffix(stem, "it") && verb(stem)
	}
	infinitive := func(lower string) (string, bool) {
		if stem, ok := strings.CutSuffix(lower, "er"); ok {
			return lower, verb(stem) && !meals[lower]
		}
		if stem, ok := strings.CutSuffix(lower, "ir"); ok && len(stem) > 2 {
			return lower, words.Has(stem+"issez") || words.Has(stem+"ez") || otherInfinitives[lower]
		}
		stem, ok := strings.CutSuffix(lower, "re")
		return lower, ok && len(stem) > 2 && words.Has(stem+"ez") || otherInfinitives[lower]
	}
	return map[string]wordTest{
		"infinitive": infinitive,
		"verb-only": func(lower string) (string, bool) {
			_, ok := infinitive(lower)
			return lower, ok && !thingsInEr[lower]
		},
		"er":            ending("er", "é", meals),
		"participle":    ending("é", "é", nouns),
		"to-infinitive": ending("é", "er", nouns),
		"ez":            ending("ez", "er", nil),
		"common-e": func(lower string) (string, bool) {
			return strings.TrimSuffix(lower, "e") + "é", noNouns[lower]
		},
		"past": past,
		"past-or-irregular": func(lower string) (string, bool) {
			_, ok := past(lower)
			return lower, ok || irregularPasts[lower]
		},
		"je": ending("e", "e", nil),
		"tu": ending("es", "e", nil),
		"it": func(lower string) (string, bool) {
			participle, ok := pastTenses[lower]
			return participle, ok
		},
		"noun": func(lower string) (string, bool) {
			return lower, len(lower) > 2 && words.Has(lower) && !invariable[lower] && lower != "que" && lower != "qui"
		},
		"plural": func(lower string) (string, bool) {
			return lower, strings.HasSuffix(lower, "s") || strings.HasSuffix(lower, "x")
		},
		"singular": func(lower string) (string, bool) {
			last := lower[len(lower)-1]
			return lower, len(lower) > 3 && strings.IndexByte("sxz", last) < 0 && !invariable[lower] && words.Has(lower) && words.Has(lower+"s")
		},
	}
}

// meals are infinitives that are nouns as well: "nous avons dîner à huit heures"
// may be a note, "a pouvoir sur" is right.
var meals = setOf("dîner diner déjeuner goûter souper coucher lever toucher parler baiser fier")

// thingsInEr are infinitives that are also things one has: "ils ont du pouvoir".
var thingsInEr = setOf(`pouvoir savoir avoir être devoir vivre rire sourire souvenir plaisir désir loisir tir soupir cuir lancer manger
	parler boire dire vouloir croire`)

// nouns are words in -é that follow a verb or a preposition as nouns.
var nouns = setOf("café pré clé dé côté été marché passé employé abonné congé blé traité carré fossé procédé comité thé degré")

// noNouns are verbs in -e that are no nouns, so that after "avons" they lack
// their accent.
var noNouns = setOf("donne refuse gagne participe décide organise annonce propose aime adore passe trouve prépare réalise")

var otherInfinitives = setOf(`faire dire voir être avoir savoir pouvoir devoir vouloir prendre mettre rendre vendre attendre entendre
	répondre perdre suivre vivre lire écrire croire boire venir tenir partir sortir finir choisir ouvrir offrir découvrir
	remplir réussir recevoir apprendre comprendre participer rejoindre inscrire accueillir servir courir asseoir revoir valoir falloir`)

var irregularPasts = setOf("dit fait pris prise mis mise vu vue rendu rendue ouvert ouverte offert offerte reçu reçue permis promis")

// pastTenses are simple pasts taken for the participle after "avoir".
var pastTenses = map[string]string{
	"prit": "pris", "mit": "mis", "apprit": "appris", "comprit": "compris", "permit": "permis", "promit": "promis",
	"surprit": "surpris", "reprit": "repris", "remit": "remis", "transmit": "transmis", "admit": "admis",
	"finit": "fini", "choisit": "choisi", "réussit": "réussi", "remplit": "rempli", "réfléchit": "réfléchi", "fournit": "fourni",
	"accueillit": "accueilli", "servit": "servi", "suivit": "suivi", "saisit": "saisi", "garantit": "garanti",
}

// invariable are words without plural after "des", though the
// dictionary has one: numbers, adverbs, colours, parts of expressions.
var invariable = setOf(`cent vingt mille quatre sept huit neuf cinq bien mieux moins plus pire tout fort demi semi quasi
	mini maxi super peu autre orange marron chic pro bio ultra extra presque entre contre avant arrière hors sous sur
	non franc haut bas petit grand beau nouveau million fait point pas dit un une deux trois quelque chaque rose ayant étant
	demain hier http lundi mardi mercredi jeudi vendredi samedi dimanche`)
