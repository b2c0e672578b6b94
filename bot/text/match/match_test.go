package match_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"crieur/bot/text/match"
)

func TestQuery(t *testing.T) {
	for _, test := range []struct {
		query string
		yes   []string
		no    []string
	}{
		{"orange", []string{"Orange", "l'ORANGE", "#orange", "@Orange", "orange's", "x orange.", "voir https://www.orange.fr/a"},
			[]string{"", "orangeraie", "oranges", "@orange_fr", "https://a.example/orange"}},
		{"oréal", []string{"L'Oréal", "loreal vs l’OREAL", "d'Oréal"}, []string{"loreal", "Oréalis"}},
		{"l'oréal", []string{"L’Oreal", "l oréal"}, []string{"oréal"}},
		{"orange panne", []string{"panne chez Orange"}, []string{"orange", "panne"}},
		{"orange AND panne", []string{"panne chez Orange"}, []string{"orange", "panne"}},
		{"orange ET panne", []string{"panne chez Orange"}, []string{"orange et"}},
		{"orange or", []string{"or, orange"}, []string{"orange"}},
		{"orange OR sosh free", []string{"orange", "sosh free"}, []string{"sosh", "free"}},
		{"(orange OU sosh) free", []string{"orange free", "sosh free"}, []string{"orange", "free"}},
		{"orange NOT fruit", []string{"orange"}, []string{"orange fruit", "x"}},
		{"orange SAUF (fruit OU jus)", []string{"orange"}, []string{"jus d'orange", "orange fruit"}},
		{"orange -fruit -(jus)", []string{"orange"}, []string{"jus d'orange", "orange fruit"}},
		{"NOT orange", []string{"", "x"}, []string{"orange"}},
		{"orange OR NOT sosh", []string{"", "orange sosh"}, []string{"sosh"}},
		{"NOT NOT orange", []string{"orange"}, []string{"x"}},
		{`"service client"`, []string{"le Service-Client", "service, client"}, []string{"client service", "service du client"}},
		{"«\u00a0service client\u00a0»", []string{"service client"}, []string{"service"}},
		{`“service client”`, []string{"service client"}, []string{"service"}},
		{"porte-monnaie", []string{"porte monnaie"}, []string{"monnaie porte"}},
		{"livr*", []string{"livré", "Livraison", "#livreur", "livr"}, []string{"délivré", "livh"}},
		{`"livraison tard*"`, []string{"livraison tardive"}, []string{"livraison", "livraison pas tardive"}},
		{"#pan*", []string{"#panne"}, []string{"panne"}},
		{"anticonstitutionnellement*", []string{"anticonstitutionnellements"}, []string{"anticonstitutionnelle"}},
		{"panne NEAR/2 réseau", []string{"panne réseau", "réseau en panne"}, []string{"réseau toujours en panne", "panne"}},
		{"panne NEAR/2 (réseau OR fibre)", []string{"fibre en panne"}, []string{"fibre", "fibre a b panne"}},
		{`a NEAR/1 b NEAR/1 c`, []string{"a b c", "c b a"}, []string{"b a c"}},
		{"a NEAR/3 a", []string{"a x a"}, []string{"a"}},
		{`"a b" NEAR/2 c`, []string{"a b x c", "c x a b"}, []string{"a b x x c", "a c b"}},
		{"#panne", []string{"#Panne", "x #PANNE!"}, []string{"panne", "#pannes", "a#panne"}},
		{"@orange", []string{"@Orange", "@orange@host.example"}, []string{"orange", "#orange", "@orange_fr"}},
		{"@ana@host.example", []string{"@ana@host.example"}, []string{"@ana", "@ana@other.example"}},
		{"=Orange", []string{"Orange", "#Orange", "l'Orange"}, []string{"orange", "ORANGE"}},
		{"=été", []string{"été", "e\u0301te\u0301"}, []string{"ete", "Été"}},
		{`="Free Mobile"`, []string{"Free Mobile"}, []string{"free mobile", "Free mobile"}},
		{"=Livr*", []string{"Livraison"}, []string{"livraison"}},
		{"=AND", []string{"AND"}, []string{"and"}},
		{"東京", []string{"東京都に", "#東京マラソン", "在東京。"}, []string{"東 京", "京東", "東の京"}},
		{"#東京", []string{"#東京"}, []string{"東京", "#東京マラソン"}},
		{"#東京*", []string{"#東京マラソン"}, []string{"東京"}},
		{"삼성", []string{"삼성이 좋아"}, []string{"삼 성"}},
		{"H&M", []string{"chez H&M"}, []string{"H M", "h et m"}},
		{"canal+", []string{"Canal+ en panne"}, []string{"canal du midi"}},
		{"canal", []string{"Canal+"}, nil},
		{"😡", []string{"quoi😡😡"}, []string{"😀"}},
		{"aujourd'hui", []string{"Aujourd’hui"}, []string{"hui"}},
		{"https://a.example/x", []string{"voir https://a.example/x."}, []string{"https://a.example/y", "a example"}},
		{"https://a.ex*", []string{"http://b https://a.example/x"}, []string{"https://b.example", "a.example"}},
		{"#ab東*", []string{"#AB東京"}, []string{"#ab西"}},
		{"AND* OR x*", []string{"android", "x1"}, []string{"b"}},
	} {
		query, err := match.Parse(test.query)
		if err != nil {
			t.Errorf("Parse(%s): %v", test.query, err)
			continue
		}
		for _, text := range test.yes {
			if _, ok := query.Match(match.Post{Text: text}); !ok {
				t.Errorf("%s does not find %q", test.query, text)
			}
		}
		for _, text := range test.no {
			if _, ok := query.Match(match.Post{Text: text}); ok {
				t.Errorf("%s finds %q", test.query, text)
			}
		}
	}
}

