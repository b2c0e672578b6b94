package console

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/i18n"
)

// taken keeps the values of the form's own fields, without empty ones.
func taken(form bot.Form, values map[string][]string) map[string][]string {
	kept := map[string][]string{}
	for _, field := range form.Fields {
		for _, value := range values[field.ID] {
			value = strings.ReplaceAll(value, "\r\n", "\n")
			if strings.TrimSpace(value) != "" && utf8.ValidString(value) {
				kept[field.ID] = append(kept[field.ID], value)
			}
		}
	}
	return kept
}

// wrong finds what the form itself forbids, by field ID, as the other platforms
// would before they send anything. Files are those that the values name.
func wrong(p *i18n.Printer, form bot.Form, values map[string][]string, files []bot.Upload) map[string]string {
	problems := map[string]string{}
	for _, field := range form.Fields {
		if words := wrongField(p, field, values[field.ID], files); words != "" {
			problems[field.ID] = words
		}
	}
	return problems
}

func wrongField(p *i18n.Printer, field bot.Field, values []string, files []bot.Upload) string {
	if len(values) == 0 {
		if field.Optional {
			return ""
		}
		return p.T("console.field.needed")
	}
	if len(values) > 1 && field.Kind != bot.PickMany {
		return p.T("console.field.one")
	}
	for _, value := range values {
		if over := utf8.RuneCountInString(value) - field.Max; field.Max > 0 && over > 0 {
			return p.T("console.field.long", "Count", over)
		}
		switch field.Kind {
		case bot.Pick, bot.PickMany:
			if field.Left == "" && !slices.ContainsFunc(field.Choices, func(ch bot.Choice) bool { return ch.Value == value }) {
				return p.T("console.field.one")
			}
		case bot.Date:
			if _, err := time.Parse(time.DateOnly, value); err != nil {
				return p.T("console.field.date")
			}
		case bot.Clock:
			if _, err := time.Parse("15:04", value); err != nil {
				return p.T("console.field.clock")
			}
		case bot.File:
			if !slices.ContainsFunc(files, func(f bot.Upload) bool { return f.Ref == value }) {
				return p.T("console.file_gone")
			}
		}
	}
	return ""
}
