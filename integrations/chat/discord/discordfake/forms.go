package discordfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// checkModal refuses a modal that Discord refuses.
func checkModal(raw json.RawMessage) (*Modal, *refusal) {
	var body struct {
		CustomID   string           `json:"custom_id"`
		Title      string           `json:"title"`
		Components []map[string]any `json:"components"`
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&body); err != nil {
		return nil, refuse(400, 50035, "Invalid Form Body: %v", err)
	}
	switch {
	case chars(body.CustomID) < 1 || chars(body.CustomID) > 100:
		return nil, refuse(400, 50035, "custom_id: 1 to 100 characters")
	case strings.TrimSpace(body.Title) == "" || chars(body.Title) > 45:
		return nil, refuse(400, 50035, "title: 1 to 45 characters")
	case len(body.Components) < 1 || len(body.Components) > 5:
		return nil, refuse(400, 50035, "components: 1 to 5")
	}
	m := &Modal{CustomID: body.CustomID, Title: body.Title}
	seen := map[string]bool{}
	for i, comp := range body.Components {
		at := fmt.Sprintf("components[%d]", i)
		if kind(comp) == 10 {
			said := text(comp["content"])
			if strings.TrimSpace(said) == "" || chars(said) > maxText {
				return nil, wrong(at, "content: 1 to 4000 characters")
			}
			m.Text = strings.TrimSpace(m.Text + "\n" + said)
			continue
		}
		field, bad := checkLabel(comp, at)
		if bad != nil {
			return nil, bad
		}
		if seen[field.ID] {
			return nil, wrong(at, "custom_id %q duplicated", field.ID)
		}
		seen[field.ID] = true
		m.Fields = append(m.Fields, field)
	}
	return m, nil
}

func checkLabel(comp map[string]any, at string) (Field, *refusal) {
	var f Field
	if kind(comp) != 18 {
		return f, wrong(at, "component type %d: inputs stand in labels (18)", kind(comp))
	}
	if bad := fields(comp, at, "label", "description", "component"); bad != nil {
		return f, bad
	}
	f.Label, f.Description = text(comp["label"]), text(comp["description"])
	if strings.TrimSpace(f.Label) == "" || chars(f.Label) > 45 || chars(f.Description) > 100 {
		return f, wrong(at, "label of 1 to 45, description of at most 100 characters")
	}
	in, _ := comp["component"].(map[string]any)
	f.Kind, f.ID = kind(in), text(in["custom_id"])
	f.Required = in["required"] != false
	if chars(f.ID) < 1 || chars(f.ID) > 100 {
		return f, wrong(at, "custom_id: 1 to 100 characters")
	}
	switch f.Kind {
	case 4:
		return f, f.input(in, at)
	case 3:
		c := &checker{ids: map[string]bool{}}
		for _, raw := range list(in["options"]) {
			option, _ := raw.(map[string]any)
			f.Options = append(f.Options, Option{Label: text(option["label"]), Value: text(option["value"])})
			if option["default"] == true {
				f.Values = append(f.Values, text(option["value"]))
			}
		}
		most, _ := in["max_values"].(float64)
		f.Many = most > 1
		if least, _ := in["min_values"].(float64); least == 0 && f.Required && in["min_values"] != nil {
			return f, wrong(at, "min_values 0 in a required menu")
		}
		return f, c.menu(in, at)
	case 19:
		return f, f.uploads(in, at)
	}
	return f, wrong(at, "component type %d not allowed in a label", f.Kind)
}

// uploads checks a field for files.
func (f *Field) uploads(in map[string]any, at string) *refusal {
	if bad := fields(in, at, "custom_id", "min_values", "max_values", "required", "file_types"); bad != nil {
		return bad
	}
	least, most := 1.0, 1.0
	if n, given := in["min_values"].(float64); given {
		least = n
	}
	if n, given := in["max_values"].(float64); given {
		most = n
	}
	if least < 0 || most < 1 || most > maxFiles || least > most || (f.Required && least < 1) {
		return wrong(at, "min_values %v, max_values %v, required %v", least, most, f.Required)
	}
	f.Max = int(most)
	for _, raw := range list(in["file_types"]) {
		group := slices.Contains([]string{"image", "video", "audio"}, text(raw))
		if !group && !strings.HasPrefix(text(raw), ".") || len(f.Types) == 10 {
			return wrong(at, "file_types: at most 10 groups or extensions, not %v", raw)
		}
		f.Types = append(f.Types, text(raw))
	}
	return nil
}

func list(value any) []any {
	l, _ := value.([]any)
	return l
}

