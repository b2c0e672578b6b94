package measure

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"crieur/bot/text/typo"
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
		if d := typo.Distance(string(wanted), string(network)); d < distance && d < len(network) {
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
