package discordfake

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Message is a message as people see it.
type Message struct {
	ID, Channel, Author string
	// Text is what the components say, with its markup; Plain is without.
	Text     string
	Buttons  []Button
	Menus    []Menu
	Pictures []Picture
	Private  bool
	Silent   bool
	// Loading says that "thinking…" is shown.
	Loading bool
	// Notified are the people whom it mentioned when it was put up.
	Notified  []string
	Edits     int
	Thread    string // the thread under it
	Reference string // the message that it replies to
	Files     map[string][]byte
	At        time.Time
	Raw       []any
}

// Button is a button of a message.
type Button struct {
	Label, CustomID, URL string
	Style                int
	Disabled             bool
}

// Menu is a menu of a message.
type Menu struct {
	Label, CustomID string
	Options         []Option
}

// Option is one choice of a menu.
type Option struct{ Label, Value string }

// Picture is an item of a gallery. Data is what it shows, when the message has
// it as a file.
type Picture struct {
	URL, Alt string
	Data     []byte
}

// Modal is a form before a person.
type Modal struct {
	CustomID, Title, Text string
	Fields                []Field
	from                  *interaction
}

// Field is one input of a form.
type Field struct {
	ID, Label, Description string
	Kind                   int // 3 menu, 4 text, 19 file
	Required               bool
	Many                   bool // takes several choices
	Long                   bool // has several lines
	Max                    int
	Value, Placeholder     string
	Values                 []string
	Options                []Option
	Types                  []string // of files: ".png"; groups match nothing here
}

func (s *Server) shown(m *message) Message {
	made := Message{ID: m.id, Channel: m.channel, Author: m.author, Text: textOf(m.components), Private: m.flags&flagPrivate != 0,
		Silent: m.flags&flagSilent != 0, Loading: m.flags&flagLoading != 0, Notified: slices.Clone(m.mentioned), Edits: m.edits,
		Thread: m.thread, Reference: m.reference, Files: map[string][]byte{}, At: m.at, Raw: m.components}
	if m.content != "" {
		made.Text = strings.TrimSpace(m.content + "\n" + made.Text)
	}
	made.collect(m.components)
	for _, f := range m.attached {
		made.Files[f.name] = f.data
	}
	for i := range made.Pictures {
		if f := at(m.attached, made.Pictures[i].URL); f != nil {
			made.Pictures[i].Data = f.data
		}
	}
	return made
}

// collect finds buttons, menus and pictures in their order.
func (m *Message) collect(components []any) {
	for _, raw := range components {
		comp, _ := raw.(map[string]any)
		switch kind(comp) {
		case 2:
			style, _ := comp["style"].(float64)
			m.Buttons = append(m.Buttons, Button{Label: text(comp["label"]), CustomID: text(comp["custom_id"]), URL: text(comp["url"]),
				Style: int(style), Disabled: comp["disabled"] == true})
		case 3:
			menu := Menu{Label: text(comp["placeholder"]), CustomID: text(comp["custom_id"])}
			for _, raw := range list(comp["options"]) {
				option, _ := raw.(map[string]any)
				menu.Options = append(menu.Options, Option{text(option["label"]), text(option["value"])})
			}
			m.Menus = append(m.Menus, menu)
		case 12:
			for _, raw := range list(comp["items"]) {
				item, _ := raw.(map[string]any)
				media, _ := item["media"].(map[string]any)
				m.Pictures = append(m.Pictures, Picture{URL: text(media["url"]), Alt: text(item["description"])})
			}
		}
		m.collect(list(comp["components"]))
	}
}

// Labels are the labels of all buttons, in order.
func (m Message) Labels() []string {
	var labels []string
	for _, b := range m.Buttons {
		labels = append(labels, b.Label)
	}
	return labels
}

var (
	lineMark = regexp.MustCompile(`(?m)^(## |-# |> )`)
	masked   = regexp.MustCompile(`(^|[^\\])\[((?:\\.|[^\]\\])*)\]\(([^)]*)\)`)
	strong   = regexp.MustCompile(`(^|[^\\])\*\*`)
	escaped  = regexp.MustCompile(`\\([^0-9A-Za-z\s])`)
)

// Plain is the text as it is read on screen: without markup, links by their words.
func (m Message) Plain() string {
	text := lineMark.ReplaceAllString(m.Text, "")
	text = masked.ReplaceAllString(text, "$1$2")
	text = strong.ReplaceAllString(text, "$1")
	return escaped.ReplaceAllString(text, "$1")
}

// Messages are the messages of a channel or thread, oldest first. "@user" are
// their direct messages.
func (s *Server) Messages(channelID string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	if user, direct := strings.CutPrefix(channelID, "@"); direct {
		c = s.dm(user)
	}
	if c == nil {
		return nil
	}
	return s.list(c.messages)
}

func (s *Server) list(messages []*message) []Message {
	var all []Message
	for _, m := range messages {
		if !m.gone {
			all = append(all, s.shown(m))
		}
	}
	return all
}

// Ephemerals are the messages that only one person sees, oldest first.
func (s *Server) Ephemerals(user string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list(s.ephemerals[user])
}

// Modal is the form before a person, nil for none.
func (s *Server) Modal(user string) *Modal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.modals[user]
}

// Message finds a message that is still there, wherever it is.
func (s *Server) Message(id string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.channels {
		if m := c.find(id); m != nil {
			return s.shown(m), true
		}
	}
	for _, private := range s.ephemerals {
		for _, m := range private {
			if m.id == id && !m.gone {
				return s.shown(m), true
			}
		}
	}
	return Message{}, false
}

// CommandNames are the registered commands' names, and PutCount how many were
// created today.
func (s *Server) CommandNames() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, c := range s.commands {
		names = append(names, text(c["name"]))
	}
	return names
}
