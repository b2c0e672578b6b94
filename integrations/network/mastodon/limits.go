package mastodon

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/text/measure"
	"crieur/integrations/internal/attach"
)

// limitsAge is how long the limits of an instance are believed.
const limitsAge = 6 * time.Hour

// Limits are what the instance takes; those that it does not say are Mastodon's own.
type Limits struct {
	Characters int
	PerURL     int // what any link counts
	Media      int
	Alt        int   // runes of an alternative text
	ImageBytes int64 // of one image
}

// Usual returns the limits of an instance that says nothing.
func Usual() Limits {
	return Limits{Characters: 500, PerURL: 23, Media: 4, Alt: 1500, ImageBytes: 16 << 20}
}

// Limits returns the instance's limits, read at most every few hours; those
// read last stay good while it does not answer.
func (p *Publisher) Limits(ctx context.Context) (Limits, error) {
	p.mu.Lock()
	limits, age := p.limits, p.config.Now().Sub(p.limited)
	known := !p.limited.IsZero()
	p.mu.Unlock()
	if known && age < limitsAge {
		return limits, nil
	}
	fresh, err := p.readLimits(ctx)
	if err != nil && known {
		return limits, nil
	}
	return fresh, err
}

func (p *Publisher) readLimits(ctx context.Context) (Limits, error) {
	req, err := p.http.Request(ctx, http.MethodGet, strings.TrimSuffix(p.config.Instance, "/")+"/api/v2/instance", nil)
	if err != nil {
		return Limits{}, err
	}
	answer, err := p.http.Do(req)
	if err != nil {
		return Limits{}, err
	}
	limits, err := parseLimits(answer.Body)
	if err != nil {
		return Limits{}, &outbox.Error{Fault: outbox.Rejected, Reason: "network.not_mastodon",
			Args: map[string]string{"Name": p.config.Name}, Err: err}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limits, p.limited = limits, p.config.Now()
	return limits, nil
}

// parseLimits reads /api/v2/instance.
func parseLimits(body []byte) (Limits, error) {
	var instance struct {
		Configuration *struct {
			Statuses struct {
				Characters int `json:"max_characters"`
				Media      int `json:"max_media_attachments"`
				PerURL     int `json:"characters_reserved_per_url"`
			} `json:"statuses"`
			Media struct {
				ImageBytes int64 `json:"image_size_limit"`
				Alt        int   `json:"description_limit"`
			} `json:"media_attachments"`
		} `json:"configuration"`
	}
	if err := json.Unmarshal(body, &instance); err != nil || instance.Configuration == nil {
		return Limits{}, fmt.Errorf("read instance: no configuration (%.40q)", body)
	}
	said, usual := instance.Configuration, Usual()
	return Limits{
		Characters: positive(said.Statuses.Characters, usual.Characters),
		PerURL:     positive(said.Statuses.PerURL, usual.PerURL),
		Media:      positive(said.Statuses.Media, usual.Media),
		Alt:        positive(said.Media.Alt, usual.Alt),
		ImageBytes: positive(said.Media.ImageBytes, usual.ImageBytes),
	}, nil
}

func positive[N int | int64](said, usual N) N {
	if said > 0 {
		return said
	}
	return usual
}

// Length counts a text the way the instance does.
func (l Limits) Length(text string) int {
	rules, _ := measure.For(measure.Mastodon, measure.Body)
	rules.Limit, rules.URLLength = l.Characters, l.PerURL
	return measure.Length(text, rules).Length
}

func (p *Publisher) attachLimits(l Limits) attach.Limits {
	return attach.Limits{Name: p.config.Name, Count: l.Media, Alt: l.Alt, Bytes: l.ImageBytes}
}
