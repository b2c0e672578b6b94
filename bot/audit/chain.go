package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Link is one entry of the chain.
type Link struct {
	// N counts links from 1.
	N int64 `json:"n"`
	// Entry is the Sealed entry, as it was hashed. An excerpt leaves out those that
	// are not for its reader; their Digest keeps the chain whole.
	Entry json.RawMessage `json:"entry,omitempty"`
	// Digest is the SHA-256 of Entry, Hash that of the whole chain so far, both in hex.
	Digest string `json:"digest"`
	Hash   string `json:"hash"`
	// Key is the public key, Sig the signature of Hash, both in hex; only the last
	// link of a batch has them, and they vouch for all links before it.
	Key string `json:"key,omitempty"`
	Sig string `json:"sig,omitempty"`
}

// Sealed is what a link holds: an entry whose people are veiled.
type Sealed struct {
	Seq int64 `json:"seq"`
	Entry
}

// domain keeps our hashes and signatures from meaning anything elsewhere.
const domain = "crieur audit 1"

// next is the link after one of the given hash.
func next(n int64, before string, sealed Sealed) (Link, error) {
	entry, err := json.Marshal(sealed)
	if err != nil {
		return Link{}, fmt.Errorf("encode entry %d: %w", n, err)
	}
	l := Link{N: n, Entry: entry, Digest: digestOf(entry)}
	l.Hash = l.hash(before)
	return l, nil
}

// hash is what Hash must be after a link of the given hash.
func (l Link) hash(before string) string {
	return digestOf(fmt.Appendf(nil, "%s\n%d\n%s\n%s", domain, l.N, before, l.Digest))
}

// entryDigest is what Digest must be; spaces that a reader of JSON added or took
// away do not count.
func (l Link) entryDigest() (string, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, l.Entry); err != nil {
		return "", fmt.Errorf("read entry %d: %w", l.N, err)
	}
	return digestOf(compact.Bytes()), nil
}

// Excerpt is the link without its entry.
func (l Link) Excerpt() Link {
	l.Entry = nil
	return l
}

// Open reads the entry of a link; ok is false in an excerpt.
func (l Link) Open() (s Sealed, ok bool, err error) {
	if l.Entry == nil {
		return s, false, nil
	}
	if err := json.Unmarshal(l.Entry, &s); err != nil {
		return s, false, fmt.Errorf("decode entry %d: %w", l.N, err)
	}
	return s, true, nil
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
