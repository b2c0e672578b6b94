package tone

import (
	"slices"
	"strings"
	"testing"
)

// TestRules compares texts that differ in one thing: the first must be more
// surely negative than the second.
func TestRules(t *testing.T) {
	m := model(t)
	tests := []struct{ name, lang, worse, better string }{
		{"negation", "fr", "ce n'est pas bon", "c'est bon"},
		{"negation after the verb", "fr", "je recommande pas", "je recommande"},
		{"negated complaint", "fr", "il y a un problème", "il n'y a aucun problème"},
		{"negation reaches no further than a comma", "fr", "pas cher, nul", "pas cher, parfait"},
		{"without", "fr", "livré avec retard", "livré sans retard"},
		{"phrase over words", "fr", "c'est mal", "c'est pas mal du tout"},
		{"nearly", "fr", "j'ai détesté", "j'ai failli détester"},
		{"but", "fr", "joli mais nul", "nul mais joli"},
		{"irony", "fr", "bravo, encore un colis perdu 👏👏", "bravo, encore un beau colis"},
		{"emoji", "fr", "ma commande 😡", "ma commande 😍"},
		{"number in a phrase", "fr", "douze semaines que j'attends", "douze semaines"},
		{"a phrase that starts with a number", "fr", "1 étoile", "5 étoiles"},
		{"an hour count", "fr", "super, encore 3h d'attente", "super, encore"},
		{"negated praise", "fr", "ça marche pas", "ça marche"},
		{"hashtag", "fr", "#PlusJamais", "#Merci"},
		{"stretched", "fr", "c'est nuuuuul", "c'est supeeeer"},
		{"accents don't matter", "fr", "tres decu, inadmissible", "tres satisfait"},
		{"negation", "en", "this is not good", "this is good"},
		{"contraction", "en", "it doesn't work", "it works great"},
		{"negated complaint", "en", "a problem", "no problem at all"},
		{"phrase over words", "en", "bad", "not bad at all"},
		{"but", "en", "nice but broken", "it looked broken but it works great"},
		{"irony", "en", "thanks for nothing", "thanks for everything"},
		{"curly apostrophe", "en", "I don’t recommend it", "I recommend it"},
	}
	for _, tt := range tests {
		worse, better := m.Score(tt.worse, tt.lang), m.Score(tt.better, tt.lang)
		if worse.PNegative <= better.PNegative+0.05 {
			t.Errorf("%s: %q %.2f, %q %.2f", tt.name, tt.worse, worse.PNegative, tt.better, better.PNegative)
		}
	}
}

// TestDisguises holds spellings that try to slip past filters.
func TestDisguises(t *testing.T) {
	m := model(t)
	for _, text := range []string{
		"espèce de connard", "espèce de c0nn4rd", "espèce de c*nnard", "espèce de CONNAAAARD", "espèce de c.o.n.n.a.r.d",
		"espèce de соnnаrd", "espèce de 𝐜𝐨𝐧𝐧𝐚𝐫𝐝", "c o n n a r d", "espèce de @bruti", "sale $alope", "espèce de conn@rd",
	} {
		if got := m.Score(text, "fr"); !got.Toxic {
			t.Errorf("%s: %.2f, want toxic", text, got.PToxic)
		}
	}
	for _, text := range []string{"you a$$hole", "you @sshole", "f*ck you", "fuuuuck you", "f u c k you", "you are an 1d1ot"} {
		if got := m.Score(text, "en"); !got.Toxic {
			t.Errorf("%s: %.2f, want toxic", text, got.PToxic)
		}
	}
	for _, text := range []string{"a b c d e f", "R 2 D 2", "la 4G et la 5G", "merci @salopette_rouge", "J*** D***", "le s.a.v. répond", "u s a"} {
		if got := m.Score(text, "fr"); got.Toxic {
			t.Errorf("%s: toxic %.2f %v", text, got.PToxic, got.Why)
		}
	}
}

