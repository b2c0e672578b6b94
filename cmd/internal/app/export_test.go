package app

import (
	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/outbox"
)

// For tests from outside: what Serve wires by itself.
var ChannelsOf = channelsOf

// Receiving brings what somebody uploaded.
func Receiving(chats map[bot.Platform]bot.Chat, files content.Files) outbox.Sender {
	return &receiving{chats: chats, files: files}
}
