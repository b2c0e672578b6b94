// Package answers is the ready answers of a brand: those that people write in
// conversation, beside those of the file, which are the operator's and only shown
// here.
//
// An answer has an owner, a source and, if somebody said so, a last day; each
// change of it is kept with who made it. It knows no conversation: whoever writes
// a reply takes the answers from the brand (brand.Brand.Ready), where bot/team puts
// them, and counts what was used. The words and roles come from the facts on
// people, sections 4 and 10.
package answers
