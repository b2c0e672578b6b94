package discordfake

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"crieur/bot/bottest"
	"crieur/bot/content/contenttest"
)

// Surface plays conversation scripts (bottest) on the fake. It is the one part
// of this package that knows Crieur: a question before a button is answered by
// yes, and a form that was refused is opened again by its button. People and
// channels are found by their ID; "@camille" is Camille's direct messages.
type Surface struct{ *Server }

var _ bottest.Surface = Surface{}

// errNoAnswer is what a person reads when a first response never came.
var errNoAnswer = errors.New("the application did not respond")

func (r Result) failure() error {
	switch {
	case r.Err != nil:
		return r.Err
	case r.Failed:
		return errNoAnswer
	}
	return nil
}

func ofDirect(channelID string) string {
	if strings.HasPrefix(channelID, "@") {
		return ""
	}
	return channelID
}

// Command implements bottest.Surface. A command that is a group is used by the
// subcommand that the words begin with, and else by the one for any words; alone it
// cannot be used, and "home" is what people find there.
func (s Surface) Command(user, channelID, name, words string) error {
	first, rest, _ := strings.Cut(words, " ")
	ways := [][2]string{{name, words}, {name + " " + first, rest}, {name + " ask", words}}
	if words == "" {
		ways = [][2]string{{name, ""}, {name + " home", ""}}
	}
	var r Result
	for _, way := range ways {
		if r = s.Server.Command(user, ofDirect(channelID), way[0], way[1]); r.Err == nil {
			break
		}
	}
	return r.failure()
}

// Say implements bottest.Surface.
func (s Surface) Say(user, words string) error {
	_, err := s.Server.Say(user, "", words)
	return err
}

// Use implements bottest.Menus.
func (s Surface) Use(user, channelID, label, words string) error {
	for _, m := range slices.Backward(s.Messages(channelID)) {
		if m.Author == user && strings.Contains(m.Text, words) {
			return s.MessageCommand(user, ofDirect(channelID), m.ID, label).failure()
		}
	}
	return fmt.Errorf("%s wrote no %q in %s", user, words, channelID)
}

// visible are the messages of the bot in a channel, the direct ones, then the
// private answers.
func (s Surface) visible(user, channelID string) []Message {
	all := s.Messages(channelID)
	if direct := "@" + user; direct != channelID {
		all = append(s.Messages(direct), all...)
	}
	all = slices.DeleteFunc(all, func(m Message) bool { return m.Author != s.AppID() })
	for _, m := range all {
		if m.Thread != "" {
			all = append(all, s.Messages(m.Thread)...)
		}
	}
	return append(all, s.Ephemerals(user)...)
}

// Click implements bottest.Surface.
func (s Surface) Click(user, channelID, label string) error {
	for _, m := range slices.Backward(s.visible(user, channelID)) {
		if !m.offers(label) {
			continue
		}
		r := s.Server.Click(user, m.ID, label)
		if err := r.failure(); err != nil || r.Message == nil {
			return err
		}
		for _, b := range r.Message.Buttons {
			if strings.HasPrefix(b.CustomID, "y1:") {
				return s.Press(user, r.Message.ID, b.CustomID).failure()
			}
		}
		return nil
	}
	return fmt.Errorf("%s sees no button %q in %s:\n%s", user, label, channelID,
		strings.Join(append(s.Screen(user, channelID), s.Private(user)...), "\n--\n"))
}

// offers says whether a message has a button or a choice of that label.
func (m Message) offers(label string) bool {
	return slices.Contains(m.Labels(), label) || slices.ContainsFunc(m.Menus, func(menu Menu) bool {
		return slices.ContainsFunc(menu.Options, func(o Option) bool { return o.Label == label })
	})
}

// Submit implements bottest.Surface. Choices are given by their values, with
// commas between.
func (s Surface) Submit(user string, values map[string]string) error {
	if s.Modal(user) == nil {
		if err := s.reopen(user); err != nil {
			return err
		}
	}
	given := map[string]string{}
	for _, f := range s.Modal(user).Fields {
		_, short, _ := strings.Cut(f.ID, ".")
		value, ok := values[short]
		if !ok {
			continue
		}
		switch f.Kind {
		case 3:
			value = f.labels(strings.Split(value, ","))
		case 19:
			value = s.give(value)
		}
		given[f.ID] = value
	}
	if len(given) != len(values) {
		return fmt.Errorf("the form before %s has not all of %v", user, values)
	}
	return s.SubmitModal(user, given).failure()
}

// give gives people the picture that "@name" stands for. The bytes end in the
// name, so that each name is another picture.
func (s Surface) give(value string) string {
	name := strings.TrimPrefix(value, "@")
	s.AddFile(name, append(contenttest.PNG(), name...))
	return name
}

func (f Field) labels(values []string) string {
	var labels []string
	for _, o := range f.Options {
		if slices.Contains(values, o.Value) {
			labels = append(labels, o.Label)
		}
	}
	return strings.Join(labels, "|")
}

// reopen presses the button under a form that was refused.
func (s Surface) reopen(user string) error {
	for _, m := range slices.Backward(s.Ephemerals(user)) {
		for _, b := range m.Buttons {
			if strings.HasPrefix(b.CustomID, "a1:discord.reopen~") {
				return s.Press(user, m.ID, b.CustomID).failure()
			}
		}
	}
	return fmt.Errorf("no form is open for %s", user)
}

// Dismiss closes the form before a person without sending it.
func (s Surface) Dismiss(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.modals, user)
}

// Screen implements bottest.Surface.
func (s Surface) Screen(_, channelID string) []string {
	var screen []string
	for _, m := range s.Messages(channelID) {
		if m.Author == s.AppID() {
			screen = append(screen, m.onScreen())
		}
	}
	return screen
}

// onScreen is a message in plain words, with its pictures, buttons and choices in
// brackets.
func (m Message) onScreen() string {
	var labels []string
	for _, label := range m.Labels() {
		labels = append(labels, "["+label+"]")
	}
	for _, menu := range m.Menus {
		labels = append(labels, "<"+menu.Label+">")
		for _, o := range menu.Options {
			labels = append(labels, "["+o.Label+"]")
		}
	}
	text := m.Plain()
	for _, p := range m.Pictures {
		text += "\n[image : " + p.Alt + "]"
	}
	return strings.TrimSpace(text + "\n" + strings.Join(labels, " "))
}

// Private implements bottest.Surface. What was said directly is answered
// directly, so direct messages count.
func (s Surface) Private(user string) []string {
	texts := s.Screen(user, "@"+user)
	for _, m := range s.Ephemerals(user) {
		if !m.Loading {
			texts = append(texts, m.onScreen())
		}
	}
	if form := s.Modal(user); form != nil {
		texts = append(texts, form.sheet().String())
	}
	return texts
}
