package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/cmd/internal/config"
	"crieur/commands/mentions"
	"crieur/commands/rivals"
	"crieur/integrations/source/feed"
	"crieur/integrations/source/github"
)

// heardFrom is what polls of a brand's own feeds read; rivals.What the other.
const heardFrom = "mentions"

// readWithin bounds one read: several calls, one after the other.
const readWithin = 30 * time.Second

// polling carries out "poll" effects: it reads a source, lets every item in, and
// only then gives the receipt that moves the cursor on. What was let in before
// a crash comes again and is recognised.
type polling struct {
	inbox door
	feeds map[string]config.Feed   // by pollID
	repos map[string]config.GitHub // by pollID
	allow []netip.Prefix
	now   func() time.Time
	// find says where a competitor's address is read; nil: there.
	find func(address string) (string, error)
}

// Watching carries out "poll" effects where nothing outside this machine may be
// called: find says where on it a competitor's address is read, nil for at that
// address. Its error is an *outbox.Error with the reason that people are told.
func Watching(kept bot.Accepter, now func() time.Time, find func(address string) (string, error)) outbox.Sender {
	return &polling{inbox: door{kept}, allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, now: now, find: find}
}

// Send implements outbox.Sender.
func (p *polling) Send(ctx context.Context, effect outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	var order poll.Poll
	if err := json.Unmarshal(effect.Data, &order); err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	read := p.hear
	if order.What == rivals.What {
		read = p.watch
	}
	cursor, delay, err := read(ctx, order)
	var unread *outbox.Error
	if errors.As(err, &unread) { // its time to come back is the source's own
		return poll.Unread(unread.Reason, unread.Args, delay), nil
	}
	if err != nil { // the store: nothing moved on, so it is simply read again
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Temporary, Err: err}
	}
	return poll.Read(cursor, delay), nil
}

// Patience implements outbox.Patient: to read twice does no harm.
func (p *polling) Patience() time.Duration { return readWithin }

// source is a place where people speak. What it heard before an error is good.
type source interface {
	Poll(ctx context.Context, cursor string) (heard []listen.Mention, next string, delay time.Duration, err error)
	Check(ctx context.Context) error
	Close()
}

func feedOf(f config.Feed, allow []netip.Prefix, now func() time.Time) source {
	return feed.New(feed.Config{Source: f.Name, URL: f.URL.Reveal(), Network: f.Network, Allow: allow, Now: now})
}

func githubOf(g config.GitHub, allow []netip.Prefix, now func() time.Time) source {
	return github.New(github.Config{Source: g.Name, Repos: g.Repos, Query: g.Query, Token: g.Token, APIURL: g.APIURL, Allow: allow, Now: now})
}

// source is one of the brand's own by the ID of its poll, nil if it is no longer
// configured.
func (p *polling) source(id string) source {
	if f, ok := p.feeds[id]; ok {
		return feedOf(f, p.allow, p.now)
	}
	if g, ok := p.repos[id]; ok {
		return githubOf(g, p.allow, p.now)
	}
	return nil
}

// hear reads one of the brand's own sources.
func (p *polling) hear(ctx context.Context, order poll.Poll) (cursor string, delay time.Duration, err error) {
	from := p.source(order.ID)
	if from == nil { // taken out of the configuration; its poll ends at the next start
		return order.Cursor, feed.MaxDelay, nil
	}
	defer from.Close()
	heard, cursor, delay, unread := from.Poll(ctx, order.Cursor)
	for _, mention := range heard {
		if err := p.inbox.hear(ctx, mentions.Heard{Brand: order.Brand, Mention: mention}); err != nil {
			return "", 0, fmt.Errorf("hear %s: %w", order.ID, err)
		}
	}
	return cursor, delay, unread
}

// watch reads what a competitor announces.
func (p *polling) watch(ctx context.Context, order poll.Poll) (cursor string, delay time.Duration, err error) {
	address := order.Address
	if p.find != nil {
		if address, err = p.find(address); err != nil {
			return "", feed.MaxDelay, err
		}
	}
	f := feed.New(rivalFeed(order.Subject, address, p.allow, p.now))
	defer f.Close()
	seen, cursor, delay, err := f.Observe(ctx, order.Cursor)
	if err != nil {
		return "", delay, err
	}
	for _, observation := range seen {
		if err := p.inbox.observe(ctx, rivals.Seen{Brand: order.Brand, Observation: observation}); err != nil {
			return "", 0, fmt.Errorf("observe %s: %w", order.ID, err)
		}
	}
	return cursor, delay, nil
}

