package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/integrations/internal/attach"
)

const (
	// newFor is how long a picture that Slack refuses may be one that it still
	// works on: then the card waits. After that the card goes without it.
	newFor = 15 * time.Second
	// maxPictures bounds what is remembered of pictures.
	maxPictures = 1000
)

// pictures remembers what was uploaded, so that the next state of a card does
// not upload it again. The zero value is ready.
type pictures struct {
	mu    sync.Mutex
	known map[string]picture // by digest
}

type picture struct {
	id    string    // Slack's; empty while no upload succeeded
	since time.Time // uploaded, or first tried
	shown bool      // a message was taken with it
}

func (k *pictures) get(digest string) picture {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.known[digest]
}

func (k *pictures) put(digest string, p picture) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil || len(k.known) >= maxPictures {
		k.known = map[string]picture{}
	}
	k.known[digest] = p
}

// showed notes that a message was taken with these files.
func (k *pictures) showed(ids []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for digest, p := range k.known {
		if slices.Contains(ids, p.id) {
			p.shown = true
			k.known[digest] = p
		}
	}
}

// hopeful says whether files that were refused may be taken later: they are new,
// or somebody deleted them and they are uploaded again.
func (k *pictures) hopeful(ids []string, now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	hope := false
	for digest, p := range k.known {
		if !slices.Contains(ids, p.id) {
			continue
		}
		if p.shown {
			delete(k.known, digest)
		}
		hope = hope || p.shown || now.Sub(p.since) < newFor
	}
	return hope
}

// draw uploads the pictures of a card that Slack does not have, and renders it.
// What cannot be uploaded is shown by its words; an error is one that passes.
func (a *Adapter) draw(ctx context.Context, render renderer, card bot.Card) (rendering, error) {
	render.files = map[string]string{}
	for _, block := range card.Blocks {
		if block.Kind != bot.Picture || block.File == "" {
			continue
		}
		id, err := a.upload(ctx, "Slack", content.Media{Digest: block.File, Name: block.Alt}, a.options.Convert)
		fault := outbox.FaultOf(err)
		switch {
		case err == nil:
			render.files[block.File] = id
		case fault == outbox.Limited, fault == outbox.Temporary && a.now().Sub(a.kept.get(block.File).since) < newFor:
			return rendering{}, err
		default:
			a.log.Warn("picture shown by its words", "file", block.File, "error", err)
		}
	}
	return render.card(card)
}

// converted marks what is remembered of a picture as that of its conversion.
const converted = "/converted"

// upload gives Slack a picture, in no channel, and returns its ID; convert, if
// not nil, makes one that Slack shows. It may be repeated: what no message shows
// nobody sees.
func (a *Adapter) upload(ctx context.Context, to string, m content.Media, convert func([]byte) ([]byte, error)) (id string, err error) {
	known := a.kept.get(m.Digest)
	if known.id == "" && convert != nil {
		known.id = a.kept.get(m.Digest + converted).id
	}
	if known.id != "" {
		return known.id, nil
	}
	if known.since.IsZero() {
		a.kept.put(m.Digest, picture{since: a.now()})
	}
	data, err := attach.Read(ctx, a.options.Files, m, attach.Limits{Name: to, Bytes: content.MaxFile})
	if err != nil {
		return "", err
	}
	key := m.Digest
	if endingOf(data) == "" && convert != nil {
		key += converted
		data, err = convert(data)
	}
	ending := endingOf(data)
	if err != nil || ending == "" {
		return "", &outbox.Error{Fault: outbox.Rejected, Reason: "slack.format", Args: map[string]string{"Name": to, "File": m.Name},
			Err: errors.Join(fmt.Errorf("upload picture %s: Slack shows no such format", m.Digest), err)}
	}
	file, err := a.client.UploadFileContext(ctx, api.UploadFileParameters{
		Filename: m.Digest[:8] + ending, FileSize: len(data), Reader: bytes.NewReader(data)})
	if err != nil {
		err = failure(fmt.Errorf("upload picture %s: %w", m.Digest, err), nil, false)
		if errors.Is(err, outbox.ErrGone) { // the upload is, not the message to change
			err = &outbox.Error{Fault: outbox.Temporary, Reason: "slack.silent", Err: errors.New(err.Error())}
		}
		return "", err
	}
	a.kept.put(key, picture{id: file.ID, since: a.now()})
	return file.ID, nil
}

