package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
)

// origin is where a form was opened from. It travels in the form's private
// metadata, so that what is said after sending it reaches the same place.
type origin struct {
	Channel string    `json:"c,omitempty"`
	Thread  string    `json:"t,omitempty"`
	Message string    `json:"m,omitempty"`
	URL     string    `json:"u,omitempty"`
	Expires time.Time `json:"e,omitzero"`
}

func originOf(e bot.Event) origin {
	return origin{Channel: e.Place.Channel, Thread: e.Place.Thread, Message: e.Place.Message,
		URL: e.Reply.Secret, Expires: e.Reply.Expires}
}

// form renders a form as a modal. A value that the field cannot hold would be
// lost when the form is sent, so it is an error.
func (r renderer) form(form bot.Form, from origin) (api.ModalViewRequest, error) {
	where, err := json.Marshal(from)
	if err != nil {
		return api.ModalViewRequest{}, fmt.Errorf("encode origin: %w", err)
	}
	view := api.ModalViewRequest{
		Type: api.VTModal, Title: labelText(form.Title, maxModalTitle),
		Submit: labelText(form.Submit, maxModalTitle), Close: labelText(form.Cancel, maxModalTitle),
		CallbackID:      bot.Callback{Action: form.Action, Arg: form.Arg, Token: form.Token}.String(),
		PrivateMetadata: string(where),
	}
	if len(where) > maxMetadata {
		return view, fmt.Errorf("render form %s: origin of %d bytes: %w", form.Action, len(where), ErrCard)
	}
	if form.Intro != "" {
		for _, a := range r.paragraph(bot.Say(form.Intro)) {
			view.Blocks.BlockSet = append(view.Blocks.BlockSet, a.blocks...)
		}
	}
	for _, field := range form.Fields {
		if !r.searches(form.Action, field.ID) { // it says what it leaves out
			field.Hint, field.Left = strings.TrimSpace(field.Left+" "+field.Hint), ""
		}
		element, err := input(field)
		if err != nil {
			return view, fmt.Errorf("render form %s: %w", form.Action, err)
		}
		block := api.NewInputBlock(field.ID, labelText(field.Label, maxLabel), nil, element)
		if field.Hint != "" {
			block.Hint = labelText(field.Hint, maxHint)
		}
		block.Optional = field.Optional
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, block)
	}
	return view, nil
}

func input(field bot.Field) (api.BlockElement, error) {
	first := ""
	if len(field.Value) > 0 {
		first = clean(field.Value[0])
	}
	switch field.Kind {
	case bot.Line, bot.Area:
		return textInput(field, first)
	case bot.Pick, bot.PickMany:
		return pickInput(field)
	case bot.Date:
		return &api.DatePickerBlockElement{Type: api.METDatepicker, ActionID: field.ID, InitialDate: first}, check("2006-01-02", first)
	case bot.Clock:
		return &api.TimePickerBlockElement{Type: api.METTimepicker, ActionID: field.ID, InitialTime: first}, check("15:04", first)
	case bot.File:
		return &api.FileInputBlockElement{Type: api.METFileInput, ActionID: field.ID, MaxFiles: 1,
			FileTypes: []string{"jpg", "jpeg", "png", "gif", "webp"}}, nil
	}
	return nil, fmt.Errorf("field %s of kind %q: %w", field.ID, field.Kind, ErrCard)
}

func check(layout, value string) error {
	if value == "" {
		return nil
	}
	if _, err := time.Parse(layout, value); err != nil {
		return fmt.Errorf("value %q: %w", value, ErrCard)
	}
	return nil
}

func textInput(field bot.Field, first string) (api.BlockElement, error) {
	longest := maxInput
	if field.Max > 0 { // what stands in the field may count more here than where it was written
		longest = min(max(field.Max, units(first)), maxInput)
	}
	if units(first) > longest {
		return nil, fmt.Errorf("field %s holds %d characters of %d: %w", field.ID, units(first), longest, ErrCard)
	}
	return &api.PlainTextInputBlockElement{
		Type: api.METPlainTextInput, ActionID: field.ID, InitialValue: first,
		Multiline: field.Kind == bot.Area, MaxLength: longest,
	}, nil
}

func pickInput(field bot.Field) (api.BlockElement, error) {
	options, initial, err := choices(field.Choices, field.Value)
	if err != nil {
		return nil, fmt.Errorf("field %s: %w", field.ID, err)
	}
	if len(options) == 0 {
		return nil, fmt.Errorf("field %s has no choices: %w", field.ID, ErrCard)
	}
	if field.Kind == bot.PickMany {
		return someOf(nil, field.ID, options, initial, field.Left != ""), nil
	}
	return oneOf(nil, field.ID, options, initial, field.Left != ""), nil
}

// notice is a modal that only says something: where nothing else can be
// answered privately (a global shortcut has no channel).
func (r renderer) notice(lang string, card bot.Card) api.ModalViewRequest {
	view := api.ModalViewRequest{Type: api.VTModal, Title: labelText("Crieur", maxModalTitle)}
	r.home = true // a modal takes what a home page takes
	rendered, err := r.card(bot.Card{Blocks: card.Blocks, Title: card.Title, Lang: lang})
	if err != nil {
		rendered.pages = []page{{blocks: []api.Block{small(r.say(lang, "chat.slow"))}}}
	}
	view.Blocks.BlockSet = rendered.pages[0].blocks
	return view
}
