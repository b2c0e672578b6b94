package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/commands/drill"
)

// drilling makes the room of exercises of the call at night.
func (a *App) drilling(tokens bot.Tokens) *drill.Chat {
	e := &drill.Engine{Space: a.Team, NewToken: tokens.New}
	a.drills = e
	a.Desk.Topics["due:"+drill.Topic] = e.Due
	a.Desk.Topics["due:"+drill.MissedTopic] = e.Missed
	a.Desk.Topics[outbox.ReceiptTopic(drill.Topic)] = e.Receipt
	chat := &drill.Chat{Engine: e}
	chat.Register(a.Mux)
	return chat
}

// arm puts what comes by itself on the clock.
func (a *App) arm(ctx context.Context, tx *state.Tx) error {
	a.briefs.Arm(tx)
	a.learnt.Arm(tx)
	a.Posts.Arm(tx)
	a.Requests.Arm(tx)
	return errors.Join(a.drills.Arm(ctx, tx), a.setting.Offer(ctx, tx))
}

// drilled shows whoever got an exercise outside the chat that it is one (GET), and
// notes that it arrived (POST).
func (s *Server) drilled(w http.ResponseWriter, r *http.Request, p *i18n.Printer, page oncall.Page) {
	seen, err := s.confirmed(r.Context(), page, s.kept.clock.Now(), r.Method == http.MethodPost)
	l := leaf{Lang: p.Lang, Title: p.T("drill.title"), Said: p.T("drill.leaf", "At", p.Clock(page.At)), Button: p.T("drill.seen")}
	switch {
	case errors.Is(err, drill.ErrOver):
		l.Said, l.Button = p.T("drill.leafover"), ""
	case err != nil:
		s.options.Log.Error("exercise not confirmed", "subject", page.Subject, "err", err)
		http.Error(w, errNoAnswer.Error(), http.StatusServiceUnavailable)
		return
	case seen:
		l.Said, l.Button = p.T("drill.leafseen"), ""
	}
	s.show(w, l)
}

// confirmed says whether an exercise arrived, after it was said if it is now.
func (s *Server) confirmed(ctx context.Context, page oncall.Page, now time.Time, said bool) (bool, error) {
	if said {
		cause := fmt.Sprintf("drill:%s:%d", page.Subject, page.At.UnixMilli())
		if _, err := state.Do(ctx, s.kept.store, cause, now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			return nil, s.app.drills.Seen(ctx, tx, page.Subject, page.Member)
		}); err != nil {
			return false, err
		}
	}
	return s.app.drills.Confirmed(ctx, state.Begin(s.kept.store, "drill", now), page.Subject)
}
