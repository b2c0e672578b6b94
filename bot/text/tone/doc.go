// Package tone says what a message feels and whether it hurts: sentiment
// (negative, neutral, positive) with a calibrated probability of negative,
// toxicity (insult, threat, hate, obscenity), and the words that made it.
//
// It reads French and English with lexicons and rules: negation over the next
// words, force, contrast ("mais", "but"), marks of irony, emoji, disguised
// words. It knows no brand, no author and no thread; a brand's own model is
// learnt from its labels with Train.
package tone
