package proof

import (
	"strings"

	"crieur/bot/text/proof/lexicon"
)

// frenchVerbs tells the classes of words apart by the forms that a dictionary
// has: a verb in -er has a form in -ez and one in -é.
type frenchVerbs struct{ words *lexicon.Dictionary }

// frenchTests are the word tests of the French tables.
func frenchTests(words *lexicon.Dictionary) map[string]wordTest {
	v := frenchVerbs{words}
	return map[string]wordTest{
		"infinitive":        passes(v.isInfinitive),
		"verb-only":         passes(func(w string) bool { return v.isInfinitive(w) && !thingsInEr[w] }),
		"er":                v.ending("er", "é", meals),
		"participle":        v.ending("é", "é", nouns),
		"to-infinitive":     v.ending("é", "er", nouns),
		"ez":                v.ending("ez", "er", nil),
		"je":                v.ending("e", "e", nil),
		"tu":                v.ending("es", "e", nil),
		"common-e":          func(w string) (string, bool) { return strings.TrimSuffix(w, "e") + "é", noNouns[w] },
		"gone":              passes(func(w string) bool { return goneWords[w] }),
		"past":              passes(v.isPast),
		"past-or-irregular": passes(func(w string) bool { return v.isPast(w) || irregularPasts[w] }),
		"it":                func(w string) (string, bool) { participle, ok := pastTenses[w]; return participle, ok },
		"noun":              passes(v.isWord),
		"plural":            passes(func(w string) bool { return strings.HasSuffix(w, "s") || strings.HasSuffix(w, "x") }),
		"singular":          passes(v.isSingular),
	}
}

// passes makes a test of a plain question: $1 stands for the word itself.
func passes(ask func(lower string) bool) wordTest {
	return func(lower string) (string, bool) { return lower, ask(lower) }
}

// ending tests for a form of a verb in -er by its ending, and puts another one
// in its place.
func (v frenchVerbs) ending(suffix, becomes string, except map[string]bool) wordTest {
	return func(lower string) (string, bool) {
		stem, ok := strings.CutSuffix(lower, suffix)
		return stem + becomes, ok && !except[lower] && v.isStem(stem)
	}
}

func (v frenchVerbs) isStem(stem string) bool {
	return len(stem) > 2 && v.words.Has(stem+"er") && v.words.Has(stem+"ez") && v.words.Has(stem+"é")
}

// isPast tells the participles in -é, in any agreement.
func (v frenchVerbs) isPast(lower string) bool {
	stem, ok := strings.CutSuffix(strings.TrimSuffix(strings.TrimSuffix(lower, "s"), "e"), "é")
	return ok && !nouns[lower] && !strings.HasSuffix(stem, "it") && v.isStem(stem)
}

// isInfinitive leaves aside the infinitives that are meals and the like.
func (v frenchVerbs) isInfinitive(lower string) bool {
	if otherInfinitives[lower] {
		return true
	}
	if stem, ok := strings.CutSuffix(lower, "er"); ok {
		return v.isStem(stem) && !meals[lower]
	}
	if stem, ok := strings.CutSuffix(lower, "ir"); ok {
		return len(stem) > 2 && (v.words.Has(stem+"issez") || v.words.Has(stem+"ez"))
	}
	stem, ok := strings.CutSuffix(lower, "re")
	regular := ok && v.words.Has(stem+"ez") && v.words.Has(stem+"u") || strings.HasSuffix(lower, "uire") || strings.HasSuffix(lower, "indre")
	return len(stem) > 2 && regular && v.words.Has(lower)
}

func (v frenchVerbs) isWord(lower string) bool {
	return len(lower) > 2 && v.words.Has(lower) && !invariable[lower] && lower != "que" && lower != "qui"
}

// isSingular tells the words that have a plural in -s and are not it.
func (v frenchVerbs) isSingular(lower string) bool {
	return len(lower) > 3 && strings.IndexByte("sxz", lower[len(lower)-1]) < 0 && !invariable[lower] &&
		v.words.Has(lower) && v.words.Has(lower+"s")
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

// goneWords are masculine participles that "elle est" wants feminine.
var goneWords = setOf("parti venu revenu devenu parvenu intervenu sorti descendu élu né mort vendu perdu attendu reçu prévu connu disparu")

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
