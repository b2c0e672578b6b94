package discordfake

import (
	"slices"
	"strings"

	"crieur/bot"
	"crieur/bot/bottest"
)

// sheet is what a person reads of the form before them. Its buttons are
// Discord's own.
func (m *Modal) sheet() bottest.Sheet {
	sheet := bottest.Sheet{Title: m.Title, Intro: Message{Text: m.Text}.Plain()}
	for _, f := range m.Fields {
		read := bottest.Input{Label: f.Label, Hint: f.Description, Optional: !f.Required, Kind: f.shownAs(), Like: f.Placeholder, Most: f.Max, Text: f.Value}
		if f.Kind == 19 {
			read.Most, read.Text = 0, strings.Join(f.Types, " ")
		}
		for _, option := range f.Options {
			read.Options = append(read.Options, bottest.Option{Label: option.Label, Chosen: slices.Contains(f.Values, option.Value)})
		}
		sheet.Inputs = append(sheet.Inputs, read)
	}
	return sheet
}

func (f Field) shownAs() bot.FieldKind {
	switch {
	case f.Kind == 19:
		return bot.File
	case f.Kind == 3 && f.Many:
		return bot.PickMany
	case f.Kind == 3:
		return bot.Pick
	case f.Long:
		return bot.Area
	}
	return bot.Line
}
