package filter

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"crieur/bot/text/similar"
	"crieur/bot/text/theme"
)

const (
	// alone is how many texts must have no other list than the one taken away.
	alone = 20
	// shown is how many proposals people see at a time.
	shown = 3
)

// missing counts what became of lists that were taken away.
type missing struct{ lists, atOnce, later int }

// writeMissing takes each starting list away, for each brand of the file, and
// prints how often the first proposals then hold a word of it: at once, and after
// everything is declined that would be proposed with all lists too. A file with
// too few texts prints nothing.
func writeMissing(w io.Writer, labels []labelled) error {
	all, err := theme.Starting()
	if err != nil {
		return err
	}
	byBrand := distinctTexts(labels)
	var m missing
	for _, brand := range slices.Sorted(maps.Keys(byBrand)) {
		if err := m.count(all, byBrand[brand]); err != nil {
			return err
		}
	}
	if m.lists > 0 {
		fmt.Fprintf(w, "\nof %d lists taken away, proposals that hold a word of it, %d at a time:\nat once %d, once what the other lists lack is declined %d\n",
			m.lists, shown, m.atOnce, m.later)
	}
	return nil
}

// distinctTexts are the texts of each brand, near-copies once.
func distinctTexts(labels []labelled) map[string][]string {
	texts, kept := map[string][]string{}, map[string]*similar.Index{}
	for _, l := range labels {
		if kept[l.Brand] == nil {
			kept[l.Brand] = similar.NewIndex()
		}
		if isNew(kept[l.Brand], l.Text) {
			texts[l.Brand] = append(texts[l.Brand], l.Text)
		}
	}
	return texts
}

// isNew says whether a text is no near-copy of those kept, and keeps it then.
func isNew(kept *similar.Index, text string) bool {
	if found, ok := kept.Nearest(text); ok && found.Copy {
		return false
	}
	return kept.Add(strconv.Itoa(kept.Len()), text, time.Time{}) == nil
}

// count takes each list away from one brand's texts.
func (m *missing) count(all []theme.List, texts []string) error {
	whole, err := theme.New(all)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	open, covered := parted(whole, texts)
	for _, r := range whole.Recurring(open, covered) {
		known[r.Key] = true
	}
	for i := range all {
		rest, err := theme.New(slices.Delete(slices.Clone(all), i, i+1))
		if err != nil {
			return err
		}
		taken, err := theme.New(all[i : i+1])
		if err != nil {
			return err
		}
		open, covered := parted(rest, texts)
		if lost, _ := parted(taken, open); len(open)-len(lost) < alone {
			continue
		}
		m.lists++
		found := rest.Recurring(open, covered)
		m.atOnce += number(holds(taken, found))
		m.later += number(holds(taken, slices.DeleteFunc(found, func(r theme.Recurrence) bool { return known[r.Key] })))
	}
	return nil
}

// parted are the texts without a theme of the lists, and those with one.
func parted(lists *theme.Lists, texts []string) (open, covered []string) {
	for _, text := range texts {
		if len(lists.Themes(text)) == 0 {
			open = append(open, text)
		} else {
			covered = append(covered, text)
		}
	}
	return open, covered
}

// holds says whether one of the first proposals has a word of the list.
func holds(list *theme.Lists, found []theme.Recurrence) bool {
	return slices.ContainsFunc(found[:min(shown, len(found))], func(r theme.Recurrence) bool { return len(list.Themes(r.Words)) > 0 })
}
