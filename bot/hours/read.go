package hours

import (
	"regexp"
	"strings"
)

// opening is how people write one: "9 h 00 - 12 h 30", "14h–18h", "9:00 to 12:30".
var opening = regexp.MustCompile(`^(\d{1,2})(?:\s*[h:]\s*(\d{2})?)?\s*(?:-|–|à|to)\s*(\d{1,2})(?:\s*[h:]\s*(\d{2})?)?$`)

// ReadSpans reads the openings of a day as people write them, apart by commas,
// "et" or "and"; ok is false when they are not openings that follow each other.
func ReadSpans(text string) (spans []Span, ok bool) {
	text = strings.NewReplacer("\u00a0", " ", "\u202f", " ", " et ", ",", " and ", ",", ";", ",").Replace(strings.ToLower(text))
	last := Clock(-1)
	for piece := range strings.SplitSeq(text, ",") {
		parts := opening.FindStringSubmatch(strings.TrimSpace(piece))
		if parts == nil {
			return nil, false
		}
		open, early := ParseClock(parts[1] + ":" + minutes(parts[2]))
		closing, late := ParseClock(parts[3] + ":" + minutes(parts[4]))
		if early != nil || late != nil || closing <= open || open <= last {
			return nil, false
		}
		last = closing
		spans = append(spans, Span{open, closing})
	}
	return spans, true
}

func minutes(text string) string {
	if text == "" {
		return "00"
	}
	return text
}