// endingOf is the ending of a picture's name; empty for what Slack shows in no
// message, as WebP.
func endingOf(data []byte) string {
	switch kind, _ := content.TypeOf(data); kind {
	case "image/png":
		return ".png"
	case "image/jpeg":
		return ".jpg"
	case "image/gif":
		return ".gif"
	}
	return ""
}

// show sends a message. Slack refuses pictures that it still works on: then it
// is sent later, and at last with their words instead.
func (a *Adapter) show(p page, send func(page) error) error {
	err := send(p)
	refused := refusedFiles(err, p.blocks)
	switch {
	case err == nil:
		a.kept.showed(slices.Collect(maps.Values(filesOf(p.blocks))))
	case len(refused) == 0:
	case a.kept.hopeful(refused, a.now()):
		return &outbox.Error{Fault: outbox.Temporary, Reason: "slack.preparing", Err: err}
	default:
		a.log.Warn("pictures shown by their words", "files", refused, "error", err)
		return send(a.render.inWords(p))
	}
	return err
}

// follow sends what continues a message that is up already, so it waits for no
// picture.
func (a *Adapter) follow(p page, send func(page) error) error {
	err := send(p)
	if len(refusedFiles(err, p.blocks)) > 0 {
		return send(a.render.inWords(p))
	}
	return err
}

// filesOf are the files that blocks show, by the index of the block.
func filesOf(blocks []api.Block) map[int]string {
	files := map[int]string{}
	for i, block := range blocks {
		if image, ok := block.(*api.ImageBlock); ok && image.SlackFile != nil {
			files[i] = image.SlackFile.ID
		}
	}
	return files
}

// refusedBlock is how Slack names a picture that it does not take.
var refusedBlock = regexp.MustCompile(`/blocks/(\d+)/slack_file`)

// refusedFiles are the files for which Slack refused a message: all of its
// pictures where it does not say which, as a response_url.
func refusedFiles(err error, blocks []api.Block) []string {
	var refused api.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Err != "invalid_blocks" {
		return nil
	}
	files := filesOf(blocks)
	if len(refused.ResponseMetadata.Messages) == 0 {
		return slices.Collect(maps.Values(files))
	}
	var ids []string
	for _, said := range refused.ResponseMetadata.Messages {
		if m := refusedBlock.FindStringSubmatch(said); m != nil {
			index, _ := strconv.Atoi(m[1]) // digits; one too large is in no message
			if id, ok := files[index]; ok {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// picture is a picture with its description, or the description alone.
func (r renderer) picture(lang string, block bot.Block) []atom {
	alt := line(block.Alt)
	if alt == "" {
		alt = ellipsis
	}
	shown := cutEscaped(alt, maxAlt)
	var image *api.ImageBlock
	plain := alt
	switch id := r.files[block.File]; {
	case id != "":
		image = api.NewImageBlockSlackFile(&api.SlackFileObject{ID: id}, shown, "", nil)
	case block.File == "" && webAddress(block.URL):
		image = api.NewImageBlock(block.URL, shown, "", nil)
		plain += "\n" + block.URL
	default:
		return r.paragraph(r.spoken(lang, alt))
	}
	atoms := []atom{{blocks: []api.Block{image}, plain: plain}}
	if shown != escape(alt) { // the rest of a long description is said below
		atoms = append(atoms, r.paragraph(bot.Say(alt))...)
	}
	return atoms
}

// spoken is what is said of a picture that is not shown.
func (r renderer) spoken(lang, alt string) bot.Text {
	return bot.Say(r.words.For(lang, nil).T("slack.picture", "Alt", alt))
}

// inWords says the pictures of a message that are files.
func (r renderer) inWords(p page) page {
	files := filesOf(p.blocks)
	var blocks []api.Block
	for i, block := range p.blocks {
		if _, is := files[i]; !is {
			blocks = append(blocks, block)
			continue
		}
		alt := unescape(block.(*api.ImageBlock).AltText)
		for _, said := range r.paragraph(r.spoken(p.lang, alt)) {
			blocks = append(blocks, said.blocks...)
		}
	}
	p.blocks = blocks
	return p
}
