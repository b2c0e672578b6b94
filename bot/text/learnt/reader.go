package learnt

import (
	"slices"

	"crieur/bot/text/theme"
	"crieur/bot/text/tone"
)

// Shipped is what every brand starts from, and what learnt models stand on.
type Shipped struct {
	Tone  *tone.Model
	Lists *theme.Lists // the starting ones
}

// Open reads what ships. It takes tens of milliseconds: call it once.
func Open() (*Shipped, error) {
	tones, err := tone.Default()
	if err != nil {
		return nil, err
	}
	starting, err := theme.Starting()
	if err != nil {
		return nil, err
	}
	lists, err := theme.New(starting)
	if err != nil {
		return nil, err
	}
	return &Shipped{Tone: tones, Lists: lists}, nil
}

// Decode unpacks the models of one brand, see Decode.
func (s *Shipped) Decode(data []byte) (Models, error) { return Decode(data, s.Tone, s.Lists) }

// Reader reads texts for one brand: with what it taught, and where it taught
// nothing with what ships. It may be shared.
type Reader struct {
	Tone  *tone.Model
	lists *theme.Lists
	own   *theme.Model
}

// Reader joins what ships, a brand's lists (nil: none) and what it taught.
func (s *Shipped) Reader(lists *theme.Lists, own Models) Reader {
	r := Reader{Tone: s.Tone, lists: lists, own: own.Theme}
	if own.Tone != nil {
		r.Tone = own.Tone
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
