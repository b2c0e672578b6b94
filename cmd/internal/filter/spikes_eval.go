package filter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"text/tabwriter"
	"time"

	"crieur/bot/text/spikes"
	"crieur/bot/text/spikes/spikestest"
)

// Simulated is the name by which EvalSpikes measures simulated brands.
const Simulated = "simulated"

// EvalSpikes measures spikes and writes its figures. file is one of:
//
//   - windows.json, {"series.csv": [["from","to"],…]}: each series beside it is
//     watched, and scored by the method of the Numenta Anomaly Benchmark,
//     standard profile, over all of them;
//   - a CSV of counts, with a windows.json beside it: the same for that one;
//   - "simulated": brands of 0.2 to 20 mentions an hour, with and without
//     fourfold bursts.
func EvalSpikes(w io.Writer, file string) error {
	if file == Simulated {
		return evalSimulated(w)
	}
	only, windowsFile := "", file
	if filepath.Ext(file) != ".json" {
		only, windowsFile = filepath.Base(file), filepath.Join(filepath.Dir(file), "windows.json")
	}
	labels, err := readWindows(windowsFile)
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(labels))
	if only != "" {
		names = []string{only}
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "series\twindows\tfound\tfalse alarms\ta week\tscore")
	var total numenta
	for _, name := range names {
		score, err := scoreSeries(filepath.Join(filepath.Dir(windowsFile), name), labels[name])
		if err != nil {
			return err
		}
		total.add(score)
		score.write(table, name)
	}
	total.write(table, "all")
	return flush(table)
}

func flush(table *tabwriter.Writer) error {
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}

func readWindows(name string) (map[string][]window, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read windows: %w", err)
	}
	var text map[string][][2]string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, fmt.Errorf("read windows %s: %w", name, err)
	}
	labels := map[string][]window{}
	for series, pairs := range text {
		labels[series] = []window{}
		for _, pair := range pairs {
			from, errFrom := time.Parse("2006-01-02 15:04:05", pair[0])
			to, errTo := time.Parse("2006-01-02 15:04:05", pair[1])
			if errFrom != nil || errTo != nil {
				return nil, fmt.Errorf("read windows %s: %q is not a window", name, pair)
			}
			labels[series] = append(labels[series], window{from, to})
		}
	}
	return labels, nil
}

// window is a time in which something did happen.
type window struct{ from, to time.Time }

// numenta is a score by the Numenta Anomaly Benchmark (Lavin and Ahmad, 2015).
type numenta struct {
	windows, found, wrong int
	weeks                 float64
	raw                   float64 // the sum of what alarms and missed windows are worth
}

// The standard profile: a window found is worth up to 1, a window missed -1, a
// false alarm up to -0.11. The first 15 % of the rows, 750 at most, don't count.
const (
	falseWeight   = 0.11
	untaughtPart  = 0.15
	untaughtRows  = 750
	farFromWindow = 3
)

func (n *numenta) add(other numenta) {
	n.windows += other.windows
	n.found += other.found
	n.wrong += other.wrong
	n.weeks += other.weeks
	n.raw += other.raw
}

// score is 0 for a detector that never speaks, 100 for a perfect one.
func (n numenta) score() float64 {
	return 100 * (n.raw + float64(n.windows)) / float64(2*n.windows)
}

func (n numenta) write(w io.Writer, name string) {
	score := "-"
	if n.windows > 0 {
		score = fmt.Sprintf("%.1f", n.score())
	}
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.2f\t%s\n", name, n.windows, n.found, n.wrong, float64(n.wrong)/max(n.weeks, 1), score)
}

func scoreSeries(file string, windows []window) (numenta, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return numenta{}, fmt.Errorf("read counts: %w", err)
	}
	var out, errs bytes.Buffer
	if err := Spikes(bytes.NewReader(raw), &out, &errs); err != nil {
		return numenta{}, fmt.Errorf("watch %s: %w: %s", file, err, errs.String())
	}
	alarmed := map[string]bool{}
	for decoder := json.NewDecoder(&out); decoder.More(); {
		var line spikesOut
		if err := decoder.Decode(&line); err != nil {
			return numenta{}, fmt.Errorf("watch %s: %w", file, err)
		}
		alarmed[line.Time] = true
	}
	var times []time.Time
	var alarms []int
	for number, line := range strings.Split(string(raw), "\n") {
		row, err := readSpikesRow(number+1, line)
		if err != nil {
			continue
		}
		if alarmed[row.text] {
			alarms = append(alarms, len(times))
		}
		times = append(times, row.at)
	}
	return scoreAlarms(times, alarms, windows), nil
}

// scoreAlarms scores alarms, given by row, against the windows.
func scoreAlarms(times []time.Time, alarms []int, windows []window) numenta {
	n := numenta{windows: len(windows)}
	if len(times) == 0 {
		return n
	}
	n.weeks = times[len(times)-1].Sub(times[0]).Hours() / 168
	first := int(min(untaughtPart*float64(len(times)), untaughtRows))
	best := make([]float64, len(windows))
	for i := range best {
		best[i] = -1
	}
	for _, row := range alarms {
		if row < first {
			continue
		}
		if in, worth := worth(times, row, windows); in >= 0 {
			best[in] = max(best[in], worth)
		} else {
			n.wrong++
			n.raw += falseWeight * worth
		}
	}
	for _, b := range best {
		n.raw += b
		if b > -1 {
			n.found++
		}
	}
	return n
}

// worth returns the window that an alarm is in and what it adds for it, the
// more the earlier; or -1 and what a false alarm costs, the less the closer it
// follows a window.
func worth(times []time.Time, row int, windows []window) (in int, value float64) {
	value = sigmoid(farFromWindow)
	for i, w := range windows {
		left := sort.Search(len(times), func(k int) bool { return !times[k].Before(w.from) })
		right := sort.Search(len(times), func(k int) bool { return times[k].After(w.to) }) - 1
		if row >= left && row <= right {
			return i, sigmoid(-float64(right-row+1)/float64(right-left+1)) / sigmoid(-1)
		}
		if row > right && right > left {
			value = sigmoid(float64(row-right) / float64(right-left))
		}
	}
	return -1, value
}

// sigmoid falls from nearly 1 at -1 through 0 at 0 to -1 at 3 and beyond.
func sigmoid(position float64) float64 {
	if position >= farFromWindow {
		return -1
	}
	return 2/(1+math.Exp(5*position)) - 1
}

func evalSimulated(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "mentions/h\tspread\tfalse alarms a brand-month\tfourfold bursts found in 4 h\tin 12 h\tin 4 h, when 2/h or more are expected")
	for _, rate := range []float64{0.2, 0.5, 1, 2, 5, 20} {
		for _, spread := range []float64{0, 0.05, 0.2} {
			brand := spikestest.Brand{Rate: rate, Spread: spread}
			quiet := spikestest.Run(spikes.Config{}, brand, 40, 30, 1)
			brand.Factor = 4
			loud := spikestest.Run(spikes.Config{}, brand, 20, 30, 2)
			fmt.Fprintf(table, "%g\t%g\t%.3f\t%s\t%s\t%s\n", rate, spread, float64(quiet.False)/quiet.Months,
				percent(loud.In4, loud.Bursts), percent(loud.In12, loud.Bursts), percent(loud.SteadyIn, loud.Steady))
		}
	}
	return flush(table)
}
