// Package audit is the trail of who did what: entries appended by every commit,
// and a sealer that chains them so that a change or a gap shows.
//
// Each link of the chain holds the SHA-256 of its entry and of the link before
// it; the last link of every batch is signed with Ed25519 if there is a key.
// People enter as salted digests: with the salts, which are kept apart, the
// chain names them; once a person's salt is deleted nobody can, and the chain
// still holds. It proves nothing about the second in which an entry waits for
// the sealer, nor about links taken off the end: keep a head elsewhere for that.
//
// It does not know where the trail is kept nor which names are people's: a Trail
// and the Sealer's Personal say so (DESIGN.md section 5).
package audit

import "time"

// Entry is one line of the trail.
type Entry struct {
	At time.Time `json:"at"`
	// Who is the member's ID; empty for Crieur's own timed work.
	Who string `json:"who,omitempty"`
	// What is the verb: "draft.edited", "request.approved", "post.sent".
	What  string `json:"what"`
	Brand string `json:"brand,omitempty"`
	// Subject is the record concerned, "draft/d42".
	Subject string `json:"subject,omitempty"`
	// Detail holds what a reader needs to understand the entry; never a secret,
	// never a text of somebody outside the team.
	Detail map[string]string `json:"detail,omitempty"`
}

// Appended is an entry as a commit left it, before it is sealed.
type Appended struct {
	// Place is where it waits, as the Trail names it.
	Place string
	// Seq is the number of its commit.
	Seq int64
	Entry
}
