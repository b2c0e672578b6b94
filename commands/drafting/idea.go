package drafting

import (
	"context"
	"errors"
	"strings"
	"time"

	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/state"
)

// ErrAnswered says that somebody else answered a proposal first.
var ErrAnswered = errors.New("the proposal was answered already")

// Idea is something that a colleague thinks worth a post. It always gets an
// answer: a draft, or no.
type Idea struct {
	ID    string    `json:"id"`
	Brand string    `json:"brand"`
	By    string    `json:"by"` // who proposes it
	Text  string    `json:"text"`
	At    time.Time `json:"at"`
	Stage IdeaStage `json:"stage"`
	Who   string    `json:"who,omitempty"` // who answered, and when
	Since time.Time `json:"since,omitzero"`
}

// IdeaStage is what became of an idea.
type IdeaStage string

const (
	Proposed IdeaStage = "proposed"
	Drafted  IdeaStage = "drafted"
	Left     IdeaStage = "left"
)

var ideas = state.Table[Idea]{Kind: "idea", Schema: 1}

// Propose keeps an idea until an author answers it.
func (e *Engine) Propose(ctx context.Context, tx *state.Tx, b *brand.Brand, by, text string) (Idea, error) {
	text = strings.TrimSpace(text)
	if blank(text) {
		return Idea{}, ErrEmpty
	}
	idea := Idea{ID: tx.NewID("i"), Brand: b.ID, By: by, Text: text, At: tx.Now(), Stage: Proposed}
	if _, _, err := ideas.Get(ctx, tx, idea.ID); err != nil {
		return Idea{}, err
	}
	tx.Log(audit.Entry{Who: by, What: "idea.proposed", Brand: b.ID, Subject: "idea/" + idea.ID})
	return idea, ideas.Put(tx, idea.ID, idea)
}

// Adopt makes a draft of an idea, for the author who answers it.
func (e *Engine) Adopt(ctx context.Context, tx *state.Tx, b *brand.Brand, id, author string) (Draft, error) {
	idea, err := e.settle(ctx, tx, id, author, Drafted)
	if err != nil {
		return Draft{}, err
	}
	return e.Create(ctx, tx, b, author, idea.Text)
}

// Leave answers an idea with no.
func (e *Engine) Leave(ctx context.Context, tx *state.Tx, id, author string) error {
	_, err := e.settle(ctx, tx, id, author, Left)
	return err
}

func (e *Engine) settle(ctx context.Context, tx *state.Tx, id, who string, stage IdeaStage) (Idea, error) {
	idea, found, err := ideas.Get(ctx, tx, id)
	switch {
	case err != nil:
		return Idea{}, err
	case !found:
		return Idea{}, ErrUnknown
	case idea.Stage != Proposed:
		return idea, ErrAnswered
	}
	idea.Stage, idea.Who, idea.Since = stage, who, tx.Now()
	tx.Log(audit.Entry{Who: who, What: "idea." + string(stage), Brand: idea.Brand, Subject: "idea/" + id})
	return idea, ideas.Put(tx, id, idea)
}
