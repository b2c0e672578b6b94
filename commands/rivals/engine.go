// Package rivals watches competitors: what they post, release or change, as
// their feeds say it, for the brief and on demand. Beside them it follows sources
// whose posts are worth relaying.
//
// It reads nothing itself (bot/poll) and copies nothing: what it keeps is shown
// with its source.
package rivals

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/bot/work"
)

// What can be wrong with what is asked. Nothing changes then.
var (
	ErrAddress = errors.New("not an address of the web")
	ErrUnknown = errors.New("no such competitor")
)

const (
	// Topic is that of observations on their way in, and of due times.
	Topic = "observe"
	// together is how soon after the last piece of news its competitor's card shows
	// it: a feed brings many in one go.
	together = 2 * time.Second
	// View is the card of one competitor, NewsView that of one thing it did.
	View     = "rival"
	NewsView = "rivalnews"
	// What is what its polls read.
	What = "rival"
)

// Rival is a competitor that is watched, or a source to relay.
type Rival struct {
	ID      string `json:"id"`
	Brand   string `json:"brand"`
	Name    string `json:"name"`
	Address string `json:"address,omitempty"` // empty: nobody knows one
	// Named is since when what is said of the name is listened for; zero: it is not.
	Named time.Time `json:"named,omitzero"`
	// Relay says that it is no competitor: what it says is proposed for relaying.
	Relay bool      `json:"relay,omitempty"`
	By    string    `json:"by,omitempty"`
	Since time.Time `json:"since"`
}

var (
	rivals       = state.Table[Rival]{Kind: "rival", Schema: 1}
	observations = state.Table[listen.Observation]{Kind: "observation", Schema: 1, Keep: state.KeepWork}
)

func rivalIndex(brand string) string { return "rivals:" + brand }
func newsIndex(brand string) string  { return "observations:" + brand }

// Engine decides what becomes of competitors.
type Engine struct {
	Space brand.Source
	Ideas Ideas
	Ours  Ours
}

// Follow watches a competitor's address. Without a name it gets that of the
// address.
func (e *Engine) Follow(ctx context.Context, tx *state.Tx, b *brand.Brand, by, address, name string) (Rival, error) {
	return e.follow(ctx, tx, b, by, address, name, false)
}

// FollowSource follows an address as Follow does, to relay what it says.
func (e *Engine) FollowSource(ctx context.Context, tx *state.Tx, b *brand.Brand, by, address, name string) (Rival, error) {
	return e.follow(ctx, tx, b, by, address, name, true)
}

func (e *Engine) follow(ctx context.Context, tx *state.Tx, b *brand.Brand, by, address, name string, relay bool) (Rival, error) {
	clean, err := cleanAddress(address)
	if err != nil {
		return Rival{}, err
	}
	if name == "" {
		name = calledAt(clean)
	}
	r := Rival{ID: rivalID(b.ID, clean.String()), Brand: b.ID, Name: name, Address: clean.String(), By: by, Since: tx.Now(), Relay: relay}
	followed, err := e.All(ctx, tx, b.ID)
	if err != nil {
		return Rival{}, err
	}
	for _, one := range followed {
		if one.Address == r.Address { // it may have had its name first
			r.ID = one.ID
		}
	}
	kept, found, err := rivals.Get(ctx, tx, r.ID)
	if err != nil {
		return Rival{}, err
	}
	if found {
		r.Since, r.By, r.Named = kept.Since, kept.By, kept.Named
	}
	tx.Log(audit.Entry{Who: by, What: "rival.followed", Brand: b.ID, Subject: "rival/" + r.ID})
	if err := put(ctx, tx, r); err != nil {
		return Rival{}, err
	}
	return r, r.read(ctx, tx)
}

// put keeps what is followed.
func put(ctx context.Context, tx *state.Tx, r Rival) error {
	if err := rivals.Put(tx, r.ID, r, r.mark(false)); err != nil || r.Named.IsZero() {
		return err
	}
	return r.name(ctx, tx, true)
}

// mark is the index entry of what is followed, or of what no longer is.
func (r Rival) mark(remove bool) state.Mark {
	return state.Mark{Index: rivalIndex(r.Brand), Member: r.ID, Score: r.Since.UnixMilli(), Remove: remove}
}

// Unfollow stops watching; what was seen stays.
func (e *Engine) Unfollow(ctx context.Context, tx *state.Tx, id, by string) (Rival, error) {
	r, found, err := rivals.Get(ctx, tx, id)
	if err != nil {
		return r, err
	}
	if !found {
		return r, ErrUnknown
	}
	tx.Log(audit.Entry{Who: by, What: "rival.unfollowed", Brand: r.Brand, Subject: "rival/" + id})
	rivals.Delete(tx, id, r.mark(true))
	if !r.Named.IsZero() {
		if err := r.name(ctx, tx, false); err != nil {
			return r, err
		}
	}
	return r, poll.End(ctx, tx, id)
}

