package match

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func mustParse(t *testing.T, query string) node {
	t.Helper()
	parsed, err := Parse(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return parsed.root
}

// show writes hooks as "anchor+need|need …"; prefixes end in '*'.
func show(hooks []hook) string {
	name := func(k key) string {
		if k.prefix {
			return k.text + "*"
		}
		return k.text
	}
	var parts []string
	for _, h := range hooks {
		var needs []string
		for _, k := range h.needs {
			needs = append(needs, name(k))
		}
		parts = append(parts, strings.TrimSuffix(name(h.anchor)+"+"+strings.Join(needs, "|"), "+"))
	}
	return strings.Join(parts, " ")
}

func TestHooks(t *testing.T) {
	used := map[string]int{"orange": 500, "livraison": 40}
	load := func(k key) int { return used[k.text] }
	for _, test := range []struct{ query, want string }{
		{"panne", "panne"},
		{"de panne", "panne+de"},
		{"orange panneaux", "panneaux+orange"},
		{"orange livraison", "livraison+orange"},
		{"pour panneaux avec", "panneaux+pour"},
		{"panneaux panneaux", "panneaux"},
		{`"le service clients"`, "service+clients"},
		{"panneaux OR reseaux", "panneaux reseaux"},
		{"orange (panneaux OR reseaux)", "panneaux+orange reseaux+orange"},
		{"panneaux (orange OR livraison)", "panneaux+orange|livraison"},
		{"(orange panneaux) OR (livraison reseaux)", "panneaux+orange reseaux+livraison"},
		{"((orange panneaux) OR reseaux) livraison", "panneaux+orange reseaux+livraison"},
		{"panneaux NOT orange", "panneaux"},
		{"NOT orange", ""},
		{"panneaux OR NOT orange", ""},
		{"orange (panneaux OR NOT reseaux)", "orange"},
		{"orange NEAR/3 (panneaux OR reseaux)", "panneaux+orange reseaux+orange"},
		{"pan*", "pan*"},
		{"pan* reseaux", "reseaux+pan*"},
		{"#panne orange", "#panne+orange"},
		{"@orange reseaux", "@orange+reseaux"},
		{"lang:fr orange", "orange+lang:fr"},
		{"from:ana orange", "from:ana+orange"},
		{"source:reddit lang:fr", "source:reddit+lang:fr"},
		{"lang:fr", "lang:fr"},
		{"=Panneaux", "panneaux"},
		{strings.Repeat("é", 13) + "* x", strings.Repeat("e", 13) + "*+x"},
		{strings.Repeat("東", 3) + "*", "東+東*"},
		{strings.Repeat("ж", 30) + "*", strings.Repeat("ж", 12) + "*"},
	} {
		root := mustParse(t, test.query)
		if got := show(root.hooks(load)); got != test.want {
			t.Errorf("%s hangs on %s, want %s", test.query, got, test.want)
		}
	}
}

// What is proof by the index alone is so, and nothing else.
func TestSure(t *testing.T) {
	load := func(key) int { return 0 }
	for query, want := range map[string]bool{
		"panne": true, "pan*": true, "lang:fr": true, "a OR b": true, "a b": true, "a lang:fr": true, "(a OR b) c": true,
		"(a OR b) (c OR d OR e)": true, "(a b) OR c": true, "(a b) OR (c d)": true,
		"=Panne": false, `"a b"`: false, "a-b": false, "a NOT b": false, "NOT a": false, "a b c": false, "a NEAR/2 b": false,
		"a (b OR NOT c)": false, "a OR NOT b": false, "a =B": false, "(a OR =B)": false, "a (b OR (c d))": false,
		"(a OR b) (c OR d OR e OR f)": false, "(a b) c": false, "(a NOT b) OR c": false, "abcdefghijklmnopqrstuvwxyz*": false, "a a": false,
	} {
		root := mustParse(t, query)
		sure := true
		for _, h := range root.hooks(load) {
			sure = sure && h.sure
		}
		if got := sure && len(root.hooks(load)) > 0; got != want {
			t.Errorf("%s: proof %v, want %v", query, got, want)
		}
	}
}

// A set that has seen many rules come and go is as large as a new one.
func TestIndexForgets(t *testing.T) {
	set := NewSet()
	queries := []string{"a b c", "(d OR e*) f", "NOT g", "from:h lang:fr", `"i j" NEAR/3 (k OR l)`, "#m OR @n", "a b c"}
	for round := range 50 {
		for i, query := range queries {
			if err := set.Add(fmt.Sprint(i), query); err != nil {
				t.Fatal(err)
			}
		}
		for i := range queries {
			if err := set.Remove(fmt.Sprint((i + round) % len(queries))); err != nil {
				t.Fatal(err)
			}
		}
	}
	x := &set.index
	if len(x.names)+len(x.exact)+len(x.prefixes)+len(x.always) > 0 {
		t.Errorf("left: %v %v %v %v", x.names, x.exact, x.prefixes, x.always)
	}
	if len(x.rules) != len(queries) || len(x.freeRules) != len(x.rules) || len(x.freeTerms) != len(x.terms)-1 || len(x.terms) > 20 {
		t.Errorf("%d rules, %d free; %d terms, %d free", len(x.rules), len(x.freeRules), len(x.terms)-1, len(x.freeTerms))
	}
	for id, term := range x.terms {
		if term.users != 0 || len(term.rules) > 0 {
			t.Errorf("term %d: %+v", id, term)
		}
	}
}

// Few rules are read in full: the index does its work.
func TestIndexReadsFew(t *testing.T) {
	set := NewSet()
	for i := range 5000 {
		query := []string{"orange marque%d", "(orange OR sosh) marque%d panne", `"panne chez" marque%d*`, "marque%d NOT orange", "#marque%d lang:fr"}[i%5]
		if err := set.Add(fmt.Sprint(i), fmt.Sprintf(query, i)); err != nil {
			t.Fatal(err)
		}
	}
	work := new(scratch)
	for _, text := range []string{"grosse panne chez orange ce matin, et chez sosh", "rien à dire", "marque77 est en panne chez orange"} {
		work.read(Post{Text: text, Lang: "fr"})
		set.index.match(work, func(*rule, *view) {})
		read := 0
		for _, round := range work.tried {
			if round == work.round {
				read++
			}
		}
		if read > 3 {
			t.Errorf("%q: %d of 5000 rules are read", text, read)
		}
	}
}

// When the count of posts comes round, what was noted for the first one must
// not be taken for news.
func TestRoundsComeRound(t *testing.T) {
	set := NewSet()
	for i, query := range []string{"orange panne", "sosh"} {
		if err := set.Add(fmt.Sprint(i), query); err != nil {
			t.Fatal(err)
		}
	}
	work := new(scratch)
	match := func(text string) (names []string) {
		work.read(Post{Text: text})
		set.index.match(work, func(r *rule, _ *view) { names = append(names, r.name) })
		return names
	}
	match("orange panne") // round 1
	work.round = ^uint32(0)
	if got := match("orange"); got != nil {
		t.Errorf("found %v", got)
	}
	if work.round != 1 {
		t.Errorf("round %d", work.round)
	}
	if got := match("sosh"); !slices.Equal(got, []string{"1"}) {
		t.Errorf("found %v", got)
	}
}

func TestLexer(t *testing.T) {
	for _, test := range []struct{ query, want string }{
		{"a b", "term(a)0 term(b)2"},
		{"AND ET and et", "and(AND)0 and(ET)4 term(and)7 term(et)11"},
		{"OR OU or Ou", "or(OR)0 or(OU)3 term(or)6 term(Ou)9"},
		{"NOT SAUF not", "not(NOT)0 not(SAUF)4 term(not)9"},
		{"-a a-b --a -(a)", "not(-)0 term(a)1 term(a-b)3 not(-)7 not(-)8 term(a)9 not(-)11 open(()12 term(a)13 close())14"},
		{"- a", "term(-)0 term(a)2"},
		{"(a)(b)", "open(()0 term(a)1 close())2 open(()3 term(b)4 close())5"},
		{`"a b"c`, "quoted(a b)0 term(c)5"},
		{"« a b » “c” „d“", "quoted( a b )0 quoted(c)8 quoted(d)12"},
		{`a"b"`, "term(a)0 quoted(b)1"},
		{"=a =\"B c\" = =AND", "=term(a)0 =quoted(B c)3 term(=)10 =term(AND)12"},
		{"NEAR/5 NEARBY near/5", "near5(NEAR/5)0 term(NEARBY)7 term(near/5)14"},
		{"from:a FROM:@b lang:fr", "field(a)0 field(@b)7 field(fr)15"},
		{`source:"a b"c`, "field(a b)0 term(c)12"},
		{"x:y https://a.b/c", "term(x:y)0 term(https://a.b/c)4"},
		{"é\u00a0à", "term(é)0 term(à)2"},
		{"#a @b c*", "term(#a)0 term(@b)3 term(c*)6"},
	} {
		l := lexer{query: []rune(test.query)}
		var got []string
		for {
			found, err := l.next()
			if err != nil {
				t.Errorf("%s: %v", test.query, err)
			}
			if err != nil || found.kind == itemEnd {
				break
			}
			name := [...]string{itemTerm: "term", itemField: "field", itemOpen: "open", itemClose: "close", itemAnd: "and",
				itemOr: "or", itemNot: "not", itemNear: fmt.Sprint("near", found.n), itemQuoted: "quoted"}[found.kind]
			if found.exact {
				name = "=" + name
			}
			got = append(got, fmt.Sprintf("%s(%s)%d", name, found.text, found.at))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.query, strings.Join(got, " "), test.want)
		}
	}
}

