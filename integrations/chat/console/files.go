package console

import (
	"io"
	"net/http"
	"strconv"
)

const (
	maxFiles = 24
	maxFile  = 8 << 20 // bytes of one upload
)

// file is something that a person put into a form.
type file struct {
	kind string
	data []byte
}

// Keep stores bytes for as long as there is room (24 files) and returns the
// path at which the workspace shows them, for a card's picture.
func (c *Console) Keep(kind string, data []byte) (path string) {
	id := c.secret()
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	c.room.files.put(id, file{kind, data})
	return "/files/" + id
}

// upload takes one picture for a form and answers with its path.
func (c *Console) upload(w http.ResponseWriter, req *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxFile))
	if err != nil {
		http.Error(w, "At most "+strconv.Itoa(maxFile)+" bytes.", http.StatusRequestEntityTooLarge)
		return
	}
	kind := http.DetectContentType(data) // what the bytes are, whatever their name says
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, err := io.WriteString(w, c.Keep(kind, data)); err != nil {
		return // the reader went away
	}
}

func (c *Console) download(w http.ResponseWriter, req *http.Request) {
	c.room.mu.Lock()
	kept, found := c.room.files.get(req.PathValue("id"))
	c.room.mu.Unlock()
	if !found {
		c.notFound(w, req)
		return
	}
	serveBytes(w, kept.kind, kept.data)
}
