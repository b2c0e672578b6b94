package mastodon

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	gomastodon "github.com/mattn/go-mastodon"

	"crieur/bot/content"
)

const (
	// findAge is how far back Find looks: a text that returns every week must not
	// be taken for the one that was just sent.
	findAge = 24 * time.Hour
	// findCount is how many statuses it reads, the most that a page holds.
	findCount = 40
)

// Find looks among the account's own statuses of the last day for the order:
// same text, same parent. It writes nothing, so it is safe while posts are
// paused and on servers that ignore the Idempotency-Key. Found false means that
// the instance does not list it; within IdempotencyWindow of the first attempt,
// Publish may then be called again. Part of a thread is an Ambiguous error.
func (p *Publisher) Find(ctx context.Context, order content.Order) (live content.Live, found bool, err error) {
	p.mu.Lock()
	account := p.account
	p.mu.Unlock()
	if account == "" {
		if account, err = p.self(ctx); err != nil {
			return content.Live{}, false, fmt.Errorf("find %s: %w", order.Key, err)
		}
	}
	params := url.Values{"limit": {fmt.Sprint(findCount)}, "exclude_reblogs": {"true"}}
	statuses, err := p.client.GetAccountStatusesParams(ctx, account, params, nil)
	if err != nil {
		return content.Live{}, false, fmt.Errorf("find %s: %w", order.Key, p.http.Clean(err))
	}
	parent := order.Part.ReplyTo
	for i, text := range order.Part.Posts {
		status, err := p.matching(ctx, statuses, text, parent)
		if err != nil {
			return live, false, fmt.Errorf("find %s: %w", order.Key, err)
		}
		if status == nil {
			if i == 0 {
				return content.Live{}, false, nil
			}
			return live, false, fmt.Errorf("find %s: %w", order.Key, p.partial(fmt.Errorf("status %d is not there", i+1), i, len(order.Part.Posts)))
		}
		live = add(live, status)
		parent = string(status.ID)
	}
	return live, len(live.Refs) > 0, nil
}

// matching returns the status that says the text in answer to the parent, or nil.
func (p *Publisher) matching(ctx context.Context, statuses []*gomastodon.Status, text, parent string) (*gomastodon.Status, error) {
	for _, status := range statuses {
		replied, _ := status.InReplyToID.(string)
		if replied != parent || p.config.Now().Sub(status.CreatedAt) > findAge {
			continue
		}
		// The content is HTML with links and mentions shown otherwise; the source
		// is what was sent.
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
