package slack

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/i18n"
)

// Actions of the adapter's own; no feature may register them.
const (
	moreAction = "chat.more" // the "More…" menu: the value names the action
	showAction = "chat.show" // unfolds what was folded
	linkAction = "chat.link" // a button that is a link: nothing to do
)

// ErrCard says that a card or form breaks the contract of package bot in a way
// that cannot be shown without changing what it means.
var ErrCard = errors.New("card cannot be shown")

// renderer turns neutral cards into Slack's blocks. It is pure.
type renderer struct {
	words  *i18n.Catalog
	member func(id string) (user string, ok bool)
	// home says that the blocks are for a home page: no table, no thread, twice
	// the blocks.
	home bool
	// preview says that the blocks are for under a link: no table, no thread.
	preview bool
	// files are Slack's own IDs of pictures that are kept here, by their digest;
	// one that is missing is shown by its words.
	files map[string]string
}

// say is a word of the renderer's own, in the card's language.
func (r renderer) say(lang, key string) string { return r.words.For(lang, nil).T(key) }

// page is one message.
type page struct {
	lang   string
	text   string
	blocks []api.Block
}

// attachment is what no message could hold.
type attachment struct{ name, content string }

// rendering is a whole card: the message, its continuations in the thread, files.
type rendering struct {
	pages []page
	files []attachment
}

// atom is what is not parted any more: blocks that stay together and the same
// in plain words.
type atom struct {
	blocks []api.Block
	plain  string
	table  bool
}

// card renders a card. Whatever it holds, Slack takes what comes out.
func (r renderer) card(card bot.Card) (rendering, error) {
	if len(card.More) > maxChoices {
		return rendering{}, fmt.Errorf("render %d actions behind More: %w", len(card.More), ErrCard)
	}
	var atoms []atom
	var files []attachment
	atoms = append(atoms, r.title(card)...)
	for _, block := range card.Blocks {
		more, file, err := r.block(card, block, len(atoms))
		if err != nil {
			return rendering{}, err
		}
		atoms = append(atoms, more...)
		if file != nil {
			file.name = fmt.Sprintf("%d-%s", len(files)+1, file.name)
			files = append(files, *file)
		}
	}
	out := r.pack(card, atoms, r.tail(card), files)
	out.pages[0].text = r.fallback(card)
	return out, nil
}

// fallback is the text of notifications and screen readers; it is never empty
// and holds nothing that was folded.
func (r renderer) fallback(card bot.Card) string {
	text := strings.TrimSpace(clean(card.Text()))
	if text == "" {
		return "Crieur"
	}
	return cutEscaped(text, maxFallback)
}

// toneMark goes before the title; the title says the same in words.
func toneMark(tone bot.Tone) string {
	switch tone {
	case bot.Good:
		return "✅ "
	case bot.Warning:
		return "⚠️ "
	case bot.Bad:
		return "🔴 "
	}
	return ""
}

// title is a header, or bold text where a header cannot hold it.
func (r renderer) title(card bot.Card) []atom {
	text := line(card.Title.String())
	if text == "" {
		return nil
	}
	mark := toneMark(card.Tone)
	rich := false
	for _, span := range card.Title {
		rich = rich || span.URL != "" || span.Member != ""
	}
	if !rich && units(escape(mark+text)) <= maxHeader {
		return []atom{{blocks: []api.Block{api.NewHeaderBlock(plainText(mark+text, maxHeader))}, plain: text}}
	}
	titled := append(bot.Text{{Text: mark}}, card.Title...)
	for i := range titled {
		titled[i].Strong = true
	}
	return r.paragraph(titled)
}

func (r renderer) paragraph(text bot.Text) []atom {
	var atoms []atom
	for _, part := range splitText(text, maxText) {
		if elements := r.spans(part, false); len(elements) > 0 {
			atoms = append(atoms, atom{blocks: []api.Block{richText(elements)}, plain: part.String()})
		}
	}
	return atoms
}

// block renders one block; index tells apart what needs an ID of its own.
func (r renderer) block(card bot.Card, block bot.Block, index int) ([]atom, *attachment, error) {
	switch block.Kind {
	case bot.Paragraph:
		return r.paragraph(block.Text), nil, nil
	case bot.Quote:
		return r.quoted(card, block, index), nil, nil
	case bot.Fields:
		return r.fields(card.Lang, block.Pairs), nil, nil
	case bot.Picture:
		return r.picture(card.Lang, block), nil, nil
	case bot.Grid:
		atoms, file := r.grid(card, block)
		return atoms, file, nil
	case bot.Rule:
		return []atom{{blocks: []api.Block{api.NewDividerBlock()}, plain: "---"}}, nil, nil
	case bot.Small:
		return r.smallPrint(block.Text), nil, nil
	case bot.Menu:
		atoms, err := r.menu(card, block.Select)
		return atoms, nil, err
	case bot.Row:
		return r.row(card, block.Buttons, index)
	}
	return nil, nil, fmt.Errorf("render block %q: %w", block.Kind, ErrCard)
}

