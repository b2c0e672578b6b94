package learning

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// Kind is the kind of effects that learn, see Trainer.
	Kind = "learn"
	// Topic is that of due times and receipts.
	Topic = "learning"
	// View is the card on which an admin decides; its subject is the brand.
	View = "learning"
	// fresh is how many new labels are worth learning anew.
	fresh = 20
	// mostLabels is how many labels are learnt from, the newest: it keeps learning
	// to a few seconds.
	mostLabels = 3000
	// hour is when the brand's clock allows for it: nobody waits at night.
	hour = 3
)

// What can be wrong with a decision. Nothing changes then.
var (
	ErrNothing = errors.New("nothing is proposed")
	ErrFirst   = errors.New("what ships is in use")
	ErrCorrupt = errors.New("model cannot be read")
)

// Engine decides what is learnt, and which model is used.
type Engine struct {
	Space    brand.Source
	Library  *Library
	Heard    Heard
	Themes   Themes
	NewToken func(*state.Tx) string
}

// Teach keeps what a click of a member said of a text; the newest click on a
// text counts. The next night it is learnt from, if there is enough.
func (e *Engine) Teach(ctx context.Context, tx *state.Tx, b *brand.Brand, member string, lesson listen.Lesson) error {
	if lesson.Empty() {
		return nil
	}
	id := labelID(b.ID, lesson.Text)
	label, _, err := labels.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if lesson.Sentiment == "" {
		lesson.Sentiment = label.Sentiment
	}
	if lesson.Theme == nil {
		lesson.Theme = label.Theme
	}
	label = Label{Lesson: lesson, Brand: b.ID, By: member, At: tx.Now()}
	e.later(tx, b, tonight(tx.Now().In(b.Zone)))
	return labels.Put(tx, id, label, state.Mark{Index: labelIndex(b.ID), Member: id, Score: tx.Now().UnixMilli()})
}

func tonight(now time.Time) time.Time {
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, now.Location())
	if !at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()+1, hour, 0, 0, 0, now.Location())
	}
	return at
}

func (e *Engine) later(tx *state.Tx, b *brand.Brand, at time.Time) {
	tx.Later(work.Due{Key: "learn:" + b.ID, At: at,
		Item: work.Item{Conversation: "learn:" + b.ID, Topic: "due:" + Topic, Data: []byte(b.ID)}})
}

