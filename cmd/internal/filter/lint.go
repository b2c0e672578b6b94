package filter

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"crieur/bot/text/measure"
)

// linted is what Lint writes.
type linted struct {
	Network  measure.Network `json:"network"`
	Length   int             `json:"length"`
	Limit    int             `json:"limit"`
	Unit     measure.Unit    `json:"unit"`
	Parts    []string        `json:"parts"`
	Problems []lintProblem   `json:"problems"`
}

type lintProblem struct {
	Check   measure.Key   `json:"check"`
	Level   measure.Level `json:"level"`
	Start   int           `json:"start"`
	End     int           `json:"end"`
	Message string        `json:"message"`
	Fix     string        `json:"fix"`
}

// Lint reads one post as plain text and writes how a network would count it,
// the parts that it would be split into, and its problems in English, as one
// JSON object. Line ends that close the input are not part of the post. A post
// with problems is no error; parts is empty if the post is, or can't be split.
func Lint(in io.Reader, out, _ io.Writer, network string) error {
	known, err := measure.Parse(network)
	if err != nil {
		return err
	}
	input, err := io.ReadAll(io.LimitReader(in, MaxLine+1))
	if err != nil {
		return fmt.Errorf("read post: %w", err)
	}
	if len(input) > MaxLine {
		return fmt.Errorf("read post: longer than %d bytes", MaxLine)
	}
	text := strings.TrimRight(string(input), "\r\n")
	rules, _ := measure.For(known, measure.Body)
	count := measure.Length(text, rules)
	result := linted{Network: known, Length: count.Length, Limit: count.Limit, Unit: count.Unit,
		Parts: []string{}, Problems: []lintProblem{}}
	if parts, err := measure.Split(text, rules); err == nil && parts != nil {
		result.Parts = parts
	}
	for _, found := range measure.Check(text, rules) {
		message, fix := words(found, len(result.Parts))
		result.Problems = append(result.Problems,
			lintProblem{found.Check, found.Level, found.Start, found.End, message, fix})
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(result); err != nil {
		return fmt.Errorf("write post: %w", err)
	}
	return nil
}

// words says a problem and what to do about it, in English.
func words(found measure.Problem, parts int) (message, fix string) {
	args := found.Args
	switch found.Check {
	case measure.Empty:
		return "There is nothing to read.", "Write something."
	case measure.Encoding:
		return "The encoding is wrong here.", "Type this character again, or save the text as UTF-8."
	case measure.TooLong:
		message = fmt.Sprintf("Too long by %d for %s: %d %s at most.", args.N, args.Network, args.Limit, args.Unit)
		if parts > 1 {
			return message, fmt.Sprintf("Shorten it, or post it in %d parts.", parts)
		}
		return message, "Shorten it."
	case measure.TooLongWord:
		return fmt.Sprintf("%q alone is too long for one post.", args.Text), "Shorten it, or break it in two."
	case measure.FakeLetters:
		return fmt.Sprintf("Screen readers and searches can't read %q.", args.Text), fmt.Sprintf("Write %q.", args.Replace)
	case measure.Invisible:
		return fmt.Sprintf("There is an invisible character here (%s).", args.Text), "Remove it."
	case measure.Forbidden:
		return fmt.Sprintf("%s refuses %q.", args.Network, args.Text), "Remove it."
	}
	return tagWords(found)
}

// tagWords is words for links, mentions, hashtags and what is folded.
func tagWords(found measure.Problem) (message, fix string) {
	args := found.Args
	switch found.Check {
	case measure.Hashtags, measure.Links, measure.Mentions:
		return fmt.Sprintf("%d %s: %s takes %d.", args.N, found.Check, args.Network, args.Limit),
			fmt.Sprintf("Remove %d.", args.N-args.Limit)
	case measure.DeadLink:
		return fmt.Sprintf("Links can't be clicked here: %s", args.Text), "Put the link in the profile and write \"link in bio\"."
	case measure.LinkCost:
		return fmt.Sprintf("With a link this post costs $%s instead of $%s.", args.Cost, args.Usual),
			"Leave the link out if the post stands without it."
	case measure.ReplyTrap:
		return fmt.Sprintf("A post that begins with %s is a reply: few people see it.", args.Text), "Begin with another word."
	case measure.HashtagCase:
		return fmt.Sprintf("%s seems to be several words.", args.Text), "Begin each word with a capital, as in #ChristmasTea."
	case measure.HashtagCut:
		return fmt.Sprintf("Only %s will be a hashtag.", args.Text), "Remove the apostrophe or hyphen after it."
	case measure.FoldHidesLink:
		return fmt.Sprintf("The link is behind \"see more\", after about %d characters.", args.Limit), "Move it up."
	case measure.FoldSentence:
		return fmt.Sprintf("The first sentence goes on behind \"see more\", after about %d characters.", args.Limit), "Shorten it."
	}
	return string(found.Check), ""
}
