package bot

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// talking is a Mux with words of the catalog, and a request of a member who has
// one role.
func talking(t testing.TB, lang string, role brand.Role) (*Mux, *Request) {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	m := NewMux(catalog)
	m.Word(WordRoute{Key: "digest.word", Role: brand.Anyone})
	m.Word(WordRoute{Key: "calendar.word", Role: brand.Anyone, Takes: true})
	m.Word(WordRoute{Key: "calendar.stopword", Role: brand.Author})
	m.Word(WordRoute{Key: "drafting.word", Role: brand.Author})
	m.Word(WordRoute{Key: "drafting.newword", Role: brand.Author, Takes: true})
	m.Word(WordRoute{Key: "settings.home", Role: brand.Anyone})
	return m, &Request{Space: &brand.Space{}, Brand: &brand.Brand{}, Print: catalog.For(lang, nil), Member: &brand.Member{ID: "m", Roles: []brand.Role{role}}}
}

func TestFind(t *testing.T) {
	m, _ := talking(t, "fr", brand.Author)
	for _, c := range []struct {
		said             string
		command, message string // what is meant, typed after /crieur or said in passing
	}{
		{"point", "digest.word", "digest.word"},
		{"  Le POINT. ", "digest.word", "digest.word"},
		{"point de vente fermé samedi", "digest.word", ""},
		{"pointer", "", ""},
		{"stop", "calendar.stopword", "calendar.stopword"},
		{"stop-motion : notre film", "", ""},
		{"arrete tout", "calendar.stopword", "calendar.stopword"},
		{"planning de demain", "calendar.word", "calendar.word"},
		{"plan", "calendar.word", "calendar.word"},
		{"brouillon : le thé vert", "drafting.newword", "drafting.newword"},
		{"brouillon: le thé vert", "drafting.newword", "drafting.newword"},
		{"brouillons", "drafting.word", "drafting.word"},
		{"mes brouillons", "drafting.word", "drafting.word"},
		{"Qu’est-ce qui m’attend\u00a0?", "settings.home", "settings.home"},
		{"qu'est-ce qui m'attend", "settings.home", "settings.home"},
		{"What is waiting for me?", "settings.home", "settings.home"},
		{"Crieur, planning de demain", "calendar.word", "calendar.word"},
		{"@Crieur : point", "digest.word", "digest.word"},
		{"crieur public, planning de la tournée", "", ""},
		{"Point, Crieur !", "digest.word", "digest.word"},
		{"planning de demain, crieur", "calendar.word", "calendar.word"},
		{"point du crieur public, ce samedi, avec le crieur", "digest.word", ""},
		{"crieur", "", ""}, {"", "", ""}, {"…", "", ""},
	} {
		for strict, want := range map[bool]string{false: c.command, true: c.message} {
			route, length := m.find(spoken(unnamed(c.said)), strict)
			if route.Key != want || (length > 0) != (want != "") {
				t.Errorf("find(%q, %v) = %q, %d words; want %q", c.said, strict, route.Key, length, want)
			}
		}
	}
}

