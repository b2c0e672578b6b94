package calendar

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// unfolded reads a calendar file as a reader does: name and value of each line.
func unfolded(t *testing.T, data []byte) [][2]string {
	t.Helper()
	if !bytes.HasSuffix(data, []byte("\r\n")) {
		t.Fatal("the last line has no end")
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(data), "\r\n"), "\r\n") {
		if len(line) > 75 {
			t.Fatalf("a line of %d octets: %q", len(line), line)
		}
		if !utf8.ValidString(line) {
			t.Fatalf("a character was cut: %q", line)
		}
		if strings.ContainsAny(line, "\r\n\x00\t") {
			t.Fatalf("a control character: %q", line)
		}
	}
	var lines [][2]string
	for _, line := range strings.Split(strings.ReplaceAll(strings.TrimSuffix(string(data), "\r\n"), "\r\n ", ""), "\r\n") {
		name, value, found := strings.Cut(line, ":")
		if !found {
			t.Fatalf("no property: %q", line)
		}
		lines = append(lines, [2]string{name, value})
	}
	return lines
}

// unescape reads a text value back.
func unescape(value string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(value)
}

func TestFile(t *testing.T) {
	zone := paris(t)
	long := strings.Repeat("Thé de Noël 🎄, ", 30)
	got := unfolded(t, file("Maison; Colibri", []event{
		// the day the clocks go forward, and the one they go back
		{UID: "a@x", Sequence: 2, Stamp: time.Unix(0, 0), Start: time.Date(2026, 3, 29, 3, 30, 0, 0, zone), Status: "CONFIRMED",
			Summary: long, Description: "une ligne\r\nune autre\\, fin", URL: "https://example.org/a?b=c,d;e"},
		{UID: "b@x", Start: time.Date(2026, 10, 25, 12, 0, 0, 0, zone), Status: "TENTATIVE", URL: "javascript:alert(1)"},
		{UID: "c@x", Start: time.Date(2026, 10, 24, 12, 0, 0, 0, zone), Status: "CANCELLED", URL: "https://a b"},
	}))
	var starts, urls []string
	for _, line := range got {
		switch line[0] {
		case "DTSTART":
			starts = append(starts, line[1])
		case "URL":
			urls = append(urls, line[1])
		case "X-WR-CALNAME":
			if line[1] != `Maison\; Colibri` {
				t.Error(line[1])
			}
		case "SUMMARY":
			if line[1] != "" && unescape(line[1]) != long {
				t.Errorf("%q", line[1])
			}
		case "DESCRIPTION":
			if line[1] != `une ligne\nune autre\\\, fin` {
				t.Errorf("%q", line[1])
			}
		}
	}
	if fmt.Sprint(starts) != "[20260329T013000Z 20261025T110000Z 20261024T100000Z]" {
		t.Errorf("starts %v", starts)
	}
	if fmt.Sprint(urls) != "[https://example.org/a?b=c,d;e]" {
		t.Errorf("addresses %v", urls)
	}
	if got[0] != [2]string{"BEGIN", "VCALENDAR"} || got[1] != [2]string{"VERSION", "2.0"} || got[len(got)-1] != [2]string{"END", "VCALENDAR"} {
		t.Errorf("frame %v", got)
	}
}

// Whatever people write is one value: it comes back as it was, control
// characters aside, and no line of it becomes a property.
func FuzzEscape(f *testing.F) {
	for _, seed := range []string{"", "a,b;c\\n", "x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "\r", "é" + strings.Repeat("日本", 60), "\xff\xfe",
		"\u2028ATTENDEE:mailto:x", strings.Repeat("👩‍👩‍👧‍👦", 20), "\t\x00\x07", strings.Repeat("a", 74) + "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := unfolded(t, file(text, []event{{UID: text, Summary: text, Description: text, URL: text, Status: "CONFIRMED"}}))
		count := 0
		for _, line := range lines {
			switch line[0] {
			case "BEGIN", "END":
				count++
			case "SUMMARY":
				if back := unescape(line[1]); strings.Map(printable, back) != strings.Map(printable, strings.ToValidUTF8(text, "\uFFFD")) {
					t.Fatalf("%q came back as %q", text, back)
				}
			case "URL", "VERSION", "PRODID", "CALSCALE", "X-WR-CALNAME", "REFRESH-INTERVAL;VALUE=DURATION", "X-PUBLISHED-TTL", "UID",
				"SEQUENCE", "DTSTAMP", "DTSTART", "DURATION", "STATUS", "TRANSP", "DESCRIPTION":
			default:
				t.Fatalf("%q wrote the line %q", text, line)
			}
		}
		if count != 4 {
			t.Fatalf("%q wrote %d frames", text, count)
		}
	})
}

// printable drops what is not kept, and what is kept as something else.
func printable(r rune) rune {
	switch {
	case r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == ' ':
		return -1
	}
	return r
}
