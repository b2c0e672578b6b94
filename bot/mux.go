package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// Request is an event with everything that a handler needs to decide.
type Request struct {
	Event
	Space  *brand.Space
	Brand  *brand.Brand
	Member *brand.Member // nil for a stranger: only routes for strangers see that
	Print  *i18n.Printer
	Now    time.Time
	// Tx collects what the handler reads and changes; the Mux commits it.
	Tx *state.Tx
	// View and Subject are what the clicked card or form is about, by its token.
	View, Subject string
	// NewToken makes an unguessable callback token.
	NewToken func() string
}

// Value is the first value of a form's field or of a menu ("choice"), trimmed.
func (r *Request) Value(field string) string {
	if values := r.Values[field]; len(values) > 0 {
		return strings.TrimSpace(values[0])
	}
	return ""
}

// Reply is what the person who acted sees at once. Anything that others must
// see, or that must not be lost, is an effect in the Tx instead.
type Reply struct {
	// Card is the private answer; nil for none.
	Card *Card
	// Form opens a form; only where the route's Ack is Open.
	Form *Form
}

// Private answers with a line.
func Private(text string) Reply { return Reply{Card: &Card{Blocks: []Block{P(text)}}} }

// Ack is how an event is acknowledged, before its handler runs. It is fixed at
// registration, because Discord wants a form as the first response and Slack's
// trigger lives 3 s.
type Ack string

const (
	// Quiet acknowledges and shows nothing; the outcome comes by itself.
	Quiet Ack = "quiet"
	// Wait shows privately that an answer is coming.
	Wait Ack = "wait"
	// Busy replaces the card's buttons by "Working…" until its new state comes.
	Busy Ack = "busy"
	// Open opens a form built by the route's Form, within FormDeadline.
	Open Ack = "open"
)

// FormDeadline is how long building a form, choices or field checks may take.
const FormDeadline = 300 * time.Millisecond

// Handler decides one request.
type Handler func(context.Context, *Request) (Reply, error)

// Former builds the form that a command or a button opens. It reads, it never
// changes anything.
type Former func(context.Context, *Request) (Form, error)

// Checker finds what is wrong with a form's fields: field ID to a sentence.
// It reads, it never changes anything.
type Checker func(context.Context, *Request) (map[string]string, error)

// Chooser lists the completions of a command's text.
type Chooser func(context.Context, *Request, string) ([]Choice, error)

// Shape is what happens for one shape of a command: alone, or with text.
type Shape struct {
	Ack    Ack
	Form   Former  // for Open
	Handle Handler // for the others
	// Early lets it be asked before any brand is set up: Request.Brand is then nil.
	Early bool
}

// CommandRoute is one slash command.
type CommandRoute struct {
	Name string // "draft"; its names on screen are catalog keys
	Role brand.Role
	Bare Shape
	With Shape
	// Complete is optional.
	Complete Chooser
}

// ActionRoute is a button, a menu or the sending of a form.
type ActionRoute struct {
	Name  string // "review.approve"
	Role  brand.Role
	Shape Shape
	// Check is for forms.
	Check Checker
}

// WordRoute is one of the words that /crieur understands, in every language.
type WordRoute struct {
	// Key is the catalog key of the word itself and of its aliases; Key+".help"
	// says what it does.
	Key    string
	Role   brand.Role
	Early  bool // as in Shape
	Handle Handler
}

// View draws a card of a subject in the printer's language. Tx is for reading.
type View func(ctx context.Context, v ViewRequest) (Card, error)

// ViewRequest is what a view is drawn from.
type ViewRequest struct {
	Space   *brand.Space
	Brand   *brand.Brand
	Subject string
	Member  *brand.Member // whose direct message it is; nil in a channel
	Print   *i18n.Printer
	Now     time.Time
	Tx      *state.Tx
}

// Mux holds every route. Registration ends before the first event; after that
// it is read-only.
type Mux struct {
	catalog  *i18n.Catalog
	commands map[string]CommandRoute
	order    []string
	actions  map[string]ActionRoute
	words    []WordRoute
	views    map[string]View
}

// NewMux returns a Mux without routes, whose words are in the catalog.
func NewMux(catalog *i18n.Catalog) *Mux {
	return &Mux{catalog: catalog, commands: map[string]CommandRoute{}, actions: map[string]ActionRoute{}, views: map[string]View{}}
}

// Command registers a command. A name twice is a mistake of the program.
func (m *Mux) Command(route CommandRoute) {
	if _, twice := m.commands[route.Name]; twice {
		panic(fmt.Sprintf("command %q registered twice", route.Name))
	}
	m.commands[route.Name] = route
	m.order = append(m.order, route.Name)
}

// Action registers an action.
func (m *Mux) Action(route ActionRoute) {
	if _, twice := m.actions[route.Name]; twice {
		panic(fmt.Sprintf("action %q registered twice", route.Name))
	}
	m.actions[route.Name] = route
}

// Word registers a word of /crieur.
func (m *Mux) Word(route WordRoute) { m.words = append(m.words, route) }

// View registers a view.
func (m *Mux) View(name string, view View) {
	if _, twice := m.views[name]; twice {
		panic(fmt.Sprintf("view %q registered twice", name))
	}
	m.views[name] = view
}

// Commands returns the commands in the order of registration.
func (m *Mux) Commands() []CommandRoute {
	routes := make([]CommandRoute, len(m.order))
	for i, name := range m.order {
		routes[i] = m.commands[name]
	}
	return routes
}

// Shape returns how the event is acknowledged and handled; ok is false for a
// command or action that nobody registered.
func (m *Mux) Shape(e Event) (shape Shape, role brand.Role, ok bool) {
	switch e.Kind {
	case Command:
		route, ok := m.commands[e.Command]
		if e.Text == "" {
			return route.Bare, route.Role, ok
		}
		return route.With, route.Role, ok
	case Action, Submit:
		route, ok := m.actions[e.Action]
		return route.Shape, route.Role, ok
	}
	return Shape{}, "", false
}
