package calendar

import (
	"context"
	"errors"
	"slices"
	"time"

	"crieur/approvals"
	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/state"
	"crieur/bot/text/proof"
)

// What can be wrong with a move. Nothing changes then.
var (
	ErrNotYours = errors.New("somebody else's post")
	ErrPast     = errors.New("the time has passed")
	ErrEmbargo  = errors.New("under embargo until later")
	ErrNoTime   = errors.New("the post has no time of its own")
)

// Reading is a passage of a post that another time makes wrong, or gives another
// meaning: a person reads it again.
type Reading struct {
	Words string
	Means time.Time // the day that the words would mean
	Wrong *proof.Problem
}

// Drafts is where the words of a post live.
type Drafts interface {
	// Reread says what must be read again before the draft leaves at a time.
	Reread(ctx context.Context, tx *state.Tx, b *brand.Brand, draft string, at time.Time) ([]Reading, error)
	// Reschedule gives the draft its time and has it approved anew where needed.
	Reschedule(ctx context.Context, tx *state.Tx, b *brand.Brand, draft, by string, slot content.Slot) error
	// Copy makes a private draft of the same words and returns the card that shows it.
	Copy(ctx context.Context, tx *state.Tx, b *brand.Brand, draft, by string) (board.Card, error)
}

// Asker is who asks for what changes the plan, and of which brand.
type Asker struct {
	Space  *brand.Space
	Brand  *brand.Brand
	Member *brand.Member
}

// may says whether they decide when the post leaves: whoever wrote it, and
// whoever approves.
func (a Asker) may(r approvals.Request) bool {
	return r.Author == a.Member.ID || a.Member.Can(brand.Approver) || a.Member.Can(brand.Admin)
}

// Doubts are what a person should know before a post moves.
type Doubts struct {
	Readings []Reading
	// Alone says that nobody is on duty at that time; Earlier is the last time
	// before it when somebody is, zero if there is none.
	Alone   bool
	Earlier time.Time
}

// None says that nothing speaks against it.
func (d Doubts) None() bool { return len(d.Readings) == 0 && !d.Alone }

// Moved is what became of a move.
type Moved struct {
	Title string
	At    time.Time
	// Doubts, if there are any, kept it from being done.
	Doubts Doubts
	// Again says that it must be approved again: its new time is outside what was
	// agreed, or it was not approved yet.
	Again bool
}

// Move gives a post another time. With doubts nothing changes, unless the person
// has read them (anyway).
func (e *Engine) Move(ctx context.Context, tx *state.Tx, a Asker, request string, at time.Time, anyway bool) (Moved, error) {
	r, err := e.movable(ctx, tx, a, request, at)
	if err != nil {
		return Moved{Title: r.Title, At: r.At}, err
	}
	moved := Moved{Title: r.Title, At: at}
	if !anyway {
		if moved.Doubts, err = e.doubts(ctx, tx, a, r, at); err != nil || !moved.Doubts.None() {
			return moved, err
		}
	}
	moved.Again, err = e.moveTo(ctx, tx, a, r, at)
	return moved, err
}

