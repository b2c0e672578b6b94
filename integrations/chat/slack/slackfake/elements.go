package slackfake

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// element checks one interactive element.
func (c *checker) element(at, kind string, o object) {
	switch kind {
	case "button":
		c.button(at, o)
	case "static_select":
		c.shape(at, o, "options", "action_id placeholder initial_option confirm focus_on_load")
		c.options(at, o, 1, 100, false)
		if o["initial_option"] != nil && !contains(o["options"], o["initial_option"]) {
			c.bad(at+"/initial_option", "must be one of the options")
		}
	case "multi_static_select":
		c.shape(at, o, "options", "action_id placeholder initial_options confirm max_selected_items focus_on_load")
		c.options(at, o, 1, 100, false)
		for _, chosen := range c.list(at, o, "initial_options", 1, 100) {
			if !contains(o["options"], chosen) {
				c.bad(at+"/initial_options", "must be among the options")
			}
		}
	case "overflow":
		c.shape(at, o, "options", "action_id confirm")
		c.options(at, o, 1, 5, true)
	case "datepicker":
		c.shape(at, o, "", "action_id placeholder initial_date confirm focus_on_load")
		c.moment(at, o, "initial_date", "2006-01-02")
	case "timepicker":
		c.shape(at, o, "", "action_id placeholder initial_time confirm timezone focus_on_load")
		c.moment(at, o, "initial_time", "15:04")
	case "image":
		c.address(at, o, "image_url")
		c.str(at, o, "alt_text", 1, 2000)
	}
	if o["placeholder"] != nil {
		c.text(at+"/placeholder", o["placeholder"], "plain_text", 150)
	}
	if o["confirm"] != nil {
		c.confirm(at+"/confirm", o["confirm"])
	}
}

func (c *checker) moment(at string, o object, name, layout string) {
	if value, ok := o[name].(string); ok {
		if _, err := time.Parse(layout, value); err != nil {
			c.bad(at+"/"+name, "must be %s", layout)
		}
	}
}

func contains(list, item any) bool {
	items, _ := list.([]any)
	return slices.ContainsFunc(items, func(other any) bool { return fmt.Sprint(other) == fmt.Sprint(item) })
}

func (c *checker) button(at string, node object) {
	o, ok := c.shape(at, node, "text", "action_id url value style confirm accessibility_label")
	if !ok {
		return
	}
	c.text(at+"/text", o["text"], "plain_text", 75)
	c.count(c.str(at, o, "value", 1, 2000))
	c.str(at, o, "accessibility_label", 1, 75)
	if o["url"] != nil {
		c.address(at, o, "url")
	}
	if style, has := o["style"]; has && style != "primary" && style != "danger" {
		c.bad(at+"/style", "unsupported style: %v", style)
	}
}

func (c *checker) options(at string, o object, least, most int, links bool) {
	for i, item := range c.list(at, o, "options", least, most) {
		here := fmt.Sprintf("%s/options/%d", at, i)
		option, ok := c.shape(here, item, "text value", "description url")
		if !ok {
			continue
		}
		c.text(here+"/text", option["text"], "plain_text", 75)
		c.count(c.str(here, option, "value", 1, 75))
		if option["url"] != nil {
			if !links {
				c.bad(here, "invalid additional property: url")
			}
			c.address(here, option, "url")
		}
	}
}

func (c *checker) confirm(at string, node any) {
	o, ok := c.shape(at, node, "title text confirm deny", "style")
	if !ok {
		return
	}
	c.text(at+"/title", o["title"], "plain_text", 100)
	c.text(at+"/text", o["text"], "", 300)
	c.text(at+"/confirm", o["confirm"], "plain_text", 30)
	c.text(at+"/deny", o["deny"], "plain_text", 30)
}

