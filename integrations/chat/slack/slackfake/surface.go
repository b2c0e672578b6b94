package slackfake

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Surface is the workspace as scripts of conversations see it (package
// bottest): people, channels and commands go by the names of the script.
type Surface struct {
	Server *Server
	// Commands maps a registered command ("draft") to its installed name
	// ("/brouillon"); one that is missing is "/" and its name.
	Commands map[string]string
	// Menu has the action of every entry of a message's menu, by label.
	Menu map[string]string
	// Channels maps a name ("com") to an ID.
	Channels map[string]string
	// Picture is the file that a script means in a form ("@tea.png"); ok is false
	// for none.
	Picture func(value string) (name string, data []byte, ok bool)
}

// UserID is the account of a person of a script.
func UserID(name string) string { return "U0" + strings.ToUpper(name) }

// channel is the ID of a channel, or of the conversation of "@camille".
func (f *Surface) channel(name string) string {
	if user, ok := strings.CutPrefix(name, "@"); ok {
		return f.Server.DM(UserID(user))
	}
	return f.Channels[name]
}

func acknowledged(ack Ack, err error) error {
	switch {
	case err != nil:
		return err
	case ack.Err != nil:
		return ack.Err
	case !ack.OK():
		return fmt.Errorf("not acknowledged: %d", ack.Status)
	}
	return nil
}

// Command types a command.
func (f *Surface) Command(user, channel, name, text string) error {
	installed, ok := f.Commands[name]
	if !ok {
		installed = "/" + name
	}
	return acknowledged(f.Server.Command(UserID(user), f.channel(channel), installed, text), nil)
}

// Say writes in the person's conversation with Crieur.
func (f *Surface) Say(user, text string) error {
	_, ack := f.Server.Say(UserID(user), f.Server.DM(UserID(user)), text)
	return acknowledged(ack, nil)
}

// seen are the messages that a person sees in a channel, private ones last.
func (f *Surface) seen(user, channel string) []Message {
	return append(f.Server.Messages(f.channel(channel)), f.Server.Ephemerals(UserID(user))...)
}

// Click clicks the newest button or entry with that label: there, or else in
// what Crieur said to the person alone.
func (f *Surface) Click(user, channel, label string) error {
	for _, where := range []string{channel, "@" + user} {
		for _, m := range slices.Backward(f.seen(user, where)) {
			if slices.Contains(m.Labels(), label) {
				return acknowledged(f.Server.Click(UserID(user), m, label))
			}
		}
		for _, m := range slices.Backward(f.seen(user, where)) { // what a menu holds may not be on its message
			if slices.ContainsFunc(m.clickables(), func(c clickable) bool { return searched(c.element) }) {
				if ack, err := f.Server.Click(UserID(user), m, label); err == nil {
					return acknowledged(ack, nil)
				}
			}
		}
	}
	return fmt.Errorf("%s sees no %q in %s:\n%s", user, label, channel,
		strings.Join(append(f.Screen(user, channel), f.Private(user)...), "\n--\n"))
}

// Use chooses an entry of the menu of what a person wrote.
func (f *Surface) Use(user, channel, label, words string) error {
	action, ok := f.Menu[label]
	if !ok {
		return fmt.Errorf("no entry %q in the menu of messages", label)
	}
	for _, m := range slices.Backward(f.Server.Messages(f.channel(channel))) {
		if m.User == UserID(user) && strings.Contains(m.Text, words) {
			return acknowledged(f.Server.MessageShortcut(UserID(user), m, "a1:"+action+":"), nil)
		}
	}
	return fmt.Errorf("%s wrote no %q in %s", user, words, channel)
}

// formComes is how long a form may take to open: its trigger lives 3 s.
const formComes = 3 * time.Second

// Submit fills in the open form and sends it. What is wrong with it is then
// among Private.
func (f *Surface) Submit(user string, values map[string]string) error {
	m := f.Server.Modal(UserID(user))
	for end := time.Now().Add(formComes); m == nil && time.Now().Before(end); m = f.Server.Modal(UserID(user)) {
		time.Sleep(time.Millisecond)
	}
	if m == nil {
		return errors.New("no form is open")
	}
	filled := map[string][]string{}
	for _, in := range inputs(m.Blocks) {
		value, given := values[in.BlockID]
		switch {
		case !given:
		case in.Element["type"] == "plain_text_input":
			filled[in.BlockID] = []string{value}
		case in.Element["type"] == "file_input":
			if name, data, ok := f.Picture(value); ok {
				filled[in.BlockID] = []string{f.Server.Give(UserID(user), name, data)}
			}
		default:
			filled[in.BlockID] = strings.Split(value, ",")
		}
	}
	return acknowledged(f.Server.SubmitModal(UserID(user), filled))
}

// Dismiss closes the form before a person without sending it.
func (f *Surface) Dismiss(user string) { f.Server.CloseModal(UserID(user)) }

// Screen is what a channel shows, message by message, with its buttons.
func (f *Surface) Screen(_, channel string) []string {
	var screen []string
	for _, m := range f.Server.Messages(f.channel(channel)) {
		screen = append(screen, f.Server.plain(m))
	}
	return screen
}

// Private is what Crieur says to a person alone: in their conversation, beside
// others' messages, and in the form before them, with what is wrong in it.
func (f *Surface) Private(user string) []string {
	var texts []string
	for _, m := range f.seen(user, "@"+user) {
		if m.User == Bot {
			texts = append(texts, f.Server.plain(m))
		}
	}
	if m := f.Server.Modal(UserID(user)); m != nil {
		texts = append(texts, m.sheet().String())
		for _, wrong := range m.Errors {
			texts = append(texts, wrong)
		}
	}
	return texts
}

// plain is a message in plain words, people by their names, buttons in brackets.
func (s *Server) plain(m Message) string {
	text := m.Words()
	s.mu.Lock()
	for id, p := range s.people {
		text = strings.ReplaceAll(text, "@"+id, p.Name)
	}
	s.mu.Unlock()
	var labels []string
	for _, label := range m.Labels() {
		labels = append(labels, "["+label+"]")
	}
	return strings.TrimSpace(text + "\n" + strings.Join(labels, " "))
}
