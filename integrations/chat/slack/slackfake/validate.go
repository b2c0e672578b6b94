package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
)

// surface is where blocks are shown.
type surface string

const (
	inMessage surface = "message"
	inModal   surface = "modal"
	inHome    surface = "home"
	inUnfurl  surface = "unfurl" // under a link
)

// cumulativeCap is what all texts of a message may add up to. Slack documents
// no figure; messages of 11,341 characters were refused.
const cumulativeCap = 10_000

type object = map[string]any

// checker collects what is wrong with blocks.
type checker struct {
	where  surface
	errors []string
	ids    map[string]bool
	chars  int
	tables int
}

// Validate says what Slack would refuse in blocks on a surface ("message",
// "modal", "home", "unfurl"); an empty code means that it takes them.
func Validate(where string, raw []byte) (code string, details []string) {
	var blocks []any
	if err := json.Unmarshal(raw, &blocks); err != nil {
		return "invalid_blocks_format", []string{err.Error()}
	}
	c := &checker{where: surface(where), ids: map[string]bool{}}
	most := 100
	if c.where == inMessage || c.where == inUnfurl {
		most = 50
	}
	if len(blocks) > most {
		c.bad("/blocks", "no more than %d items allowed", most)
	}
	for i, block := range blocks {
		c.block(fmt.Sprintf("/blocks/%d", i), block)
	}
	if len(c.errors) > 0 {
		return "invalid_blocks", c.errors
	}
	if (c.where == inMessage || c.where == inUnfurl) && c.chars > cumulativeCap {
		return "msg_blocks_too_long", []string{fmt.Sprintf("%d characters", c.chars)}
	}
	return "", nil
}

