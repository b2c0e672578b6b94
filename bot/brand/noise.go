package brand

import (
	"slices"

	"crieur/bot/board"
)

// Noise is the daily budget of new messages that notify; the zero value is the
// ordinary day, DefaultNoise. What is critical comes on top.
type Noise struct {
	Channel int // in all channels
	Alerts  int // in the alert channel, out of Channel
	Person  int // direct messages to one person
	Asked   int // direct messages to who is asked to approve by name
}

// DefaultNoise is an ordinary day.
func DefaultNoise() Noise { return Noise{Channel: 14, Alerts: 5, Person: 8, Asked: 6} }

// Budget is how many new messages may notify in a place in one day; m is whose
// direct messages they are, nil in a channel. Bounded is false for a channel
// that is none of the brand's.
func (b *Brand) Budget(place board.Place, m *Member) (most int, bounded bool) {
	noise := b.Noise
	if noise == (Noise{}) {
		noise = DefaultNoise()
	}
	if m != nil {
		if slices.Contains(b.Policy.Ask, m.ID) && noise.Asked < noise.Person {
			return noise.Asked, true
		}
		return noise.Person, true
	}
	approvals, alerts := hasChannel(b.Approvals, place), hasChannel(b.Alerts, place)
	switch {
	case approvals && alerts:
		return noise.Channel, true
	case alerts:
		return min(noise.Alerts, noise.Channel), true
	case approvals:
		return max(noise.Channel-noise.Alerts, 0), true
	}
	return 0, false
}

// AlertsIn says whether the brand's alerts come to a place.
func (b *Brand) AlertsIn(place board.Place) bool { return hasChannel(b.Alerts, place) }

// ApprovesIn says whether what waits for an approval comes to a place, as the brief
// does.
func (b *Brand) ApprovesIn(place board.Place) bool { return hasChannel(b.Approvals, place) }

// WorksIn says whether a place is in one of the brand's channels.
func (b *Brand) WorksIn(place board.Place) bool {
	return hasChannel(b.Approvals, place) || hasChannel(b.Alerts, place)
}

func hasChannel(places []board.Place, one board.Place) bool {
	return slices.ContainsFunc(places, func(p board.Place) bool { return p.Destination() == one.Destination() })
}
