package tone

import "testing"

func model(t testing.TB) *Model {
	t.Helper()
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestScore(t *testing.T) {
	m := model(t)
	tests := []struct {
		text, lang string
		want       Sentiment
		toxic      bool
	}{
		{"Deux semaines que j’attends ma commande, personne ne répond", "fr", Negative, false},
		{"Merci pour la livraison rapide, parfait !", "fr", Positive, false},
		{"Vous livrez en Belgique ?", "fr", Neutral, false},
		{"bande de voleurs allez crever", "fr", Negative, true},
		{"Two weeks waiting and nobody answers", "en", Negative, false},
		{"Love it, thank you!", "en", Positive, false},
	}
	for _, tt := range tests {
		got := m.Score(tt.text, tt.lang)
		if got.Sentiment != tt.want || got.Toxic != tt.toxic {
			t.Errorf("%s: got %v (%.2f) toxic %v (%.2f)", tt.text, got.Sentiment, got.PNegative, got.Toxic, got.PToxic)
		}
	}
}

func BenchmarkScore(b *testing.B) {
	m := model(b)
	texts := []string{
		"Trois semaines que j'attends mon colis, toujours rien. Bravo la livraison ! https://exemple.fr/suivi",
		"@marque merci pour la réponse rapide, je valide à 100 % 😍",
		"Le conseil municipal se réunit jeudi soir à la mairie pour parler du plan vélo et des travaux",
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		m.Score(texts[n%3], "fr")
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "messages/s")
}
