package calendar

import (
	"context"
	"slices"
	"time"

	"crieur/approvals"
	"crieur/bot/brand"
	"crieur/bot/state"
)

// Awaited is a request that is on the plan before anybody agreed to it.
type Awaited struct {
	Request string   `json:"request"`
	Brand   string   `json:"brand"`
	Title   string   `json:"title"`
	Author  string   `json:"author"`
	Parts   []string `json:"parts"` // accounts
	At      int64    `json:"at"`    // Unix milliseconds
}

var awaited = state.Table[Awaited]{Kind: "awaited", Schema: 1, Keep: state.KeepPosts}

const awaitedIndex = "requests:awaited"

// await puts an open request with a time on the plan, and takes it off once it
// was decided.
func (e *Engine) await(ctx context.Context, tx *state.Tx, r approvals.Request) error {
	_, found, err := awaited.Get(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	mark := state.Mark{Index: awaitedIndex, Member: r.ID, Score: r.At.UnixMilli()}
	if r.Stage == approvals.Open && !r.At.IsZero() {
		return awaited.Put(tx, r.ID, Awaited{Request: r.ID, Brand: r.Brand, Title: r.Title, Author: r.Author,
			Parts: r.Accounts(), At: r.At.UnixMilli()}, mark)
	}
	if found {
		mark.Remove = true
		awaited.Delete(tx, r.ID, mark)
	}
	return nil
}

// OnPlan lists what is on the plan of a brand from one time until just before
// another: publications, and what waits for an approval, as Asked. It is for
// looking: nothing may be decided by it.
func (e *Engine) OnPlan(ctx context.Context, tx *state.Tx, brand string, from, until time.Time) ([]Publication, error) {
	members, err := tx.List(ctx, state.Range{Index: allIndex, From: from.UnixMilli(), To: until.UnixMilli() - 1})
	if err != nil {
		return nil, err
	}
	all, err := publications.Peek(ctx, tx, state.IDs(members)...)
	if err != nil {
		return nil, err
	}
	if members, err = tx.List(ctx, state.Range{Index: awaitedIndex, From: from.UnixMilli(), To: until.UnixMilli() - 1}); err != nil {
		return nil, err
	}
	waiting, err := awaited.Peek(ctx, tx, state.IDs(members)...)
	if err != nil {
		return nil, err
	}
	for _, one := range waiting {
		for _, account := range one.Parts {
			p := Publication{Request: one.Request, Brand: one.Brand, Title: one.Title, Author: one.Author,
				At: time.UnixMilli(one.At), Status: Asked}
			p.Part.Account = account
			partly := func(other Publication) bool {
				return other.Request == one.Request && other.Part.Account == account && !other.Void()
			}
			if !slices.ContainsFunc(all, partly) { // of several networks, some may be agreed
				all = append(all, p)
			}
		}
	}
	return slices.DeleteFunc(all, func(p Publication) bool { return p.Brand != brand }), nil
}

// ByHand implements review.Hands.
func (e *Engine) ByHand(ctx context.Context, tx *state.Tx, b *brand.Brand, from, until time.Time) (map[string][]string, error) {
	all, err := e.OnPlan(ctx, tx, b.ID, from, until.Add(time.Millisecond))
	hands := map[string][]string{}
	for _, p := range all {
		account, _ := b.Account(p.Part.Account)
		if account.Network == byHandNetwork && (p.Status == Planned || p.Status == Asked) {
			hands[p.Request] = append(hands[p.Request], p.Part.Account)
		}
	}
	return hands, err
}

// Posted lists when a brand's posts went live since a time, each once however
// many networks it is on.
func (e *Engine) Posted(ctx context.Context, tx *state.Tx, brand string, since time.Time) ([]time.Time, error) {
	all, err := e.OnPlan(ctx, tx, brand, since, tx.Now())
	if err != nil {
		return nil, err
	}
	var times []time.Time
	for _, post := range posts(all) {
		if live(post) {
			times = append(times, post.At)
		}
	}
	return times, nil
}
