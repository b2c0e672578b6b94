// Package console is the local browser workspace of "crieur demo": a chat
// platform like Slack or Discord, served to a browser on the same machine.
//
// It implements bot.Chat, hands what people do to bot.Ingress, and asks
// bot.Front for what cannot wait. It keeps its messages in memory only, draws
// them with html/template, and brings every open page to the newest state over a
// WebSocket: a page says which revision it has seen and gets what is newer, so a
// slow or broken connection never loses anything.
//
// It does not know the features, the store, or the script of the demo's day:
// that is a Tour, which the application brings. It trusts nobody who can open
// the page to be a certain person, because there is one viewer who plays them
// all; therefore it answers only to the address that it is served at.
package console
