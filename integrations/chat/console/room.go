package console

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"crieur/bot"
	"crieur/bot/board"
)

// Limits of what is kept in memory.
const (
	maxMessages = 5_000 // in one pane; the oldest go first
	maxHandles  = 2_000
	maxForms    = 500
	maxOps      = 2_000
	maxRings    = 50_000
	pageSize    = 120 // messages drawn at first
)

// message is anything shown in a pane: a card of Crieur, words of a person, or
// a post that left.
type message struct {
	ID     string
	Seq    int64 // order
	Rev    int64 // last change
	Pane   string
	Thread string // ID of the message it answers
	From   string // person; empty is Crieur
	Only   string // the one person who sees it; empty is everybody in the pane
	Card   bot.Card
	Text   string
	Post   *OutsidePost
	At     time.Time
	Edited time.Time
	Edits  int
	Bell   bool // it rang
	Wait   bool // an answer is coming
	Gone   bool // taken away
	Echo   string
	drawn  map[string]drawing // by language
}

type drawing struct {
	rev  int64
	html string
}

// seat is one person in one pane.
type seat struct{ person, pane string }

// handle is where the answer to an interaction goes.
type handle struct {
	person  string
	place   board.Place
	waiting string // the message that says "an answer is coming"
}

// opened is a form that somebody has before them.
type opened struct {
	person string
	place  board.Place
	form   bot.Form
}

// room is everything that the console remembers.
type room struct {
	opts Options

	mu      sync.Mutex
	epoch   string
	rev     int64
	panes   map[string][]*message
	byID    map[string]*message
	nonces  map[string]board.Place
	shown   map[string]bool
	langs   map[string]string
	read    map[seat]int64
	rings   []Ring
	handles kept[handle]
	forms   kept[opened]
	ops     kept[*done]
	files   kept[file]
	wakes   map[chan struct{}]bool
}

func newRoom(opts Options, epoch string) *room {
	r := &room{opts: opts, langs: map[string]string{}, wakes: map[chan struct{}]bool{}}
	for _, p := range opts.People {
		r.langs[p.ID] = p.Lang
	}
	r.clear(epoch)
	return r
}

func (r *room) clear(epoch string) {
	r.epoch = epoch
	r.rev = 0
	r.panes = map[string][]*message{}
	r.byID = map[string]*message{}
	r.nonces = map[string]board.Place{}
	r.read = map[seat]int64{}
	r.rings = nil
	r.handles, r.forms = keep[handle](maxHandles), keep[opened](maxForms)
	r.ops, r.files = keep[*done](maxOps), keep[file](maxFiles)
	r.shown = map[string]bool{Direct: true}
	for _, ch := range r.opts.Channels {
		r.shown[ch.ID] = !ch.Hidden
	}
}

func (r *room) reset(epoch string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear(epoch)
	r.wake()
}

// subscribe returns a channel that gets a token after every change.
func (r *room) subscribe() (wakes chan struct{}, cancel func()) {
	wakes = make(chan struct{}, 1)
	r.mu.Lock()
	r.wakes[wakes] = true
	r.mu.Unlock()
	return wakes, func() {
		r.mu.Lock()
		delete(r.wakes, wakes)
		r.mu.Unlock()
	}
}

func (r *room) wakeAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wake()
}

// wake tells every page that something changed; the lock is held.
func (r *room) wake() {
	for wakes := range r.wakes {
		select {
		case wakes <- struct{}{}:
		default: // it has not yet looked since the last change
		}
	}
}

// add puts a message at the end of its pane; the lock is held.
func (r *room) add(m *message) *message {
	r.rev++
	m.Seq, m.Rev = r.rev, r.rev
	m.ID = "m" + strconv.FormatInt(m.Seq, 10)
	m.drawn = map[string]drawing{}
	r.byID[m.ID] = m
	list := append(r.panes[m.Pane], m)
	if len(list) > maxMessages {
		delete(r.byID, list[0].ID)
		list = slices.Delete(list, 0, 1)
	}
	r.panes[m.Pane] = list
	r.wake()
	return m
}

// touch marks a message as changed; the lock is held.
func (r *room) touch(m *message) {
	r.rev++
	m.Rev = r.rev
	r.wake()
}

func (r *room) allPanes() []string {
	panes := []string{Direct, Outside}
	for _, ch := range r.opts.Channels {
		panes = append(panes, ch.ID)
	}
	return panes
}

func (r *room) reveal(panes ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, pane := range panes {
		r.shown[pane] = true
	}
	r.wake()
}

func (r *room) language(person string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.langs[person]
}

func (r *room) speak(person, lang string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.langs[person] = lang
	r.wake()
}

func (r *room) allRings() []Ring {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.rings)
}

// ring notes whom a message would have notified; the lock is held.
func (r *room) ring(m *message) {
	for _, p := range r.opts.People {
		if m.From != p.ID && r.sees(p.ID, m) && len(r.rings) < maxRings {
			r.rings = append(r.rings, Ring{At: m.At, Person: p.ID, Channel: m.Pane, Message: m.ID})
		}
	}
}

// exists says whether there is such a pane.
func (r *room) exists(pane string) bool {
	if person, direct := strings.CutPrefix(pane, "@"); direct {
		return slices.ContainsFunc(r.opts.People, func(p Person) bool { return p.ID == person })
	}
	return pane == Outside || slices.ContainsFunc(r.opts.Channels, func(ch Channel) bool { return ch.ID == pane })
}

// member says whether a person sees a pane at all.
func (r *room) member(person, pane string) bool {
	if owner, direct := strings.CutPrefix(pane, "@"); direct {
		return owner == person
	}
	for _, ch := range r.opts.Channels {
		if ch.ID == pane {
			return len(ch.Members) == 0 || slices.Contains(ch.Members, person)
		}
	}
	return pane == Outside
}

// sees says whether a message is for a person.
func (r *room) sees(person string, m *message) bool {
	return r.member(person, m.Pane) && (m.Only == "" || m.Only == person)
}

// unread counts what a person has not seen of a pane, and how much of it rang;
// the lock is held.
func (r *room) unread(person, pane string) (count, rang int) {
	seen := r.read[seat{person, pane}]
	list := r.panes[pane]
	for i := len(list) - 1; i >= 0 && list[i].Seq > seen; i-- {
		m := list[i]
		if m.From == person || m.Gone || !r.sees(person, m) {
			continue
		}
		count++
		if m.Bell {
			rang++
		}
	}
	return count, rang
}

// seen marks a pane as read up to a message.
func (r *room) seen(person, pane string, seq int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := seat{person, pane}
	if seq = min(seq, r.rev); seq > r.read[at] {
		r.read[at] = seq
		r.wake()
	}
}

// kept is a map that forgets its oldest entries.
type kept[T any] struct {
	max   int
	byKey map[string]T
	order []string
}

func keep[T any](limit int) kept[T] { return kept[T]{max: limit, byKey: map[string]T{}} }

func (k *kept[T]) put(key string, value T) {
	if _, known := k.byKey[key]; !known {
		k.order = append(k.order, key)
	}
	k.byKey[key] = value
	if len(k.order) > k.max {
		delete(k.byKey, k.order[0])
		k.order = k.order[1:]
	}
}

func (k *kept[T]) get(key string) (T, bool) {
	value, ok := k.byKey[key]
	return value, ok
}

func (k *kept[T]) drop(key string) {
	delete(k.byKey, key)
	if i := slices.Index(k.order, key); i >= 0 {
		k.order = slices.Delete(k.order, i, i+1)
	}
}
