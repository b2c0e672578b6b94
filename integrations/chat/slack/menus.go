package slack

import (
	"fmt"
	"strings"

	api "github.com/slack-go/slack"

	"crieur/bot"
)

// tail is the last row of a card: its buttons and "More…". What needs a
// confirmation keeps a button of its own, because Slack's menus confirm all
// entries or none.
func (r renderer) tail(card bot.Card) []api.Block {
	var elements []api.BlockElement
	index := 0
	add := func(b bot.Button) {
		if b.URL == "" || webAddress(b.URL) {
			elements = append(elements, r.button(card, b, index))
			index++
		}
	}
	for _, b := range card.Buttons {
		add(b)
	}
	var menu, asking []bot.Button
	for _, b := range card.More {
		switch {
		case b.Confirm != nil, b.URL != "" && len(card.More) > maxOverflow:
			asking = append(asking, b)
		case b.URL == "" || webAddress(b.URL):
			menu = append(menu, b)
		}
	}
	elements = append(elements, r.more(card, menu)...)
	blocks := rows(elements)
	elements = nil
	for _, b := range asking {
		b.Style = quieter(b.Style)
		add(b)
	}
	return append(blocks, rows(elements)...)
}

// quieter keeps what moved out of the menu from looking like the main button.
func quieter(style bot.Style) bot.Style {
	if style == bot.Primary {
		return bot.Plain
	}
	return style
}

// more is the "More…" menu. A menu entry's value is short, so it names the
// action only; the card's token is in the menu's own ID.
func (r renderer) more(card bot.Card, buttons []bot.Button) []api.BlockElement {
	if len(buttons) == 0 {
		return nil
	}
	label := card.MoreLabel
	if label == "" {
		label = r.say(card.Lang, "chat.more")
	}
	var options []*api.OptionBlockObject
	for _, b := range buttons {
		value := b.Action
		if b.Arg != "" {
			value += "~" + b.Arg
		}
		if b.URL != "" {
			value = linkAction
		}
		option := api.NewOptionBlockObject(value, labelText(b.Label, maxOption), nil)
		option.URL = b.URL
		options = append(options, option)
	}
	id := bot.Callback{Action: moreAction, Token: card.Token}.String()
	if len(options) <= maxOverflow { // it keeps no choice, so the same entry works twice
		return []api.BlockElement{api.NewOverflowBlockElement(id, options...)}
	}
	return []api.BlockElement{api.NewOptionsSelectBlockElement(
		api.OptTypeStatic, labelText(label, maxPlaceholder), id, options...)}
}

// choices turns choices into options. A value that Slack would not carry
// changes what a click means, so it is an error.
func choices(list []bot.Choice, chosen []string) (options, initial []*api.OptionBlockObject, err error) {
	if len(list) > maxOptions {
		return nil, nil, fmt.Errorf("render %d choices: %w", len(list), ErrCard)
	}
	for _, choice := range list {
		if choice.Value == "" || len(choice.Value) > maxOption || clean(choice.Value) != choice.Value {
			return nil, nil, fmt.Errorf("render choice %q: %w", choice.Value, ErrCard)
		}
		option := api.NewOptionBlockObject(choice.Value, labelText(choice.Label, maxOption), nil)
		options = append(options, option)
		for _, value := range chosen {
			if value == choice.Value {
				initial = append(initial, option)
				break
			}
		}
	}
	return options, initial, nil
}

// menu is a choice on a card.
func (r renderer) menu(card bot.Card, sel *bot.Select) ([]atom, error) {
	if sel == nil || len(sel.Choices) == 0 {
		return nil, nil
	}
	options, initial, err := choices(sel.Choices, sel.Chosen)
	if err != nil {
		return nil, err
	}
	id := bot.Callback{Action: sel.Action, Token: card.Token}.String()
	label := labelText(sel.Label, maxPlaceholder)
	plain := line(sel.Label)
	for _, choice := range sel.Choices {
		plain += "\n- " + line(choice.Label)
	}
	var left []atom
	more := sel.Left != "" && r.searches(sel.Action, bot.MenuField)
	if !more {
		left = r.smallPrint(bot.Say(sel.Left))
	}
	if sel.Many { // Slack takes these beside a section only
		element := someOf(label, id, options, initial, more)
		section := api.NewSectionBlock(labelText(sel.Label, maxText), nil, api.NewAccessory(element))
		return append(left, atom{blocks: []api.Block{section}, plain: plain}), nil
	}
	element := oneOf(label, id, options, initial, more)
	return append(left, atom{blocks: []api.Block{api.NewActionBlock("", element)}, plain: plain}), nil
}

// oneOf is a menu of one choice. Where more can be chosen than is listed, Slack
// asks for what to show, from the first letter or before it.
func oneOf(label *api.TextBlockObject, id string, options, initial []*api.OptionBlockObject, more bool) *api.SelectBlockElement {
	element := api.NewOptionsSelectBlockElement(api.OptTypeStatic, label, id, options...)
	if more {
		element.Type, element.Options, element.MinQueryLength = api.OptTypeExternal, nil, new(int)
	}
	if len(initial) > 0 {
		element.InitialOption = initial[0]
	}
	return element
}

// someOf is oneOf for several choices.
func someOf(label *api.TextBlockObject, id string, options, initial []*api.OptionBlockObject, more bool) *api.MultiSelectBlockElement {
	element := api.NewOptionsMultiSelectBlockElement(api.MultiOptTypeStatic, label, id, options...)
	if more {
		element.Type, element.Options, element.MinQueryLength = api.MultiOptTypeExternal, nil, new(int)
	}
	element.InitialOptions = initial
	return element
}

// grid is a table. What no table can hold is a file; its beginning is shown.
func (r renderer) grid(card bot.Card, block bot.Block) ([]atom, *attachment) {
	table := &api.TableBlock{Type: api.MBTTable}
	total, columns := 0, 0
	for _, row := range block.Rows {
		columns = max(columns, len(row))
	}
	whole := columns <= maxTableColumns
	columns = min(columns, maxTableColumns)
	for _, row := range block.Rows {
		cells := make([]api.TableCell, columns)
		size := 0
		for i := range cells {
			text := "–" // an empty cell is refused
			if i < len(row) && line(row[i]) != "" {
				text = line(row[i])
			}
			if short := cut(text, maxCell); short != text {
				text, whole = short, false
			}
			text = escape(text)
			cells[i] = api.NewTableRawTextCell(text)
			size += units(text)
		}
		if len(table.Rows) == maxTableRows || total+size > maxTable {
			whole = false
			break
		}
		total += size
		table.Rows = append(table.Rows, cells)
	}
	var file *attachment
	if !whole {
		file = &attachment{name: "table.csv", content: csvOf(block.Rows)}
	}
	if columns == 0 || len(table.Rows) == 0 {
		return nil, file
	}
	return []atom{{blocks: []api.Block{table}, plain: csvOf(block.Rows), table: true}}, file
}

// csvOf writes rows as CSV. A cell that a spreadsheet would run as a formula
// gets a quote before it.
func csvOf(rows [][]string) string {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			cell = clean(cell)
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				cell = "'" + cell
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
