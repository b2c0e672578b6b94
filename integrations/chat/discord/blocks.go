package discord

import (
	"encoding/csv"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"crieur/bot"

	"github.com/bwmarrin/discordgo"
	"github.com/rivo/uniseg"
)

const (
	maxLabel   = 80   // characters of a button; about 34 are shown
	maxChoice  = 100  // characters of a choice
	maxHolder  = 150  // characters of a menu's placeholder
	maxAlt     = 1024 // characters of a picture's description
	maxAddress = 512  // characters of a button's address
	maxPicture = 2048 // characters of a picture's address
	// galleryBytes of descriptions end a gallery: they count in a message's bytes.
	galleryBytes = 3000
	// tableWide and tableRows are what is still read as a table on a screen.
	tableWide = 60
	tableRows = 30
	tableSize = 1800
)

// drawing turns one card into pieces.
type drawing struct {
	renderer
	team    string
	card    bot.Card
	key     string
	used    map[string]int // custom_ids, to keep them apart
	folds   int
	dropped []string
}

func (d *drawing) line(key string) string { return d.say(d.card.Lang, key) }

func (d *drawing) user(member string) (string, bool) { return d.mention(d.team, member) }

func (d *drawing) pieces() []piece {
	var all []piece
	title := d.card.Title
	if title.String() == "" && len(d.card.Blocks) == 0 && d.card.Summary != "" {
		all = append(all, d.words("", bot.Say(d.card.Summary)))
	}
	if title.String() != "" {
		all = append(all, d.words("## ", title))
	}
	g := gallery{}
	flush := func() {
		if len(g.items) > 0 {
			all = append(all, g.piece())
			g = gallery{}
		}
	}
	for _, block := range d.card.Blocks {
		if block.Kind != bot.Picture {
			flush()
			all = append(all, d.block(block)...)
			continue
		}
		item, shows, rest, ok := d.picture(block)
		if ok {
			if !carries(g.shows, shows) {
				flush()
			}
			g.items, g.shows, g.bytes = append(g.items, item), append(g.shows, shows...), g.bytes+len(block.Alt)
		}
		if len(rest) > 0 || g.full() {
			flush()
			all = append(all, rest...)
		}
	}
	flush()
	return all
}

// gallery collects the pictures that stand side by side.
type gallery struct {
	items []discordgo.MediaGalleryItem
	shows []file
	bytes int // of descriptions
}

func (g *gallery) full() bool { return len(g.items) == maxGallery || g.bytes > galleryBytes }

func (g *gallery) piece() piece {
	return piece{comps: []component{discordgo.MediaGallery{Items: g.items}}, count: 1, bytes: g.bytes, shows: g.shows}
}

func words(prefix string, text bot.Text) piece {
	return piece{text: &passage{prefix: prefix, words: text}}
}

// words is text of Crieur's own. A member not known here is a bare name, and an
// address too long for a link is written out: both may then be split.
func (d *drawing) words(prefix string, text bot.Text) piece {
	var plain bot.Text
	for _, span := range text {
		if _, known := d.user(span.Member); span.Member != "" && !known {
			span.Member = ""
		}
		if link, ok := safeLink(span.URL); ok && len(link) > maxLink {
			span.URL = ""
			plain = append(plain, span, bot.Span{Text: " (" + link + ")"})
			continue
		}
		plain = append(plain, span)
	}
	return words(prefix, plain)
}

func (d *drawing) block(b bot.Block) []piece {
	switch b.Kind {
	case bot.Quote:
		if b.Folded {
			return d.fold(b)
		}
		return []piece{words("> ", bot.Say(b.Quoted))}
	case bot.Fields:
		return d.fields(b.Pairs)
	case bot.Grid:
		return d.grid(b.Rows)
	case bot.Rule:
		return []piece{{comps: []component{discordgo.Separator{}}, count: 1}}
	case bot.Small:
		return []piece{d.words("-# ", b.Text)}
	case bot.Menu:
		if b.Select == nil {
			return nil
		}
		return d.menu(*b.Select)
	case bot.Row:
		return d.rows(b.Buttons)
	}
	return []piece{d.words("", b.Text)}
}

// fold shows the label of hidden words and the button that shows them.
func (d *drawing) fold(b bot.Block) []piece {
	label := b.Label
	if label == "" {
		label = d.line("chat.fold")
	}
	c := custom{kind: unfold, key: d.key, n: d.folds}
	d.folds++
	if !c.valid() {
		d.dropped = append(d.dropped, c.String())
		return []piece{words("", bot.Say(label))}
	}
	button := discordgo.Button{Label: shorten(d.line("chat.show"), maxLabel), Style: discordgo.SecondaryButton, CustomID: d.unique(c.String())}
	return []piece{words("", bot.Say(label)), row(button)}
}

func row(parts ...component) piece {
	return piece{comps: []component{discordgo.ActionsRow{Components: parts}}, count: 1 + len(parts)}
}

