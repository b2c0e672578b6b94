package proof

import (
	"maps"
	"slices"
	"strings"
)

// Rules lists every rule by name, in order: the keys that a catalog needs are
// "proof." and each of them.
func Rules() []string {
	return slices.Sorted(maps.Keys(englishSentences))
}

// Message says a problem in a plain sentence, in "fr" or, for any other
// language, in English. A rule without a sentence gets its name.
func Message(p Problem, lang string) string {
	sentences := englishSentences
	if strings.HasPrefix(lang, "fr") {
		sentences = frenchSentences
	}
	sentence, ok := sentences[p.Rule]
	if !ok {
		return p.Rule
	}
	pairs := make([]string, 0, 2*len(p.Args))
	for name, value := range p.Args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

var frenchSentences = map[string]string{
	"agreement":         "Accord : « {fix} ».",
	"apostrophe":        "Apostrophe courbe.",
	"brand-casing":      "La marque s’écrit « {word} ».",
	"capital-accent":    "Les capitales gardent leur accent.",
	"casing":            "Ce nom s’écrit « {fix} ».",
	"confusion":         "Ici, c’est « {fix} ».",
	"currency":          "Le symbole suit le montant, après une espace insécable.",
	"dash":              "Le tiret de dialogue est suivi d’une espace insécable.",
	"date-countdown":    "Le {date} est dans {days} jours, pas dans {said}, le jour de la sortie.",
	"date-impossible":   "Le {date} n’existe pas.",
	"date-past":         "Le {date} sera passé : sortie prévue le {scheduled}.",
	"date-relative":     "Le jour de la sortie, « {word} » veut dire {weekday} {date}.",
	"date-weekday":      "Le {date} est un {weekday}, pas un {said}.",
	"day-casing":        "Les jours s’écrivent sans majuscule.",
	"decimal":           "Virgule décimale en français.",
	"doubled":           "« {word} » est écrit deux fois.",
	"ellipsis":          "Points de suspension en un seul signe.",
	"etc":               "« etc. » n’a qu’un point.",
	"fake-letters":      "Ces fausses lettres sont illisibles pour un lecteur d’écran et introuvables en recherche.",
	"hashtag-capitals":  "Une majuscule à chaque mot rend {hashtag} lisible.",
	"hour":              "L’heure s’écrit « 18 h 30 », avec des espaces insécables.",
	"hyphen":            "Trait d’union.",
	"hyphen-extra":      "Sans trait d’union : « {fix} ».",
	"inclusive":         "Le point crée un lien : préférer le point médian.",
	"language-casing":   "Les langues s’écrivent sans majuscule.",
	"ligature":          "« œ » s’écrit lié.",
	"mixed-address":     "Le texte dit « {other} » et « {word} » : tutoiement ou vouvoiement ?",
	"month-casing":      "Les mois s’écrivent sans majuscule.",
	"ordinal":           "Abréviation de l’ordinal : 1er, 1re, 2e.",
	"people-casing":     "Majuscule au nom d’habitant seulement, pas à l’adjectif.",
	"pronoun-casing":    "En anglais, « I » prend une majuscule.",
	"quotes":            "Guillemets français.",
	"sentence-casing":   "Majuscule en début de phrase.",
	"sign-doubled":      "Un signe de trop.",
	"space-after":       "Il manque une espace après « {sign} ».",
	"space-after-quote": "Espace insécable après « ».",
	"space-before":      "Espace insécable avant « {sign} ».",
	"space-double":      "Deux espaces de suite.",
	"space-extra":       "Espace en trop.",
	"spelling":          "« {word} » n’est pas au dictionnaire.",
	"thousands":         "Milliers séparés par une espace insécable.",
	"time-past":         "{time} sera passé : sortie prévue à {scheduled}.",
	"times":             "Signe de multiplication.",
	"title":             "« Monsieur » s’abrège « M. ».",
	"unit":              "Espace insécable entre le nombre et l’unité.",
	"unit-casing":       "Ce mot s’écrit sans majuscule après un nombre.",
	"verb-form":         "Ici, le verbe s’écrit « {fix} ».",
}

var englishSentences = map[string]string{
	"agreement":         "Agreement: “{fix}”.",
	"apostrophe":        "Curly apostrophe.",
	"brand-casing":      "The brand writes “{word}”.",
	"capital-accent":    "French capitals keep their accent.",
	"casing":            "This name is written “{fix}”.",
	"confusion":         "Here it is “{fix}”.",
	"currency":          "The currency goes on the other side of the amount.",
	"dash":              "The dash of a dialogue wants a no-break space.",
	"date-countdown":    "{date} is {days} days away on the day it goes out, not {said}.",
	"date-impossible":   "{date} does not exist.",
	"date-past":         "{date} will be over: to be published on {scheduled}.",
	"date-relative":     "On the day it goes out, “{word}” means {weekday} {date}.",
	"date-weekday":      "{date} is a {weekday}, not a {said}.",
	"day-casing":        "This name takes a capital.",
	"decimal":           "Decimal comma in French.",
	"doubled":           "“{word}” is written twice.",
	"ellipsis":          "An ellipsis is one sign.",
	"etc":               "“etc.” has one full stop.",
	"fake-letters":      "Screen readers can’t read these fake letters and search can’t find them.",
	"hashtag-capitals":  "A capital for each word makes {hashtag} readable.",
	"hour":              "French writes hours “18 h 30”, with no-break spaces.",
	"hyphen":            "Hyphen.",
	"hyphen-extra":      "No hyphen: “{fix}”.",
	"inclusive":         "The full stop makes a link: use a middle dot.",
	"language-casing":   "French writes languages without a capital.",
	"ligature":          "French ties “œ” in this word.",
	"mixed-address":     "The text says both “{other}” and “{word}”: formal or familiar?",
	"month-casing":      "French writes months without a capital.",
	"ordinal":           "The ending of the ordinal is wrong.",
	"people-casing":     "French capitalises the people, not the adjective.",
	"pronoun-casing":    "“I” takes a capital.",
	"quotes":            "Curly quotes.",
	"sentence-casing":   "A sentence starts with a capital.",
	"sign-doubled":      "A sign too many.",
	"space-after":       "A space is missing after “{sign}”.",
	"space-after-quote": "No-break space after «.",
	"space-before":      "No-break space before “{sign}”.",
	"space-double":      "Two spaces in a row.",
	"space-extra":       "A space too many.",
	"spelling":          "“{word}” is in no dictionary.",
	"thousands":         "Thousands are separated by a no-break space.",
	"time-past":         "{time} will be over: to be published at {scheduled}.",
	"times":             "Multiplication sign.",
	"title":             "French abbreviates Monsieur to “M.”.",
	"unit":              "No-break space between number and unit.",
	"unit-casing":       "This word takes no capital after a number.",
	"verb-form":         "Here the verb is “{fix}”.",
}
