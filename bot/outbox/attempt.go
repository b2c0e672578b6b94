package outbox

import (
	"context"
	"errors"
	"time"

	"crieur/bot/work"
)

// send arms the task and calls its sender. What an earlier attempt armed, here
// or elsewhere, may have been done: that is for judge.
func (r *Relay) send(t *task) (Receipt, error) {
	sender, ok := r.Senders[t.effect.Kind]
	if !ok {
		return Receipt{}, &Error{Fault: Rejected, Reason: "outbox.nosender"}
	}
	if t.armed && !t.repeated {
		return Receipt{}, interrupted()
	}
	if !t.armed {
		status, err := r.arm(t)
		if err != nil {
			return Receipt{}, err
		}
		if status != Waiting { // it ended already
			return Receipt{Status: status}, nil
		}
	}
	ctx, cancel := context.WithTimeout(t.ctx, within(sender, t.effect))
	defer cancel()
	if stopped, err := r.stopped(ctx, t.effect); err != nil || stopped {
		return Receipt{Status: Cancelled, Reason: Held}, err
	}
	if ctx.Err() != nil {
		return Receipt{}, ctx.Err()
	}
	t.attempts++
	return sender.Send(ctx, t.effect, Attempt{Number: t.attempts, Repeated: t.repeated, Ago: t.ago(), Made: t.made})
}

// ago is how long ago the task was first tried without an answer.
func (t *task) ago() time.Duration {
	if !t.repeated || t.doubted.IsZero() {
		return 0
	}
	return max(time.Since(t.doubted), 1)
}

// within is how long one attempt may take.
func within(sender Sender, e Effect) time.Duration {
	if patient, ok := sender.(Patient); ok && !e.Public {
		return max(patient.Patience(), SendWithin)
	}
	return SendWithin
}

// stopped asks at the last moment, once the intent is durable: whoever paused
// everything before that stops what waits here.
func (r *Relay) stopped(ctx context.Context, e Effect) (bool, error) {
	if r.Brake == nil || !e.Public {
		return false, nil
	}
	stopped, err := r.Brake.Stopped(ctx, e)
	if err != nil {
		return false, &Error{Fault: Temporary, Reason: "outbox.broken", Err: err}
	}
	return stopped, nil
}

func interrupted() error {
	return &Error{Fault: Ambiguous, Reason: "outbox.unknown", Err: errInterrupted}
}

// arm makes the intent durable and returns the status found; only Waiting
// allows the call. Found armed, it was armed by an attempt whose end nobody saw.
// A public intent that has to settle is looked at again after that: one that a
// restart of Redis lost leads to no call.
func (r *Relay) arm(t *task) (Status, error) {
	ctx, cancel := context.WithTimeout(t.ctx, SendWithin)
	defer cancel()
	at := r.Now()
	status, err := r.Store.Arm(ctx, t.effect, r.Owner, at)
	if err != nil {
		return "", err
	}
	t.armed = status == Waiting || status == Armed
	if status == Armed {
		return status, interrupted()
	}
	if status == Cancelled { // or not kept any more; if it comes again it says which
		return "", ErrLost
	}
	if status != Waiting || !t.effect.Public || r.Settle == 0 {
		return status, nil
	}
	work.Pause(t.ctx, r.Settle)
	ctx, cancel = context.WithTimeout(t.ctx, SendWithin)
	defer cancel()
	records, err := r.Store.Effects(ctx, t.effect.ID)
	switch {
	case err != nil:
		return "", &Error{Fault: Temporary, Reason: "outbox.broken", Err: err}
	case records[0].Status != Armed || records[0].ArmedAt.UnixMilli() != at.UnixMilli():
		return "", ErrLost
	}
	return status, nil
}

// reconcile asks the outside whether an ambiguous effect arrived. What cannot
// be told within findWithin ends as unknown: it is never sent again blindly.
func (r *Relay) reconcile(d *destination, t *task) {
	finder, can := r.Senders[t.effect.Kind].(Finder)
	deadline := time.Now().Add(findWithin)
	for wait := firstWait; can && t.ctx.Err() == nil && time.Now().Before(deadline); wait *= 2 {
		ctx, cancel := context.WithTimeout(t.ctx, SendWithin)
		receipt, found, err := finder.Find(ctx, t.effect)
		cancel()
		if err == nil && found {
			receipt.Status = Sent
			r.remove(d, t)
			r.finish(t, receipt)
			return
		}
		if err == nil {
			if t.tried() >= Attempts {
				r.remove(d, t)
				r.finish(t, Receipt{Status: Failed, Reason: "outbox.notthere"})
				return
			}
			r.disarm(t)
			r.wait(d, t, backoff(t.tried()), false)
			return
		}
		r.Log.Warn("effect not found out", "effect", t.effect.ID, "err", err)
		if errors.Is(err, ErrCannotTell) {
			break
		}
		work.Pause(t.ctx, wait)
	}
	r.remove(d, t)
	if t.ctx.Err() != nil {
		t.done()
		return
	}
	r.finish(t, Receipt{Status: Unknown, Reason: "outbox.unknown"})
}

// finish records how a task ended, however long Redis takes to answer. A lane
// lost meanwhile leaves one more try: what happened outside happened, and the
// first receipt of an effect is the one that counts.
func (r *Relay) finish(t *task, receipt Receipt) {
	defer t.done()
	receipt.Effect, receipt.At = t.effect.ID, r.Now()
	receipt.Repeated = receipt.Repeated || t.repeated
	if receipt.Status == Sent || receipt.Status == Unknown {
		r.memory.did(t.effect, receipt)
	}
	for wait := firstWait; ; wait = min(2*wait, mostWait) {
		last := t.ctx.Err() != nil
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), SendWithin)
		err := r.Store.Finish(ctx, t.ticket, t.effect, receipt)
		cancel()
		if err == nil || last || errors.Is(err, ErrForgotten) || errors.Is(err, work.ErrGone) { // lost, it comes again: see did
			return
		}
		r.Log.Error("receipt not recorded, trying again", "effect", t.effect.ID, "err", err)
		work.Pause(t.ctx, wait)
	}
}

func (r *Relay) disarm(t *task) {
	if err := r.Store.Disarm(t.ctx, t.effect, r.Owner); err != nil {
		// It stays armed: at worst it is looked for before it is sent again.
		r.Log.Warn("intent not taken back", "effect", t.effect.ID, "err", err)
		return
	}
	t.armed = false
}
