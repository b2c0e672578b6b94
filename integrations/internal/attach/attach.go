// Package attach fetches the media of a part for the publishers and makes sure
// that they are the approved ones. It does not know where files are kept: the
// application gives a Files.
package attach

import (
	"context"
	"fmt"
	"io"
	"maps"
	"strconv"
	"sync"
	"time"

	"crieur/bot/content"
	"crieur/bot/outbox"
)

// Files opens the bytes of a media by its digest.
type Files interface {
	Open(ctx context.Context, digest string) (io.ReadCloser, error)
}

// Limits are what a network takes.
type Limits struct {
	Name  string // the network, as people say it
	Count int    // media in one post
	Alt   int    // runes of an alternative text, 0 for no limit
	Bytes int64  // of one file
}

// Refuse says that a part cannot leave as it is; arguments come in pairs.
func Refuse(reason, name string, err error, args ...string) *outbox.Error {
	e := &outbox.Error{Fault: outbox.Rejected, Reason: "network." + reason, Args: map[string]string{"Name": name}, Err: err}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
	}
	return e
}

// Check refuses, before anything left, media that the network would refuse.
func Check(media []content.Media, limits Limits) error {
	if len(media) > limits.Count {
		return Refuse("too_many_media", limits.Name, fmt.Errorf("%d media", len(media)), "Max", strconv.Itoa(limits.Count))
	}
	for _, m := range media {
		if runes := len([]rune(m.Alt)); limits.Alt > 0 && runes > limits.Alt {
			return Refuse("alt_too_long", limits.Name, fmt.Errorf("alt text of %d", runes), "File", m.Name, "Max", strconv.Itoa(limits.Alt))
		}
		if m.Size > limits.Bytes {
			return tooBig(m, limits)
		}
	}
	return nil
}

// Read returns the bytes of one media; their digest is checked, because the
// approval was given to these bytes.
func Read(ctx context.Context, files Files, m content.Media, limits Limits) ([]byte, error) {
	if files == nil {
		return nil, Refuse("media_missing", limits.Name, fmt.Errorf("open media %s: no store", m.Digest), "File", m.Name)
	}
	file, err := files.Open(ctx, m.Digest)
	if err != nil {
		return nil, Refuse("media_missing", limits.Name, fmt.Errorf("open media %s: %w", m.Digest, err), "File", m.Name)
	}
	defer file.Close() //nolint:errcheck // read-only
	data, err := io.ReadAll(io.LimitReader(file, limits.Bytes+1))
	if err != nil {
		return nil, &outbox.Error{Fault: outbox.Temporary, Reason: "network.media_missing",
			Args: map[string]string{"Name": limits.Name, "File": m.Name}, Err: fmt.Errorf("read media %s: %w", m.Digest, err)}
	}
	if int64(len(data)) > limits.Bytes {
		return nil, tooBig(m, limits)
	}
	if content.Digest(data) != m.Digest {
		return nil, Refuse("changed", limits.Name, fmt.Errorf("media %s has other bytes", m.Digest))
	}
	return data, nil
}

func tooBig(m content.Media, limits Limits) error {
	size := strconv.FormatFloat(float64(limits.Bytes/100_000)/10, 'f', -1, 64)
	return Refuse("media_too_big", limits.Name, fmt.Errorf("media %s is larger than %d bytes", m.Digest, limits.Bytes),
		"File", m.Name, "Size", size)
}

// Harmless turns the failure of an upload, which nobody sees, into one that can
// simply be tried again.
func Harmless(err *outbox.Error) *outbox.Error {
	if err.Fault != outbox.Ambiguous {
		return err
	}
	changed := *err
	changed.Fault, changed.Reason = outbox.Temporary, "network.unreachable"
	return &changed
}

// keepFor is how long an upload that no post has used yet is believed to be
// there; networks throw such uploads away after some hours.
const keepFor = 30 * time.Minute

// Uploads remembers what was uploaded, so that an attempt that ran out of time
// goes on where it stopped. The zero value is ready.
type Uploads struct {
	mu   sync.Mutex
	kept map[string]upload
}

type upload struct {
	ref string
	at  time.Time
}

// Ref returns the network's own reference of an upload of this media with this
// alternative text, empty if there is none. The scope is the order where an
// upload serves one post only, else empty.
func (u *Uploads) Ref(scope string, m content.Media, now time.Time) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	known, ok := u.kept[key(scope, m)]
	if !ok || now.Sub(known.at) > keepFor {
		return ""
	}
	return known.ref
}

// Keep remembers an upload and forgets those that are too old.
func (u *Uploads) Keep(scope string, m content.Media, ref string, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	maps.DeleteFunc(u.kept, func(_ string, known upload) bool { return now.Sub(known.at) > keepFor })
	if u.kept == nil {
		u.kept = map[string]upload{}
	}
	u.kept[key(scope, m)] = upload{ref, now}
}

// Forget lets go of uploads that a post has used up.
func (u *Uploads) Forget(scope string, media []content.Media) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, m := range media {
		delete(u.kept, key(scope, m))
	}
}

func key(scope string, m content.Media) string { return scope + "\n" + m.Digest + "\n" + m.Alt }
