package discord

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"crieur/bot"
)

// maxCustom is the longest custom_id, in characters.
const maxCustom = 100

// customKind says what a custom_id asks for.
type customKind string

const (
	act    customKind = "a1" // do it
	ask    customKind = "q1" // ask whether to do it: the button has a Confirm
	yes    customKind = "y1" // the answer to that question
	no     customKind = "n1"
	more   customKind = "m1" // the menu "More…": the choice says what to do
	unfold customKind = "f1" // show folded words
)

var errCustom = errors.New("not a component of ours")

// custom is what a component's custom_id says. Discord wants them unique in a
// message, so a repeated one ends in "#2", which means nothing.
type custom struct {
	kind customKind
	// call is for act, ask and yes.
	call bot.Callback
	// key is the token of a card for unfold, with n its nth folded block.
	key string
	n   int
}

func (c custom) String() string {
	switch c.kind {
	case act, ask, yes:
		return string(c.kind) + strings.TrimPrefix(c.call.String(), string(act))
	case unfold:
		return string(unfold) + ":" + strconv.Itoa(c.n) + ":" + c.key
	}
	return string(c.kind)
}

// valid says whether the ID can be read back and is short enough.
func (c custom) valid() bool {
	back, err := parseCustom(c.String())
	return err == nil && back == c && len(c.String()) <= maxCustom-len("#99")
}

var (
	customKey  = regexp.MustCompile(`^[A-Za-z0-9_~-]{0,64}$`)
	customMark = regexp.MustCompile(`#\d{1,2}$`)
)

func parseCustom(id string) (custom, error) {
	id = customMark.ReplaceAllString(id, "")
	kind, rest, _ := strings.Cut(id, ":")
	switch k := customKind(kind); k {
	case act, ask, yes:
		call, err := bot.ParseCallback(string(act) + ":" + rest)
		return custom{kind: k, call: call}, err
	case no, more:
		if rest != "" {
			return custom{}, errCustom
		}
		return custom{kind: k}, nil
	case unfold:
		number, key, _ := strings.Cut(rest, ":")
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || number != strconv.Itoa(n) || !customKey.MatchString(key) {
			return custom{}, errCustom
		}
		return custom{kind: k, key: key, n: n}, nil
	}
	return custom{}, errCustom
}
