package slack

// Slack's documented limits that bind here, in characters unless said
// otherwise. Two are not documented: the cap over all blocks of a message
// (messages of 11,341 characters were refused), and the entry value, for which
// sources say 75 or 150.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxMessage       = 10_000 // over all blocks of a message
	maxPost          = 4_000  // a message without blocks; Slack takes more and advises against it
	maxText          = 3_000  // one section, one rich_text of ours
	maxSections      = 40     // in one rich_text of ours
	maxHeader        = 150
	maxContext       = 2_000
	maxFallback      = 600 // of the 4,000 allowed: it is read on a phone
	maxButton        = 75
	maxValue         = 2_000
	maxURL           = 3_000
	maxOption        = 75
	maxOptions       = 100
	maxMore          = 25 // behind "More…": the common minimum
	maxOverflow      = 5
	maxRow           = 5
	maxPlaceholder   = 150
	maxAlt           = 2_000
	maxTableRows     = 100
	maxTableColumns  = 20
	maxTable         = 6_000 // of the 10,000 allowed: the rest of the card needs room
	maxCell          = 500
	maxConfirmTitle  = 100
	maxConfirmText   = 300
	maxConfirmButton = 30
	maxModalTitle    = 24
	maxLabel         = 150 // Slack takes 2,000; longer is no label
	maxHint          = 2_000
	maxInput         = 3_000
	maxMetadata      = 3_000
	maxError         = 700    // at one field of a form; longer is no hint
	maxSocketAnswer  = 20_000 // bytes; Slack drops a larger one silently
	maxBody          = 1 << 20
	maxPages         = 5 // messages of one card; the rest is a file
)
