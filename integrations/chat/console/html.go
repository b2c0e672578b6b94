package console

import (
	"embed"
	"fmt"
	"hash/fnv"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/i18n"
)

//go:embed templates
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

func parsePages(front bot.Front) (*template.Template, error) {
	pages, err := template.New("console").Funcs(template.FuncMap{
		"initials": initials,
		"hue":      hue,
		"link":     safeLink,
		"outside":  OutsidePath,
		"modules":  modules,
		"most":     func() int { return content.MaxFile },
		"mostMB":   func() int { return content.MaxFile >> 20 },
		"callback": func(token string, b bot.Button) string {
			return bot.Callback{Action: b.Action, Arg: b.Arg, Token: token}.String()
		},
		"menu": func(token string, s *bot.Select) string {
			return bot.Callback{Action: s.Action, Token: token}.String()
		},
		"searches": func(left, action, field string) bool {
			return left != "" && bot.Searchable(front, action, field)
		},
		"menufield": func() string { return bot.MenuField },
		"chosen":    slices.Contains[[]string],
		"first":     firstRow,
		"rest":      restRows,
		"iso":       func(t time.Time) string { return t.Format(time.RFC3339) },
		"dict":      dict,
		"add":       func(a, b int) int { return a + b },
		"level":     level,
		"lines":     func(s string) []string { return strings.Split(s, "\n") },
	}).ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse console pages: %w", err)
	}
	return pages, nil
}

// modules are the scripts that console.js imports, fetched together with it. Each
// imports only what stands before it.
func modules() []string {
	return []string{"page.js", "link.js", "stage.js", "draw.js", "pictures.js", "forms.js", "compose.js", "turn.js", "press.js"}
}

// draw executes a template; what it draws from is ours, so an error is a
// mistake of the program and is logged, not shown.
func (c *Console) draw(name string, data any) string {
	var b strings.Builder
	if err := c.pages.ExecuteTemplate(&b, name, data); err != nil {
		c.log.Error("draw console page", "page", name, "error", err)
		return ""
	}
	return b.String()
}

// entry is what the message template draws.
type entry struct {
	*message
	P      *i18n.Printer
	Author Person
	Crieur bool
	Alone  bool // only one person sees it, in a place where others are
	Clock  string
	Edited string
	Day    string // "2026-11-26"
	When   string // "jeudi 26 novembre à 18 h 00"
	DayIn  string // "jeudi 26 novembre"
	Picks  []pick
	Look   look
	people []Person
	hosts  []string
	source func(digest string) string
}

// pick is a shortcut in the reader's language.
type pick struct{ Action, Label string }

// drawMessage draws a message in a language, from memory if nothing changed;
// the room's lock is held.
func (c *Console) drawMessage(m *message, lang string) string {
	if known, found := m.drawn[lang]; found && known.rev == m.Rev {
		return known.html
	}
	p := c.printer(lang)
	at := m.At.In(c.opts.Zone)
	e := entry{
		message: m, P: p, Crieur: m.From == "" && m.Post == nil,
		Alone: m.Only != "" && !strings.HasPrefix(m.Pane, "@"),
		Clock: p.Clock(m.At), When: p.When(m.At, c.opts.Now()), Day: at.Format(time.DateOnly), DayIn: p.Day(m.At, c.opts.Now()),
		people: c.opts.People, hosts: c.opts.Pictures, source: c.source,
	}
	if !m.Edited.IsZero() {
		e.Edited = p.Clock(m.Edited)
	}
	e.Author, _ = c.person(m.From)
	if m.Post != nil {
		e.Look = lookOf(m.Post.Network)
	} else if m.From != "" {
		for _, s := range c.opts.Shortcuts {
			e.Picks = append(e.Picks, pick{s.Action, s.Label[p.Lang]})
		}
	}
	html := c.draw("message", e)
	m.drawn[lang] = drawing{m.Rev, html}
	return html
}

// Lang is the language of what the message says, where it says so.
func (e entry) Lang() string { return e.Card.Lang }

// Mention is the name that a mention shows; empty if the person is not here.
func (e entry) Mention(s bot.Span) string {
	for _, p := range e.people {
		if s.Member != "" && (p.Member == s.Member || p.Member == "" && p.ID == s.Member) {
			return p.Name
		}
	}
	return ""
}

// Kept is the address of a picture that is kept here; empty if it is not.
func (e entry) Kept(digest string) string { return e.source(digest) }

// Shown is the address of a card's picture if this page may load it.
func (e entry) Shown(picture bot.Block) string {
	if picture.File != "" {
		return e.Kept(picture.File)
	}
	address := picture.URL
	if strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") {
		return address
	}
	u, err := url.Parse(address)
	if err != nil || !slices.Contains(e.hosts, u.Scheme+"://"+u.Host) {
		return ""
	}
	return address
}

// safeLink returns an address that may be followed: http, https, and the page
// of a post that left.
func safeLink(address string) string {
	if strings.HasPrefix(address, OutsidePath("")) {
		return address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}

// level takes direction overrides out of somebody's words that stand within
// Crieur's: they would turn what follows around.
func level(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, text)
}

// initials are the first letters of the first two words of a name.
func initials(name string) string {
	var b strings.Builder
	for i, word := range strings.Fields(name) {
		if first, _ := utf8.DecodeRuneInString(word); i < 2 {
			b.WriteRune(first)
		}
	}
	return strings.ToUpper(b.String())
}

// hue is one of six colours, always the same for one name.
func hue(name string) uint32 {
	sum := fnv.New32a()
	sum.Write([]byte(name))
	return sum.Sum32() % 6
}

func firstRow(rows [][]string) []string {
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

func restRows(rows [][]string) [][]string {
	if len(rows) < 2 {
		return nil
	}
	return rows[1:]
}

// dict gives a template several values: names and values in turn.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict of %d values", len(pairs))
	}
	values := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: name %v is not a string", pairs[i])
		}
		values[name] = pairs[i+1]
	}
	return values, nil
}
