package bottest

import (
	"slices"
	"strings"

	"crieur/bot"
)

// Buttons are all the buttons of a card, wherever they stand.
func Buttons(card bot.Card) []bot.Button {
	buttons := slices.Concat(card.Buttons, card.More)
	for _, block := range card.Blocks {
		buttons = append(buttons, block.Buttons...)
	}
	return buttons
}

// choices are the choices of a card's menus, as buttons.
func choices(card bot.Card) (all []bot.Button) {
	for _, block := range card.Blocks {
		if block.Select != nil {
			for _, choice := range block.Select.Choices {
				all = append(all, bot.Button{Action: block.Select.Action, Label: choice.Label})
			}
		}
	}
	return all
}

// chosen is the value of a menu's choice that counts as a button.
func chosen(card bot.Card, button bot.Button) string {
	for _, block := range card.Blocks {
		if block.Select == nil || block.Select.Action != button.Action {
			continue
		}
		for _, choice := range block.Select.Choices {
			if choice.Label == button.Label {
				return choice.Value
			}
		}
	}
	return ""
}

// Plain is a card in plain words, with its buttons and choices in brackets.
func Plain(card bot.Card) string {
	var lines []string
	add := func(line string) {
		if line != "" {
			lines = append(lines, line)
		}
	}
	add(card.Title.String())
	for _, block := range card.Blocks {
		add(block.Text.String())
		if block.Folded {
			add(block.Label)
		} else {
			add(block.Quoted)
		}
		if block.Kind == bot.Picture {
			add("[image : " + block.Alt + "]")
		}
		for _, pair := range block.Pairs {
			add(pair[0].String() + " : " + pair[1].String())
		}
		for _, row := range block.Rows {
			add(strings.Join(row, " | "))
		}
		if block.Select != nil {
			add(block.Select.Left)
			line := "<" + block.Select.Label + ">"
			for _, choice := range block.Select.Choices {
				line += " [" + choice.Label + "]"
			}
			add(line)
		}
	}
	var labels []string
	for _, button := range Buttons(card) {
		labels = append(labels, "["+button.Label+"]")
	}
	add(strings.Join(labels, " "))
	return turned.Replace(strings.Join(lines, "\n"))
}

// turned takes direction overrides out, as every renderer does.
var turned = strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "",
	"\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")
