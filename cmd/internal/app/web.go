package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"crieur/bot/listen"
	"crieur/commands/mentions"
	"crieur/integrations/redis"
	"crieur/integrations/source/inbound"
)

// readyWithin bounds one look at whether the process is ready.
const readyWithin = time.Second

// routes are what the server serves, by role.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", s.meter.handler())
	if s.options.Role.has(Chat) {
		mux.HandleFunc("GET /calendar/{file}", s.agenda)
		mux.HandleFunc("GET /card/{token}", s.card)
		mux.HandleFunc("GET /page/{token}", s.acknowledge)
		mux.HandleFunc("POST /page/{token}", s.acknowledge)
		for _, one := range s.chats {
			if one.handler != nil {
				mux.Handle(one.pattern, one.handler)
			}
		}
	}
	if s.options.Role.has(Collector) {
		s.hooks(mux)
	}
	return mux
}

// hooks are the doors for what other programs heard, one for each brand that
// has some: a source says whom it is about.
func (s *Server) hooks(mux *http.ServeMux) {
	sources := map[string]map[string]inbound.Source{}
	brandOf := map[string]string{}
	for _, hook := range s.options.Config.Hooks {
		if sources[hook.Brand] == nil {
			sources[hook.Brand] = map[string]inbound.Source{}
		}
		sources[hook.Brand][hook.Name] = inbound.Source{Key: hook.Secret, Network: hook.Network}
		brandOf[hook.Name] = hook.Brand
	}
	letIn := door{s.meter.watch(s.kept.ingress)}
	doors := map[string]http.Handler{}
	for brand, some := range sources {
		doors[brand] = inbound.New(inbound.Config{
			Sources: some, Now: s.kept.clock.Now, Log: s.options.Log,
			Accept: func(ctx context.Context, heard []listen.Mention) error {
				for _, mention := range heard {
					if err := letIn.hear(ctx, mentions.Heard{Brand: brand, Mention: mention}); err != nil {
						return err
					}
				}
				return nil
			}})
	}
	nobody := inbound.New(inbound.Config{Log: s.options.Log})
	mux.HandleFunc(inbound.Pattern, func(w http.ResponseWriter, r *http.Request) {
		if known, ok := doors[brandOf[r.PathValue("source")]]; ok {
			known.ServeHTTP(w, r)
			return
		}
		nobody.ServeHTTP(w, r)
	})
}

// ready says whether the process can do its work, part by part.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	parts := map[string]string{"redis": "ok", "clock": "ok"}
	ready := true
	trouble := func(part string, err error) {
		if err != nil {
			ready, parts[part] = false, err.Error()
		}
	}
	if s.kept.ingress.Ping(ctx) != nil {
		trouble("redis", errNoAnswer)
	}
	if doubt := s.kept.clock.Doubt(); doubt > redis.MostDoubt {
		trouble("clock", fmt.Errorf("%s of doubt", doubt.Round(time.Millisecond)))
	}
	if s.options.Role.has(Chat) {
		for _, one := range s.chats {
			part := string(one.chat.Platform())
			parts[part] = "ok"
			trouble(part, one.ready())
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(parts) //nolint:errcheck // whoever asked has gone
}
