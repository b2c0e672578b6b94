// Package bluesky publishes on Bluesky through the few XRPC calls that this
// takes: a session, putRecord with a key chosen from the order, uploadBlob.
//
// A record is only ever created (swapRecord null): repeating an order finds
// what is there and changes nothing, however long ago it was, so a thread that
// broke off is continued by asking again. Only the configured service is
// called. Limits are those of app.bsky.feed.post: 300 graphemes and 3,000
// bytes, 4 images of 1,000,000 bytes. Facts: networks.md "Bluesky". It does not
// decide what is published nor when, and it makes no link card: nothing is
// added to what was approved.
package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/integrations/internal/attach"
	"crieur/integrations/internal/httpx"
)

// Network is the name of this kind of account in the configuration.
const Network = "bluesky"

const (
	collection = "app.bsky.feed.post"

	// MaxGraphemes and MaxBytes bound one post; both hold.
	MaxGraphemes = 300
	MaxBytes     = 3000
	// MaxImages and MaxImageBytes bound its images.
	MaxImages     = 4
	MaxImageBytes = 1_000_000
)

// Config is one account.
type Config struct {
	// Service is the address of the account's server; empty means https://bsky.social.
	Service string
	// Handle is the account ("colibri.bsky.social"); Password an app password.
	Handle   string
	Password secret.Secret
	// Web is where people read posts; empty means https://bsky.app.
	Web string
	// Name is what people call it; empty means "Bluesky".
	Name string
	// Files opens the media of posts; nil if there are none.
	Files attach.Files
	// Allow are addresses outside the public internet that may be called.
	Allow []netip.Prefix
	Now   func() time.Time
}

// Publisher publishes for one account. It is safe for concurrent use.
type Publisher struct {
	config Config
	http   *httpx.Client

	uploads attach.Uploads

	mu      sync.Mutex // held while a session is opened or renewed
	session session
}

// New returns a publisher; nothing is called yet.
func New(config Config) *Publisher {
	for field, usual := range map[*string]string{&config.Service: "https://bsky.social", &config.Web: "https://bsky.app", &config.Name: "Bluesky"} {
		if *field == "" {
			*field = usual
		}
		*field = strings.TrimSuffix(*field, "/")
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Publisher{config: config, http: httpx.New(httpx.Options{Room: "network", Name: config.Name,
		Allow: config.Allow, Ports: httpx.PortOf(config.Service), Now: config.Now})}
}

// Network returns "bluesky".
func (p *Publisher) Network() string { return Network }

// Close lets go of idle connections.
func (p *Publisher) Close() { p.http.Close() }

// Publish makes the order's posts; those that are already there stay as they
// are. A thread that breaks off comes back with what is public; asking again
// makes the rest.
func (p *Publisher) Publish(ctx context.Context, order content.Order) (content.Live, error) {
	if err := p.check(order); err != nil {
		return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, err)
	}
	reply, err := p.replyTo(ctx, order.Part.ReplyTo)
	if err != nil {
		return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, err)
	}
	var live content.Live
	for i, text := range order.Part.Posts {
		made, err := p.publishOne(ctx, order, i, text, reply)
		if err != nil {
			return live, fmt.Errorf("publish %s: %w", order.Key, p.partial(err, i, len(order.Part.Posts)))
		}
		live = p.add(live, made)
		if reply == nil {
			reply = &replyRefs{Root: made}
		}
		reply = &replyRefs{Root: reply.Root, Parent: made}
	}
	return live, nil
}

