package similar

import (
	"encoding/binary"
	"time"
)

// segment keeps up to as many texts as it was made for, without pointers, and
// is dropped whole when all of them are gone.
type segment struct {
	room   int
	start  []uint32 // by slot: where its record starts in bytes
	said   []uint32 // by slot: when it was added, Unix seconds; 0 when it is gone
	bytes  []byte   // records: length of the id, id, simplified text
	heads  []uint16 // by table and bucket: the newest slot + 1
	next   []uint16 // by table and slot: the slot + 1 before it in the bucket
	ids    []uint16 // by hash of an id, or the next free place: slot + 1
	living int
}

const (
	smallest = 1 << 10
	largest  = 1<<16 - 1 // slots + 1 must fit 16 bits
)

func newSegment(room int) *segment {
	buckets := 1
	for buckets < room {
		buckets *= 2
	}
	return &segment{
		room: room, start: make([]uint32, 0, room), said: make([]uint32, 0, room),
		heads: make([]uint16, tables*buckets), next: make([]uint16, tables*room),
		ids: make([]uint16, 2*buckets),
	}
}

func (g *segment) full() bool { return len(g.start) == g.room }

func (g *segment) add(id, text string, at time.Time, sig *signature) {
	slot := len(g.start)
	g.start = append(g.start, uint32(len(g.bytes)))
	g.said = append(g.said, seconds(at))
	g.bytes = binary.AppendUvarint(g.bytes, uint64(len(id)))
	g.bytes = append(append(g.bytes, id...), text...)
	for table := range tables {
		head := g.head(table, sig)
		g.next[table*g.room+slot] = *head
		*head = uint16(slot + 1)
	}
	place := int(hashID(id)) & (len(g.ids) - 1)
	for g.ids[place] != 0 {
		place = (place + 1) & (len(g.ids) - 1)
	}
	g.ids[place] = uint16(slot + 1)
	if g.living++; g.full() {
		g.bytes = append(make([]byte, 0, len(g.bytes)), g.bytes...) // without the room to grow
	}
}

// find returns the slot of an id that is not gone.
func (g *segment) find(id string, hash uint32) (slot int, kept bool) {
	for place := int(hash) & (len(g.ids) - 1); g.ids[place] != 0; place = (place + 1) & (len(g.ids) - 1) {
		slot := int(g.ids[place]) - 1
		if g.gone(slot) {
			continue
		}
		if other, _ := g.record(slot); string(other) == id {
			return slot, true
		}
	}
	return 0, false
}

func hashID(id string) uint32 {
	h := uint64(wordSeed)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * prime
	}
	return finish(h)
}

func (g *segment) head(table int, sig *signature) *uint16 {
	buckets := len(g.heads) / tables
	return &g.heads[table*buckets+int(sig.bucket(table))&(buckets-1)]
}

// record returns what was added: id and simplified text, not to be changed.
func (g *segment) record(slot int) (id, text []byte) {
	end := len(g.bytes)
	if slot+1 < len(g.start) {
		end = int(g.start[slot+1])
	}
	record := g.bytes[g.start[slot]:end]
	length, n := binary.Uvarint(record)
	return record[n : n+int(length)], record[n+int(length):]
}

func (g *segment) gone(slot int) bool { return g.said[slot] == 0 }

func (g *segment) remove(slot int) {
	g.said[slot] = 0
	g.living--
}

// mostInBucket bounds how many texts of one bucket are looked at, newest
// first: a phrase that everyone uses, or a copy repeated thousands of times,
// must not slow all others down.
const mostInBucket = 16

// meet counts, by slot, the bands in which texts meet the signature; a whole
// signature counts as much as all of them. touched lists the slots that are
// not 0.
func (g *segment) meet(sig *signature, counts []uint8, touched []uint16) []uint16 {
	for table := range tables {
		worth := uint8(1)
		if table == whole {
			worth = bands
		}
		slot := *g.head(table, sig)
		for range mostInBucket {
			if slot == 0 {
				break
			}
			if counts[slot-1] == 0 {
				touched = append(touched, slot-1)
			}
			counts[slot-1] += worth
			slot = g.next[table*g.room+int(slot)-1]
		}
	}
	return touched
}

// seconds never returns 0, which stands for gone.
func seconds(at time.Time) uint32 { return uint32(min(max(at.Unix(), 1), 1<<32-1)) }
