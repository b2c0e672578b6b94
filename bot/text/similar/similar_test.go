package similar_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot/text/similar"
)

const original = "Bonjour, toujours pas de réseau à l'Île-Saint-Denis depuis trois jours, c'est honteux ! Votre service client ne répond pas. https://t.example/a?utm_source=x #panne"

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name, a, b string
		copy       bool
	}{
		{"the same", original, original, true},
		{"case", original, strings.ToUpper(original), true},
		{"no accents, other apostrophe", original, "Bonjour, toujours pas de reseau a l’Ile-Saint-Denis depuis trois jours, c’est honteux. Votre service client ne repond pas", true},
		{"passed on", original, "RT @actu_fr: " + original, true},
		{"credit and other link", original, original[:len(original)-50] + " https://bit.example/zz via @journal", true},
		{"quoted under a comment", original, "Non mais regardez-moi ça, c'est la même chose chez nous : « " + original + " »", true},
		{"cut", original, "Bonjour, toujours pas de réseau à l'Île-Saint-Denis depuis…", true},
		{"another order", original, "Votre service client ne répond pas. Bonjour, c'est honteux ! toujours pas de réseau à l'Île-Saint-Denis depuis trois jours", true},
		{"some words changed", original, "Salut, encore pas de réseau à l'Île-Saint-Denis depuis quatre jours, c'est scandaleux ! Votre service client ne répond jamais. #panne", true},
		{"look-alike letters", original, strings.NewReplacer("o", "о", "a", "а").Replace(original), true},
		{"elongated", "c'est vraiment nul cette panne de réseau", "c'est vraiment nuuuuuul cette paaaanne de réseau", true},
		{"same subject", original, "Le réseau est revenu à Saint-Denis après trois jours de panne, dit le maire", false},
		{"other", original, "Quelqu'un a testé le nouveau forfait ? Je cherche un avis avant de changer", false},
		{"a few words of it", "Votre service client", original, false},
		{"a few words, the same", "Quelle honte !", "quelle HONTE", true},
		{"Japanese", "東京マラソンの当選結果が発表されました", "【速報】東京マラソンの当選結果が発表されました！", true},
		{"same link, tracked", "https://shop.example/p/blue-shoes?utm_source=a&id=3", "https://shop.example/p/blue-shoes?id=3&fbclid=zz#top", true},
		{"other link of the shop", "https://shop.example/p?v=aaaaaaaa", "https://shop.example/p?v=bbbbbbbb", false},
		{"nothing", "", "", false},
		{"no words", "😡😡", "😡😡", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := similar.Compare(test.a, test.b)
			if m.Copy != test.copy {
				t.Errorf("%+v", m)
			}
			if back := similar.Compare(test.b, test.a); back.Copy != m.Copy || back.Jaccard != m.Jaccard || back.Containment != m.Containment {
				t.Errorf("the other way round: %+v, not %+v", back, m)
			}
		})
	}
}

