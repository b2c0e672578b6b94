package state

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
)

// NewID makes an identifier from the cause and a count, so that deciding a cause
// again names the same records. Causes are unique, hence so are identifiers.
func (t *Tx) NewID(prefix string) string {
	t.ids++
	sum := sha256.Sum256([]byte(t.commit.Cause + "\n" + prefix + strconv.Itoa(t.ids)))
	return prefix + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:12])
}