// Swap lets two posts change places. What speaks against either keeps both.
func (e *Engine) Swap(ctx context.Context, tx *state.Tx, a Asker, request, other string, anyway bool) ([2]Moved, error) {
	var requests [2]approvals.Request
	for i, id := range []string{request, other} {
		r, err := e.request(ctx, tx, id)
		if err != nil {
			return [2]Moved{}, err
		}
		requests[i] = r
	}
	times := [2]time.Time{requests[1].At, requests[0].At}
	var moved [2]Moved
	for i, r := range requests {
		moved[i] = Moved{Title: r.Title, At: times[i]}
		if times[i].IsZero() {
			return moved, ErrNoTime
		}
		if _, err := e.movable(ctx, tx, a, r.ID, times[i]); err != nil {
			return moved, err
		}
		if !anyway {
			var err error
			if moved[i].Doubts, err = e.doubts(ctx, tx, a, r, times[i]); err != nil {
				return moved, err
			}
		}
	}
	if !moved[0].Doubts.None() || !moved[1].Doubts.None() {
		return moved, nil
	}
	for i, r := range requests {
		var err error
		if moved[i].Again, err = e.moveTo(ctx, tx, a, r, times[i]); err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// Copy makes a private draft of a post's words and returns its card, to be hung.
func (e *Engine) Copy(ctx context.Context, tx *state.Tx, a Asker, request string) (board.Card, error) {
	r, err := e.request(ctx, tx, request)
	if err != nil {
		return board.Card{}, err
	}
	return e.Drafts.Copy(ctx, tx, a.Brand, r.Draft, a.Member.ID)
}

// movable reads a request whose post may still move to that time.
func (e *Engine) movable(ctx context.Context, tx *state.Tx, a Asker, id string, at time.Time) (approvals.Request, error) {
	r, err := e.request(ctx, tx, id)
	if err != nil {
		return r, err
	}
	all, err := e.Of(ctx, tx, id)
	if err != nil {
		return r, err
	}
	wall, err := e.wall(ctx, tx, id)
	switch {
	case err != nil:
		return r, err
	case !a.may(r):
		return r, ErrNotYours
	case !free(r, all):
		return r, ErrNotNow
	case !at.After(tx.Now()):
		return r, ErrPast
	case at.Before(wall):
		return r, ErrEmbargo
	}
	return r, nil
}

// free says whether nothing of the request left, is on its way, or waits for
// somebody's decision; pure.
func free(r approvals.Request, all []Publication) bool {
	return (r.Stage == approvals.Open || r.Stage == approvals.Approved) &&
		!slices.ContainsFunc(all, func(p Publication) bool { return p.Status != Planned && p.Status != Cancelled })
}

func (e *Engine) doubts(ctx context.Context, tx *state.Tx, a Asker, r approvals.Request, at time.Time) (Doubts, error) {
	readings, err := e.Drafts.Reread(ctx, tx, a.Brand, r.Draft, at)
	if err != nil {
		return Doubts{}, err
	}
	here, err := e.presence(ctx, tx, a.Space, a.Brand, at, at)
	d := Doubts{Readings: readings, Alone: !here.at(at)}
	if d.Alone {
		d.Earlier, _ = here.before(at, tx.Now())
	}
	return d, err
}

func (e *Engine) moveTo(ctx context.Context, tx *state.Tx, a Asker, r approvals.Request, at time.Time) (again bool, err error) {
	slot := content.SlotAt(at.In(a.Brand.Zone))
	if err := e.Drafts.Reschedule(ctx, tx, a.Brand, r.Draft, a.Member.ID, slot); err != nil {
		return false, err
	}
	tx.Log(audit.Entry{Who: a.Member.ID, What: "post.moved", Brand: r.Brand, Subject: "request/" + r.ID,
		Detail: map[string]string{"at": at.UTC().Format(time.RFC3339)}})
	moved, err := e.request(ctx, tx, r.ID)
	return moved.Stage != approvals.Approved, err
}

func (e *Engine) request(ctx context.Context, tx *state.Tx, id string) (approvals.Request, error) {
	r, found, err := approvals.Table.Get(ctx, tx, id)
	if err == nil && !found {
		err = ErrUnknown
	}
	return r, err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Embargo is the time before which nothing of a request may be public.
type Embargo struct {
	Until time.Time `json:"until"`
	By    string    `json:"by"`
}

var embargoes = state.Table[Embargo]{Kind: "embargo", Schema: 1, Keep: state.KeepPosts}

// wall is until when a request is under embargo; zero for none.
func (e *Engine) wall(ctx context.Context, tx *state.Tx, request string) (time.Time, error) {
	embargo, _, err := embargoes.Get(ctx, tx, request)
	return embargo.Until, err
}

// SetEmbargo puts a wall before a post, or takes it away (zero). A post that
// should leave earlier must be moved first: an embargo moves nothing by itself.
func (e *Engine) SetEmbargo(ctx context.Context, tx *state.Tx, a Asker, request string, until time.Time) error {
	r, err := e.request(ctx, tx, request)
	if err != nil {
		return err
	}
	all, err := e.Of(ctx, tx, request)
	switch {
	case err != nil:
		return err
	case !a.may(r):
		return ErrNotYours
	case !free(r, all):
		return ErrNotNow
	case r.At.IsZero():
		return ErrNoTime
	case until.After(r.At):
		return ErrEmbargo
	}
	if _, err := e.wall(ctx, tx, request); err != nil {
		return err
	}
	tx.Log(audit.Entry{Who: a.Member.ID, What: "post.embargo", Brand: r.Brand, Subject: "request/" + r.ID,
		Detail: map[string]string{"until": until.UTC().Format(time.RFC3339)}})
	return embargoes.Put(tx, request, Embargo{Until: until, By: a.Member.ID})
}
