package discordfake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxFiles = 10
	// addressLife is how long the signed address of a file is good for.
	addressLife = 24 * time.Hour
	// plainFiles and shortFiles begin the paths of files: those of messages, and
	// those that forms brought.
	plainFiles = "/attachments/"
	shortFiles = "/ephemeral-attachments/"
)

// stored is a file that Discord keeps, at a path that says its channel, ID and name.
type stored struct {
	id, name, path string
	data           []byte
}

// sent is a file that comes with a call.
type sent struct {
	name string
	data []byte
}

func (s *Server) store(prefix, channel string, f sent) *stored {
	kept := &stored{id: s.snowflake(), name: f.name, data: f.data}
	kept.path = prefix + channel + "/" + kept.id + "/" + kept.name
	s.files[kept.path] = kept
	return kept
}

// addressOf is where a file is for a day from now on.
func (s *Server) addressOf(f *stored) string {
	until := strconv.FormatInt(s.opts.Now().Add(addressLife).Unix(), 16)
	return "http://" + s.address + f.path + "?ex=" + until + "&hm=" + s.mark(f.path, until)
}

// mark signs an address.
func (s *Server) mark(path, until string) string {
	mac := hmac.New(sha256.New, s.private)
	fmt.Fprint(mac, path, "|", until)
	return hex.EncodeToString(mac.Sum(nil))
}

// serveFile is the CDN. A client that shows its token there gave it away.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") != "" {
		s.violate("a token was sent with GET %s", r.URL.Path)
	}
	kept, query := s.files[r.URL.Path], r.URL.Query()
	until, err := strconv.ParseInt(query.Get("ex"), 16, 64)
	signed := hmac.Equal([]byte(query.Get("hm")), []byte(s.mark(r.URL.Path, query.Get("ex"))))
	if kept == nil || err != nil || !signed || s.opts.Now().Unix() > until {
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", http.DetectContentType(kept.data))
	_, _ = w.Write(kept.data) // the client went away
}

// AddFile gives people a file that they can put into forms, by its name.
func (s *Server) AddFile(name string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owned[name] = data
}

// upload puts people's files into a field of a form. It returns their IDs, and
// adds what the form says of them to resolved.
func (s *Server) upload(channel string, names []string, f Field, resolved map[string]any) (ids []string, err error) {
	if len(names) > f.Max {
		return nil, fmt.Errorf("field %q takes %d files, not %d", f.Label, f.Max, len(names))
	}
	for _, name := range names {
		data, has := s.owned[name]
		switch {
		case !has:
			return nil, fmt.Errorf("nobody has a file %q", name)
		case len(data) > maxFileBytes:
			return nil, fmt.Errorf("%q is too large for Discord", name)
		case len(f.Types) > 0 && !slices.Contains(f.Types, strings.ToLower(path.Ext(name))):
			return nil, fmt.Errorf("field %q takes %v, not %q", f.Label, f.Types, name)
		}
		kept := s.store(shortFiles, channel, sent{strings.ReplaceAll(name, " ", "_"), data})
		ids = append(ids, kept.id)
		about := s.attachmentJSON(kept)
		about["ephemeral"] = true
		resolved[kept.id] = about
	}
	return ids, nil
}

// attachmentJSON is what Discord says of a file.
func (s *Server) attachmentJSON(f *stored) map[string]any {
	return map[string]any{"id": f.id, "filename": f.name, "size": len(f.data), "content_type": http.DetectContentType(f.data),
		"url": s.addressOf(f), "proxy_url": s.addressOf(f)}
}

// Attach puts a file on a message that somebody wrote.
func (s *Server) Attach(channelID, messageID, name string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.channels[channelID].find(messageID)
	m.attached = append(m.attached, s.store(plainFiles, channelID, sent{name, data}))
}

// attach works out which files a message has after a call, without touching
// anything. What a payload does not name is kept when the message is edited and
// nothing new comes (keeps), and goes otherwise.
func (s *Server) attach(m *message, body payload, files []sent, keeps bool) ([]*stored, *refusal) {
	if body.Attachments == nil {
		if keeps && len(files) == 0 {
			return m.attached, nil
		}
		for i, f := range files {
			body.Attachments = append(body.Attachments, attachment{ID: []byte(strconv.Itoa(i)), Name: f.name})
		}
	}
	var all []*stored
	fresh := 0
	for _, a := range body.Attachments {
		if old := m.file(a.id()); old != nil {
			if a.Name != "" {
				return nil, refuse(400, 50035, "attachment %s: its name cannot be changed", old.id)
			}
			all = append(all, old)
			continue
		}
		n, err := strconv.Atoi(a.id())
		if err != nil || n != fresh || n >= len(files) || files[n].name != a.Name || chars(a.Description) > 1024 {
			return nil, refuse(400, 50035, "attachment %s %q: neither there nor sent, or described in more than 1024 characters", a.id(), a.Name)
		}
		if called(all, a.Name) != nil {
			return nil, refuse(400, 50035, "attachment %q: two of this name", a.Name)
		}
		all = append(all, &stored{name: a.Name, data: files[n].data})
		fresh++
	}
	if fresh != len(files) || len(all) > maxFiles {
		return nil, refuse(400, 50035, "attachments: %d files sent, %d of them named, %d in all", len(files), fresh, len(all))
	}
	return all, nil
}

// settle stores what is new in a message, and lets go of what it has no longer.
func (s *Server) settle(m *message, files []*stored) {
	for _, old := range m.attached {
		if !slices.Contains(files, old) {
			delete(s.files, old.path)
		}
	}
	for i, f := range files {
		if f.id == "" {
			files[i] = s.store(plainFiles, m.channel, sent{f.name, f.data})
		}
	}
	m.attached = files
}

// file finds a file of a message by its ID.
func (m *message) file(id string) *stored {
	for _, f := range m.attached {
		if f.id == id {
			return f
		}
	}
	return nil
}

// called finds a file by its name, as "attachment://name" does.
func called(files []*stored, name string) *stored {
	for _, f := range files {
		if f.name == name {
			return f
		}
	}
	return nil
}

// at finds a file by its address.
func at(files []*stored, address string) *stored {
	for _, f := range files {
		if u, err := url.Parse(address); err == nil && f.path != "" && u.Path == f.path {
			return f
		}
	}
	return nil
}
