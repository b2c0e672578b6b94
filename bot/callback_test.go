package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

func TestCallbackRoundTrip(t *testing.T) {
	for _, c := range []bot.Callback{
		{Action: "review.approve", Token: "abc"}, {Action: "post.cancel", Arg: "p1-2", Token: strings.Repeat("A", 32)}, {Action: "x"},
	} {
		got, err := bot.ParseCallback(c.String())
		if err != nil || got != c || len(c.String()) > 100 {
			t.Errorf("%s: %+v, %v", c, got, err)
		}
	}
	for _, id := range []string{"", "a1", "a1:x", "a2:x:t", "a1:X:t", "a1:x:t:u", "a1:x~é:t", "a1:x:t t", "a1:x:" + strings.Repeat("a", 41), "a1::t"} {
		if got, err := bot.ParseCallback(id); err == nil {
			t.Errorf("%q was read as %+v", id, got)
		}
	}
}

func FuzzParseCallback(f *testing.F) {
	f.Add("a1:review.approve~n1:abc")
	f.Fuzz(func(t *testing.T, id string) {
		c, err := bot.ParseCallback(id)
		if err != nil {
			return
		}
		again, err := bot.ParseCallback(c.String())
		if err != nil || again != c {
			t.Errorf("%q: %+v, then %+v, %v", id, c, again, err)
		}
	})
}

func TestTokens(t *testing.T) {
	mine, store := bot.Tokens{Key: []byte("k"), Space: "a"}, statetest.NewMem()
	made := func(by bot.Tokens, cause string) (tokens []string) {
		tx := state.Begin(store, cause, time.Now())
		return append(tokens, by.New(tx), by.New(tx))
	}
	all := made(mine, "click 1")
	token := all[0]
	if !mine.Valid(token) || len(token) != 32 {
		t.Errorf("token %s", token)
	}
	if !slices.Equal(all, made(mine, "click 1")) {
		t.Error("the same step done again makes other tokens")
	}
	all = append(all, made(mine, "click 2")...)
	all = append(all, made(bot.Tokens{Key: []byte("l"), Space: "a"}, "click 1")...)
	all = append(all, made(bot.Tokens{Key: []byte("k"), Space: "b"}, "click 1")...)
	if slices.Sort(all); len(slices.Compact(all)) != 8 {
		t.Errorf("tokens are the same: %v", all)
	}
	flipped := []byte(token)
	flipped[0] ^= 1
	for name, valid := range map[string]bool{
		"another space": bot.Tokens{Key: []byte("k"), Space: "b"}.Valid(token),
		"another key":   bot.Tokens{Key: []byte("l"), Space: "a"}.Valid(token),
		"a guess":       mine.Valid(strings.Repeat("A", 32)), "nothing": mine.Valid(""), "a bit": mine.Valid(string(flipped)),
	} {
		if valid {
			t.Errorf("%s is valid", name)
		}
	}
}
