package calendar

import (
	"context"
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/oncall"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// CallTopic is that of due times of calls to posts that nobody saw.
	CallTopic = "postcalls"
	// Matter is what those calls are about: a request.
	Matter = "request"
)

// matter is a post as what people are called to.
func matter(request string) oncall.Matter {
	return oncall.Matter{About: Matter, Subject: request, Call: CallOf(request), What: "calendar.page", Topic: CallTopic}
}

// CallOf is the ID of the call to the post of a request.
func CallOf(request string) string { return Matter + "/" + request }

func (e *Engine) bell() oncall.Bell { return oncall.Bell{Space: e.Space, Duty: e} }

// rings says whether somebody may be woken for a post: it did not leave, or nobody
// knows whether it did. What only came too late can wait.
func (p Publication) rings() bool { return p.Status == Unknown || p.Status == Failed }

// nightOf names the stretch without work in which a time is, by when people work
// again; it is empty while they work.
func nightOf(b *brand.Brand, at time.Time) string {
	next, ok := b.At(nil).Next(at)
	if !ok || !next.After(at) {
		return ""
	}
	return next.UTC().Format(time.RFC3339)
}

// call calls who is on call to a post that went wrong outside hours, once a night,
// where the brand says that this is critical. It says whether somebody was called
// that night: if not, it waits for whoever works next.
func (e *Engine) call(ctx context.Context, tx *state.Tx, p Publication) (bool, error) {
	b := e.Space.Now().Brand(p.Brand)
	if b == nil || !b.CriticalPosts || !p.rings() {
		return false, nil
	}
	night := nightOf(b, tx.Now())
	if night == "" {
		return false, nil
	}
	call, _, err := oncall.Get(ctx, tx, CallOf(p.Request))
	if err != nil || call.Night == night {
		return err == nil, err
	}
	return e.ring(ctx, tx, b, p.Request, oncall.Call{Night: night})
}

// ring calls the next person of the rota to a post, and puts its card before them.
func (e *Engine) ring(ctx context.Context, tx *state.Tx, b *brand.Brand, request string, call oncall.Call) (bool, error) {
	direct, rang, err := e.bell().Ring(ctx, tx, b, matter(request), call)
	if err != nil || !rang {
		return false, err
	}
	return true, e.Card.Call(ctx, tx, request, direct...)
}

// Unseen is the due time of a call: if nobody saw it and the post still is as it
// was, the next person is called. After the whole rota was called in vain it is
// said to whoever works next.
func (e *Engine) Unseen(ctx context.Context, tx *state.Tx, item work.Item) error {
	request := string(item.Data)
	call, found, err := oncall.Get(ctx, tx, CallOf(request))
	if err != nil || !found || call.SeenBy != "" {
		return err
	}
	all, err := e.Of(ctx, tx, request)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, Publication.rings)
	if at < 0 {
		return nil
	}
	b := e.Space.Now().Brand(all[at].Brand)
	if b == nil {
		return nil
	}
	rang, err := e.ring(ctx, tx, b, request, call)
	if err != nil || rang {
		return err
	}
	return e.Card.Tell(ctx, tx, request)
}

// Seen records that a member saw that a post needs somebody: nobody else is called.
func (e *Engine) Seen(ctx context.Context, tx *state.Tx, request, member string) error {
	r, err := e.request(ctx, tx, request)
	if err != nil {
		return err
	}
	called, err := oncall.Seen(ctx, tx, r.Brand, matter(request), member)
	if err != nil || !called {
		return err
	}
	return e.Card.Refresh(ctx, tx, request)
}

// heeded notes that a member decided about a post: they have seen the call to it,
// and it is over once nothing of it is in doubt.
func (e *Engine) heeded(ctx context.Context, tx *state.Tx, p Publication, by string) error {
	_, found, err := oncall.Get(ctx, tx, CallOf(p.Request))
	b := e.Space.Now().Brand(p.Brand)
	if err != nil || !found || b == nil {
		return err
	}
	if _, err := oncall.Seen(ctx, tx, p.Brand, matter(p.Request), by); err != nil {
		return err
	}
	all, err := e.Of(ctx, tx, p.Request)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(other Publication) bool { return other.ID != p.ID && other.Status == Unknown }) {
		return nil
	}
	return e.bell().Over(ctx, tx, b, CallOf(p.Request))
}
