package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"crieur/bot/state"
	"crieur/commands/mentions"
)

// past is one thing that happened before the day: a mention came in, or somebody
// answered it.
type past struct {
	at   time.Time
	said sampled
	done bool
}

// relive puts the days before through the bot's own engine, each thing at its
// time, before the bot is started: what is usual, what yesterday was, what still
// waits. Nothing of it rings any more.
func (d *Demo) relive(ctx context.Context) error {
	events, err := history(d.sample, dayStart(d.space.Brands[0].Zone))
	if err != nil {
		return err
	}
	for _, e := range events {
		happen, cause := d.heard(e), "heard"
		if e.done {
			happen, cause = d.answered(e), "answered"
		}
		_, err := state.Do(ctx, d.store(), "past:"+cause+":"+e.said.ID, e.at, nil,
			func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, happen(ctx, tx) })
		if err != nil {
			return fmt.Errorf("relive %s: %w", e.said.ID, err)
		}
	}
	return nil
}

// history is what happened before the day, in its order.
func history(sample []sampled, day time.Time) ([]past, error) {
	var events []past
	for _, s := range slices.Concat(between(sample, before), between(sample, morning)) {
		at, err := s.said(day)
		if err != nil {
			return nil, err
		}
		events = append(events, past{at: at, said: s})
		if s.Wait > 0 {
			events = append(events, past{at: at.Add(time.Duration(s.Wait) * time.Minute), said: s, done: true})
		}
	}
	slices.SortStableFunc(events, func(a, b past) int { return a.at.Compare(b.at) })
	return events, nil
}

func (d *Demo) heard(e past) func(context.Context, *state.Tx) error {
	return func(ctx context.Context, tx *state.Tx) error {
		return d.app().Heard.Hear(ctx, tx, mentions.Heard{Brand: d.space.Brands[0].ID, Mention: e.said.mention(e.at)})
	}
}

func (d *Demo) answered(e past) func(context.Context, *state.Tx) error {
	return func(ctx context.Context, tx *state.Tx) error {
		waiting, err := d.app().Heard.Waiting(ctx, tx, d.space.Brands[0].ID, 100)
		if err != nil {
			return err
		}
		for _, c := range waiting {
			if c.Author == e.said.Author && c.Network == e.said.Network {
				_, err := d.app().Heard.Finish(ctx, tx, c.ID, responder, outcomeOf(e.said.Kind), "")
				return err
			}
		}
		return fmt.Errorf("no conversation with %s waits", e.said.Author)
	}
}

// outcomeOf is how the team of the sample ends a conversation of a kind.
func outcomeOf(kind string) mentions.Outcome {
	switch mentions.Kind(kind) {
	case mentions.Thanks:
		return mentions.Liked
	case mentions.Other:
		return mentions.Nothing
	}
	return mentions.Replied
}
