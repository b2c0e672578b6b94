package audit

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"

	"crieur/bot/secret"
)

// ErrKey says that a signing key cannot be read; the value is never repeated.
var ErrKey = errors.New("not a signing key: it is 64 hexadecimal digits, as openssl rand -hex 32 makes them")

// Key signs the heads of the chain.
type Key struct{ private ed25519.PrivateKey }

// ParseKey reads the seed of an Ed25519 key, 64 hexadecimal digits.
func ParseKey(seed secret.Secret) (*Key, error) {
	raw, err := hex.DecodeString(seed.Reveal())
	if err != nil || len(raw) != ed25519.SeedSize {
		return nil, ErrKey
	}
	return &Key{ed25519.NewKeyFromSeed(raw)}, nil
}

// Public is the public key in hex: it may be told to anybody who verifies.
func (k *Key) Public() string {
	public, _ := k.private.Public().(ed25519.PublicKey)
	return hex.EncodeToString(public)
}

// sign vouches for a link and all before it.
func (k *Key) sign(l *Link) {
	l.Key = k.Public()
	l.Sig = hex.EncodeToString(ed25519.Sign(k.private, signed(l.Hash)))
}

// vouched says whether the link's own key signed it.
func (l Link) vouched() bool {
	public, err := hex.DecodeString(l.Key)
	if err != nil || len(public) != ed25519.PublicKeySize {
		return false
	}
	sig, err := hex.DecodeString(l.Sig)
	return err == nil && ed25519.Verify(public, signed(l.Hash), sig)
}

func signed(hash string) []byte { return []byte(domain + " head\n" + hash) }
