// Package contenttest has what the pictures of posts are tested with: a store in
// memory and what every store must do.
package contenttest

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"

	"crieur/bot/content"
)

// Files is a store in memory. The zero value is ready.
type Files struct {
	mu   sync.Mutex
	kept map[string][]byte
}

// Put implements content.Files.
func (f *Files) Put(_ context.Context, data []byte) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = map[string][]byte{}
	}
	digest := content.Digest(data)
	f.kept[digest] = bytes.Clone(data)
	return digest, nil
}

// Open implements content.Files.
func (f *Files) Open(_ context.Context, digest string) (io.ReadCloser, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, found := f.kept[digest]
	if !found {
		return nil, fmt.Errorf("open %s: %w", digest, content.ErrNoFile)
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// PNG is a picture of one pixel.
func PNG() []byte {
	data, err := base64.StdEncoding.DecodeString(
		"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	if err != nil {
		panic(err)
	}
	return data
}

// Run checks a store.
func Run(t *testing.T, files content.Files) {
	t.Helper()
	for range 2 { // the same bytes twice are one file
		digest, err := files.Put(t.Context(), PNG())
		if err != nil || digest != content.Digest(PNG()) {
			t.Fatalf("put: %s, %v", digest, err)
		}
	}
	file, err := files.Open(t.Context(), content.Digest(PNG()))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if data, err := io.ReadAll(file); err != nil || !bytes.Equal(data, PNG()) {
		t.Errorf("read %d bytes, %v", len(data), err)
	}
	if _, err := files.Open(t.Context(), content.Digest(nil)); !errors.Is(err, content.ErrNoFile) {
		t.Errorf("open what is not there: %v", err)
	}
}
