package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/commands/calendar"
	"crieur/commands/drafting"
	"crieur/commands/mentions"
)

// Publisher publishes on one account.
type Publisher interface {
	Publish(ctx context.Context, order content.Order) (content.Live, error)
}

// finder is a Publisher that can say whether an order arrived.
type finder interface {
	Find(ctx context.Context, order content.Order) (live content.Live, found bool, err error)
}

// publishing carries out "publish" effects.
type publishing struct{ publishers map[string]Publisher }

// Send implements outbox.Sender.
func (p *publishing) Send(ctx context.Context, effect outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	order, publisher, err := p.read(effect)
	if err != nil {
		return outbox.Receipt{}, err
	}
	live, err := publisher.Publish(ctx, order)
	if err != nil {
		return outbox.Receipt{}, err
	}
	return outbox.Receipt{Ref: live.Ref, URL: live.URL}, nil
}

// Find implements outbox.Finder for networks that can be asked.
func (p *publishing) Find(ctx context.Context, effect outbox.Effect) (outbox.Receipt, bool, error) {
	order, publisher, err := p.read(effect)
	if err != nil {
		return outbox.Receipt{}, false, err
	}
	asked, ok := publisher.(finder)
	if !ok {
		return outbox.Receipt{}, false, outbox.ErrCannotTell
	}
	live, found, err := asked.Find(ctx, order)
	return outbox.Receipt{Ref: live.Ref, URL: live.URL}, found, err
}

func (p *publishing) read(effect outbox.Effect) (content.Order, Publisher, error) {
	var order content.Order
	if err := json.Unmarshal(effect.Data, &order); err != nil {
		return order, nil, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	if err := order.Check(); err != nil {
		return order, nil, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.changed", Err: err}
	}
	publisher, ok := p.publishers[effect.Destination]
	if !ok {
		return order, nil, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.nosender",
			Err: fmt.Errorf("no publisher for %s", effect.Destination)}
	}
	return order, publisher, nil
}

// Prober tries a link: reason is the catalog key of what is wrong with it, empty
// if it answers.
type Prober interface {
	Probe(ctx context.Context, address string) (reason string, err error)
}

// probing carries out "probe" effects. A link that could not be tried leaves a
// receipt without Ref: nothing is known of it.
type probing struct{ prober Prober }

// Send implements outbox.Sender.
func (p *probing) Send(ctx context.Context, effect outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	var probe drafting.Probe
	if err := json.Unmarshal(effect.Data, &probe); err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	if p.prober == nil {
		return outbox.Receipt{}, nil
	}
	reason, err := p.prober.Probe(ctx, probe.Address)
	if err != nil {
		return outbox.Receipt{Detail: err.Error()}, nil
	}
	return outbox.Receipt{Ref: probe.Address, Reason: reason}, nil
}

// brake stops what waits to leave while people paused everything; of a reply those
// know who answer.
type brake struct {
	store state.Store
	posts *calendar.Engine
	heard *mentions.Engine
	now   func() time.Time
}

// Stopped implements outbox.Brake.
func (b *brake) Stopped(ctx context.Context, effect outbox.Effect) (bool, error) {
	tx := state.Begin(b.store, "brake", b.now())
	if effect.Topic == mentions.ReplyTopic {
		return b.heard.Paused(ctx, tx, effect.Conversation)
	}
	return b.posts.Paused(ctx, tx)
}

// rest keeps what notifies for when people work: the hours of the brand, and for
// a direct message those of the person too, or the duty that they agreed to. What
// is no brand's keeps the hours of the first one: nobody is rung at night for it.
type rest struct {
	space brand.Source
	// onDuty says whether a member agreed to be there now; nil: nobody does.
	onDuty func(ctx context.Context, b *brand.Brand, member string, now time.Time) (bool, error)
}

// Until implements outbox.Gate.
func (r *rest) Until(ctx context.Context, effect outbox.Effect, now time.Time) (time.Time, error) {
	space := r.space.Now()
	b := space.Brand(effect.Brand)
	if b == nil {
		if len(space.Brands) == 0 {
			return now, nil
		}
		b = space.Brands[0]
	}
	next, ok := b.At(space.Member(effect.Member)).Next(now)
	if r.onDuty != nil && effect.Member != "" && !next.Equal(now) {
		if there, err := r.onDuty(ctx, b, effect.Member, now); there || err != nil {
			return now, err
		}
	}
	if !ok { // it may open again: asked once a day, nothing rings until then
		return now.Add(24 * time.Hour), nil
	}
	return next, nil
}