func (p *Publisher) publishOne(ctx context.Context, order content.Order, n int, text string, reply *replyRefs) (ref, error) {
	rkey := RecordKey(order.Key, n)
	there, found, err := p.get(ctx, p.self(), rkey)
	if err != nil {
		return ref{}, err
	}
	if found {
		return p.same(there, text)
	}
	post, err := p.post(ctx, order.Part, n, text, reply)
	if err != nil {
		return ref{}, err
	}
	var made ref
	err = p.call(ctx, procedure("com.atproto.repo.putRecord", map[string]any{
		"repo": p.self(), "collection": collection, "rkey": rkey, "record": post, "swapRecord": nil}), &made)
	var x *xrpcError
	if errors.As(err, &x) && x.Name == "InvalidSwap" { // an earlier call arrived meanwhile
		if there, found, err = p.get(ctx, p.self(), rkey); err == nil && found {
			return p.same(there, text)
		}
	}
	if err == nil && made.URI == "" {
		err = &outbox.Error{Fault: outbox.Ambiguous, Reason: "network.unanswered", Args: p.args(), Err: errors.New("answer without an address")}
	}
	return made, err
}

// same returns the record that is there if it says the text.
func (p *Publisher) same(there record, text string) (ref, error) {
	if there.Value.Text != text {
		return ref{}, attach.Refuse("changed", p.config.Name, fmt.Errorf("%s says something else", there.URI))
	}
	return there.ref, nil
}

// partial says of a refusal after the first post that some of it is public.
// What is not a refusal stays as it is: asking again goes on with the thread.
func (p *Publisher) partial(err error, done, total int) error {
	fault := outbox.FaultOf(err)
	if done == 0 || (fault != outbox.Rejected && fault != outbox.Denied && fault != outbox.Gone) {
		return err
	}
	args := p.args()
	args["Done"], args["Total"] = strconv.Itoa(done), strconv.Itoa(total)
	return &outbox.Error{Fault: fault, Reason: "network.partial", Err: err, Args: args}
}

// Find asks whether the order is there: all its posts with their texts. It
// writes nothing. A part of a thread is not found; Publish completes it.
func (p *Publisher) Find(ctx context.Context, order content.Order) (live content.Live, found bool, err error) {
	if err := p.signIn(ctx); err != nil {
		return content.Live{}, false, fmt.Errorf("find %s: %w", order.Key, err)
	}
	for i, text := range order.Part.Posts {
		there, found, err := p.get(ctx, p.self(), RecordKey(order.Key, i))
		if err != nil {
			return live, false, fmt.Errorf("find %s: %w", order.Key, err)
		}
		if !found {
			return live, false, nil
		}
		made, err := p.same(there, text)
		if err != nil {
			return live, false, fmt.Errorf("find %s: %w", order.Key, err)
		}
		live = p.add(live, made)
	}
	return live, len(live.Refs) > 0, nil
}

// Delete removes what was published, last first; what is already gone is fine.
func (p *Publisher) Delete(ctx context.Context, live content.Live) error {
	refs := live.Refs
	if len(refs) == 0 {
		refs = []string{live.Ref}
	}
	for i := len(refs) - 1; i >= 0; i-- {
		repo, rkey, ok := parseURI(refs[i])
		if !ok {
			return fmt.Errorf("delete: %w", attach.Refuse("gone", p.config.Name, fmt.Errorf("not a post: %.80q", refs[i])))
		}
		err := p.call(ctx, procedure("com.atproto.repo.deleteRecord",
			map[string]any{"repo": repo, "collection": collection, "rkey": rkey}), &json.RawMessage{})
		if err != nil {
			return fmt.Errorf("delete %s: %w", refs[i], err)
		}
	}
	return nil
}

// Check opens or renews the session and asks who we are.
func (p *Publisher) Check(ctx context.Context) error {
	var who session
	if err := p.call(ctx, query("com.atproto.server.getSession", nil), &who); err != nil {
		return fmt.Errorf("check %s: %w", p.config.Name, err)
	}
	return nil
}

func (p *Publisher) add(live content.Live, made ref) content.Live {
	if live.Ref == "" {
		live.Ref = made.URI
		if repo, rkey, ok := parseURI(made.URI); ok {
			live.URL = p.config.Web + "/profile/" + repo + "/post/" + rkey
		}
	}
	live.Refs = append(live.Refs, made.URI)
	return live
}

func (p *Publisher) args() map[string]string { return map[string]string{"Name": p.config.Name} }
