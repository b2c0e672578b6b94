package drafting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// What can be wrong when other words are asked for or taken. Nothing changes then.
var (
	ErrNoWriter = errors.New("no model is configured")
	ErrAsking   = errors.New("other words are asked for already")
	ErrStale    = errors.New("other proposals took the place of these, or a day has passed")
	ErrMoved    = errors.New("the text changed since other words were asked for")
)

// Full says that a person asked for other words too often.
type Full struct{ Until time.Time }

func (f *Full) Error() string {
	return "other words were asked for too often, until " + f.Until.Format(time.RFC3339)
}

// WordsKind is the kind of effects that ask a model, WordsTopic where their
// receipts come back.
const (
	WordsKind  = "words"
	WordsTopic = "drafting.words"
)

const (
	// MostAsked is how often one person may ask in an hour.
	MostAsked = 10
	// askedWithin is how long an answer is waited for.
	askedWithin = 2 * time.Minute
	// keepWording is how long proposals are kept.
	keepWording = 24 * time.Hour
)

// WordingStage is where proposals stand.
type WordingStage string

const (
	Wanted  WordingStage = "wanted"
	Offered WordingStage = "offered"
	Silent  WordingStage = "silent" // no answer that is any use
)

// Wording is the other words that a model proposes for a draft: those of the last
// time that it was asked.
type Wording struct {
	Draft  string       `json:"draft"`
	Brand  string       `json:"brand"`
	Number int          `json:"number"` // of the draft's version that it is about
	Round  int          `json:"round"`  // counts the times asked: buttons of earlier ones do nothing
	By     string       `json:"by"`
	At     time.Time    `json:"at"`
	Stage  WordingStage `json:"stage"`
	// Effect asks for it; its reference finds it in the log.
	Effect    string     `json:"effect"`
	Proposals []Proposal `json:"proposals,omitempty"`
}

// asked are the times of the last hour at which a person asked.
type asked struct {
	Times []time.Time `json:"times"`
}

// outcome is how the model answered last.
type outcome struct {
	At time.Time `json:"at"`
	OK bool      `json:"ok"`
}

var (
	wordings = state.Table[Wording]{Kind: "wording", Schema: 1, Keep: keepWording}
	askings  = state.Table[asked]{Kind: "wordingasked", Schema: 1, Keep: time.Hour}
	model    = state.Table[outcome]{Kind: "writer", Schema: 1, Keep: state.KeepWork}
)

// theModel is the ID of the one record of its kind.
const theModel = "words"

// wordingOf reads the proposals for a draft; found is false once a day has passed,
// whether the store still has them or not.
func wordingOf(ctx context.Context, tx *state.Tx, draft string) (w Wording, found bool, err error) {
	w, found, err = wordings.Get(ctx, tx, draft)
	if err != nil || tx.Now().Sub(w.At) >= keepWording {
		return Wording{}, false, err
	}
	return w, found, nil
}

// putWording keeps proposals until a day after they were asked for, whatever is
// done with them meanwhile.
func putWording(tx *state.Tx, w Wording) error {
	left := wordings
	left.Keep = w.At.Add(keepWording).Sub(tx.Now())
	return left.Put(tx, w.Draft, w)
}

// Ask asks the model for other words for every account of the draft. They come
// as proposals: the draft stays as it is.
func (e *Engine) Ask(ctx context.Context, tx *state.Tx, id, by string) (Draft, error) {
	if !e.Words {
		return Draft{}, ErrNoWriter
	}
	d, err := e.own(ctx, tx, id, by)
	if err != nil {
		return Draft{}, err
	}
	w, _, err := wordingOf(ctx, tx, id)
	if err != nil {
		return Draft{}, err
	}
	if w.Stage == Wanted && tx.Now().Sub(w.At) < askedWithin {
		return Draft{}, ErrAsking
	}
	if err := e.spend(ctx, tx, by); err != nil {
		return Draft{}, err
	}
	data, err := json.Marshal(id)
	if err != nil {
		return Draft{}, fmt.Errorf("encode draft %s: %w", id, err)
	}
	tx.Emit(outbox.Effect{Kind: WordsKind, Destination: "model:" + id, Class: outbox.Answer, Brand: d.Brand,
		NotAfter: tx.Now().Add(askedWithin), Topic: WordsTopic, Conversation: id, Data: data})
	effects := tx.Effects()
	tx.Log(audit.Entry{Who: by, What: "draft.words", Brand: d.Brand, Subject: "draft/" + id})
	return d, putWording(tx, Wording{Draft: id, Brand: d.Brand, Number: d.Number, Round: w.Round + 1, By: by, At: tx.Now(),
		Stage: Wanted, Effect: effects[len(effects)-1].ID})
}

