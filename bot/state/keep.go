package state

import "time"

// How long what people did stays after its last change. What is watched or set
// (sources, competitors, the team) stays until somebody takes it off; the trail
// stays, since it is the proof, with people veiled.
const (
	// KeepWork is for conversations, answers and cards: a year, and the month of
	// the year before that it is compared with.
	KeepWork = 400 * 24 * time.Hour
	// KeepPosts is for posts, their approvals and what became of them: five years,
	// for as long as it may be asked who agreed to what was published.
	KeepPosts = 5 * 366 * 24 * time.Hour
)
