package redis

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/content"
)

// keepFiles is how long a picture stays after it was last given: longer than a
// post is planned ahead.
const keepFiles = 400 * 24 * time.Hour

// Files keeps the bytes of pictures, in the space of their store. What is put is
// there before anything names its digest, so a process that dies in between
// leaves at worst a picture that nothing shows.
type Files struct {
	client goredis.UniversalClient
	keys   keys
}

// Files returns the pictures of the space.
func (s *Store) Files() *Files { return &Files{s.client, s.keys} }

// Put implements content.Files.
func (f *Files) Put(ctx context.Context, data []byte) (string, error) {
	digest := content.Digest(data)
	if err := f.client.Set(ctx, f.keys.file(digest), data, keepFiles).Err(); err != nil {
		return "", fmt.Errorf("keep file %s: %w", digest, err)
	}
	return digest, nil
}

// Open implements content.Files.
func (f *Files) Open(ctx context.Context, digest string) (io.ReadCloser, error) {
	data, err := f.client.Get(ctx, f.keys.file(digest)).Bytes()
	switch {
	case isNil(err):
		return nil, fmt.Errorf("open file %s: %w", digest, content.ErrNoFile)
	case err != nil:
		return nil, fmt.Errorf("open file %s: %w", digest, err)
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}
