// Package measure knows how each network counts a text, how long a text may
// be, where it may be cut, and what in it will not work there. It is pure: no
// network, no clock, no configuration. It does not proofread (bot/text/proof),
// resolve handles or shorten links; it does not know what media go with a text,
// and takes texts as people write them, without a network's own markup.
//
// The limits are those that the networks' documents give and, where these are
// silent (Facebook, LinkedIn, Slack), those that publishing tools have found.
// What an instance or a subscription changes is set in Rules by who knows it.
// A content warning counts on Mastodon: measure it together with the text.
//
// X's way of counting and of finding links is that of its open twitter-text
// (version 3 of its configuration), with two differences. The top-level domains
// are those of the public suffix list: those that have ceased to exist since
// are no links. Emoji are those of Unicode 15, and any that joiners tie
// together are one. Mastodon's way is that of its server: X's links with wider
// paths, graphemes for the rest. Facets follow Bluesky's own client, but leave
// closing quotes and "…" out of a link. For the other networks, where
// "characters" is all that is documented, see Unit.
//
// # Figures
//
// On two shared cores of an Intel Xeon, Go 1.26, while other work ran; a post
// is 125 bytes with a link and a hashtag. CONF is the conformance folder of a
// copy of twitter-text.
//
//	X's lengths, as twitter-text told them  420 of 420    go test ./bot/text/measure -run AsTold
//	X's lengths, conformance suite          24 of 24      go test ./bot/text/measure -run Conformance -v -conformance CONF
//	X's links, same                         96 of 96      same
//	X's hashtags, same                      68 of 68      same
//	X's top-level domains, same             1432 of 1574  same; the others are gone
//	links against a naive reading           no difference go test ./bot/text/measure -run Naive; -fuzz FuzzLinksAgainstNaive
//	parts say everything, none too long,
//	none cut in a word, link, handle, tag   no failure    go test ./bot/text/measure -fuzz FuzzSplit
//	count an English or French post, X      1 to 2 µs     go test ./bot/text/measure -run - -bench Length/x
//	count a Japanese post, X                18 µs         same
//	count a post, Bluesky                   0.5 to 1.3 µs go test ./bot/text/measure -run - -bench Length/bluesky
//	check a post, X                         4 to 5 µs     go test ./bot/text/measure -run - -bench Check/x
//	split ten posts in one, X               0.1 ms        go test ./bot/text/measure -run - -bench Split/x
//	split ten Japanese posts in one, X      1 to 2 ms     same
//	facets of a post                        1 to 2 µs     go test ./bot/text/measure -run - -bench Facets
//
// Where it is weak: HashtagCase guesses from length and small words (on 2,146
// French tweets it flags 41 of 1,783 hashtags, about one in five of them a
// single long word such as #hydroélectricité) and sees no short pair of words;
// sentences are told by punctuation, a capital and a short list of
// abbreviations; Thai, Lao and Khmer are cut at spaces only.
package measure
