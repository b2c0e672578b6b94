// Package mastodon publishes on Mastodon and on servers that speak its API.
//
// Each status carries an Idempotency-Key made from the order, so that asking
// again within an hour does not post again; servers that ignore the key
// (GoToSocial) are the reason why Find only reads. Limits come from the
// instance. Facts: networks.md "Mastodon" and "After a timeout". It does not
// decide what is published nor when.
package mastodon

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"sync"
	"time"

	gomastodon "github.com/mattn/go-mastodon"

	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/integrations/internal/attach"
	"crieur/integrations/internal/httpx"
)

// Network is the name of this kind of account in the configuration.
const Network = "mastodon"

// IdempotencyWindow is how long an instance remembers a key.
const IdempotencyWindow = time.Hour

// Config is one account on one instance.
type Config struct {
	// Instance is its address: "https://mastodon.social".
	Instance string
	// Token is a user token with write:statuses, write:media and read.
	Token secret.Secret
	// Name is what people call it; empty means "Mastodon".
	Name string
	// Files opens the media of posts; nil if there are none.
	Files attach.Files
	// Allow are addresses outside the public internet that may be called.
	Allow []netip.Prefix
	// Now is the clock and Wait pauses; nil means the machine's.
	Now  func() time.Time
	Wait func(context.Context, time.Duration) error
}

// Publisher publishes for one account. It is safe for concurrent use.
type Publisher struct {
	config Config
	http   *httpx.Client
	client *gomastodon.Client

	uploads attach.Uploads

	mu       sync.Mutex
	limits   Limits
	limited  time.Time // when limits were read
	account  gomastodon.ID
	attempts map[string]attempt // by order
}

// New returns a publisher; nothing is called yet.
func New(config Config) *Publisher {
	if config.Name == "" {
		config.Name = "Mastodon"
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Wait == nil {
		config.Wait = wait
	}
	client := httpx.New(httpx.Options{Room: "network", Name: config.Name, Allow: config.Allow,
		Ports: httpx.PortOf(config.Instance), Now: config.Now})
	return &Publisher{config: config, http: client, attempts: map[string]attempt{}, client: &gomastodon.Client{
		Client: *client.Library(),
		Config: &gomastodon.Config{Server: config.Instance, AccessToken: config.Token.Reveal()},
	}}
}

// Network returns "mastodon".
func (p *Publisher) Network() string { return Network }

// Publish posts the order: one status, or a thread in which each answers the
// one before. Everything that the instance would refuse is looked for before
// the first status leaves. A thread that broke off goes on where it stopped:
// what is already public is read first.
func (p *Publisher) Publish(ctx context.Context, order content.Order) (content.Live, error) {
	limits, err := p.check(ctx, order)
	if err != nil {
		return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, err)
	}
	var live content.Live
	if len(order.Part.Posts) > 1 {
		known := p.note(order.Key, true)
		if live, err = p.progress(ctx, order, known); err != nil {
			return live, fmt.Errorf("publish %s: %w", order.Key, notYet(err))
		}
	}
	var media []gomastodon.ID
	if len(live.Refs) == 0 {
		if media, err = p.upload(ctx, order, limits); err != nil {
			return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, err)
		}
	}
	p.note(order.Key, true)
	live, err = p.post(ctx, order, live, media)
	if fault := outbox.FaultOf(err); err == nil || fault == outbox.Rejected {
		p.uploads.Forget(order.Key, order.Part.Media) // used up, or refused with the status
	}
	if err != nil {
		return live, fmt.Errorf("publish %s: %w", order.Key, p.partial(err, len(live.Refs), len(order.Part.Posts)))
	}
	return live, nil
}