// tree writes a query with all its brackets.
func (n node) tree() string {
	var parts []string
	for _, kid := range n.kids {
		parts = append(parts, kid.tree())
	}
	switch n.op {
	case opTerm:
		for _, a := range n.term {
			text := a.fold
			if a.exact != "" {
				text = "=" + a.exact
			}
			if a.prefix {
				text += "*"
			}
			if a.glued {
				text = "+" + text
			}
			parts = append(parts, text)
		}
		return strings.Join(parts, "_")
	case opField:
		return n.field
	case opNot:
		return "!" + parts[0]
	case opNear:
		return fmt.Sprintf("(%s ~%d %s)", parts[0], n.n, parts[1])
	case opAnd:
		return "(" + strings.Join(parts, " & ") + ")"
	}
	return "(" + strings.Join(parts, " | ") + ")"
}

func TestPrecedence(t *testing.T) {
	for _, test := range []struct{ query, want string }{
		{"a b OR c d", "((a & b) | (c & d))"},
		{"a OR b c OR d", "(a | (b & c) | d)"},
		{"a AND NOT b OR c", "((a & !b) | c)"},
		{"NOT a b", "(!a & b)"},
		{"NOT a NEAR/2 b", "!(a ~2 b)"},
		{"a b NEAR/2 c d", "(a & (b ~2 c) & d)"},
		{"a NEAR/2 b NEAR/3 c", "((a ~2 b) & (b ~3 c))"},
		{"a NEAR/2 (b OR c)", "(a ~2 (b | c))"},
		{"((a))", "a"},
		{"(a OR b) (c OR d)", "((a | b) & (c | d))"},
		{"NOT NOT a", "!!a"},
		{"porte-monnaie", "porte_monnaie"},
		{"H&M", "h_+&_+m"},
		{"東京*", "東_+京*"},
		{`="Éa b*"`, "=Éa_=b*"},
		{"#東京", "#東京_+東_+京"},
		{"from:@Ana@Host lang:FR source:« App Store »", "(from:ana@host & lang:fr & source:app store)"},
	} {
		parsed, err := Parse(test.query)
		if err != nil {
			t.Errorf("%s: %v", test.query, err)
			continue
		}
		if got := parsed.root.tree(); got != test.want {
			t.Errorf("%s is read %s, want %s", test.query, got, test.want)
		}
	}
}

// Removing a rule leaves the others as they were, whatever they share.
func TestRemoveKeepsOthers(t *testing.T) {
	queries := []string{"a b", "a c", "b OR c", "a*", "a* b", "#a b", "NOT a", "a NEAR/2 b", "from:a b"}
	post := Post{Text: "a b c #a", From: "a"}
	for gone := range queries {
		set, rest := NewSet(), NewSet()
		for i, query := range queries {
			if err := set.Add(fmt.Sprint(i), query); err != nil {
				t.Fatal(err)
			}
			if i != gone {
				if err := rest.Add(fmt.Sprint(i), query); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := set.Remove(fmt.Sprint(gone)); err != nil {
			t.Fatal(err)
		}
		if got, want := set.Match(post), rest.Match(post); !reflect.DeepEqual(got, want) {
			t.Errorf("without %s: %v, want %v", queries[gone], got, want)
		}
	}
}
