// Package sign signs and checks what Crieur exchanges with programs of the
// operator: HMAC-SHA256 over the time and the body, so that neither can be
// changed or replayed later. It knows neither HTTP handlers nor where the key
// is kept.
//
// The scheme, for those who write the other side: the header Crieur-Timestamp
// holds the Unix time in seconds; Crieur-Signature holds "v1=" and the hex of
// HMAC-SHA256(key, timestamp + "." + body).
package sign

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"crieur/bot/secret"
)

const (
	// TimestampHeader and SignatureHeader carry the two parts.
	TimestampHeader = "Crieur-Timestamp"
	SignatureHeader = "Crieur-Signature"
	// Tolerance is how far a timestamp may be from now, either way.
	Tolerance = 5 * time.Minute

	version = "v1="
)

// Why a signature is refused.
var (
	ErrKey    = errors.New("no key to check with")
	ErrForged = errors.New("signature does not match")
	ErrStale  = errors.New("timestamp is missing or more than 5 minutes away")
)

// Body returns the two header values for a body.
func Body(key secret.Secret, body []byte, now time.Time) (timestamp, signature string) {
	timestamp = strconv.FormatInt(now.Unix(), 10)
	return timestamp, version + hex.EncodeToString(sum(key, timestamp, body))
}

// Check says whether the two header values are those of the body, recently. An
// empty key never matches. The signature is checked before the time, so that a
// stranger learns nothing of our clock.
func Check(key secret.Secret, timestamp, signature string, body []byte, now time.Time) error {
	if key == "" {
		return ErrKey
	}
	given, err := hex.DecodeString(strings.TrimPrefix(signature, version))
	if err != nil || !strings.HasPrefix(signature, version) || !hmac.Equal(given, sum(key, timestamp, body)) {
		return ErrForged
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return ErrStale
	}
	if away := now.Sub(time.Unix(seconds, 0)); away > Tolerance || away < -Tolerance {
		return ErrStale
	}
	return nil
}

func sum(key secret.Secret, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return mac.Sum(nil)
}
