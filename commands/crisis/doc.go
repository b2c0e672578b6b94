// Package crisis is how a brand keeps calm while something is wrong: one person
// leads, everything can be paused by the same gesture that says so, one card shows
// where it stands, and nothing leaves again by itself when it is over.
//
// Nothing is opened or ended by a machine. It has no pause of its own: that is the
// calendar's (Posts). It counts nothing of what is said (Talk). What people need
// then comes from the facts on people, sections 9 and 10.
package crisis
