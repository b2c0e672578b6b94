package filter

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"crieur/bot/text/figures"
	"crieur/bot/text/theme"
	"crieur/bot/text/tone"
)

// EvalTone prints how well the shipped model finds the "label" of the file's
// texts: precision, recall and F1 by sentiment, and precision against recall for
// negative; then the same for a model learnt from four fifths and measured on
// the other, five times over.
func EvalTone(w io.Writer, file string) error {
	r, labels, err := openEval(w, file)
	if r == nil {
		return err
	}
	badLines := err
	marked := r.toneLabels(labels)
	table := figures.NewTable("negative", "neutral", "positive")
	var scored []figures.Scored
	for _, l := range marked {
		result := r.Tone.Score(l.Text, l.Lang)
		table.Add(int(l.Sentiment), int(result.Sentiment))
		scored = append(scored, figures.Scored{P: result.PNegative, True: l.Sentiment == tone.Negative})
	}
	fmt.Fprintf(w, "the shipped model:\n")
	table.Write(w)
	fmt.Fprintln(w)
	figures.WriteCurve(w, scored)
	_, report, err := r.Tone.Train(marked, 0.85)
	if errors.Is(err, tone.ErrTooFew) {
		return badLines
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nlearnt from four fifths, measured on the fifth held out, five times:\n")
	report.After.Write(w)
	fmt.Fprintln(w)
	figures.WriteCurve(w, report.Scored)
	return badLines
}

// openEval reads the file and opens the shipped engines; no readers come with
// an error that ends the command.
func openEval(w io.Writer, file string) (*readers, []labelled, error) {
	labels, err := readLabels(file, w)
	if err != nil && !errors.Is(err, ErrBadLines) {
		return nil, nil, err
	}
	r, openErr := openReaders("")
	if openErr != nil {
		return nil, nil, openErr
	}
	return r, labels, err
}

// EvalToxic prints how well the shipped model finds what the file calls "toxic",
// by "source" if lines have one. Of lines without "toxic" it prints the share
// that is flagged: what a file of ordinary messages is for.
func EvalToxic(w io.Writer, file string) error {
	r, labels, err := openEval(w, file)
	if r == nil {
		return err
	}
	tables := map[string]*figures.Table{}
	curves := map[string][]figures.Scored{}
	ordinary, flagged := 0, 0
	for _, l := range labels {
		_, reading := r.language(l.Text)
		result := r.Tone.Score(l.Text, reading)
		if l.Toxic == nil {
			ordinary++
			flagged += number(result.Toxic)
			continue
		}
		if tables[l.Source] == nil {
			tables[l.Source] = figures.NewTable("not toxic", "toxic")
		}
		tables[l.Source].Add(number(*l.Toxic), number(result.Toxic))
		curves[l.Source] = append(curves[l.Source], figures.Scored{P: result.PToxic, True: *l.Toxic})
	}
	for _, source := range slices.Sorted(maps.Keys(tables)) {
		fmt.Fprintf(w, "%s\n", source)
		tables[source].Write(w)
		figures.WriteCurve(w, curves[source])
		fmt.Fprintln(w)
	}
	if ordinary > 0 {
		fmt.Fprintf(w, "flagged %d of %d messages without a label: %.2f%%\n", flagged, ordinary, 100*float64(flagged)/float64(ordinary))
	}
	return err
}

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// EvalTheme prints how well themes are found, on the second half of the file's
// lines with a "theme" (or "reason") that is not empty: first by the starting
// lists, each list taken for the theme that it goes with most often in the first
// half; then by a model learnt from the first half. Halves are odd and even
// lines. At last it prints how often the words of a list come back as a proposal
// once the list is taken away.
func EvalTheme(w io.Writer, file string) error {
	r, labels, err := openEval(w, file)
	if r == nil {
		return err
	}
	var learn, test []theme.Label
	names := map[string]int{}
	for _, l := range labels {
		name, ok := l.theme()
		if !ok || name == "" {
			continue
		}
		names[name]++
		if len(learn) > len(test) {
			test = append(test, theme.Label{Text: l.Text, Theme: name})
		} else {
			learn = append(learn, theme.Label{Text: l.Text, Theme: name})
		}
	}
	known := slices.Sorted(maps.Keys(names))
	meaning := meanings(r.lists, learn)
	fmt.Fprintf(w, "the starting lists:\n")
	writeThemes(w, known, test, func(text string) string {
		for _, found := range r.lists.Themes(text) {
			return meaning[found.Name]
		}
		return ""
	})
	model, _, trainErr := r.lists.Train(learn)
	if trainErr != nil {
		return trainErr
	}
	fmt.Fprintf(w, "\nlearnt from half of the labels:\n")
	writeThemes(w, known, test, func(text string) string {
		for _, found := range model.Themes(text) {
			return found.Name
		}
		return ""
	})
	return cmp.Or(writeMissing(w, labels), err)
}

// writeThemes prints the table of the first theme found against the label.
func writeThemes(w io.Writer, names []string, test []theme.Label, find func(text string) string) {
	table := figures.NewTable(append([]string{"(none)"}, names...)...)
	for _, l := range test {
		table.Add(1+slices.Index(names, l.Theme), 1+slices.Index(names, find(l.Text)))
	}
	table.Write(w)
}

// meanings gives, for each list, the label that it goes with most often compared
// with how often the label occurs.
func meanings(lists *theme.Lists, labels []theme.Label) map[string]string {
	together, alone := map[[2]string]float64{}, map[string]float64{}
	for _, l := range labels {
		alone[l.Theme]++
		if found := lists.Themes(l.Text); len(found) > 0 {
			together[[2]string{found[0].Name, l.Theme}]++
		}
	}
	meaning := map[string]string{}
	for _, list := range lists.Names() {
		best := 0.0
		for _, label := range slices.Sorted(maps.Keys(alone)) {
			if fit := together[[2]string{list, label}] / (alone[label] + 5); fit > best {
				best, meaning[list] = fit, label
			}
		}
	}
	return meaning
}
