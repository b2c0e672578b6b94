package app

import (
	"context"

	"crieur/bot/state"
	"crieur/bot/team"
)

// current is a Backend whose commits that change the team are known at once to
// the process that made them.
type current struct {
	Backend
	team *team.Directory
}

// Commit implements state.Store. When what was done cannot be read back at
// once, the next look of team.Follow finds it.
func (c current) Commit(ctx context.Context, step state.Commit) (state.Outcome, error) {
	outcome, err := c.Backend.Commit(ctx, step)
	if err == nil && team.Changes(step) {
		_ = c.team.Refresh(ctx)
	}
	return outcome, err
}
