package config

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"crieur/bot/secret"
)

// tree walks the file beside the shape that it should have, so that every
// mistake is found at once, each with its line; the YAML decoder alone would
// stop at the first of some kinds, and knows no paths.
type tree struct {
	file     string
	env      func(string) (string, bool)
	lenient  bool // unset variables are no mistake
	lines    map[string]int
	literal  []string        // paths of secrets that stand in the file
	unset    map[string]bool // paths whose variable is not set: that is said once
	problems Problems
	seen     map[*yaml.Node]bool
}

func (t *tree) wrong(path, what, fix string, args ...any) {
	t.problems = append(t.problems, Problem{
		File: t.file, Line: t.line(path), Path: path, What: fmt.Sprintf(what, args...), Fix: fix})
}

// line is that of the path, or of the nearest thing around it that is written.
func (t *tree) line(path string) int {
	for path != "" {
		if line, ok := t.lines[path]; ok {
			return line
		}
		at := strings.LastIndexAny(path, ".[")
		if at < 0 {
			break
		}
		path = path[:at]
	}
	return t.lines[""]
}

// walk checks a node against a shape. A node that does not fit is emptied, so
// that the rest can still be read.
func (t *tree) walk(n *yaml.Node, shape reflect.Type, path string) {
	if _, known := t.lines[path]; !known {
		t.lines[path] = n.Line
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if shape.Kind() == reflect.Pointer {
		shape = shape.Elem()
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	switch shape.Kind() {
	case reflect.Struct:
		t.fields(n, shape, path)
	case reflect.Map:
		t.entries(n, shape, path)
	case reflect.Slice:
		if !t.fits(n, yaml.SequenceNode, path, "This is a list.", "Write it as [one, two], or one a line after a dash.") {
			return
		}
		for i, item := range n.Content {
			t.walk(item, shape.Elem(), fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		if t.fits(n, yaml.ScalarNode, path, "This is one value.", "Write it on the same line, after the colon.") {
			t.scalar(n, shape, path)
		}
	}
}

func (t *tree) fits(n *yaml.Node, kind yaml.Kind, path, what, fix string) bool {
	if n.Kind == kind {
		return true
	}
	t.wrong(path, "%s", fix, what)
	empty(n)
	return false
}

func empty(n *yaml.Node) {
	n.Kind, n.Tag, n.Value, n.Content = yaml.ScalarNode, "!!null", "", nil
}

// fields checks a mapping whose keys are fixed.
func (t *tree) fields(n *yaml.Node, shape reflect.Type, path string) {
	if !t.fits(n, yaml.MappingNode, path, "This holds settings of its own.", "Write them below it, indented, as name: value.") {
		return
	}
	shapes := map[string]reflect.Type{}
	var names []string
	for i := range shape.NumField() {
		name, _, _ := strings.Cut(shape.Field(i).Tag.Get("yaml"), ",")
		shapes[name] = shape.Field(i).Type
		names = append(names, name)
	}
	had := map[string]bool{}
	kept := n.Content[:0:0]
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := join(path, key.Value)
		field, known := shapes[key.Value]
		switch {
		case key.Value == "<<":
			t.merged(value, shape, path)
		case !known:
			t.lines[at] = key.Line
			t.wrong(at, "There is no setting of this name here.", oneOf(key.Value, names))
			continue
		case had[key.Value]:
			t.wrong(at, "This stands twice, on line %d again.", "Keep one of them.", key.Line)
			continue
		default:
			t.lines[at] = key.Line
			t.walk(value, field, at)
		}
		had[key.Value] = true
		kept = append(kept, key, value)
	}
	n.Content = kept
}

// merged checks what <<: puts in: one mapping, or several. Each is looked at
// once, so that one that holds itself comes to an end.
func (t *tree) merged(n *yaml.Node, shape reflect.Type, path string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if t.seen[n] {
		return
	}
	t.seen[n] = true
	if n.Kind != yaml.SequenceNode {
		t.walk(n, shape, path)
		return
	}
	for _, one := range n.Content {
		t.merged(one, shape, path)
	}
}

// entries checks a mapping whose keys are the operator's.
func (t *tree) entries(n *yaml.Node, shape reflect.Type, path string) {
	if !t.fits(n, yaml.MappingNode, path, "This holds names with values.", "Write them below it, indented, as name: value.") {
		return
	}
	had := map[string]bool{}
	kept := n.Content[:0:0]
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := join(path, key.Value)
		if had[key.Value] {
			t.wrong(at, "This stands twice, on line %d again.", "Keep one of them.", key.Line)
			continue
		}
		had[key.Value] = true
		t.lines[at] = key.Line
		t.walk(value, shape.Elem(), at)
		kept = append(kept, key, value)
	}
	n.Content = kept
}

// cutOff is a hashtag that YAML took for a comment.
var cutOff = regexp.MustCompile(`^#[\pL\pN]`)

// variable is what stands for a value of the environment; $${ is a plain ${.
var variable = regexp.MustCompile(`\$?\$\{([^}]*)\}`)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// scalar puts the environment's values in and checks numbers.
func (t *tree) scalar(n *yaml.Node, shape reflect.Type, path string) {
	if shape == reflect.TypeFor[secret.Secret]() && n.Value != "" && !variable.MatchString(n.Value) &&
		!strings.HasSuffix(path, ".url") { // an address may hold a key; most do not
		t.literal = append(t.literal, path)
	}
	if n.Style == 0 && cutOff.MatchString(n.LineComment) {
		t.wrong(path, "What follows # is read as a comment: %s.", "Put the whole value in 'single quotes'.", n.LineComment)
	}
	t.expand(n, path)
	if n.Tag == "!!null" {
		return
	}
	switch shape.Kind() {
	case reflect.Int:
		if _, err := strconv.Atoi(n.Value); err != nil {
			t.wrong(path, "This is a whole number.", "Write it in digits, without quotes or units.")
			empty(n)
		}
	case reflect.Bool:
		if !slices.Contains([]string{"true", "false"}, n.Value) {
			t.wrong(path, "This is yes or no.", "Write true or false.")
			empty(n)
		}
	}
}

func (t *tree) expand(n *yaml.Node, path string) {
	if t.seen[n] || !strings.Contains(n.Value, "${") {
		return
	}
	t.seen[n] = true
	unset := false
	n.Value = variable.ReplaceAllStringFunc(n.Value, func(found string) string {
		if strings.HasPrefix(found, "$$") {
			return found[1:]
		}
		name := found[2 : len(found)-1]
		if !variableName.MatchString(name) {
			t.wrong(path, "${%s} names no variable.", "Write ${NAME} in letters, digits and _; write $${ for a plain ${.", name)
			unset = true
			return ""
		}
		value, ok := t.env(name)
		if !ok || value == "" {
			unset = true
			if !t.lenient {
				t.wrong(path, "The environment variable %s is not set.", "Set "+name+" where Crieur is started, or take this setting out.", name)
			}
		}
		return strings.TrimRight(value, "\r\n")
	})
	if unset {
		t.unset[path] = true
		empty(n)
		return
	}
	if n.Style == 0 {
		n.Tag = "" // what stands there now may be a number
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
