package bottest

import (
	"context"
	"fmt"
	"strings"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/content/contenttest"
	"crieur/bot/outbox"
)

// Picture is what a script puts into a field for a file: "@thé.png" is the
// picture of contenttest under that name; ok is false for anything else, which
// leaves the field empty.
func Picture(value string) (name string, data []byte, ok bool) {
	name, ok = strings.CutPrefix(value, "@")
	return name, contenttest.PNG(), ok
}

// upload takes a file from somebody.
func (f *Fake) upload(name string, data []byte) bot.Upload {
	kind, _ := content.TypeOf(data)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	file := bot.Upload{Ref: fmt.Sprint("file", f.count), Name: name, Type: kind, Size: int64(len(data))}
	f.uploads[file.Ref] = data
	return file
}

// Fetch implements bot.Fetcher.
func (f *Fake) Fetch(_ context.Context, _ string, file bot.Upload, most int64) ([]byte, error) {
	if err := f.fails("fetch"); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	data, found := f.uploads[file.Ref]
	if !found {
		return nil, &outbox.Error{Fault: outbox.Gone, Err: fmt.Errorf("fetch %s: no such upload", file.Ref)}
	}
	return data[:min(int64(len(data)), most+1)], nil
}
