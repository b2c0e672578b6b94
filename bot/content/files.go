package content

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
)

// ErrNoFile says that no bytes are kept under a digest, or not any more.
var ErrNoFile = errors.New("no such file")

// MaxFile is the largest picture that is kept, in bytes: what Instagram takes,
// the least of the networks that show them well.
const MaxFile = 8 << 20

// Files keeps the bytes of pictures by their digest.
type Files interface {
	// Put keeps bytes and returns their digest; the same bytes are kept once.
	Put(ctx context.Context, data []byte) (digest string, err error)
	// Open reads them; ErrNoFile if they are not there.
	Open(ctx context.Context, digest string) (io.ReadCloser, error)
}

// Digest is the SHA-256 of bytes, in hex.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// TypeOf is the type of a picture by its bytes, whatever its name says; ok is
// false for what the networks do not all show.
func TypeOf(data []byte) (kind string, ok bool) {
	switch kind = http.DetectContentType(data); kind {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return kind, true
	}
	return kind, false
}
