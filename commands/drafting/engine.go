package drafting

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"crieur/approvals"
	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/state"
)

// What can be wrong with what an author asks. Nothing changes then.
var (
	ErrEmpty     = errors.New("a draft needs words")
	ErrNoAccount = errors.New("a draft needs a network")
	ErrNetwork   = errors.New("not a network of the brand")
	ErrUnknown   = errors.New("no such draft")
	ErrNotYours  = errors.New("somebody else's draft")
	ErrPast      = errors.New("the time has passed")
	ErrProblems  = errors.New("there is still something to mend")
)

// Approvals takes a draft that its author finished. It is called again for every
// later version, since an edit voids what it touched.
type Approvals interface {
	Submit(ctx context.Context, tx *state.Tx, s approvals.Submission) error
	// Retract takes back what was submitted and has not left; a draft that was
	// never submitted, or was decided against, has nothing to take back.
	Retract(ctx context.Context, tx *state.Tx, draft, by string) error
}

// Links tries the links of a text; what it finds comes back to LinkTried.
type Links interface {
	Try(tx *state.Tx, draft string, addresses []string)
}

// Engine decides what becomes of drafts.
type Engine struct {
	Approvals Approvals
	Links     Links
	Earlier   Earlier // nil: nothing was said before
	Checks    *Checks
	Space     brand.Source
	// Words says that a model may be asked for other words, see Scribe.
	Words bool
}

// Change is what an author changes; nil fields stay.
type Change struct {
	Title    *string
	Base     *string
	Texts    map[string]string // account to its own text; "" goes back to the base
	Accounts []string
	Threads  []string
	Slot     *content.Slot
	Media    *[]content.Media
	// Worded says that Texts were proposed by a model.
	Worded bool
}

// Create makes a private draft of a text for every account of the brand.
func (e *Engine) Create(ctx context.Context, tx *state.Tx, b *brand.Brand, author, text string) (Draft, error) {
	text = strings.TrimSpace(text)
	if blank(text) {
		return Draft{}, ErrEmpty
	}
	d := Draft{
		ID: tx.NewID("d"), Brand: b.ID, Author: author, Title: titleOf(text), Base: text,
		Stage: Private, Number: 1, At: tx.Now(), By: author,
	}
	for _, account := range b.Accounts {
		d.Accounts = append(d.Accounts, account.ID)
	}
	if len(d.Accounts) == 0 {
		return Draft{}, ErrNoAccount
	}
	if _, _, err := drafts.Get(ctx, tx, d.ID); err != nil {
		return Draft{}, err
	}
	return e.save(ctx, tx, b, d, "draft.made")
}

// Edit changes a draft. Once it was sent for approval, the new version is sent
// in its turn.
func (e *Engine) Edit(ctx context.Context, tx *state.Tx, b *brand.Brand, id, by string, c Change) (Draft, error) {
	d, err := e.own(ctx, tx, id, by)
	if err != nil {
		return Draft{}, err
	}
	if slices.ContainsFunc(c.Accounts, func(a string) bool { _, known := b.Account(a); return !known }) {
		return Draft{}, ErrNetwork
	}
	return e.change(ctx, tx, b, d, by, c, "draft.edited")
}

// change makes the next version of a draft and records it under a verb.
func (e *Engine) change(ctx context.Context, tx *state.Tx, b *brand.Brand, d Draft, by string, c Change, verb string) (Draft, error) {
	changed, err := apply(d, c, tx.Now())
	if err != nil {
		return Draft{}, err
	}
	changed.By = by
	if changed, err = e.save(ctx, tx, b, changed, verb); err != nil {
		return Draft{}, err
	}
	if changed.Stage == Asked {
		return changed, e.submit(ctx, tx, b, changed)
	}
	return changed, nil
}

