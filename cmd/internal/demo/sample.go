package demo

import (
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
	When    string `json:"when"` // a part, below
	Network string `json:"network"`
	Author  string `json:"author"`
	Text    string `json:"text"`
	Lang    string `json:"lang"`
	// Kind is what a person would call it: a mentions.Kind, or "none" for what is
	// not about the brand or is its own. Private and Critical say that it holds
	// personal data, or must not wait.
	Kind     string `json:"kind"`
	Private  bool   `json:"private,omitempty"`
	Critical bool   `json:"critical,omitempty"`
	// Of what was said before the day: how many days before, at which time, and
	// how many minutes later it was answered; 0 still waits.
	Ago  int    `json:"ago,omitempty"`
	At   string `json:"at,omitempty"`
	Wait int    `json:"wait,omitempty"`
}

// The parts of the sample.
const (
	before  = "yesterday" // the days before, all answered
	morning = "morning"   // the evening before: it waits for the first round
	stormy  = "storm"     // the early afternoon
	nightly = "night"
	anytime = "day" // for who explores
)

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

// said is when a mention of the days before was said; day is the day of the
// demo.
func (s sampled) said(day time.Time) (time.Time, error) {
	clock, err := time.Parse("15:04", s.At)
	if err != nil {
		return time.Time{}, fmt.Errorf("time of mention %s: %w", s.ID, err)
	}
	return time.Date(day.Year(), day.Month(), day.Day()-s.Ago, clock.Hour(), clock.Minute(), 0, 0, day.Location()), nil
}
