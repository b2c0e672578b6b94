package app

import (
	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/outbox"
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
