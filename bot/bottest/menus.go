package bottest

import (
	"fmt"
	"strings"

	"crieur/bot"
)

// Menus is a Surface whose messages have a menu.
type Menus interface {
	// Use chooses the entry with that label in the menu of a message that the
	// person wrote in the channel, the newest that holds these words.
	Use(user, channel, label, words string) error
}

// Use implements Menus. What people said is not kept: the words are the message,
// and "@dessin.png" among them is a picture on it.
func (f *Fake) Use(user, channel, label, words string) error {
	action, ok := f.Menu[label]
	if !ok {
		return fmt.Errorf("no entry %q in the menu of messages", label)
	}
	e := f.event(bot.Shortcut, user, channel)
	e.Action, e.Quote, e.From, e.FromID, e.Place.Message = action, words, user, user, "said"
	for word := range strings.FieldsSeq(words) {
		if name, data, ok := Picture(word); ok && strings.HasSuffix(name, ".png") {
			e.Files = append(e.Files, uploaded(word, name, data))
		}
	}
	return f.deliver(e)
}
