package audit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// ErrMoved says that the chain went on meanwhile: another sealer was faster.
// Nothing was written.
var ErrMoved = errors.New("the chain went on meanwhile")

// Trail is where entries wait and the chain is kept.
type Trail interface {
	// LeaseSeal takes or keeps the right to seal, for some seconds; held is false
	// while another owner has it.
	LeaseSeal(ctx context.Context, owner string) (held bool, err error)
	// Unsealed returns the entries that wait, the oldest first, most at most.
	Unsealed(ctx context.Context, most int) ([]Appended, error)
	// Head returns the last link, the zero Link if there is none.
	Head(ctx context.Context) (Link, error)
	// Salts returns the salts of people; one that has none gets what fresh gives,
	// and whoever comes first decides.
	Salts(ctx context.Context, people []string, fresh func() string) (Salts, error)
	// Seal puts links after the head and takes off the entries that they hold, in
	// one step. It returns ErrMoved if the head is another by now.
	Seal(ctx context.Context, head Link, links []Link, taken []Appended) error
}

const (
	sealEvery = time.Second
	// sealBatch is how many entries are chained in one step.
	sealBatch = 128
)

// Sealer chains what commits append.
type Sealer struct {
	Trail Trail
	// Owner is unique to this process and run.
	Owner string
	// Personal says which names are people's.
	Personal Personal
	// Key signs; nil leaves the chain unsigned.
	Key *Key
	Log *slog.Logger
}

// Run seals until ctx ends, while no other process does. It may be killed at any
// instant: a step happens whole or not at all, and the next one starts from what
// is kept.
func (s *Sealer) Run(ctx context.Context) {
	ticker := time.NewTicker(sealEvery)
	defer ticker.Stop()
	for {
		if err := s.turn(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("trail not sealed, trying again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *Sealer) turn(ctx context.Context) error {
	for {
		held, err := s.Trail.LeaseSeal(ctx, s.Owner)
		if err != nil || !held {
			return err
		}
		if n, err := s.Seal(ctx); err != nil || n < sealBatch {
			return err
		}
	}
}

// SealAll chains everything that waits. It needs no lease: what another sealer
// does meanwhile only makes it look again.
func (s *Sealer) SealAll(ctx context.Context) error {
	for {
		n, err := s.Seal(ctx)
		if err != nil && !errors.Is(err, ErrMoved) {
			return err
		}
		if err == nil && n == 0 {
			return nil
		}
	}
}

// Seal chains one batch and returns how many entries it held.
func (s *Sealer) Seal(ctx context.Context) (int, error) {
	// The head comes first: whoever seals what is read after it moves it.
	head, err := s.Trail.Head(ctx)
	if err != nil {
		return 0, err
	}
	waiting, err := s.Trail.Unsealed(ctx, sealBatch)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	var named []string
	for _, entry := range waiting {
		named = append(named, people(entry.Entry, s.Personal)...)
	}
	salts, err := s.Trail.Salts(ctx, named, freshSalt)
	if err != nil {
		return 0, err
	}
	links, err := s.chain(head, waiting, salts)
	if err != nil {
		return 0, err
	}
	if err := s.Trail.Seal(ctx, head, links, waiting); err != nil {
		return 0, fmt.Errorf("seal after link %d: %w", head.N, err)
	}
	return len(links), nil
}

// chain makes the links of entries; pure.
func (s *Sealer) chain(head Link, waiting []Appended, salts Salts) ([]Link, error) {
	links := make([]Link, 0, len(waiting))
	for _, entry := range waiting {
		veiled := mapPeople(entry.Entry, s.Personal, salts.Veil)
		link, err := next(head.N+1, head.Hash, Sealed{Seq: entry.Seq, Entry: veiled})
		if err != nil {
			return nil, err
		}
		links, head = append(links, link), link
	}
	if s.Key != nil {
		s.Key.sign(&links[len(links)-1])
	}
	return links, nil
}

func freshSalt() string {
	raw := make([]byte, 16)
	rand.Read(raw) //nolint:errcheck // it never fails
	return hex.EncodeToString(raw)
}