// Seen is an observation with whether it was there before we began to watch.
type Seen struct {
	Brand       string             `json:"brand"`
	Observation listen.Observation `json:"observation"`
}

// Item is how an observation enters, once.
func Item(s Seen) (work.Item, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return work.Item{}, fmt.Errorf("encode observation %s: %w", s.Observation.ID, err)
	}
	return work.Item{ID: "observe:" + s.Brand + ":" + s.Observation.ID, Conversation: "observe:" + s.Brand,
		Topic: Topic, Data: data, At: s.Observation.At}, nil
}

// Observe keeps an observation.
func (e *Engine) Observe(ctx context.Context, tx *state.Tx, item work.Item) error {
	var s Seen
	if err := json.Unmarshal(item.Data, &s); err != nil {
		return fmt.Errorf("decode observation %s: %w", item.ID, err)
	}
	id := s.Brand + "/" + s.Observation.ID
	if _, found, err := observations.Get(ctx, tx, id); err != nil || found {
		return err
	}
	at := s.Observation.At
	if at.IsZero() || at.After(tx.Now()) {
		at = tx.Now()
	}
	rival := s.Observation.Rival
	tx.Later(work.Due{Key: "news:" + rival, At: tx.Now().Add(together),
		Item: work.Item{Conversation: rival, Topic: "due:" + Topic, Data: []byte(rival)}})
	return observations.Put(tx, id, s.Observation,
		state.Mark{Index: newsIndex(s.Brand), Member: id, Score: at.UnixMilli()})
}

// Observed shows on a competitor's card what was observed.
func (e *Engine) Observed(ctx context.Context, tx *state.Tx, item work.Item) error {
	return board.Refresh(ctx, tx, View, string(item.Data))
}

// News lists what competitors did since a time, the newest first.
func (e *Engine) News(ctx context.Context, tx *state.Tx, brand string, since time.Time, most int) ([]listen.Observation, error) {
	members, err := tx.List(ctx, state.Range{Index: newsIndex(brand), From: since.UnixMilli(), To: 1 << 53, Limit: most, Reverse: true})
	if err != nil {
		return nil, err
	}
	return observations.Peek(ctx, tx, state.IDs(members)...)
}

// All lists what is followed for a brand, the oldest first: competitors and
// sources to relay.
func (e *Engine) All(ctx context.Context, tx *state.Tx, brand string) ([]Rival, error) {
	members, err := tx.List(ctx, state.Range{Index: rivalIndex(brand), From: 0, To: 1 << 53})
	if err != nil {
		return nil, err
	}
	return rivals.Peek(ctx, tx, state.IDs(members)...)
}

// competitors are those followed that are no source to relay.
func competitors(followed []Rival) []Rival { return slices.DeleteFunc(slices.Clone(followed), relayed) }

// source is what a piece of news is of; of what is no longer followed the ID is
// all there is.
func (e *Engine) source(ctx context.Context, tx *state.Tx, id string) (Rival, error) {
	found, err := rivals.Peek(ctx, tx, id)
	if err != nil || len(found) == 0 {
		return Rival{ID: id, Name: id}, err
	}
	return found[0], nil
}

// Polled shows how reading a competitor went, on its card.
func (e *Engine) Polled(ctx context.Context, tx *state.Tx, p poll.Poll) error {
	if p.What != What {
		return nil
	}
	return board.Refresh(ctx, tx, View, p.Subject)
}

// nameAndAddress parts "Bellerive, https://bellerive.example/feed". After a name
// only what has a slash is an address: there are names with dots.
func nameAndAddress(text string) (name, address string) {
	text = strings.TrimSpace(text)
	at := strings.LastIndexByte(text, ' ')
	address = text[at+1:]
	if _, err := cleanAddress(address); err != nil || at >= 0 && !strings.Contains(address, "/") {
		return text, ""
	}
	return strings.TrimRight(text[:at+1], " ,:;"), address
}

func cleanAddress(text string) (*url.URL, error) {
	text = strings.Trim(strings.TrimSpace(text), "<>")
	if !strings.Contains(text, "://") && strings.Contains(text, ".") {
		text = "https://" + text
	}
	address, err := url.Parse(text)
	if err != nil || !slices.Contains([]string{"http", "https"}, address.Scheme) || address.Hostname() == "" ||
		address.User != nil {
		return nil, ErrAddress
	}
	return address, nil
}

// calledAt is what an address is called until somebody says better: its host, or
// the repository where a host has everybody's.
func calledAt(address *url.URL) string {
	host := strings.TrimPrefix(address.Hostname(), "www.")
	if parts := strings.Split(strings.Trim(address.Path, "/"), "/"); host == "github.com" && len(parts) > 1 {
		return strings.TrimSuffix(parts[1], ".git")
	}
	return host
}

func rivalID(parts ...string) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(parts)))
	return "v" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:12])
}
