package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crieur/bot/archive"
	"crieur/bot/board"
	"crieur/bot/state"
	"crieur/bot/work"
	"crieur/commands/calendar"
	"crieur/integrations/redis"
)

// errOther says that a folder is not the demo's.
var errOther = errors.New("this folder keeps something else: name another one")

// bookmark is where the day was left, beside what the store keeps: the file
// demo.json in the folder.
type bookmark struct {
	Now time.Time `json:"now"`
	// Key signs what buttons carry, so that those of before still work.
	Key   []byte            `json:"key"`
	Step  int               `json:"step"` // of the guide; -1 before the day begins
	Free  bool              `json:"free"`
	Told  int               `json:"told"`
	Langs []string          `json:"langs"` // of the brand, its main one first
	Reads map[string]string `json:"reads"` // each person's language
}

// markEvery is how often the bookmark is moved; a demo that is killed goes on
// from there.
const markEvery = time.Second

// storage is where the demo keeps its day: in a folder, or in memory.
type storage struct {
	client redis.Client
	dir    string // empty: in memory
	run    func(context.Context)
	close  func()
	// left is where the day was left the last time; nil begins a new one.
	left *bookmark
}

// inMemory keeps nothing after the process.
func inMemory() (*storage, error) {
	memory, err := redis.NewMemory()
	if err != nil {
		return nil, err
	}
	return &storage{client: memory.Client, run: memory.Run, close: memory.Close}, nil
}

// inFolder keeps the day with a private server. The error is redis.ErrNoServer,
// with what to install, redis.ErrLocked or errOther.
func inFolder(ctx context.Context, dir string) (*storage, error) {
	left, err := readBookmark(dir)
	if err != nil {
		return nil, err
	}
	child, err := redis.StartChild(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("keep the demo in %s: %w", dir, err)
	}
	client, err := redis.Connect(child.Address())
	if err != nil {
		child.Stop()
		return nil, err
	}
	s := &storage{client: client, dir: dir, run: func(context.Context) {}, left: left,
		close: func() { client.Close(); child.Stop() }}
	if held, err := client.DBSize(ctx).Result(); err != nil || held > 0 && left == nil {
		s.close()
		return nil, errors.Join(err, fmt.Errorf("%s: %w", dir, errOther))
	}
	return s, nil
}

func readBookmark(dir string) (*bookmark, error) {
	data, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read where the demo was left: %w", err)
	}
	var left bookmark
	if err := json.Unmarshal(data, &left); err != nil {
		return nil, fmt.Errorf("read where the demo was left: %s: %w", dir, err)
	}
	return &left, nil
}

// mark keeps where the day is; a file is there whole or not at all.
func (s *storage) mark(at bookmark) error {
	data, err := json.Marshal(at)
	if err != nil {
		return fmt.Errorf("keep where the demo is: %w", err)
	}
	fresh := filepath.Join(s.dir, "demo.json.new")
	if err := os.WriteFile(fresh, data, 0o600); err != nil {
		return fmt.Errorf("keep where the demo is: %w", err)
	}
	return os.Rename(fresh, filepath.Join(s.dir, "demo.json"))
}

// keep moves the bookmark until ctx ends.
func (d *Demo) keep(ctx context.Context) {
	work.Every(ctx, markEvery, d.lastMark)
}

// lastMark keeps where the day is when it ends, if it had begun.
func (d *Demo) lastMark() {
	if d.storage == nil || d.storage.dir == "" || d.guide == nil {
		return
	}
	if err := d.storage.mark(d.bookmark()); err != nil {
		d.log.Warn("bookmark not kept", "err", err)
	}
}

func (d *Demo) bookmark() bookmark {
	at := bookmark{Now: d.Clock.Now(), Key: d.key, Reads: map[string]string{}}
	for _, m := range d.space.Members {
		at.Reads[m.ID] = d.Console.Language(m.ID)
	}
	at.Langs = slices.Clone(d.space.Brands[0].Langs)
	d.guide.mu.Lock()
	defer d.guide.mu.Unlock()
	at.Step, at.Free, at.Told = d.guide.at, d.guide.free, d.guide.told
	return at
}

