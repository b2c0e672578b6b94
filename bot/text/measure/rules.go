package measure

// Unit is what a network counts.
type Unit string

// The units. Where a network's documents say "characters" and no more, its
// texts are counted in UTF-16 units: no other way of counting characters gives
// a higher figure, so a text that fits here fits there.
const (
	Weighted  Unit = "weighted characters" // X: most scripts of the West 1, the rest and emoji 2, links 23
	Graphemes Unit = "graphemes"           // what people call a character (Unicode annex 29)
	Points    Unit = "characters"          // Unicode code points
	EmojiByte Unit = "characters, emoji in bytes"
	UTF16     Unit = "UTF-16 units"
	Bytes     Unit = "bytes" // of UTF-8
)

// Field is the part of a post that a text is for.
type Field string

// The fields. Every network has a Body.
const (
	Body    Field = "body"    // the post, or the description of a video
	Title   Field = "title"   // YouTube, Reddit, TikTok photos
	Caption Field = "caption" // of pictures, where its limit differs from that of the Body: Telegram, TikTok photos
)

// Rules are a network's rules for one field. The zero value of a limit means
// that there is none. What an instance decides for itself (Mastodon's longest
// text and URL length, X's longer posts for subscribers) is changed by setting
// the field.
type Rules struct {
	Network   Network
	Limit     int  // longest text, in Unit
	Unit      Unit // what Limit counts
	MaxBytes  int  // longest text in bytes, where a network limits that too
	URLLength int  // what any link counts; 0: links count as they are written

	BareLinks    bool   // "example.com" is a link too, without https://
	WideLinks    bool   // paths and queries of links are in any script, not only in Latin and Cyrillic letters
	HalfMentions bool   // of a mention @name@server only @name counts
	Escapes      bool   // reserved characters travel with a backslash, which counts (see Escape)
	Forbidden    string // ASCII characters that the network refuses
	DeadLinks    bool   // links can't be clicked in this field
	ReplyTrap    bool   // a text that begins with a handle becomes a reply that few people see

	MaxLinks, MaxHashtags, MaxMentions int    // more are refused
	WiseHashtags                       int    // more are reported to be ignored or refused
	Fold                               int    // about how many characters show before "see more"
	Price, LinkPrice                   string // US dollars for a post without and with a link
}

// For returns the rules of a network for a field; ok is false if the network
// is unknown or has no such field.
func For(network Network, field Field) (rules Rules, ok bool) {
	switch field {
	case Title:
		rules, ok = titleRules(network)
	case Caption:
		rules, ok = captionRules(network)
	case Body:
		rules, ok = bodyRules(network)
	}
	rules.Network = network
	return rules, ok
}

// links scans a text for what is a link there.
func (r Rules) links(text string) links {
	return links{text: text, bare: r.BareLinks, tail: tail(r.WideLinks)}
}

// bodyRules is the table of the networks' bodies.
func bodyRules(network Network) (rules Rules, ok bool) {
	switch network {
	case X:
		rules = Rules{Limit: 280, Unit: Weighted, URLLength: 23, BareLinks: true, ReplyTrap: true,
			MaxLinks: 10, MaxHashtags: 50, MaxMentions: 50, Price: "0.015", LinkPrice: "0.200"}
	case Bluesky:
		rules = Rules{Limit: 300, Unit: Graphemes, MaxBytes: 3000, BareLinks: true}
	case Mastodon:
		rules = Rules{Limit: 500, Unit: Graphemes, URLLength: 23, WideLinks: true, HalfMentions: true}
	case LinkedIn:
		rules = Rules{Limit: 3000, Unit: UTF16, Escapes: true, Fold: 210}
	case Facebook:
		rules = Rules{Limit: 63206, Unit: UTF16}
	case Instagram:
		rules = Rules{Limit: 2200, Unit: UTF16, DeadLinks: true, BareLinks: true,
			MaxHashtags: 30, WiseHashtags: 5, Fold: 125}
	case Threads:
		rules = Rules{Limit: 500, Unit: EmojiByte, MaxLinks: 5}
	case YouTube:
		rules = Rules{Limit: 5000, Unit: Bytes, Forbidden: "<>"}
	case TikTok:
		rules = Rules{Limit: 2200, Unit: UTF16}
	case Telegram:
		rules = Rules{Limit: 4096, Unit: UTF16}
	case Discord:
		rules = Rules{Limit: 2000, Unit: UTF16}
	case Slack:
		rules = Rules{Limit: 4000, Unit: UTF16}
	case Reddit:
		rules = Rules{Limit: 40000, Unit: UTF16}
	case WordPress, Webhook:
		rules = Rules{Limit: 100000, Unit: Points}
	default:
		return Rules{}, false
	}
	return rules, true
}

func titleRules(network Network) (rules Rules, ok bool) {
	switch network {
	case YouTube:
		return Rules{Limit: 100, Unit: UTF16, Forbidden: "<>", DeadLinks: true}, true
	case TikTok:
		return Rules{Limit: 90, Unit: UTF16}, true
	case Reddit:
		return Rules{Limit: 300, Unit: UTF16}, true
	}
	return Rules{}, false
}

func captionRules(network Network) (rules Rules, ok bool) {
	switch network {
	case Telegram:
		return Rules{Limit: 1024, Unit: UTF16}, true
	case TikTok:
		return Rules{Limit: 4000, Unit: UTF16}, true
	}
	return Rules{}, false
}
