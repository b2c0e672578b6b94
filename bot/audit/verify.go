package audit

import (
	"errors"
	"fmt"
	"iter"
	"slices"
)

// ErrBroken says that a chain is not what it was; the error names the first link
// that is wrong and why.
var ErrBroken = errors.New("the chain is broken")

// Report is what a chain that holds was found to be.
type Report struct {
	// Links is how many there are, Excerpts how many of them are without their entry.
	Links, Excerpts int64
	// Head is the hash of the last link.
	Head string
	// Signed is the last link that is vouched for, 0 if none is; Keys are the keys
	// that signed, in the order in which they came.
	Signed int64
	Keys   []string
}

// Expect is what a verifier knows from elsewhere.
type Expect struct {
	// Keys are the public keys that may sign; none means any.
	Keys []string
	// N and Hash are a link that was noted earlier; N 0 means none was.
	N    int64
	Hash string
}

// Verify recomputes a whole chain. The error is ErrBroken at the first wrong
// link, or that of reading.
func Verify(links iter.Seq2[Link, error], want Expect) (Report, error) {
	var r Report
	var seq int64
	for l, err := range links {
		if err != nil {
			return r, err
		}
		if why := r.follow(l, want, &seq); why != "" {
			return r, fmt.Errorf("%w at link %d: %s", ErrBroken, r.Links+1, why)
		}
		r.Links, r.Head = l.N, l.Hash
	}
	switch {
	case want.N > r.Links:
		return r, fmt.Errorf("%w: it ends at link %d, and link %d was there once", ErrBroken, r.Links, want.N)
	case len(want.Keys) > 0 && r.Links > 0 && r.Signed == 0:
		return r, fmt.Errorf("%w: nothing in it is signed (a new key signs with the next entry)", ErrBroken)
	}
	return r, nil
}

// follow says why a link does not follow the ones before it, "" if it does.
func (r *Report) follow(l Link, want Expect, seq *int64) string {
	if l.N != r.Links+1 {
		return fmt.Sprintf("here stands link %d", l.N)
	}
	if l.Entry == nil {
		r.Excerpts++
	} else if digest, err := l.entryDigest(); err != nil || digest != l.Digest {
		return "its entry was changed"
	}
	if l.Hash != l.hash(r.Head) {
		return "it does not follow the link before it"
	}
	if l.N == want.N && l.Hash != want.Hash {
		return "it is not the link that was noted"
	}
	sealed, whole, err := l.Open()
	if err != nil || whole && sealed.Seq < *seq {
		return "its entry is out of order"
	}
	*seq = max(*seq, sealed.Seq)
	if l.Sig == "" {
		return ""
	}
	switch {
	case !l.vouched():
		return "its signature is wrong"
	case len(want.Keys) > 0 && !slices.Contains(want.Keys, l.Key):
		return "an unknown key signed it: " + l.Key
	}
	r.Signed = l.N
	if !slices.Contains(r.Keys, l.Key) {
		r.Keys = append(r.Keys, l.Key)
	}
	return ""
}
