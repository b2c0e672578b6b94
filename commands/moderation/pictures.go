package moderation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// FileTopic is where the receipts of files come back that hang on a message.
const FileTopic = "moderation.file"

const (
	// fileKind is the kind of effects that bring a file here; the outbox has one
	// sender for those of posts and of messages.
	fileKind = "file"
	// mostPictures is how many of a message are kept: as many as one has on Discord.
	mostPictures = 10
)

// Attached is a file that hangs on a message of a chat application, as that keeps it.
type Attached struct {
	Platform string `json:"platform"`
	Team     string `json:"team,omitempty"`
	Upload   Upload `json:"upload"`
}

// Upload names the file: Ref is the platform's handle on the bytes.
type Upload struct {
	Ref  string `json:"ref"`
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
	Size int64  `json:"size,omitempty"` // bytes
}

// Picture is a picture of a message. Its Digest, the SHA-256 of its bytes, is its
// seal; until it has come there is none, and Lost says that it will not.
type Picture struct {
	Name   string    `json:"name"`
	Effect string    `json:"effect"` // that brings it
	Digest string    `json:"digest,omitempty"`
	KeptAt time.Time `json:"kept_at,omitzero"`
	Lost   bool      `json:"lost,omitempty"`
}

// fetch asks for the files of a message, before they change or go.
func fetch(tx *state.Tx, id string, attached []Attached) ([]Picture, error) {
	var pictures []Picture
	for _, one := range attached[:min(len(attached), mostPictures)] {
		data, err := json.Marshal(one)
		if err != nil {
			return nil, fmt.Errorf("encode file of message %s: %w", id, err)
		}
		tx.Emit(outbox.Effect{Kind: fileKind, Destination: "files:" + id, Class: outbox.Answer, Topic: FileTopic, Conversation: id, Data: data})
		effects := tx.Effects()
		pictures = append(pictures, Picture{Name: one.Upload.Name, Effect: effects[len(effects)-1].ID})
	}
	return pictures, nil
}

// Arrived keeps the picture that a receipt tells of, or that it did not come: it
// was no picture, too large, or gone.
func (e *Engine) Arrived(ctx context.Context, tx *state.Tx, item work.Item) error {
	var receipt outbox.Receipt
	if err := json.Unmarshal(item.Data, &receipt); err != nil {
		return fmt.Errorf("decode receipt %s: %w", item.ID, err)
	}
	c, found, err := cases.Get(ctx, tx, item.Conversation)
	if err != nil || !found {
		return err
	}
	at := slices.IndexFunc(c.Pictures, func(p Picture) bool { return p.Effect == receipt.Effect })
	if at < 0 {
		return nil
	}
	c.Pictures = slices.Clone(c.Pictures)
	picture := &c.Pictures[at]
	if picture.Digest, picture.Lost = receipt.Ref, receipt.Ref == ""; !picture.Lost {
		picture.KeptAt = tx.Now().UTC()
		tx.Log(audit.Entry{What: "moderation.pictured", Brand: c.Brand, Subject: Kind + "/" + c.ID, Detail: map[string]string{"sha256": picture.Digest}})
	}
	if err := cases.Put(tx, c.ID, c, c.marks()...); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, View, c.ID)
}
