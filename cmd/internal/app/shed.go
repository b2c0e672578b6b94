package app

import (
	"context"
	"runtime/debug"
	"time"

	"crieur/bot/work"
)

// startTakes is how long it lasts until Slack, Discord and Redis have answered
// for the first time.
const startTakes = 2 * time.Second

// shed gives back the memory that only the start needed.
func (s *Server) shed(ctx context.Context) {
	if !work.Pause(ctx, startTakes) {
		return
	}
	debug.FreeOSMemory()
	if err := shedProgram(); err != nil {
		s.options.Log.Debug("memory of the start kept", "err", err)
	}
}
