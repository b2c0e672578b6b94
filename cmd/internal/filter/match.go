package filter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"crieur/bot/text/match"
)

// matchIn is a post: the text that every filter reads and, if they are known,
// what from:, lang: and source: ask for.
type matchIn struct {
	Text
	From   string `json:"from"`
	Lang   string `json:"lang"`
	Source string `json:"source"`
}

type matchOut struct {
	ID    ID       `json:"id"`
	Rules []string `json:"rules"`
}

// Match reads {"id","text"} lines, which may also have "from", "lang" and
// "source", and writes {"id","rules"}: the names of the rules that each meets,
// sorted. rulesFile has one rule a line, its name, a tab and its query; blank
// lines and lines that begin with '#' and have no tab are left out. A rule that
// is not understood is reported to errs and skipped, and Match then ends with
// ErrBadLines.
func Match(in io.Reader, out, errs io.Writer, rulesFile string) error {
	set, badRules, err := readRules(rulesFile, errs)
	if err != nil {
		return err
	}
	err = Lines(in, out, errs, func(line []byte) (any, error) {
		var post matchIn
		if err := json.Unmarshal(line, &post); err != nil {
			return nil, fmt.Errorf(`want {"id":…,"text":"…"}: %w`, err)
		}
		names := set.Names(match.Post{Text: post.Text.Text, From: post.From, Lang: post.Lang, Source: post.Source})
		if names == nil {
			names = []string{}
		}
		return matchOut{post.ID, names}, nil
	})
	if err == nil && badRules {
		return ErrBadLines
	}
	return err
}

func readRules(name string, errs io.Writer) (set *match.Set, bad bool, err error) {
	set = match.NewSet()
	bad, err = readLines(name, "rules", errs, func(line []byte) error { return addRule(set, string(line)) })
	return set, bad, err
}

func addRule(set *match.Set, line string) error {
	name, query, is := strings.Cut(line, "\t")
	if !is {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			return nil
		}
		return errors.New("want a name, a tab, and a query")
	}
	return set.Add(strings.TrimSpace(name), query)
}