func TestFields(t *testing.T) {
	post := match.Post{Text: "panne", From: "@Élise@host.example", Lang: "fr-CA", Source: "App Store"}
	for query, want := range map[string]bool{
		"from:elise":              true,
		"from:@ELISE":             true,
		"FROM:@elise@host.exampl": false,
		"from:elise@host.example": true,
		"from:eli":                false,
		"lang:fr":                 true,
		"lang:FR-ca panne":        true,
		"lang:fr-be":              false,
		`source:"app store"`:      true,
		"source:app":              false,
		"panne -from:elise":       false,
		"panne from:bob":          false,
		"panne NOT lang:en":       true,
		"elise":                   false,
	} {
		parsed, err := match.Parse(query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if _, got := parsed.Match(post); got != want {
			t.Errorf("%s = %v, want %v", query, got, want)
		}
		if _, got := parsed.Match(match.Post{}); got {
			t.Errorf("%s holds for an empty post", query)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct {
		query string
		at    int
		key   string
		word  string
	}{
		{"", 0, match.KeyEmpty, ""},
		{"  ", 0, match.KeyEmpty, ""},
		{"é AND", 5, match.KeyNoTerm, "the end"},
		{"OR a", 0, match.KeyNoTerm, "OR"},
		{"a OU OU b", 5, match.KeyNoTerm, "OU"},
		{"a NOT", 5, match.KeyNoTerm, "the end"},
		{"NEAR/3 a", 0, match.KeyNoTerm, "NEAR/3"},
		{"(a OR )", 6, match.KeyNoTerm, ")"},
		{"()", 1, match.KeyNoTerm, ")"},
		{"a !!", 2, match.KeyNothing, "!!"},
		{`a ""`, 2, match.KeyNothing, ""},
		{`é "b c`, 2, match.KeyQuote, ""},
		{`from:"b`, 5, match.KeyQuote, ""},
		{"a (b", 2, match.KeyOpen, ""},
		{"(", 0, match.KeyOpen, ""},
		{"a) b", 1, match.KeyClose, ""},
		{")", 0, match.KeyClose, ""},
		{"*a", 0, match.KeyStar, ""},
		{"b a*c", 2, match.KeyStar, ""},
		{"a**", 0, match.KeyStar, ""},
		{"* a", 0, match.KeyNothing, "*"},
		{"a NEAR b", 2, match.KeyDistance, "NEAR"},
		{"a NEAR/0 b", 2, match.KeyDistance, "NEAR/0"},
		{"a NEAR/101 b", 2, match.KeyDistance, "NEAR/101"},
		{"a NEAR/x b", 2, match.KeyDistance, "NEAR/x"},
		{"a NEAR/2 (b c)", 2, match.KeyNearTerms, ""},
		{"a NEAR/2 NOT b", 9, match.KeyNoTerm, "NOT"},
		{"a NEAR/2 lang:fr", 2, match.KeyNearTerms, ""},
		{"a from:", 2, match.KeyField, "from:"},
		{"from:@", 0, match.KeyField, "from:@"},
		{strings.Repeat("(", 60) + "a", match.MaxDepth, match.KeyTooDeep, ""},
		{strings.Repeat("NOT ", 60) + "a", 4 * match.MaxDepth, match.KeyTooDeep, ""},
		{strings.Repeat("a", match.MaxQuery+1), match.MaxQuery, match.KeyTooLong, ""},
	} {
		_, err := match.Parse(test.query)
		var syntax *match.SyntaxError
		if !errors.As(err, &syntax) || !errors.Is(err, match.ErrSyntax) {
			t.Errorf("Parse(%.40s) = %v", test.query, err)
			continue
		}
		if syntax.At != test.at || syntax.Key != test.key || syntax.Args["word"] != test.word {
			t.Errorf("Parse(%.40s): at %d %s %q, want %d %s %q", test.query, syntax.At, syntax.Key, syntax.Args["word"], test.at, test.key, test.word)
		}
		if text := syntax.Error(); strings.Contains(text, "match.syntax") || !strings.Contains(text, fmt.Sprint(test.at+1)) {
			t.Errorf("Parse(%.40s): %q", test.query, text)
		}
		if text := syntax.Error(); strings.Contains(text, "the end needs") || strings.Contains(text, ") needs") {
			t.Errorf("Parse(%.40s): %q, though what is missing is a term", test.query, text)
		}
	}
}

func TestWhy(t *testing.T) {
	set := match.NewSet()
	for name, query := range map[string]string{
		"b near":   "panne NEAR/2 réseau",
		"a phrase": `"service client" OR fibre NOT fibre`,
		"c":        "pan* -fruit from:ana (panne OR pannes)",
		"d where":  "lang:fr",
		"e no":     "panne fruit",
	} {
		if err := set.Add(name, query); err != nil {
			t.Fatal(err)
		}
	}
	post := match.Post{Text: "Été : panne de réseau, le service client… panne", Lang: "fr", From: "ana"}
	got := set.Match(post)
	want := []match.Match{
		{Rule: "a phrase", Spans: []match.Span{{26, 40}}},
		{Rule: "b near", Spans: []match.Span{{6, 11}, {15, 21}}},
		{Rule: "c", Spans: []match.Span{{6, 11}, {42, 47}}},
		{Rule: "d where"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if names := set.Names(post); !slices.Equal(names, []string{"a phrase", "b near", "c", "d where"}) {
		t.Errorf("Names = %v", names)
	}
}

func TestAddRemove(t *testing.T) {
	set := match.NewSet()
	if err := set.Add("a", "x ("); !errors.Is(err, match.ErrSyntax) {
		t.Errorf("Add = %v", err)
	}
	for _, query := range []string{"x y", "x* OR NOT y", "(x a) OR (x b)", "NOT x", `from:x "x x"`} {
		for range 3 {
			if err := set.Add("a", query); err != nil {
				t.Fatal(err)
			}
			if err := set.Add("a", "z"); !errors.Is(err, match.ErrDuplicate) {
				t.Errorf("second Add = %v", err)
			}
			if err := set.Remove("a"); err != nil {
				t.Fatal(err)
			}
			if err := set.Remove("a"); !errors.Is(err, match.ErrUnknown) {
				t.Errorf("second Remove = %v", err)
			}
			if names := set.Names(match.Post{Text: "x y a b x x", From: "x"}); len(names)+set.Len() > 0 {
				t.Errorf("%s was removed and found in %v", query, names)
			}
		}
	}
}

// Rules may come and go while posts are matched; run with -race.
func TestConcurrent(t *testing.T) {
	set := match.NewSet()
	if err := set.Add("stays", "orange panne"); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 200 {
				name := fmt.Sprint(worker, i)
				if err := set.Add(name, fmt.Sprintf("orange word%d OR x%d*", i, i)); err != nil {
					t.Error(err)
				}
				if got := set.Names(match.Post{Text: fmt.Sprintf("orange panne word%d", i)}); !slices.Contains(got, "stays") || !slices.Contains(got, name) {
					t.Errorf("Names = %v", got)
				}
				if err := set.Remove(name); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