func (r renderer) row(card bot.Card, buttons []bot.Button, index int) ([]atom, *attachment, error) {
	var elements []api.BlockElement
	var labels []string
	for i, b := range buttons {
		if b.URL != "" && !webAddress(b.URL) {
			continue
		}
		elements = append(elements, r.button(card, b, index*100+i))
		labels = append(labels, "["+line(b.Label)+"]")
	}
	if len(elements) == 0 {
		return nil, nil, nil
	}
	return []atom{{blocks: rows(elements), plain: strings.Join(labels, " ")}}, nil, nil
}

// quoted is somebody's words; folded, they come on a click.
func (r renderer) quoted(card bot.Card, block bot.Block, index int) []atom {
	text := clean(block.Quoted)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if !block.Folded {
		var atoms []atom
		for _, part := range split(text, maxText) {
			atoms = append(atoms, atom{blocks: []api.Block{quote(part)}, plain: part})
		}
		return atoms
	}
	label := clean(block.Label)
	if label == "" {
		label = r.say(card.Lang, "chat.fold")
	}
	return append(r.paragraph(bot.Say(label)), r.shows(card.Lang, text, index)...)
}

// shows are the buttons that carry a folded text.
func (r renderer) shows(lang, text string, index int) []atom {
	show := r.say(lang, "chat.show")
	values := fold(text)
	var elements []api.BlockElement
	for i, value := range values {
		label := show
		if len(values) > 1 {
			label = fmt.Sprintf("%s %d/%d", show, i+1, len(values))
		}
		id := bot.Callback{Action: showAction, Arg: fmt.Sprintf("%d-%d", index, i)}
		elements = append(elements, api.NewButtonBlockElement(id.String(), value, labelText(label, maxButton)))
	}
	var atoms []atom
	for len(elements) > 0 { // two values of 2,000 in a block leave room for the rest
		n := min(2, len(elements))
		atoms = append(atoms, atom{blocks: []api.Block{api.NewActionBlock("", elements[:n]...)}})
		elements = elements[n:]
	}
	atoms[0].plain = text
	return atoms
}

func (r renderer) fields(lang string, pairs [][2]bot.Text) []atom {
	var atoms []atom
	colon := ": "
	if i18n.Base(lang) == "fr" {
		colon = "\u00a0: "
	}
	for _, pair := range pairs {
		name := make(bot.Text, 0, len(pair[0])+len(pair[1])+1)
		for _, span := range pair[0] {
			span.Strong = true
			name = append(name, span)
		}
		atoms = append(atoms, r.paragraph(append(append(name, bot.Span{Text: colon, Strong: true}), pair[1]...))...)
	}
	return merge(atoms)
}

// merge joins neighbouring short sections into one block, to spare blocks.
func merge(atoms []atom) []atom {
	var out []atom
	for _, next := range atoms {
		if len(out) > 0 {
			last := &out[len(out)-1]
			if joined, ok := join(last.blocks[0], next.blocks[0]); ok {
				last.blocks, last.plain = []api.Block{joined}, last.plain+"\n"+next.plain
				continue
			}
		}
		out = append(out, next)
	}
	return out
}

func join(a, b api.Block) (api.Block, bool) {
	left, ok := a.(*api.RichTextBlock)
	right, also := b.(*api.RichTextBlock)
	if !ok || !also || weight(a)+weight(b)+1 > maxText || len(left.Elements) >= maxSections {
		return nil, false
	}
	return api.NewRichTextBlock("", append(append([]api.RichTextElement{}, left.Elements...), right.Elements...)...), true
}

// smallPrint is plain where it can be; with links or mentions it is mrkdwn, in
// which every character of ours that Slack would take for markup is defused.
func (r renderer) smallPrint(text bot.Text) []atom {
	var atoms []atom
	for _, part := range splitText(text, maxContext/2) {
		markup, rich := r.mrkdwn(part)
		if strings.TrimSpace(part.String()) == "" {
			continue
		}
		element := plainText(part.String(), maxContext)
		if rich && units(markup) <= maxContext {
			element = api.NewTextBlockObject(api.MarkdownType, markup, false, true)
		}
		atoms = append(atoms, atom{blocks: []api.Block{api.NewContextBlock("", element)}, plain: part.String()})
	}
	return atoms
}

func (r renderer) mrkdwn(text bot.Text) (markup string, rich bool) {
	var b strings.Builder
	defuse := strings.NewReplacer("*", "*\u2060", "_", "_\u2060", "~", "~\u2060", "`", "`\u2060", ":", ":\u2060")
	for _, span := range text {
		words := defuse.Replace(escape(clean(span.Text)))
		if id, ok := r.user(span.Member); ok {
			rich = true
			b.WriteString("<@" + id + ">")
		} else if webAddress(span.URL) {
			rich = true
			b.WriteString("<" + escape(span.URL) + "|" + strings.ReplaceAll(words, "|", "¦") + ">")
		} else {
			b.WriteString(words)
		}
	}
	return b.String(), rich
}

func number(n int) string { return strconv.Itoa(n) }
