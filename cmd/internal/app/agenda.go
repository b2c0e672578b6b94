package app

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"crieur/bot/state"
	"crieur/commands/calendar"
)

// agenda serves the plan as a calendar file, to whoever has its address. The
// address is the secret: it enters no log, and a wrong one learns nothing.
func (s *Server) agenda(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "private, no-cache")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Robots-Tag", "noindex")
	token, _ := strings.CutSuffix(r.PathValue("file"), ".ics")
	tx := state.Begin(s.kept.store, "agenda", s.kept.clock.Now())
	asker, err := s.app.Posts.AgendaOf(r.Context(), tx, s.app.Team.Now(), token)
	if errors.Is(err, calendar.ErrUnknown) {
		http.NotFound(w, r)
		return
	}
	var file []byte
	if err == nil {
		printer := s.catalog.For(asker.Brand.LangOf(asker.Member), asker.Brand.Zone)
		file, err = s.app.Posts.File(r.Context(), tx, asker, printer)
	}
	if err != nil {
		s.options.Log.Error("calendar file not read", "err", err)
		http.Error(w, errNoAnswer.Error(), http.StatusServiceUnavailable)
		return
	}
	sum := sha256.Sum256(file)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	header.Set("ETag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", "text/calendar; charset=utf-8")
	w.Write(file) //nolint:errcheck // whoever asked has gone
}