// Due orders the learning of a brand that has enough new labels.
func (e *Engine) Due(ctx context.Context, tx *state.Tx, item work.Item) error {
	b := e.Space.Now().Brand(string(item.Data))
	if b == nil {
		return nil
	}
	shelf, _, err := shelves.Get(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	unread, err := tx.List(ctx, state.Range{Index: labelIndex(b.ID), From: shelf.Learnt.UnixMilli() + 1, To: 1 << 53, Limit: fresh})
	if err != nil || len(unread) < fresh {
		return err
	}
	data, err := json.Marshal(order{Brand: b.ID, UpTo: tx.Now()})
	if err != nil {
		return fmt.Errorf("encode learning of %s: %w", b.ID, err)
	}
	shelf.Brand, shelf.Learnt = b.ID, tx.Now()
	tx.Emit(outbox.Effect{Kind: Kind, Destination: "learn:" + b.ID, Class: outbox.Digest, Brand: b.ID,
		Topic: Topic, Conversation: "learn:" + b.ID, Data: data})
	return shelves.Put(tx, b.ID, shelf)
}

// Learnt proposes the model that was learnt to the admins. A newer proposal
// takes the place of one that nobody decided on.
func (e *Engine) Learnt(ctx context.Context, tx *state.Tx, item work.Item) error {
	var receipt outbox.Receipt
	if err := json.Unmarshal(item.Data, &receipt); err != nil {
		return fmt.Errorf("decode receipt %s: %w", item.ID, err)
	}
	b := e.Space.Now().Brand(strings.TrimPrefix(item.Conversation, "learn:"))
	number, err := strconv.Atoi(receipt.Ref)
	if b == nil || err != nil || receipt.Status != outbox.Sent { // too few labels, so far
		return nil
	}
	shelf, _, err := shelves.Get(ctx, tx, b.ID)
	if err != nil || number == shelf.Proposed || slices.Contains(shelf.Past, number) {
		return err
	}
	if err := forget(ctx, tx, b.ID, shelf.Proposed); err != nil {
		return err
	}
	shelf.Proposed = number
	tx.Log(audit.Entry{What: "model.proposed", Brand: b.ID, Subject: subject(b.ID, number)})
	if err := shelves.Put(tx, b.ID, shelf); err != nil {
		return err
	}
	var hangs []board.Hang
	for _, admin := range e.Space.Now().With(brand.Admin) {
		for _, place := range admin.Direct()[:min(1, len(admin.Direct()))] {
			hangs = append(hangs, board.Hang{Place: place, Member: admin.ID, Lang: b.LangOf(admin), Class: outbox.Digest, Notifies: true})
		}
	}
	_, err = board.Show(ctx, tx, board.Card{View: View, Subject: b.ID, Brand: b.ID}, e.NewToken, hangs...)
	return err
}

// Adopt puts the proposed model into use. One that cannot be read is refused
// with ErrCorrupt.
func (e *Engine) Adopt(ctx context.Context, tx *state.Tx, brand, member string) error {
	return e.decide(ctx, tx, brand, member, "model.adopted", func(shelf *Shelf) error {
		if shelf.Proposed == 0 {
			return ErrNothing
		}
		if _, err := e.Library.read(ctx, tx, brand, shelf.Proposed); err != nil {
			return err
		}
		shelf.Past, shelf.Proposed = append(shelf.Past, shelf.Proposed), 0
		if len(shelf.Past) <= keepModels {
			return nil
		}
		oldest := shelf.Past[0]
		shelf.Past = shelf.Past[1:]
		return forget(ctx, tx, brand, oldest)
	})
}

// Keep stays with the model in use.
func (e *Engine) Keep(ctx context.Context, tx *state.Tx, brand, member string) error {
	return e.decide(ctx, tx, brand, member, "model.declined", func(shelf *Shelf) error {
		if shelf.Proposed == 0 {
			return ErrNothing
		}
		declined := shelf.Proposed
		shelf.Proposed = 0
		return forget(ctx, tx, brand, declined)
	})
}

// Revert goes back to the model that was in use before, at last to what ships.
// The one given up is proposed again, so that this too can be taken back.
func (e *Engine) Revert(ctx context.Context, tx *state.Tx, brand, member string) error {
	return e.decide(ctx, tx, brand, member, "model.reverted", func(shelf *Shelf) error {
		if len(shelf.Past) == 0 {
			return ErrFirst
		}
		if err := forget(ctx, tx, brand, shelf.Proposed); err != nil {
			return err
		}
		shelf.Proposed = shelf.Current()
		shelf.Past = shelf.Past[:len(shelf.Past)-1]
		return nil
	})
}

// decide changes a brand's shelf in the name of a member.
func (e *Engine) decide(ctx context.Context, tx *state.Tx, brand, member, verb string, change func(*Shelf) error) error {
	shelf, _, err := shelves.Get(ctx, tx, brand)
	if err != nil {
		return err
	}
	decided := shelf.Proposed
	if decided == 0 {
		decided = shelf.Current()
	}
	if err := change(&shelf); err != nil {
		return err
	}
	tx.Log(audit.Entry{Who: member, What: verb, Brand: brand, Subject: subject(brand, decided)})
	if err := shelves.Put(tx, brand, shelf); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, View, brand)
}

func subject(brand string, number int) string { return "model/" + modelID(brand, number) }

func modelID(brand string, number int) string { return brand + "/" + strconv.Itoa(number) }

// labelID names the label of a text: said again, it is the same one.
func labelID(brand, text string) string {
	sum := sha256.Sum256([]byte(brand + "\n" + text))
	return "l" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:16])
}
