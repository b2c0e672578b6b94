// Package moderation is how a message to the brand is taken out of sight: its
// evidence is kept first, people decide, a criticism only when two of them agree,
// and the reason is an article of the brand's charter as it was that day.
//
// Nobody is judged by a machine: what was found in the words (commands/mentions)
// only says whether one person may decide alone. It knows no network: somebody
// hides the message where it is, and says so here. Nothing of it is shown in a
// channel. The law's delays and the rules of the trade come from the facts on
// people, section 9.
package moderation
