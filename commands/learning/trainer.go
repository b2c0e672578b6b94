package learning

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/text/learnt"
	"crieur/bot/text/theme"
	"crieur/bot/text/tone"
)

// order is the content of a "learn" effect.
type order struct {
	Brand string    `json:"brand"`
	UpTo  time.Time `json:"up_to"` // labels after it are for the next time
}

// Trainer carries out "learn" effects: it reads a brand's labels, learns, and
// keeps the model under a new number. It touches nothing outside, and an effect
// carried out twice is one model.
type Trainer struct {
	Store   state.Store
	Space   brand.Source
	Library *Library
	Now     func() time.Time
}

// precision is what the threshold of "surely negative" is chosen for.
const precision = 0.85

// errFew says that there is not enough to learn from yet.
var errFew = errors.New("too few labels")

// Send implements outbox.Sender. The receipt's Ref is the model's number, empty
// when there are too few labels.
func (t *Trainer) Send(ctx context.Context, effect outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	var o order
	if err := json.Unmarshal(effect.Data, &o); err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	number, err := t.learn(context.WithoutCancel(ctx), effect.ID, o) // the deadline is that of calls outside
	switch {
	case errors.Is(err, errFew):
		return outbox.Receipt{}, nil
	case errors.Is(err, state.ErrUnavailable):
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Temporary, Err: err}
	case err != nil:
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	return outbox.Receipt{Ref: strconv.Itoa(number)}, nil
}

func (t *Trainer) learn(ctx context.Context, cause string, o order) (int, error) {
	b := t.Space.Now().Brand(o.Brand)
	if b == nil {
		return 0, errFew
	}
	look := state.Begin(t.Store, cause, t.Now())
	all, err := newest(ctx, look, b.ID, o.UpTo, mostLabels)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", state.ErrUnavailable, err)
	}
	used, err := t.Library.Of(ctx, look, b.ID)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", state.ErrUnavailable, err)
	}
	made, model, err := t.fit(b, all, used)
	if err != nil {
		return 0, err
	}
	data, err := made.Encode()
	if err != nil {
		return 0, err
	}
	var number int
	outcome, err := state.Do(ctx, t.Store, "learnt:"+cause, t.Now(), nil, func(ctx context.Context, tx *state.Tx) (_ []byte, err error) {
		number, err = shelve(ctx, tx, b.ID, model, data)
		return []byte(strconv.Itoa(number)), err
	})
	if err == nil && outcome.Repeated {
		return strconv.Atoi(string(outcome.Result))
	}
	return number, err
}

// newest gives the newest labels of a brand, at most so many, the oldest first.
func newest(ctx context.Context, tx *state.Tx, brand string, upTo time.Time, most int) ([]Label, error) {
	members, err := tx.List(ctx, state.Range{Index: labelIndex(brand), From: 0, To: upTo.UnixMilli(), Limit: most, Reverse: true})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(members))
	for i, m := range members {
		ids[len(ids)-1-i] = m.ID
	}
	return labels.Peek(ctx, tx, ids...)
}

// fit learns from four labels in five and measures on the fifth; pure.
func (t *Trainer) fit(b *brand.Brand, all []Label, used learnt.Models) (learnt.Models, Model, error) {
	own, err := listsOf(b)
	if err != nil {
		return learnt.Models{}, Model{}, err
	}
	learn, held := deal(all)
	before := t.Library.Shipped.Reader(own, used)
	var made learnt.Models
	made.Tone, _, err = before.Tone.Train(tones(learn), precision)
	if err != nil && !errors.Is(err, tone.ErrTooFew) {
		return made, Model{}, err
	}
	made.Theme, _, err = t.Library.Shipped.Lists.Train(themed(learn))
	if err != nil && !errors.Is(err, theme.ErrTooFew) {
		return made, Model{}, err
	}
	if made == (learnt.Models{}) {
		return made, Model{}, errFew
	}
	after := t.Library.Shipped.Reader(own, made)
	return made, Model{Labels: len(learn) + len(held), Before: measure(before, held), After: measure(after, held)}, nil
}

// listsOf are the word lists of a brand.
func listsOf(b *brand.Brand) (*theme.Lists, error) {
	lists, err := theme.For(b.Themes, b.Added)
	if err != nil {
		return nil, err
	}
	return theme.New(lists)
}

// deal parts labels to learn from and labels to measure on, without those that
// say neither a sentiment nor a theme; pure.
func deal(all []Label) (learn, held []Label) {
	for _, l := range all {
		switch {
		case l.Sentiment == "" && l.Theme == nil:
		case isHeld(l):
			held = append(held, l)
		default:
			learn = append(learn, l)
		}
	}
	return learn, held
}

// isHeld says whether a label is one of those that are never learnt from. It
// goes by the text alone, so that it stays so for every model to come.
func isHeld(l Label) bool {
	hash := fnv.New32a()
	hash.Write([]byte(l.Text))
	return hash.Sum32()%5 == 0
}

func tones(all []Label) []tone.Label {
	var marked []tone.Label
	for _, l := range all {
		if s, ok := tone.ParseSentiment(l.Sentiment); ok {
			marked = append(marked, tone.Label{Text: l.Text, Lang: l.Lang, Sentiment: s})
		}
	}
	return marked
}

func themed(all []Label) []theme.Label {
	var marked []theme.Label
	for _, l := range all {
		if l.Theme != nil {
			marked = append(marked, theme.Label{Text: l.Text, Theme: *l.Theme})
		}
	}
	return marked
}

// measure counts what a reader makes of labels; pure.
func measure(r learnt.Reader, all []Label) Figures {
	var f Figures
	for _, l := range all {
		felt := r.Tone.Score(l.Text, l.Lang).Sentiment
		if truth, ok := tone.ParseSentiment(l.Sentiment); ok {
			f.Judged++
			switch {
			case felt == truth:
				f.Right++
			case felt == tone.Negative:
				f.False++
			case truth == tone.Negative:
				f.Missed++
			}
		}
		if l.Theme == nil {
			continue
		}
		f.Themed++
		first := theme.None
		if found := r.Themes(l.Text, felt); len(found) > 0 {
			first = found[0].Name
		}
		if first == *l.Theme {
			f.Found++
		}
	}
	return f
}