// newKey makes a key for the buttons of a day.
func newKey() []byte {
	key := make([]byte, 32)
	rand.Read(key) //nolint:errcheck // it never fails
	return key
}

// resume goes on where the day was left: the workspace forgot everything, so
// cards are hung anew and what left is shown outside again.
func (d *Demo) resume(ctx context.Context) error {
	left := d.storage.left
	for person, lang := range left.Reads {
		d.Console.Speak(person, lang)
	}
	d.guide.resume(*left)
	hung, places, err := d.hung(ctx)
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	_, err = state.Do(ctx, d.store(), fmt.Sprint("resume:", time.Now().UnixNano()), now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			if _, err := tx.GetAll(ctx, places...); err != nil {
				return nil, err
			}
			for _, place := range places {
				tx.Write(state.Write{Key: place, Delete: true})
			}
			for _, card := range hung {
				if err := board.Refresh(ctx, tx, card.View, card.Subject); err != nil {
					return nil, err
				}
			}
			return nil, d.played(ctx, tx)
		})
	if err != nil {
		return fmt.Errorf("go on with the day: %w", err)
	}
	return d.app().Start(d.ctx)
}

// hung lists the cards that hang, in the order in which they were hung first,
// and where.
func (d *Demo) hung(ctx context.Context) (hung []board.Card, places []state.Key, err error) {
	first := map[string]string{} // a card's oldest message
	kept := d.keptStore()
	_, err = kept.Dump(ctx, func(line archive.Line) error {
		r := line.Record
		if r == nil {
			return nil
		}
		var body struct{ Body json.RawMessage }
		if err := json.Unmarshal(r.Data, &body); err != nil {
			return err
		}
		switch r.Kind {
		case board.RecordKind:
			var card board.Card
			hung = append(hung, card)
			return json.Unmarshal(body.Body, &hung[len(hung)-1])
		case "place":
			var at board.Place
			if err := json.Unmarshal(body.Body, &at); err != nil {
				return err
			}
			places = append(places, state.Key{Kind: r.Kind, ID: r.ID})
			card, _, _ := strings.Cut(r.ID, "|")
			if before, seen := first[card]; !seen || older(at.Message, before) {
				first[card] = at.Message
			}
		}
		return nil
	})
	slices.SortStableFunc(hung, func(a, b board.Card) int {
		x, y := first[board.ID(a.View, a.Subject)], first[board.ID(b.View, b.Subject)]
		switch {
		case older(x, y):
			return -1
		case older(y, x):
			return 1
		}
		return 0
	})
	return hung, places, err
}

// older says whether a message of the workspace came before another: "m9" before
// "m10".
func older(a, b string) bool { return len(a) < len(b) || len(a) == len(b) && a < b }

// played shows outside what left before.
func (d *Demo) played(ctx context.Context, tx *state.Tx) error {
	b := d.space.Brands[0]
	all, err := d.app().Posts.Between(ctx, tx, b.ID, dayStart(b.Zone).AddDate(0, 0, -1), d.Clock.Now())
	for _, p := range all {
		if found, ok := b.Account(p.Part.Account); ok && p.Status == calendar.Sent && found.Network != "assisted" {
			account{d.stage, found}.show(p.ID, p.Part, p.SentAt)
		}
	}
	return err
}

// resume puts the guide where it was.
func (g *guide) resume(left bookmark) {
	g.mu.Lock()
	g.at, g.free, g.told = min(left.Step, len(steps())-1), left.Free, left.Told
	at, free := g.at, g.free
	g.mu.Unlock()
	if free {
		g.demo.Console.RevealAll()
		return
	}
	for _, step := range steps()[:max(at, 0)] {
		g.demo.Console.Reveal(panes(step)...)
	}
}
