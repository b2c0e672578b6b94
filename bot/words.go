package bot

import (
	"context"
	"strings"

	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// Words answers /crieur <words> and words said to Crieur: the longest known word
// or alias at their start wins, in any language, accents and case aside. It is a
// Handler.
func (m *Mux) Words(ctx context.Context, r *Request) (Reply, error) {
	said := i18n.Fold(r.Text)
	best, length := WordRoute{}, 0
	for _, route := range m.words {
		for _, alias := range m.aliases(route) {
			if words := len(strings.Fields(alias)); words > length && (said == alias || strings.HasPrefix(said, alias+" ")) {
				best, length = route, words
			}
		}
	}
	if length == 0 {
		if err := Allow(r, brand.Anyone); err != nil {
			return Reply{}, err
		}
		return m.suggest(r, said), nil
	}
	if err := Admit(r, best.Role, best.Early); err != nil {
		return Reply{}, err
	}
	r.Text = strings.Join(strings.Fields(r.Text)[length:], " ")
	return best.Handle(ctx, r)
}

// aliases are the word and its other forms in every language, folded. The
// catalog lists them with commas.
func (m *Mux) aliases(route WordRoute) []string {
	var all []string
	for _, lang := range i18n.Langs() {
		for alias := range strings.SplitSeq(m.catalog.For(lang, nil).T(route.Key), ",") {
			all = append(all, i18n.Fold(alias))
		}
	}
	return all
}

// suggest answers words that nobody knows: with the nearest one and a way to it,
// or with the menu.
func (m *Mux) suggest(r *Request, said string) Reply {
	first, _, _ := strings.Cut(said, " ")
	best, distance := "", 3
	for _, route := range m.words {
		if !r.Member.Can(route.Role) {
			continue
		}
		for alias := range strings.SplitSeq(r.Print.T(route.Key), ",") {
			if n := edits(first, i18n.Fold(alias)); n < distance {
				best, distance = strings.TrimSpace(alias), n
			}
		}
	}
	if said == "" || best == "" {
		return m.Menu(r)
	}
	return Private(r.Print.T("chat.suggest", "Text", r.Text, "Word", best))
}

// Menu lists what the person may ask for, made from the routes.
func (m *Mux) Menu(r *Request) Reply {
	card := Card{Title: Say(r.Print.T("chat.menu"))}
	if r.Text != "" {
		card.Blocks = append(card.Blocks, P(r.Print.T("chat.unknown", "Text", r.Text)))
	}
	line := func(name, help string) {
		card.Blocks = append(card.Blocks, Block{Kind: Paragraph, Text: Text{{Text: name, Strong: true}, {Text: " · " + help}}})
	}
	for _, route := range m.Commands() {
		if r.Member.Can(route.Role) {
			line("/"+r.Print.T("command."+route.Name), r.Print.T("command."+route.Name+".help"))
		}
	}
	for _, route := range m.words {
		if r.Member.Can(route.Role) {
			word, _, _ := strings.Cut(r.Print.T(route.Key), ",")
			line("/crieur "+word, r.Print.T(route.Key+".help"))
		}
	}
	return Reply{Card: &card}
}

// edits is the Levenshtein distance, with a swap of neighbours counting once.
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			rows[i+1][j+1] = min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				rows[i+1][j+1] = min(rows[i+1][j+1], rows[i-1][j-1]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
