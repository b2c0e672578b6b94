package bot

import (
	"context"
	"fmt"
	"hash/fnv"
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
		return route.Handle(ctx, r)
	}
	return Reply{}, Refuse(r.Print.T("chat.gone"))
}

// Words answers /crieur <words> and words said to Crieur: the longest known word
// or alias at their start wins, in any language, accents and case aside. What is
// said in passing means a word only if nothing else is said, or if the word
// takes more. It is a Handler.
func (m *Mux) Words(ctx context.Context, r *Request) (Reply, error) {
	words := unnamed(r.Text)
	said := spoken(words)
	route, length := m.find(said, r.Kind == Message)
	if length > 0 {
		if err := Admit(r, route.Early, anyOf(route.Role, route.Or)...); err != nil {
			return Reply{}, err
		}
		r.Text = after(words, length)
		return route.Handle(ctx, r)
	}
	if err := Allow(r, brand.Anyone); err != nil {
		return Reply{}, err
	}
	if r.Kind == Message && r.Brand != nil {
		for _, listener := range m.listeners {
			if reply, ok, err := listener(ctx, r); ok || err != nil {
				return reply, err
			}
		}
	}
	if best, word := m.nearest(r, said); word != "" {
		return m.suggest(ctx, r, best, word)
	}
	if said == "" {
		return m.Help(ctx, r)
	}
	return m.lost(ctx, r)
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

// unnamed is what was said to Crieur without its name: "Crieur, planning".
func unnamed(text string) string {
	words := strings.Fields(text)
	if len(words) > 1 && strings.Trim(spoken(words[0]), "@,:") == "crieur" {
		return after(text, 1)
	}
	return text
}

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

// nearest finds the word that was mistyped: at most a third of it is wrong. Word
// is the reader's, "" when nothing comes near.
func (m *Mux) nearest(r *Request, said string) (best WordRoute, word string) {
	first, _, _ := strings.Cut(said, " ")
	least := 5
	for _, route := range m.words {
		if !route.open(r) {
			continue
		}
		for alias := range strings.SplitSeq(r.Print.T(route.Key), ",") {
			wanted := spoken(alias)
			wrong := min(typo.Distance(first, wanted), typo.Distance(Clip(said, 40), wanted))
			if wrong < least && wrong <= max(1, utf8.RuneCountInString(wanted)/3) {
				best, word, least = route, strings.TrimSpace(alias), wrong
			}
		}
	}
	return best, word
}

// suggest answers a mistyped word with the nearest one and a way to it.
func (m *Mux) suggest(ctx context.Context, r *Request, route WordRoute, word string) (Reply, error) {
	card := Card{
		Blocks:  []Block{P(r.Print.T("chat.suggest", "Text", asTyped(r), "Word", word))},
		Buttons: []Button{Ask(route.Key, Clip(r.Print.T("chat.ask", "Word", word), 30))}, Token: r.NewToken(r.Tx),
	}
	return Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "words"})
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
		typed := r.Print.Command(route.Name)
		if own := !strings.Contains(typed, " "); Allow(r, anyOf(route.Role, route.Or)...) == nil && (own || inWords) {
			lines = append(lines, helpLine(r.Print, typed, "command."+route.Name))
		}
	}
	return lines
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
	return Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "words"})
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
