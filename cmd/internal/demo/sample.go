package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"crieur/bot/listen"
)

//go:embed sample.json
var sampleData []byte

// sampled is one mention of the sample, written for it: what is said in which
// part of the day. Nobody real is quoted.
type sampled struct {
	ID      string `json:"id"`
	When    string `json:"when"` // "morning", "day", "storm", "night"
	Network string `json:"network"`
	Author  string `json:"author"`
	Text    string `json:"text"`
	Lang    string `json:"lang,omitempty"`
}

func loadSample() ([]sampled, error) {
	var all []sampled
	if err := json.Unmarshal(sampleData, &all); err != nil {
		return nil, fmt.Errorf("read the sample: %w", err)
	}
	return all, nil
}

// between is the part of the sample for a part of the day.
func between(all []sampled, when string) []sampled {
	var some []sampled
	for _, one := range all {
		if one.When == when {
			some = append(some, one)
		}
	}
	return some
}

func (s sampled) mention(at time.Time) listen.Mention {
	return listen.Mention{
		ID: "sample:" + s.ID, Source: "sample", Network: s.Network, Author: s.Author, Text: s.Text, Lang: s.Lang,
		Ref: "sample:" + s.ID, At: at,
	}
}

// morning is what came in before the day began.
func (d *Demo) morning(ctx context.Context) error {
	early := between(d.sample, "morning")
	start := d.Clock.Now()
	for i, one := range early {
		at := start.Add(-time.Duration(len(early)-i) * 3 * time.Minute)
		if err := d.app().Hear(ctx, d.space.Brands[0].ID, one.mention(at)); err != nil {
			return err
		}
	}
	return nil
}
