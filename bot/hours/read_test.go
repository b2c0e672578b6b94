package hours_test

import (
	"reflect"
	"testing"

	"crieur/bot/hours"
)

func TestReadSpans(t *testing.T) {
	one := []hours.Span{{Open: 540, Close: 1080}}
	two := []hours.Span{{Open: 540, Close: 750}, {Open: 840, Close: 1080}}
	for text, want := range map[string][]hours.Span{
		"9:00-18:00": one, "9 h-18 h": one, "9h00 à 18h": one, "9 to 18": one, " 09:00 – 18:00 ": one,
		"9\u00a0h\u00a000-18\u00a0h\u00a000": one,
		"9:00-12:30, 14:00-18:00":            two, "9 h à 12 h 30 et 14 h à 18 h": two, "9-12:30 and 14-18": two, "9H-12H30;14H-18H": two,
		"": nil, "9": nil, "matin": nil, "18-9": nil, "9-25": nil, "9:75-10": nil, "9-12,11-14": nil, "9-12,": nil, "9-12,12-14": nil,
	} {
		if got, ok := hours.ReadSpans(text); ok != (want != nil) || !reflect.DeepEqual(got, want) {
			t.Errorf("%q = %v, %v; want %v", text, got, ok, want)
		}
	}
}

// Whatever is typed, what is read is in order and inside the day.
func FuzzReadSpans(f *testing.F) {
	for _, seed := range []string{"9-12, 14-18", "9 h 00 à 12 h 30 et 14 h", "à", "0-24", "99999999:00-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		spans, ok := hours.ReadSpans(text)
		if ok == (len(spans) == 0) {
			t.Fatalf("%q: %v, %v", text, spans, ok)
		}
		last := hours.Clock(-1)
		for _, span := range spans {
			if span.Open <= last || span.Close <= span.Open || span.Close > 24*60 {
				t.Fatalf("%q: %v", text, spans)
			}
			last = span.Close
		}
	})
}
