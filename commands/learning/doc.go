// Package learning is what a brand teaches Crieur: clicks on mentions become
// labels, labels become a model of the brand's own tone and themes, and an admin
// who reads what it got right and wrong adopts it, keeps the one before, or goes
// back.
//
// It knows no mention (Heard gives what was said) and no engine of text: how
// models are learnt is in bot/text/tone and bot/text/theme, how they are packed in
// bot/text/learnt. Learning takes seconds, so it is an effect (Trainer), never part
// of a commit.
//
// One label in five, chosen by the text, is never learnt from: every model of a
// brand is measured on those same labels, so that the one in use and the one
// proposed are compared on what neither has seen. A proposal that gets fewer of
// them right says so and is advised against. Labels are texts of customers, with
// personal data covered by who hands them in: they are kept for 400 days.
//
// "It isn't us" is a label of its own: it says nothing of tone or theme. What such
// messages have in common is shown with the words that would end a watch rule; a
// person writes the rule.
//
// What recurs in messages that no theme covers is looked for every night among
// four weeks of them (bot/text/theme.Recurring; each person counts once) and
// waits on the card, three at most, until an admin makes it a theme of the brand,
// gives its words to one, or declines it for good. Each of these can be taken back.
// Only the words are kept here: what is quoted stays with what was heard.
//
// A model learnt elsewhere (crieur train) takes the same way: it is measured on
// those labels, proposed, adopted and given up like any other (Trainer.Bring). It
// may have seen them, which its card says.
package learning
