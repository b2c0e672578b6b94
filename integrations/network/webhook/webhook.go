// Package webhook hands a publication to a program of the operator: one signed
// POST for each order.
//
// What the receiver gets: the headers of package sign (Crieur-Timestamp,
// Crieur-Signature), Idempotency-Key (the same for every attempt at one order),
// Crieur-Event ("publish", or "ping" from the doctor, which must be answered
// 2xx and publish nothing), and a Message as JSON. What it answers: 2xx means
// done, with an optional {"id","url"} of what was made; the same key again is
// answered the same and done once. 4xx means refused, 429 and 503 with
// Retry-After are obeyed, any other answer or none leaves the outcome unknown
// and a person is asked. Redirects are not followed. It does not know what is
// behind the address.
package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"crieur/bot/content"
	"crieur/bot/secret"
	"crieur/integrations/internal/attach"
	"crieur/integrations/internal/httpx"
	"crieur/integrations/internal/sign"
)

// Network is the name of this kind of account in the configuration.
const Network = "webhook"

const (
	// EventHeader says what is asked: Publish or Ping.
	EventHeader = "Crieur-Event"
	Publish     = "publish"
	Ping        = "ping"
	// KeyHeader is the same for every attempt at one order.
	KeyHeader = "Idempotency-Key"

	maxAnswer = 64 << 10
)

// Config is one receiver.
type Config struct {
	URL string
	// Key signs; without it nothing is sent.
	Key secret.Secret
	// Name is what people call the place ("Intranet"); empty means the host.
	Name string
	// Allow are addresses outside the public internet that may be called.
	Allow []netip.Prefix
	Now   func() time.Time
	// Files opens the pictures of posts; nil if there are none.
	Files attach.Files
}

// maxPictures is how many pictures a message carries.
const maxPictures = 4

// Picture is a picture with its bytes, in base64.
type Picture struct {
	content.Media
	Data []byte `json:"data"`
}

// Message is the body of a publish event.
type Message struct {
	Key         string    `json:"key"`
	Fingerprint string    `json:"fingerprint"`
	Account     string    `json:"account"`
	Posts       []string  `json:"posts"`
	Media       []Picture `json:"media,omitempty"`
	Link        string    `json:"link,omitempty"`
	Lang        string    `json:"lang,omitempty"`
	ReplyTo     string    `json:"reply_to,omitempty"`
}

// Publisher sends to one receiver. It is safe for concurrent use.
type Publisher struct {
	config Config
	http   *httpx.Client
}

// New returns a publisher; nothing is called yet.
func New(config Config) *Publisher {
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Publisher{config: config, http: httpx.New(httpx.Options{Room: "network", Name: config.Name, Allow: config.Allow,
		Ports: httpx.PortOf(config.URL), MaxBody: maxAnswer, Now: config.Now})}
}

// Network returns "webhook".
func (p *Publisher) Network() string { return Network }

// Close lets go of idle connections.
func (p *Publisher) Close() { p.http.Close() }

// Publish sends the order once. Without an id in the answer, the order's key
// stands for what was made.
func (p *Publisher) Publish(ctx context.Context, order content.Order) (content.Live, error) {
	if err := order.Check(); err != nil {
		return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, attach.Refuse("changed", p.name(), err))
	}
	part := order.Part
	pictures, err := p.pictures(ctx, part.Media)
	if err != nil {
		return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, err)
	}
	body, err := json.Marshal(Message{Key: order.Key, Fingerprint: order.Fingerprint, Account: part.Account, Posts: part.Posts,
		Media: pictures, Link: part.Link, Lang: part.Lang, ReplyTo: part.ReplyTo})
	if err != nil {
		return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, attach.Refuse("rejected", p.name(), err))
	}
	answer, err := p.send(ctx, Publish, order.Key, body)
	if err != nil {
		return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, err)
	}
	return live(order.Key, answer.Body), nil
}

func (p *Publisher) pictures(ctx context.Context, media []content.Media) ([]Picture, error) {
	limits := attach.Limits{Name: p.name(), Count: maxPictures, Bytes: content.MaxFile}
	if err := attach.Check(media, limits); err != nil {
		return nil, err
	}
	var pictures []Picture
	for _, m := range media {
		data, err := attach.Read(ctx, p.config.Files, m, limits)
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, Picture{m, data})
	}
	return pictures, nil
}

// Check sends a ping.
func (p *Publisher) Check(ctx context.Context) error {
	if _, err := p.send(ctx, Ping, "", []byte("{}")); err != nil {
		return fmt.Errorf("check %s: %w", p.name(), err)
	}
	return nil
}

// Event sends another event than these two; key is the same for every attempt at
// it. The receiver answers 2xx once it has it.
func (p *Publisher) Event(ctx context.Context, event, key string, body []byte) error {
	if _, err := p.send(ctx, event, key, body); err != nil {
		return fmt.Errorf("send %s %s: %w", event, key, err)
	}
	return nil
}

func (p *Publisher) send(ctx context.Context, event, key string, body []byte) (httpx.Answer, error) {
	if p.config.Key == "" {
		return httpx.Answer{}, attach.Refuse("no_key", p.name(), errors.New("no key to sign with"))
	}
	req, err := p.http.Request(ctx, http.MethodPost, p.config.URL, bytes.NewReader(body))
	if err != nil {
		return httpx.Answer{}, err
	}
	timestamp, signature := sign.Body(p.config.Key, body, p.config.Now())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(sign.TimestampHeader, timestamp)
	req.Header.Set(sign.SignatureHeader, signature)
	req.Header.Set(EventHeader, event)
	if key != "" {
		req.Header.Set(KeyHeader, key)
	}
	return p.http.Do(req)
}

// live reads the optional answer. It was accepted, so what cannot be read is
// left out, and an address that is not a web address is not shown to anybody.
func live(key string, body []byte) content.Live {
	var made struct {
		ID  string `json:"id"`
		URL string `json:"url"`
	}
	result := content.Live{Ref: key}
	if json.Unmarshal(body, &made) != nil {
		return result
	}
	if made.ID != "" {
		result.Ref = made.ID
	}
	if u, err := url.Parse(made.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		result.URL = made.URL
	}
	return result
}

func (p *Publisher) name() string {
	if p.config.Name != "" {
		return p.config.Name
	}
	if u, err := url.Parse(p.config.URL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return Network
}
