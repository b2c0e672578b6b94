package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf16"
)

// Limits of messages with components.
const (
	maxComponents = 40
	maxText       = 4000
	// maxBytes bounds bytes of text + 12 for each component. It is not documented;
	// beyond it Discord fails with status 500.
	maxBytes = 10170
)

// chars counts as the stricter reading does: UTF-16 units.
func chars(text string) int { return len(utf16.Encode([]rune(text))) }

var mention = regexp.MustCompile(`(^|[^\\])<@!?(\d+)>`)

// mentionsIn finds the users that a text mentions; an escaped one is text.
func mentionsIn(text string) []string {
	var ids []string
	for _, found := range mention.FindAllStringSubmatch(text, -1) {
		ids = append(ids, found[2])
	}
	return ids
}

// checker walks the components of one message.
type checker struct {
	count, text, bytes int
	ids                map[string]bool
	numbers            map[float64]bool
	files              []*stored
	shown              map[*stored]bool
}

// CheckMessage says why Discord would refuse a message with components, given as
// the JSON of its components; nil if it would not.
func CheckMessage(components []byte, files map[string][]byte) error {
	var list []any
	if err := json.Unmarshal(components, &list); err != nil {
		return fmt.Errorf("components not readable: %w", err)
	}
	var attached []*stored
	for name, data := range files {
		attached = append(attached, &stored{name: name, data: data})
	}
	if bad := checkMessage(payload{Components: list}, flagV2, attached); bad != nil {
		return bad
	}
	return nil
}

func checkMessage(body payload, flags int, files []*stored) *refusal {
	if flags&flagV2 == 0 {
		return checkPlain(body, files)
	}
	if body.Content != nil {
		return refuse(400, 50035, "content: not with IS_COMPONENTS_V2")
	}
	if len(body.Components) == 0 {
		return refuse(400, 50006, "Cannot send an empty message")
	}
	c := &checker{ids: map[string]bool{}, numbers: map[float64]bool{}, files: files, shown: map[*stored]bool{}}
	for i, raw := range body.Components {
		if bad := c.top(raw, fmt.Sprintf("components[%d]", i)); bad != nil {
			return bad
		}
	}
	switch {
	case c.count > maxComponents:
		return refuse(400, 50035, "components: %d, at most 40", c.count)
	case c.text > maxText:
		return refuse(400, 50035, "components: %d characters of text, at most 4000", c.text)
	case c.bytes+12*c.count > maxBytes:
		return refuse(500, 0, "500: Internal Server Error (%d bytes of text in %d components)", c.bytes, c.count)
	}
	for _, f := range files {
		if !c.shown[f] {
			return refuse(400, 50035, "attachment %q is shown by no component", f.name)
		}
	}
	return nil
}

// checkPlain checks a message without components.
func checkPlain(body payload, files []*stored) *refusal {
	blank := body.Content == nil || strings.TrimSpace(*body.Content) == ""
	if blank && len(files) == 0 {
		return refuse(400, 50006, "Cannot send an empty message")
	}
	if !blank && chars(*body.Content) > 2000 {
		return refuse(400, 50035, "content: at most 2000 characters")
	}
	return nil
}

func kind(comp map[string]any) int {
	number, _ := comp["type"].(float64)
	return int(number)
}

func wrong(at, format string, args ...any) *refusal {
	return refuse(400, 50035, "%s: %s", at, fmt.Sprintf(format, args...))
}

// fields refuses what a component does not have.
func fields(comp map[string]any, at string, allowed ...string) *refusal {
	for name := range comp {
		known := name == "type" || name == "id"
		for _, a := range allowed {
			known = known || name == a
		}
		if !known {
			return wrong(at, "unknown field %q in a component of type %d", name, kind(comp))
		}
	}
	return nil
}

