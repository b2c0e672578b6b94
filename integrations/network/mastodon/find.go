package mastodon

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	gomastodon "github.com/mattn/go-mastodon"

	"crieur/bot/content"
	"crieur/bot/outbox"
)

const (
	// Settle is how long after an attempt a status that is not listed may still
	// appear: an instance gives up on a request after 15 s.
	Settle = 15 * time.Second
	// findAge is how far back statuses are looked at when the first attempt is not
	// known: a text that returns every week must not be taken for the one that
	// was just sent. clockSkew is for an instance whose clock is behind.
	findAge   = 24 * time.Hour
	clockSkew = 10 * time.Minute
	// pageSize and maxPages bound the reading.
	pageSize = 40
	maxPages = 5
)

// attempt is what this process knows of the attempts at an order.
type attempt struct {
	first time.Time // zero: made by another process
	last  time.Time
}

// note remembers an attempt that is about to be made, or that somebody else
// made and now asks about, and forgets those of the day before.
func (p *Publisher) note(key string, publishing bool) attempt {
	now := p.config.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.attempts, func(_ string, a attempt) bool { return now.Sub(a.last) > findAge })
	known, seen := p.attempts[key]
	if publishing && !seen {
		known.first = now
	}
	if publishing || !seen {
		known.last = now
	}
	p.attempts[key] = known
	return known
}

// Find looks among the account's own statuses for the order: same texts, each
// in answer to the one before. It writes nothing, so it is safe while posts are
// paused and on servers that ignore the Idempotency-Key. Found false means that
// it is surely not there, or only the start of a thread that Publish goes on
// with; while the instance may still be at it, that is an Ambiguous error.
func (p *Publisher) Find(ctx context.Context, order content.Order) (live content.Live, found bool, err error) {
	known := p.note(order.Key, false)
	live, err = p.progress(ctx, order, known)
	switch {
	case err != nil:
		return live, false, fmt.Errorf("find %s: %w", order.Key, err)
	case len(live.Refs) > 0 && len(live.Refs) == len(order.Part.Posts):
		return live, true, nil
	case p.config.Now().Sub(known.last) < Settle:
		return live, false, fmt.Errorf("find %s: %w", order.Key, p.ambiguous(errors.New("not listed yet")))
	}
	return live, false, nil
}

// progress returns how much of an order is public: its first posts, in order.
func (p *Publisher) progress(ctx context.Context, order content.Order, known attempt) (content.Live, error) {
	since := p.config.Now().Add(-findAge)
	// Another process may have begun a thread and given up half way; a single
	// status is surely not there when an attempt is called the first.
	if len(order.Part.Posts) == 1 && !known.first.IsZero() {
		since = known.first.Add(-clockSkew)
	}
	statuses, err := p.own(ctx, since)
	if err != nil {
		return content.Live{}, err
	}
	var live content.Live
	parent := order.Part.ReplyTo
	for _, text := range order.Part.Posts {
		status, err := p.matching(ctx, statuses, text, parent)
		if err != nil || status == nil {
			return live, err
		}
		live = add(live, status)
		parent = string(status.ID)
	}
	return live, nil
}

// own returns the account's statuses since a time, newest first. If they cannot
// all be read, nothing can be said of what is missing: an Ambiguous error.
func (p *Publisher) own(ctx context.Context, since time.Time) ([]*gomastodon.Status, error) {
	account, err := p.self(ctx)
	if err != nil {
		return nil, err
	}
	var all []*gomastodon.Status
	page := &gomastodon.Pagination{Limit: pageSize}
	for range maxPages {
		statuses, err := p.client.GetAccountStatusesParams(ctx, account, url.Values{"exclude_reblogs": {"true"}}, page)
		if err != nil {
			return nil, p.http.Clean(err)
		}
		if len(statuses) == 0 {
			return all, nil
		}
		for _, status := range statuses {
			if !status.CreatedAt.Before(since) {
				all = append(all, status)
			}
		}
		last := statuses[len(statuses)-1]
		if last.CreatedAt.Before(since) {
			return all, nil
		}
		page = &gomastodon.Pagination{Limit: pageSize, MaxID: last.ID}
	}
	return nil, p.ambiguous(errors.New("too many statuses to look through"))
}

// matching returns the status that says the text in answer to the parent, or
// nil. What a status shows is HTML, with links and mentions written otherwise;
// its source is what was sent.
func (p *Publisher) matching(ctx context.Context, statuses []*gomastodon.Status, text, parent string) (*gomastodon.Status, error) {
	for _, status := range statuses {
		if replied, _ := status.InReplyToID.(string); replied != parent {
			continue
		}
		source, err := p.client.GetStatusSource(ctx, status.ID)
		if err != nil {
			return nil, p.http.Clean(err)
		}
		if strings.TrimSpace(source.Text) == strings.TrimSpace(text) {
			return status, nil
		}
	}
	return nil, nil
}

func (p *Publisher) ambiguous(err error) error {
	return &outbox.Error{Fault: outbox.Ambiguous, Reason: "network.unanswered", Args: map[string]string{"Name": p.config.Name}, Err: err}
}

// self returns the id of the token's account; it is asked once.
func (p *Publisher) self(ctx context.Context) (gomastodon.ID, error) {
	p.mu.Lock()
	account := p.account
	p.mu.Unlock()
	if account != "" {
		return account, nil
	}
	return p.askSelf(ctx)
}

func (p *Publisher) askSelf(ctx context.Context) (gomastodon.ID, error) {
	account, err := p.client.GetAccountCurrentUser(ctx)
	if err != nil {
		return "", p.http.Clean(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.account = account.ID
	return account.ID, nil
}
