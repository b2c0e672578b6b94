package redis

import (
	"encoding/json"
	"strconv"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// step is a commit as script/commit.lua reads it.
type step struct {
	Keep    string     `json:"keep"`
	High    string     `json:"high"`
	Result  string     `json:"result,omitempty"`
	Guards  [][]string `json:"guards,omitempty"`
	Writes  [][]string `json:"writes,omitempty"`
	Marks   [][]string `json:"marks,omitempty"`
	Audit   []string   `json:"audit,omitempty"`
	Effects [][]string `json:"effects,omitempty"`
	Dues    [][]string `json:"dues,omitempty"`
	Items   [][]string `json:"items,omitempty"`
	Receipt []string   `json:"receipt,omitempty"`
	Ack     []string   `json:"ack,omitempty"`

	keys    []string
	at      map[string]string // key to its position in keys
	records map[int]state.Key // position to the record there
}

func stepOf(k keys, c state.Commit, high int64) *step {
	s := &step{
		Keep: ms(work.Remember), High: strconv.FormatInt(high, 10), Result: string(c.Result),
		keys:    []string{k.cause(c.Cause), k.seq(), k.due(), k.dueItems(), k.audit()},
		at:      map[string]string{},
		records: map[int]state.Key{},
	}
	for _, g := range c.Guards {
		s.Guards = append(s.Guards, []string{s.record(k, g.Key), strconv.FormatInt(g.Rev, 10)})
	}
	for _, w := range c.Writes {
		s.write(k, w)
	}
	for _, entry := range c.Audit {
		s.Audit = append(s.Audit, encode(entry))
	}
	for _, e := range c.Effects {
		item := work.Item{ID: e.ID, Conversation: e.Destination, Topic: "effect", At: c.Now}
		s.Effects = append(s.Effects, []string{
			s.key(k.effect(e.ID)), s.key(k.lane(e.Lane())), e.ID, encode(e), encode(item)})
	}
	for _, due := range c.Dues {
		s.due(due)
	}
	for _, item := range c.Items {
		lane := work.LaneOf(work.In, item.Conversation)
		s.Items = append(s.Items, []string{s.key(k.lane(lane)), encode(item)})
	}
	if c.Receipt != nil {
		s.Receipt = []string{s.key(k.effect(c.Receipt.Effect)), string(c.Receipt.Status),
			encode(*c.Receipt), ms(keepEffects)}
	}
	if c.Ack != nil {
		s.Ack = []string{s.key(k.lane(c.Ack.Lane)), c.Ack.Entry}
	}
	return s
}

// key returns the position of a key, adding it when it is new.
func (s *step) key(key string) string {
	if at, ok := s.at[key]; ok {
		return at
	}
	s.keys = append(s.keys, key)
	s.at[key] = strconv.Itoa(len(s.keys))
	return s.at[key]
}

func (s *step) record(k keys, key state.Key) string {
	at := s.key(k.record(key))
	number, _ := strconv.Atoi(at) // made by key, so it is a number
	s.records[number] = key
	return at
}

func (s *step) write(k keys, w state.Write) {
	how := ""
	switch {
	case w.Delete:
		how = "d"
	case w.Blind:
		how = "b"
	}
	s.Writes = append(s.Writes, []string{
		s.record(k, w.Key), strconv.FormatInt(w.Rev, 10), string(w.Data), ms(w.Keep), how})
	for _, mark := range w.Index {
		score := strconv.FormatInt(mark.Score, 10)
		if mark.Remove {
			score = ""
		}
		s.Marks = append(s.Marks, []string{s.key(k.index(mark.Index)), mark.Member, score})
	}
}

func (s *step) due(due work.Due) {
	if due.At.IsZero() {
		s.Dues = append(s.Dues, []string{due.Key, "", "", ""})
		return
	}
	item := due.Item
	item.ID, item.At = work.DueID(due.Key, due.At), due.At
	lane := work.LaneOf(work.In, item.Conversation)
	s.Dues = append(s.Dues, []string{
		due.Key, strconv.FormatInt(due.At.UnixMilli(), 10), strconv.Itoa(lane.Number), encode(item)})
}

// encode is for our own types, which always encode.
func encode(v any) string { return string(encoded(v)) }

func encoded(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("encode for redis: " + err.Error())
	}
	return data
}

func decodeItem(text string) (item work.Item, err error) {
	err = json.Unmarshal([]byte(text), &item)
	return item, err
}

func decodeEffect(text string) (effect outbox.Effect, err error) {
	err = json.Unmarshal([]byte(text), &effect)
	return effect, err
}

func ms(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
