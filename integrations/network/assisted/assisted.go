// Package assisted publishes through a person: for Instagram, Facebook,
// LinkedIn, TikTok and whatever else has no open door. It never calls anything.
// Publish says that a person must do it; Hand says how, and checks the address
// that they bring back.
//
// It does not know who is on duty nor what the card looks like. The hosts and
// paths of Link are those that the networks' own "copy link" gives.
package assisted

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"crieur/bot/content"
	"crieur/integrations/internal/attach"
)

// Network is the name of this kind of account in the configuration.
const Network = "assisted"

// ErrByHand is what Publish ends in: nothing left, a person takes over. It is
// not a failure; test for it with errors.Is before anything else.
var ErrByHand = errors.New("a person must do it")

// Publisher stands for one account that a person serves.
type Publisher struct {
	name string
}

// New returns a publisher for the account of that name, as people say it.
func New(name string) *Publisher { return &Publisher{name: name} }

// Network returns "assisted".
func (p *Publisher) Network() string { return Network }

// Publish hands the order to a person: ErrByHand inside an *outbox.Error that
// says that surely nothing left. An order that is not what was approved is
// refused as everywhere.
func (p *Publisher) Publish(_ context.Context, order content.Order) (content.Live, error) {
	err := ErrByHand
	reason := "by_hand"
	if changed := order.Check(); changed != nil {
		err, reason = changed, "changed"
	}
	return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, attach.Refuse(reason, p.name, err))
}

// Check has nothing to ask.
func (p *Publisher) Check(context.Context) error { return nil }

// network is what is known of one.
type network struct {
	name  string
	hosts []string // exact; "*." in front allows any one label
	post  *regexp.Regexp
	short []string          // hosts of short links, any path
	keep  []string          // query parameters that say which post it is
	steps map[string]string // what differs from the usual step
}

// networks is never assigned after this.
var networks = map[string]network{
	"instagram": {name: "Instagram", hosts: []string{"instagram.com", "www.instagram.com"},
		post:  regexp.MustCompile(`^/(?:[\w.]+/)?(?:p|reel|reels|tv)/[\w-]+|^/stories/[\w.]+/\d+`),
		steps: map[string]string{"open": "network.by_hand_open_instagram", "link": "network.by_hand_link_bio"}},
	"facebook": {name: "Facebook", hosts: []string{"facebook.com", "www.facebook.com", "m.facebook.com", "web.facebook.com"},
		post:  regexp.MustCompile(`^/(?:[^/]+/)?(?:posts|videos|photos|reel)/[^/]|^/(?:permalink|story|photo)(?:\.php)?/?$|^/watch/?$|^/groups/[^/]+/(?:posts|permalink)/\d|^/share/[^/]+/[^/]`),
		short: []string{"fb.watch"}, keep: []string{"story_fbid", "id", "fbid", "v", "set"},
		steps: map[string]string{"open": "network.by_hand_open_facebook"}},
	"linkedin": {name: "LinkedIn", hosts: []string{"linkedin.com", "*.linkedin.com"},
		post:  regexp.MustCompile(`^/posts/[^/]|^/feed/update/urn:li:\w+:\d|^/pulse/[^/]|^/embed/feed/update/urn:li:`),
		short: []string{"lnkd.in"}, steps: map[string]string{"open": "network.by_hand_open_linkedin"}},
	"tiktok": {name: "TikTok", hosts: []string{"tiktok.com", "www.tiktok.com", "m.tiktok.com"},
		post:  regexp.MustCompile(`^/@[\w.-]+/(?:video|photo)/\d+|^/t/\w`),
		short: []string{"vm.tiktok.com", "vt.tiktok.com"}, steps: map[string]string{"open": "network.by_hand_open_tiktok", "link": "network.by_hand_link_bio"}},
}

// Known are the networks whose steps and addresses are known; others work with
// the usual steps and any https address.
func Known() []string { return []string{"instagram", "facebook", "linkedin", "tiktok"} }

// Hand answers for these networks; its zero value works.
type Hand struct{}

// Steps returns the catalog keys of what the person does, in order.
func (Hand) Steps(on string) []string {
	special := networks[on].steps
	var steps []string
	for _, name := range []string{"open", "media", "text", "link", "send", "confirm"} {
		switch key, ok := special[name]; {
		case ok:
			steps = append(steps, key)
		case name != "link": // a step of its own only where links can't be clicked
			steps = append(steps, "network.by_hand_"+name)
		}
	}
	return steps
}

// CheckLink says whether a pasted address is a post of that network; see Link.
func (Hand) CheckLink(on, pasted string) error {
	_, err := Link(on, pasted)
	return err
}

// LinkError says to the person why an address was not taken: a catalog key
// with its arguments.
type LinkError struct {
	Reason string
	Args   map[string]string
}

func (e *LinkError) Error() string { return "link refused: " + e.Reason }

// Link checks the address that a person pasted as the proof that the post is
// on the given network, and returns it without what follows people around
// (utm_…, fbclid, igsh). Nothing is fetched.
func Link(on, pasted string) (content.Live, error) {
	known, ok := networks[on]
	refuse := func(reason string, args ...string) (content.Live, error) {
		e := &LinkError{Reason: "network." + reason, Args: map[string]string{"Name": known.name}}
		for i := 0; i+1 < len(args); i += 2 {
			e.Args[args[i]] = args[i+1]
		}
		return content.Live{}, e
	}
	if !ok {
		known.name = on
	}
	address := unwrap(pasted)
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Port() != "" || strings.ContainsFunc(address, outside):
		return refuse("link_unreadable")
	case u.Scheme != "https":
		return refuse("link_https")
	}
	u.Host, u.Fragment = strings.ToLower(u.Host), ""
	switch {
	case !ok && strings.Trim(u.Path, "/") == "" && u.RawQuery == "":
		return refuse("link_profile")
	case ok && known.isShort(u.Host):
		if strings.Trim(u.Path, "/") == "" {
			return refuse("link_profile")
		}
	case ok && !known.hasHost(u.Host):
		return refuse("link_host", "Host", u.Host)
	case ok && !known.post.MatchString(u.Path):
		return refuse("link_profile")
	}
	if ok {
		u.RawQuery = known.kept(u.Query()).Encode()
	}
	return content.Live{Ref: u.String(), URL: u.String()}, nil
}

// unwrap takes off what a chat put around a link, and adds the scheme that a
// person left out.
func unwrap(pasted string) string {
	text := strings.TrimSpace(pasted)
	if strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">") {
		text, _, _ = strings.Cut(text[1:len(text)-1], "|")
	}
	if text != "" && !strings.Contains(text, "://") {
		text = "https://" + text
	}
	return text
}

// outside says whether a character has no place in an address.
func outside(r rune) bool {
	return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`<>"`, r)
}

func (n network) isShort(host string) bool {
	for _, h := range n.short {
		if host == h {
			return true
		}
	}
	return false
}

func (n network) hasHost(host string) bool {
	_, parent, _ := strings.Cut(host, ".")
	for _, h := range n.hosts {
		if host == h || "*."+parent == h {
			return true
		}
	}
	return false
}

func (n network) kept(query url.Values) url.Values {
	kept := url.Values{}
	for _, name := range n.keep {
		if value := query.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	return kept
}
