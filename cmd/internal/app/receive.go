package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/commands/drafting"
	"crieur/integrations/picture"
)

// receiving carries out "file" effects: it brings what somebody uploaded in a
// chat application to where pictures are kept. What is not a picture, or too
// large, leaves a receipt without Ref that says so.
type receiving struct {
	chats map[bot.Platform]bot.Chat
	files content.Files
}

// Send implements outbox.Sender.
func (r *receiving) Send(ctx context.Context, effect outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	var given drafting.Given
	if err := json.Unmarshal(effect.Data, &given); err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	fetcher, ok := r.chats[bot.Platform(given.Platform)].(bot.Fetcher)
	if !ok || r.files == nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "drafting.picture.lost",
			Err: fmt.Errorf("no pictures from %q", given.Platform)}
	}
	data, err := fetcher.Fetch(ctx, given.Team, bot.Upload(given.Upload), content.MaxFile)
	if err != nil {
		return outbox.Receipt{}, err
	}
	kind, shown := content.TypeOf(data)
	switch {
	case int64(len(data)) > content.MaxFile:
		return outbox.Receipt{Reason: "drafting.picture.big", Args: map[string]string{"Most": strconv.Itoa(content.MaxFile >> 20)}}, nil
	case !shown:
		return outbox.Receipt{Reason: "drafting.picture.odd"}, nil
	}
	digest, err := r.files.Put(ctx, data)
	if err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Temporary, Reason: "outbox.broken", Err: err}
	}
	receipt := outbox.Receipt{Ref: digest, Args: map[string]string{"Type": kind, "Size": strconv.Itoa(len(data))}}
	if len(data) <= picture.Light && kind != "image/webp" { // every network shows it
		return receipt, nil
	}
	return receipt, r.lighten(ctx, data, &receipt)
}

// lighten keeps a JPEG of what some networks refuse. Without one the draft says
// which networks do, where that can be told before.
func (r *receiving) lighten(ctx context.Context, data []byte, receipt *outbox.Receipt) error {
	light, err := picture.Lighter(data)
	if err != nil {
		return nil //nolint:nilerr // a picture that the networks may show, and we cannot
	}
	digest, err := r.files.Put(ctx, light)
	if err != nil {
		return &outbox.Error{Fault: outbox.Temporary, Reason: "outbox.broken", Err: err}
	}
	receipt.Args["Light"], receipt.Args["LightSize"] = digest, strconv.Itoa(len(light))
	return nil
}
