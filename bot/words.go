package bot

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/text/typo"
)

// AskAction is the action of a button that asks for a word, see Ask.
const AskAction = "crieur.ask"

// Ask is a button that does what saying the word of a route does.
func Ask(key, label string) Button { return Button{Action: AskAction, Arg: short(key), Label: label} }

// short names a catalog key within the limits of Button.Arg.
func short(key string) string {
	hash := fnv.New32a()
	hash.Write([]byte(key)) //nolint:errcheck // a hash takes everything
	return fmt.Sprintf("%08x", hash.Sum32())
}

// Asked answers a button of Ask, and a choice in the menu of Help. It is a
// Handler.
func (m *Mux) Asked(ctx context.Context, r *Request) (Reply, error) {
	for _, route := range m.words {
		if short(route.Key) != r.Arg && route.Key != r.Value("choice") {
			continue
		}
		if err := Admit(r, route.Early, anyOf(route.Role, route.Or)...); err != nil {
			return Reply{}, err
		}
		r.Text = ""
		if r.View == wordsView && route.Takes {
			r.Text = r.Subject // what followed the mistyped word
		}
		return route.Handle(ctx, r)
	}
	return Reply{}, Refuse(r.Print.T("chat.gone"))
}

// wordsView is the view that tokens of answers to words name; the subject of a
// suggestion is what was said after the word.
const wordsView = "words"

// Words answers /crieur <words> and words said to Crieur: the longest known word
// or alias at their start wins, in any language, accents and case aside. What is
// said in passing means a word only if nothing else is said, or if the word
// takes what follows; where it makes little sense of that, a listener may have
// the better answer. It is a Handler.
func (m *Mux) Words(ctx context.Context, r *Request) (Reply, error) {
	words, passing := unnamed(r.Text), r.Kind == Message
	said := spoken(words)
	route, length := m.find(said, passing)
	rest := after(words, length)
	if length > 0 && (!passing || route.Fits == nil || route.Fits(r, rest)) {
		return m.meant(ctx, r, route, rest)
	}
	if err := Allow(r, brand.Anyone); err != nil {
		return Reply{}, err
	}
	near := m.nearest(r, said)
	if passing && r.Brand != nil && !near.sure() {
		for _, listener := range m.listeners {
			if reply, ok, err := listener(ctx, r); ok || err != nil {
				return reply, err
			}
		}
	}
	switch {
	case length > 0:
		return m.meant(ctx, r, route, rest)
	case near.word != "":
		return m.suggest(ctx, r, near, after(words, near.length))
	case said == "":
		return m.Help(ctx, r)
	}
	return m.lost(ctx, r)
}

// meant does what a word says, with what follows it.
func (m *Mux) meant(ctx context.Context, r *Request, route WordRoute, rest string) (Reply, error) {
	if err := Admit(r, route.Early, anyOf(route.Role, route.Or)...); err != nil {
		return Reply{}, err
	}
	r.Text = rest
	return route.Handle(ctx, r)
}

// open says whether who asks is offered the word.
func (w WordRoute) open(r *Request) bool {
	return Admit(r, w.Early, anyOf(w.Role, w.Or)...) == nil && (w.On == nil || w.On(r))
}

// find returns the route whose alias said begins with, and how many words that
// alias has; 0 when there is none.
func (m *Mux) find(said string, strict bool) (best WordRoute, length int) {
	for _, route := range m.words {
		for _, alias := range m.aliases(route) {
			begins := said == alias || starts(said, alias) && (!strict || route.Takes)
			if words := len(strings.Fields(alias)); begins && words > length {
				best, length = route, words
			}
		}
	}
	return best, length
}

// starts says whether a text starts with these words, not with a part of one.
func starts(text, words string) bool {
	rest, ok := strings.CutPrefix(text, words)
	next, _ := utf8.DecodeRuneInString(rest)
	return ok && !unicode.IsLetter(next) && !unicode.IsDigit(next) && next != '-' && next != '\''
}

// spoken is a text as it is compared: folded, with one kind of apostrophe, and
// without the sign that ends a sentence.
func spoken(text string) string {
	return strings.TrimRight(strings.ReplaceAll(i18n.Fold(text), "’", "'"), " .?!…")
}

