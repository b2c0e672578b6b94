package drafting

import (
	"context"
	"time"

	"crieur/bot/content"
	"crieur/bot/state"
)

// Stage is where a draft stands for its author.
type Stage string

const (
	Private Stage = "private" // seen by its author alone
	Asked   Stage = "asked"   // sent for approval; every edit asks again
	Deleted Stage = "deleted"
)

// Draft is a message to say, with one text for each account.
type Draft struct {
	ID     string `json:"id"`
	Brand  string `json:"brand"`
	Author string `json:"author"`
	Title  string `json:"title"`
	// Base is the text of every account that has none of its own in Texts.
	Base     string            `json:"base"`
	Texts    map[string]string `json:"texts,omitempty"`
	Accounts []string          `json:"accounts"`
	// Worded are the accounts whose own text a model proposed.
	Worded []string `json:"worded,omitempty"`
	// Threads are the accounts where a long text leaves as numbered posts.
	Threads []string        `json:"threads,omitempty"`
	Media   []content.Media `json:"media,omitempty"`
	// Awaited are the pictures that are on their way, or did not come.
	Awaited []Arrival    `json:"awaited,omitempty"`
	Slot    content.Slot `json:"slot,omitzero"`
	Stage   Stage        `json:"stage"`
	// Number counts the versions; each one before it is kept.
	Number int       `json:"number"`
	At     time.Time `json:"at"` // of the last change
	By     string    `json:"by"`
	// Echo is what it is too close to, nil for nothing.
	Echo *Echo `json:"echo,omitempty"`
	// Links are what became of the links that were tried, by address.
	Links map[string]LinkState `json:"links,omitempty"`
}

// LinkState is how a link answered.
type LinkState struct {
	OK     bool      `json:"ok"`
	Reason string    `json:"reason,omitempty"` // catalog key
	At     time.Time `json:"at"`
}

var (
	drafts   = state.Table[Draft]{Kind: "draft", Schema: 1, Keep: state.KeepPosts}
	versions = state.Table[Draft]{Kind: "draftversion", Schema: 1, Keep: state.KeepPosts}
)

// mine is the index of a member's living drafts by last change.
func mine(member string) string { return "drafts:" + member }

// Get reads a draft.
func Get(ctx context.Context, tx *state.Tx, id string) (Draft, bool, error) {
	return drafts.Get(ctx, tx, id)
}

// put records a new version and keeps it beside the newest one.
func put(ctx context.Context, tx *state.Tx, d Draft) error {
	key := versionKey(d)
	if _, _, err := versions.Get(ctx, tx, key); err != nil {
		return err
	}
	if err := versions.Put(tx, key, d); err != nil {
		return err
	}
	mark := state.Mark{Index: mine(d.Author), Member: d.ID, Score: d.At.UnixMilli(), Remove: d.Stage == Deleted}
	return drafts.Put(tx, d.ID, d, mark)
}

func versionKey(d Draft) string { return d.ID + "." + itoa(d.Number) }
