package bot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"regexp"
	"strings"

	"crieur/bot/secret"
	"crieur/bot/state"
)

// ErrCallback says that a callback ID is not one of ours.
var ErrCallback = errors.New("not a callback of ours")

const callbackVersion = "a1"

var (
	actionName  = regexp.MustCompile(`^[a-z][a-z0-9.-]{0,31}$`)
	actionArg   = regexp.MustCompile(`^[a-z0-9-]{0,16}$`)
	actionToken = regexp.MustCompile(`^[A-Za-z0-9_-]{0,40}$`)
)

// Callback is what the ID of a button carries: "a1:<action>~<arg>:<token>", at
// most 100 bytes (Discord's custom_id). The token names state kept in Redis;
// business data never travels in it.
type Callback struct{ Action, Arg, Token string }

// String returns the ID. Names that do not fit are a mistake of the program,
// caught by tests over every registered action.
func (c Callback) String() string {
	action := c.Action
	if c.Arg != "" {
		action += "~" + c.Arg
	}
	return callbackVersion + ":" + action + ":" + c.Token
}

// ParseCallback reads an ID back.
func ParseCallback(id string) (Callback, error) {
	parts := strings.Split(id, ":")
	if len(parts) != 3 || parts[0] != callbackVersion {
		return Callback{}, ErrCallback
	}
	action, arg, _ := strings.Cut(parts[1], "~")
	if !actionName.MatchString(action) || !actionArg.MatchString(arg) || !actionToken.MatchString(parts[2]) {
		return Callback{}, ErrCallback
	}
	return Callback{Action: action, Arg: arg, Token: parts[2]}, nil
}

// Tokens makes and checks callback tokens: 16 random bytes and 8 bytes of HMAC
// that bind them to a space, so that a guess or a token of another space is
// refused without a look into Redis.
type Tokens struct {
	Key   []byte
	Space string
}

// New makes a token of 32 characters. It follows from what the step is done for,
// and nobody can tell it without the key: a step that is done again, because the
// store lost it, gives a card the buttons that people already see.
func (t Tokens) New(tx *state.Tx) string {
	raw := t.mac("token|", []byte(tx.NewID("token")))[:16]
	return base64.RawURLEncoding.EncodeToString(append(raw, t.sum(raw)...))
}

// Valid says whether New of this space made the token.
func (t Tokens) Valid(token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil && len(raw) == 24 && hmac.Equal(raw[16:], t.sum(raw[:16]))
}

// Box is what seals the answers that tell a secret.
func (t Tokens) Box() *secret.Box { return secret.NewBox(t.Key, "answer "+t.Space) }

func (t Tokens) sum(raw []byte) []byte { return t.mac("", raw)[:8] }

func (t Tokens) mac(use string, data []byte) []byte {
	mac := hmac.New(sha256.New, t.Key)
	mac.Write([]byte(use + t.Space + "|"))
	mac.Write(data)
	return mac.Sum(nil)
}
