package rivals

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/bot/team"
)

// ErrName says that a name is too short to be listened for.
var ErrName = errors.New("not a name to listen for")

// shortestName is how many letters and digits a name has at least.
const shortestName = 3

func talkIndex(id string) string { return "observations:about:" + id }

// FollowName watches a competitor whose address nobody knows: by what is said of
// the name where the brand listens already. One that is followed under that name
// is listened for from then on too.
func (e *Engine) FollowName(ctx context.Context, tx *state.Tx, b *brand.Brand, by, name string) (Rival, error) {
	name = strings.Join(strings.Fields(name), " ")
	words := spaced(name)
	if utf8.RuneCountInString(strings.ReplaceAll(words, " ", "")) < shortestName {
		return Rival{}, ErrName
	}
	r := Rival{ID: rivalID(b.ID, "name", words), Brand: b.ID, Name: name, By: by, Since: tx.Now()}
	followed, err := e.All(ctx, tx, b.ID)
	if err != nil {
		return Rival{}, err
	}
	for _, one := range competitors(followed) {
		if spaced(one.Name) == words { // its address is read already
			r.ID = one.ID
		}
	}
	kept, found, err := rivals.Get(ctx, tx, r.ID)
	switch {
	case err != nil || found && !kept.Named.IsZero():
		return kept, err
	case found:
		r = kept
	}
	r.Named = tx.Now()
	tx.Log(audit.Entry{Who: by, What: "rival.followed", Brand: b.ID, Subject: "rival/" + r.ID})
	return r, put(ctx, tx, r)
}

// AddAddress reads an address too of what was followed by its name alone.
func (e *Engine) AddAddress(ctx context.Context, tx *state.Tx, id, by, address string) error {
	r, found, err := rivals.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if !found {
		return ErrUnknown
	}
	clean, err := cleanAddress(address)
	if err != nil {
		return err
	}
	r.Address = clean.String()
	tx.Log(audit.Entry{Who: by, What: "rival.addressed", Brand: r.Brand, Subject: "rival/" + id})
	if err := put(ctx, tx, r); err != nil {
		return err
	}
	if err := board.Refresh(ctx, tx, View, id); err != nil {
		return err
	}
	return r.read(ctx, tx)
}

// read begins to read the address.
func (r Rival) read(ctx context.Context, tx *state.Tx) error {
	return poll.Begin(ctx, tx, poll.Poll{ID: r.ID, Brand: r.Brand, What: What, Subject: r.ID, Name: r.Name, Address: r.Address})
}

// name has every process listen for the name of r, or no longer.
func (r Rival) name(ctx context.Context, tx *state.Tx, listened bool) error {
	learnt, err := team.Get(ctx, tx)
	if err != nil {
		return err
	}
	if listened {
		return team.Put(ctx, tx, learnt.WithName(team.Name{Brand: r.Brand, ID: r.ID, Name: r.Name}))
	}
	return team.Put(ctx, tx, learnt.WithoutName(r.Brand, r.ID))
}

// Overhear notes where a competitor followed by its name is spoken of in public.
// Of what was said it keeps the place and the link, neither words nor author:
// they are not the brand's to keep. The names are at hand (bot/team): where none
// is spoken of, nothing is read.
func (e *Engine) Overhear(ctx context.Context, tx *state.Tx, b *brand.Brand, m listen.Mention) error {
	own := slices.ContainsFunc(b.Own, func(handle string) bool { return strings.EqualFold(handle, m.Author) })
	if len(b.Named) == 0 || m.Private || own {
		return nil
	}
	words := spaced(m.Text)
	for _, r := range b.Named {
		if !strings.Contains(words, spaced(r.Name)) {
			continue
		}
		if err := overheard(ctx, tx, r.ID, m); err != nil {
			return err
		}
	}
	return nil
}

func overheard(ctx context.Context, tx *state.Tx, rival string, m listen.Mention) error {
	id := rival + "/" + rivalID("said", m.ID)
	if _, found, err := observations.Get(ctx, tx, id); err != nil || found {
		return err
	}
	at := m.At
	if at.IsZero() || at.After(tx.Now()) {
		at = tx.Now()
	}
	if err := observations.Put(tx, id, listen.Observation{ID: id, Rival: rival, Kind: "said", Title: m.Network, URL: m.URL, At: at},
		state.Mark{Index: talkIndex(rival), Member: id, Score: at.UnixMilli()}); err != nil {
		return err
	}
	return board.Grow(ctx, tx, View, rival)
}

// Talk lists where a competitor was spoken of since a time, the newest first, as
// far as most; count is how often in all.
func (e *Engine) Talk(ctx context.Context, tx *state.Tx, id string, since time.Time, most int) (talk []listen.Observation, count int, err error) {
	members, err := tx.List(ctx, state.Range{Index: talkIndex(id), From: since.UnixMilli(), To: 1 << 53, Reverse: true})
	if err != nil {
		return nil, 0, err
	}
	ids := state.IDs(members)
	talk, err = observations.Peek(ctx, tx, ids[:min(most, len(ids))]...)
	return talk, len(ids), err
}

// TalkLines say how often each competitor followed by its name was spoken of
// since a time: lines of the brief. Of whom nothing was heard, nothing is said.
func (e *Engine) TalkLines(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	all, err := e.All(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, r := range all {
		if r.Named.IsZero() {
			continue
		}
		_, count, err := e.Talk(ctx, tx, r.ID, since, 0)
		if err != nil {
			return nil, err
		}
		if count > 0 {
			lines = append(lines, p.T("rivals.talk", "Name", r.Name, "Count", count))
		}
	}
	return lines, nil
}
