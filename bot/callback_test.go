package bot_test

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"

	"crieur/bot"
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
	mine := bot.Tokens{Key: []byte("k"), Space: "a", Random: rand.Reader}
	token := mine.New()
	if !mine.Valid(token) || len(token) != 32 || mine.New() == token {
		t.Errorf("token %s", token)
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
	defer func() {
		if recover() == nil {
			t.Error("made a token without randomness")
		}
	}()
	bot.Tokens{Random: bytes.NewReader(nil)}.New()
}
