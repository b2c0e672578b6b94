package replay_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"crieur/bot/listen"
	"crieur/integrations/source/replay"
)

// recording is for running the test on a file of one's own.
var recording = flag.String("recording", "", "a file of recorded mentions to read whole")

func collect(t *testing.T, r io.Reader) (lines []replay.Line, errs []string) {
	t.Helper()
	for line, err := range replay.Read(r) {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		lines = append(lines, line)
	}
	return lines, errs
}

func TestRead(t *testing.T) {
	const in = "\ufeff" + `{"id": "567", "time": "2026-11-26T07:43:02Z", "brand": "Colibri", "text": "Deux semaines que j’attends", "label": "negative"}
` + "\r\n" + `{"id":8,"time":"2026-11-26T07:40:00+01:00","brand":"Colibri","text":"Bravo","author":"@anna","url":"https://x.example/8","reply_to":"replay:567","lang":"fr","network":"X"}`
	lines, errs := collect(t, strings.NewReader(in))
	if len(errs) != 0 || len(lines) != 2 {
		t.Fatalf("%v %v", lines, errs)
	}
	want := []replay.Line{
		{1, "Colibri", listen.Mention{ID: "replay:567", Source: "replay", Network: "replay", Text: "Deux semaines que j’attends", At: time.Date(2026, 11, 26, 7, 43, 2, 0, time.UTC)}},
		{3, "Colibri", listen.Mention{ID: "replay:8", Source: "replay", Network: "X", Author: "@anna", Text: "Bravo", Lang: "fr", URL: "https://x.example/8",
			ReplyTo: "replay:567", At: time.Date(2026, 11, 26, 6, 40, 0, 0, time.UTC)}},
	}
	for i := range want {
		if lines[i] != want[i] {
			t.Errorf("line %d: got %+v, want %+v", i, lines[i], want[i])
		}
	}
}

// TestBadLines: each is named with its number and the rest still comes.
func TestBadLines(t *testing.T) {
	good := func(n int) string {
		return fmt.Sprintf(`{"id":%d,"time":"2026-11-26T07:00:00Z","brand":"b","text":"t"}`, n)
	}
	in := strings.Join([]string{good(1), "bonjour", `{"id":2`, good(3), `{"id":4,"brand":"b","text":"t"}`,
		`{"id":5,"time":"2026-11-26T07:00:00Z","text":"t"}`, `{"id":6,"time":"x","brand":"b","text":"t"}`,
		`{"id":7,"time":"2026-11-26T07:00:00Z","brand":"b"}`, strings.Repeat("x", replay.MaxLine+2), "\xff", good(11), good(12) + good(13)}, "\n")
	lines, errs := collect(t, strings.NewReader(in))
	var numbers []int
	for _, l := range lines {
		numbers = append(numbers, l.Number)
	}
	if fmt.Sprint(numbers) != "[1 4 11]" {
		t.Errorf("read lines %v", numbers)
	}
	want := []string{"line 2: want a JSON object", "line 3: want a JSON object", "line 5: time: want a time such as 2026-11-26T08:00:00Z",
		"line 6: brand: want the brand that it is about", "line 7: time: want a time such as 2026-11-26T08:00:00Z", "line 8: text: want words",
		"line 9: longer than 1048576 bytes", "line 10: want UTF-8", "line 12: want one JSON object alone"}
	if strings.Join(errs, "\n") != strings.Join(want, "\n") {
		t.Errorf("errors:\n%s\nwant:\n%s", strings.Join(errs, "\n"), strings.Join(want, "\n"))
	}
}

func TestLineLimit(t *testing.T) {
	const head, tail = `{"time":"2026-11-26T07:00:00Z","brand":"b","text":"t"`, "}"
	for _, extra := range []int{0, 1} {
		in := head + strings.Repeat(" ", replay.MaxLine+extra-len(head)-len(tail)) + tail
		lines, errs := collect(t, strings.NewReader(in+"\n"))
		if (extra == 0) != (len(lines) == 1 && len(errs) == 0) {
			t.Errorf("%d over: %d lines, %v", extra, len(lines), errs)
		}
	}
}

func TestStops(t *testing.T) {
	broken := errors.New("disk gone")
	line := `{"time":"2026-11-26T07:00:00Z","brand":"b","text":"t"}` + "\n"
	lines, errs := collect(t, io.MultiReader(strings.NewReader(line), iotest.ErrReader(broken)))
	if len(lines) != 1 || len(errs) != 1 || errs[0] != "read line 2: disk gone" {
		t.Errorf("%v %v", lines, errs)
	}
	for _, err := range replay.Read(iotest.ErrReader(broken)) {
		var bad *replay.LineError
		if !errors.Is(err, broken) || errors.As(err, &bad) {
			t.Errorf("err = %v", err)
		}
	}
	seen := 0
	for range replay.Read(strings.NewReader(strings.Repeat(line, 9))) {
		if seen++; seen == 2 {
			break
		}
	}
	if seen != 2 {
		t.Errorf("went on to %d after break", seen)
	}
	if lines, errs := collect(t, strings.NewReader("")); len(lines)+len(errs) != 0 {
		t.Errorf("nothing gave %v %v", lines, errs)
	}
}

// TestRecording reads a whole file of one's own: go test -recording FILE.
func TestRecording(t *testing.T) {
	if *recording == "" {
		t.Skip("only with -recording FILE")
	}
	file, err := os.Open(*recording)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, errs := collect(t, file)
	t.Logf("%d lines, %d errors", len(lines), len(errs))
	if len(errs) > 0 {
		t.Error(errs[0])
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"id":1,"time":"2026-11-26T07:00:00Z","brand":"b","text":"t"}` + "\n\nx\n")
	f.Add("\ufeff{}\r\n[]")
	f.Fuzz(func(t *testing.T, in string) {
		last := 0
		for line, err := range replay.Read(strings.NewReader(in)) {
			number := line.Number
			var bad *replay.LineError
			if errors.As(err, &bad) {
				number = bad.Number
			}
			if number <= last || number > strings.Count(in, "\n")+1 {
				t.Fatalf("line %d after %d of %q: %v", number, last, in, err)
			}
			if last = number; err == nil && (line.Mention.Text == "" || line.Brand == "" || line.Mention.At.IsZero() && !strings.Contains(in, "0001-01-01")) {
				t.Fatalf("%+v of %q", line, in)
			}
		}
	})
}
