package calendar

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// icsTime is a moment in UTC, so that no reader needs to know a zone's rules.
const icsTime = "20060102T150405Z"

// event is one entry of a calendar file (RFC 5545). A reader knows it again by
// its UID, and takes the one with the higher sequence for the newer.
type event struct {
	UID         string
	Sequence    int
	Stamp       time.Time // of the last change
	Start       time.Time
	Status      string // TENTATIVE, CONFIRMED or CANCELLED
	Summary     string
	Description string
	URL         string
}

// length is how long a post is shown: it is a moment, but readers draw boxes.
const length = "PT15M"

// file writes a calendar file; pure.
func file(name string, events []event) []byte {
	var out bytes.Buffer
	line := func(property, value string) { fold(&out, property+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Crieur//Plan//EN")
	line("CALSCALE", "GREGORIAN")
	line("X-WR-CALNAME", escape(name))
	line("REFRESH-INTERVAL;VALUE=DURATION", length)
	line("X-PUBLISHED-TTL", length)
	for _, e := range events {
		line("BEGIN", "VEVENT")
		line("UID", escape(e.UID))
		line("SEQUENCE", strconv.Itoa(e.Sequence))
		line("DTSTAMP", e.Stamp.UTC().Format(icsTime))
		line("DTSTART", e.Start.UTC().Format(icsTime))
		line("DURATION", length)
		line("STATUS", e.Status)
		line("TRANSP", "TRANSPARENT")
		line("SUMMARY", escape(e.Summary))
		if e.Description != "" {
			line("DESCRIPTION", escape(e.Description))
		}
		if address := plainAddress(e.URL); address != "" {
			line("URL", address)
		}
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	return out.Bytes()
}

// escape makes a text a value: nothing in it ends its line or starts another.
func escape(text string) string {
	var b strings.Builder
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	for _, r := range text {
		switch {
		case r == '\\' || r == ';' || r == ',':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteByte(' ')
		case !unicode.IsControl(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plainAddress is a web address that can stand as it is, else nothing.
func plainAddress(address string) string {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") ||
		strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f || r == utf8.RuneError }) {
		return ""
	}
	return address
}

// widest is how many octets a line has at most, its end aside.
const widest = 75

// fold writes a line, in as many pieces as it takes: each but the first starts
// with a blank that readers take away. No character is cut.
func fold(out *bytes.Buffer, line string) {
	for room := widest; len(line) > room; room = widest - 1 {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		out.WriteString(line[:cut])
		out.WriteString("\r\n ")
		line = line[cut:]
	}
	out.WriteString(line)
	out.WriteString("\r\n")
}