// spend counts a time that a person asks, or says when there is room again.
func (e *Engine) spend(ctx context.Context, tx *state.Tx, by string) error {
	a, _, err := askings.Get(ctx, tx, by)
	if err != nil {
		return err
	}
	anHourAgo := tx.Now().Add(-time.Hour)
	a.Times = slices.DeleteFunc(slices.Clone(a.Times), func(t time.Time) bool { return !t.After(anHourAgo) })
	if len(a.Times) >= MostAsked {
		return &Full{Until: a.Times[0].Add(time.Hour)}
	}
	a.Times = append(a.Times, tx.Now())
	return askings.Put(tx, by, a)
}

// Worded handles the receipt of a model that was asked; what it proposes is kept
// already, see Scribe.
func (e *Engine) Worded(ctx context.Context, tx *state.Tx, item work.Item) error {
	var receipt outbox.Receipt
	if err := json.Unmarshal(item.Data, &receipt); err != nil {
		return fmt.Errorf("decode receipt %s: %w", item.ID, err)
	}
	w, found, err := wordingOf(ctx, tx, item.Conversation)
	if err != nil || !found || w.Effect != receipt.Effect {
		return err // it was asked again since
	}
	if w.Stage == Wanted {
		w.Stage = Silent
		if err := putWording(tx, w); err != nil {
			return err
		}
	}
	if _, _, err := model.Get(ctx, tx, theModel); err != nil {
		return err
	}
	return errors.Join(
		model.Put(tx, theModel, outcome{At: receipt.At, OK: w.Stage == Offered}),
		board.Refresh(ctx, tx, WordingView, w.Draft))
}

// all is what a button carries to take every proposal.
const all = "all"

// pick is what a button carries to take a proposal, the at-th, or all of them.
func (w Wording) pick(at string) string { return strconv.Itoa(w.Round) + "-" + at }

// Take makes a version of the draft with what its author picked of the proposals.
// It is an edit like another: what was approved of these texts is void.
func (e *Engine) Take(ctx context.Context, tx *state.Tx, b *brand.Brand, id, by, pick string) (Draft, error) {
	d, err := e.own(ctx, tx, id, by)
	if err != nil {
		return Draft{}, err
	}
	w, found, err := wordingOf(ctx, tx, id)
	if err != nil {
		return Draft{}, err
	}
	if !found || w.Stage != Offered {
		return Draft{}, ErrStale
	}
	left, texts, err := taken(w, d, pick)
	if err != nil {
		return Draft{}, err
	}
	d, err = e.change(ctx, tx, b, d, by, Change{Texts: texts, Worded: true}, "draft.worded")
	if err != nil {
		return Draft{}, err
	}
	return d, putWording(tx, left)
}

// taken is what is left of the proposals, and the texts of those picked; pure.
// What is taken is in the draft, and nowhere else any more.
func taken(w Wording, d Draft, pick string) (Wording, map[string]string, error) {
	texts := map[string]string{}
	moved := false
	w.Proposals = slices.Clone(w.Proposals)
	for i := range w.Proposals {
		p := &w.Proposals[i]
		if p.Text == "" || pick != w.pick(all) && pick != w.pick(strconv.Itoa(i)) {
			continue
		}
		if p.moved(d) {
			moved = true
			continue
		}
		texts[p.Account] = p.Text
		p.Text, p.Taken = "", true
	}
	switch {
	case len(texts) > 0:
		return w, texts, nil
	case moved:
		return w, nil, ErrMoved
	}
	return w, nil, ErrStale
}

// moved says that the text which a proposal would replace is not the one that the
// model read.
func (p Proposal) moved(d Draft) bool {
	return !slices.Contains(d.Accounts, p.Account) || content.Digest([]byte(d.Text(p.Account))) != p.Of
}

// worded are the accounts whose own text comes from a model, after a change.
func worded(d Draft, c Change) []string {
	var accounts []string
	for _, account := range d.Accounts {
		_, own := d.Texts[account]
		_, now := c.Texts[account]
		if own && (slices.Contains(d.Worded, account) || c.Worded && now) {
			accounts = append(accounts, account)
		}
	}
	return accounts
}
