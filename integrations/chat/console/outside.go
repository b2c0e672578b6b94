package console

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// OutsidePost is a post that left, as the demo's network took it.
type OutsidePost struct {
	// ID is unique, and in the post's address.
	ID string
	// Network chooses the looks: mastodon, bluesky, x, linkedin, instagram,
	// facebook, threads, discord, slack; anything else gets plain ones, under
	// its own name.
	Network string
	Name    string // as the network shows it: "Maison Colibri"
	Handle  string // "@colibri@mastodon.example", "Thés et infusions · 1 204 abonnés"
	Text    string
	Media   []OutsideMedia
	// Link is the address that the network previews; LinkTitle its title.
	Link, LinkTitle string
	// ReplyTo is whom it answers, and Parent their words. Hostile.
	ReplyTo, Parent string
	At              time.Time
	// Tag says something about it, "Publié à la main", in the viewer's language.
	Tag string
}

// OutsideMedia is a picture of a post. Where it is not kept its description is
// shown in its place.
type OutsideMedia struct {
	File string // its SHA-256 in hex, see Options.Files
	Alt  string
}

// OutsidePath is the path of a post's own page.
func OutsidePath(id string) string { return "/outside/" + url.PathEscape(id) }

// Outside shows a post that left. The same ID again changes that post.
func (c *Console) Outside(post OutsidePost) {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if post.At.IsZero() {
		post.At = c.opts.Now()
	}
	for _, m := range r.panes[Outside] {
		if m.Post.ID == post.ID {
			m.Post, m.Edited, m.Edits, m.Gone = &post, c.opts.Now(), m.Edits+1, false
			r.touch(m)
			return
		}
	}
	r.add(&message{Pane: Outside, Post: &post, At: post.At})
}

// Withdraw takes a post away, as its network would after a deletion.
func (c *Console) Withdraw(id string) {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.panes[Outside] {
		if m.Post.ID == id {
			m.Gone = true
			r.touch(m)
		}
	}
}

// look is how a network draws a post.
type look struct {
	Class string
	Name  string
	// Signs are what the network offers under a post, in its order.
	Signs []sign
	// Over says that the picture comes before the words.
	Over bool
}

// sign is one of them: the key of its word, and its picture.
type sign struct{ Word, Icon string }

func lookOf(network string) look {
	reply, repost, bookmark := sign{"reply", "bubble"}, sign{"repost", "around"}, sign{"bookmark", "ribbon"}
	heart, thumb, comment := sign{"like", "heart"}, sign{"like", "thumb"}, sign{"comment", "bubble"}
	share, send := sign{"share", "out"}, sign{"send", "plane"}
	switch network {
	case "mastodon":
		return look{network, "Mastodon", []sign{reply, {"boost", "around"}, {"favourite", "star"}, bookmark}, false}
	case "bluesky":
		return look{network, "Bluesky", []sign{reply, repost, heart}, false}
	case "x":
		return look{network, "X", []sign{reply, repost, heart, bookmark}, false}
	case "linkedin":
		return look{network, "LinkedIn", []sign{thumb, comment, repost, send}, false}
	case "instagram":
		return look{network, "Instagram", []sign{heart, comment, send}, true}
	case "facebook":
		return look{network, "Facebook", []sign{thumb, comment, share}, false}
	case "threads":
		return look{network, "Threads", []sign{heart, reply, repost}, false}
	case "discord":
		return look{network, "Discord", nil, false}
	case "slack":
		return look{network, "Slack", nil, false}
	}
	return look{"generic", network, nil, false}
}

// outsidePage serves one post's own page.
func (c *Console) outsidePage(w http.ResponseWriter, req *http.Request) {
	lang := langOf(req)
	post, html := c.outsidePost(req.PathValue("id"), lang)
	if post == nil {
		c.notFound(w, req)
		return
	}
	c.html(w, http.StatusOK, "outside-page", map[string]any{
		"P": c.printer(lang), "Post": post, "Look": lookOf(post.Network), "HTML": trusted(html),
		"Pane": Outside, "First": c.opts.People[0].ID,
	})
}

func (c *Console) outsidePost(id, lang string) (*OutsidePost, string) {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.panes[Outside] {
		if m.Post.ID == id && !m.Gone {
			return m.Post, c.drawMessage(m, lang)
		}
	}
	return nil, ""
}

// langOf is the language that a browser asks for.
func langOf(req *http.Request) string {
	if strings.HasPrefix(strings.ToLower(req.Header.Get("Accept-Language")), "fr") {
		return "fr"
	}
	return "en"
}
