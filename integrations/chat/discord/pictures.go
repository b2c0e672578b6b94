package discord

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/integrations/internal/attach"
)

const (
	// maxCarried is what the files of one message weigh together: Discord takes 25 MiB
	// with the rest of the request.
	maxCarried = 24 << 20
	// maxFiles is how many files a message carries.
	maxFiles = 10
	// maxSlow is how often a picture may take more than a call's time; from then
	// on it is shown by its words.
	maxSlow = 2
)

// pictures reads the pictures of a card that are kept here, by digest. One that
// cannot be read, or that Discord would not take, is left out.
func (c *Chat) pictures(ctx context.Context, card bot.Card) map[string]file {
	found := map[string]file{}
	for _, block := range card.Blocks {
		if block.Kind != bot.Picture || block.File == "" || c.opts.Files == nil {
			continue
		}
		if slow, _ := c.slow.get(block.File); slow >= maxSlow {
			continue
		}
		f, err := readPicture(ctx, c.opts.Files, block.File)
		if err != nil {
			c.log.Warn("discord: picture shown by its words", "picture", block.File, "error", err)
			continue
		}
		found[block.File] = f
	}
	return found
}

// readPicture reads one picture. Its name says what it holds, so that a message
// that has a file of this name has this picture.
func readPicture(ctx context.Context, files content.Files, digest string) (file, error) {
	data, err := attach.Read(ctx, files, content.Media{Digest: digest}, attach.Limits{Bytes: maxUpload})
	if err != nil {
		return file{}, err
	}
	kind, ok := content.TypeOf(data)
	if !ok {
		return file{}, fmt.Errorf("read picture %s: it is %s", digest, kind)
	}
	return file{name: digest[:20] + "." + strings.TrimPrefix(kind, "image/"), content: data}, nil
}

// present draws a card with its pictures and has it sent. Pictures never keep a
// card from being seen: when Discord refuses them, their words go instead.
func (c *Chat) present(ctx context.Context, team string, card bot.Card, send func(sheet) error) (sheet, error) {
	pictures := c.pictures(ctx, card)
	drawn := c.draw(team, card, pictures)
	err := send(drawn)
	if len(pictures) == 0 || err == nil {
		return drawn, err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		for digest := range pictures {
			slow, _ := c.slow.get(digest)
			c.slow.put(digest, slow+1)
		}
	}
	switch statusOf(err) {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusRequestEntityTooLarge:
		c.log.Warn("discord: pictures refused, shown by their words", "error", err)
		drawn = c.draw(team, card, nil)
		err = send(drawn)
	}
	return drawn, err
}

// attachment is a file of a message: a new one by its place among those that
// are sent along, or one that is there already by its ID alone.
type attachment struct {
	ID          string `json:"id"`
	Name        string `json:"filename,omitempty"`
	Description string `json:"description,omitempty"`
}

// keep says which files a message has after an edit, and returns those that
// have to be sent: there are the IDs of those that it has, by name. Discord
// removes what is not listed.
func (o *outgoing) keep(files []file, there map[string]string) (fresh []file) {
	o.Attachments = []attachment{}
	for _, f := range files {
		if id := there[f.name]; id != "" {
			o.Attachments = append(o.Attachments, attachment{ID: id})
			continue
		}
		o.Attachments = append(o.Attachments, attachment{ID: strconv.Itoa(len(fresh)), Name: f.name})
		fresh = append(fresh, f)
	}
	return fresh
}

// remember keeps which files a message has, to leave them alone in an edit.
func (c *Chat) remember(m posted) {
	files := attachedTo(m.Components)
	if _, known := c.attached.get(m.ID); known || len(files) > 0 {
		c.attached.put(m.ID, files)
	}
}

// element is a component as Discord returns it, as far as it matters here.
type element struct {
	Type  int `json:"type"`
	ID    int `json:"id"`
	Items []struct {
		Media media `json:"media"`
	} `json:"items"`
	File  media     `json:"file"`
	Inner []element `json:"components"`
}

// media is what a gallery or a file component shows; Attachment is its ID when
// it was sent along.
type media struct {
	URL        string `json:"url"`
	Attachment string `json:"attachment_id"`
}

// attachedTo finds the files that components show: their IDs by name.
func attachedTo(elements []element) map[string]string {
	found := map[string]string{}
	for _, e := range elements {
		for _, item := range e.Items {
			item.Media.note(found)
		}
		e.File.note(found)
		maps.Copy(found, attachedTo(e.Inner))
	}
	return found
}

func (m media) note(found map[string]string) {
	if address, err := url.Parse(m.URL); err == nil && m.Attachment != "" {
		found[path.Base(address.Path)] = m.Attachment
	}
}
