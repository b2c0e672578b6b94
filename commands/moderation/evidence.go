package moderation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"crieur/bot/listen"
)

// Evidence is a message as it was when somebody wanted it looked at. It never
// changes: the author may, and the message may go.
type Evidence struct {
	Network string `json:"network"`
	Address string `json:"address,omitempty"` // where it was to be seen
	// ID is the source's name for the message; SaidBy and SaidByID are its author, as
	// shown and to the network.
	ID       string `json:"id"`
	SaidBy   string `json:"said_by,omitempty"`
	SaidByID string `json:"said_by_id,omitempty"`
	Text     string `json:"text"`
	// SaidAt is zero where the network did not say. Both times are of UTC.
	SaidAt time.Time `json:"said_at,omitzero"`
	KeptAt time.Time `json:"kept_at"`
}

func evidenceOf(m listen.Mention, now time.Time) Evidence {
	return Evidence{Network: m.Network, Address: m.URL, ID: m.ID, SaidBy: m.Author, SaidByID: m.AuthorID, Text: m.Text,
		SaidAt: m.At.UTC(), KeptAt: now.UTC()}
}

// Record is the evidence as it is sealed and handed over: one line of JSON, its
// fields always in the same order, whatever is not plain ASCII written \uXXXX.
// Nothing that shows or copies it changes it.
func (e Evidence) Record() string {
	data, err := json.Marshal(e)
	if err != nil { // strings and times of our age always encode
		panic(fmt.Sprintf("encode evidence %s: %v", e.ID, err))
	}
	var b strings.Builder
	for _, r := range string(data) {
		switch first, second := utf16.EncodeRune(r); {
		case r < 0x7f:
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x\u%04x`, first, second)
		}
	}
	return b.String()
}

// Seal is the SHA-256 of the record, in hex: whoever has the record can make it
// again.
func (e Evidence) Seal() string {
	sum := sha256.Sum256([]byte(e.Record()))
	return hex.EncodeToString(sum[:])
}