func (d *drawing) colon() string {
	if d.card.Lang == "fr" {
		return "\u00a0: "
	}
	return ": "
}

func (d *drawing) fields(pairs [][2]bot.Text) []piece {
	var all []piece
	for _, pair := range pairs {
		var line bot.Text
		for _, span := range pair[0] {
			span.Strong = true
			line = append(line, span)
		}
		line = append(line, bot.Span{Text: d.colon()})
		all = append(all, d.words("", append(line, pair[1]...)))
	}
	return all
}

// grid is a table in fixed width, or a file when it is too large to be read so.
func (d *drawing) grid(rows [][]string) []piece {
	if len(rows) == 0 {
		return nil
	}
	table, wide := layOut(rows)
	text := "```\n" + table + "```"
	if wide <= tableWide && len(rows) <= tableRows && sizeOf(text).within(size{tableSize, tableSize}) {
		return []piece{{code: text, plain: table}}
	}
	note := words("-# ", bot.Say(d.line("discord.table")))
	return []piece{note, {file: &file{name: d.line("discord.grid") + ".csv", content: sheetFile(rows)}}}
}

// layOut aligns columns; it returns the width of the widest line.
func layOut(rows [][]string) (string, int) {
	var widths []int
	clean := make([][]string, len(rows))
	for i, cells := range rows {
		for j, cell := range cells {
			cell = strings.Join(strings.Fields(strings.ToValidUTF8(cell, "\uFFFD")), " ")
			cell = strings.Map(func(r rune) rune {
				if hidden(r) {
					return -1
				}
				return r
			}, cell)
			cell = strings.ReplaceAll(cell, "`", "`\u200b") // so that it never ends the block
			clean[i] = append(clean[i], cell)
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], uniseg.StringWidth(cell))
		}
	}
	var b strings.Builder
	widest := 0
	for _, cells := range clean {
		var line strings.Builder
		for j, cell := range cells {
			line.WriteString(cell)
			if j < len(cells)-1 {
				line.WriteString(strings.Repeat(" ", widths[j]-uniseg.StringWidth(cell)+2))
			}
		}
		widest = max(widest, uniseg.StringWidth(line.String()))
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String(), widest
}

// sheetFile writes rows for a spreadsheet; no cell becomes a formula.
func sheetFile(rows [][]string) []byte {
	var b strings.Builder
	w := csv.NewWriter(&b)
	for _, cells := range rows {
		safe := make([]string, len(cells))
		for i, cell := range cells {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				cell = "'" + cell
			}
			safe[i] = cell
		}
		if err := w.Write(safe); err != nil {
			return []byte(err.Error()) // a strings.Builder never fails
		}
	}
	w.Flush()
	return []byte("\uFEFF" + b.String())
}

// picture is an item of a gallery with its file, and what it cannot hold as text.
func (d *drawing) picture(b bot.Block) (item discordgo.MediaGalleryItem, shows []file, rest []piece, ok bool) {
	alt := strings.TrimSpace(b.Alt)
	link, ok := safeLink(b.URL)
	if f, kept := d.pictures[b.File]; kept {
		link, ok, shows = "attachment://"+f.name, true, []file{f}
	}
	if !ok || len(link) > maxPicture {
		return item, nil, d.pictureWords(b, alt), false
	}
	item.Media.URL = link
	if alt != "" {
		short := shorten(alt, maxAlt)
		item.Description = &short
		if short != alt {
			rest = []piece{words("-# ", bot.Say(alt))}
		}
	}
	return item, shows, rest, true
}

// pictureWords say what a picture shows that cannot be shown.
func (d *drawing) pictureWords(b bot.Block, alt string) []piece {
	switch {
	case b.File != "" && alt != "":
		return []piece{words("", bot.Say(d.line("discord.picture")+d.colon()+alt))}
	case b.File != "":
		return []piece{words("", bot.Say(d.line("discord.picture")))}
	case alt+b.URL != "":
		return []piece{words("", bot.Say(strings.TrimSpace(alt+" "+b.URL)))}
	}
	return nil
}

// shorten cuts a label to n characters and shows that it did.
func shorten(text string, n int) string {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	if text == "" {
		return "…"
	}
	if sizeOf(text).chars <= n {
		return text
	}
	end := 0
	for end < len(text) {
		_, width := utf8.DecodeRuneInString(text[end:])
		if sizeOf(text[:end+width]).chars > n-1 {
			break
		}
		end += width
	}
	return strings.TrimSpace(text[:end]) + "…"
}

// unique keeps custom_ids apart within a card.
func (d *drawing) unique(id string) string {
	if d.used == nil {
		d.used = map[string]int{}
	}
	d.used[id]++
	if n := d.used[id]; n > 1 {
		return id + "#" + strconv.Itoa(min(n, 99))
	}
	return id
}

func validButtonLink(raw string) (string, bool) {
	link, ok := safeLink(raw)
	if !ok || len(link) > maxAddress {
		return "", false
	}
	_, err := url.ParseRequestURI(link)
	return link, err == nil
}
