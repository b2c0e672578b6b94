package learning

import (
	"time"

	"crieur/bot/listen"
	"crieur/bot/state"
)

// Label is what a click said of one text.
type Label struct {
	listen.Lesson
	Brand string    `json:"brand"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
}

// Shelf is where a brand stands with its models.
type Shelf struct {
	Brand string `json:"brand"`
	// Past are the models that were in use, the newest last; its last one is in
	// use now, and without any what ships is.
	Past []int `json:"past,omitempty"`
	// Last numbers models; Proposed waits for a decision, 0 is none.
	Last     int `json:"last"`
	Proposed int `json:"proposed,omitempty"`
	// Learnt is up to when labels were learnt from.
	Learnt time.Time `json:"learnt,omitzero"`
}

// Current is the model in use, 0 for what ships.
func (s Shelf) Current() int {
	if len(s.Past) == 0 {
		return 0
	}
	return s.Past[len(s.Past)-1]
}

// Model is one model that was learnt, without its bytes.
type Model struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	Labels int       `json:"labels"` // that it was learnt from or measured on
	// Brought says that it was learnt elsewhere, so that it may have seen the
	// labels that it is measured on.
	Brought bool   `json:"brought,omitempty"`
	Pieces  int    `json:"pieces"`
	Sum     []byte `json:"sum"` // SHA-256 of its bytes
	// Before is what the model in use then got right of the labels held out, After
	// what this one does.
	Before Figures `json:"before"`
	After  Figures `json:"after"`
}

// Figures count what a model makes of labels that it never saw.
type Figures struct {
	Judged int `json:"judged"` // labels that say a sentiment
	Right  int `json:"right"`  // of those
	False  int `json:"false"`  // called negative, and were not
	Missed int `json:"missed"` // negative, and not called so
	Themed int `json:"themed"` // labels that say a theme
	Found  int `json:"found"`  // of those, found first
}

// Empty says that there was nothing to measure on.
func (f Figures) Empty() bool { return f.Judged+f.Themed == 0 }

// Worse says that the model gets less right than it did before.
func (f Figures) Worse(before Figures) bool { return f.Right < before.Right || f.Found < before.Found }

// keepLabels is for how long a label is kept; keepModels how many models one can
// go back to.
const (
	keepLabels = 400 * 24 * time.Hour
	keepModels = 4
)

// pieceSize is how large a record of a model's bytes is at most: a large value
// would make everybody wait for it in Redis.
const pieceSize = 64 << 10

var (
	labels  = state.Table[Label]{Kind: "label", Schema: 1, Keep: keepLabels}
	shelves = state.Table[Shelf]{Kind: "shelf", Schema: 1}
	models  = state.Table[Model]{Kind: "model", Schema: 1}
	pieces  = state.Table[[]byte]{Kind: "modelpiece", Schema: 1}
)

func labelIndex(brand string) string { return "labels:" + brand } // by time
