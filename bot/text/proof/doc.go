// Package proof proofreads a French or English post before it leaves: typography,
// spelling, slips of grammar that are certain, dates that contradict the
// calendar or the schedule. Every problem says exactly where it is and, where
// there is one, how to mend it. A false alarm costs more than a miss: a rule
// speaks only when the words around leave no second reading.
//
// It does not know who wrote the text, where it will be published, what today is
// (the scheduled day is given), or how a problem is shown. It does not parse
// sentences: an agreement over a distance, irony or a word that is right by
// itself and wrong in its sentence mostly passes.
//
// Typography follows the usage of France: a no-break space (U+00A0, or the
// narrow U+202F as found) before ; : ! ? » % € and after «, curly apostrophes,
// accents on capitals, "18 h 30", "2e", "10 000". Both spellings of 1990 and
// before are right. The words come from package lexicon, which says where it has
// them from; the tables of slips, names and abbreviations are this project's own.
//
// # How it works
//
// A text is cut once into tokens; links, addresses, handles, hashtags, code, HTML,
// chat markup and placeholders become tokens that no rule looks into. Rules are
// functions over the tokens, the most telling first; where two overlap the first
// stays. Slips of a few words are lines of tables ([phrase] explains them). A new
// rule needs its function or line, its sentence in two languages, and a test of
// what it must leave alone.
//
// # How good it is
//
// Development sets: 1,262 French sentences with one synthetic typo; 7,063 French
// sentences, 4,203 of them clean, the others with errors marked by hand. These
// texts are no part of the project. Advice counts as an alarm.
//
//	typos found                              95.4 %        crieur eval proof typos-fr.jsonl
//	  right word first, of those found       89.2 %        the same
//	  right word in three                    97.8 %        the same
//	marked typography, casing, hyphens found 70.3 %        crieur eval proof grammar-fr.jsonl
//	  with the very fix expected             65.8 %        the same
//	marked accents of grammar ("a", "à")     20.0 %        the same
//	other marked grammar                      3.0 %        the same
//	clean sentences disturbed                 0.8 %        the same
//	checking French                           8 MB/s       go test -bench Check ./bot/text/proof
//	checking English                         11 MB/s       the same
//	neighbours of a word, one difference      0.1 ms       go test -bench Near ./bot/text/proof/lexicon
//	neighbours of a word, two differences     1.2 ms       the same
//	dictionaries, French and English          0.95 MB      go generate ./bot/text/proof/lexicon
//
// Speeds are the best of sixty short runs on one of two busy cores of an Intel
// Xeon server, Go 1.26; a text full of typos is slower, since each wants its
// neighbours.
//
// Where it is weak: a typo that makes another right word passes, most of the
// time (49 of the 62 typos of that kind in the first set, and most of the marked
// grammar in the second). Names at the start of a sentence, words of science and
// of other languages are let pass when in doubt. For English there is no marked
// set here: of 1,000 sentences of the web, 47 have a word that is reported,
// real typos and terms of science alike; its grammar is a short list of classic
// slips.
package proof
