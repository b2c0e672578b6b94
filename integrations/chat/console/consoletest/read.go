package consoletest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"crieur/bot/bottest"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// message is one message as it is drawn.
type message struct {
	id      string
	seq     int64
	crieur  bool // Crieur says it
	alone   bool // marked as private
	busy    bool
	text    string // its words, then the labels of what can be pressed in brackets
	buttons []button
	menu    map[string]string // what can be done with what a person wrote: label to action
}

// button is something to press: a button, or one choice of a menu.
type button struct {
	label, callback string
	values          map[string][]string
}

func parse(item *goquery.Selection) *message {
	m := &message{id: item.AttrOr("id", ""), alone: item.HasClass("alone"), crieur: item.Find(".face-crieur").Length() > 0}
	m.seq, _ = strconv.ParseInt(item.AttrOr("data-seq", ""), 10, 64)
	card := item.Find(".body .card").First()
	card.Find("button[data-do]").Each(func(_ int, b *goquery.Selection) {
		m.buttons = append(m.buttons, button{label: strings.TrimSpace(b.Text()), callback: b.AttrOr("data-do", "")})
	})
	card.Find("form[data-menu] option[value], form[data-menu] input[name]").Each(func(_ int, o *goquery.Selection) {
		label := strings.TrimSpace(o.Text())
		if o.Is("input") {
			label = strings.TrimSpace(o.Closest("label").Text())
		}
		if value := o.AttrOr("value", ""); value != "" {
			m.buttons = append(m.buttons, button{label: label, callback: o.Closest("form").AttrOr("data-menu", ""),
				values: map[string][]string{"choice": {value}}})
		}
	})
	if !m.crieur {
		card = item.Find(".words").First()
		m.menu = map[string]string{}
		item.Find("button[data-shortcut]").Each(func(_ int, b *goquery.Selection) {
			m.menu[strings.TrimSpace(b.Text())] = b.AttrOr("data-shortcut", "")
		})
	}
	m.text = words(card)
	for _, b := range m.buttons {
		m.text += " [" + b.label + "]"
	}
	return m
}

// words are what is read on a card, line by line, but for what can be pressed
// and what is folded. A picture is its alternative text.
func words(card *goquery.Selection) string {
	var b strings.Builder
	for _, node := range card.Nodes {
		write(&b, node)
	}
	return strings.TrimSpace(b.String())
}

func write(b *strings.Builder, node *html.Node) {
	if node.Type == html.TextNode {
		b.WriteString(node.Data)
		return
	}
	if unread(node) {
		return
	}
	for child := range node.ChildNodes() {
		write(b, child)
	}
	switch node.Data {
	case "img":
		for _, attribute := range node.Attr {
			if attribute.Key == "alt" {
				b.WriteString(attribute.Val + "\n")
			}
		}
	case "dt":
		b.WriteString(" : ")
	case "th", "td":
		b.WriteString(" | ")
	case "h2", "p", "blockquote", "dd", "tr", "summary":
		b.WriteString("\n")
	}
}

// unread says whether a part of a card is to be pressed, folded, or mere ornament.
func unread(node *html.Node) bool {
	switch node.Data {
	case "button", "form":
		return true
	case "blockquote":
		return node.Parent != nil && node.Parent.Data == "details"
	}
	return slices.Contains(node.Attr, html.Attribute{Key: "aria-hidden", Val: "true"})
}

// form is the dialog before a person.
type form struct {
	page   *tab
	id     string
	sheet  bottest.Sheet
	fields map[string]field
	wrong  []string // what is wrong with what was sent
}

// field is one field: what stands in it, and whether it takes several choices,
// or a file.
type field struct {
	values     []string
	many, file bool
}

func parseForm(drawn string, page *tab) (*form, error) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(drawn))
	if err != nil {
		return nil, err
	}
	dialog := doc.Find("form[data-form]")
	made := &form{page: page, id: dialog.AttrOr("data-form", ""), sheet: read(dialog), fields: map[string]field{}}
	if made.id == "" {
		return nil, fmt.Errorf("what opened is no form: %s", drawn)
	}
	dialog.Find(".field").Each(func(_ int, one *goquery.Selection) {
		made.fields[one.AttrOr("data-field", "")] = field{
			standing(one), one.Find("input[type=checkbox]").Length() > 0, one.Find("input[type=file]").Length() > 0,
		}
	})
	return made, nil
}

// standing is what a field holds as it is drawn.
func standing(field *goquery.Selection) (values []string) {
	if area := field.Find("textarea"); area.Length() > 0 {
		return []string{area.Text()}
	}
	field.Find("option[selected], input[type=checkbox][checked], input[type=text], input[type=date], input[type=time]").Each(
		func(_ int, one *goquery.Selection) { values = append(values, one.AttrOr("value", "")) })
	return slices.DeleteFunc(values, func(value string) bool { return value == "" })
}

// filled is what the form sends once the values are in it; upload sends a file
// ahead and returns what stands for it.
func (f *form) filled(values map[string]string, upload func(name string, data []byte) (string, error)) (map[string][]string, error) {
	all := map[string][]string{}
	for id, known := range f.fields {
		all[id] = known.values
	}
	for id, value := range values {
		known, found := f.fields[id]
		if !found {
			return nil, fmt.Errorf("the form %q has no field %q", f.sheet.Title, id)
		}
		all[id] = []string{value}
		if known.many {
			all[id] = strings.Split(value, ",")
		}
		if name, data, ok := bottest.Picture(value); known.file && ok {
			path, err := upload(name, data)
			if err != nil {
				return nil, err
			}
			all[id] = []string{path}
		}
	}
	return all, nil
}
