package redis_test

import (
	"time"

	"crieur/bot/audit"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// benchCommit is a command's usual step: a record of half a kilobyte with its
// index, one line of trail, one effect, one due time.
func benchCommit(cause string) state.Commit {
	data := make([]byte, 512)
	for i := range data {
		data[i] = 'x'
	}
	return state.Commit{
		Cause: cause, Now: time.Unix(1, 0),
		Guards: []state.Guard{{Key: state.Key{Kind: "policy", ID: "none"}}},
		Writes: []state.Write{{
			Key: state.Key{Kind: "draft", ID: cause}, Data: data,
			Index: []state.Mark{{Index: "drafts", Member: cause, Score: 1}},
		}},
		Audit:   []audit.Entry{{What: "draft.made", Subject: "draft/" + cause}},
		Effects: []outbox.Effect{{ID: cause + "#0", Kind: "card", Destination: "slack:T:C"}},
		Dues:    []work.Due{{Key: "d", At: time.Unix(2e9, 0), Item: work.Item{Conversation: "c"}}},
	}
}