func (c *checker) counted(raw any, at string) (map[string]any, *refusal) {
	comp, ok := raw.(map[string]any)
	if !ok {
		return nil, wrong(at, "not an object")
	}
	c.count++
	if id, ok := comp["id"].(float64); ok && id != 0 {
		if c.numbers[id] {
			return nil, wrong(at, "component id %v duplicated", id)
		}
		c.numbers[id] = true
	}
	return comp, nil
}

func (c *checker) top(raw any, at string) *refusal {
	comp, bad := c.counted(raw, at)
	if bad != nil {
		return bad
	}
	if kind(comp) != 17 {
		return c.inner(comp, at)
	}
	if bad := fields(comp, at, "accent_color", "spoiler", "components"); bad != nil {
		return bad
	}
	if colour, ok := comp["accent_color"].(float64); ok && (colour < 0 || colour > 0xFFFFFF) {
		return wrong(at, "accent_color out of range")
	}
	list, _ := comp["components"].([]any)
	if len(list) == 0 {
		return wrong(at, "an empty container")
	}
	for i, child := range list {
		where := fmt.Sprintf("%s.components[%d]", at, i)
		inner, bad := c.counted(child, where)
		if bad == nil {
			bad = c.inner(inner, where)
		}
		if bad != nil {
			return bad
		}
	}
	return nil
}

// inner checks what may stand in a container.
func (c *checker) inner(comp map[string]any, at string) *refusal {
	switch kind(comp) {
	case 1:
		return c.row(comp, at)
	case 10:
		if bad := fields(comp, at, "content"); bad != nil {
			return bad
		}
		content := text(comp["content"])
		if strings.TrimSpace(content) == "" || chars(content) > maxText {
			return wrong(at, "content: 1 to 4000 characters")
		}
		c.text += chars(content)
		c.bytes += len(content)
		return nil
	case 12:
		return c.gallery(comp, at)
	case 13:
		return c.file(comp, at)
	case 14:
		return fields(comp, at, "divider", "spacing")
	}
	return wrong(at, "component type %d not allowed here", kind(comp))
}

func (c *checker) gallery(comp map[string]any, at string) *refusal {
	if bad := fields(comp, at, "items"); bad != nil {
		return bad
	}
	items, _ := comp["items"].([]any)
	if len(items) < 1 || len(items) > 10 {
		return wrong(at, "items: 1 to 10")
	}
	for i, raw := range items {
		item, _ := raw.(map[string]any)
		media, _ := item["media"].(map[string]any)
		if len(media) != 1 || !c.picture(text(media["url"])) {
			return wrong(at, "items[%d].media.url not valid", i)
		}
		alt, described := item["description"]
		if described && (chars(text(alt)) < 1 || chars(text(alt)) > 1024) {
			return wrong(at, "items[%d].description: 1 to 1024 characters", i)
		}
		c.bytes += len(text(alt))
	}
	return nil
}

// picture says whether a gallery takes an address: of the web, or of an image
// that the message has.
func (c *checker) picture(address string) bool {
	if name, attached := strings.CutPrefix(address, "attachment://"); attached {
		f := called(c.files, name)
		c.shown[f] = true
		return f != nil && strings.HasPrefix(http.DetectContentType(f.data), "image/")
	}
	c.shown[at(c.files, address)] = true
	return web(address, 2048)
}

func (c *checker) file(comp map[string]any, at string) *refusal {
	if bad := fields(comp, at, "file", "spoiler"); bad != nil {
		return bad
	}
	media, _ := comp["file"].(map[string]any)
	name, ok := strings.CutPrefix(text(media["url"]), "attachment://")
	f := called(c.files, name)
	if !ok || f == nil {
		return wrong(at, "file %q was not sent", text(media["url"]))
	}
	c.shown[f] = true
	return nil
}

func web(raw string, limit int) bool {
	u, err := url.Parse(raw)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && chars(raw) <= limit && !strings.ContainsAny(raw, " \n<>")
}

