// Package learnt is what a brand taught Crieur, as one file: a tone model, a
// theme model, or both. It knows how they are packed together, how they stand
// beside what ships, and nothing of how they are learnt.
package learnt

import (
	"encoding/binary"
	"errors"
	"fmt"

	"crieur/bot/text/theme"
	"crieur/bot/text/tone"
)

// ErrFile says that bytes are no file of learnt models.
var ErrFile = errors.New("not a file of learnt models")

// MaxSize is the largest file, in bytes.
const MaxSize = 1 << 20

// Models are what a brand taught. What it has not is nil.
type Models struct {
	Tone  *tone.Model
	Theme *theme.Model
}

const magic = "crieur learnt 1\n"

// Encode packs the models. It refuses what would be over MaxSize.
func (m Models) Encode() ([]byte, error) {
	data := []byte(magic)
	var parts [2][]byte
	if m.Tone != nil {
		parts[0] = m.Tone.Encode()
	}
	if m.Theme != nil {
		parts[1] = m.Theme.Encode()
	}
	for _, part := range parts {
		data = binary.LittleEndian.AppendUint32(data, uint32(len(part)))
		data = append(data, part...)
	}
	if len(data) > MaxSize {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrFile, len(data), MaxSize)
	}
	return data, nil
}

// Decode unpacks what Encode made; base and lists are the shipped ones that the
// models stand on. Bytes of anything else are an ErrFile.
func Decode(data []byte, base *tone.Model, lists *theme.Lists) (Models, error) {
	var m Models
	if len(data) > MaxSize || len(data) < len(magic) || string(data[:len(magic)]) != magic {
		return m, ErrFile
	}
	rest := data[len(magic):]
	var parts [2][]byte
	for i := range parts {
		if len(rest) < 4 || uint64(len(rest)-4) < uint64(binary.LittleEndian.Uint32(rest)) {
			return m, fmt.Errorf("%w: cut short", ErrFile)
		}
		size := int(binary.LittleEndian.Uint32(rest))
		parts[i], rest = rest[4:4+size], rest[4+size:]
	}
	if len(rest) > 0 {
		return m, fmt.Errorf("%w: bytes left over", ErrFile)
	}
	var err error
	if len(parts[0]) > 0 {
		if m.Tone, err = base.Decode(parts[0]); err != nil {
			return Models{}, fmt.Errorf("%w: %w", ErrFile, err)
		}
	}
	if len(parts[1]) > 0 {
		if m.Theme, err = lists.Decode(parts[1]); err != nil {
			return Models{}, fmt.Errorf("%w: %w", ErrFile, err)
		}
	}
	return m, nil
}
