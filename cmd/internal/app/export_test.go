package app

import (
	"net/netip"
	"time"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/outbox"
)

// For tests from outside: what Serve wires by itself.
var ChannelsOf = channelsOf

// Polling reads feeds on loopback addresses.
func Polling(kept Backend, now func() time.Time) outbox.Sender {
	return &polling{inbox: door{kept}, allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, now: now}
}

// Receiving brings what somebody uploaded.
func Receiving(chats map[bot.Platform]bot.Chat, files content.Files) outbox.Sender {
	return &receiving{chats: chats, files: files}
}
