package discord

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"crieur/bot"

	"github.com/rivo/uniseg"
)

// maxLink is the longest address, in bytes, that becomes a link; a longer one is
// written out by drawing.words.
const maxLink = 1000

// maxCluster is the longest character, in bytes, that is never cut inside.
const maxCluster = 200

// escape makes text show as it is: no markup, mention, emoji code, time stamp
// or link of its own. Invisible controls that reorder or break the text around
// them are left out; they carry no words.
func escape(text string) string {
	var b strings.Builder
	fresh := true // at the start of a line, where more characters have a meaning
	digits := 0   // digits since the start of the line: "1." begins a list
	for i, r := range text {
		if hidden(r) {
			continue
		}
		switch {
		case strings.ContainsRune("\\`*_~|<>[]()@", r):
			b.WriteByte('\\')
		case r == ':' && (i+1 == len(text) || strings.HasPrefix(text[i:], "://")):
			b.WriteByte('\\')
		case fresh && strings.ContainsRune("#-+", r):
			b.WriteByte('\\')
		case (r == '.') && digits > 0:
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		switch {
		case r == '\n':
			fresh, digits = true, 0
		case fresh && (unicode.IsDigit(r)):
			digits++
			fresh = false
		case digits > 0 && unicode.IsDigit(r):
			digits++
		case !unicode.IsSpace(r):
			fresh, digits = false, 0
		}
	}
	return b.String()
}

// hidden says whether a character is a control or a direction override.
func hidden(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r == utf8.RuneError, unicode.IsControl(r):
		return true
	}
	return (r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069)
}

// size is what a text costs: Discord counts characters, and bytes as well.
type size struct{ chars, bytes int }

func sizeOf(text string) size {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(max(r, 0))
	}
	return size{chars: n, bytes: len(text)}
}

func (s size) within(room size) bool { return s.chars <= room.chars && s.bytes <= room.bytes }

func (s size) minus(o size) size { return size{s.chars - o.chars, s.bytes - o.bytes} }

// passage is text of one kind: what begins each of its lines, and its words.
type passage struct {
	prefix string // "", "## ", "> ", "-# "
	words  bot.Text
}

// markdown writes the passage; mention gives the user of a member.
func (p passage) markdown(mention func(string) (string, bool)) string {
	var lines []string
	for _, line := range p.lines() {
		var b strings.Builder
		for _, span := range line {
			b.WriteString(spanMarkdown(span, b.Len() == 0, mention))
		}
		text := strings.TrimRight(b.String(), " \t")
		if strings.TrimSpace(text) == "" && p.prefix != "> " {
			text = ""
		} else {
			text = p.prefix + text
		}
		lines = append(lines, text)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// lines parts the words at their line breaks. A heading is one line.
func (p passage) lines() []bot.Text {
	lines := []bot.Text{nil}
	for _, span := range p.words {
		span.Text = strings.ReplaceAll(strings.ToValidUTF8(span.Text, "\uFFFD"), "\r\n", "\n")
		if p.prefix == "## " {
			span.Text = strings.Join(strings.Fields(span.Text), " ")
		}
		for i, piece := range strings.Split(span.Text, "\n") {
			if i > 0 {
				lines = append(lines, nil)
			}
			if piece != "" || span.Member != "" {
				part := span
				part.Text = piece
				lines[len(lines)-1] = append(lines[len(lines)-1], part)
			}
		}
	}
	return lines
}

func spanMarkdown(span bot.Span, first bool, mention func(string) (string, bool)) string {
	if span.Member != "" {
		if user, ok := mention(span.Member); ok {
			return "<@" + user + ">"
		}
	}
	text := escape(span.Text)
	if !first {
		text = strings.TrimPrefix(escape("x"+span.Text), "x")
	}
	if link, ok := safeLink(span.URL); ok {
		text = linkMarkdown(span.Text, text, link)
	}
	if !span.Strong {
		return text
	}
	core := strings.TrimSpace(text)
	if core == "" {
		return text
	}
	before, after, _ := strings.Cut(text, core)
	return before + "**" + core + "**" + after
}

// linkMarkdown writes a link. Discord shows no masked link whose words look
// like an address, so that one is written out next to its words.
func linkMarkdown(words, escaped, link string) string {
	switch {
	case strings.TrimSpace(words) == "" || words == link:
		return "<" + link + ">"
	case strings.Contains(words, "://"):
		return escaped + " <" + link + ">"
	}
	return "[" + escaped + "](" + link + ")"
}

// safeLink returns an http or https address that cannot end the markup around it.
func safeLink(raw string) (string, bool) {
	if raw == "" || !utf8.ValidString(raw) {
		return "", false
	}
	parsed, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return "", false
	}
	var b strings.Builder
	for _, r := range parsed.String() {
		if r <= ' ' || r == 0x7f || hidden(r) || unicode.IsSpace(r) || strings.ContainsRune("()<>[]\\\"`*_~|", r) {
			if r == '_' || r == '~' || r == '*' {
				b.WriteRune(r) // means nothing inside the address
				continue
			}
			b.WriteString(url.QueryEscape(string(r)))
			continue
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

// split parts a passage so that its head fits the room. It cuts between words
// where it can, never inside a character as people see it. ok is false when
// nothing of it fits.
func (p passage) split(room size, mention func(string) (string, bool)) (head, rest passage, ok bool) {
	fits := func(words bot.Text) bool {
		return sizeOf(passage{p.prefix, words}.markdown(mention)).within(room)
	}
	whole := 0
	for whole < len(p.words) && fits(p.words[:whole+1]) {
		whole++
	}
	if whole == len(p.words) {
		return p, passage{prefix: p.prefix}, true
	}
	span := p.words[whole]
	cut := 0
	if span.Member == "" {
		cut = cutAt(span.Text, room.bytes, func(text string) bool {
			part := span
			part.Text = text
			return fits(append(append(bot.Text{}, p.words[:whole]...), part))
		})
	}
	if whole == 0 && cut == 0 {
		return passage{}, p, false
	}
	first, second := span, span
	first.Text, second.Text = span.Text[:cut], strings.TrimLeft(span.Text[cut:], " \n")
	head = passage{p.prefix, append(append(bot.Text{}, p.words[:whole]...), first)}
	prefix := p.prefix
	if prefix == "## " {
		prefix = ""
	}
	return head, passage{prefix, append(bot.Text{second}, p.words[whole+1:]...)}, true
}

// cutAt returns the longest cut of text that fits, at a line break, else a
// space, else between two characters. Of a long text only so many bytes are looked at.
func cutAt(text string, most int, fits func(string) bool) int {
	var ends []int // after each character as people see it
	state := -1
	for rest, at := text, 0; rest != "" && at < most; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if len(cluster) > maxCluster { // not a character any more
			for i := range cluster {
				ends = append(ends, at+i)
			}
		}
		at += len(cluster)
		ends = append(ends, at)
	}
	low, high := 0, len(ends)
	for low < high {
		mid := (low + high + 1) / 2
		if fits(text[:ends[mid-1]]) {
			low = mid
		} else {
			high = mid - 1
		}
	}
	if low == 0 {
		return 0
	}
	end := ends[low-1]
	for _, breaks := range []string{"\n", " "} {
		if at := strings.LastIndex(text[:end], breaks); at > end/2 {
			return at
		}
	}
	return end
}