func (c *checker) bad(at, format string, args ...any) {
	c.errors = append(c.errors, "[ERROR] "+fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// shape checks the properties of an object: required ones, allowed ones.
func (c *checker) shape(at string, node any, required, optional string) (object, bool) {
	o, ok := node.(object)
	if !ok {
		c.bad(at, "must be an object")
		return nil, false
	}
	must, may := strings.Fields(required), strings.Fields(optional)
	for _, name := range must {
		if _, there := o[name]; !there {
			c.bad(at, "missing required field: %s", name)
			ok = false
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if !slices.Contains(must, name) && !slices.Contains(may, name) && name != "type" {
			c.bad(at, "invalid additional property: %s", name)
		}
	}
	return o, ok
}

func (c *checker) str(at string, o object, name string, least, most int) string {
	value, there := o[name]
	if !there {
		return ""
	}
	text, ok := value.(string)
	if !ok {
		c.bad(at+"/"+name, "must be a string")
		return ""
	}
	n := len(utf16.Encode([]rune(text)))
	if n < least {
		c.bad(at+"/"+name, "must be more than %d characters", least-1)
	}
	if n > most {
		c.bad(at+"/"+name, "must be less than %d characters", most+1)
	}
	return text
}

func (c *checker) list(at string, o object, name string, least, most int) []any {
	value, there := o[name]
	if !there {
		return nil
	}
	items, ok := value.([]any)
	if !ok {
		c.bad(at+"/"+name, "must be a list")
		return nil
	}
	if len(items) < least {
		c.bad(at+"/"+name, "no fewer than %d items allowed", least)
	}
	if len(items) > most {
		c.bad(at+"/"+name, "no more than %d items allowed", most)
	}
	return items
}

func (c *checker) count(text string) { c.chars += len(utf16.Encode([]rune(text))) }

// text checks a text object; only says which type it must have, if any.
func (c *checker) text(at string, node any, only string, most int) {
	o, ok := c.shape(at, node, "type text", "emoji verbatim")
	if !ok {
		return
	}
	kind, _ := o["type"].(string)
	if kind != "plain_text" && kind != "mrkdwn" || only != "" && kind != only {
		c.bad(at+"/type", "unsupported text type: %s", kind)
	}
	if _, has := o["emoji"]; has && kind == "mrkdwn" {
		c.bad(at+"/emoji", "invalid additional property: emoji")
	}
	text := c.str(at, o, "text", 1, most)
	c.count(text)
	if i := strings.IndexAny(text, "<>"); i >= 0 && kind == "plain_text" {
		c.bad(at+"/text", "unescaped control character") // stricter than Slack
	}
	if strings.Contains(text, "<!") {
		c.bad(at+"/text", "a mention of everybody") // Crieur never does that
	}
}

// block checks one block.
func (c *checker) block(at string, node any) {
	o, ok := node.(object)
	if !ok {
		c.bad(at, "must be an object")
		return
	}
	if id := c.str(at, o, "block_id", 1, 255); id != "" {
		if c.ids[id] {
			c.bad(at+"/block_id", "block_id already exists")
		}
		c.ids[id] = true
	}
	kind, _ := o["type"].(string)
	switch kind {
	case "header":
		if o, ok := c.shape(at, o, "text", "block_id level"); ok {
			c.text(at+"/text", o["text"], "plain_text", 150)
		}
	case "section":
		c.section(at, o)
	case "divider":
		c.shape(at, o, "", "block_id")
	case "context":
		c.context(at, o)
	case "actions":
		if o, ok := c.shape(at, o, "elements", "block_id"); ok {
			c.elements(at, c.list(at, o, "elements", 1, 25), "button static_select overflow datepicker timepicker "+
				"external_select users_select conversations_select channels_select checkboxes radio_buttons")
		}
	case "image":
		c.image(at, o)
	case "rich_text":
		c.richText(at, o)
	case "table":
		c.table(at, o)
	case "input":
		c.input(at, o)
	default:
		c.bad(at+"/type", "unsupported type: %s", kind)
	}
}

func (c *checker) section(at string, node object) {
	o, _ := c.shape(at, node, "", "text fields accessory block_id expand")
	if o["text"] == nil && o["fields"] == nil {
		c.bad(at, "missing required field: text or fields")
	}
	if o["text"] != nil {
		c.text(at+"/text", o["text"], "", 3000)
	}
	for i, field := range c.list(at, o, "fields", 1, 10) {
		c.text(fmt.Sprintf("%s/fields/%d", at, i), field, "", 2000)
	}
	if o["accessory"] != nil {
		c.elements(at, []any{o["accessory"]}, "button static_select multi_static_select overflow image datepicker timepicker "+
			"external_select users_select conversations_select channels_select checkboxes radio_buttons")
	}
}

func (c *checker) context(at string, node object) {
	o, ok := c.shape(at, node, "elements", "block_id")
	if !ok {
		return
	}
	for i, element := range c.list(at, o, "elements", 1, 10) {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		if e, ok := element.(object); ok && e["type"] == "image" {
			c.address(here, e, "image_url")
			c.str(here, e, "alt_text", 1, 2000)
			continue
		}
		c.text(here, element, "", 2000)
	}
}

func (c *checker) image(at string, node object) {
	o, ok := c.shape(at, node, "alt_text", "image_url slack_file title block_id")
	if !ok {
		return
	}
	if o["slack_file"] == nil {
		c.address(at, o, "image_url")
	} else {
		c.slackFile(at, o)
	}
	c.count(c.str(at, o, "alt_text", 1, 2000))
	if o["title"] != nil {
		c.text(at+"/title", o["title"], "plain_text", 2000)
	}
}

// slackFile checks how a picture names its file: by its ID or by its address.
func (c *checker) slackFile(at string, image object) {
	here := at + "/slack_file"
	o, _ := c.shape(here, image["slack_file"], "", "id url")
	if image["image_url"] != nil || (o["id"] == nil) == (o["url"] == nil) {
		c.bad(here, "must have one of image_url, slack_file id and slack_file url")
	}
	if id := c.str(here, o, "id", 9, 20); id != "" && !strings.HasPrefix(id, "F") {
		c.bad(here+"/id", "input must match regex pattern: ^[F][A-Z0-9]{8,}$")
	}
	if o["url"] != nil {
		c.address(here, o, "url")
	}
}

func (c *checker) address(at string, o object, name string) {
	address := c.str(at, o, name, 1, 3000)
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
		c.bad(at+"/"+name, "must be a valid URL")
	}
}

// elements checks what can be clicked; allowed lists the kinds.
func (c *checker) elements(at string, items []any, allowed string) {
	seen := map[string]bool{}
	for i, item := range items {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		o, ok := item.(object)
		if !ok {
			c.bad(here, "must be an object")
			continue
		}
		kind, _ := o["type"].(string)
		if !slices.Contains(strings.Fields(allowed), kind) {
			c.bad(here+"/type", "unsupported element: %s", kind)
			continue
		}
		if id := c.str(here, o, "action_id", 1, 255); id != "" {
			if seen[id] {
				c.bad(here+"/action_id", "action_id already exists: %s", id)
			}
			seen[id] = true
		}
		c.element(here, kind, o)
	}
}
