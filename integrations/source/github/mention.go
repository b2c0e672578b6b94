package github

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	gh "github.com/google/go-github/v62/github"

	"crieur/bot/listen"
	"crieur/integrations/internal/plain"
)

// maxText is how much of an issue is kept, in runes; the cut shows.
const maxText = 10_000

// mention is what somebody said; ok is false for what nobody said: words of a
// bot, of an account that is gone, or none.
func mention(item *gh.Issue, now time.Time) (m listen.Mention, ok bool) {
	author := item.GetUser()
	words := plain.Cut(emptied.ReplaceAllString(plain.Text(item.GetTitle()+"\n"+own(item.GetBody())), "\n\n"), maxText)
	if item.GetNodeID() == "" || author.GetLogin() == "" || author.GetType() == "Bot" || words == "" {
		return m, false
	}
	at := item.GetCreatedAt().UTC()
	if at.After(now) { // a clock ahead of ours
		at = now.UTC()
	}
	return listen.Mention{ID: "github:" + item.GetNodeID(), Network: Network, Author: plain.Text("@" + author.GetLogin()), Text: words,
		URL: address(item.GetHTMLURL()), At: at, Ref: item.GetNodeID()}, true
}

var (
	// unseen is what GitHub does not show: the notes of forms to fill in.
	unseen = regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`)
	// emptied is what stays of lines that are left out.
	emptied = regexp.MustCompile(`\n{3,}`)
)

// own are the words of a text that are its author's: neither quotations nor what
// is not shown.
func own(body string) string {
	var kept []string
	for line := range strings.SplitSeq(unseen.ReplaceAllString(body, ""), "\n") {
		if !strings.HasPrefix(strings.TrimLeft(line, " "), ">") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// address returns a web address as it is, and nothing else.
func address(text string) string {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return ""
	}
	return text
}
