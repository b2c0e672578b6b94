package slack

import (
	"fmt"
	"log/slog"
)

// Secret is a text that must never be shown: a Slack token or the signing
// secret. However it is printed, logged or encoded it reads "[redacted]".
type Secret string

const redacted = "[redacted]"

func (Secret) String() string                 { return redacted }
func (Secret) GoString() string               { return redacted }
func (Secret) LogValue() slog.Value           { return slog.StringValue(redacted) }
func (Secret) MarshalText() ([]byte, error)   { return []byte(redacted), nil }
func (Secret) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(redacted)) }
func (s Secret) empty() bool                  { return s == "" }
func (s Secret) reveal() string               { return string(s) }
func (s Secret) starts(prefix string) bool {
	return len(s) > len(prefix) && string(s[:len(prefix)]) == prefix
}