func TestKinds(t *testing.T) {
	m := model(t)
	tests := []struct {
		text, lang string
		want       Kind
	}{
		{"je vais te retrouver et te casser la gueule", "fr", Threat},
		{"espèce de débile mental", "fr", Insult},
		{"retourne dans ton pays sale arabe", "fr", Hate},
		{"suce ma bite", "fr", Obscenity},
		{"i know where you live, i will kill you", "en", Threat},
		{"you are an idiot", "en", Insult},
		{"go back to your country", "en", Hate},
	}
	for _, tt := range tests {
		got := m.Score(tt.text, tt.lang)
		if !got.Toxic || !slices.Contains(got.Kinds, tt.want) {
			t.Errorf("%s: toxic %v, kinds %v, want %v", tt.text, got.Toxic, got.Kinds, tt.want)
		}
	}
	if got := m.Score("merci à toute l'équipe", "fr"); got.Kinds != nil {
		t.Errorf("kinds of a text that is not toxic: %v", got.Kinds)
	}
}

// TestCriticismIsNoOffence: complaints, even harsh, are not folded.
func TestCriticismIsNoOffence(t *testing.T) {
	m := model(t)
	for _, text := range []string{
		"C'est honteux, je ne recommande à personne", "Votre service est nul, vraiment nul", "Quelle arnaque, rendez-moi mon argent",
		"Vous êtes en retard pour la troisième fois", "Le goût est horrible", "Vos prix sont du vol", "Je boycotte, vous avez perdu un client",
		"J'ai honte d'avoir acheté ça", "On se moque de nous, c'est inadmissible",
	} {
		if got := m.Score(text, "fr"); got.Toxic {
			t.Errorf("%s: toxic %.2f", text, got.PToxic)
		}
	}
}

func TestWhy(t *testing.T) {
	m := model(t)
	text := "Bonjour, mon colis n'est toujours pas arrivé, c’est honteux 😡"
	got := m.Score(text, "fr")
	var words []string
	for _, span := range got.Why {
		words = append(words, text[span.Start:span.End])
		if span.Kind != "negative" {
			t.Errorf("%+v", span)
		}
	}
	for _, want := range []string{"toujours pas arrivé", "c’est honteux", "😡"} {
		if !slices.Contains(words, want) {
			t.Errorf("why %q lacks %q", words, want)
		}
	}
	if got := m.Score("Vous livrez en Belgique ?", "fr"); len(got.Why) != 0 {
		t.Errorf("a neutral text has reasons: %v", got.Why)
	}
}

func TestLanguages(t *testing.T) {
	m := model(t)
	if got := m.Score("toujours pas reçu, c'est honteux", ""); got.Sentiment != Negative {
		t.Errorf("no language given: %v", got.Sentiment)
	}
	if got := m.Score("this is terrible, worst service ever", "other"); got.Sentiment != Negative {
		t.Errorf("other, but English words: %v", got.Sentiment)
	}
	if a, b := m.Score("el pedido 😡😡", "es"), m.Score("el pedido 😍", "es"); a.PNegative <= b.PNegative {
		t.Errorf("emoji in Spanish: %.2f, %.2f", a.PNegative, b.PNegative)
	}
	for _, lang := range []string{"", "fr", "en", "es", "other", "xx"} {
		if got := m.Score("", lang); got.Sentiment != Neutral || got.Toxic || got.Why != nil {
			t.Errorf("empty text in %q: %+v", lang, got)
		}
	}
}

// TestLongTexts: no text takes long, whatever is in it.
func TestLongTexts(t *testing.T) {
	m := model(t)
	for _, piece := range []string{"a ", "c*n ", "👏", "pas ", "#", "l'", "toujours ", "!?"} {
		text := strings.Repeat(piece, 1<<20/len(piece))
		if got := m.Score(text, "fr"); len(got.Why) > 6 {
			t.Errorf("%q: %d reasons", piece, len(got.Why))
		}
	}
}
