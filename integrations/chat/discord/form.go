package discord

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/bot"

	"github.com/bwmarrin/discordgo"
)

// Limits of a modal.
const (
	maxFormTitle = 45
	maxFormParts = 5
	maxFieldName = 45
	maxFieldHint = 100
	maxInput     = 4000
	maxField     = 98 // characters of a field's ID
)

// Component types that discordgo does not know.
const (
	labelType  = 18
	uploadType = 19
)

// pictureTypes are the files that a form takes: what every network shows.
// Discord looks at their names only.
var pictureTypes = []string{".jpg", ".jpeg", ".png", ".gif", ".webp"}

// errForm says that a form cannot be shown in Discord.
var errForm = errors.New("form does not fit")

// modal is a form as it is sent.
type modal struct {
	CustomID   string `json:"custom_id"`
	Title      string `json:"title"`
	Components []any  `json:"components"`
}

type label struct {
	Type        int    `json:"type"`
	Label       string `json:"label"`
	Description string `json:"description,omitempty"`
	Component   any    `json:"component"`
}

type textInput struct {
	Type        int                      `json:"type"`
	CustomID    string                   `json:"custom_id"`
	Style       discordgo.TextInputStyle `json:"style"`
	Required    bool                     `json:"required"`
	Placeholder string                   `json:"placeholder,omitempty"`
	Value       string                   `json:"value,omitempty"`
	MaxLength   int                      `json:"max_length,omitempty"`
}

type pickInput struct {
	Type     int                          `json:"type"`
	CustomID string                       `json:"custom_id"`
	Required bool                         `json:"required"`
	Min      int                          `json:"min_values"`
	Max      int                          `json:"max_values"`
	Options  []discordgo.SelectMenuOption `json:"options,omitempty"`
	Types    []string                     `json:"file_types,omitempty"`
}

type display struct {
	Type    int    `json:"type"`
	Content string `json:"content"`
}

// modalOf draws a form. Discord names its buttons itself, so Submit and Cancel
// are not shown.
func modalOf(f bot.Form) (modal, error) {
	id := custom{kind: act, call: bot.Callback{Action: f.Action, Arg: f.Arg, Token: f.Token}}
	if !id.valid() || len(f.Fields) == 0 || len(f.Fields) > maxFormParts {
		return modal{}, fmt.Errorf("%w: %s with %d fields", errForm, id, len(f.Fields))
	}
	m := modal{CustomID: id.String(), Title: shorten(f.Title, maxFormTitle)}
	intro := strings.TrimSpace(f.Intro)
	if intro != "" && len(f.Fields) < maxFormParts {
		m.Components, intro = append(m.Components, display{int(discordgo.TextDisplayComponent), introOf(intro)}), ""
	}
	seen := map[string]bool{}
	for i, field := range f.Fields {
		if seen[field.ID] {
			return modal{}, fmt.Errorf("%w: field %q twice", errForm, field.ID)
		}
		seen[field.ID] = true
		if i == 0 && intro != "" {
			field.Hint = strings.TrimSpace(intro + " " + field.Hint)
		}
		part, err := labelOf(field)
		if err != nil {
			return modal{}, err
		}
		m.Components = append(m.Components, part)
	}
	return m, nil
}

// introOf is the words above the fields. They are those of a card: what is too
// long ends in an ellipsis.
func introOf(intro string) string {
	head, rest, _ := words("", bot.Say(intro)).text.split(size{maxInput - 1, maxInput * utf8.UTFMax}, nobody)
	text := head.markdown(nobody)
	if rest.markdown(nobody) != "" {
		text += "…"
	}
	return text
}

func nobody(string) (string, bool) { return "", false }

