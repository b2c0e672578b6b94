package measure

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Network is the name of a place that texts are published to, as it is written
// in configuration files and on the command line.
type Network string

// The networks that this package knows.
const (
	X         Network = "x"
	Bluesky   Network = "bluesky"
	Mastodon  Network = "mastodon"
	LinkedIn  Network = "linkedin"
	Facebook  Network = "facebook"
	Instagram Network = "instagram"
	Threads   Network = "threads"
	YouTube   Network = "youtube"
	TikTok    Network = "tiktok"
	Telegram  Network = "telegram"
	Discord   Network = "discord"
	Slack     Network = "slack"
	Reddit    Network = "reddit"
	WordPress Network = "wordpress"
	Webhook   Network = "webhook"
)

// ErrNetwork says that a name is not that of a known network.
var ErrNetwork = errors.New("unknown network")

// Networks returns every known network, in the order that people meet them.
// The slice is the caller's.
func Networks() []Network {
	return []Network{X, Bluesky, Mastodon, LinkedIn, Facebook, Instagram, Threads, YouTube,
		TikTok, Telegram, Discord, Slack, Reddit, WordPress, Webhook}
}

// Parse returns the network that name means; case and surrounding spaces do not
// matter. Its error is ErrNetwork with the known names and, if one is near,
// what was probably meant.
func Parse(name string) (Network, error) {
	wanted := Network(strings.ToLower(strings.TrimSpace(name)))
	known := Networks()
	if slices.Contains(known, wanted) {
		return wanted, nil
	}
	names := make([]string, len(known))
	nearest, distance := nicknamed(wanted), 3
	if nearest != "" {
		distance = 0
	}
	for i, network := range known {
		names[i] = string(network)
		if d := editDistance(string(wanted), string(network)); d < distance && d < len(network) {
			nearest, distance = network, d
		}
	}
	hint := ""
	if nearest != "" {
		hint = fmt.Sprintf(": did you mean %q?", nearest)
	}
	return "", fmt.Errorf("parse network %q: %w%s (known: %s)", name, ErrNetwork, hint, strings.Join(names, ", "))
}

// nicknamed returns the network that people call so, "" if none.
func nicknamed(name Network) Network {
	switch name {
	case "twitter":
		return X
	case "fb":
		return Facebook
	case "ig", "insta":
		return Instagram
	case "yt":
		return YouTube
	}
	return ""
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b, in bytes: network names are ASCII.
func editDistance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