func (c *checker) row(comp map[string]any, at string) *refusal {
	if bad := fields(comp, at, "components"); bad != nil {
		return bad
	}
	list, _ := comp["components"].([]any)
	if len(list) < 1 || len(list) > 5 {
		return wrong(at, "a row has 1 to 5 components")
	}
	for i, raw := range list {
		where := fmt.Sprintf("%s.components[%d]", at, i)
		part, bad := c.counted(raw, where)
		if bad != nil {
			return bad
		}
		switch kind(part) {
		case 2:
			bad = c.button(part, where)
		case 3:
			if len(list) > 1 {
				return wrong(where, "a menu stands alone in its row")
			}
			bad = c.menu(part, where)
		default:
			bad = wrong(where, "component type %d not allowed in a row", kind(part))
		}
		if bad != nil {
			return bad
		}
	}
	return nil
}

func (c *checker) customID(comp map[string]any, at string) *refusal {
	id := text(comp["custom_id"])
	if chars(id) < 1 || chars(id) > 100 {
		return wrong(at, "custom_id: 1 to 100 characters")
	}
	if c.ids[id] {
		return wrong(at, "custom_id %q duplicated", id)
	}
	c.ids[id] = true
	return nil
}

func (c *checker) button(comp map[string]any, at string) *refusal {
	if bad := fields(comp, at, "style", "label", "custom_id", "url", "disabled"); bad != nil {
		return bad
	}
	if label := text(comp["label"]); strings.TrimSpace(label) == "" || chars(label) > 80 {
		return wrong(at, "label: 1 to 80 characters")
	}
	style, _ := comp["style"].(float64)
	link, linked := comp["url"]
	switch {
	case style == 5 && (!linked || !web(text(link), 512) || comp["custom_id"] != nil):
		return wrong(at, "a link button has a url of at most 512 characters and no custom_id")
	case style == 5:
		return nil
	case style < 1 || style > 5 || linked:
		return wrong(at, "style %v", style)
	}
	return c.customID(comp, at)
}

func (c *checker) menu(comp map[string]any, at string) *refusal {
	if bad := fields(comp, at, "custom_id", "placeholder", "min_values", "max_values", "options", "disabled", "required"); bad != nil {
		return bad
	}
	if chars(text(comp["placeholder"])) > 150 {
		return wrong(at, "placeholder: at most 150 characters")
	}
	options, _ := comp["options"].([]any)
	if len(options) < 1 || len(options) > 25 {
		return wrong(at, "options: 1 to 25")
	}
	least, most := 1.0, 1.0
	if n, ok := comp["min_values"].(float64); ok {
		least = n
	}
	if n, ok := comp["max_values"].(float64); ok {
		most = n
	}
	if least < 0 || most < 1 || least > most || most > float64(len(options)) {
		return wrong(at, "min_values %v, max_values %v with %d options", least, most, len(options))
	}
	seen, chosen := map[string]bool{}, 0.0
	for i, raw := range options {
		option, _ := raw.(map[string]any)
		label, value := text(option["label"]), text(option["value"])
		if strings.TrimSpace(label) == "" || chars(label) > 100 || chars(value) < 1 || chars(value) > 100 || chars(text(option["description"])) > 100 {
			return wrong(at, "options[%d]: label, value and description of 1 to 100 characters", i)
		}
		if seen[value] {
			return wrong(at, "options[%d]: value %q duplicated", i, value)
		}
		seen[value] = true
		if option["default"] == true {
			chosen++
		}
	}
	if chosen > most {
		return wrong(at, "%v options chosen, at most %v", chosen, most)
	}
	return c.customID(comp, at)
}

// textOf is the text of all components.
func textOf(components []any) string {
	var b strings.Builder
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case map[string]any:
			if content := text(v["content"]); content != "" {
				if b.Len() > 0 {
					b.WriteByte('\n')
				}
				b.WriteString(content)
			}
			walk(v["components"])
		}
	}
	walk(components)
	return b.String()
}
