package discord

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/text/typo"
)

// Discord's menus are not searched. In a form, what has more to choose from than a
// menu holds is a field to write names into, one on each line; they are found as
// what people type into the menus of other platforms.

const (
	namesKind = "n" // of a field's ID
	nearest   = 3   // how many names are proposed for one that is not clear
)

// byName says whether a field of a form made by asking is written.
func byName(f bot.Field) bool { return f.Left != "" }

// asking is the form in which Left is what to write into a field that has more to
// choose from than a menu holds, where names can be searched; elsewhere what is left
// out is said.
func (c *Chat) asking(e bot.Event, form bot.Form) bot.Form {
	form.Fields = slices.Clone(form.Fields)
	for i, f := range form.Fields {
		switch long := f.Left != "" || len(f.Choices) > maxOptions; {
		case long && bot.Searchable(c.front, form.Action, f.ID):
			form.Fields[i].Left = c.front.Say(e, "discord.names."+string(f.Kind))
		case long:
			form.Fields[i].Hint, form.Fields[i].Left = strings.TrimSpace(f.Left+" "+f.Hint), ""
		}
	}
	return form
}

// namesOf is the input of a long field, with the names of what is chosen.
func namesOf(f bot.Field, id string) (textInput, error) {
	var names []string
	for _, value := range f.Value {
		names = append(names, nameOf(f, value))
	}
	kind := bot.Line
	if f.Kind == bot.PickMany {
		kind = bot.Area
	}
	return inputOf(bot.Field{ID: f.ID, Kind: kind, Value: []string{strings.Join(names, "\n")}, Optional: f.Optional}, id)
}

// nameOf is the label of a value; what was written before is no value.
func nameOf(f bot.Field, value string) string {
	at := slices.IndexFunc(f.Choices, func(choice bot.Choice) bool { return choice.Value == value })
	if at < 0 {
		return value
	}
	return strings.Join(strings.Fields(f.Choices[at].Label), " ")
}

// lines are the names that were written.
func lines(text string) (names []string) {
	for line := range strings.Lines(text) {
		if name := strings.TrimSpace(line); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// formOf is the form that was sent, as far as it is known here.
func (c *Chat) formOf(e bot.Event, customID string) bot.Form {
	kept, _ := c.forms.get(formKey(e.User.ID, customID))
	return kept.form
}

// named is what was sent, with the values that the names stand for. Wrong says of
// which fields that cannot be told, and what comes near.
func (c *Chat) named(ctx context.Context, e bot.Event, form bot.Form, fields []string) (values map[string][]string, wrong map[string]string, err error) {
	searcher, ok := c.front.(bot.Searcher)
	if len(fields) == 0 || !ok {
		return e.Values, nil, nil
	}
	values, wrong = maps.Clone(e.Values), map[string]string{}
	for _, field := range fields {
		search := func(text string) (bot.Found, error) { return searcher.Search(ctx, e, field, text) }
		var listed []bot.Choice
		if at := slices.IndexFunc(form.Fields, func(f bot.Field) bool { return f.ID == field }); at >= 0 {
			listed = form.Fields[at].Choices
		}
		var unclear []string
		delete(values, field)
		for _, name := range e.Values[field] {
			value, near, err := find(name, listed, search)
			switch {
			case err != nil:
				return nil, nil, err
			case ctx.Err() != nil: // very many names
				return nil, nil, ctx.Err()
			case value != "":
				values[field] = append(values[field], value)
			default:
				unclear = append(unclear, c.unclear(e, name, near))
			}
		}
		if len(unclear) > 0 {
			wrong[field] = strings.Join(unclear, " / ")
		}
	}
	return values, wrong, nil
}

func (c *Chat) unclear(e bot.Event, name string, near []string) string {
	said := shorten(name, maxLabel) + " · "
	if len(near) == 0 {
		return said + c.front.Say(e, "discord.names.none")
	}
	return said + c.front.Say(e, "discord.names.near") + " " + strings.Join(near, ", ")
}

// find is the value that a name stands for: of a label that says just that, or of
// the only one that a search finds. Else it is "", and near are the nearest labels.
func find(name string, listed []bot.Choice, search func(string) (bot.Found, error)) (value string, near []string, err error) {
	if same := called(name, listed); len(same) == 1 {
		return same[0].Value, nil, nil
	}
	found, err := search(name)
	if err != nil {
		return "", nil, err
	}
	if same := called(name, found.Choices); len(same) == 1 {
		return same[0].Value, nil, nil
	}
	if len(found.Choices) == 1 {
		return found.Choices[0].Value, nil, nil
	}
	if len(found.Choices) == 0 { // mistyped, it may be
		if found, err = search(""); err != nil {
			return "", nil, err
		}
		found.Choices = alike(name, found.Choices)
	}
	for _, choice := range found.Choices[:min(len(found.Choices), nearest)] {
		near = append(near, choice.Label)
	}
	return "", near, nil
}

// called are the choices with just that name, accents and case aside.
func called(name string, among []bot.Choice) (same []bot.Choice) {
	for _, choice := range among {
		if i18n.Fold(choice.Label) == i18n.Fold(name) {
			same = append(same, choice)
		}
	}
	return same
}

// alike are the choices of which at most a third is written otherwise, the nearest
// first.
func alike(name string, among []bot.Choice) []bot.Choice {
	if len(name) > maxChoice {
		return nil
	}
	wrong := func(choice bot.Choice) int { return typo.Distance(i18n.Fold(choice.Label), i18n.Fold(name)) }
	near := slices.DeleteFunc(slices.Clone(among), func(choice bot.Choice) bool { return wrong(choice) > max(1, len(name)/3) })
	slices.SortStableFunc(near, func(a, b bot.Choice) int { return cmp.Compare(wrong(a), wrong(b)) })
	return near
}