// rivalFeed is where a competitor's address is read: a repository's by the feed of
// its releases.
func rivalFeed(rival, address string, allow []netip.Prefix, now func() time.Time) feed.Config {
	config := feed.Config{Source: rival, URL: address, Rival: rival, Allow: allow, Now: now}
	if releases, ok := github.Releases(address); ok {
		config.URL, config.Kind = releases, "release"
	}
	return config
}

// door lets in what was heard.
type door struct{ bot.Accepter }

func (d door) hear(ctx context.Context, heard mentions.Heard) error {
	item, err := mentions.Item(heard)
	if err != nil {
		return err
	}
	_, err = d.Accept(ctx, []string{item.ID}, item)
	return err
}

func (d door) observe(ctx context.Context, seen rivals.Seen) error {
	item, err := rivals.Item(seen)
	if err != nil {
		return err
	}
	_, err = d.Accept(ctx, []string{item.ID}, item)
	return err
}

func feedsOf(c *config.Config) map[string]config.Feed {
	all := map[string]config.Feed{}
	for _, f := range c.Feeds {
		all["feed-"+f.Brand+"-"+f.Name] = f
	}
	return all
}

func reposOf(c *config.Config) map[string]config.GitHub {
	all := map[string]config.GitHub{}
	for _, g := range c.GitHub {
		all["github-"+g.Brand+"-"+g.Name] = g
	}
	return all
}

// pollsOf are the polls of the brands' own sources. What is read may be a secret,
// so what is kept of it is its digest: enough to begin anew when it changes.
func pollsOf(c *config.Config) []poll.Poll {
	var all []poll.Poll
	for id, f := range feedsOf(c) {
		all = append(all, poll.Poll{ID: id, Brand: f.Brand, Subject: f.Name, Name: f.Name, Address: f.URL.Reveal()})
	}
	for id, g := range reposOf(c) {
		all = append(all, poll.Poll{ID: id, Brand: g.Brand, Subject: g.Name, Name: github.Network + " (" + g.Name + ")",
			Address: fmt.Sprintf("%q %q %q", g.APIURL, g.Repos, g.Query)})
	}
	for i := range all {
		sum := sha256.Sum256([]byte(all[i].Address))
		all[i].What, all[i].Address = heardFrom, "sha256:"+hex.EncodeToString(sum[:])
	}
	return all
}

// follow sets what the configuration names to be read: the brand's sources and
// its competitors. Sources that are no longer named are not read any more;
// competitors stay until somebody takes them off, since people add them too.
func follow(ctx context.Context, store state.Store, c *config.Config, now time.Time) error {
	named := pollsOf(c)
	watched := &rivals.Engine{Space: c.Space}
	_, err := state.Do(ctx, store, fmt.Sprint("follow:", now.UnixNano()), now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			for _, b := range c.Space.Brands {
				if err := unfollow(ctx, tx, b, named); err != nil {
					return nil, err
				}
				if err := followRivals(ctx, tx, watched, b); err != nil {
					return nil, err
				}
			}
			for _, p := range named {
				if err := poll.Begin(ctx, tx, p); err != nil {
					return nil, fmt.Errorf("follow %s: %w", p.ID, err)
				}
			}
			return nil, nil
		})
	if err != nil {
		return fmt.Errorf("follow what is configured: %w", err)
	}
	return nil
}

// followRivals follows those of the configuration that are not followed yet, so
// that a restart leaves no trace.
func followRivals(ctx context.Context, tx *state.Tx, watched *rivals.Engine, b *brand.Brand) error {
	known, err := watched.All(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	for _, rival := range b.Rivals {
		for _, address := range rival.Feeds {
			if slices.ContainsFunc(known, func(r rivals.Rival) bool { return r.Address == address && r.Name == rival.Name }) {
				continue
			}
			if _, err := watched.Follow(ctx, tx, b, "", address, rival.Name); err != nil {
				return fmt.Errorf("follow %s: %w", rival.ID, err)
			}
		}
	}
	return nil
}

func unfollow(ctx context.Context, tx *state.Tx, b *brand.Brand, named []poll.Poll) error {
	read, err := poll.All(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	for _, p := range read {
		if p.What == heardFrom && !slices.ContainsFunc(named, func(n poll.Poll) bool { return n.ID == p.ID }) {
			if err := poll.End(ctx, tx, p.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
