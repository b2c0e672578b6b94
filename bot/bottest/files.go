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

// Picture is what a script puts into a field for a file: "@thé.png" is a picture
// of one pixel under that name, and each name another one; "@film.mp4" is none.
// Anything else is no file: ok is false, and the field stays empty.
func Picture(value string) (name string, data []byte, ok bool) {
	name, ok = strings.CutPrefix(value, "@")
	if !strings.HasSuffix(name, ".png") {
		return name, []byte(name), ok
	}
	return name, append(contenttest.PNG(), name...), ok
}

// uploaded is what a chat application says of a file.
func uploaded(ref, name string, data []byte) bot.Upload {
	kind, _ := content.TypeOf(data)
	return bot.Upload{Ref: ref, Name: name, Type: kind, Size: int64(len(data))}
}

// Fetch implements bot.Fetcher. A Ref is what the script said, so that every
// process finds it.
func (f *Fake) Fetch(_ context.Context, _ string, file bot.Upload, most int64) ([]byte, error) {
	if err := f.fails("fetch"); err != nil {
		return nil, err
	}
	_, data, ok := Picture(file.Ref)
	if !ok {
		return nil, &outbox.Error{Fault: outbox.Gone, Err: fmt.Errorf("fetch %s: no such upload", file.Ref)}
	}
	return data[:min(int64(len(data)), most+1)], nil
}