// apply is the pure part of Edit.
func apply(d Draft, c Change, now time.Time) (Draft, error) {
	d.Texts = maps.Clone(d.Texts)
	if c.Title != nil && strings.TrimSpace(*c.Title) != "" {
		d.Title = strings.TrimSpace(*c.Title)
	}
	if c.Base != nil {
		unnamed := d.Title == titleOf(d.Base)
		d.Base = strings.TrimSpace(*c.Base)
		if unnamed {
			d.Title = titleOf(d.Base)
		}
	}
	for account, text := range c.Texts {
		if d.Texts == nil {
			d.Texts = map[string]string{}
		}
		d.Texts[account] = strings.TrimSpace(text)
		if d.Texts[account] == "" || d.Texts[account] == d.Base {
			delete(d.Texts, account)
		}
	}
	if c.Accounts != nil {
		d.Accounts = c.Accounts
	}
	d.Worded = worded(d, c)
	if c.Threads != nil {
		d.Threads = c.Threads
	}
	if c.Media != nil {
		d.Media = *c.Media
	}
	if c.Slot != nil {
		at, err := c.Slot.Time()
		if err != nil {
			return Draft{}, err
		}
		if !at.IsZero() && !at.After(now) {
			return Draft{}, ErrPast
		}
		d.Slot = *c.Slot
	}
	switch {
	case len(d.Accounts) == 0:
		return Draft{}, ErrNoAccount
	case slices.ContainsFunc(d.Accounts, func(a string) bool { return blank(d.Text(a)) }):
		return Draft{}, ErrEmpty
	}
	d.Number++
	d.At = now
	return d, nil
}

// Fix puts the first fix of every problem in place that has one.
func (e *Engine) Fix(ctx context.Context, tx *state.Tx, b *brand.Brand, id, by string) (Draft, error) {
	d, err := e.own(ctx, tx, id, by)
	if err != nil {
		return Draft{}, err
	}
	fixed := e.Checks.Fixed(b, d)
	return e.Edit(ctx, tx, b, id, by, Change{Base: &fixed.Base, Texts: fixed.Texts, Threads: fixed.Threads})
}

// Send sends a draft for approval. What a network would refuse is not sent.
func (e *Engine) Send(ctx context.Context, tx *state.Tx, b *brand.Brand, id, by string) (Draft, error) {
	d, err := e.own(ctx, tx, id, by)
	if err != nil {
		return Draft{}, err
	}
	if e.Checks.Run(b, d).Errors() > 0 {
		return Draft{}, ErrProblems
	}
	at, err := d.Slot.Time()
	if err != nil {
		return Draft{}, err
	}
	if !at.IsZero() && !at.After(tx.Now()) {
		return Draft{}, ErrPast
	}
	d.Stage = Asked
	d.At = tx.Now()
	if d, err = e.save(ctx, tx, b, d, "draft.sent"); err != nil {
		return Draft{}, err
	}
	return d, e.submit(ctx, tx, b, d)
}

// Delete takes a draft away; one that was sent for approval is withdrawn first.
func (e *Engine) Delete(ctx context.Context, tx *state.Tx, b *brand.Brand, id, by string) (Draft, error) {
	d, err := e.own(ctx, tx, id, by)
	if err != nil {
		return Draft{}, err
	}
	if d.Stage == Asked {
		if err := e.Approvals.Retract(ctx, tx, d.ID, by); err != nil {
			return Draft{}, err
		}
	}
	d.Stage = Deleted
	d.Number++
	d.At = tx.Now()
	return e.save(ctx, tx, b, d, "draft.deleted")
}

// LinkTried records how a link of the draft answered.
func (e *Engine) LinkTried(ctx context.Context, tx *state.Tx, id, address string, found LinkState) error {
	d, ok, err := drafts.Get(ctx, tx, id)
	if err != nil || !ok {
		return err
	}
	d.Links = maps.Clone(d.Links)
	if d.Links == nil {
		d.Links = map[string]LinkState{}
	}
	d.Links[address] = found
	return drafts.Put(tx, id, d)
}

// Mine lists the author's living drafts, the newest first.
func (e *Engine) Mine(ctx context.Context, tx *state.Tx, author string, most int) ([]Draft, error) {
	members, err := tx.List(ctx, state.Range{
		Index: mine(author), From: 0, To: tx.Now().UnixMilli(), Limit: most, Reverse: true})
	if err != nil {
		return nil, err
	}
	return drafts.GetAll(ctx, tx, state.IDs(members)...)
}

