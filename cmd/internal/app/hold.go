package app

import (
	"context"
	"errors"
	"strconv"

	"crieur/bot/archive"
	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/commands/calendar"
	"crieur/commands/mentions"
	"crieur/integrations/redis"
)

// Held says what waits for a person after a space was begun again.
type Held struct {
	// Posts wait for /crieur resume; Replies were taken back, and their
	// conversations wait again.
	Posts, Replies int
}

// pending is what would leave by itself and has no pause of its own.
type pending struct{ replies []string }

func (p *pending) note(line archive.Line) {
	if r := line.Record; r != nil && mentions.PlannedReply(r.Kind, r.Data) {
		p.replies = append(p.replies, r.ID)
	}
}

// hold pauses a space that was put back to an earlier moment: what was to leave
// since may have left. Posts wait for people, replies are taken back; what was on
// its way is shown as uncertain by itself. Whatever was being read is read again.
func hold(ctx context.Context, k *kept, space brand.Source, found pending, what string) (Held, error) {
	posts, heard := &calendar.Engine{Space: space}, &mentions.Engine{Space: space}
	now := k.clock.Now()
	held := Held{Replies: len(found.replies)}
	_, err := state.Do(ctx, k.store, "hold:"+strconv.FormatInt(now.UnixNano(), 10), now, nil,
		func(ctx context.Context, tx *state.Tx) (_ []byte, err error) {
			if held.Posts, _, err = posts.Stop(ctx, tx, ""); err != nil {
				return nil, err
			}
			for _, id := range found.replies {
				_, err := heard.TakeBack(ctx, tx, id, "")
				if err != nil && !errors.Is(err, mentions.ErrNotNow) && !errors.Is(err, mentions.ErrUnknown) {
					return nil, err
				}
			}
			tx.Log(audit.Entry{What: what})
			return nil, readAgain(ctx, tx, space)
		})
	return held, err
}

// readAgain puts every source on the clock: what is not there any more is the
// order to read it, which an archive leaves out.
func readAgain(ctx context.Context, tx *state.Tx, space brand.Source) error {
	for _, b := range space.Now().Brands {
		all, err := poll.All(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		for _, p := range all {
			if err := poll.Begin(ctx, tx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// holdNow is hold for a space that is there, after its Redis was put back: what
// waits in the outbox is looked for before it is sent.
func holdNow(ctx context.Context, k *kept, space brand.Source) error {
	var found pending
	_, err := k.store.Dump(ctx, func(line archive.Line) error { found.note(line); return nil })
	if err != nil && !errors.Is(err, redis.ErrMoving) {
		return err
	}
	if err := k.store.Doubt(ctx, k.clock.Now()); err != nil {
		return err
	}
	_, err = hold(ctx, k, space, found, "space.restored")
	return err
}
