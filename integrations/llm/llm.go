// Package llm asks a model for other words for a draft: any service that speaks
// OpenAI's protocol, far away or on this machine.
//
// One call is one request. How it failed is an *outbox.Error; a service that asks
// to wait (429) is left alone for that long. Structured output is asked for; where
// a service refuses that, the next request does without. What comes back is text
// of a stranger: it is read strictly, made plain, and judged by its reader
// (commands/drafting). It does not know who asked, nor what becomes of the words.
package llm

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/commands/drafting"
	"crieur/integrations/internal/httpx"
)

// What can be wrong with a service that answers.
var (
	// ErrUnlisted says that the model is not among those that the service lists.
	ErrUnlisted = errors.New("the service does not list this model")
	// ErrAnswer says that an answer is not what was asked for.
	ErrAnswer = errors.New("not the answer that was asked for")
	// ErrResting says that the service asked to be left alone for now.
	ErrResting = errors.New("the service asked to wait")
)

// maxBody is how many bytes of an answer are read: many times the longest texts.
const maxBody = 512 << 10

// Config is a service and one of its models.
type Config struct {
	BaseURL string // with or without /v1 at its end
	Name    string // of the model
	Key     secret.Secret
	// Allow are addresses that may be called beside public and private ones.
	Allow []netip.Prefix
	Now   func() time.Time // nil: the machine's
}

// Client asks one model. It is safe for concurrent use.
type Client struct {
	config Config
	http   *httpx.Client
	api    *openai.Client

	mu      sync.Mutex
	rest    time.Time // until which the service is left alone
	refuses bool      // it takes no schema
}

// New returns a client; nothing is called yet.
func New(config Config) *Client {
	if config.Now == nil {
		config.Now = time.Now
	}
	c := &Client{config: config, http: httpx.New(httpx.Options{Room: "network", Timeout: drafting.WriteWithin, MaxBody: maxBody,
		Allow: append(private(), config.Allow...), Ports: httpx.PortOf(config.BaseURL), Now: config.Now})}
	to := openai.DefaultConfig(config.Key.Reveal())
	to.BaseURL = strings.TrimSuffix(config.BaseURL, "/")
	if !strings.HasSuffix(to.BaseURL, "/v1") {
		to.BaseURL += "/v1"
	}
	to.HTTPClient = c.http.Library()
	c.api = openai.NewClientWithConfig(to)
	return c
}

// private are the networks in which people run a model of their own: it is the
// operator who wrote the address.
func private() []netip.Prefix {
	return append(httpx.Loopback(), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
		netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fc00::/7"))
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.Close() }

// Write implements drafting.Writer.
func (c *Client) Write(ctx context.Context, b drafting.Brief) (map[string]string, error) {
	if err := c.resting(); err != nil {
		return nil, err
	}
	asked, err := messages(b)
	if err != nil {
		return nil, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	request := openai.ChatCompletionRequest{Model: c.config.Name, Messages: asked}
	shaped := !c.shapeless()
	if shaped {
		request.ResponseFormat = format(b)
	}
	response, err := c.api.CreateChatCompletion(ctx, request)
	if err != nil {
		return nil, c.failed(err, shaped)
	}
	texts, err := read(response, b)
	if err != nil { // another try may do better
		return nil, &outbox.Error{Fault: outbox.Temporary, Reason: "network.unanswered", Err: err}
	}
	return texts, nil
}

// read is what the service answered, if it is whole.
func read(response openai.ChatCompletionResponse, b drafting.Brief) (map[string]string, error) {
	if len(response.Choices) != 1 {
		return nil, fmt.Errorf("%w: %d choices", ErrAnswer, len(response.Choices))
	}
	choice := response.Choices[0]
	if reason := choice.FinishReason; reason != openai.FinishReasonStop {
		return nil, fmt.Errorf("%w: it ended by %q", ErrAnswer, reason)
	}
	return Parse(choice.Message.Content, b.Originals)
}

// Check asks the service for its models, for the doctor. ErrUnlisted means that
// it answers, and may still know the model.
func (c *Client) Check(ctx context.Context) error {
	list, err := c.api.ListModels(ctx)
	if err != nil {
		failed := c.failed(err, false)
		if errors.Is(failed, outbox.ErrGone) {
			return ErrUnlisted
		}
		return failed
	}
	if !slices.ContainsFunc(list.Models, func(m openai.Model) bool { return m.ID == c.config.Name }) {
		return ErrUnlisted
	}
	return nil
}

// failed is how a call ended, without our key in it, and what follows from it for
// the next one.
func (c *Client) failed(err error, shaped bool) error {
	var known *outbox.Error
	if !errors.As(c.http.Clean(err), &known) {
		known = &outbox.Error{Fault: outbox.Ambiguous, Reason: "network.unanswered", Err: err}
	}
	e := *known
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case e.Fault == outbox.Limited:
		c.rest = c.config.Now().Add(e.After)
	case e.Reason == "network.rejected" && shaped: // it may be the schema: asked again without
		c.refuses, e.Fault = true, outbox.Temporary
	case e.Reason == "network.rejected":
		c.refuses = false // it was not
	}
	if key := c.config.Key.Reveal(); key != "" && strings.Contains(e.Error(), key) { // a service may repeat it
		e.Err = errors.New(strings.ReplaceAll(e.Err.Error(), key, secret.Mark))
		delete(e.Args, "Why")
	}
	return &e
}

func (c *Client) shapeless() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refuses
}

// resting says how long the service asked to be left alone.
func (c *Client) resting() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if left := c.rest.Sub(c.config.Now()); left > 0 {
		return &outbox.Error{Fault: outbox.Limited, After: left, Reason: "network.limited", Err: ErrResting}
	}
	return nil
}
