package oncall

import (
	"context"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// unseenAfter is how long a call waits for whom it was made to.
	unseenAfter = 10 * time.Minute
	// rotaTurns is how often the whole rota is called.
	rotaTurns = 2
)

// Matter is what people are called to.
type Matter struct {
	// About and Subject are what the trail and the page say.
	About, Subject string
	// Call is the ID under which the call is kept: one at a time.
	Call string
	// What is the catalog key of what is said beside the chat.
	What string
	// Topic is that of the due time at which nobody saw it; its data is Subject.
	Topic string
}

// Call is how people are called to something that cannot wait, one after another,
// until somebody saw it.
type Call struct {
	Tries  []Try     `json:"tries"`
	SeenBy string    `json:"seen_by,omitempty"`
	SeenAt time.Time `json:"seen_at,omitzero"`
	// Night names the one in which it was made, for what calls once a night.
	Night string `json:"night,omitempty"`
}

// Try is one call to one person.
type Try struct {
	Member string    `json:"member"`
	At     time.Time `json:"at"`
}

var calls = state.Table[Call]{Kind: "call", Schema: 1}

// Get reads a call; found is false where nobody was called.
func Get(ctx context.Context, tx *state.Tx, id string) (Call, bool, error) {
	return calls.Get(ctx, tx, id)
}

// Ring calls the next person of the rota, beside the chat, and returns how the
// card is put before them. After the whole rota was called twice in vain nobody
// is: rang is false then. The call must have been read.
func (l Bell) Ring(ctx context.Context, tx *state.Tx, b *brand.Brand, what Matter, call Call) (direct []board.Hang, rang bool, err error) {
	rota, err := l.Rota(ctx, tx, b)
	if err != nil {
		return nil, false, err
	}
	rota = slices.DeleteFunc(rota, func(m *brand.Member) bool { return len(Ways(b, m)) == 0 }) // ten minutes for nothing
	entry := audit.Entry{What: "call.unseen", Brand: b.ID, Subject: what.About + "/" + what.Subject}
	m := call.next(rota)
	if m == nil {
		tx.Log(entry)
		return nil, false, nil
	}
	call.Tries = append(call.Tries, Try{m.ID, tx.Now()})
	if err := calls.Put(tx, what.Call, call); err != nil {
		return nil, false, err
	}
	entry.What = "call.made"
	tx.Log(entry)
	tx.Later(work.Due{Key: dueKey(what.Call), At: tx.Now().Add(unseenAfter),
		Item: work.Item{Conversation: what.Subject, Topic: "due:" + what.Topic, Data: []byte(what.Subject)}})
	page := Page{Brand: b.ID, Member: m.ID, About: what.About, Subject: what.Subject, What: what.What, At: tx.Now()}
	return Direct(b, m, true), true, Send(tx, b, m, page, outbox.Effect{Critical: true})
}

func dueKey(call string) string { return "call:" + call }

// next is whom to call: the first of those who were called least, nil once
// everybody was called rotaTurns times. Pure.
func (c Call) next(rota []*brand.Member) *brand.Member {
	for turn := range rotaTurns {
		for _, m := range rota {
			tries := 0
			for _, try := range c.Tries {
				if try.Member == m.ID {
					tries++
				}
			}
			if tries <= turn {
				return m
			}
		}
	}
	return nil
}

// Seen records that a member saw what people are called to: nobody else is. It
// says whether anybody was being called.
func Seen(ctx context.Context, tx *state.Tx, brandID string, what Matter, member string) (bool, error) {
	call, found, err := calls.Get(ctx, tx, what.Call)
	if err != nil || !found || call.SeenBy != "" {
		return false, err
	}
	call.SeenBy, call.SeenAt = member, tx.Now()
	tx.Cancel(dueKey(what.Call))
	tx.Log(audit.Entry{Who: member, What: "call.seen", Subject: what.About + "/" + what.Subject})
	if err := calls.Put(tx, what.Call, call); err != nil {
		return false, err
	}
	return true, answer(ctx, tx, brandID, what.Call, call)
}
