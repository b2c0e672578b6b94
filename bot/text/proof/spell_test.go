package proof

import "testing"

func TestFrenchSpelling(t *testing.T) {
	run1(t, "fr", Context{Brand: NewWords([]string{"Zorblax"})}, []sample{
		{"En pratiuque, tout va bien", "spelling[pratiuque]→pratique|pratiqué"},
		{"L’evenement de l’anée", "spelling[evenement]→événement|évènement|événements ; spelling[anée]→année|ânée|aînée"},
		{"Quil vienne", "spelling[Quil]→Qu’il|Quel|Qui"},
		{"Il n’ya pas", "spelling[ya]→y a|yak|ça"},
		{"enplus", "spelling[enplus]→en plus|englués|enflés"},
		{"Un post de Krishnamurti sur Zorblax et zorblax", "brand-casing[zorblax]→Zorblax"},
		{"Dupin entra. Krishnamurti aussi.", ""},
		{"Bonjuor à tous", "spelling[Bonjuor]→Bonjour"},
		{"Les Etats-Unis et l’Ecole, avec Eric Ecuyer", "capital-accent[Etats]→États ; capital-accent[Ecole]→École"},
		{"Un coeur, des oeuvres", "ligature[coeur]→cœur ; ligature[oeuvres]→œuvres"},
		{"Il va connaitre le gout du mois d’aout", ""}, // spelling of 1990
		{"Trooooop bien, merciiii, NASA ONU zqzq2 #zqzq @zqzq zqzq_a", ""},
		{"Un chantier franco-zambien, un après-midi, va-t-il, aujourd’hui, porte-parole, celui-ci", ""},
		{"Un titre comme Ageing and the Changing world", ""},
		{"Souhaité-je, souhaitè-je", ""},
		{"Спасибо ありがとう", ""},
		{"s\u0092agissant de l\u0092egalité", "apostrophe[\u0092]→’ ; apostrophe[\u0092]→’ ; spelling[egalité]→égalité|égalités|égalisé"},
	})
}

func TestEnglishSpelling(t *testing.T) {
	run1(t, "en", Context{}, []sample{
		{"We recieve the colour and the color", "spelling[recieve]→receive|relieve"},
		{"It doesn’t, children’s and parents’ won’t", ""},
		{"definately", "spelling[definately]→definitely"},
		{"A rainforest, a neoliberal timeframe, ketoconazole", ""},
		{"andthe", "spelling[andthe]→another|anthem|anther"},
		{"Our webinar on TikTok", ""},
	})
}

func BenchmarkCheck(b *testing.B) {
	for _, lang := range []string{"fr", "en"} {
		text := map[string]string{
			"fr": "Rendez-vous jeudi 26 novembre à 18 h 30 pour l’ouverture de notre nouvelle boutique : un verre, des surprises et toute l’équipe pour vous accueillir ! Inscrivez-vous sur https://exemple.fr/ouverture #PortesOuvertes\n",
			"en": "Join us on Thursday, November 26th at 6 pm for the opening of our new shop: drinks, surprises and the whole team to welcome you! Sign up at https://example.com/opening #OpenDay\n",
		}[lang]
		c := checker(b, lang)
		b.Run(lang, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				c.Check(text, Context{When: tuesday})
			}
		})
	}
}