func labelOf(f bot.Field) (label, error) {
	l := label{Type: labelType, Label: shorten(f.Label, maxFieldName)}
	if hint := strings.TrimSpace(f.Left + " " + f.Hint); hint != "" {
		l.Description = shorten(hint, maxFieldHint)
	}
	id, ok := fieldID(f)
	if !ok {
		return l, fmt.Errorf("%w: field %q", errForm, f.ID)
	}
	var err error
	switch {
	case byName(f):
		l.Component, err = namesOf(f, id)
	case f.Kind == bot.Pick, f.Kind == bot.PickMany:
		l.Component, err = pickOf(f, id)
	case f.Kind == bot.File:
		p := pickInput{Type: uploadType, CustomID: id, Required: !f.Optional, Min: 1, Max: 1, Types: pictureTypes}
		if f.Optional {
			p.Min = 0
		}
		l.Component = p
	default:
		l.Component, err = inputOf(f, id)
	}
	return l, err
}

func inputOf(f bot.Field, id string) (textInput, error) {
	in := textInput{Type: int(discordgo.TextInputComponent), CustomID: id, Style: discordgo.TextInputShort, Required: !f.Optional}
	switch f.Kind {
	case bot.Area:
		in.Style = discordgo.TextInputParagraph
	case bot.Date:
		in.Placeholder = "2026-11-26"
	case bot.Clock:
		in.Placeholder = "18:00"
	}
	in.Value = strings.Join(f.Value, ", ")
	filled := sizeOf(in.Value).chars
	if filled > maxInput {
		return in, fmt.Errorf("%w: field %s already holds %d characters", errForm, f.ID, filled)
	}
	if f.Max > 0 {
		in.MaxLength = min(max(f.Max, filled), maxInput)
	}
	return in, nil
}

func pickOf(f bot.Field, id string) (pickInput, error) {
	d := &drawing{}
	many := f.Kind == bot.PickMany
	options := d.options(bot.Select{Choices: f.Choices, Chosen: f.Value, Many: many})
	if len(options) == 0 || len(options) > maxOptions || len(d.dropped) > 0 {
		return pickInput{}, fmt.Errorf("%w: field %s with %d choices", errForm, f.ID, len(f.Choices))
	}
	p := pickInput{Type: int(discordgo.SelectMenuComponent), CustomID: id, Required: !f.Optional, Min: 1, Max: 1, Options: options}
	if f.Optional {
		p.Min = 0
	}
	if many {
		p.Max = len(options)
	}
	return p, nil
}

// fieldID carries the kind of a field with its ID, because Discord does not say
// it back.
func fieldID(f bot.Field) (string, bool) {
	kinds := map[bot.FieldKind]string{bot.Line: "l", bot.Area: "a", bot.Pick: "p", bot.PickMany: "m", bot.Date: "d", bot.Clock: "c", bot.File: "f"}
	kind, ok := kinds[f.Kind]
	if byName(f) {
		kind = namesKind
	}
	return kind + "." + f.ID, ok && f.ID != "" && sizeOf(f.ID).chars <= maxField
}

func fieldOf(customID string) (kind, id string) {
	kind, id, ok := strings.Cut(customID, ".")
	if !ok || len(kind) != 1 {
		return "", customID
	}
	return kind, id
}

var (
	dayFirst = regexp.MustCompile(`^(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4})$`)
	hourMark = regexp.MustCompile(`^(\d{1,2})\s*(?:[hH:.])\s*(\d{2})?$`)
)

// tidy brings a date or a time as people write it to the form that fields
// promise. What it does not understand stays as it is, for the check to refuse.
func tidy(kind, text string) string {
	trimmed := strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " "))
	switch kind {
	case "d":
		if p := dayFirst.FindStringSubmatch(trimmed); p != nil {
			if day, err := time.Parse("2/1/2006", p[1]+"/"+p[2]+"/"+p[3]); err == nil {
				return day.Format(time.DateOnly)
			}
		}
		return trimmed
	case "c":
		if p := hourMark.FindStringSubmatch(trimmed); p != nil {
			minutes := p[2]
			if minutes == "" {
				minutes = "00"
			}
			if clock, err := time.Parse("15:04", p[1]+":"+minutes); err == nil {
				return clock.Format("15:04")
			}
		}
		return trimmed
	}
	return text
}
