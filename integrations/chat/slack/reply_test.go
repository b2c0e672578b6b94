package slack

import (
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot"
)

// TestTheAnswerComesAfterTheMark: of this process's mark it is known when it
// stands, another's is given a moment.
func TestTheAnswerComesAfterTheMark(t *testing.T) {
	for name, test := range map[string]struct {
		reply bot.Handle
		want  time.Duration
	}{
		"nothing is marked":      {bot.Handle{Secret: "url"}, 0},
		"marked here":            {bot.Handle{Secret: "url", Deferred: true}, 300 * time.Millisecond},
		"marked here, elsewhere": {bot.Handle{Secret: "other", Deferred: true}, 0},
		"marked by another":      {bot.Handle{Secret: "url", Deferred: true, Elsewhere: true}, time.Second},
		"marked here, slowly":    {bot.Handle{Secret: "slow", Deferred: true, Elsewhere: true}, 2 * time.Second},
		"another's, no mark":     {bot.Handle{Secret: "url", Elsewhere: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &Adapter{}
				time.AfterFunc(300*time.Millisecond, a.marks.Take("url"))
				time.AfterFunc(2*time.Second, a.marks.Take("slow"))
				began := time.Now()
				a.afterMark(t.Context(), test.reply)
				if waited := time.Since(began); waited != test.want {
					t.Errorf("waited %v, want %v", waited, test.want)
				}
			})
		})
	}
}
