package slack

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/work"
)

// threadPause keeps a card's continuation under one message a second a channel.
const threadPause = 1100 * time.Millisecond

// maxTails bounds what is remembered of continuations.
const maxTails = 1000

// tails remembers the continuation of long cards, so that an edit changes it
// instead of saying it again. After a restart it is said once more.
type tails struct {
	mu    sync.Mutex
	known map[string]tail
}

type tail struct {
	digest   [32]byte
	messages []string // the continuation's own messages, in order
	files    bool
}

func (t *tails) get(place board.Place) tail {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.known[place.Channel+"|"+place.Message]
}

func (t *tails) put(place board.Place, value tail) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil || len(t.known) >= maxTails {
		t.known = map[string]tail{}
	}
	t.known[place.Channel+"|"+place.Message] = value
}

// continueThread says the rest of a long card in its thread. The message is
// already up, so a failure here is not the failure of the card: the message
// then says that the rest is missing.
func (a *Adapter) continueThread(ctx context.Context, place board.Place, card bot.Card, shown rendering) {
	before := a.tails.get(place)
	rest := shown.pages[1:]
	if len(rest) == 0 && len(shown.files) == 0 {
		if len(before.messages) > 0 {
			a.trim(ctx, place, before.messages)
			a.tails.put(place, tail{})
		}
		return
	}
	raw, err := json.Marshal([]any{blocksOf(rest), fmt.Sprint(shown.files)})
	digest := sha256.Sum256(raw)
	if err == nil && before.digest == digest {
		return
	}
	after := tail{digest: digest}
	if err := a.sayRest(ctx, place, rest, shown.files, before, &after); err != nil {
		a.log.Error("rest of a card not shown", "channel", place.Channel, "error", scrub(err))
		after.digest = [32]byte{}
		a.admit(ctx, place, card, shown.pages[0])
	}
	a.tails.put(place, after)
}

func blocksOf(pages []page) [][]api.Block {
	var blocks [][]api.Block
	for _, p := range pages {
		blocks = append(blocks, p.blocks)
	}
	return blocks
}

func (a *Adapter) sayRest(ctx context.Context, place board.Place, rest []page, files []attachment, before tail, after *tail) error {
	thread := first(place.Thread, place.Message)
	for i, p := range rest {
		if i < len(before.messages) {
			ts := before.messages[i]
			err := a.follow(p, func(p page) error {
				_, _, _, err := a.client.UpdateMessageContext(ctx, place.Channel, ts, message(p)...)
				return err
			})
			if err != nil {
				return err
			}
			after.messages = append(after.messages, ts)
			continue
		}
		if !work.Pause(ctx, threadPause) {
			return ctx.Err()
		}
		err := a.follow(p, func(p page) error {
			_, ts, err := a.client.PostMessageContext(ctx, place.Channel, append(message(p), api.MsgOptionTS(thread))...)
			if err == nil {
				after.messages = append(after.messages, ts)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if len(before.messages) > len(rest) {
		a.trim(ctx, place, before.messages[len(rest):])
	}
	for _, file := range files {
		_, err := a.client.UploadFileContext(ctx, api.UploadFileParameters{
			Filename: file.name, Title: file.name, FileSize: len(file.content), Content: file.content,
			Channel: place.Channel, ThreadTimestamp: thread})
		if err != nil {
			return err
		}
	}
	after.files = len(files) > 0
	return nil
}

// trim takes away what a shorter card does not need any more.
func (a *Adapter) trim(ctx context.Context, place board.Place, messages []string) {
	for _, ts := range messages {
		if _, _, err := a.client.DeleteMessageContext(ctx, place.Channel, ts); err != nil {
			a.log.Warn("old continuation not removed", "channel", place.Channel, "error", scrub(err))
		}
	}
}

// admit replaces "continued in the thread" by the truth.
func (a *Adapter) admit(ctx context.Context, place board.Place, card bot.Card, p page) {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
		defer cancel()
	}
	said, missing := a.render.say(card.Lang, "chat.continued"), a.render.say(card.Lang, "chat.missing")
	for i, block := range p.blocks {
		if same(block, small(said)) {
			p.blocks[i] = small(missing)
		}
	}
	if _, _, _, err := a.client.UpdateMessageContext(ctx, place.Channel, place.Message, message(p)...); err != nil {
		a.log.Error("missing rest of a card not admitted", "channel", place.Channel, "error", scrub(err))
	}
}

func same(a, b api.Block) bool {
	left, err := json.Marshal(a)
	right, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(left) == string(right)
}
