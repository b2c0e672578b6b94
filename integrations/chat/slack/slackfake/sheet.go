package slackfake

import (
	"slices"
	"strings"

	"crieur/bot"
	"crieur/bot/bottest"
)

// sheet is what a person reads of the form before them.
func (m *Modal) sheet() bottest.Sheet {
	sheet := bottest.Sheet{Title: unescape(m.Title), Intro: Message{Blocks: m.Blocks}.Words()}
	for _, button := range []string{m.Submit, m.Close} {
		if button != "" {
			sheet.Buttons = append(sheet.Buttons, unescape(button))
		}
	}
	for _, in := range inputs(m.Blocks) {
		sheet.Inputs = append(sheet.Inputs, in.read())
	}
	return sheet
}

func (in input) read() bottest.Input {
	read := bottest.Input{Label: unescape(in.Label.Text), Hint: unescape(in.Hint.Text), Optional: in.Optional, Searched: searched(in.Element)}
	most, _ := in.Element["max_length"].(float64)
	read.Most = int(most)
	chosen := initial(in.Element)
	switch in.Element["type"] {
	case "plain_text_input":
		read.Kind = bot.Line
		if in.Element["multiline"] == true {
			read.Kind = bot.Area
		}
	case "static_select", "external_select":
		read.Kind = bot.Pick
	case "multi_static_select", "multi_external_select":
		read.Kind = bot.PickMany
	case "datepicker":
		read.Kind = bot.Date
	case "timepicker":
		read.Kind = bot.Clock
	case "file_input":
		read.Kind = bot.File
	}
	if read.Kind != bot.Pick && read.Kind != bot.PickMany {
		read.Text = strings.Join(chosen, "")
		return read
	}
	options, _ := in.Element["options"].([]any)
	if read.Searched { // what it lists is not in the form
		options, _ = in.Element["initial_options"].([]any)
		if one, has := in.Element["initial_option"]; has {
			options = []any{one}
		}
	}
	for _, item := range options {
		option, _ := item.(object)
		value, _ := option["value"].(string)
		read.Options = append(read.Options, bottest.Option{Label: label(option["text"]), Chosen: slices.Contains(chosen, value)})
	}
	return read
}
