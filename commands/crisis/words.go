package crisis

import (
	"context"
	"slices"
	"strconv"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
)

// mostTexts is how often the words of one crisis may be replaced.
const mostTexts = 99

// Words are what a brand's people say in a crisis, by language, and what they do
// not.
type Words struct {
	Brand  string            `json:"brand"`
	Number int               `json:"number"` // from 1
	Say    map[string]string `json:"say"`
	Avoid  map[string]string `json:"avoid,omitempty"`
	By     string            `json:"by"`
	At     time.Time         `json:"at"`
}

var texts = state.Table[Words]{Kind: "crisiswords", Schema: 1, Keep: state.KeepPosts}

func wordsID(crisis string, number int) string { return crisis + "/" + strconv.Itoa(number) }

// Replace gives a crisis other words, for every reply from now on. Those before
// are kept.
func (e *Engine) Replace(ctx context.Context, tx *state.Tx, id, by string, say, avoid map[string]string) (Crisis, error) {
	c, err := e.open(ctx, tx, id)
	if err == nil && c.Words >= mostTexts {
		err = ErrMany
	}
	if err != nil {
		return c, err
	}
	c.Words++
	w := Words{Brand: c.Brand, Number: c.Words, Say: say, Avoid: avoid, By: by, At: tx.Now()}
	if _, _, err := texts.Get(ctx, tx, wordsID(c.ID, w.Number)); err != nil {
		return c, err
	}
	if err := texts.Put(tx, wordsID(c.ID, w.Number), w); err != nil {
		return c, err
	}
	return e.did(ctx, tx, c, Act{What: Worded, By: by, At: tx.Now(), Number: w.Number})
}

// words are those of a crisis as they are now; without a number there are none.
func words(ctx context.Context, tx *state.Tx, c Crisis) (Words, error) {
	if c.Words == 0 {
		return Words{}, nil
	}
	w, _, err := texts.Get(ctx, tx, wordsID(c.ID, c.Words))
	return w, err
}

// Stance is how people answer while a crisis is open.
type Stance struct {
	// View and Subject are its card.
	View, Subject string
	// Number is that of the words, 0 before there are any; Say is what is said, by
	// language. By gave them, At.
	Number int
	Say    map[string]string
	By     string
	At     time.Time
}

// Stance is how to answer what is about these themes of a brand; nil: as ever.
func (e *Engine) Stance(ctx context.Context, tx *state.Tx, b *brand.Brand, themes []string) (*Stance, error) {
	if len(themes) == 0 {
		return nil, nil
	}
	c, found, err := e.Last(ctx, tx, b.ID)
	if err != nil || !found || c.Over() || !slices.Contains(themes, c.Theme) {
		return nil, err
	}
	w, err := words(ctx, tx, c)
	return &Stance{View: View, Subject: c.ID, Number: w.Number, Say: w.Say, By: w.By, At: w.At}, err
}

// said are all the words of a crisis, the first ones first.
func said(ctx context.Context, tx *state.Tx, c Crisis) ([]Words, error) {
	var ids []string
	for number := range c.Words {
		ids = append(ids, wordsID(c.ID, number+1))
	}
	return texts.Peek(ctx, tx, ids...)
}
