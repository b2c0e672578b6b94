package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"crieur/bot/archive"
	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/state"
	"crieur/bot/team"
	"crieur/commands/mentions"
	"crieur/commands/moderation"
	"crieur/integrations/redis"
)

// ErrStillMember says that somebody is to be forgotten who is of the team.
var ErrStillMember = errors.New("still in the configuration: take them out of members first, and start Crieur again")

// errKept says that a record stays although its person is forgotten.
var errKept = errors.New("evidence that may serve in law")

// Of a person, ExportPerson writes these lines.
type personLine struct {
	Record *archive.Record `json:"record,omitempty"`
	Trail  *audit.Entry    `json:"trail,omitempty"`
}

// ExportPerson writes what the space holds about one person: the records about
// them, then what the trail says that they did or was done about them.
func ExportPerson(ctx context.Context, o SpaceOptions, who archive.Dossier, out io.Writer) error {
	var undo stack
	defer undo.unwind()
	k, space, err := o.enter(ctx, &undo)
	if err != nil {
		return err
	}
	if err := o.sealer(space, k).SealAll(ctx); err != nil {
		return err
	}
	salts, err := k.store.AllSalts(ctx)
	if err != nil {
		return err
	}
	about := &excerpt{who: &who, names: salts.Names(), out: json.NewEncoder(out)}
	// What changes meanwhile is not wrong for that.
	if _, err := k.store.Dump(ctx, about.line); err != nil && !errors.Is(err, redis.ErrMoving) {
		return fmt.Errorf("export person: %w", err)
	}
	return nil
}

// excerpt writes what of a space is about a person.
type excerpt struct {
	who   *archive.Dossier
	names map[string]string // of people in the trail, by what stands for them
	out   *json.Encoder
}

func (e *excerpt) line(line archive.Line) error {
	switch {
	case line.Record != nil && e.who.Takes(*line.Record):
		return e.out.Encode(personLine{Record: line.Record})
	case line.Link != nil:
		sealed, whole, err := line.Link.Open()
		if err != nil || !whole {
			return err
		}
		for _, veil := range audit.Veils(sealed.Entry) {
			if e.who.Knows(e.names[veil]) {
				entry := audit.Unveil(sealed.Entry, e.names)
				return e.out.Encode(personLine{Trail: &entry})
			}
		}
	}
	return nil
}

// Forgotten says what was done so that a person is known no more.
type Forgotten struct {
	// Records is how many were erased or name nobody now.
	Records int
	// Busy are replies on their way: they must arrive first, then it is done again.
	Busy int
	// Kept is the evidence of messages that were hidden or handed over: it stays for
	// as long as it may serve in law (commands/moderation).
	Kept int
}

// Forget takes a person out: of somebody outside the team what they wrote and
// what was answered, of a member the name, wherever it stands. The trail keeps
// its chain and cannot name them any more.
func Forget(ctx context.Context, o SpaceOptions, who archive.Dossier) (Forgotten, error) {
	if o.Config.Space.Member(who.Member) != nil {
		return Forgotten{}, fmt.Errorf("%s: %w", who.Member, ErrStillMember)
	}
	var undo stack
	defer undo.unwind()
	k, space, err := o.enter(ctx, &undo)
	if err != nil {
		return Forgotten{}, err
	}
	f := &forgetting{k: k, who: &who, to: formerly(), marks: map[string][]state.Mark{},
		heard: &mentions.Engine{Space: space}, moderated: &moderation.Engine{Space: space}}
	if err := f.collect(ctx); err != nil {
		return Forgotten{}, err
	}
	// Conversations last: without them nobody would know what belonged to them.
	for i, record := range slices.Backward(f.about) {
		if record.Kind == archive.Conversations && f.done.Busy > 0 {
			continue
		}
		if err := f.one(ctx, i, record); err != nil {
			return f.done, fmt.Errorf("forget in %s/%s: %w", record.Kind, record.ID, err)
		}
	}
	if who.Author != "" {
		if err := k.store.ForgetText(ctx, who.Author); err != nil {
			return f.done, err
		}
	}
	// What still waits for the sealer would name them anew: it goes first.
	if err := o.sealer(space, k).SealAll(ctx); err != nil {
		return f.done, err
	}
	return f.done, f.unname(ctx)
}

