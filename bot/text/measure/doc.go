// Package measure knows how each network counts a text, how long a text may
// be, where it may be cut, and what in it will not work there. It is pure: no
// network, no clock, no configuration. It does not proofread (bot/text/proof),
// resolve handles or shorten links, and it does not know what media go with a
// text, nor texts that the networks' own markup is already in.
//
// The limits are those the networks' documents give, and where these are
// silent (Facebook, LinkedIn) those that publishing tools have found; what an
// instance or a subscription changes is set in Rules by who asks it. X's way of
// counting and of finding links is that of its open twitter-text (version 3 of
// its configuration), checked against its conformance cases; the list of
// top-level domains is the public suffix list's, so domains that have ceased to
// exist are no links. Mastodon's is that of its server, Bluesky's that of its
// client. Emoji are those of Unicode 15.
package measure
