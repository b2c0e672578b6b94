package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
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
	// NewToken makes an unguessable callback token, the same for the same step.
	NewToken func(*state.Tx) string
	// views are those that can be drawn again.
	views map[string]View
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
	// Sealed says that the card tells a secret, as an address that opens
	// something: until it is shown it is kept encrypted.
	Sealed bool
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
	// Role may use it; Or are the other roles that may as well, here and below.
	Role brand.Role
	Or   []brand.Role
	Bare Shape
	With Shape
	// Complete is optional.
	Complete Chooser
	// Words says that its text is one of the words: an application with subcommands
	// lists each of them.
	Words bool
}

// ActionRoute is a button, a menu or the sending of a form.
type ActionRoute struct {
	Name  string // "review.approve"
	Role  brand.Role
	Or    []brand.Role
	Shape Shape
	// Check is for forms.
	Check Checker
	// Lists have all that its menu (under MenuField) and the fields of its form
	// may hold, where Bounded lists but some of it.
	Lists map[string]Listing
}

// ShortcutRoute is an entry of a menu of the platform: of a message, of a person
// where people have one (Discord), or of the application where it has one (Slack).
type ShortcutRoute struct {
	Name string // "draft.from"
	// Key is the catalog key of what people read, at most 24 characters;
	// Key+".help" says what it does.
	Key  string
	Role brand.Role
	Or   []brand.Role
	// OnMessage puts it into the menu of messages: the message is Event.Quote,
	// its author Event.From. Both are hostile.
	OnMessage bool
	// OnPerson puts it into the menu of people: the person is Event.Person, their
	// name Event.From. Both are hostile.
	OnPerson bool
	// Instead is the command, or the key of the word of /crieur, that does the same
	// where there is no such menu. A shortcut that is not OnMessage needs one.
	Instead string
	Shape   Shape
}

// WordRoute is one of the words that /crieur understands, in every language, and
// that are understood when they are said to Crieur.
type WordRoute struct {
	// Key is the catalog key of the word itself and of its aliases; Key+".help"
	// says what it does.
	Key  string
	Role brand.Role
	Or   []brand.Role
	// Takes says that words follow ("draft Our tea is back"): they are
	// Request.Text. Key+".example" then shows some. Without it, words said to
	// Crieur are this one only when nothing else is said.
	Takes bool
	// Fits says whether what follows makes sense after the word, for what is said to
	// Crieur in passing: "leave us a comment" is no absence. It reads nothing but the
	// request; nil always makes sense.
	Fits   func(r *Request, rest string) bool
	Early  bool // as in Shape
	Handle Handler
	// On says whether the help offers it to who asks; nil always does. Whoever may
	// use it is understood in any case.
	On func(*Request) bool
}

// Listener is offered what was said to Crieur when no word is meant. It says
// whether it has an answer to it.
type Listener func(context.Context, *Request) (Reply, bool, error)

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
	catalog   *i18n.Catalog
	commands  map[string]CommandRoute
	order     []string
	actions   map[string]ActionRoute
	shortcuts []ShortcutRoute
	words     []WordRoute
	listeners []Listener
	home      Handler
	joined    Handler
	views     map[string]View
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

// Shortcut registers a shortcut.
func (m *Mux) Shortcut(route ShortcutRoute) {
	if _, twice := m.shortcut(route.Name); twice {
		panic(fmt.Sprintf("shortcut %q registered twice", route.Name))
	}
	m.shortcuts = append(m.shortcuts, route)
}

// Home registers what answers the opening of Crieur's home page: the card of its
// reply is the page.
func (m *Mux) Home(page Handler) { m.home = page }

// Joined registers what follows when Crieur was added to a channel, whoever did it.
func (m *Mux) Joined(handler Handler) { m.joined = handler }

// Listen registers a listener. They are asked in the order of registration.
func (m *Mux) Listen(listener Listener) { m.listeners = append(m.listeners, listener) }

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

// Actions returns the actions in the order of their names.
func (m *Mux) Actions() []ActionRoute {
	return slices.SortedFunc(maps.Values(m.actions), func(a, b ActionRoute) int { return strings.Compare(a.Name, b.Name) })
}

// Shortcuts returns the shortcuts in the order of registration.
func (m *Mux) Shortcuts() []ShortcutRoute { return slices.Clone(m.shortcuts) }

func (m *Mux) shortcut(name string) (ShortcutRoute, bool) {
	at := slices.IndexFunc(m.shortcuts, func(route ShortcutRoute) bool { return route.Name == name })
	if at < 0 {
		return ShortcutRoute{}, false
	}
	return m.shortcuts[at], true
}

// WordRoutes returns the words in the order of registration.
func (m *Mux) WordRoutes() []WordRoute { return slices.Clone(m.words) }

// Shape returns how the event is acknowledged and handled, and for whom; ok is false
// for a command, action or shortcut that nobody registered.
func (m *Mux) Shape(e Event) (shape Shape, roles []brand.Role, ok bool) {
	switch e.Kind {
	case Command:
		route, ok := m.commands[e.Command]
		if e.Text == "" {
			return route.Bare, anyOf(route.Role, route.Or), ok
		}
		return route.With, anyOf(route.Role, route.Or), ok
	case Action, Submit:
		route, ok := m.actions[e.Action]
		return route.Shape, anyOf(route.Role, route.Or), ok
	case Shortcut:
		route, ok := m.shortcut(e.Action)
		return route.Shape, anyOf(route.Role, route.Or), ok
	case Home:
		return Shape{Ack: Quiet, Handle: m.home, Early: true}, []brand.Role{brand.Anyone}, m.home != nil
	case Joined:
		return Shape{Ack: Quiet, Handle: m.joined, Early: true}, []brand.Role{brand.Passerby}, true
	}
	return Shape{}, nil, false
}

func anyOf(role brand.Role, or []brand.Role) []brand.Role { return append([]brand.Role{role}, or...) }