// unnamed is what was said to Crieur without its name: "Crieur, planning",
// "bonjour Crieur !".
func unnamed(text string) string {
	words := strings.Fields(text)
	named := func(word string) bool { return strings.Trim(spoken(word), "@,:") == "crieur" }
	if len(words) > 1 && named(words[0]) {
		return after(text, 1)
	}
	short := strings.TrimRight(text, " \u00a0.?!…")
	if words = strings.Fields(short); len(words) > 1 && len(words) <= mostGreeting && named(words[len(words)-1]) {
		return strings.TrimRight(short[:strings.LastIndex(short, words[len(words)-1])], " \u00a0,")
	}
	return text
}

// mostGreeting is how many words end with a name that is but an address; a longer
// text may be about a crier.
const mostGreeting = 5

// after is a text without its first words; what is left keeps its lines.
func after(text string, words int) string {
	for range words {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if at := strings.IndexFunc(text, unicode.IsSpace); at >= 0 {
			text = text[at:]
		} else {
			text = ""
		}
	}
	rest := strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(text), ":,"))
	if strings.Trim(rest, " .?!…") == "" {
		return "" // the end of a sentence, not words
	}
	return rest
}

// aliases are the word and its other forms in every language. The catalog lists
// them with commas.
func (m *Mux) aliases(route WordRoute) []string {
	var all []string
	for _, lang := range i18n.Langs() {
		for alias := range strings.SplitSeq(m.catalog.For(lang, nil).T(route.Key), ",") {
			all = append(all, spoken(alias))
		}
	}
	return all
}

// guess is the word that was probably meant; word is the reader's, "" for none.
type guess struct {
	route  WordRoute
	word   string
	length int // words of what was said that stand for it
	wrong  int // letters
}

// sure says that the guess is a phrase with hardly anything wrong, which nobody
// begins another text with by chance.
func (g guess) sure() bool { return g.wrong <= 2 && len(strings.Fields(g.word)) >= 3 }

// nearest finds the word that was mistyped, at the start of what was said or as
// all of it: at most a third of it is wrong.
func (m *Mux) nearest(r *Request, said string) (best guess) {
	words, least := strings.Fields(Clip(said, 200)), 5
	for _, route := range m.words {
		if !route.open(r) {
			continue
		}
		for alias := range strings.SplitSeq(r.Print.T(route.Key), ",") {
			wanted := spoken(alias)
			if negated(wanted) != negated(said) {
				continue // who says not to is not asked whether they meant to
			}
			most := min(least-1, max(1, utf8.RuneCountInString(wanted)/3))
			long := len(strings.Fields(wanted)) // or one more, where a hyphen is left out
			for _, length := range []int{min(long, len(words)), min(long+1, len(words)), len(words)} {
				begun := Clip(strings.Join(words[:length], " "), 40)
				if wrong := typo.Distance(undashed(begun), undashed(wanted)); wrong <= most {
					best, least, most = guess{route, strings.TrimSpace(alias), length, wrong}, wrong, wrong-1
				}
			}
		}
	}
	return best
}

func undashed(text string) string { return strings.ReplaceAll(text, "-", " ") }

// negated says whether words are about not doing something.
func negated(said string) bool {
	return slices.ContainsFunc(strings.Fields(said), func(word string) bool {
		return slices.Contains([]string{"ne", "pas", "plus", "jamais", "not", "dont", "don't", "never"}, word) || strings.HasPrefix(word, "n'")
	})
}

// suggest answers a mistyped word with the nearest one and a way to it, with what
// was said after it.
func (m *Mux) suggest(ctx context.Context, r *Request, near guess, rest string) (Reply, error) {
	card := Card{
		Blocks:  []Block{P(r.Print.T("chat.suggest", "Text", asTyped(r), "Word", near.word))},
		Buttons: []Button{Ask(near.route.Key, Clip(r.Print.T("chat.ask", "Word", near.word), 30))}, Token: r.NewToken(r.Tx),
	}
	return Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: wordsView, Subject: rest})
}

// asTyped is what the person wrote, with the command if there was one.
func asTyped(r *Request) string {
	text := Clip(strings.Join(strings.Fields(r.Text), " "), 60)
	if r.Kind == Command {
		return r.Print.Command(r.Command) + " " + text
	}
	return text
}