func TestPassage(t *testing.T) {
	for _, test := range []struct{ a, b, want string }{
		{"Été : le Réseau est EN PANNE depuis hier…", "Ah ! réseau est en panne, merci", "Réseau est EN PANNE"},
		{"RT @ana: un deux trois", "un deux trois quatre", "un deux trois"},
		{"un deux trois", "quatre", ""},
		{"voir 東京都 ici", "東京", "東京"},
		{"a b x y c d e", "c d e x y a b", "c d e"},
	} {
		span := similar.Compare(test.a, test.b).Passage
		if got := string([]rune(test.a)[span.Start:span.End]); got != test.want {
			t.Errorf("passage of %q and %q = %q, want %q", test.a, test.b, got, test.want)
		}
	}
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestIndex(t *testing.T) {
	index := similar.NewIndex()
	if m, found := index.Nearest(original); found {
		t.Errorf("an empty index finds %+v", m)
	}
	for i, text := range []string{original, "Quelqu'un a testé le nouveau forfait ?", "RT @a: " + original, "", original + " et encore un peu de texte derrière"} {
		if err := index.Add(fmt.Sprint("id", i), text, noon.Add(time.Duration(i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if err := index.Add("id1", "x", noon); !errors.Is(err, similar.ErrDuplicate) {
		t.Errorf("Add = %v", err)
	}
	m, found := index.Nearest("Vu : " + original)
	if !found || m.ID != "id0" || !m.Copy || m.Containment != 1 || m.Passage.Start != 5 {
		t.Errorf("Nearest = %+v, %v", m, found)
	}
	var ids []string
	for _, m := range index.Search(original, 10) {
		ids = append(ids, m.ID)
	}
	if got := strings.Join(ids, " "); got != "id0 id2 id4" {
		t.Errorf("Search finds %s", got)
	}
	if _, found := index.Nearest(""); found || len(index.Search(original, 1)) != 1 {
		t.Error("nothing to look for is found, or more than asked for")
	}
	if n := index.Expire(noon.Add(2 * time.Hour)); n != 2 || index.Len() != 3 {
		t.Errorf("Expire = %d, %d left", n, index.Len())
	}
	if m, _ := index.Nearest(original); m.ID != "id2" {
		t.Errorf("after Expire: %+v", m)
	}
	if err := errors.Join(index.Remove("id2"), index.Remove("id3"), index.Remove("id4")); err != nil || index.Len() != 0 {
		t.Errorf("Remove = %v, %d left", err, index.Len())
	}
	if err := index.Remove("id2"); !errors.Is(err, similar.ErrUnknown) {
		t.Errorf("Remove = %v", err)
	}
	if err := index.Add("id2", original, noon); err != nil {
		t.Errorf("Add again = %v", err)
	}
}

// language makes texts of words that come as often as words do.
type language struct {
	random *rand.Rand
	zipf   *rand.Zipf
	words  []string
}

func newLanguage() *language {
	random := rand.New(rand.NewPCG(1, 2))
	l := &language{random: random, words: make([]string, 20_000)}
	for i := range l.words {
		for range 2 + random.IntN(9) {
			l.words[i] += string("etaoinsrhldcumfpgwybvk"[random.IntN(22)])
		}
	}
	l.zipf = rand.NewZipf(random, 1.07, 4, uint64(len(l.words)-1))
	return l
}

func (l *language) take(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = l.words[l.zipf.Uint64()]
	}
	return out
}

func (l *language) post() string { return strings.Join(l.take(12+l.random.IntN(14)), " ") }

// TestRecall: every way of copying is found again among 20,000 texts.
func TestRecall(t *testing.T) {
	l, index := newLanguage(), similar.NewIndex()
	posts := make([]string, 20_000)
	for i := range posts {
		posts[i] = l.post()
		if err := index.Add(fmt.Sprint(i), posts[i], noon); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func([]string) []string{
		"a quarter of the words changed": func(w []string) []string {
			for range len(w) / 4 {
				w[l.random.IntN(len(w))] = l.take(1)[0]
			}
			return w
		},
		"cut in half":   func(w []string) []string { return w[:len(w)/2] },
		"quoted":        func(w []string) []string { return append(l.take(10), w...) },
		"halves turned": func(w []string) []string { return append(w[len(w)/2:], w[:len(w)/2]...) },
	} {
		right := 0
		for i := range 300 {
			m, _ := index.Nearest(strings.Join(change(strings.Fields(posts[i])), " "))
			if m.ID == fmt.Sprint(i) && m.Copy {
				right++
			}
		}
		if right < 285 {
			t.Errorf("%s: %d of 300 found", name, right)
		}
	}
	wrong := 0
	for range 300 {
		if m, _ := index.Nearest(l.post()); m.Copy {
			wrong++
		}
	}
	if wrong > 1 {
		t.Errorf("%d of 300 new texts taken for copies", wrong)
	}
}

// A text copied very often does not hide others, nor take long.
func TestManyCopies(t *testing.T) {
	index := similar.NewIndex()
	for i := range 3000 {
		if err := index.Add(fmt.Sprint(i), original, noon.Add(time.Duration(i))); err != nil {
			t.Fatal(err)
		}
	}
	if m, _ := index.Nearest(original); !m.Copy || m.Jaccard != 1 {
		t.Errorf("Nearest = %+v", m)
	}
	if n := index.Expire(noon.Add(time.Hour)); n != 3000 || index.Len() != 0 {
		t.Errorf("Expire = %d", n)
	}
}

// Texts may come and go while others are looked up; run with -race.
func TestConcurrent(t *testing.T) {
	index := similar.NewIndex()
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 100 {
				id, text := fmt.Sprint(worker, " ", i), fmt.Sprint("texte numéro ", i, " de la personne ", worker, " sur la panne")
				if err := index.Add(id, text, noon); err != nil {
					t.Error(err)
				}
				if m, found := index.Nearest(text); !found || !m.Copy {
					t.Errorf("Nearest(%s) = %+v", text, m)
				}
				if err := index.Remove(id); i%2 == 0 && err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func FuzzCompare(f *testing.F) {
	f.Add(original, "RT @a: via @b")
	f.Add("ﷺ x", "https://a.b/c?d=e&utm_f=g#h")
	f.Add("rt @a via @b", "東京\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		m, back := similar.Compare(a, b), similar.Compare(b, a)
		if m.Containment < 0 || m.Containment > 1 || m.Jaccard < 0 || m.Jaccard > 1 || back.Jaccard != m.Jaccard || back.Containment != m.Containment || back.Copy != m.Copy {
			t.Fatalf("%q %q: %+v, and back %+v", a, b, m, back)
		}
		if p := m.Passage; p.Start < 0 || p.Start > p.End || p.End > len([]rune(a)) {
			t.Fatalf("%q %q: passage %+v", a, b, p)
		}
		index := similar.NewIndex()
		if err := index.Add("b", b, noon); err != nil {
			t.Fatal(err)
		}
		if found, ok := index.Nearest(a); ok && (found.Jaccard != m.Jaccard || found.Passage != m.Passage) {
			t.Fatalf("%q %q: Nearest %+v, Compare %+v", a, b, found, m)
		}
		if same, ok := index.Nearest(b); ok && (same.Jaccard != 1 || same.Containment != 1 || !same.Copy) {
			t.Fatalf("%q is not itself: %+v", b, same)
		}
	})
}
