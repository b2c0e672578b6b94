// Package secret is how a token, a password or a signing key is carried: a
// string that every way of printing shows as [redacted], so that it cannot
// reach a log, an error, a card or an export by accident.
//
// Reading the value takes Reveal, which is easy to look for in a review. What has
// to be kept for a while goes into a Box, which encrypts it.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Mark is what is shown instead of a secret.
const Mark = "[redacted]"

// Secret is a value that must not be printed. The empty secret is "not set" and
// prints as nothing, so that a missing setting is seen.
type Secret string

// Reveal returns the value itself, for the one call that needs it.
func (s Secret) Reveal() string { return string(s) }

// String returns the mark.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return Mark
}

// GoString returns the mark.
func (s Secret) GoString() string { return s.String() }

// Format prints the mark for every verb, %x and %q included.
func (s Secret) Format(state fmt.State, _ rune) {
	io.WriteString(state, s.String()) //nolint:errcheck // fmt keeps what it wrote
}

// LogValue returns the mark.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns the mark. A secret is never a map key: encoding/json
// writes string keys as they are.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON returns the mark as a JSON string.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalYAML returns the mark.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }
