package filter_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crieur/cmd/internal/filter"
)

// hourly writes four weeks of hourly counts that triple on the given day.
func hourly(layout string, day int) string {
	var b strings.Builder
	at := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	for i := range 28 * 24 {
		count := math.Round(9 + 5*math.Sin(float64(i)*math.Pi/12))
		if i/24 == day {
			count *= 4
		}
		fmt.Fprintf(&b, "%s,%v\n", at.Add(time.Duration(i)*time.Hour).Format(layout), count)
	}
	return b.String()
}

func TestSpikes(t *testing.T) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		var out, errs bytes.Buffer
		if err := filter.Spikes(strings.NewReader("time,count\n"+hourly(layout, 20)), &out, &errs); err != nil {
			t.Fatalf("%v: %s", err, &errs)
		}
		var line struct {
			Time                        string
			Count, Statistic, Threshold float64
		}
		if err := json.Unmarshal(out.Bytes(), &line); err != nil {
			t.Fatalf("%s: one line is wanted, got %s (%v)", layout, &out, err)
		}
		at, err := time.Parse(layout, line.Time)
		if err != nil || at.YearDay() != 25 || at.Hour() > 4 || line.Statistic <= line.Threshold || line.Count < 20 {
			t.Errorf("%s: %+v", layout, line)
		}
	}
}

func TestSpikesBadLines(t *testing.T) {
	in := "2026-01-05T00:00:00Z,1\nyesterday,2\n2026-01-05T01:00:00Z,x\n\n2026-01-05T01:00:00Z,-1\n1767578400,3\n1767575000,3\n1767582000,1\n"
	var out, errs bytes.Buffer
	if err := filter.Spikes(strings.NewReader(in), &out, &errs); !errors.Is(err, filter.ErrBadLines) {
		t.Errorf("err = %v", err)
	}
	for _, want := range []string{"line 2: \"yesterday\" is not a time", "line 3: want a time", "line 5: add count -1", "line 7: add count at"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("errs = %s, want %q", &errs, want)
		}
	}
	for _, in := range []string{"", "time,count\n", "2026-01-05,1\n"} {
		if err := filter.Spikes(strings.NewReader(in), &out, &errs); err != nil || out.Len() > 0 {
			t.Errorf("%q: %v, %s", in, err, &out)
		}
	}
}

func TestEvalSpikes(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	layout := "2006-01-02 15:04:05"
	windows := put("windows.json", `{"found.csv":[["2026-01-24 12:00:00.000000","2026-01-26 12:00:00.000000"]],
"missed.csv":[["2026-01-20 00:00:00","2026-01-21 00:00:00"]],"quiet.csv":[]}`)
	found := put("found.csv", hourly(layout, 20))
	put("missed.csv", hourly(layout, 24))
	put("quiet.csv", hourly(layout, 99))
	var out bytes.Buffer
	if err := filter.EvalSpikes(&out, windows); err != nil {
		t.Fatal(err)
	}
	// One found in the first half of its window, one missed with a false alarm.
	for i, want := range []string{"series", "found.csv 1 1 0 0.00 9", "missed.csv 1 0 1 0.25 -5.5", "quiet.csv 0 0 0 0.00 -", "all 2 1 1 0.08 4"} {
		line := strings.Join(strings.Fields(strings.Split(out.String(), "\n")[i]), " ")
		if !strings.HasPrefix(line, want) {
			t.Errorf("line %d is %q, want %q…", i, line, want)
		}
	}
	out.Reset()
	if err := filter.EvalSpikes(&out, found); err != nil || strings.Count(out.String(), "\n") != 3 {
		t.Errorf("one series: %s (%v)", &out, err)
	}
	for _, bad := range []string{filepath.Join(dir, "none.csv"), filepath.Join(t.TempDir(), "x.csv"), put("bad.json", `{"a":[["x","y"]]}`), put("worse.json", `[]`)} {
		if err := filter.EvalSpikes(&out, bad); err == nil {
			t.Errorf("%s is measured", bad)
		}
	}
}
