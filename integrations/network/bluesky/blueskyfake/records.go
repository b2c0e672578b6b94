package blueskyfake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

const postType = "app.bsky.feed.post"

var tid = regexp.MustCompile(`^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$`)

func (f *Server) putRecord(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Repo, Collection, Rkey string
		Record                 json.RawMessage
		SwapRecord             json.RawMessage `json:"swapRecord"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuse(w, 400, "InvalidRequest", "unreadable input")
		return
	}
	if in.Repo != f.DID || in.Collection != postType || !tid.MatchString(in.Rkey) {
		refuse(w, 400, "InvalidRequest", "Invalid repo, collection or record key")
		return
	}
	if why := f.problem(in.Record); why != "" {
		refuse(w, 400, "InvalidRequest", "Invalid app.bsky.feed.post record: "+why)
		return
	}
	uri := "at://" + f.DID + "/" + postType + "/" + in.Rkey
	current, exists := f.records[uri]
	if exists && current.CID == cid(in.Record) { // identical: nothing to do
		answer(w, map[string]any{"uri": uri, "cid": current.CID, "validationStatus": "valid"})
		return
	}
	if swap := string(in.SwapRecord); swap != "" && !f.IgnoresSwap {
		if (swap == "null") == exists || (exists && swap != `"`+current.CID+`"`) {
			refuse(w, 400, "InvalidSwap", "Record was at another version")
			return
		}
	}
	stored := f.store(uri, in.Record)
	answer(w, map[string]any{"uri": uri, "cid": stored.CID, "validationStatus": "valid"})
}

func (f *Server) store(uri string, value json.RawMessage) *Record {
	var post struct{ Text string }
	if err := json.Unmarshal(value, &post); err != nil {
		panic(err)
	}
	writes := 1
	if old, ok := f.records[uri]; ok {
		writes = old.Writes + 1
	} else {
		f.order = append(f.order, uri)
	}
	f.records[uri] = &Record{URI: uri, CID: cid(value), Text: post.Text, Value: value, Writes: writes}
	return f.records[uri]
}

func cid(value []byte) string {
	sum := sha256.Sum256(value)
	return "bafyrei" + hex.EncodeToString(sum[:16])
}

// record is what the lexicon says of a post, as far as the adapter may use it.
type record struct {
	Type      string `json:"$type"`
	Text      *string
	CreatedAt string
	Langs     []string
	Facets    []struct {
		Index    struct{ ByteStart, ByteEnd int }
		Features []struct {
			Type          string `json:"$type"`
			URI, DID, Tag string
		}
	}
	Reply *struct{ Root, Parent struct{ URI, CID string } }
	Embed *struct {
		Type   string `json:"$type"`
		Images []struct {
			Alt   *string
			Image struct {
				Type string `json:"$type"`
				Ref  struct {
					Link string `json:"$link"`
				}
				MimeType string
				Size     int
			}
		}
	}
}

// problem says why the server refuses a post.
func (f *Server) problem(value json.RawMessage) string {
	var post record
	if err := json.Unmarshal(value, &post); err != nil {
		return err.Error()
	}
	if post.Type != postType || post.Text == nil {
		return "Record/$type or Record/text is missing"
	}
	if _, err := time.Parse(time.RFC3339, post.CreatedAt); err != nil {
		return "Record/createdAt must be a datetime"
	}
	if uniseg.GraphemeClusterCount(*post.Text) > 300 {
		return "Record/text must not be longer than 300 graphemes"
	}
	if len(*post.Text) > 3000 {
		return "Record/text must not be longer than 3000 bytes"
	}
	if len(post.Langs) > 3 {
		return "Record/langs must not have more than 3 elements"
	}
	if why := facetProblem(*post.Text, post); why != "" {
		return why
	}
	if post.Reply != nil {
		for _, to := range []struct{ URI, CID string }{post.Reply.Root, post.Reply.Parent} {
			if known, ok := f.records[to.URI]; !ok || known.CID != to.CID {
				return fmt.Sprintf("reply to %s (%s), which is not there", to.URI, to.CID)
			}
		}
	}
	return f.embedProblem(post)
}

func facetProblem(text string, post record) string {
	for _, facet := range post.Facets {
		start, end := facet.Index.ByteStart, facet.Index.ByteEnd
		if start < 0 || end <= start || end > len(text) || !utf8.ValidString(text[:start]) || !utf8.ValidString(text[:end]) {
			return fmt.Sprintf("facet %d-%d is not a stretch of the text", start, end)
		}
		for _, feature := range facet.Features {
			kind, ok := strings.CutPrefix(feature.Type, "app.bsky.richtext.facet#")
			set := map[string]string{"link": feature.URI, "mention": feature.DID, "tag": feature.Tag}[kind]
			if !ok || set == "" || uniseg.GraphemeClusterCount(feature.Tag) > 64 {
				return "facet feature of a wrong shape: " + feature.Type
			}
		}
	}
	return ""
}

func (f *Server) embedProblem(post record) string {
	if post.Embed == nil {
		return ""
	}
	if post.Embed.Type != "app.bsky.embed.images" || len(post.Embed.Images) == 0 || len(post.Embed.Images) > 4 {
		return "Record/embed/images must have 1 to 4 elements"
	}
	for _, image := range post.Embed.Images {
		if image.Alt == nil {
			return `Record/embed/images must have the property "alt"`
		}
		if mime, ok := f.blobs[image.Image.Ref.Link]; !ok || image.Image.Type != "blob" || mime != image.Image.MimeType {
			return "Could not find blob: " + image.Image.Ref.Link
		}
	}
	return ""
}

func (f *Server) getRecord(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	uri := "at://" + q.Get("repo") + "/" + q.Get("collection") + "/" + q.Get("rkey")
	known, ok := f.records[uri]
	if !ok {
		refuse(w, 400, "RecordNotFound", "Could not locate record: "+uri)
		return
	}
	answer(w, map[string]any{"uri": known.URI, "cid": known.CID, "value": known.Value})
}

func (f *Server) deleteRecord(w http.ResponseWriter, r *http.Request) {
	var in struct{ Repo, Collection, Rkey string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Repo != f.DID {
		refuse(w, 400, "InvalidRequest", "not this repo")
		return
	}
	delete(f.records, "at://"+in.Repo+"/"+in.Collection+"/"+in.Rkey)
	answer(w, map[string]any{})
}

func (f *Server) uploadBlob(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	mime := r.Header.Get("Content-Type")
	switch {
	case err != nil || len(data) == 0:
		refuse(w, 400, "InvalidRequest", "no bytes")
	case len(data) > 1_000_000:
		refuse(w, 400, "BlobTooLarge", "This file is too large")
	case http.DetectContentType(data) != mime:
		refuse(w, 400, "InvalidMimeType", "Wrong mimetype")
	default:
		link := "bafkrei" + cid(data)[7:]
		f.blobs[link] = mime
		answer(w, map[string]any{"blob": map[string]any{"$type": "blob", "ref": map[string]string{"$link": link}, "mimeType": mime, "size": len(data)}})
	}
}