// input checks a field of a form.
func (c *checker) input(at string, node object) {
	if c.where == inMessage || c.where == inUnfurl {
		c.bad(at, "input blocks are not allowed in messages here")
	}
	o, ok := c.shape(at, node, "label element", "block_id hint optional dispatch_action")
	if !ok {
		return
	}
	c.text(at+"/label", o["label"], "plain_text", 2000)
	if o["hint"] != nil {
		c.text(at+"/hint", o["hint"], "plain_text", 2000)
	}
	element, ok := o["element"].(object)
	if !ok {
		c.bad(at+"/element", "must be an object")
		return
	}
	here := at + "/element"
	kind, _ := element["type"].(string)
	switch kind {
	case "plain_text_input":
		c.shape(here, element, "", "action_id placeholder initial_value multiline min_length max_length dispatch_action_config focus_on_load")
		most := 3000
		if limit, ok := element["max_length"].(float64); ok {
			if limit < 1 || limit > 3000 {
				c.bad(here+"/max_length", "must be between 1 and 3000")
			}
			most = int(limit)
		}
		c.str(here, element, "initial_value", 0, most)
	case "file_input":
		c.shape(here, element, "", "action_id filetypes max_files")
		if most, ok := element["max_files"].(float64); ok && (most < 1 || most > 10) {
			c.bad(here+"/max_files", "must be between 1 and 10")
		}
		c.list(here, element, "filetypes", 1, 100)
	case "static_select", "multi_static_select", "datepicker", "timepicker":
		c.element(here, kind, element)
	default:
		c.bad(here+"/type", "unsupported element: %s", kind)
	}
}

// richText checks a rich_text block.
func (c *checker) richText(at string, node object) {
	o, ok := c.shape(at, node, "elements", "block_id")
	if !ok {
		return
	}
	total := c.chars
	for i, item := range c.list(at, o, "elements", 1, 50) {
		c.richElement(fmt.Sprintf("%s/elements/%d", at, i), item)
	}
	if c.chars-total > 3000 {
		c.bad(at, "more than 3000 characters") // not documented; a section's limit
	}
}

func (c *checker) richElement(at string, node any) {
	o, ok := c.shape(at, node, "type elements", "border style indent offset language")
	if !ok {
		return
	}
	kind, _ := o["type"].(string)
	if !slices.Contains(strings.Fields("rich_text_section rich_text_quote rich_text_preformatted"), kind) {
		c.bad(at+"/type", "unsupported type: %s", kind)
	}
	for i, item := range c.list(at, o, "elements", 1, 1000) {
		c.richSpan(fmt.Sprintf("%s/elements/%d", at, i), item)
	}
}

func (c *checker) richSpan(at string, node any) {
	o, ok := node.(object)
	if !ok {
		c.bad(at, "must be an object")
		return
	}
	switch o["type"] {
	case "text":
		c.shape(at, o, "text", "style")
		text := c.str(at, o, "text", 1, 3000)
		c.count(text)
		if strings.ContainsAny(text, "<>") {
			c.bad(at+"/text", "unescaped control character") // stricter than Slack
		}
	case "link":
		c.shape(at, o, "url", "text style unsafe")
		c.address(at, o, "url")
		c.count(c.str(at, o, "text", 1, 3000))
	case "user":
		c.shape(at, o, "user_id", "style")
		if id := c.str(at, o, "user_id", 2, 20); !strings.HasPrefix(id, "U") && !strings.HasPrefix(id, "W") {
			c.bad(at+"/user_id", "invalid user")
		}
	default: // broadcast, usergroup, channel, emoji: Crieur never sends them
		c.bad(at+"/type", "unsupported element: %v", o["type"])
	}
}

// table checks a table.
func (c *checker) table(at string, node object) {
	c.tables++
	if c.where != inMessage || c.tables > 1 {
		c.bad(at, "only one table in a message, none elsewhere")
	}
	o, ok := c.shape(at, node, "rows", "block_id column_settings")
	if !ok {
		return
	}
	before := c.chars
	width := -1
	for i, item := range c.list(at, o, "rows", 1, 100) {
		here := fmt.Sprintf("%s/rows/%d", at, i)
		cells, _ := item.([]any)
		if len(cells) < 1 || len(cells) > 20 || width >= 0 && len(cells) != width {
			c.bad(here, "rows must have the same 1 to 20 cells")
		}
		width = len(cells)
		for j, cell := range cells {
			spot := fmt.Sprintf("%s/%d", here, j)
			if o, ok := c.shape(spot, cell, "type text", ""); ok {
				c.count(c.str(spot, o, "text", 1, 3000))
				if o["type"] != "raw_text" {
					c.bad(spot, "unsupported cell: %v", o["type"])
				}
			}
		}
	}
	if c.chars-before > 10_000 {
		c.bad(at, "more than 10000 characters")
	}
}
