package consoletest

import (
	"strconv"
	"strings"

	"crieur/bot"
	"crieur/bot/bottest"

	"github.com/PuerkitoBio/goquery"
)

// read is what a person reads of a dialog.
func read(dialog *goquery.Selection) bottest.Sheet {
	sheet := bottest.Sheet{Title: dialog.Find("#form-title").Text(), Intro: dialog.Find(".form-intro").Text()}
	dialog.Find(".field").Each(func(_ int, field *goquery.Selection) { sheet.Inputs = append(sheet.Inputs, readInput(field)) })
	dialog.Find("[type=submit], [data-close]").Each(func(_ int, button *goquery.Selection) {
		sheet.Buttons = append(sheet.Buttons, button.Text())
	})
	return sheet
}

func readInput(field *goquery.Selection) bottest.Input {
	head := field.Find("legend, label[for]").First()
	optional := head.Find(".optional").Text()
	in := bottest.Input{Label: strings.TrimSpace(strings.TrimSuffix(head.Text(), optional)), Optional: optional != "",
		Hint: strings.TrimSpace(field.Find(".hint[id]").Text()), Kind: kindOf(field), Searched: field.Find(".seek").Length() > 0}
	in.Most, _ = strconv.Atoi(field.Find("[data-max]").AttrOr("data-max", ""))
	field.Find("option, .check").Each(func(_ int, choice *goquery.Selection) {
		if label := strings.TrimSpace(choice.Text()); label != "" { // the empty one means none
			chosen := choice.Is("[selected]") || choice.Find("[checked]").Length() > 0
			in.Options = append(in.Options, bottest.Option{Label: label, Chosen: chosen})
		}
	})
	if len(in.Options) == 0 {
		in.Text = strings.Join(standing(field), "")
	}
	return in
}

func kindOf(field *goquery.Selection) bot.FieldKind {
	for found, kind := range map[string]bot.FieldKind{"textarea": bot.Area, "select": bot.Pick, "fieldset": bot.PickMany,
		"[type=date]": bot.Date, "[type=time]": bot.Clock, "[type=file]": bot.File} {
		if field.Find(found).Length() > 0 {
			return kind
		}
	}
	return bot.Line
}
