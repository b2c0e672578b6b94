package bottest

import (
	"context"
	"strings"

	"crieur/bot"
	"crieur/bot/content/contenttest"
)

// upload is the picture that "@name" stands for in a form: one of a pixel.
func upload(value string) bot.Upload {
	return bot.Upload{Ref: value, Name: strings.TrimPrefix(value, "@"), Type: "image/png", Size: int64(len(contenttest.PNG()))}
}

// Fetch implements bot.Fetcher. The bytes end in the name, so that each name is
// another picture; what is not called a picture is none.
func (f *Fake) Fetch(_ context.Context, _ string, file bot.Upload, _ int64) ([]byte, error) {
	if err := f.fails("fetch"); err != nil {
		return nil, err
	}
	if !strings.HasSuffix(file.Name, ".png") {
		return []byte(file.Name), nil
	}
	return append(contenttest.PNG(), file.Name...), nil
}