// forgetting is a Forget under way.
type forgetting struct {
	k         *kept
	who       *archive.Dossier
	to        string // what stands for a member from now on
	heard     *mentions.Engine
	moderated *moderation.Engine
	about     []archive.Record
	marks     map[string][]state.Mark // of the member's own indexes, by what they hold
	stay      []string                // IDs of the evidence that stays: the trail still names it
	done      Forgotten
}

// formerly is a name that nobody had.
func formerly() string {
	raw := make([]byte, 4)
	rand.Read(raw) //nolint:errcheck // it never fails
	return "former-" + hex.EncodeToString(raw)
}

// collect finds what is about the person. What changes meanwhile is read again
// when its turn comes.
func (f *forgetting) collect(ctx context.Context) error {
	_, err := f.k.store.Dump(ctx, func(line archive.Line) error {
		if r := line.Record; r != nil && (f.who.Takes(*r) || r.Kind == team.Kind && f.who.Member != "") {
			f.about = append(f.about, *r)
		}
		if m := line.Mark; m != nil && f.who.Member != "" && strings.HasSuffix(m.Index, ":"+f.who.Member) {
			f.marks[m.Member] = append(f.marks[m.Member], state.Mark{Index: m.Index, Member: m.Member, Remove: true})
		}
		return nil
	})
	if errors.Is(err, redis.ErrMoving) {
		return nil
	}
	return err
}

func (f *forgetting) one(ctx context.Context, i int, r archive.Record) error {
	now := f.k.clock.Now()
	cause := fmt.Sprintf("forget:%d:%d", now.UnixNano(), i)
	_, err := state.Do(ctx, f.k.store, cause, now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		return nil, f.decide(ctx, tx, r)
	})
	switch {
	case errors.Is(err, mentions.ErrNotNow):
		f.done.Busy++
		return nil
	case errors.Is(err, errKept):
		f.done.Kept++
		f.stay = append(f.stay, r.ID)
		return nil
	case err == nil:
		f.done.Records++
	}
	return err
}

// decide takes the person out of one record.
func (f *forgetting) decide(ctx context.Context, tx *state.Tx, r archive.Record) error {
	if f.who.Member == "" {
		switch r.Kind {
		case archive.Conversations:
			return f.heard.Erase(ctx, tx, r.ID)
		case "reply":
			return f.heard.EraseReply(ctx, tx, r.ID)
		case archive.Moderated:
			kept, err := f.moderated.Erase(ctx, tx, r.ID)
			if kept {
				err = errKept
			}
			return err
		}
		return f.heard.EraseStory(ctx, tx, r.ID)
	}
	key := state.Key{Kind: r.Kind, ID: r.ID}
	found, err := tx.Get(ctx, key)
	if err != nil || found.Rev == 0 {
		return err
	}
	switch r.Kind {
	case team.Kind:
		learnt, err := team.Get(ctx, tx)
		if err != nil {
			return err
		}
		return team.Put(ctx, tx, learnt.Without(f.who.Member))
	case board.RecordKind:
		if err := board.Leave(ctx, tx, r.ID, f.who.Member); err != nil || !r.Of(f.who.Member) {
			return err
		}
	}
	if r.Of(f.who.Member) {
		tx.Write(state.Write{Key: key, Delete: true, Index: f.marks[r.ID]})
		return nil
	}
	r.Data = found.Data
	renamed, err := r.Rename(f.who.Member, f.to)
	if err != nil {
		return err
	}
	tx.Write(state.Write{Key: key, Data: renamed.Data, Keep: r.Keep, Index: f.marks[r.ID]})
	return nil
}

// unname deletes the salts by which the trail names the person.
func (f *forgetting) unname(ctx context.Context) error {
	salts, err := f.k.store.AllSalts(ctx)
	if err != nil {
		return err
	}
	var people []string
	for person := range salts {
		if f.who.Knows(person) && !slices.Contains(f.stay, person) {
			people = append(people, person)
		}
	}
	return f.k.store.ForgetSalts(ctx, people...)
}
