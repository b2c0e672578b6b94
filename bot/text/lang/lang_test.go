package lang

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func model(t testing.TB) *Model {
	t.Helper()
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// samples are sentences written for this test.
func samples() map[string][]string {
	return map[string][]string{
		"fr":  {"Deux semaines que j'attends ma commande, personne ne répond", "Vous pourriez faire un format voyage ?", "jai tjrs pas recu mon colis", "Génial, encore un colis perdu. Merci Colibri 👏👏"},
		"en":  {"Two weeks waiting for my order and nobody answers", "Could you make a travel size?", "@brand thx for the quick reply"},
		"es":  {"Llevo dos semanas esperando mi pedido y nadie contesta", "¿Cuándo abren la tienda de Madrid?", "Gracias por todo, el té está muy bueno y llegó bien"},
		"de":  {"Seit zwei Wochen warte ich auf meine Bestellung und niemand antwortet", "Wann öffnet der Laden am Samstag?", "Der Tee schmeckt wirklich sehr gut, danke"},
		"it":  {"Sono due settimane che aspetto il mio ordine e nessuno risponde", "A che ora aprite il sabato?", "Il tè è buonissimo, grazie mille"},
		"pt":  {"Há duas semanas que espero pela minha encomenda e ninguém responde", "A que horas abre a loja no sábado?", "Não gostei nada do atendimento"},
		"nl":  {"Ik wacht al twee weken op mijn bestelling en niemand antwoordt", "Hoe laat gaat de winkel zaterdag open?", "De thee is erg lekker, dank jullie wel"},
		"ar":  {"أنتظر طلبي منذ أسبوعين ولا أحد يجيب", "شكرا جزيلا على الخدمة"},
		Other: {"Czekam na zamówienie od dwóch tygodni i nikt nie odpowiada", "Jag har väntat två veckor på min beställning", "二週間待っています", "Жду заказ две недели", "دو هفته است که منتظر سفارشم هستم و کسی پاسخ نمی‌دهد", "İki haftadır siparişimi bekliyorum, kimse cevap vermiyor"},
	}
}

func TestIdentify(t *testing.T) {
	m := model(t)
	for want, texts := range samples() {
		for _, text := range texts {
			if got, sure := m.Identify(text); got != want || sure < 0.5 {
				t.Errorf("%s: got %s (%.2f), want %s", text, got, sure, want)
			}
		}
	}
}

func TestIdentifyNothing(t *testing.T) {
	m := model(t)
	for _, text := range []string{"", "   ", "12345 !!", "👏👏", "https://exemple.fr/le-chat-de-la-voisine", "@quelquun"} {
		if got, sure := m.Identify(text); got != Other || sure != 0 {
			t.Errorf("%q: got %s (%.2f), want %s with 0", text, got, sure, Other)
		}
	}
}

func TestLinksAndHandlesDontCount(t *testing.T) {
	m := model(t)
	_, plain := m.Identify("Vous livrez en Belgique ?")
	_, dressed := m.Identify("@the_best_english_brand Vous livrez en Belgique ? https://where-is-the-thing.example/with/you")
	if plain != dressed {
		t.Errorf("confidence %.4f with a link and a handle, %.4f without", dressed, plain)
	}
}

func TestLearn(t *testing.T) {
	sentences := map[string][]string{"fr": {"le chat dort", "la pluie tombe"}, "en": {"the cat sleeps", "the rain falls"}}
	a, b := Learn(sentences, []string{"en", "fr"}), Learn(sentences, []string{"en", "fr"})
	if string(a) != string(b) {
		t.Error("the same sentences gave two models")
	}
}

func FuzzIdentify(f *testing.F) {
	m := model(f)
	for _, texts := range samples() {
		f.Add(texts[0])
	}
	f.Add("\xff\xfe h @ http")
	f.Fuzz(func(t *testing.T, text string) {
		code, sure := m.Identify(text)
		if !slices.Contains(Codes(), code) || sure < 0 || sure > 1 {
			t.Errorf("%q: %s %v", text, code, sure)
		}
		if utf8.ValidString(text) && strings.TrimSpace(text) == "" && sure != 0 {
			t.Errorf("%q: sure of nothing", text)
		}
	})
}

func BenchmarkIdentify(b *testing.B) {
	m := model(b)
	texts := samples()["fr"]
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		m.Identify(texts[n%len(texts)])
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "messages/s")
}

func TestDecodeRefuses(t *testing.T) {
	good := Learn(map[string][]string{"fr": {"le chat"}, "en": {"the cat"}}, []string{"en", "fr"})
	if _, err := decode(good); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{nil, good[:100], append(good[:len(good):len(good)], 0)} {
		if _, err := decode(bad); err == nil {
			t.Errorf("%d bytes were read", len(bad))
		}
	}
}
