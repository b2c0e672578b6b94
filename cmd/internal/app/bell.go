package app

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/bot/secret"
	"crieur/bot/state"
	"crieur/commands/calendar"
	"crieur/commands/mentions"
	"crieur/commands/review"
)

// pageLife is how long the address of a page answers: a night and a day.
const pageLife = 24 * time.Hour

// bell makes the addresses at which who was paged says that they saw it.
type bell struct {
	url string // public, without a slash at its end; empty: there are none
	box *secret.Box
}

func bellOf(url string, key secret.Secret, space string) bell {
	return bell{strings.TrimSuffix(url, "/"), secret.NewBox([]byte(key.Reveal()), "page "+space)}
}

// address is where a page is acknowledged, "" without a public address. Whoever
// has it may do nothing else with it.
func (b bell) address(page oncall.Page) (string, error) {
	if b.url == "" {
		return "", nil
	}
	plain, err := json.Marshal(page)
	return b.url + "/page/" + base64.RawURLEncoding.EncodeToString(b.box.Seal(plain)), err
}

// page is what an address acknowledges; ok is false for one that is not ours or
// is over.
func (b bell) page(token string, now time.Time) (page oncall.Page, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return page, false
	}
	plain, err := b.box.Open(sealed)
	if err != nil || json.Unmarshal(plain, &page) != nil {
		return page, false
	}
	return page, now.Sub(page.At) < pageLife
}

// matter is what a page is about, as its feature knows it.
type matter struct {
	view string // of its card
	call string // the ID of its call
	seen func(ctx context.Context, tx *state.Tx, subject, member string) error
}

// matterOf is what a page is about; what an earlier release wrote is about a
// conversation.
func (a *App) matterOf(page oncall.Page) matter {
	if page.About == calendar.Matter {
		return matter{review.ViewName, calendar.CallOf(page.Subject), a.Posts.Seen}
	}
	return matter{mentions.CaseView, page.Subject, a.Heard.Seen}
}

// acknowledge shows whoever was paged what it is about (GET), and notes that they
// saw it (POST): nobody else is called then. The address is the secret, as that of
// a calendar file is.
func (s *Server) acknowledge(w http.ResponseWriter, r *http.Request) {
	now, space := s.kept.clock.Now(), s.app.Team.Now()
	page, ok := s.bell.page(r.PathValue("token"), now)
	b, member := space.Brand(page.Brand), space.Member(page.Member)
	if !ok || b == nil || member == nil {
		http.NotFound(w, r)
		return
	}
	p := s.catalog.For(b.LangOf(member), cmp.Or(member.Zone, b.Zone))
	if page.Exercise {
		s.drilled(w, r, p, page)
		return
	}
	about := s.app.matterOf(page)
	call, err := s.answered(r.Context(), about, page, now, r.Method == http.MethodPost)
	if err != nil {
		s.options.Log.Error("page not acknowledged", "about", page.About, "subject", page.Subject, "err", err)
		http.Error(w, errNoAnswer.Error(), http.StatusServiceUnavailable)
		return
	}
	leaf := leaf{Lang: p.Lang, Title: p.T("pager.title", "Brand", b.Name), Said: sayCall(p, space, page, call)}
	if call.SeenBy == "" {
		leaf.Button = p.T("pager.see")
	}
	leaf.Ways, err = s.ways(r.Context(), state.Begin(s.kept.store, "ways", now), p, board.ID(about.view, page.Subject))
	if err != nil { // the call counts, the way is a convenience
		s.options.Log.Warn("ways to a card not read", "about", page.About, "subject", page.Subject, "err", err)
	}
	s.show(w, leaf)
}

// answered is how far the call of a page is, after its member saw it if they did.
func (s *Server) answered(ctx context.Context, about matter, page oncall.Page, now time.Time, seen bool) (call oncall.Call, err error) {
	if seen {
		cause := fmt.Sprintf("page:%s:%s:%d", about.call, page.Member, page.At.UnixMilli())
		_, err = state.Do(ctx, s.kept.store, cause, now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			return nil, about.seen(ctx, tx, page.Subject, page.Member)
		})
	}
	if err == nil {
		call, _, err = oncall.Get(ctx, state.Begin(s.kept.store, "bell", now), about.call)
	}
	return call, err
}

// sayCall says whether somebody saw it; pure.
func sayCall(p *i18n.Printer, space *brand.Space, page oncall.Page, call oncall.Call) string {
	switch {
	case call.SeenBy == "":
		return p.T("pager.what", "At", p.Clock(page.At))
	case call.SeenBy == page.Member:
		return p.T("pager.seen")
	}
	name := call.SeenBy
	if m := space.Member(name); m != nil {
		name = m.Name
	}
	return p.T("pager.already", "Name", name, "At", p.Clock(call.SeenAt))
}
