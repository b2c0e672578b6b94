package learnt

import (
	"slices"
	"sync"

	"crieur/bot/text/theme"
	"crieur/bot/text/tone"
)

// Shipped is what every brand starts from, and what learnt models stand on.
type Shipped struct {
	Lists *theme.Lists // the starting ones
	tone  func() *tone.Model
}

// Open prepares what ships: call it once. The tone model is unpacked, in tens of
// milliseconds and five megabytes, when the first text is read: a process that
// only takes in what happens reads none.
func Open() (*Shipped, error) {
	starting, err := theme.Starting()
	if err != nil {
		return nil, err
	}
	lists, err := theme.New(starting)
	if err != nil {
		return nil, err
	}
	return &Shipped{Lists: lists, tone: sync.OnceValue(unpack)}, nil
}

// unpack panics where the program itself is broken: its tests unpack too.
func unpack() *tone.Model {
	model, err := tone.Default()
	if err != nil {
		panic("unpack what ships: " + err.Error())
	}
	return model
}

// Tone is the shipped tone model.
func (s *Shipped) Tone() *tone.Model { return s.tone() }

// Decode unpacks the models of one brand, see Decode.
func (s *Shipped) Decode(data []byte) (Models, error) { return Decode(data, s.tone(), s.Lists) }

// Reader reads texts for one brand: with what it taught, and where it taught
// nothing with what ships. It may be shared.
type Reader struct {
	Tone  *tone.Model
	lists *theme.Lists
	own   *theme.Model
}

// Reader joins what ships, a brand's lists (nil: none) and what it taught.
func (s *Shipped) Reader(lists *theme.Lists, own Models) Reader {
	r := Reader{Tone: own.Tone, lists: lists, own: own.Theme}
	if r.Tone == nil {
		r.Tone = s.tone()
	}
	return r
}

// Themes gives up to two themes of a text that feels like that, the surest
// first: those that the brand taught, then those of lists that it never taught.
func (r Reader) Themes(text string, felt tone.Sentiment) []theme.Theme {
	var found []theme.Theme
	var taught []string
	if r.own != nil {
		found, taught = r.own.Themes(text), r.own.Names()
	}
	if r.lists != nil {
		for _, listed := range r.lists.Themes(text) {
			if !slices.Contains(taught, listed.Name) {
				found = append(found, listed)
			}
		}
	}
	found = slices.DeleteFunc(found, func(t theme.Theme) bool { return t.Name == theme.Thanks && felt == tone.Negative })
	return found[:min(len(found), theme.Most)]
}
