package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/outbox"
)

// maxFiles is how many uploads are kept; the oldest go first.
const maxFiles = 24

// Where pictures are shown: what was uploaded for a form, by a secret, and what
// is kept for good, by its digest.
const (
	uploadsAt  = "/files/"
	picturesAt = "/pictures/"
)

// file is something that a person put into a form. Its Ref is the path at which
// the form shows it.
type file struct {
	bot.Upload
	data []byte
}

// upload takes one picture for a form and answers with its path.
func (c *Console) upload(w http.ResponseWriter, req *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, req.Body, content.MaxFile))
	if err != nil {
		http.Error(w, "At most "+strconv.Itoa(content.MaxFile)+" bytes.", http.StatusRequestEntityTooLarge)
		return
	}
	kind, ok := content.TypeOf(data)
	if !ok {
		http.Error(w, "Not a picture: "+kind+".", http.StatusUnsupportedMediaType)
		return
	}
	up := bot.Upload{
		Ref:  uploadsAt + c.secret(),
		Name: bot.Clip(strings.ToValidUTF8(req.URL.Query().Get("name"), ""), 200),
		Type: kind, Size: int64(len(data)),
	}
	c.room.mu.Lock()
	c.room.files.put(up.Ref, file{up, data})
	c.room.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, err := io.WriteString(w, up.Ref); err != nil {
		return // the reader went away
	}
}

// uploaded finds what was uploaded under a path.
func (c *Console) uploaded(ref string) (file, bool) {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	return c.room.files.get(ref)
}

// brought are the uploads that the values of a form name, in the order of its
// fields; what is not kept any more is left out.
func (c *Console) brought(form bot.Form, values map[string][]string) []bot.Upload {
	var all []bot.Upload
	for _, field := range form.Fields {
		if field.Kind != bot.File {
			continue
		}
		for _, ref := range values[field.ID] {
			if kept, found := c.uploaded(ref); found {
				all = append(all, kept.Upload)
			}
		}
	}
	return all
}

// Fetch implements bot.Fetcher. An upload is there until maxFiles others came
// after it, or the process ended.
func (c *Console) Fetch(_ context.Context, _ string, up bot.Upload, most int64) ([]byte, error) {
	kept, found := c.uploaded(up.Ref)
	if !found {
		return nil, &outbox.Error{Fault: outbox.Gone, Reason: "console.file_gone", Err: fmt.Errorf("fetch upload %q: there is none", up.Name)}
	}
	return kept.data[:min(int64(len(kept.data)), most+1)], nil
}

// download shows an upload to the form that it is for.
func (c *Console) download(w http.ResponseWriter, req *http.Request) {
	kept, found := c.uploaded(uploadsAt + req.PathValue("id"))
	if !found {
		c.notFound(w, req)
		return
	}
	serveBytes(w, kept.data)
}

// source is where the page finds a picture that is kept; empty if pictures are
// not kept here.
func (c *Console) source(digest string) string {
	if digest == "" || c.opts.Files == nil {
		return ""
	}
	return picturesAt + url.PathEscape(digest)
}

// picture serves a picture of a card or a post. Its bytes never change, so a
// card that is drawn anew does not fetch it again.
func (c *Console) picture(w http.ResponseWriter, req *http.Request) {
	data, err := c.kept(req.Context(), req.PathValue("digest"))
	switch {
	case errors.Is(err, content.ErrNoFile):
		c.notFound(w, req)
		return
	case err != nil:
		c.log.Warn("show console picture", "error", err)
		http.Error(w, "The picture can't be read now.", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	serveBytes(w, data)
}

func (c *Console) kept(ctx context.Context, digest string) ([]byte, error) {
	if c.opts.Files == nil {
		return nil, content.ErrNoFile
	}
	file, err := c.opts.Files.Open(ctx, digest)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // read-only
	return io.ReadAll(file)
}

// serveBytes serves a picture, and nothing that a browser could run.
func serveBytes(w http.ResponseWriter, data []byte) {
	kind, ok := content.TypeOf(data)
	if !ok {
		kind = "application/octet-stream"
		w.Header().Set("Content-Disposition", "attachment")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	if _, err := w.Write(data); err != nil {
		return // the reader went away
	}
}
