// Package audit is the trail of who did what: entries appended by every commit,
// and a sealer that chains them so that a change or a gap shows.
//
// It does not know where the trail is kept. Personal fields enter as salted
// digests, so that erasing a person keeps the chain whole (DESIGN.md section 5).
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