// Refresh implements review's Drafts.
func (e *Engine) Refresh(ctx context.Context, tx *state.Tx, id string) error {
	return board.Refresh(ctx, tx, ViewName, id)
}

func (e *Engine) own(ctx context.Context, tx *state.Tx, id, by string) (Draft, error) {
	d, found, err := drafts.Get(ctx, tx, id)
	switch {
	case err != nil:
		return Draft{}, err
	case !found || d.Stage == Deleted:
		return Draft{}, ErrUnknown
	case d.Author != by:
		return Draft{}, ErrNotYours
	}
	return d, nil
}

// save keeps a new version, after looking for what only others can tell: links
// without answer, and what was said before.
func (e *Engine) save(ctx context.Context, tx *state.Tx, b *brand.Brand, d Draft, verb string) (Draft, error) {
	if d.Stage != Deleted {
		if fresh := untried(d, e.Checks.Addresses(b, d)); len(fresh) > 0 {
			e.Links.Try(tx, d.ID, fresh)
		}
		if err := e.listen(ctx, tx, b, &d); err != nil {
			return Draft{}, err
		}
	}
	tx.Log(audit.Entry{Who: d.By, What: verb, Brand: d.Brand, Subject: "draft/" + d.ID,
		Detail: map[string]string{"number": itoa(d.Number)}})
	return d, put(ctx, tx, d)
}

// listen looks for what the draft is too close to.
func (e *Engine) listen(ctx context.Context, tx *state.Tx, b *brand.Brand, d *Draft) error {
	if e.Earlier == nil {
		return nil
	}
	earlier, err := e.Earlier.Said(ctx, tx, b)
	d.Echo = echo(*d, earlier)
	return err
}

func untried(d Draft, addresses []string) []string {
	return slices.DeleteFunc(addresses, func(a string) bool { _, tried := d.Links[a]; return tried })
}

func (e *Engine) submit(ctx context.Context, tx *state.Tx, b *brand.Brand, d Draft) error {
	s, err := e.submission(b, d)
	if err != nil {
		return fmt.Errorf("submit draft %s: %w", d.ID, err)
	}
	return e.Approvals.Submit(ctx, tx, s)
}

// submission is the draft in its final form, as it would leave.
func (e *Engine) submission(b *brand.Brand, d Draft) (approvals.Submission, error) {
	at, err := d.Slot.Time()
	if err != nil {
		return approvals.Submission{}, err
	}
	parts, err := e.Checks.Parts(b, d)
	if err != nil {
		return approvals.Submission{}, err
	}
	if len(parts) == 0 { // its networks are not the brand's any more
		return approvals.Submission{}, ErrNoAccount
	}
	found := e.Checks.Run(b, d)
	return approvals.Submission{
		Draft: d.ID, Brand: d.Brand, Author: d.Author, Title: d.Title, Number: d.Number, Parts: parts,
		At: at, Problems: found.Errors(), Hints: found.Hints(), Worded: len(d.Worded) > 0,
	}, nil
}

// Text is the text of an account, before it is cut into posts.
func (d Draft) Text(account string) string {
	if text, own := d.Texts[account]; own {
		return text
	}
	return d.Base
}

// blank says whether a text has nothing to read: spaces, and characters that
// nobody sees.
func blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.M)
	})
}

// titleOf is how a draft is called until its author names it: its first words,
// cut at a word.
func titleOf(text string) string {
	const most = 40
	line, rest, _ := strings.Cut(text, "\n")
	words := strings.Fields(line)
	title := ""
	for _, word := range words {
		if title != "" && len([]rune(title))+1+len([]rune(word)) > most {
			return title + "…"
		}
		title = strings.TrimSpace(title + " " + word)
	}
	if strings.TrimSpace(rest) != "" && !strings.HasSuffix(title, ".") && !strings.HasSuffix(title, "!") && !strings.HasSuffix(title, "?") {
		title += "…" // the first line ends in the middle of a sentence
	}
	return title
}

func itoa(n int) string { return strconv.Itoa(n) }
