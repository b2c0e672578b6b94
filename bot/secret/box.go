package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
)

// ErrSealed says that something cannot be opened: it was sealed with another
// key, for another use, or was changed since.
var ErrSealed = errors.New("not sealed with this key")

// Box encrypts what must be kept for a while and is read back by Crieur alone,
// so that whoever reads the store, or a backup of it, reads nothing.
type Box struct{ aead cipher.AEAD }

// NewBox makes the box of one use from the key of the space: boxes of two uses
// do not open each other's.
func NewBox(key []byte, use string) *Box {
	derived, err := hkdf.Key(sha256.New, key, nil, "crieur "+use, 32)
	if err != nil { // only for more bytes than SHA-256 can give
		panic("derive key: " + err.Error())
	}
	block, err := aes.NewCipher(derived)
	if err != nil { // only for another length
		panic("make cipher: " + err.Error())
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil { // only for a cipher of other blocks
		panic("make cipher: " + err.Error())
	}
	return &Box{aead}
}

// Seal encrypts; the same twice is sealed differently.
func (b *Box) Seal(plain []byte) []byte { return b.aead.Seal(nil, nil, plain, nil) }

// Open decrypts what Seal gave, or is ErrSealed.
func (b *Box) Open(sealed []byte) ([]byte, error) {
	plain, err := b.aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("open %d bytes: %w", len(sealed), ErrSealed)
	}
	return plain, nil
}
