// Package noise bounds what may notify: so many new messages a day in each
// channel and to each person, and no burst of alerts one after another. What is
// over hangs in the thread of one rolling card, "12 other conversations to
// handle", which is edited and never rings again.
//
// What a place has every day, as the brief, is never put there: its room is kept
// whether or not it has come.
//
// It counts where everything that rings comes by, at the end of each step, so no
// feature can forget it. It does not know what cards are about. The figures come
// from the brand (brand.Noise); hours are the outbox's gate's business.
package noise

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

const (
	// View is the rolling card of what a day's budget left no room for; its subject
	// is the place and the day.
	View = "others"
	// burstOf alerts within burstIn hang under the rolling card, whatever the
	// budget still holds.
	burstOf = 3
	burstIn = 10 * time.Minute
)

// Day is what rings in one place on one day.
type Day struct {
	Rang int `json:"rang"`
	// Alerts are when the last alerts were hung, for bursts.
	Alerts []time.Time `json:"alerts,omitempty"`
	// Tucked are the cards that hang under the rolling one.
	Tucked []string `json:"tucked,omitempty"`
	// Came are the views whose room was kept, and that rang.
	Came []string `json:"came,omitempty"`
}

var days = state.Table[Day]{Kind: "noise", Schema: 1, Keep: 7 * 24 * time.Hour}

// Budget bounds the noise of a space.
type Budget struct {
	Space    brand.Source
	NewToken func(*state.Tx) string
	// Kept names the views that a place has on a day whatever else rings there; m is
	// whose direct messages it is, nil in a channel. Nil keeps no room.
	Kept func(b *brand.Brand, place board.Place, m *brand.Member, day time.Time) []string
}

// Bound looks at every card that the step hangs and that would ring, and tucks
// away what is over the budget of its place on the day on which it would. What
// is critical comes on top: it rings who is on call, whatever the budget.
func (b *Budget) Bound(ctx context.Context, tx *state.Tx) error {
	for _, effect := range tx.Effects() {
		if effect.Kind != board.EffectKind || !effect.Notifies || effect.Critical {
			continue
		}
		if err := b.bound(ctx, tx, effect); err != nil {
			return fmt.Errorf("bound noise of %s: %w", effect.ID, err)
		}
	}
	return nil
}

func (b *Budget) bound(ctx context.Context, tx *state.Tx, effect outbox.Effect) error {
	var order board.Order
	if err := json.Unmarshal(effect.Data, &order); err != nil {
		return fmt.Errorf("decode order: %w", err)
	}
	space := b.Space.Now()
	br, place := space.Brand(effect.Brand), order.Copy.Place
	if br == nil {
		return nil
	}
	member := space.Member(effect.Member)
	most, bounded := br.Budget(place, member)
	if !bounded {
		return nil
	}
	rings := ringsAt(br, member, tx.Now())
	id := place.Destination() + "|" + rings.Format(time.DateOnly)
	day, _, err := days.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	var kept []string
	if b.Kept != nil {
		kept = b.Kept(br, place, member, rings)
	}
	view, _, _ := strings.Cut(order.Card, "/")
	if slices.Contains(kept, view) {
		return days.Put(tx, id, day.came(view))
	}
	alert := effect.Class == outbox.Alert && br.AlertsIn(place) && member == nil
	if !over(day, most-day.missing(kept), alert, tx.Now()) {
		return days.Put(tx, id, day.with(alert, tx.Now()))
	}
	return b.tuck(ctx, tx, id, day, effect, order)
}

// missing counts the views whose room is kept and that have not come yet; pure.
func (d Day) missing(kept []string) (count int) {
	for _, view := range kept {
		if !slices.Contains(d.Came, view) {
			count++
		}
	}
	return count
}

// came is the day after a message whose room was kept.
func (d Day) came(view string) Day {
	d.Rang++
	d.Came = append(slices.Clone(d.Came), view)
	return d
}

// ringsAt is when something said now will ring: when the brand and the person
// work, by the clock of the person.
func ringsAt(b *brand.Brand, m *brand.Member, now time.Time) time.Time {
	both := b.At(m)
	if next, ok := both.Next(now); ok {
		now = next
	}
	return now.In(both[1].Zone)
}

// over says whether one more message is too many; pure. The last one that the
// budget has room for is the rolling card; once that hangs, alerts go under it
// as long as they come in a burst.
func over(day Day, most int, alert bool, now time.Time) bool {
	left := most - day.Rang
	if len(day.Tucked) == 0 {
		left-- // for the rolling card
	}
	if left <= 0 {
		return true
	}
	recent := 0
	for _, at := range day.Alerts {
		if now.Sub(at) < burstIn {
			recent++
		}
	}
	return alert && recent >= burstOf-1
}

// with is the day after one more message.
func (d Day) with(alert bool, now time.Time) Day {
	d.Rang++
	if alert {
		d.Alerts = append(slices.Clone(d.Alerts), now)
		d.Alerts = d.Alerts[max(0, len(d.Alerts)-burstOf):]
	}
	return d
}

// tuck hangs a card under the day's rolling card, which rings when it is hung
// and is edited afterwards.
func (b *Budget) tuck(ctx context.Context, tx *state.Tx, id string, day Day, effect outbox.Effect, order board.Order) error {
	first := len(day.Tucked) == 0
	if first {
		day.Rang++
	}
	day.Tucked = append(day.Tucked, order.Card)
	if err := days.Put(tx, id, day); err != nil {
		return err
	}
	rolling := board.Copy{Place: order.Copy.Place}
	var err error
	if effect.Data, err = board.Tuck(ctx, tx, effect.Data, rolling.Key(board.ID(View, id))); err != nil {
		return err
	}
	effect.Class = outbox.Digest
	tx.Amend(effect)
	if !first {
		return board.Grow(ctx, tx, View, id)
	}
	if _, err = board.Show(ctx, tx, board.Card{View: View, Subject: id, Brand: effect.Brand, Stays: true}, b.NewToken, board.Hang{
		Place: order.Copy.Place, Member: order.Copy.Member, Lang: order.Copy.Lang, Class: outbox.Alert, Notifies: true}); err != nil {
		return err
	}
	// It comes before what hangs under it, in the lane too.
	emitted := tx.Effects()
	above := emitted[len(emitted)-1]
	above.ID, effect.ID = effect.ID, above.ID
	tx.Amend(above)
	tx.Amend(effect)
	return nil
}

// purposeOf says what a rolling card gathers, as the catalog names it.
func purposeOf(day Day) string {
	for _, card := range day.Tucked {
		if view, _, _ := strings.Cut(card, "/"); view != "case" && view != "theme" {
			return "noise.others"
		}
	}
	return "noise.conversations"
}
