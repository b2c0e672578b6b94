package mastodon

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"

	gomastodon "github.com/mattn/go-mastodon"

	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/integrations/internal/attach"
)

const (
	// mediaLooks and mediaPause bound how long one attempt waits for an upload
	// to be processed; the next one goes on waiting.
	mediaLooks = 6
	mediaPause = 500 * time.Millisecond
)

// upload sends the media with their alternative texts and waits until the
// instance has processed them. Nobody sees an upload, so each failure may be
// tried again; what is already there is not sent twice.
func (p *Publisher) upload(ctx context.Context, order content.Order, limits Limits) ([]gomastodon.ID, error) {
	var ids []gomastodon.ID
	for _, m := range order.Part.Media {
		attachment := &gomastodon.Attachment{ID: gomastodon.ID(p.uploads.Ref(order.Key, m, p.config.Now()))}
		if attachment.ID == "" {
			data, err := attach.Read(ctx, p.config.Files, m, p.attachLimits(limits))
			if err != nil {
				return nil, err
			}
			attachment, err = p.client.UploadMediaFromMedia(ctx, &gomastodon.Media{File: bytes.NewReader(data), Description: m.Alt})
			if err != nil {
				return nil, p.harmless(err)
			}
			p.uploads.Keep(order.Key, m, string(attachment.ID), p.config.Now())
		}
		if err := p.processed(ctx, order.Key, attachment, m); err != nil {
			return nil, err
		}
		ids = append(ids, attachment.ID)
	}
	return ids, nil
}

// processed waits for an upload to become usable.
func (p *Publisher) processed(ctx context.Context, key string, attachment *gomastodon.Attachment, m content.Media) error {
	if attachment.URL != "" { // small images are ready at once
		return nil
	}
	for range mediaLooks {
		err := p.client.GetMediaStatus(ctx, attachment)
		var answer *gomastodon.APIError
		switch {
		case err == nil:
			return nil
		case !errors.As(err, &answer) || answer.StatusCode != http.StatusPartialContent:
			p.uploads.Forget(key, []content.Media{m}) // it may have been thrown away
			return p.harmless(err)
		}
		if err := p.config.Wait(ctx, mediaPause); err != nil {
			break
		}
	}
	return &outbox.Error{Fault: outbox.Temporary, Reason: "network.media_processing",
		Args: map[string]string{"Name": p.config.Name, "File": m.Name},
		Err:  errors.New("media still being processed")}
}

func (p *Publisher) harmless(err error) error {
	var e *outbox.Error
	if errors.As(p.http.Clean(err), &e) {
		return attach.Harmless(e)
	}
	return err
}
