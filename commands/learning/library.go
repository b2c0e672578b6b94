package learning

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"crieur/bot/state"
	"crieur/bot/text/learnt"
)

// Library gives every brand's own models. It may be shared; what it has read it
// remembers by number, and a number never stands for other bytes.
type Library struct {
	Shipped *learnt.Shipped

	mu    sync.Mutex
	books map[string]book // by brand
}

type book struct {
	number int
	models learnt.Models
	broken bool
}

// Of gives the models that a brand uses now, none where what ships is in use.
// A model that cannot be read counts as none: what ships judges meanwhile, and
// the brief says so (Section).
func (l *Library) Of(ctx context.Context, tx *state.Tx, brand string) (learnt.Models, error) {
	open, err := l.open(ctx, tx, brand)
	return open.models, err
}

func (l *Library) open(ctx context.Context, tx *state.Tx, brand string) (book, error) {
	found, err := shelves.Peek(ctx, tx, brand)
	if err != nil || len(found) == 0 || found[0].Current() == 0 {
		return book{}, err
	}
	number := found[0].Current()
	l.mu.Lock()
	open := l.books[brand]
	l.mu.Unlock()
	if open.number == number {
		return open, nil
	}
	open = book{number: number}
	open.models, err = l.read(ctx, tx, brand, number)
	if open.broken = errors.Is(err, ErrCorrupt); err != nil && !open.broken {
		return book{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.books == nil {
		l.books = map[string]book{}
	}
	l.books[brand] = open
	return open, nil
}

// read puts a model together from its pieces. Bytes that are not those that were
// learnt, or that this release cannot read, are an ErrCorrupt.
func (l *Library) read(ctx context.Context, tx *state.Tx, brand string, number int) (learnt.Models, error) {
	id := modelID(brand, number)
	found, err := models.Peek(ctx, tx, id)
	if err != nil {
		return learnt.Models{}, err
	}
	if len(found) == 0 {
		return learnt.Models{}, fmt.Errorf("read model %s: %w: it is not kept", id, ErrCorrupt)
	}
	read, err := pieces.Peek(ctx, tx, pieceIDs(id, found[0].Pieces)...)
	if err != nil {
		return learnt.Models{}, err
	}
	data := bytes.Join(read, nil)
	if sum := sha256.Sum256(data); !bytes.Equal(sum[:], found[0].Sum) {
		return learnt.Models{}, fmt.Errorf("read model %s: %w: not the bytes that were learnt", id, ErrCorrupt)
	}
	decoded, err := l.Shipped.Decode(data)
	if err != nil {
		return learnt.Models{}, fmt.Errorf("read model %s: %w: %w", id, ErrCorrupt, err)
	}
	return decoded, nil
}

// shelve keeps a model under the brand's next number.
func shelve(ctx context.Context, tx *state.Tx, brand string, m Model, data []byte) (int, error) {
	shelf, _, err := shelves.Get(ctx, tx, brand)
	if err != nil {
		return 0, err
	}
	shelf.Brand, shelf.Last = brand, shelf.Last+1
	m.Number, m.At = shelf.Last, tx.Now()
	if err := put(ctx, tx, brand, m, data); err != nil {
		return 0, err
	}
	return shelf.Last, shelves.Put(tx, brand, shelf)
}

// put keeps a model and its bytes.
func put(ctx context.Context, tx *state.Tx, brand string, m Model, data []byte) error {
	id := modelID(brand, m.Number)
	sum := sha256.Sum256(data)
	m.Sum, m.Pieces = sum[:], (len(data)+pieceSize-1)/pieceSize
	if _, _, err := models.Get(ctx, tx, id); err != nil {
		return err
	}
	for i, piece := range pieceIDs(id, m.Pieces) {
		if _, _, err := pieces.Get(ctx, tx, piece); err != nil {
			return err
		}
		if err := pieces.Put(tx, piece, data[i*pieceSize:min((i+1)*pieceSize, len(data))]); err != nil {
			return err
		}
	}
	return models.Put(tx, id, m)
}

// forget deletes a model that nobody can go back to, if there is one.
func forget(ctx context.Context, tx *state.Tx, brand string, number int) error {
	id := modelID(brand, number)
	m, found, err := models.Get(ctx, tx, id)
	if err != nil || !found {
		return err
	}
	all := pieceIDs(id, m.Pieces)
	if _, err := pieces.GetAll(ctx, tx, all...); err != nil {
		return err
	}
	for _, piece := range all {
		pieces.Delete(tx, piece)
	}
	models.Delete(tx, id)
	return nil
}

func pieceIDs(model string, count int) []string {
	ids := make([]string, count)
	for i := range ids {
		ids[i] = model + "/" + strconv.Itoa(i)
	}
	return ids
}
