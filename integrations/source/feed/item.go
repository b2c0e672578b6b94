package feed

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/rss"

	"crieur/integrations/internal/httpx"
	"crieur/integrations/internal/plain"
)

const (
	// maxText is how much of an item is kept, in runes; the cut shows.
	maxText = 10_000
	// maxName is how much of an author's name is kept, in runes.
	maxName = 200
	// maxDepth is how deep the elements of a feed may nest. Real feeds stay under
	// 50; the parser descends by recursion, and 5 MB of opening tags would cost it
	// over a gigabyte.
	maxDepth = 5_000
)

// item is one entry, cleaned.
type item struct {
	id, title, text, author, url, network, lang string
	at                                          time.Time
}

// said is the title and the text as one, without saying the title twice.
func (i item) said() string {
	if i.text == "" || strings.HasPrefix(i.text, strings.TrimRight(i.title, ".…")) {
		return cmp.Or(i.text, i.title)
	}
	if i.title == "" {
		return i.text
	}
	return i.title + "\n" + i.text
}

var errDepth = errors.New("elements nest too deep")

// parse reads a body. A parser that panics on what a stranger wrote has not
// read a feed.
func (f *Feed) parse(page httpx.Page) (items []item, ttl int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("parse: %v", p)
		}
	}()
	if !bytes.HasPrefix(bytes.TrimSpace(page.Body), []byte("{")) && depth(page.Body) > maxDepth {
		return nil, 0, errDepth
	}
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true // for the ttl of RSS
	parsed, err := parser.Parse(bytes.NewReader(page.Body))
	if err != nil {
		return nil, 0, fmt.Errorf("parse: %w", err)
	}
	if original, ok := parsed.OriginalFeed().(*rss.Feed); ok {
		if minutes, err := strconv.Atoi(strings.TrimSpace(original.TTL)); err == nil && minutes > 0 {
			ttl = minutes
		}
	}
	known, seen := byGUID(parsed.Items), map[string]bool{}
	for i, entry := range parsed.Items {
		it := f.clean(entry, parsed, page.URL)
		it.id = f.id(entry, it, known[entry.GUID] == i)
		if it.said() != "" && !seen[it.id] {
			seen[it.id] = true
			items = append(items, it)
		}
	}
	return items, ttl, nil
}

// depth returns how deep the elements of an XML text nest at most. Comments and
// CDATA hold no elements; an element that is never closed counts to the end.
func depth(body []byte) int {
	now, most := 0, 0
	for {
		start := bytes.IndexByte(body, '<')
		if start < 0 || start+1 >= len(body) {
			return most
		}
		body = body[start+1:]
		switch {
		case bytes.HasPrefix(body, []byte("!--")):
			body = after(body, "-->")
		case bytes.HasPrefix(body, []byte("![CDATA[")):
			body = after(body, "]]>")
		case body[0] == '!', body[0] == '?':
			body = after(body, ">")
		case body[0] == '/':
			now--
		default:
			end := bytes.IndexByte(body, '>')
			if end > 0 && body[end-1] == '/' {
				continue
			}
			now++
			most = max(most, now)
		}
	}
}

// after returns what follows the mark, nothing if it does not come.
func after(body []byte, mark string) []byte {
	_, rest, _ := bytes.Cut(body, []byte(mark))
	return rest
}

// clean makes plain words of an entry.
func (f *Feed) clean(entry *gofeed.Item, parent *gofeed.Feed, base *url.URL) item {
	it := item{title: plain.Cut(plain.HTML(entry.Title), maxText), lang: language(parent.Language), url: address(entry.Link, base)}
	it.text = plain.Cut(plain.HTML(cmp.Or(entry.Content, entry.Description)), maxText)
	if len(entry.Authors) > 0 && entry.Authors[0] != nil {
		it.author = entry.Authors[0].Name
	}
	it.author = plain.Cut(plain.HTML(cmp.Or(it.author, parent.Title)), maxName)
	if it.network = f.config.Network; it.network == "" {
		it.network = f.host()
		if u, err := url.Parse(it.url); err == nil && u.Hostname() != "" {
			it.network = strings.TrimPrefix(u.Hostname(), "www.")
		}
	}
	now := f.config.Now()
	switch {
	case entry.PublishedParsed != nil:
		it.at = *entry.PublishedParsed
	case entry.UpdatedParsed != nil:
		it.at = *entry.UpdatedParsed
	}
	if it.at.IsZero() || it.at.After(now) { // undated, or a clock ahead of ours
		it.at = now
	}
	it.at = it.at.UTC()
	return it
}

// byGUID says, for each GUID, which of the items that share it is known by it
// alone: the oldest, then the one whose address comes first, never the one that
// happens to be first in the file. The others are told apart by their address.
func byGUID(entries []*gofeed.Item) map[string]int {
	order := make([]int, len(entries))
	for i := range entries {
		order[i] = i
	}
	date := func(i int) time.Time {
		if at := entries[i].PublishedParsed; at != nil {
			return *at
		}
		return time.Time{}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(date(a).Compare(date(b)), strings.Compare(entries[a].Link, entries[b].Link))
	})
	first := map[string]int{}
	for _, i := range order {
		if _, taken := first[entries[i].GUID]; !taken {
			first[entries[i].GUID] = i
		}
	}
	return first
}

// id is the identifier of an item: of what it points to for Google Alerts, else
// of its GUID, else of its address, else of its words.
func (f *Feed) id(entry *gofeed.Item, it item, alone bool) string {
	key := ""
	switch {
	case unwrapped(entry.Link) != "" && it.url != "":
		key = it.url
	case entry.GUID != "" && !alone && it.url != "":
		key = f.scoped(entry.GUID) + "\n" + it.url
	case entry.GUID != "":
		key = f.scoped(entry.GUID)
	case it.url != "":
		key = it.url
	default:
		key = f.config.Source + "\n" + it.title + "\n" + it.text
	}
	sum := sha256.Sum256([]byte(key))
	return "feed:" + hex.EncodeToString(sum[:])
}

// scoped adds the source to a GUID that is not unique in the world.
func (f *Feed) scoped(guid string) string {
	if scheme, rest, ok := strings.Cut(guid, ":"); ok && rest != "" && scheme != "" && len(scheme) < 10 && !strings.ContainsAny(scheme, " /0123456789") {
		return guid // an address, a tag: or a urn:
	}
	return f.config.Source + "\n" + guid
}

// address returns the absolute web address of a link without what follows
// people around, or nothing.
func address(link string, base *url.URL) string {
	if target := unwrapped(link); target != "" {
		link = target
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || link == "" {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return ""
	}
	u.Host = strings.ToLower(u.Host)
	if query := u.Query(); u.RawQuery != "" {
		tracked := false
		for name := range query {
			if strings.HasPrefix(name, "utm_") || name == "fbclid" || name == "gclid" {
				query.Del(name)
				tracked = true
			}
		}
		if tracked { // else it stays as it was written, order included
			u.RawQuery = query.Encode()
		}
	}
	return u.String()
}

// unwrapped returns the address inside a Google redirect, or nothing.
func unwrapped(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Path != "/url" {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if host != "google.com" && !(strings.HasPrefix(host, "google.") && strings.Count(host, ".") <= 2) {
		return ""
	}
	target := cmp.Or(u.Query().Get("url"), u.Query().Get("q"))
	if !strings.HasPrefix(target, "https://") && !strings.HasPrefix(target, "http://") {
		return ""
	}
	return target
}

// language returns the base of a language tag, lower case.
func language(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	if len(base) < 2 || len(base) > 3 {
		return ""
	}
	return base
}