// Help lists what the person may ask for, made from the routes: commands with an
// example, words, shortcuts; and a menu that does what is chosen. It is a Handler.
func (m *Mux) Help(ctx context.Context, r *Request) (Reply, error) {
	lines := m.commandLines(r, false)
	for _, route := range m.words {
		if command, is := m.CommandOf(route); is && typedAlone(r, command) {
			continue // it is there by its own name
		}
		if route.open(r) {
			word, _, _ := strings.Cut(r.Print.T(route.Key), ",")
			lines = append(lines, helpLine(r.Print, "/crieur "+word, route.Key))
		}
	}
	for _, route := range m.shortcuts {
		if route.OnMessage && Allow(r, anyOf(route.Role, route.Or)...) == nil {
			lines = append(lines, helpLine(r.Print, r.Print.T("chat.onmessage", "Name", r.Print.T(route.Key)), route.Key))
		}
	}
	return m.menu(ctx, r, lines)
}

// lost answers words that mean nothing: the commands, and the rest in the menu.
func (m *Mux) lost(ctx context.Context, r *Request) (Reply, error) {
	said := P(r.Print.T("chat.unknown", "Text", asTyped(r)))
	return m.menu(ctx, r, append([]Block{said}, m.commandLines(r, true)...))
}

// commandLines are the commands that the person may use; inWords also those that
// are words of /crieur where they are.
func (m *Mux) commandLines(r *Request, inWords bool) (lines []Block) {
	for _, route := range m.Commands() {
		if Allow(r, anyOf(route.Role, route.Or)...) == nil && (inWords || typedAlone(r, route)) {
			lines = append(lines, helpLine(r.Print, r.Print.Command(route.Name), "command."+route.Name))
		}
	}
	return lines
}

// typedAlone says whether a command has a name of its own where it is installed,
// and is no word of /crieur there.
func typedAlone(r *Request, c CommandRoute) bool {
	return c.Words || !strings.Contains(r.Print.Command(c.Name), " ")
}

// CommandOf is the command that does what a word does: the one of that name.
func (m *Mux) CommandOf(route WordRoute) (CommandRoute, bool) {
	word, _, _ := strings.Cut(m.catalog.For("en", nil).T(route.Key), ",")
	c, is := m.commands[word]
	return c, is
}

// helpLine says what a name does, with an example if there is one.
func helpLine(p *i18n.Printer, name, key string) Block {
	text := Text{{Text: name, Strong: true}, {Text: " · " + p.T(key+".help")}}
	if p.Has(key + ".example") {
		text = append(text, Span{Text: " · " + p.T("chat.example", "Text", name+" "+p.T(key+".example"))})
	}
	return Block{Kind: Paragraph, Text: text}
}

// menu is a card that ends with the words that the person may ask for.
func (m *Mux) menu(ctx context.Context, r *Request, blocks []Block) (Reply, error) {
	p := r.Print
	asks, err := m.Asks(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	choose := Select{Action: AskAction, Label: p.T("chat.choose"), Choices: asks}.Bounded(p)
	card := Card{Title: Say(p.T("chat.menu")), Blocks: append(blocks, Block{Kind: Menu, Select: &choose}), Token: r.NewToken(r.Tx)}
	return Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: wordsView})
}

// Asks lists the words that the person may ask for. It is the Listing of
// AskAction.
func (m *Mux) Asks(_ context.Context, r *Request) (all []Choice, _ error) {
	for _, route := range m.words {
		if route.open(r) {
			word, _, _ := strings.Cut(r.Print.T(route.Key), ",")
			all = append(all, Choice{Value: route.Key, Label: Clip(word+" · "+r.Print.T(route.Key+".help"), 75)})
		}
	}
	return all, nil
}

// Completions lists the words that begin with what was typed after /crieur. It
// is a Chooser.
func (m *Mux) Completions(_ context.Context, r *Request, typed string) ([]Choice, error) {
	var choices []Choice
	typed = spoken(typed)
	for _, route := range m.words {
		word, _, _ := strings.Cut(r.Print.T(route.Key), ",")
		if route.open(r) && strings.HasPrefix(spoken(word), typed) {
			choices = append(choices, Choice{Value: word, Label: Clip(word+" · "+r.Print.T(route.Key+".help"), 75)})
		}
	}
	return choices, nil
}
