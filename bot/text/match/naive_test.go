package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"crieur/bot/text/token"
)

// naive reads a query word for word, without index, order or short cuts: every
// token is tried for every term. It says what Set must say.
type naive struct {
	post   Post
	tokens []token.Token
}

func (x naive) holds(n node) bool {
	switch n.op {
	case opTerm:
		return len(x.occurrences(n)) > 0
	case opField:
		name, value, _ := strings.Cut(n.field, ":")
		have := map[string]string{"from": x.post.From, "lang": x.post.Lang, "source": x.post.Source}[name]
		have = strings.TrimSpace(token.Fold(have))
		switch name {
		case "from":
			have = strings.TrimPrefix(have, "@")
			local, _, _ := strings.Cut(have, "@")
			return have != "" && (value == have || value == local)
		case "lang":
			language, _, _ := strings.Cut(have, "-")
			return have != "" && (value == have || value == language)
		}
		return have != "" && value == have
	case opNot:
		return !x.holds(n.kids[0])
	case opNear:
		for _, a := range x.occurrences(n.kids[0]) {
			for _, b := range x.occurrences(n.kids[1]) {
				if d := b[0] - a[1]; d > 0 && d <= n.n {
					return true
				}
				if d := a[0] - b[1]; d > 0 && d <= n.n {
					return true
				}
			}
		}
		return false
	}
	count := 0
	for _, kid := range n.kids {
		if x.holds(kid) {
			count++
		}
	}
	return n.op == opOr && count > 0 || n.op == opAnd && count == len(n.kids)
}

func (x naive) occurrences(n node) (out [][2]int) {
	for _, kid := range n.kids {
		out = append(out, x.occurrences(kid)...)
	}
	if n.op != opTerm {
		return out
	}
next:
	for at := range x.tokens {
		for i, a := range n.term {
			if at+i >= len(x.tokens) || !x.reads(a, x.tokens[at+i]) {
				continue next
			}
		}
		out = append(out, [2]int{at, at + len(n.term) - 1})
	}
	return out
}

func (x naive) reads(a atom, t token.Token) bool {
	if a.glued && !t.Glued {
		return false
	}
	raw := strings.ReplaceAll(t.Raw(x.post.Text), "’", "'")
	for _, tag := range []bool{false, true} {
		fold, as := t.Fold, raw
		if tag {
			if t.Kind != token.Hashtag && t.Kind != token.Handle {
				continue
			}
			fold, as = fold[1:], strings.TrimLeft(raw, "#@＃＠")
		}
		if a.prefix && strings.HasPrefix(fold, a.fold) && strings.HasPrefix(as, a.exact) ||
			!a.prefix && fold == a.fold && (a.exact == "" || as == a.exact) {
			return true
		}
	}
	return false
}

// invent makes queries and posts from few words, so that they often meet.
type invent struct{ *rand.Rand }

func (r invent) pick(list ...string) string { return list[r.IntN(len(list))] }

func (r invent) word() string {
	return r.pick("a", "b", "ab", "abc", "Été", "ete", "l'ab", "H&M", "don't", "東京", "京", "#a", "#東京", "@ab", "@ab@b.c", "😡", "Canal+", "x_y", "a-b", "https://a.b/c", "Оb", strings.Repeat("é", 26), strings.Repeat("e", 25)+"x")
}

func (r invent) query(depth int) string {
	switch choice := r.IntN(13); {
	case depth == 0 || choice < 3:
		return r.word()
	case choice == 3:
		return strings.TrimSuffix(r.word(), "+") + "*"
	case choice == 4:
		return "=" + r.word()
	case choice == 5:
		return r.pick("", "=") + `"` + r.word() + " " + r.word() + r.pick("", "*") + `"`
	case choice == 6:
		return r.pick("from:a", "from:@ab@b.c", "lang:fr", "source:b", `source:"a b"`)
	case choice == 7:
		return fmt.Sprintf("%s NEAR/%d (%s OR %s)", r.word(), 1+r.IntN(4), r.word(), r.word())
	case choice == 8:
		return fmt.Sprintf("(%s OR %s OR %s) (%s OR %s OR %s)", r.word(), r.word(), r.word(), r.word(), r.word(), r.query(depth-1))
	case choice == 9:
		return r.pick("NOT ", "-", "SAUF ") + "(" + r.query(depth-1) + ")"
	}
	return "(" + r.query(depth-1) + ")" + r.pick(" ", " AND ", " OR ", " OU ", " NOT ") + "(" + r.query(depth-1) + ")"
}

func (r invent) post() Post {
	var text strings.Builder
	for range r.IntN(12) {
		text.WriteString(r.word() + r.pick(" ", " ", " ", "", "'", "…"))
	}
	return Post{Text: text.String(), From: r.pick("", "a", "@ab@b.c", "Ab"), Lang: r.pick("", "fr", "fr-CA", "en"), Source: r.pick("", "b", "A b")}
}

// compare makes a set of rules, matches posts, and takes rules away meanwhile.
func compare(t *testing.T, random invent, extra string, post Post) {
	set, roots := NewSet(), map[string]node{}
	for i := range 40 {
		name, query := fmt.Sprint(i), random.query(3)
		if i == 0 && extra != "" {
			query = extra
		}
		parsed, err := Parse(query)
		if err != nil {
			if query != extra && !strings.Contains(err.Error(), "*") {
				t.Fatalf("%s: %v", query, err)
			}
			continue
		}
		if err := set.Add(name, query); err != nil {
			t.Fatal(err)
		}
		roots[name] = parsed.root
	}
	for round := range 8 {
		var want []string
		x := naive{post, token.Scan(nil, post.Text)}
		for name, root := range roots {
			if x.holds(root) {
				want = append(want, name)
			}
		}
		slices.Sort(want)
		if got := set.Names(post); !slices.Equal(got, want) {
			t.Fatalf("post %+v: rules %v, want %v", post, got, want)
		}
		for _, found := range set.Match(post) {
			for _, span := range found.Spans {
				if span.Start < 0 || span.Start >= span.End || span.End > len([]rune(post.Text)) {
					t.Fatalf("post %+v: rule %s has span %v", post, found.Rule, span)
				}
			}
		}
		if name := fmt.Sprint(random.IntN(40)); round%2 == 1 && len(roots[name].kids)+len(roots[name].term) > 0 {
			if err := set.Remove(name); err != nil {
				t.Fatal(err)
			}
			delete(roots, name)
		}
		post = random.post()
	}
}

func TestSameAsNaive(t *testing.T) {
	for seed := range uint64(400) {
		compare(t, invent{rand.New(rand.NewPCG(seed, 1))}, "", Post{})
	}
}

func FuzzSameAsNaive(f *testing.F) {
	f.Add(uint64(1), "a OR (b -c*)", "l'été 東京 #a @b https://a.b", "@a@b", "fr-CA", "b")
	f.Add(uint64(2), `="A b*" NEAR/3 (x OU "y z")`, "A b\xff x\u0301 y z", "", "", "")
	f.Add(uint64(3), "from:é lang:fr SAUF source:«a b»", "Оb H&M Canal+", "É", "FR", "A b")
	f.Fuzz(func(t *testing.T, seed uint64, query, text, from, lang, source string) {
		compare(t, invent{rand.New(rand.NewPCG(seed, 2))}, query, Post{Text: text, From: from, Lang: lang, Source: source})
	})
}
