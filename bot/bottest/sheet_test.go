package bottest_test

import (
	"testing"

	"crieur/bot"
	"crieur/bot/bottest"
)

func TestSheet(t *testing.T) {
	form := bot.Form{Title: "Adjust the draft", Intro: "Empty fields stay empty.", Submit: "Save", Cancel: "Cancel", Fields: []bot.Field{
		{ID: "text", Kind: bot.Area, Label: "Text", Value: []string{"Tea is back."}, Max: 3000},
		{ID: "who", Kind: bot.PickMany, Label: "Whom to tell", Hint: "They read it at once.", Left: "2 of 60.", Optional: true, Value: []string{"n"},
			Choices: []bot.Choice{{Value: "n", Label: "Noa"}, {Value: "m", Label: "Morgan"}}},
		{ID: "day", Kind: bot.Date, Label: "Day", Value: []string{"2026-11-28"}},
	}}
	sheet := bottest.SheetOf(form)
	sheet.Inputs[2].Like = "2026-11-26"
	const want = `[Adjust the draft]
Empty fields stay empty.
Text
  area of 3000: Tea is back.
Whom to tell (optional)
  2 of 60. They read it at once.
  picks, searched [✓ Noa] [Morgan]
Day
  date, like 2026-11-26: 2026-11-28
[Save] [Cancel]`
	if got := sheet.String(); got != want {
		t.Errorf("reads\n%s", got)
	}
	if got := (bottest.Sheet{Title: "Empty"}).String(); got != "[Empty]" {
		t.Errorf("an empty one reads %q", got)
	}
}
