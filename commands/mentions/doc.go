// Package mentions hears what is said about a brand and sees that all of it is
// answered: mentions are selected, judged and joined into conversations; most
// wait for the next round, a few that cannot wait become an alert.
//
// It knows no source (integrations/source) and no network: an answer is an
// effect. Every text that it keeps is hostile. The figures of noise and the
// words come from the facts on people; the engines of text are in bot/text.
package mentions
