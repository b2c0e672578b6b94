package demo

import (
	"context"
	"slices"
	"time"

	"crieur/approvals"
	"crieur/bot/state"
	"crieur/commands/calendar"
	"crieur/commands/drafting"
	"crieur/integrations/chat/console"
)

// step is one step of the day: it ends when its button is clicked or when what
// it asks for has happened.
type step struct {
	// key names the step's sentence in the catalog, "demo.step.<key>".
	key string
	// label is the catalog key of the main button, empty for none; act is what
	// it does before the next step begins.
	label string
	act   func(d *Demo, ctx context.Context) error
	// person and pane are where the button takes the viewer.
	person, pane string
	// point is where the next click is, when there is no button or beside it.
	point *console.Point
	// done says that what the step asks for has happened.
	done func(ctx context.Context, d *Demo, tx *state.Tx) (bool, error)
	lamp console.Lamp
}

// steps are the day, 8:45 to the next morning.
func steps() []step {
	on := console.LampOn
	direct := console.Direct
	return []step{
		{key: "brief", point: &console.Point{Pane: comCh, Action: "round.start"}, done: roundStarted, lamp: on},
		{key: "round", point: &console.Point{Pane: direct, Action: "case.reply"}, done: roundOver, lamp: on},
		{key: "draft", label: "demo.button.draft", act: (*Demo).writeDraft, person: author, pane: direct, lamp: on},
		{key: "traps", point: &console.Point{Pane: direct, Action: "draft.fix"}, done: draftFixed, lamp: on},
		{key: "send", point: &console.Point{Pane: direct, Action: "draft.send"}, done: requestIs(approvals.Open), lamp: on},
		{key: "own", label: "demo.button.manager", person: manager, pane: comCh,
			point: &console.Point{Pane: comCh, Action: "review.approve"}, lamp: on},
		{key: "approve", point: &console.Point{Pane: comCh, Action: "review.approve"}, done: requestIs(approvals.Approved), lamp: on},
		{key: "leave", label: "demo.button.minute", act: (*Demo).minute, person: manager, pane: console.Outside, lamp: on},
		{key: "outside", label: "demo.button.storm", act: (*Demo).storm, person: author, pane: alertsCh, lamp: on},
		{key: "storm", label: "demo.button.handover", act: (*Demo).handover, person: author, pane: alertsCh, lamp: on},
		{key: "handover", label: "demo.button.night", act: (*Demo).night, person: author, pane: comCh, lamp: console.LampOut},
		{key: "dawn", label: "demo.button.dawn", act: (*Demo).dawn, person: author, pane: comCh, lamp: console.LampOut},
		{key: "end", lamp: on},
	}
}

func roundStarted(ctx context.Context, d *Demo, tx *state.Tx) (bool, error) {
	_, found, err := d.app().Heard.RoundOf(ctx, tx, author)
	return found, err
}

func roundOver(ctx context.Context, d *Demo, tx *state.Tx) (bool, error) {
	round, found, err := d.app().Heard.RoundOf(ctx, tx, author)
	return found && round.Current() == "", err
}

// newest is the author's newest draft.
func newest(ctx context.Context, d *Demo, tx *state.Tx) (drafting.Draft, bool, error) {
	mine, err := d.app().Drafts.Mine(ctx, tx, author, 1)
	if err != nil || len(mine) == 0 {
		return drafting.Draft{}, false, err
	}
	return mine[0], true, nil
}

func draftFixed(ctx context.Context, d *Demo, tx *state.Tx) (bool, error) {
	draft, found, err := newest(ctx, d, tx)
	return found && d.app().Drafts.Checks.Run(d.space.Brands[0], draft).Errors() == 0, err
}

// requestIs says whether the newest draft's request stands at a stage, or past
// it.
func requestIs(stage approvals.Stage) func(context.Context, *Demo, *state.Tx) (bool, error) {
	return func(ctx context.Context, d *Demo, tx *state.Tx) (bool, error) {
		draft, found, err := newest(ctx, d, tx)
		if err != nil || !found {
			return false, err
		}
		r, asked, err := approvals.Table.Get(ctx, tx, draft.ID)
		return asked && (r.Stage == stage || r.Stage == approvals.Approved), err
	}
}

// minute lets the minute pass in which a post can be cancelled, and waits until
// it is outside.
func (d *Demo) minute(ctx context.Context) error {
	d.Clock.Move(d.Clock.Now().Add(calendar.UndoFor + time.Second))
	return d.until(ctx, func(ctx context.Context, tx *state.Tx) (bool, error) {
		draft, found, err := newest(ctx, d, tx)
		if err != nil || !found {
			return false, err
		}
		all, err := d.app().Posts.Of(ctx, tx, draft.ID)
		return len(all) > 0 && !slices.ContainsFunc(all, leaving), err
	})
}
