package discord

import (
	"strings"

	"crieur/bot"

	"github.com/bwmarrin/discordgo"
)

var styles = map[bot.Style]discordgo.ButtonStyle{
	bot.Plain: discordgo.SecondaryButton, bot.Primary: discordgo.PrimaryButton, bot.Danger: discordgo.DangerButton,
}

// call is what a button's custom_id says; a button with a question asks first.
func (d *drawing) call(b bot.Button) (custom, bool) {
	c := custom{kind: act, call: bot.Callback{Action: b.Action, Arg: b.Arg, Token: d.card.Token}}
	if b.Confirm != nil {
		c.kind = ask
	}
	if !c.valid() {
		d.dropped = append(d.dropped, c.String())
		return c, false
	}
	return c, true
}

// button draws one button. A link that Discord would refuse becomes a line.
func (d *drawing) button(b bot.Button) (component, *piece) {
	label := shorten(b.Label, maxLabel)
	if b.URL != "" {
		link, ok := validButtonLink(b.URL)
		if !ok {
			line := words("", bot.Text{{Text: b.Label + " "}, {Text: b.URL, URL: b.URL}})
			return nil, &line
		}
		return discordgo.Button{Label: label, Style: discordgo.LinkButton, URL: link}, nil
	}
	c, ok := d.call(b)
	if !ok {
		return nil, nil
	}
	style, known := styles[b.Style]
	if !known {
		style = discordgo.SecondaryButton
	}
	return discordgo.Button{Label: label, Style: style, CustomID: d.unique(c.String())}, nil
}

// rows draws buttons, five to a row.
func (d *drawing) rows(buttons []bot.Button) []piece {
	var all, lines []piece
	var parts []component
	for _, b := range buttons {
		part, line := d.button(b)
		if line != nil {
			lines = append(lines, *line)
		}
		if part == nil {
			continue
		}
		parts = append(parts, part)
		if len(parts) == maxRow {
			all, parts = append(all, row(parts...)), nil
		}
	}
	if len(parts) > 0 {
		all = append(all, row(parts...))
	}
	return append(lines, all...)
}

// menu draws a menu. Discord takes 25 choices: more become further menus.
func (d *drawing) menu(s bot.Select) []piece {
	c := custom{kind: act, call: bot.Callback{Action: s.Action, Token: d.card.Token}}
	if !c.valid() {
		d.dropped = append(d.dropped, c.String())
		return nil
	}
	options := d.options(s)
	var all []piece
	if s.Left != "" { // Discord's menus are not searched
		all = append(all, words("-# ", bot.Say(s.Left)))
	}
	for len(options) > 0 {
		n := min(len(options), maxOptions)
		menu := discordgo.SelectMenu{MenuType: discordgo.StringSelectMenu, CustomID: d.unique(c.String()),
			Placeholder: shorten(s.Label, maxHolder), Options: options[:n], MaxValues: 1}
		if s.Many {
			none := 0
			menu.MinValues, menu.MaxValues = &none, n
		}
		all = append(all, row(menu))
		options = options[n:]
	}
	return all
}

// options draws the choices of a menu, each value once.
func (d *drawing) options(s bot.Select) []discordgo.SelectMenuOption {
	chosen := map[string]bool{}
	for i, value := range s.Chosen {
		chosen[value] = s.Many || i == 0
	}
	seen := map[string]bool{}
	var options []discordgo.SelectMenuOption
	for _, choice := range s.Choices {
		if choice.Value == "" || sizeOf(choice.Value).chars > maxChoice || seen[choice.Value] {
			d.dropped = append(d.dropped, "choice "+shorten(choice.Value, 40))
			continue
		}
		seen[choice.Value] = true
		options = append(options, option(choice.Label, choice.Value, chosen[choice.Value]))
	}
	return options
}

// option draws a choice; a label that is too long goes on in its description.
func option(label, value string, chosen bool) discordgo.SelectMenuOption {
	o := discordgo.SelectMenuOption{Label: shorten(label, maxChoice), Value: value, Default: chosen}
	if cut := strings.TrimSuffix(o.Label, "…"); cut != o.Label && cut != strings.TrimSpace(label) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(label), cut); ok && strings.TrimSpace(rest) != "" {
			o.Description = "…" + shorten(rest, maxChoice-1)
		}
	}
	return o
}

// footer draws the last row and "More…". What is too much for the card itself
// is returned apart and follows in the thread.
func (d *drawing) footer() (first, later []piece) {
	all := d.rows(d.card.Buttons)
	for _, p := range all {
		if p.comps == nil || len(first) == 2 {
			later = append(later, p)
		} else {
			first = append(first, p)
		}
	}
	var options []discordgo.SelectMenuOption
	var links []bot.Button
	for _, b := range d.card.More {
		if b.URL != "" {
			links = append(links, b)
			continue
		}
		if c, ok := d.call(b); ok {
			options = append(options, option(b.Label, d.unique(c.String()), false))
		}
	}
	label := d.card.MoreLabel
	if label == "" {
		label = d.line("chat.more")
	}
	for i := 0; len(options) > 0; i++ {
		n := min(len(options), maxOptions)
		menu := row(discordgo.SelectMenu{MenuType: discordgo.StringSelectMenu, CustomID: d.unique(string(more)),
			Placeholder: shorten(label, maxHolder), Options: options[:n], MaxValues: 1})
		if i == 0 {
			first = append(first, menu)
		} else {
			later = append(later, menu)
		}
		options = options[n:]
	}
	return first, append(later, d.rows(links)...)
}
