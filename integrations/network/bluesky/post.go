package bluesky

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // so that the shape of an image is known
	_ "image/jpeg" // before it is shown
	_ "image/png"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"

	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/integrations/internal/attach"
)

// post is the record of app.bsky.feed.post.
type post struct {
	Type      string     `json:"$type"`
	Text      string     `json:"text"`
	CreatedAt string     `json:"createdAt"`
	Langs     []string   `json:"langs,omitempty"`
	Facets    []Facet    `json:"facets,omitempty"`
	Reply     *replyRefs `json:"reply,omitempty"`
	Embed     *embed     `json:"embed,omitempty"`
}

type ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

type replyRefs struct {
	Root   ref `json:"root"`
	Parent ref `json:"parent"`
}

type embed struct {
	Type   string       `json:"$type"`
	Images []imageEmbed `json:"images"`
}

type imageEmbed struct {
	Alt         string          `json:"alt"`
	Image       json.RawMessage `json:"image"`
	AspectRatio *aspect         `json:"aspectRatio,omitempty"`
}

type aspect struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// record is what getRecord answers.
type record struct {
	ref
	Value struct {
		Text  string     `json:"text"`
		Reply *replyRefs `json:"reply"`
	} `json:"value"`
}

const (
	// The time inside a record key made from an order: any in these three years.
	// It orders nothing for readers, who see createdAt; a plausible past is what
	// no server has a reason to refuse.
	keyFrom  = 1_672_531_200_000_000 // 2023-01-01, microseconds
	keySpan  = 94_694_400_000_000    // until 2026-01-01
	alphabet = "234567abcdefghijklmnopqrstuvwxyz"
)

// RecordKey is the key (a TID) of the n-th post of an order, always the same.
func RecordKey(order string, n int) string {
	sum := sha256.Sum256([]byte("bluesky\n" + order + "\n" + strconv.Itoa(n)))
	at := keyFrom + binary.BigEndian.Uint64(sum[:8])%keySpan
	bits := at<<10 | uint64(binary.BigEndian.Uint16(sum[8:10])&0x3ff)
	var key [13]byte
	for i := len(key) - 1; i >= 0; i-- {
		key[i] = alphabet[bits&31]
		bits >>= 5
	}
	return string(key[:])
}

// parseURI parts at://did/app.bsky.feed.post/rkey.
func parseURI(uri string) (repo, rkey string, ok bool) {
	parts := strings.Split(strings.TrimPrefix(uri, "at://"), "/")
	if !strings.HasPrefix(uri, "at://") || len(parts) != 3 || parts[0] == "" || parts[1] != collection || parts[2] == "" {
		return "", "", false
	}
	return parts[0], parts[2], true
}

// check refuses what is not what was approved and what the network would not take.
func (p *Publisher) check(order content.Order) error {
	name := p.config.Name
	if err := order.Check(); err != nil {
		return attach.Refuse("changed", name, err)
	}
	if len(order.Part.Posts) == 0 {
		return attach.Refuse("empty", name, errors.New("no text"))
	}
	for _, text := range order.Part.Posts {
		if n := uniseg.GraphemeClusterCount(text); n > MaxGraphemes {
			return attach.Refuse("too_long", name, fmt.Errorf("%d graphemes", n),
				"Over", strconv.Itoa(n-MaxGraphemes), "Max", strconv.Itoa(MaxGraphemes))
		}
		if len(text) > MaxBytes {
			return attach.Refuse("too_many_bytes", name, fmt.Errorf("%d bytes", len(text)), "Max", strconv.Itoa(MaxBytes))
		}
	}
	for _, m := range order.Part.Media {
		if !strings.HasPrefix(m.Type, "image/") {
			return attach.Refuse("media_type", name, fmt.Errorf("media of type %q", m.Type), "File", m.Name)
		}
	}
	return attach.Check(order.Part.Media, p.limits())
}

func (p *Publisher) limits() attach.Limits {
	return attach.Limits{Name: p.config.Name, Count: MaxImages, Bytes: MaxImageBytes}
}

// post makes the n-th record of a part; its images go with the first.
func (p *Publisher) post(ctx context.Context, part content.Part, n int, text string, reply *replyRefs) (post, error) {
	facets, err := p.facets(ctx, text)
	if err != nil {
		return post{}, err
	}
	made := post{Type: collection, Text: text, CreatedAt: p.config.Now().UTC().Format("2006-01-02T15:04:05.000Z"), Facets: facets, Reply: reply}
	if part.Lang != "" {
		made.Langs = []string{part.Lang}
	}
	if n > 0 || len(part.Media) == 0 {
		return made, nil
	}
	made.Embed = &embed{Type: "app.bsky.embed.images"}
	for _, m := range part.Media {
		shown, err := p.upload(ctx, m)
		if err != nil {
			return post{}, err
		}
		made.Embed.Images = append(made.Embed.Images, shown)
	}
	return made, nil
}

// upload sends one image. A blob that no record names is thrown away by the
// service, so each failure may be tried again; one that is there is not sent
// twice.
func (p *Publisher) upload(ctx context.Context, m content.Media) (imageEmbed, error) {
	data, err := attach.Read(ctx, p.config.Files, m, p.limits())
	if err != nil {
		return imageEmbed{}, err
	}
	shown := imageEmbed{Alt: m.Alt, Image: json.RawMessage(p.uploads.Ref("", m, p.config.Now()))}
	if len(shown.Image) == 0 {
		if shown.Image, err = p.uploadBlob(ctx, data, m.Type); err != nil {
			return imageEmbed{}, err
		}
		p.uploads.Keep("", m, string(shown.Image), p.config.Now())
	}
	if shape, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && shape.Width > 0 && shape.Height > 0 {
		shown.AspectRatio = &aspect{Width: shape.Width, Height: shape.Height}
	}
	return shown, nil
}

func (p *Publisher) uploadBlob(ctx context.Context, data []byte, mime string) (json.RawMessage, error) {
	var answer struct {
		Blob json.RawMessage `json:"blob"`
	}
	err := p.call(ctx, request{method: http.MethodPost, name: "com.atproto.repo.uploadBlob", body: data, contentType: mime}, &answer)
	var e *outbox.Error
	if errors.As(err, &e) {
		return nil, attach.Harmless(e)
	}
	return answer.Blob, err
}

// get reads one post.
func (p *Publisher) get(ctx context.Context, repo, rkey string) (there record, found bool, err error) {
	err = p.call(ctx, query("com.atproto.repo.getRecord", url.Values{"repo": {repo}, "collection": {collection}, "rkey": {rkey}}), &there)
	switch {
	case named(err, "RecordNotFound"):
		return record{}, false, nil
	case err != nil:
		return record{}, false, err
	}
	return there, there.URI != "", nil
}

// replyTo reads what a post answers, to name it and the root of its thread as
// they are now. It is the first call of an order, so it also signs in.
func (p *Publisher) replyTo(ctx context.Context, uri string) (*replyRefs, error) {
	if uri == "" {
		return nil, p.signIn(ctx)
	}
	gone := attach.Refuse("gone", p.config.Name, fmt.Errorf("what it answers is not there: %.80q", uri))
	gone.Fault = outbox.Gone
	repo, rkey, ok := parseURI(uri)
	if !ok {
		return nil, gone
	}
	parent, found, err := p.get(ctx, repo, rkey)
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, gone
	case parent.Value.Reply != nil:
		return &replyRefs{Root: parent.Value.Reply.Root, Parent: parent.ref}, nil
	}
	return &replyRefs{Root: parent.ref, Parent: parent.ref}, nil
}
