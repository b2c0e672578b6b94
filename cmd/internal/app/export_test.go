package app

import (
	"context"
	"strconv"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/cmd/internal/config"
	"crieur/commands/drafting"
)

// For tests from outside: what Serve wires by itself.
var (
	ChannelsOf    = channelsOf
	ModelFindings = modelFindings
)

// WriterOf is the configured model; close it after use.
func WriterOf(c *config.Config) (writer drafting.Writer, closes func()) {
	var undo stack
	return writerOf(c, &undo), undo.unwind
}

// Receiving brings what somebody uploaded.
func Receiving(chats map[bot.Platform]bot.Chat, files content.Files) outbox.Sender {
	return &receiving{chats: chats, files: files}
}

// Exercise has a member rung for an exercise by themselves, as the button does.
func (s *Server) Exercise(ctx context.Context, brand, member string) error {
	now, space := s.kept.clock.Now(), s.app.Team.Now()
	_, err := state.Do(ctx, s.kept.store, "exercise:"+strconv.FormatInt(now.UnixNano(), 10), now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			_, err := s.app.drills.Try(ctx, tx, space.Brand(brand), space.Member(member))
			return nil, err
		})
	return err
}
