package slack

import (
	"encoding/json"
	"strings"
)

// quoteOf is what a message says: its text; where that is empty, as in much of what
// other applications post, its blocks, or what hangs on it and was forwarded with it.
func quoteOf(in interaction) string {
	text := plain(in.Message.Text)
	for _, raw := range []json.RawMessage{in.Message.Blocks, in.Message.Attachments} {
		var tree any
		if strings.TrimSpace(text) == "" && json.Unmarshal(raw, &tree) == nil {
			text = strings.Join(wordsIn(tree), "\n")
		}
	}
	return text
}

// bodies are where the words of a block or an attachment are: the first that has any
// counts, as the others say the same.
var bodies = []string{"text", "value", "blocks", "message_blocks", "message", "elements", "fallback"}

// wordsIn are the lines of blocks or attachments. What is to click or to look at says
// nothing.
func wordsIn(node any) (lines []string) {
	switch node := node.(type) {
	case string:
		if text := strings.TrimSpace(plain(node)); text != "" {
			lines = []string{text}
		}
	case []any:
		for _, child := range node {
			lines = append(lines, wordsIn(child)...)
		}
	case map[string]any:
		switch kind, _ := node["type"].(string); kind {
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
			return lineOf(node["elements"])
		case "actions", "image", "button":
			return nil
		}
		lines = append(wordsIn(node["pretext"]), wordsIn(node["title"])...)
		for _, name := range bodies {
			if body := wordsIn(node[name]); len(body) > 0 {
				lines = append(lines, body...)
				break
			}
		}
		lines = append(lines, wordsIn(node["fields"])...)
	}
	return lines
}

// lineOf joins the pieces of a line of rich text.
func lineOf(pieces any) []string {
	var b strings.Builder
	list, _ := pieces.([]any)
	for _, piece := range list {
		properties, _ := piece.(map[string]any)
		said := func(name string) string {
			text, _ := properties[name].(string)
			return unescape(text)
		}
		switch said("type") {
		case "text":
			b.WriteString(said("text"))
		case "link":
			b.WriteString(first(said("text"), said("url")))
		case "user":
			b.WriteString("@" + said("user_id"))
		case "emoji":
			b.WriteString(":" + said("name") + ":")
		}
	}
	if line := strings.TrimSpace(b.String()); line != "" {
		return []string{line}
	}
	return nil
}