// post makes the statuses that live does not have yet.
func (p *Publisher) post(ctx context.Context, order content.Order, live content.Live, media []gomastodon.ID) (content.Live, error) {
	for i := len(live.Refs); i < len(order.Part.Posts); i++ {
		toot := &gomastodon.Toot{Status: order.Part.Posts[i], InReplyToID: gomastodon.ID(order.Part.ReplyTo),
			Language: order.Part.Lang, Visibility: gomastodon.VisibilityPublic}
		if i == 0 {
			toot.MediaIDs = media
		} else {
			toot.InReplyToID = gomastodon.ID(live.Refs[i-1])
		}
		status, err := p.client.PostStatus(httpx.WithHeader(ctx, "Idempotency-Key", Key(order.Key, i)), toot)
		if err != nil {
			return live, p.http.Clean(err)
		}
		if status.ID == "" {
			return live, p.ambiguous(errors.New("answer without an id"))
		}
		live = add(live, status)
	}
	return live, nil
}

// notYet turns the failure of a read before anything was posted into one that
// can simply be tried again.
func notYet(err error) error {
	var e *outbox.Error
	if errors.As(err, &e) {
		return attach.Harmless(e)
	}
	return err
}

// Key is the Idempotency-Key of the n-th status of an order.
func Key(order string, n int) string {
	sum := sha256.Sum256([]byte("mastodon\n" + order + "\n" + strconv.Itoa(n)))
	return hex.EncodeToString(sum[:])
}

func add(live content.Live, status *gomastodon.Status) content.Live {
	if live.Ref == "" {
		live.Ref, live.URL = string(status.ID), status.URL
	}
	live.Refs = append(live.Refs, string(status.ID))
	return live
}

// partial says of a refusal after the first status that some of it is public.
// What is not a refusal stays as it is: asking again goes on with the thread.
func (p *Publisher) partial(err error, done, total int) error {
	fault := outbox.FaultOf(err)
	if done == 0 || (fault != outbox.Rejected && fault != outbox.Denied && fault != outbox.Gone) {
		return err
	}
	return &outbox.Error{Fault: fault, Reason: "network.partial", Err: err,
		Args: map[string]string{"Name": p.config.Name, "Done": strconv.Itoa(done), "Total": strconv.Itoa(total)}}
}

// check refuses what is not what was approved and what the instance would not take.
func (p *Publisher) check(ctx context.Context, order content.Order) (Limits, error) {
	if err := order.Check(); err != nil {
		return Limits{}, attach.Refuse("changed", p.config.Name, err)
	}
	if len(order.Part.Posts) == 0 {
		return Limits{}, attach.Refuse("empty", p.config.Name, errors.New("no text"))
	}
	limits, err := p.Limits(ctx)
	if err != nil {
		return Limits{}, err
	}
	for _, text := range order.Part.Posts {
		if length := limits.Length(text); length > limits.Characters {
			return Limits{}, attach.Refuse("too_long", p.config.Name, fmt.Errorf("%d characters", length),
				"Over", strconv.Itoa(length-limits.Characters), "Max", strconv.Itoa(limits.Characters))
		}
	}
	return limits, attach.Check(order.Part.Media, p.attachLimits(limits))
}

// Delete removes what was published, last first; what is already gone is fine.
func (p *Publisher) Delete(ctx context.Context, live content.Live) error {
	refs := live.Refs
	if len(refs) == 0 {
		refs = []string{live.Ref}
	}
	for i := len(refs) - 1; i >= 0; i-- {
		err := p.http.Clean(p.client.DeleteStatus(ctx, gomastodon.ID(refs[i])))
		if err != nil && !errors.Is(err, outbox.ErrGone) {
			return fmt.Errorf("delete %s: %w", refs[i], err)
		}
	}
	return nil
}

// Check asks the instance whether it is one and whether the token is good.
func (p *Publisher) Check(ctx context.Context) error {
	if _, err := p.readLimits(ctx); err != nil {
		return fmt.Errorf("check %s: %w", p.config.Name, err)
	}
	if _, err := p.askSelf(ctx); err != nil {
		return fmt.Errorf("check %s: %w", p.config.Name, err)
	}
	return nil
}

// Close lets go of idle connections.
func (p *Publisher) Close() { p.http.Close() }

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
