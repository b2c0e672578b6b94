package redis

import (
	"crieur/bot/state"
	"crieur/bot/work"
)

// keys makes the keys of one space.
type keys struct{ prefix string }

func keysOf(space string) keys { return keys{"cr:{" + space + "}:"} }

func (k keys) record(key state.Key) string { return k.prefix + "r:" + key.String() }
func (k keys) index(name string) string    { return k.prefix + "x:" + name }
func (k keys) cause(cause string) string   { return k.prefix + "c:" + cause }
func (k keys) seen(key string) string      { return k.prefix + "seen:" + key }
func (k keys) seq() string                 { return k.prefix + "seq" }
func (k keys) gap() string                 { return k.prefix + "gap" }
func (k keys) due() string                 { return k.prefix + "due" }
func (k keys) dueItems() string            { return k.prefix + "dueitems" }
func (k keys) lane(l work.Lane) string     { return k.prefix + l.String() }
func (k keys) lease(l work.Lane) string    { return k.prefix + "lease:" + l.String() }
func (k keys) effect(id string) string     { return k.prefix + "e:" + id }
func (k keys) file(digest string) string   { return k.prefix + "f:" + digest }
func (k keys) audit() string               { return k.prefix + "audit" }
func (k keys) chain() string               { return k.prefix + "chain" }
func (k keys) salts() string               { return k.prefix + "salts" }
func (k keys) restoring() string           { return k.prefix + "restoring" }
func (k keys) sealLease() string           { return k.prefix + "lease:seal" }
func (k keys) sessions() string            { return k.prefix + "sessions" }
func (k keys) session(id string) string    { return k.prefix + "session:" + id }
func (k keys) sessionLease(id string) string {
	return k.prefix + "lease:session:" + id
}

func lanes(direction work.Direction) []work.Lane {
	all := make([]work.Lane, work.Lanes)
	for i := range all {
		all[i] = work.Lane{Direction: direction, Number: i}
	}
	return all
}
