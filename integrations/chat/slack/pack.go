package slack

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"strings"

	api "github.com/slack-go/slack"

	"crieur/bot"
)

// room is what one message or page can hold.
type room struct {
	blocks, weight int
	table          bool
}

func (r renderer) room() room {
	if r.home {
		return room{blocks: maxViewBlocks, weight: 6 * maxMessage}
	}
	return room{blocks: maxMessageBlocks, weight: maxMessage, table: !r.preview}
}

// continued says where the rest of a long card is.
func (r renderer) continued(lang string) api.Block {
	if r.preview {
		return small(r.say(lang, "slack.preview"))
	}
	return small(r.say(lang, "chat.continued"))
}

// fits says whether the atom has a place in what is left, and takes it.
func (left *room) fits(a atom) bool {
	size := weight(a.blocks...)
	if len(a.blocks) > left.blocks || size > left.weight {
		return false
	}
	left.blocks -= len(a.blocks)
	left.weight -= size
	return true
}

// pack fills messages in order. The buttons stay on the first; what does not
// fit continues in the thread, then in a file, and the first message says so.
func (r renderer) pack(card bot.Card, atoms []atom, tail []api.Block, files []attachment) rendering {
	continued := r.continued(card.Lang)
	tail, extra := lighten(tail)
	atoms = append(atoms, extra...)
	left := r.room()
	left.blocks -= len(tail) + 1
	left.weight -= weight(tail...) + weight(continued)
	pages := []page{{lang: card.Lang}}
	var rest []string
	for _, a := range atoms {
		if a.table {
			a = left.tabled(a)
		}
		last := &pages[len(pages)-1]
		switch {
		case rest != nil:
			rest = append(rest, a.plain)
		case left.fits(a):
			last.blocks = append(last.blocks, a.blocks...)
		case len(pages) < maxPages:
			left = r.room()
			left.fits(atom{blocks: []api.Block{small(r.say(card.Lang, "chat.repeated"))}}) // in case it is said again
			if a.table {
				left.table = false
			}
			if left.fits(a) {
				pages = append(pages, page{lang: card.Lang, blocks: a.blocks, text: pageText(a.plain)})
				continue
			}
			fallthrough
		default:
			rest = append(rest, a.plain)
		}
	}
	if rest != nil {
		files = append(files, attachment{name: "suite.txt", content: strings.Join(rest, "\n\n") + "\n"})
	}
	if len(pages) > 1 || len(files) > 0 {
		pages[0].blocks = append(pages[0].blocks, continued)
	}
	pages[0].blocks = append(pages[0].blocks, tail...)
	return rendering{pages: pages, files: files}
}

// lighten keeps the buttons from taking the room of the card: rows that weigh
// too much come after the content.
func lighten(tail []api.Block) (kept []api.Block, extra []atom) {
	kept = tail
	for len(kept) > 1 && weight(kept...) > maxMessage/2 {
		last := kept[len(kept)-1]
		extra = append([]atom{{blocks: []api.Block{last}}}, extra...)
		kept = kept[:len(kept)-1]
	}
	return kept, extra
}

// tabled turns a second table of a message into aligned text, because Slack
// takes one a message.
func (left *room) tabled(a atom) atom {
	if left.table {
		left.table = false
		return a
	}
	table, ok := a.blocks[0].(*api.TableBlock)
	if !ok {
		return a
	}
	text := aligned(table)
	a.table = false
	a.blocks = nil
	for _, part := range split(text, maxText) {
		a.blocks = append(a.blocks, preformatted(part))
	}
	return a
}

func aligned(table *api.TableBlock) string {
	widths := map[int]int{}
	for _, row := range table.Rows {
		for i, cell := range row {
			widths[i] = max(widths[i], units(cellText(cell)))
		}
	}
	var b strings.Builder
	for _, row := range table.Rows {
		var cells []string
		for i, cell := range row {
			text := cellText(cell)
			cells = append(cells, text+strings.Repeat(" ", min(widths[i]-units(text), 40)))
		}
		b.WriteString(strings.TrimRight(strings.Join(cells, "  "), " ") + "\n")
	}
	return b.String()
}

func cellText(cell api.TableCell) string {
	if raw, ok := cell.(*api.TableRawTextCell); ok {
		return unescape(raw.Text)
	}
	return ""
}

func pageText(text string) string {
	text = strings.TrimSpace(clean(text))
	if text == "" {
		return ellipsis
	}
	return cutEscaped(text, maxFallback)
}

// fold packs a text into button values, as many as it takes.
func fold(text string) []string {
	if value := foldOne(text); len(value) <= maxValue {
		return []string{value}
	}
	parts := splitWith(text, (units(text)+1)/2, units)
	var values []string
	for _, part := range parts {
		values = append(values, fold(part)...)
	}
	return values
}

func foldOne(text string) string {
	var packed bytes.Buffer
	writer, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil { // only for a level that does not exist
		panic(err)
	}
	_, _ = writer.Write([]byte(text)) // a bytes.Buffer takes everything
	_ = writer.Close()
	return base64.RawURLEncoding.EncodeToString(packed.Bytes())
}

// unfold is what a button carried; ok is false for what fold never made.
func unfold(value string) (text string, ok bool) {
	packed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return "", false
	}
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), 1<<16))
	if err != nil {
		return "", false
	}
	return string(raw), true
}
