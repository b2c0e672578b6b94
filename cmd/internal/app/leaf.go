package app

import (
	"context"
	"html/template"
	"net/http"
	"slices"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// leaf is a page for somebody who is not in the chat: a line, maybe a button,
// and the ways into the chat.
type leaf struct {
	Lang, Title, Said, Button string
	Ways                      []way
}

// way leads to a card in a chat application.
type way struct{ Label, URL string }

// leafHTML is read on a telephone, at night. Opening it changes nothing, since
// many programs open what they are sent.
const leafHTML = `<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title>
<style>body{font:1.2em/1.5 system-ui,sans-serif;max-width:32em;margin:2em auto;padding:0 1em;color-scheme:light dark}button{font:inherit;padding:.8em 1.2em}</style>
</head><body><h1>{{.Title}}</h1><p>{{.Said}}</p>{{with .Button}}<form method="post"><button>{{.}}</button></form>{{end}}{{range .Ways}}<p><a href="{{.URL}}">{{.Label}}</a></p>{{end}}</body></html>
`

func leafPage() *template.Template { return template.Must(template.New("leaf").Parse(leafHTML)) }

// show writes a page that nobody keeps, quotes or frames: its address is a
// secret.
func (s *Server) show(w http.ResponseWriter, l leaf) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Robots-Tag", "noindex")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
	header.Set("Content-Type", "text/html; charset=utf-8")
	if err := leafPage().Execute(w, l); err != nil {
		s.options.Log.Debug("page not shown", "err", err) // whoever asked has gone
	}
}

// card leads from a card's address to the card. The page says nothing of it: who
// may see it is what the chat application decides.
func (s *Server) card(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if !s.app.Desk.Tokens.Valid(token) {
		http.NotFound(w, r)
		return
	}
	tx := state.Begin(s.kept.store, "leaf", s.kept.clock.Now())
	about, found, err := board.ByToken(r.Context(), tx, token)
	p := s.catalog.For(s.langOf(about.Brand), nil)
	l := leaf{Lang: p.Lang, Title: p.T("leaf.card"), Said: p.T("leaf.old")}
	if err == nil && found {
		l.Ways, err = s.ways(r.Context(), tx, p, board.ID(about.View, about.Subject))
		l.Said = p.T("leaf.ways")
		if len(l.Ways) == 0 {
			l.Said = p.T("leaf.private")
		}
	}
	if err != nil {
		s.options.Log.Error("card not found", "err", err)
		http.Error(w, errNoAnswer.Error(), http.StatusServiceUnavailable)
		return
	}
	s.show(w, l)
}

// langOf is the language of a brand, or of the first one.
func (s *Server) langOf(id string) string {
	space := s.app.Team.Now()
	b := space.Brand(id)
	if b == nil && len(space.Brands) > 0 {
		b = space.Brands[0]
	}
	if b == nil {
		return ""
	}
	return b.MainLang()
}

// ways are where a card hangs in channels, the newest copy of each application.
// What hangs in a person's own conversation is nobody else's business.
func (s *Server) ways(ctx context.Context, tx *state.Tx, p *i18n.Printer, id string) ([]way, error) {
	card, _, err := board.Get(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	var all []way
	for _, copied := range slices.Backward(card.Copies) {
		if !copied.Public() {
			continue
		}
		at, _, err := board.PlaceOf(ctx, tx, id, copied)
		if err != nil {
			return nil, err
		}
		platform := bot.Platform(at.Platform)
		one := way{Label: p.T("leaf.open", "Name", platform.Name()), URL: s.locate(platform, at.Place)}
		if one.URL != "" && !slices.ContainsFunc(all, func(w way) bool { return w.Label == one.Label }) {
			all = append(all, one)
		}
	}
	return all, nil
}

// locate is the address of a message in its application.
func (s *Server) locate(platform bot.Platform, at board.Place) string {
	for _, one := range s.chats {
		if locator, ok := one.chat.(bot.Locator); ok && one.chat.Platform() == platform {
			return locator.Locate(at)
		}
	}
	return ""
}
