// Package attach fetches the media of a part for the publishers and makes sure
// that they are the approved ones. It does not know where files are kept: the
// application gives a Files.
package attach

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"

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
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != m.Digest {
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
