package content

import (
	"fmt"
	"time"

	"crieur/bot/hours"
)

// Slot is a time on a calendar as people mean it: a wall-clock time in a zone.
// It stays at 18:00 when the zone's clocks change.
type Slot struct {
	Wall string `json:"wall,omitempty"` // "2026-11-26T18:00"; empty: as soon as approved
	Zone string `json:"zone,omitempty"` // IANA name
}

const wallLayout = "2006-01-02T15:04"

// SlotAt is the slot of an instant in its own zone, to the minute.
func SlotAt(t time.Time) Slot {
	return Slot{Wall: t.Format(wallLayout), Zone: t.Location().String()}
}

// Empty says that no time was chosen.
func (s Slot) Empty() bool { return s.Wall == "" }

// Time is the instant that the slot means, zero for an empty slot. A time that
// does not exist that day is moved forward with the clock; of a time that comes
// twice, the first one counts.
func (s Slot) Time() (time.Time, error) {
	if s.Empty() {
		return time.Time{}, nil
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("slot %s: %w", s.Wall, err)
	}
	at, err := time.Parse(wallLayout, s.Wall)
	if err != nil {
		return time.Time{}, fmt.Errorf("slot %s: %w", s.Wall, err)
	}
	return hours.Wall(at.Year(), at.Month(), at.Day(), at.Hour()*60+at.Minute(), zone), nil
}
