// Package drafting writes posts: a private draft with one text for each
// account, counted and checked as each network does, edited by versions, and
// sent for approval. A model may propose other words (Writer); its author takes
// them or leaves them.
//
// It does not know who approves (the Approvals that the application wires in),
// when a post leaves (commands/calendar), or how a card looks on a platform.
package drafting
