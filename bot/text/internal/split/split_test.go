package split

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func forms(text string) string {
	var s Splitter
	var out []string
	for _, t := range s.Split(text) {
		out = append(out, string(s.Folded(t)))
	}
	return strings.Join(out, "|")
}

func TestSplit(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"elision", "L'Oréal n’est pas cher, jusqu'à", "l|oreal|n|est|pas|cher|,|jusqu|a"},
		{"contractions", "I don't know, it's OK, we’ve", "i|dont|know|,|its|ok|,|weve"},
		{"one word in French", "aujourd'hui C'EST NUL !!!", "aujourdhui|c|est|nul|!!"},
		{"compound", "allez-y peut-être - oui", "allez|y|peut|etre|-|oui"},
		{"ligatures", "Œuvre cœur straße Łódź", "oeuvre|coeur|strasse|lodz"},
		{"accents apart", "e\u0301te\u0301 Ἀθήνα", "ete|αθηνα"},
		{"without case", "東京 서울", "東京|서울"},
		{"link", "voir https://exemple.fr/a?b=c. fin", "voir|http|fin"},
		{"handle", "@Colibri_the @s.n-cf merci", "@colibri_the|@s.n-cf|merci"},
		{"hashtag", "#PlusJamaisÇa #thé_vert #2024", "plus|jamais|ca|the|vert|2024"},
		{"hashtag of capitals", "#SNCFMerci", "sncf|merci"},
		{"stretched", "géniaaaaal noooon zzz", "geniaal|noon|zz"},
		{"initials", "le s.a.v. et c.o.n", "le|sav|.|et|con"},
		{"signs in words", "c*nnard f**k m@rde a$$hole $alope $ 5 $5", "c*nnard|f**k|m@rde|a$$hole|$alope|$|5|$|5"},
		{"digits in words", "V0leurs 3 fois 4G", "v0leurs|3|fois|4g"},
		{"lookalikes", "соnnаrd", "connard"},
		{"other scripts stay", "привет", "привет"},
		{"fake bold", "𝐜𝐨𝐧 ｍｅｒｃｉ", "con|merci"},
		{"emoji", "bravo 👏👏👏 👍🏽 ❤️ 👩‍👧", "bravo|👏|👍|❤|👩"},
		{"emoticons", "super :) :-( ;D :'( <3 ^^ 12:30 a:b", "super|:)|:(|:d|:'(|<3|^^|12|:|30|a|:|b"},
		{"marks", "quoi ?!… « oui »", "quoi|?|!|..|\"|oui|\""},
		{"invalid", "a\xffb", "a|b"},
		{"nothing", " \n\t", ""},
	}
	for _, tt := range tests {
		if got := forms(tt.text); got != tt.want {
			t.Errorf("%s: %q\n got %s\nwant %s", tt.name, tt.text, got, tt.want)
		}
	}
}

func TestFlags(t *testing.T) {
	var s Splitter
	tests := []struct {
		text  string
		kind  Kind
		flags Flags
		count int
	}{
		{"HONTE", Word, Upper, 1},
		{"A", Word, 0, 1},
		{"siii", Word, Stretched, 1},
		{"#merci", Word, Hashtag, 1},
		{"v0leur", Word, Mixed, 1},
		{"соn", Word, Mixed, 1},
		{"qu’", Word, 0, 1},
		{"48213", Number, 0, 1},
		{"!!!!", Mark, 0, 4},
		{"😡😡", Emoji, 0, 2},
		{":)", Emoticon, 0, 1},
		{"@x", Handle, 0, 1},
		{"www.exemple.fr", Link, 0, 1},
	}
	for _, tt := range tests {
		tokens := s.Split(tt.text)
		if len(tokens) == 0 || tokens[0].Kind != tt.kind || tokens[0].Flags != tt.flags || tokens[0].Count != tt.count {
			t.Errorf("%q: %+v", tt.text, tokens)
		}
	}
	if tokens := s.Split("l'avis"); !tokens[0].Has(Elided) || tokens[1].Has(Elided) {
		t.Errorf("elision: %+v", tokens)
	}
}

func TestLongest(t *testing.T) {
	var s Splitter
	tokens := s.Split(strings.Repeat("é ", Longest))
	if last := tokens[len(tokens)-1]; last.End > Longest || last.End < Longest-4 {
		t.Errorf("the last token ends at %d", last.End)
	}
}

func TestHash(t *testing.T) {
	var s Splitter
	if got := s.Split("Éléphant")[0].Hash; got != Hash(Fold("éléphant")) {
		t.Error("a token's hash is not that of its folded word")
	}
}

func TestGrams(t *testing.T) {
	var s Splitter
	grams := func(text string) []uint32 { return slices.Clone(s.Grams(s.Split(text), nil)) }
	a := grams("pas bon")
	if len(a) == 0 || !slices.Equal(a, grams("PAS  bon")) {
		t.Error("capitals and spaces change the n-grams")
	}
	if slices.Equal(grams("pas bon"), grams("bon pas")) {
		t.Error("the order of words is lost")
	}
	word := s.Split("bon")[0]
	if !slices.Contains(a, Bucket(word)) {
		t.Error("a word is not in its own bucket")
	}
	for _, g := range grams("un texte un peu plus long, avec des signes !") {
		if g >= Buckets {
			t.Fatalf("bucket %d", g)
		}
	}
	one, two := s.WordGrams(s.Split("@a bonjour"), nil), s.WordGrams(s.Split("@b bonjour"), nil)
	if !slices.Equal(one, two) {
		t.Error("handles are told apart")
	}
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"L'Oréal #Çava @x 👏🏽", "a\xff\xfe", "c.o.n :'( <3 ^_^ http", "#_1é", "’’''", "s*", "@.@-", "соn"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s Splitter
		last := 0
		for _, token := range s.Split(text) {
			if token.Start < last || token.End <= token.Start || token.End > len(text) {
				t.Fatalf("%q: token %+v after %d", text, token, last)
			}
			if len(s.Folded(token)) == 0 {
				t.Fatalf("%q: empty token %+v", text, token)
			}
			if utf8.ValidString(text) && !utf8.Valid(s.Folded(token)) {
				t.Fatalf("%q: broken token %q", text, s.Folded(token))
			}
			last = token.End
		}
		s.Grams(s.tokens, nil)
	})
}

func BenchmarkSplit(b *testing.B) {
	var s Splitter
	n := 0
	for b.Loop() {
		s.Split("Trois semaines que j'attends mon colis, toujours rien. Bravo la livraison ! https://exemple.fr")
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "messages/s")
}
