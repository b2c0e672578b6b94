package app

import (
	"context"
	"errors"
	"time"

	"crieur/commands/settings"
	"crieur/integrations/redis"
)

// sightWithin bounds one look at the machinery.
const sightWithin = time.Second

// Counter counts what waits in the store.
type Counter interface {
	Waiting(ctx context.Context) (redis.Waiting, error)
}

// Sight is what this process sees of the machinery, for the status. Only Store
// is required.
type Sight struct {
	Store Counter
	// Doubt is how far the shared clock may be off; nil if the clock is not shared.
	Doubt func() time.Duration
	// Links are the connections that this process holds; nil if it holds none.
	Links func() []settings.Link
}

// Look implements settings.Machine.
func (s *Sight) Look(ctx context.Context) settings.Sight {
	ctx, cancel := context.WithTimeout(ctx, sightWithin)
	defer cancel()
	var seen settings.Sight
	if waiting, err := s.Store.Waiting(ctx); err == nil {
		seen.Waiting = &settings.Waiting{In: waiting.In, Out: waiting.Out, Due: waiting.Due}
	}
	if s.Doubt != nil {
		doubt := s.Doubt()
		seen.Doubt = &doubt
	}
	if s.Links != nil {
		seen.Links = s.Links()
	}
	return seen
}

// links are the chat applications that this process talks to.
func (s *Server) links() []settings.Link {
	if !s.options.Role.has(Chat) {
		return nil // another process holds them: it knows
	}
	var links []settings.Link
	for _, one := range s.chats {
		err := one.ready()
		links = append(links, settings.Link{Name: one.chat.Platform().Name(), Up: err == nil, Deaf: one.deaf,
			Refused: err != nil && !errors.Is(err, errConnecting), Withheld: one.withheld != nil && one.withheld()})
	}
	return links
}
