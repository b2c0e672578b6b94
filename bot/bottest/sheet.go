package bottest

import (
	"fmt"
	"slices"
	"strings"

	"crieur/bot"
)

// Sheet is a form as it stands before a person: what can be read of it where it
// is shown.
type Sheet struct {
	Title, Intro string
	Inputs       []Input
	Buttons      []string // none where the platform names its own
}

// Input is one field of a sheet.
type Input struct {
	Label, Hint string
	Optional    bool
	Kind        bot.FieldKind
	Like        string // an example, in pale letters
	Most        int    // characters; 0 is not said
	Text        string // what stands in it
	Options     []Option
	// Searched says that what Options leave out is found by typing.
	Searched bool
}

// Option is one choice of an input.
type Option struct {
	Label  string
	Chosen bool
}

// SheetOf is a form as a platform would show it that has room for everything.
func SheetOf(form bot.Form) Sheet {
	sheet := Sheet{Title: form.Title, Intro: form.Intro, Buttons: []string{form.Submit, form.Cancel}}
	for _, field := range form.Fields {
		in := Input{Label: field.Label, Hint: strings.TrimSpace(field.Left + " " + field.Hint), Optional: field.Optional,
			Kind: field.Kind, Most: field.Max, Searched: field.Left != ""}
		for _, choice := range field.Choices {
			in.Options = append(in.Options, Option{choice.Label, slices.Contains(field.Value, choice.Value)})
		}
		if len(field.Choices) == 0 {
			in.Text = strings.Join(field.Value, ", ")
		}
		sheet.Inputs = append(sheet.Inputs, in)
	}
	return sheet
}

// String is the sheet in plain words, with choices and buttons in brackets.
func (s Sheet) String() string {
	lines := []string{"[" + s.Title + "]"}
	if s.Intro != "" {
		lines = append(lines, s.Intro)
	}
	for _, in := range s.Inputs {
		label := in.Label
		if in.Optional {
			label += " (optional)"
		}
		lines = append(lines, label)
		if in.Hint != "" {
			lines = append(lines, "  "+in.Hint)
		}
		lines = append(lines, "  "+in.filled())
	}
	if len(s.Buttons) > 0 {
		lines = append(lines, "["+strings.Join(s.Buttons, "] [")+"]")
	}
	return strings.Join(lines, "\n")
}

// filled says how the input is filled in, and with what: "line of 60: Tea".
func (in Input) filled() string {
	said := string(in.Kind)
	if in.Searched {
		said += ", searched"
	}
	if in.Most > 0 {
		said += fmt.Sprintf(" of %d", in.Most)
	}
	if in.Like != "" {
		said += ", like " + in.Like
	}
	if in.Text != "" {
		said += ": " + in.Text
	}
	for _, option := range in.Options {
		if option.Chosen {
			option.Label = "✓ " + option.Label
		}
		said += " [" + option.Label + "]"
	}
	return said
}
