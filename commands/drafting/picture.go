package drafting

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/text/measure"
	"crieur/bot/work"
)

// What can be wrong with a picture that an author gives.
var (
	ErrPictures = errors.New("a post has no room for more pictures")
	ErrNoAlt    = errors.New("a picture needs a description")
)

const (
	// MostPictures is what a post holds: the least of Bluesky, Mastodon and X.
	MostPictures = 4
	// longestAlt is the longest description, in characters: the least of the
	// networks, 1,000 on X and Instagram.
	longestAlt = 1000
	// digestStart is how much of a digest names a picture among those of a draft.
	digestStart = 12
)

// FileKind is the kind of effects that bring an upload here, and FileTopic where
// their receipts come back.
const (
	FileKind  = "file"
	FileTopic = "drafting.file"
)

// Upload is a file as the chat application keeps it in which it was given.
type Upload struct {
	Ref  string `json:"ref"`
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
	Size int64  `json:"size,omitempty"`
}

// Given is an upload and where it is: the content of a "file" effect.
type Given struct {
	Platform string `json:"platform"`
	Team     string `json:"team,omitempty"`
	Upload   Upload `json:"upload"`
}

// Arrival is a picture that is on its way to its draft, or that did not come.
type Arrival struct {
	Effect string `json:"effect"` // that brings it
	Name   string `json:"name"`
	Alt    string `json:"alt"`
	// Reason is the catalog key that says why it did not come; empty: it may yet.
	Reason string            `json:"reason,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
}

// Attach takes a picture with its description. It is brought here by an effect
// and joins the draft when it has come; what did not come before is forgotten.
func (e *Engine) Attach(ctx context.Context, tx *state.Tx, id, by, alt string, given Given) (Draft, error) {
	d, err := e.own(ctx, tx, id, by)
	if err != nil {
		return Draft{}, err
	}
	d.Awaited = slices.DeleteFunc(slices.Clone(d.Awaited), Arrival.failed)
	switch alt = strings.TrimSpace(alt); {
	case blank(alt):
		return Draft{}, ErrNoAlt
	case len(d.Media)+len(d.Awaited) >= MostPictures:
		return Draft{}, ErrPictures
	}
	data, err := json.Marshal(given)
	if err != nil {
		return Draft{}, fmt.Errorf("encode upload: %w", err)
	}
	tx.Emit(outbox.Effect{Kind: FileKind, Destination: "files:" + d.ID, Class: outbox.Answer,
		Topic: FileTopic, Conversation: d.ID, Data: data})
	effects := tx.Effects()
	d.Awaited = append(d.Awaited, Arrival{Effect: effects[len(effects)-1].ID, Name: given.Upload.Name, Alt: alt})
	return d, drafts.Put(tx, d.ID, d)
}

func (a Arrival) failed() bool { return a.Reason != "" }

// Arrived handles the receipt of an upload: Ref is its digest, Args say its Type
// and Size, and Light and LightSize of a lighter copy. The draft has a new version then, which asks again if it was sent.
func (e *Engine) Arrived(ctx context.Context, tx *state.Tx, item work.Item) error {
	var receipt outbox.Receipt
	if err := json.Unmarshal(item.Data, &receipt); err != nil {
		return fmt.Errorf("decode receipt %s: %w", item.ID, err)
	}
	d, found, err := drafts.Get(ctx, tx, item.Conversation)
	if err != nil || !found || d.Stage == Deleted {
		return err
	}
	at := slices.IndexFunc(d.Awaited, func(a Arrival) bool { return a.Effect == receipt.Effect })
	if at < 0 {
		return nil // its author took it off meanwhile
	}
	arrival := d.Awaited[at]
	d.Awaited = slices.Clone(d.Awaited)
	if receipt.Ref == "" {
		d.Awaited[at].Reason, d.Awaited[at].Args = cmp.Or(receipt.Reason, "drafting.picture.lost"), receipt.Args
		return errors.Join(drafts.Put(tx, d.ID, d), board.Refresh(ctx, tx, ViewName, d.ID))
	}
	d.Awaited = slices.Delete(d.Awaited, at, at+1)
	return e.picture(ctx, tx, d, joined(d.Media, arrived(arrival, receipt)))
}

// arrived is the picture that a receipt tells of.
func arrived(a Arrival, r outbox.Receipt) content.Media {
	size := func(name string) int64 { n, _ := strconv.ParseInt(r.Args[name], 10, 64); return n }
	m := content.Media{Digest: r.Ref, Name: a.Name, Type: r.Args["Type"], Size: size("Size"), Alt: a.Alt}
	if light := r.Args["Light"]; light != "" {
		m.Light = &content.Light{Digest: light, Size: size("LightSize")}
	}
	return m
}

// picture makes the version of a draft that has these pictures.
func (e *Engine) picture(ctx context.Context, tx *state.Tx, d Draft, media []content.Media) error {
	b := e.Space.Now().Brand(d.Brand)
	if b == nil {
		return nil // the brand is gone, and its drafts with it
	}
	d, err := apply(d, Change{Media: &media}, tx.Now())
	if err != nil {
		return err
	}
	d.By = d.Author
	if d, err = e.save(ctx, tx, b, d, "draft.pictured"); err != nil {
		return err
	}
	if d.Stage == Asked {
		if err := e.submit(ctx, tx, b, d); err != nil {
			return err
		}
	}
	return board.Refresh(ctx, tx, ViewName, d.ID)
}

// joined adds a picture; one that is there already gets the new description.
func joined(all []content.Media, one content.Media) []content.Media {
	all = slices.Clone(all)
	for i := range all {
		if all[i].Digest == one.Digest {
			all[i].Alt = one.Alt
			return all
		}
	}
	return append(all, one)
}

// Describe gives pictures other descriptions, by the start of their digest, and takes some off; what
// did not come is forgotten.
func (e *Engine) Describe(ctx context.Context, tx *state.Tx, id, by string, alts map[string]string, off []string) (Draft, error) {
	d, err := e.own(ctx, tx, id, by)
	if err != nil {
		return Draft{}, err
	}
	media := slices.DeleteFunc(slices.Clone(d.Media), func(m content.Media) bool { return slices.Contains(off, m.Digest) })
	for i, m := range media {
		alt, given := alts[m.Digest[:digestStart]]
		if given && blank(alt) {
			return Draft{}, ErrNoAlt
		}
		if given {
			media[i].Alt = strings.TrimSpace(alt)
		}
	}
	d.Awaited = slices.DeleteFunc(slices.Clone(d.Awaited), Arrival.failed)
	return d, e.picture(ctx, tx, d, media)
}

// Notice is what is to say of pictures: a catalog key with its arguments.
type Notice struct {
	Key   string
	Args  map[string]string
	Wrong bool // the post must not leave like this
}

// pictures is what a network's posts hold of them: how many, of how many bytes
// each, whether it has no posts without, and whether it shows no WebP. The figures are those of the
// networks' documents.
type pictures struct {
	count  int
	bytes  int64
	needed bool
	noWebP bool
}

func picturesOf(account brand.Account) pictures {
	switch measure.Network(cmp.Or(account.Shows, account.Network)) {
	case measure.YouTube: // its posts are videos
		return pictures{}
	case measure.Bluesky:
		return pictures{count: 4, bytes: 1_000_000}
	case measure.Slack:
		return pictures{count: 4, bytes: content.MaxFile, noWebP: true}
	case measure.X:
		return pictures{count: 4, bytes: 5 << 20}
	case measure.Instagram, measure.TikTok:
		return pictures{count: 10, bytes: content.MaxFile, needed: true}
	}
	return pictures{count: MostPictures, bytes: content.MaxFile}
}

// carried are the pictures that leave with the post of an account, as its network
// shows them.
func carried(account brand.Account, media []content.Media) []content.Media {
	takes := picturesOf(account)
	var left []content.Media
	for _, m := range media[:min(len(media), takes.count)] {
		if takes.noWebP && m.Type == "image/webp" {
			m = m.JPEG()
		}
		left = append(left, m.Within(takes.bytes))
	}
	return left
}

// awaiting says what became of the pictures that are not there yet.
func awaiting(d Draft) []Finding {
	var findings []Finding
	for _, a := range d.Awaited {
		notice := Notice{Key: "drafting.picture.coming", Args: map[string]string{"Name": a.Name}, Wrong: true}
		if a.failed() {
			notice.Key = a.Reason
			for name, value := range a.Args {
				notice.Args[name] = value
			}
		}
		findings = append(findings, Finding{Notice: &notice})
	}
	return findings
}

// illustrated says how the pictures stand for one account.
func illustrated(account brand.Account, d Draft) []Finding {
	takes := picturesOf(account)
	args := map[string]string{"Account": account.Name}
	switch {
	case takes.needed && len(d.Media)+len(d.Awaited) == 0:
		return []Finding{{Account: account.ID, Notice: &Notice{Key: "drafting.picture.needed", Args: args}}}
	case takes.count == 0 && len(d.Media) > 0:
		return []Finding{{Account: account.ID, Notice: &Notice{Key: "drafting.picture.without", Args: args}}}
	}
	var findings []Finding
	for _, m := range carried(account, d.Media) {
		if m.Size > takes.bytes {
			findings = append(findings, Finding{Account: account.ID, Notice: &Notice{Key: "drafting.picture.heavy", Wrong: true, Args: map[string]string{
				"Account": account.Name, "Name": m.Name, "Size": megabytes(m.Size), "Most": megabytes(takes.bytes)}}})
		}
	}
	return findings
}

// megabytes is a size in millions of bytes, with one decimal where it matters.
func megabytes(bytes int64) string {
	return strconv.FormatFloat(float64((bytes+99_999)/100_000)/10, 'f', -1, 64)
}
