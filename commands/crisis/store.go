package crisis

import (
	"slices"
	"strconv"
	"time"

	"crieur/bot/state"
)

// Crisis is something wrong about which a brand's people speak with one voice.
type Crisis struct {
	// ID is the brand's, and the number of the crisis: "colibri/3".
	ID    string `json:"id"`
	Brand string `json:"brand"`
	// About is what is wrong, in the team's words.
	About string `json:"about"`
	// Theme is that of the brand's to listen to; "" if none is about it.
	Theme string `json:"theme,omitempty"`
	// Lead is the member who leads and speaks.
	Lead string `json:"owner"`
	// Words is the number of what is said now; 0 while nothing was agreed.
	Words int `json:"words,omitempty"`
	// Point is when people look at it together next; zero: nobody said.
	Point time.Time `json:"point,omitzero"`
	// Acts are what people did, in order; the first one opened it.
	Acts []Act `json:"acts"`
	// Learnt is what somebody wrote down at its end.
	Learnt string `json:"learnt,omitempty"`
}

// Verb is what somebody did in a crisis.
type Verb string

const (
	Opened  Verb = "opened"
	Paused  Verb = "paused"  // everything
	Resumed Verb = "resumed" // what was paused
	Worded  Verb = "worded"  // what is said, with a number
	Pointed Verb = "pointed" // the next point, with its time
	Ended   Verb = "ended"
)

// Act is one thing that somebody did.
type Act struct {
	What Verb      `json:"what"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	// Number is that of the words, Point the time of the next point.
	Number int       `json:"number,omitempty"`
	Point  time.Time `json:"point,omitzero"`
}

// since is when it was opened.
func (c Crisis) since() time.Time { return c.Acts[0].At }

// end is who ended it, and when; over is false while it is open.
func (c Crisis) end() (act Act, over bool) {
	at := slices.IndexFunc(c.Acts, func(a Act) bool { return a.What == Ended })
	if at < 0 {
		return Act{}, false
	}
	return c.Acts[at], true
}

// Over says that it was ended.
func (c Crisis) Over() bool {
	_, over := c.end()
	return over
}

// paused says that everything was paused while it was open, and not let go on
// since.
func (c Crisis) paused() bool {
	for _, act := range slices.Backward(c.Acts) {
		if act.What == Paused || act.What == Resumed {
			return act.What == Paused
		}
	}
	return false
}

// series counts the crises of a brand: the last one is the only one that may be
// open.
type series struct {
	Brand string `json:"brand"`
	Count int    `json:"count"`
}

// A crisis is kept as long as the posts and approvals that it stopped.
var (
	crises = state.Table[Crisis]{Kind: "crisis", Schema: 1, Keep: state.KeepPosts}
	counts = state.Table[series]{Kind: "crises", Schema: 1}
)

func (s series) last() string { return s.Brand + "/" + strconv.Itoa(s.Count) }
