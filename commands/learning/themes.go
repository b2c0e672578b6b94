package learning

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/team"
	"crieur/bot/text/theme"
	"crieur/bot/work"
)

// FindTopic is that of the due times at which findings are looked for.
const FindTopic = "find"

// What can be wrong with a theme that somebody wants. Nothing changes then.
var (
	ErrNamed = errors.New("a theme has that name")
	ErrWords = errors.New("no words to follow")
	ErrMany  = errors.New("the brand follows as many themes as it can")
	ErrTheme = errors.New("no such theme")
)

const (
	// mostWords is how many words are added to a theme at a time.
	mostWords = 20
	// mostName is how many characters a theme's name has.
	mostName = 40
)

// Heard gives what was said of a brand.
type Heard interface {
	// Said is what was said since a time, near-copies once, the newest first.
	Said(ctx context.Context, tx *state.Tx, brand string, since time.Time, most int) ([]listen.Said, error)
	// Again is what has these names, as far as it is still kept.
	Again(ctx context.Context, tx *state.Tx, ids ...string) ([]listen.Said, error)
}

// Themes knows what a brand follows.
type Themes interface {
	Themes(b *brand.Brand) []string
	ThemeName(b *brand.Brand, name, lang string) string
}

// Arm sets the next look at what every brand's themes lack. It is done at every
// start: the due times are the same however often they are set.
func (e *Engine) Arm(tx *state.Tx) {
	for _, b := range e.Space.Now().Brands {
		e.Open(tx, b)
	}
}

// Open sets the next look for one brand, every night.
func (e *Engine) Open(tx *state.Tx, b *brand.Brand) {
	tx.Later(work.Due{Key: FindTopic + ":" + b.ID, At: tonight(tx.Now().In(b.Zone)),
		Item: work.Item{Conversation: "learn:" + b.ID, Topic: "due:" + FindTopic, Data: []byte(b.ID)}})
}

