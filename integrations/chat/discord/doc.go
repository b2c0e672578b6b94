// Package discord is Crieur on Discord: it turns interactions and messages into
// bot.Events, renders bot.Cards as Components V2 and bot.Forms as modals, and
// carries out the calls of the outbox.
//
// It knows no feature and keeps nothing that matters: what must not be lost is
// in the Ingress before an interaction is acknowledged, and buttons carry only a
// callback ID. What it remembers in memory (rate limits, open forms, direct
// message channels) may be lost at any moment without harm. The gateway's session
// is kept by Sessions, so that the process that follows hears what was said
// while there was none.
//
// It uses discordgo for types, codes and signatures. Its session, state, rate
// limiter and reconnection are replaced by rest.go, limits.go and gateway.go:
// in v0.29.0 they keep one bucket per interaction token, sleep under a mutex,
// notice a dead connection after five heartbeats, resume at the wrong address
// with the wrong close code, and cannot decode modals with labels.
//
// Limits and deadlines come from Discord's documentation; those that are not
// documented (the byte cap of a message) say so where they are named.
package discord
