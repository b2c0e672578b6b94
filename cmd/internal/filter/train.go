package filter

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"crieur/bot/text/figures"
	"crieur/bot/text/learnt"
	"crieur/bot/text/theme"
	"crieur/bot/text/tone"
)

// Train learns a brand's tone and theme models from {"text","label"} lines (and
// an optional "theme"), chooses the threshold for the precision asked (0 to 1),
// writes the model file and prints to out the figures on labels held out of the
// learning. A model that is already in modelOut is the one it is compared with;
// without one, the shipped model is. What there are too few labels for is left
// to the shipped model, and said.
func Train(out io.Writer, labelsFile, modelOut string, precision float64) error {
	if precision <= 0 || precision >= 1 {
		return fmt.Errorf("precision %v: want it between 0 and 1", precision)
	}
	labels, err := readLabels(labelsFile, out)
	if err != nil && !errors.Is(err, ErrBadLines) {
		return err
	}
	badLines := err
	replaced := ""
	if exists(modelOut) {
		replaced = modelOut
	}
	r, err := openReaders(replaced)
	if err != nil {
		return err
	}
	var models learnt.Models
	if models.Tone, err = r.trainTone(out, labels, precision, replaced); err != nil {
		return err
	}
	if models.Theme, err = r.trainTheme(out, labels); err != nil {
		return err
	}
	if models == (learnt.Models{}) {
		return fmt.Errorf("train from %s: %w", labelsFile, tone.ErrTooFew)
	}
	data, err := models.Encode()
	if err != nil {
		return err
	}
	if err := replace(modelOut, data); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nmodel %s: %d bytes\n", modelOut, len(data))
	return badLines
}

// replace writes a file whole or not at all.
func replace(file string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	defer os.Remove(temp.Name())
	if _, err := temp.Write(data); err != nil {
		temp.Close()
		return fmt.Errorf("write model: %w", err)
	}
	if err := temp.Close(); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	if err := os.Rename(temp.Name(), file); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	return nil
}

func (r *readers) toneLabels(labels []labelled) []tone.Label {
	var out []tone.Label
	for _, l := range labels {
		if s, ok := tone.ParseSentiment(l.Label); ok {
			_, reading := r.language(l.Text)
			out = append(out, tone.Label{Text: l.Text, Lang: reading, Sentiment: s})
		}
	}
	return out
}

func (r *readers) trainTone(out io.Writer, labels []labelled, precision float64, replaced string) (*tone.Model, error) {
	model, report, err := r.Tone.Train(r.toneLabels(labels), precision)
	if errors.Is(err, tone.ErrTooFew) {
		fmt.Fprintf(out, "tone: left to the shipped model: %v\n", err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	before := "the shipped model"
	if replaced != "" {
		before = "the model in " + replaced
	}
	fmt.Fprintf(out, "tone: %d labels; every figure is of labels held out of the learning\n\n%s:\n", report.Labels, before)
	report.Before.Write(out)
	fmt.Fprintf(out, "\nthe new model:\n")
	report.After.Write(out)
	fmt.Fprintln(out)
	figures.WriteCurve(out, report.Scored)
	writeThreshold(out, report)
	if report.Worse {
		fmt.Fprintf(out, "WORSE: macro-F1 %.1f, but %.1f with %s\n", 100*report.After.MacroF1(), 100*report.Before.MacroF1(), before)
	}
	return model, nil
}

func writeThreshold(out io.Writer, report *tone.Report) {
	_, _, _, negatives := report.After.Class(int(tone.Negative))
	share := 100 * float64(negatives) / float64(report.Labels)
	if !report.Reached {
		fmt.Fprintf(out, "\nprecision %.0f%% is never reached: no message will be called surely negative\n", 100*report.Asked)
		return
	}
	fmt.Fprintf(out, "\nthreshold %.3f: precision %.1f%% (asked: %.0f%%), recall %.1f%%\n", report.At.Threshold, 100*report.At.Precision, 100*report.Asked, 100*report.At.Recall)
	fmt.Fprintf(out, "this holds where %.0f%% of messages are negative, as in the labels; where fewer are, precision is lower\n", share)
}

func (r *readers) trainTheme(out io.Writer, labels []labelled) (*theme.Model, error) {
	var themed []theme.Label
	for _, l := range labels {
		if name, ok := l.theme(); ok {
			themed = append(themed, theme.Label{Text: l.Text, Theme: name})
		}
	}
	if len(themed) == 0 {
		return nil, nil
	}
	model, report, err := r.lists.Train(themed)
	if errors.Is(err, theme.ErrTooFew) {
		fmt.Fprintf(out, "\nthemes: left to the lists: %v\n", err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "\nthemes: %d labels; every figure is of labels held out of the learning\n", report.Labels)
	report.Table.Write(out)
	if len(report.LeftOut) > 0 {
		fmt.Fprintf(out, "too rare to learn (under %d labels): %s\n", theme.MinEach, strings.Join(report.LeftOut, ", "))
	}
	return model, nil
}
