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

// TestMentions holds what community managers expect of their everyday mentions.
func TestMentions(t *testing.T) {
	m := model(t)
	tests := []struct {
		text, lang string
		want       Sentiment
		toxic      bool
	}{
		{"Bravo pour l’emballage sans plastique, continuez !", "fr", Positive, false},
		{"Vous livrez en Belgique ?", "fr", Neutral, false},
		{"Ah bah bravo, trois semaines pour 100 g de thé, c’est plus du thé c’est du whisky", "fr", Negative, false},
		{"Génial, encore un colis perdu. Merci Colibri 👏👏", "fr", Negative, false},
		{"J’ai failli détester ce thé, et en fait j’en suis à ma quatrième boîte", "fr", Positive, false},
		{"Pas mal du tout, ce n’est pas si cher finalement", "fr", Positive, false},
		{"Deux semaines que j’attends ma commande, personne ne répond", "fr", Negative, false},
		{"Toujours pas de réponse, c’est honteux", "fr", Negative, false},
		{"Bonjour, ma fille est allergique aux noix, vos sachets sont-ils fabriqués à part ?", "fr", Neutral, false},
		{"La bouilloire a pris feu hier soir", "fr", Negative, false},
		{"bande de voleurs allez crever", "fr", Negative, true},
		{"V0leurs, @rnaque, n’achetez PAS", "fr", Negative, false},
		{"Un colibri est venu boire dans mon jardin ce matin 🥰", "fr", Positive, false},
		{"RT @Colibri : Notre thé de Noël est de retour", "fr", Neutral, false},
		{"Je suis journaliste au Courrier, à qui parler de vos fournisseurs ?", "fr", Neutral, false},
		{"Candidate au poste de vendeuse à Lyon, où envoyer mon CV ?", "fr", Neutral, false},
		{"Chez Bellerive c’est moins cher et ça arrive en deux jours", "fr", Positive, false}, // praise, of a rival
		{"Vous pourriez faire un format voyage ?", "fr", Neutral, false},
		{"Premier !", "fr", Neutral, false},
		{"Commande 48213, je suis au 06 39 98 12 34, rappelez-moi !!", "fr", Neutral, false},
		{"Merci de me rembourser", "fr", Neutral, false},
		{"Two weeks waiting for my order and nobody answers", "en", Negative, false},
		{"Great, another lost parcel. Thanks a lot 👏👏", "en", Negative, false},
		{"I nearly hated this tea and now I'm on my fourth box", "en", Positive, false},
		{"Not bad at all, and not that expensive", "en", Positive, false},
		{"Do you deliver to Belgium?", "en", Neutral, false},
		{"you thieves, go die", "en", Negative, true},
		{"The kettle caught fire last night", "en", Negative, false},
		{"Love the plastic free packaging, keep going!", "en", Positive, false},
		{"Could you make a travel size?", "en", Neutral, false},
	}
	for _, tt := range tests {
		got := m.Score(tt.text, tt.lang)
		if got.Sentiment != tt.want || got.Toxic != tt.toxic {
			t.Errorf("%s: got %v (%.2f) toxic %v (%.2f), want %v %v", tt.text, got.Sentiment, got.PNegative, got.Toxic, got.PToxic, tt.want, tt.toxic)
		}
	}
}