func (f *Field) input(in map[string]any, at string) *refusal {
	if bad := fields(in, at, "custom_id", "style", "required", "placeholder", "value", "min_length", "max_length"); bad != nil {
		return bad
	}
	style, _ := in["style"].(float64)
	most, given := in["max_length"].(float64)
	if !given {
		most = maxText
	}
	f.Max, f.Value, f.Placeholder, f.Long = int(most), text(in["value"]), text(in["placeholder"]), style == 2
	switch {
	case style != 1 && style != 2:
		return wrong(at, "style %v", style)
	case most < 1 || most > maxText:
		return wrong(at, "max_length: 1 to 4000")
	case chars(f.Value) > f.Max:
		return wrong(at, "value of %d characters in an input of %d", chars(f.Value), f.Max)
	case chars(f.Placeholder) > 100:
		return wrong(at, "placeholder: at most 100 characters")
	}
	return nil
}

var slashName = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

const maxCreates = 200

// putCommands replaces all commands, if all of them are valid.
func (s *Server) putCommands(req request) (any, int, *refusal) {
	var set []map[string]any
	if err := json.Unmarshal(req.body, &set); err != nil {
		return nil, 0, refuse(400, 50035, "Invalid Form Body: %v", err)
	}
	counts, had, names := map[int]int{}, map[string]bool{}, map[string]bool{}
	for _, c := range s.commands {
		had[commandName(c)] = true
	}
	fresh := 0
	for i, c := range set {
		if c["type"] == nil {
			c["type"] = 1.0
		}
		counts[kind(c)]++
		if bad := checkCommand(c, fmt.Sprintf("[%d]", i)); bad != nil {
			return nil, 0, bad
		}
		if names[commandName(c)] {
			return nil, 0, wrong(fmt.Sprintf("[%d]", i), "name %q twice", text(c["name"]))
		}
		names[commandName(c)] = true
		if !had[commandName(c)] {
			fresh++
		}
		c["id"], c["application_id"], c["version"] = s.snowflake(), s.opts.AppID, s.snowflake()
		c["default_member_permissions"], c["nsfw"] = nil, false
	}
	if counts[1] > 100 || counts[2] > 15 || counts[3] > 15 {
		return nil, 0, refuse(400, 30032, "Maximum number of application commands reached")
	}
	day := s.opts.Now().Add(-24 * time.Hour)
	recent := s.created[:0]
	for _, t := range s.created {
		if t.After(day) {
			recent = append(recent, t)
		}
	}
	if s.created = recent; len(recent)+fresh > maxCreates {
		return nil, 0, refuse(400, 30034, "Max number of daily application command creates has been reached (200)")
	}
	for range fresh {
		s.created = append(s.created, s.opts.Now())
	}
	s.commands = set
	return set, 200, nil
}

// commandName is what tells commands apart: each sort has its own names.
func commandName(c map[string]any) string { return fmt.Sprint(kind(c), text(c["name"])) }

func checkCommand(c map[string]any, at string) *refusal {
	total := 0
	for _, name := range texts(c, "name") {
		if bad := checkName(name, kind(c) == 1, at); bad != nil {
			return bad
		}
	}
	total += longest(c, "name")
	if kind(c) != 1 {
		if text(c["description"]) != "" || c["description_localizations"] != nil || len(list(c["options"])) > 0 {
			return wrong(at, "description, options: not for menus")
		}
		return nil
	}
	n, bad := checkOptions(c, at, 0)
	if bad != nil {
		return bad
	}
	if total += n; total > 8000 {
		return wrong(at, "%d characters in all, at most 8000", total)
	}
	return nil
}

func checkOptions(c map[string]any, at string, depth int) (int, *refusal) {
	total := longest(c, "description")
	for _, about := range texts(c, "description") {
		if chars(about) < 1 || chars(about) > 100 {
			return 0, wrong(at, "description: 1 to 100 characters")
		}
	}
	options := list(c["options"])
	if len(options) > 25 {
		return 0, wrong(at, "options: at most 25")
	}
	for i, raw := range options {
		where := fmt.Sprintf("%s.options[%d]", at, i)
		o, _ := raw.(map[string]any)
		sub := kind(o) <= 2
		if kind(o) < 1 || kind(o) > 11 || (sub && depth > 1) {
			return 0, wrong(where, "type %d", kind(o))
		}
		for _, name := range texts(o, "name") {
			if bad := checkName(name, true, where); bad != nil {
				return 0, bad
			}
		}
		n, bad := checkOptions(o, where, depth+1)
		if bad != nil {
			return 0, bad
		}
		total += n + longest(o, "name")
	}
	return total, nil
}

func checkName(name string, typed bool, at string) *refusal {
	if chars(name) < 1 || chars(name) > 32 || (typed && (!slashName.MatchString(name) || name != strings.ToLower(name))) {
		return wrong(at, "name %q", name)
	}
	return nil
}

// texts are a text and its localisations.
func texts(c map[string]any, field string) []string {
	all := []string{text(c[field])}
	words, _ := c[field+"_localizations"].(map[string]any)
	for _, w := range words {
		all = append(all, text(w))
	}
	return all
}

func longest(c map[string]any, field string) int {
	n := 0
	for _, t := range texts(c, field) {
		n = max(n, chars(t))
	}
	return n
}