func TestAfter(t *testing.T) {
	for _, c := range []struct {
		text  string
		words int
		want  string
	}{
		{"brouillon Notre thé\n\nde Noël", 1, "Notre thé\n\nde Noël"},
		{"  brouillon\u00a0: Notre thé", 1, "Notre thé"},
		{"brouillon: Notre thé", 1, "Notre thé"},
		{"brouillon", 1, ""},
		{"mes brouillons", 2, ""},
		{"a b", 5, ""},
		{"planning ?", 1, ""},
		{"brouillon 🍵", 1, "🍵"},
	} {
		if got := after(c.text, c.words); got != c.want {
			t.Errorf("after(%q, %d) = %q, want %q", c.text, c.words, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		said, lang string
		role       brand.Role
		want       string
	}{
		{"planing", "fr", brand.Author, "planning"},
		{"planinng de demain", "fr", brand.Author, "planning"},
		{"poitn", "fr", brand.Author, "point"},
		{"sotp", "fr", brand.Author, "stop"},
		{"sotp", "fr", brand.Observer, ""}, // not theirs to ask
		{"qu'est ce qui m'atend", "fr", brand.Author, "qu’est-ce qui m’attend"},
		{"brieff", "en", brand.Author, "brief"},
		{"suspend tout", "fr", brand.Author, "suspends tout"},
		{"stoppez tout de suite", "fr", brand.Author, "stoppe tout"}, // with what follows
		{"montre moi le planing de lundi", "fr", brand.Author, "montre-moi le planning"},
		{"ne stop pas", "fr", brand.Author, ""}, // who says not to is not asked whether they meant to
		{"stop pas", "fr", brand.Author, ""},
		{"n’arrête pas tout", "fr", brand.Author, ""},
		{"dont stop", "en", brand.Author, ""},
		{"zxqvk", "fr", brand.Author, ""},
		{"", "fr", brand.Author, ""},
	} {
		m, r := talking(t, c.lang, c.role)
		if got := m.nearest(r, spoken(c.said)).word; got != c.want {
			t.Errorf("nearest(%q) for %s = %q, want %q", c.said, c.role, got, c.want)
		}
	}
}

// What followed a mistyped word is not lost: the button does the word with it.
func TestSuggestionKeepsWhatFollowed(t *testing.T) {
	for said, want := range map[string]string{
		"planing de demain": "de demain", "brouilon : Notre thé\nest là !": "Notre thé\nest là !", "planing": "", "sotp ou encore": "",
	} {
		m, r := talking(t, "fr", brand.Author)
		heard := "nothing"
		for i := range m.words {
			m.words[i].Handle = func(_ context.Context, r *Request) (Reply, error) { heard = r.Text; return Reply{}, nil }
		}
		r.Kind, r.Text, r.Tx, r.NewToken = Command, said, state.Begin(statetest.NewMem(), "c", time.Now()), func(*state.Tx) string { return "t" }
		reply, err := m.Words(t.Context(), r)
		if err != nil || heard != "nothing" || len(reply.Card.Buttons) != 1 {
			t.Fatalf("%q: %+v, heard %q, %v", said, reply, heard, err)
		}
		about, _, err := board.ByToken(t.Context(), r.Tx, "t")
		if err != nil {
			t.Fatal(err)
		}
		r.Kind, r.Text, r.Arg, r.View, r.Subject = Action, "", reply.Card.Buttons[0].Arg, about.View, about.Subject
		if _, err := m.Asked(t.Context(), r); err != nil || heard != want {
			t.Errorf("%q asks with %q, want %q, %v", said, heard, want, err)
		}
		r.View = "brief" // the subject of another card is no text
		if _, err := m.Asked(t.Context(), r); err != nil || heard != "" {
			t.Errorf("the subject of another card is said: %q, %v", heard, err)
		}
	}
}

// A word that makes little sense of what follows gives way to a listener, where it
// is said in passing; a phrase does not, even with a letter wrong.
func TestListenersComeBeforeWhatFitsBadly(t *testing.T) {
	const pasted, meant, suggested = "pasted", "meant", "suggested"
	for said, want := range map[string]string{
		"planning de demain":               meant,
		"planning serré, venez nombreux":   pasted,
		"montre-moi le planning des fêtes": meant,
		"montre-moi le planing des fêtes":  suggested,
		"planing serré, venez nombreux":    pasted,
	} {
		for _, listens := range []bool{true, false} {
			m, r := talking(t, "fr", brand.Author)
			got := suggested
			for i := range m.words {
				m.words[i].Fits = func(_ *Request, rest string) bool { return rest == "de demain" }
				m.words[i].Handle = func(context.Context, *Request) (Reply, error) { got = meant; return Reply{}, nil }
			}
			m.Listen(func(context.Context, *Request) (Reply, bool, error) {
				if listens {
					got = pasted
				}
				return Reply{}, listens, nil
			})
			r.Kind, r.Text, r.Tx, r.NewToken = Message, said, state.Begin(statetest.NewMem(), "c", time.Now()), func(*state.Tx) string { return "t" }
			if _, err := m.Words(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if !listens && want == pasted {
				want = map[bool]string{true: suggested, false: meant}[strings.HasPrefix(said, "planing")]
			}
			if got != want {
				t.Errorf("%q, listening %v: %s, want %s", said, listens, got, want)
			}
		}
	}
}

// Whoever says what means nothing reads a few lines; whoever asks for the help
// reads all of it, whatever else they said: what is a command is not there as a word too.
func TestLostAndHelp(t *testing.T) {
	for said, want := range map[string]int{"merci": 2, "Crieur, merci": 2, "aide": 5, "aide planning": 5, "…": 5} {
		m, r := talking(t, "fr", brand.Observer)
		m.Word(WordRoute{Key: "settings.help", Role: brand.Anyone, Handle: m.Help})
		m.Word(WordRoute{Key: "settings.status", Role: brand.Anyone})
		m.Command(CommandRoute{Name: "plan", Role: brand.Anyone})
		r.Kind, r.Text, r.Tx, r.NewToken = Command, said, state.Begin(statetest.NewMem(), "c", time.Now()), func(*state.Tx) string { return "t" }
		reply, err := m.Words(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		blocks := reply.Card.Blocks
		if len(blocks) != want+1 || blocks[want].Select == nil || len(blocks[want].Select.Choices) != 5 {
			t.Errorf("%q is answered with %d blocks, want %d and the menu: %+v", said, len(blocks), want, blocks)
		}
		if lost := strings.Contains(blocks[0].Text.String(), "je ne connais pas"); lost != (want == 2) {
			t.Errorf("%q is answered with %q", said, blocks[0].Text)
		}
	}
}

func TestAskFits(t *testing.T) {
	m, _ := talking(t, "fr", brand.Author)
	seen := map[string]string{}
	for _, route := range m.WordRoutes() {
		b := Ask(route.Key, "Voir")
		id := Callback{Action: b.Action, Arg: b.Arg, Token: strings.Repeat("x", 32)}.String()
		if _, err := ParseCallback(id); err != nil || len(id) > 100 {
			t.Errorf("%s: %q: %v", route.Key, id, err)
		}
		if other, twice := seen[b.Arg]; twice {
			t.Errorf("%s and %s have one name", route.Key, other)
		}
		seen[b.Arg] = route.Key
	}
}

func TestCompletions(t *testing.T) {
	m, r := talking(t, "fr", brand.Author)
	for typed, want := range map[string]string{
		"br": "brouillons brouillon", "PLAN": "planning", "": "point planning stop brouillons brouillon accueil", "zz": "",
	} {
		choices, err := m.Completions(t.Context(), r, typed)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, choice := range choices {
			got = append(got, choice.Value)
			if !strings.HasPrefix(choice.Label, choice.Value+" · ") || len([]rune(choice.Label)) > 75 {
				t.Errorf("label %q of %q", choice.Label, choice.Value)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("after %q: %v, want %s", typed, got, want)
		}
	}
	_, r = talking(t, "en", brand.Observer)
	if choices, _ := m.Completions(t.Context(), r, ""); len(choices) != 3 {
		t.Errorf("an observer is offered %v", choices)
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"planning", "brouillon : a\nb", "Qu’est-ce qui m’attend ?", "\u202e point", "é\u0301\u0301", "\xff"} {
		f.Add(seed)
	}
	m, r := talking(f, "fr", brand.Author)
	f.Fuzz(func(t *testing.T, text string) {
		said := spoken(text)
		route, length := m.find(said, true)
		if length > 0 {
			if rest := after(text, length); rest != "" && !route.Takes || !strings.Contains(text, rest) {
				t.Errorf("%q means %s, with %q left", text, route.Key, rest)
			}
		}
		if strict, loose := length, func() int { _, n := m.find(said, false); return n }(); loose < strict {
			t.Errorf("%q is meant in passing only", text)
		}
		m.nearest(r, said)
	})
}

// A word that is not on is not offered; whoever may use it is understood.
func TestWordsThatAreOff(t *testing.T) {
	m, r := talking(t, "fr", brand.Admin)
	on := false
	m.Word(WordRoute{Key: "learning.word", Role: brand.Admin, On: func(*Request) bool { return on }})
	for _, want := range []bool{false, true} {
		on = want
		asks, err := m.Asks(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		completed, err := m.Completions(t.Context(), r, "apprent")
		if err != nil {
			t.Fatal(err)
		}
		offered := slices.ContainsFunc(asks, func(c Choice) bool { return c.Value == "learning.word" })
		if offered != want || len(completed) > 0 != want {
			t.Errorf("on %v: asked %v, completed %v", want, offered, completed)
		}
		if route, length := m.find("apprentissage", false); length == 0 || route.Key != "learning.word" {
			t.Errorf("on %v: not understood", want)
		}
	}
}

// The help names the commands as they can be typed; where they are words of
// /crieur, they are said once, among the words.
func TestHelpNamesWhatIsInstalled(t *testing.T) {
	for naming, want := range map[i18n.Naming]string{
		i18n.InFrench: "/brouillon", i18n.InEnglish: "/draft", i18n.InBoth: "/draft", "": "/draft", i18n.Alone: "",
	} {
		m, r := talking(t, "en", brand.Author)
		m.Command(CommandRoute{Name: "draft", Role: brand.Author})
		m.Command(CommandRoute{Name: "crieur", Role: brand.Anyone})
		r.Print, r.Tx = r.Print.Naming(naming), state.Begin(statetest.NewMem(), "help", time.Now())
		r.NewToken = func(*state.Tx) string { return "token" }
		for what, answer := range map[string]Handler{"help": m.Help, "lost": m.lost} {
			reply, err := answer(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, block := range reply.Card.Blocks {
				if len(block.Text) > 0 && block.Text[0].Strong {
					names = append(names, block.Text[0].Text)
				}
			}
			if first := names[0]; want != "" && first != want || !slices.Contains(names, "/crieur") {
				t.Errorf("%s, installed as %q: %q, want %s first", what, naming, names, want)
			}
			if naming == i18n.Alone && strings.Count(strings.Join(names, "|")+"|", "/crieur draft|") != 1 {
				t.Errorf("%s of one command: %q", what, names)
			}
		}
	}
}

// Discord shows commands in the language of the person's application, whatever
// they read Crieur in; elsewhere they are as installed.
func TestSpeaks(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := &Desk{Catalog: catalog.Installed("slack", i18n.InFrench)}
	for _, test := range []struct {
		platform     Platform
		locale, lang string
		want         string
	}{
		{Discord, "fr", "en", "/brouillon"}, {Discord, "de", "fr", "/draft"}, {Discord, "", "fr", "/brouillon"},
		{Slack, "en-GB", "en", "/brouillon"}, {Console, "fr", "en", "/draft"},
	} {
		e := Event{Platform: test.platform, User: User{Locale: test.locale}}
		if got := d.speaks(e, test.lang, nil).Command("draft"); got != test.want {
			t.Errorf("%s in %q, read in %s: %s, want %s", test.platform, test.locale, test.lang, got, test.want)
		}
	}
}
