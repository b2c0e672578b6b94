package slack

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// ellipsis ends a text that was cut where people see it.
const ellipsis = "…"

// units counts a text as Slack's strictest counter would: in UTF-16 units,
// never fewer than code points.
func units(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

var (
	entities   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	characters = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")
)

// escape turns off Slack's control characters; nothing else has a meaning in a
// rich_text or plain_text object.
func escape(text string) string {
	return entities.Replace(text)
}

// unescape undoes escape.
func unescape(text string) string {
	return characters.Replace(text)
}

// clean makes hostile text safe to send: valid UTF-8, plain line ends, no
// control characters, no direction overrides. What a person would see stays as it is.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1 // the latter turn the words around them
		}
		return r
	}, text)
}

// line is clean text on one line, for headers, labels and buttons. Spaces at which
// no line breaks stay as they are.
func line(text string) string {
	return strings.TrimSpace(strings.Join(strings.FieldsFunc(clean(text), breaks), " "))
}

func breaks(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' }

// cut shortens a text to max units, never inside a character that people see,
// and says so by an ellipsis.
func cut(text string, max int) string { return cutBy(text, max, units) }

// cutEscaped is cut and escape: the entities count, too.
func cutEscaped(text string, max int) string { return escape(cutBy(text, max, escapedUnits)) }

func cutBy(text string, max int, size func(string) int) string {
	if size(text) <= max {
		return text
	}
	head := splitWith(text, max-1, size)[0]
	return strings.TrimRight(head, " \n") + ellipsis
}

// escapedUnits is units once escaped.
func escapedUnits(text string) int {
	n := units(text)
	for i := range len(text) {
		switch text[i] {
		case '&':
			n += len("amp;")
		case '<', '>':
			n += len("lt;")
		}
	}
	return n
}

// split parts a text so that each part has at most max units once escaped. It
// prefers to part at a paragraph, a line, a sentence, a space; joined, the
// parts are the text.
func split(text string, max int) []string {
	return splitWith(text, max, escapedUnits)
}

func splitWith(text string, max int, size func(string) int) []string {
	var parts []string
	for size(text) > max {
		at := breakAt(text, max, size)
		parts = append(parts, text[:at])
		text = text[at:]
	}
	if text != "" || len(parts) == 0 {
		parts = append(parts, text)
	}
	return parts
}

// breakAt finds where to part a text that is too long.
func breakAt(text string, max int, size func(string) int) int {
	end := fitting(text, max, size)
	head := text[:end]
	for _, mark := range []string{"\n\n", "\n", ". ", " "} {
		if at := strings.LastIndex(head, mark); at >= 0 && at+len(mark) > end/2 {
			return at + len(mark)
		}
	}
	return end
}

// fitting is the length in bytes of the longest beginning that fits, in whole
// grapheme clusters; one cluster that is too long by itself is parted between
// code points.
func fitting(text string, max int, size func(string) int) int {
	end, total, state := 0, 0, -1
	for rest := text; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		total += size(cluster)
		if total > max {
			break
		}
		end += len(cluster)
	}
	if end > 0 {
		return end
	}
	total = 0
	for i, r := range text {
		total += size(string(r))
		if total > max && i > 0 {
			return i
		}
	}
	_, width := utf8.DecodeRuneInString(text)
	return width
}

// References that Slack writes into text: people, channels, groups, links.
var reference = regexp.MustCompile(`<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>`)

// plain turns the text of a Slack payload into what the person typed: names
// instead of references, links as addresses, no entities.
func plain(text string) string {
	text = reference.ReplaceAllStringFunc(text, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		sigil, target, label := m[1], m[2], m[3]
		switch {
		case sigil == "@" || sigil == "#":
			if label == "" {
				label = target
			}
			return sigil + strings.TrimPrefix(label, sigil)
		case sigil == "!" && label != "":
			return "@" + strings.TrimPrefix(label, "@")
		case sigil == "!":
			return "@" + target
		case strings.HasPrefix(target, "http://"), strings.HasPrefix(target, "https://"):
			return target
		case strings.HasPrefix(target, "mailto:"), strings.HasPrefix(target, "tel:"):
			_, address, _ := strings.Cut(target, ":")
			return address
		}
		return ref
	})
	return unescape(text)
}

// withoutMention removes the mentions of Crieur that a message starts with.
func withoutMention(text, botID string) string {
	text = strings.TrimSpace(text)
	for {
		rest, ok := strings.CutPrefix(text, "<@"+botID)
		end := strings.Index(rest, ">")
		if !ok || botID == "" || end < 0 || (end > 0 && rest[0] != '|') {
			return text
		}
		text = strings.TrimLeft(rest[end+1:], " \t\n:,")
	}
}
