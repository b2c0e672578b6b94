package console

import (
	"context"
	"time"
)

// Tour is the guide of the demo's day: it says where the viewer stands, and
// does what its buttons ask. It is called without any lock of the console.
type Tour interface {
	// State is called often and must be quick.
	State(lang, person string) TourState
	// Act does what a button asks. A *bot.Refusal is shown to the viewer.
	Act(ctx context.Context, person, action string) error
}

// Actions that the console's own words and buttons name.
const (
	TourStart   = "start"   // [Commencer la journée]
	TourExplore = "explore" // [Explorer librement]
	TourRestart = "restart" // [Recommencer]
)

// TourState is what the bar at the top shows.
type TourState struct {
	// Hidden leaves the whole bar out.
	Hidden bool
	// Welcome shows the first screen alone: "Bonjour. Vous êtes …".
	Welcome bool
	// Free says that the viewer explores: the bar offers the way back to the
	// guided day (TourStart) in place of [Explorer librement].
	Free bool
	// Step of Steps; Steps 0 shows no progress.
	Step, Steps int
	// Sentence is what happens now; Hint, smaller, what to look at.
	Sentence string
	Hint     string
	// Main is the one main button; nil when the next step is a click elsewhere.
	Main *TourButton
	// Others stand beside it, "Avancer l'horloge" for one.
	Others []TourButton
	// Point draws the eye to where the next click is.
	Point *Point
	// Lamp is lit in the working day.
	Lamp Lamp
	// Night, if set, plays the night once for each ID, over everything.
	Night *Night
}

// TourButton is one button of the bar.
type TourButton struct {
	Action string
	Label  string
	// Person and Pane, if set, are who the viewer becomes and where they are
	// taken once Act succeeded. Pane is a channel's ID, Direct or Outside.
	Person string
	Pane   string
}

// Point is where the next click is: a pane, and in it the buttons of an action
// (with this Arg, if there is one).
type Point struct{ Pane, Action, Arg string }

// Lamp is the lamp of the tour bar.
type Lamp string

const (
	NoLamp  Lamp = ""
	LampOn  Lamp = "on"
	LampOut Lamp = "out"
)

// Night is five seconds in the dark, and what did not ring.
type Night struct {
	ID       string
	From, To time.Time
	// Moments pass by, at most 8.
	Moments []Moment
	// Figures are what it ends on, at most 4.
	Figures []Figure
	Closing string // one sentence
	Main    TourButton
}

// Moment is something that came in the night.
type Moment struct {
	At   time.Time
	Text string
	Rang bool
}

// Figure is a number and what it counts: "61", "messages reçus".
type Figure struct{ Number, Label string }

// guide returns the tour and its state for a person; shown is false without one.
func (c *Console) guide(lang, person string) (state TourState, shown bool) {
	c.mu.Lock()
	tour := c.tour
	c.mu.Unlock()
	if tour == nil {
		return TourState{}, false
	}
	state = tour.State(lang, person)
	return state, !state.Hidden
}

// button finds a button of the state by its action. The console's own need not
// be in the state; the day starts over with its first person.
func (s TourState) button(action, first string) TourButton {
	all := append([]TourButton{}, s.Others...)
	if s.Main != nil {
		all = append(all, *s.Main)
	}
	if s.Night != nil {
		all = append(all, s.Night.Main)
	}
	found := TourButton{Action: action}
	for _, b := range all {
		if b.Action == action {
			found = b
		}
	}
	if action == TourRestart && found.Person == "" {
		found.Person = first
	}
	return found
}