// Find looks for what a brand's themes lack, and sets the next look.
func (e *Engine) Find(ctx context.Context, tx *state.Tx, item work.Item) error {
	b := e.Space.Now().Brand(string(item.Data))
	if b == nil {
		return nil
	}
	e.Open(tx, b)
	said, err := e.Heard.Said(ctx, tx, b.ID, tx.Now().Add(-lookBack), mostSaid)
	if err != nil {
		return err
	}
	clicks, err := newest(ctx, tx, b.ID, tx.Now(), mostRead)
	if err != nil {
		return err
	}
	own, err := e.Library.Of(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	lists, err := listsOf(b)
	if err != nil {
		return err
	}
	kept, _, err := findings.Get(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	next := kept.next(missing(e.Library.Shipped.Reader(lists, own), lists, b, said, clicks), lists, tx.Now())
	if reflect.DeepEqual(next, kept) {
		return nil
	}
	return e.keep(ctx, tx, b.ID, next)
}

// keep keeps the findings of a brand and brings its card there.
func (e *Engine) keep(ctx context.Context, tx *state.Tx, brand string, f Findings) error {
	f.Brand = brand
	if err := findings.Put(tx, brand, f); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, View, brand)
}

// Decline puts a finding away for good.
func (e *Engine) Decline(ctx context.Context, tx *state.Tx, b *brand.Brand, id, member string) error {
	f, found, err := e.take(ctx, tx, b.ID, id)
	if err != nil {
		return err
	}
	f.Declined = append(f.Declined, found.Matter)
	tx.Log(audit.Entry{Who: member, What: "theme.declined", Brand: b.ID, Subject: "finding/" + b.ID + "/" + id})
	return e.keep(ctx, tx, b.ID, f)
}

// Create makes a finding a theme of the brand, under a name that people read in
// every language.
func (e *Engine) Create(ctx context.Context, tx *state.Tx, b *brand.Brand, id, member, name string, words []string) error {
	if err := e.mayName(b, name); err != nil {
		return err
	}
	known := e.Themes.Themes(b)
	made := team.Theme{Brand: b.ID, Names: map[string]string{}, Words: words,
		ID: i18n.Slug(name, "theme", func(id string) bool { return slices.Contains(known, id) })}
	for _, lang := range i18n.Langs() {
		made.Names[lang] = name
	}
	return e.follow(ctx, tx, id, member, "theme.created", made)
}

// Extend gives the words of a finding to a theme that the brand has.
func (e *Engine) Extend(ctx context.Context, tx *state.Tx, b *brand.Brand, id, member, known string, words []string) error {
	if !slices.Contains(e.Themes.Themes(b), known) {
		return ErrTheme
	}
	return e.follow(ctx, tx, id, member, "theme.extended", team.Theme{Brand: b.ID, ID: known, Words: words})
}

// follow adds to what a brand follows, for every process at once.
func (e *Engine) follow(ctx context.Context, tx *state.Tx, id, member, verb string, added team.Theme) error {
	if err := usable(added.Words); err != nil {
		return err
	}
	f, _, err := e.take(ctx, tx, added.Brand, id)
	if err != nil {
		return err
	}
	overlay, err := team.Get(ctx, tx)
	if err != nil {
		return err
	}
	if err := team.Put(ctx, tx, overlay.WithTheme(added)); err != nil {
		return err
	}
	log(tx, member, verb, added)
	return e.keep(ctx, tx, added.Brand, f)
}

// take takes a finding out of those that wait; ErrNothing when somebody else was
// faster.
func (e *Engine) take(ctx context.Context, tx *state.Tx, brand, id string) (Findings, Finding, error) {
	f, _, err := findings.Get(ctx, tx, brand)
	if err != nil {
		return f, Finding{}, err
	}
	at := f.at(id)
	if at < 0 {
		return f, Finding{}, ErrNothing
	}
	found := f.Waiting[at]
	f.Waiting = slices.Delete(slices.Clone(f.Waiting), at, at+1)
	return f, found, nil
}

// Drop takes back what was added to one of the brand's themes, or the theme that
// was made.
func (e *Engine) Drop(ctx context.Context, tx *state.Tx, b *brand.Brand, id, member string) error {
	overlay, err := team.Get(ctx, tx)
	if err != nil {
		return err
	}
	added := overlay.ThemesOf(b.ID)
	at := slices.IndexFunc(added, func(t team.Theme) bool { return t.ID == id })
	if at < 0 {
		return ErrNothing
	}
	if err := team.Put(ctx, tx, overlay.WithoutTheme(b.ID, id)); err != nil {
		return err
	}
	log(tx, member, "theme.removed", added[at])
	return board.Refresh(ctx, tx, View, b.ID)
}

// Reopen lets what was declined be found again.
func (e *Engine) Reopen(ctx context.Context, tx *state.Tx, b *brand.Brand, id, member string) error {
	f, _, err := findings.Get(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(f.Declined, func(m Matter) bool { return m.ID() == id })
	if at < 0 {
		return ErrNothing
	}
	f.Declined = slices.Delete(slices.Clone(f.Declined), at, at+1)
	tx.Log(audit.Entry{Who: member, What: "theme.reopened", Brand: b.ID, Subject: "finding/" + b.ID + "/" + id})
	return e.keep(ctx, tx, b.ID, f)
}

// log records what was added or taken back: words that members chose.
func log(tx *state.Tx, member, verb string, t team.Theme) {
	tx.Log(audit.Entry{Who: member, What: verb, Brand: t.Brand, Subject: "theme/" + t.Brand + "/" + t.ID,
		Detail: map[string]string{"words": strings.Join(t.Words, ", ")}})
}

// mayName says whether a brand can have one more theme, of that name.
func (e *Engine) mayName(b *brand.Brand, name string) error {
	known := e.Themes.Themes(b)
	if len(known) >= theme.MaxThemes {
		return ErrMany
	}
	for _, id := range known {
		for _, lang := range i18n.Langs() {
			if i18n.Fold(e.Themes.ThemeName(b, id, lang)) == i18n.Fold(name) {
				return ErrNamed
			}
		}
	}
	return nil
}

// usable says whether words can be followed: a sign or a letter alone would be in
// every message.
func usable(words []string) error {
	short := func(word string) bool {
		said := strings.IndexFunc(word, unicode.IsLetter)
		return said < 0 || strings.IndexFunc(word[said+1:], unicode.IsLetter) < 0
	}
	if len(words) == 0 || len(words) > mostWords || slices.ContainsFunc(words, short) {
		return ErrWords
	}
	if _, err := theme.New([]theme.List{{Name: "new", Entries: words}}); err != nil {
		return errors.Join(ErrWords, err)
	}
	return nil
}
