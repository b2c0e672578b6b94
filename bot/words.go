package bot

import (
	"context"
	"strings"

	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// words answers /crieur <words> and words said to Crieur: the longest known word
// or alias at their start wins, in any language, accents and case aside.
func (d *Desk) words(ctx context.Context, r *Request) (Reply, error) {
	if err := d.allow(r, brand.Anyone); err != nil {
		return Reply{}, err
	}
	said := i18n.Fold(r.Text)
	var best WordRoute
	length := -1
	for _, route := range d.Mux.words {
		for _, alias := range d.aliases(route) {
			if (said == alias || strings.HasPrefix(said, alias+" ")) && len(alias) > length {
				best, length = route, len(alias)
			}
		}
	}
	if length < 0 {
		return d.suggest(ctx, r, said)
	}
	if err := d.allow(r, best.Role); err != nil {
		return Reply{}, err
	}
	r.Text = strings.TrimSpace(afterWords(r.Text, strings.Count(d.match(best, said), " ")+1))
	return best.Handle(ctx, r)
}

func (d *Desk) match(route WordRoute, said string) string {
	longest := ""
	for _, alias := range d.aliases(route) {
		if (said == alias || strings.HasPrefix(said, alias+" ")) && len(alias) > len(longest) {
			longest = alias
		}
	}
	return longest
}

// afterWords drops the first n words of a text.
func afterWords(text string, n int) string {
	for range n {
		text = strings.TrimLeft(text, " ")
		at := strings.IndexByte(text, ' ')
		if at < 0 {
			return ""
		}
		text = text[at:]
	}
	return text
}

// aliases are the word and its other forms in every language, folded. The
// catalog lists them with commas.
func (d *Desk) aliases(route WordRoute) []string {
	var all []string
	for _, lang := range i18n.Langs() {
		for alias := range strings.SplitSeq(d.Catalog.For(lang, nil).T(route.Key), ",") {
			all = append(all, i18n.Fold(alias))
		}
	}
	return all
}

// suggest answers words that nobody knows: with the nearest one, or the menu.
func (d *Desk) suggest(ctx context.Context, r *Request, said string) (Reply, error) {
	first, _, _ := strings.Cut(said, " ")
	best, distance := "", 3
	for _, route := range d.Mux.words {
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
		return d.menu(r, said), nil
	}
	card := Card{Blocks: []Block{P(r.Print.T("chat.suggest", "Text", r.Text, "Word", best))}}
	return Reply{Card: &card}, nil
}

// menu lists what the person may say, made from the routes.
func (d *Desk) menu(r *Request, said string) Reply {
	card := Card{Title: Say(r.Print.T("chat.menu"))}
	if said != "" {
		card.Blocks = append(card.Blocks, P(r.Print.T("chat.unknown", "Text", r.Text)))
	}
	line := func(name, help string) {
		card.Blocks = append(card.Blocks, Block{Kind: Paragraph, Text: Text{{Text: name, Strong: true}, {Text: " · " + help}}})
	}
	for _, route := range d.Mux.Commands() {
		if r.Member.Can(route.Role) {
			line("/"+r.Print.T("command."+route.Name), r.Print.T("command."+route.Name+".help"))
		}
	}
	for _, route := range d.Mux.words {
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
