package slack

import (
	"encoding/json"
	"net/url"
	"strings"

	api "github.com/slack-go/slack"

	"crieur/bot"
)

// plainText is a text object in which nothing is parsed, not even ":emoji:".
func plainText(text string, max int) *api.TextBlockObject {
	return api.NewTextBlockObject(api.PlainTextType, cutEscaped(text, max), false, false)
}

// labelText is plainText that is never empty, as Slack wants it.
func labelText(text string, max int) *api.TextBlockObject {
	text = line(text)
	if text == "" {
		text = ellipsis
	}
	return plainText(text, max)
}

// weight counts what Slack adds up over all blocks: every text, value, address.
func weight(blocks ...api.Block) int {
	raw, err := json.Marshal(blocks)
	if err != nil {
		return maxMessage
	}
	var tree any
	if json.Unmarshal(raw, &tree) != nil {
		return maxMessage
	}
	return weigh("", tree)
}

func weigh(key string, node any) int {
	total := 0
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			total += weigh(key, child)
		}
	case map[string]any:
		for name, child := range node {
			total += weigh(name, child)
		}
	case string:
		switch key {
		case "text", "value", "alt_text", "image_url", "url":
			total = units(node)
		}
	}
	return total
}

// richText is one rich_text block of one section: what is in it is shown as it
// is, with no markup, no emoji code and no link of its own.
func richText(elements []api.RichTextSectionElement) api.Block {
	return api.NewRichTextBlock("", api.NewRichTextSection(elements...))
}

// quote is somebody's words.
func quote(text string) api.Block {
	return api.NewRichTextBlock("", &api.RichTextQuote{
		Type:     api.RTEQuote,
		Elements: []api.RichTextSectionElement{api.NewRichTextSectionTextElement(escape(text), nil)},
	})
}

// preformatted shows aligned text.
func preformatted(text string) api.Block {
	return api.NewRichTextBlock("", &api.RichTextPreformatted{
		Type:     api.RTEPreformatted,
		Elements: []api.RichTextSectionElement{api.NewRichTextSectionTextElement(escape(text), nil)},
	})
}

// small is a line in small print.
func small(text string) api.Block {
	return api.NewContextBlock("", plainText(text, maxContext))
}

// spans turns a line of ours into the elements of a section.
func (r renderer) spans(text bot.Text, strong bool) []api.RichTextSectionElement {
	var elements []api.RichTextSectionElement
	for _, span := range text {
		words := clean(span.Text)
		var style *api.RichTextSectionTextStyle
		if span.Strong || strong {
			style = &api.RichTextSectionTextStyle{Bold: true}
		}
		if id, ok := r.user(span.Member); ok {
			elements = append(elements, api.NewRichTextSectionUserElement(id, nil))
			continue
		}
		if words == "" {
			continue
		}
		if webAddress(span.URL) {
			elements = append(elements, api.NewRichTextSectionLinkElement(span.URL, escape(words), style))
			continue
		}
		elements = append(elements, api.NewRichTextSectionTextElement(escape(words), style))
	}
	return elements
}

// user is the Slack account of a member, if the span is a mention of one.
func (r renderer) user(member string) (string, bool) {
	if member == "" || r.member == nil {
		return "", false
	}
	return r.member(member)
}

// webAddress says whether Slack may link to the address.
func webAddress(address string) bool {
	if address == "" || units(address) > maxURL || strings.ContainsAny(address, "<>| \n\t\"") {
		return false
	}
	parsed, err := url.Parse(address)
	return err == nil && (parsed.Scheme == "https" || parsed.Scheme == "http") && parsed.Host != ""
}

// splitText parts a line of ours so that each part fits a block; mentions and
// links stay whole.
func splitText(text bot.Text, max int) []bot.Text {
	var parts []bot.Text
	var part bot.Text
	room := max
	for _, span := range text {
		span.Text = clean(span.Text)
		for span.Text != "" || span.Member != "" {
			piece := span
			if size := units(escape(span.Text)); size > room {
				if size <= max || room < max/4 {
					parts, part, room = append(parts, part), nil, max
				}
				piece.Text = split(span.Text, room)[0]
			}
			part = append(part, piece)
			room -= units(escape(piece.Text))
			span.Text = span.Text[len(piece.Text):]
			span.Member = ""
			if span.Text != "" {
				parts, part, room = append(parts, part), nil, max
			}
		}
	}
	return append(parts, part)
}

// button is one button; index makes the ID of a link's unique.
func (r renderer) button(card bot.Card, b bot.Button, index int) *api.ButtonBlockElement {
	id := bot.Callback{Action: b.Action, Arg: b.Arg, Token: card.Token}
	if b.URL != "" {
		id = bot.Callback{Action: linkAction, Arg: number(index)}
	}
	element := api.NewButtonBlockElement(id.String(), "", labelText(b.Label, maxButton))
	if b.URL != "" {
		element.URL = b.URL
	}
	switch b.Style {
	case bot.Primary:
		element.Style = api.StylePrimary
	case bot.Danger:
		element.Style = api.StyleDanger
	}
	element.Confirm = confirmation(b)
	return element
}

func confirmation(b bot.Button) *api.ConfirmationBlockObject {
	if b.Confirm == nil {
		return nil
	}
	ask := api.NewConfirmationBlockObject(
		labelText(b.Confirm.Title, maxConfirmTitle), labelText(b.Confirm.Text, maxConfirmText),
		labelText(b.Confirm.Yes, maxConfirmButton), labelText(b.Confirm.No, maxConfirmButton))
	if b.Style == bot.Danger {
		ask.Style = api.StyleDanger
	}
	return ask
}

// rows puts elements into action rows; a row never holds one ID twice.
func rows(elements []api.BlockElement) []api.Block {
	var blocks []api.Block
	var row []api.BlockElement
	seen := map[string]bool{}
	flush := func() {
		if len(row) > 0 {
			blocks = append(blocks, api.NewActionBlock("", row...))
		}
		row, seen = nil, map[string]bool{}
	}
	for _, element := range elements {
		id := actionID(element)
		if len(row) == maxRow || seen[id] {
			flush()
		}
		row, seen[id] = append(row, element), true
	}
	flush()
	return blocks
}

func actionID(element api.BlockElement) string {
	switch element := element.(type) {
	case *api.ButtonBlockElement:
		return element.ActionID
	case *api.OverflowBlockElement:
		return element.ActionID
	case *api.SelectBlockElement:
		return element.ActionID
	}
	return ""
}
