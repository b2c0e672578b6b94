package demo

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/console"
)

// stage plays the networks: what is published there appears in the workspace's
// "outside" pane, once for each order.
type stage struct {
	brand   *brand.Brand
	now     func() time.Time
	console *console.Console

	mu   sync.Mutex
	live map[string]content.Live
}

// account is one account of the brand on the stage.
type account struct {
	*stage
	brand.Account
}

func (s *stage) publishers() map[string]app.Publisher {
	all := map[string]app.Publisher{}
	for _, a := range s.brand.Accounts {
		if a.Network != "assisted" {
			all[s.brand.ID+"/"+a.ID] = account{s, a}
		}
	}
	return all
}

// Publish implements app.Publisher. Repeating an order gives what it gave.
func (a account) Publish(_ context.Context, order content.Order) (content.Live, error) {
	return a.show(order.Key, order.Part, a.now()), nil
}

// show puts a post on the stage, once.
func (a account) show(key string, part content.Part, at time.Time) content.Live {
	a.mu.Lock()
	defer a.mu.Unlock()
	if live, done := a.live[key]; done {
		return live
	}
	id := a.ID + "-" + key
	post := console.OutsidePost{
		ID: id, Network: a.Shows, Name: a.stage.brand.Name, Handle: a.Reference,
		Text: strings.Join(part.Posts, "\n\n"), At: at}
	for _, m := range part.Media {
		post.Media = append(post.Media, console.OutsideMedia{File: m.Digest, Alt: m.Alt})
	}
	a.console.Outside(post)
	if a.live == nil {
		a.live = map[string]content.Live{}
	}
	a.live[key] = content.Live{Ref: id, URL: console.OutsidePath(id)}
	return a.live[key]
}

// Find says whether the order is on the stage.
func (a account) Find(_ context.Context, order content.Order) (content.Live, bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	live, found := a.live[order.Key]
	return live, found, nil
}

// reset takes everything off the stage.
func (s *stage) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = nil
}

// workspace is the sample's browser workspace. Panes appear when the day needs
// them.
func (d *Demo) workspace() (*console.Console, error) {
	people := []console.Person{}
	for _, m := range d.space.Members {
		people = append(people, console.Person{
			ID: m.ID, Name: m.Name, Title: both(d.catalog, "demo.title."+m.ID), Lang: "fr"})
	}
	built, err := console.New(console.Options{
		Team: team, Brand: d.space.Brands[0].Name, People: people, Catalog: d.catalog,
		Commands: console.CommandsOf(d.app().Mux, d.catalog), Shortcuts: console.ShortcutsOf(d.app().Mux, d.catalog),
		Zone: d.space.Brands[0].Zone, Now: d.Clock.Now, Logger: d.log, Files: d.keptStore().Files(), Fleeting: d.storage.dir == "",
		Channels: []console.Channel{
			{ID: comCh, Name: comCh, About: both(d.catalog, "demo.channel.com"), Hidden: true},
			{ID: alertsCh, Name: alertsCh, About: both(d.catalog, "demo.channel.alerts"), Hidden: true},
		},
	}, d.door, d.door)
	if err != nil {
		return nil, fmt.Errorf("build workspace: %w", err)
	}
	return built, nil
}

func both(catalog *i18n.Catalog, key string) map[string]string {
	words := map[string]string{}
	for _, lang := range i18n.Langs() {
		words[lang] = catalog.For(lang, nil).T(key)
	}
	return words
}

// hand is how a person publishes on the stage: any https link will do.
type hand struct{}

func (hand) Steps(network string) []string { return []string{"demo.step.copy", "demo.step.paste"} }

func (hand) CheckLink(_, address string) error {
	if !strings.HasPrefix(address, "https://") {
		return &outbox.Error{Fault: outbox.Rejected, Reason: "calendar.badlink"}
	}
	return nil
}
