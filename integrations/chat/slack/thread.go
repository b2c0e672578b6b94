package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/work"
)

// threadPause keeps a card's continuation under one message a second a channel.
const threadPause = 1100 * time.Millisecond

// maxTails bounds what is remembered in memory.
const maxTails = 1000

// Tail is what continues a long card.
type Tail struct {
	// Digest is of what was said last; empty while that is not whole.
	Digest string `json:"digest,omitempty"`
	// Messages are the continuation's own, in order.
	Messages []string `json:"messages,omitempty"`
	// Saying says that a message or a file may be there beyond those.
	Saying bool `json:"saying,omitempty"`
}

// Tails keeps what continues long cards, so that an edit changes it instead of
// saying it again, whichever process edits; and how far a long answer got.
type Tails interface {
	// Tail returns what continues the card of a message, zero if nothing does.
	Tail(ctx context.Context, place board.Place) (Tail, error)
	// KeepTail keeps it; zero forgets it.
	KeepTail(ctx context.Context, place board.Place, tail Tail) error
}

// shortTails are Tails that end with the process.
type shortTails struct {
	mu    sync.Mutex
	known map[string]Tail
}

func (t *shortTails) Tail(_ context.Context, place board.Place) (Tail, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.known[messageKey(place)], nil
}

func (t *shortTails) KeepTail(_ context.Context, place board.Place, tail Tail) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil || len(t.known) >= maxTails {
		t.known = map[string]Tail{}
	}
	t.known[messageKey(place)] = tail
	return nil
}

// continueThread says the rest of a long card in its thread. The message is
// already up, so a failure here is not the failure of the card: the message
// then says that the rest is missing.
func (a *Adapter) continueThread(ctx context.Context, place board.Place, card bot.Card, shown rendering, before Tail) {
	rest := shown.pages[1:]
	if len(rest) == 0 && len(shown.files) == 0 {
		if len(before.Messages) > 0 {
			a.trim(ctx, place, before.Messages)
			a.keepTail(ctx, place, Tail{})
		}
		return
	}
	raw, err := json.Marshal([]any{blocksOf(rest), fmt.Sprint(shown.files)})
	sum := sha256.Sum256(raw)
	digest := hex.EncodeToString(sum[:])
	if err == nil && before.Digest == digest {
		return
	}
	t := &threading{Adapter: a, place: place, lang: card.Lang, said: before, again: before.Saying}
	t.said.Digest = ""
	if err := t.say(ctx, rest, shown.files); err != nil {
		a.log.Error("rest of a card not shown", "channel", place.Channel, "error", scrub(err))
		if refused(err) {
			t.said.Saying = false
			a.keepTail(ctx, place, t.said)
		}
		a.admit(ctx, place, card, shown.pages[0])
		return
	}
	a.keepTail(ctx, place, Tail{Digest: digest, Messages: t.said.Messages})
}

func (a *Adapter) keepTail(ctx context.Context, place board.Place, tail Tail) {
	if err := a.options.Tails.KeepTail(ctx, place, tail); err != nil {
		a.log.Error("continuation of a card not kept", "channel", place.Channel, "error", err)
	}
}

func blocksOf(pages []page) [][]api.Block {
	var blocks [][]api.Block
	for _, p := range pages {
		blocks = append(blocks, p.blocks)
	}
	return blocks
}

// threading is the rest of one card on its way into the thread.
type threading struct {
	*Adapter
	place board.Place
	lang  string
	said  Tail
	again bool // what is said next may be there already
}

func (t *threading) say(ctx context.Context, rest []page, files []attachment) error {
	for i, p := range rest {
		send := t.post
		if i < len(t.said.Messages) {
			send = func(ctx context.Context, p page) error { return t.update(ctx, t.said.Messages[i], p) }
		}
		if err := send(ctx, p); err != nil {
			return err
		}
	}
	if len(t.said.Messages) > len(rest) {
		t.trim(ctx, t.place, t.said.Messages[len(rest):])
		t.said.Messages = t.said.Messages[:len(rest)]
	}
	for _, file := range files {
		if err := t.upload(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

func (t *threading) update(ctx context.Context, ts string, p page) error {
	return t.follow(p, func(p page) error {
		return obeying(ctx, func() error {
			if err := t.edits.turn(messageKey(board.Place{Channel: t.place.Channel, Message: ts}), time.Now()); err != nil {
				return err
			}
			_, _, _, err := t.client.UpdateMessageContext(ctx, t.place.Channel, ts, message(p)...)
			return err
		})
	})
}

// post says one page more. Before that it is kept that it may be there.
func (t *threading) post(ctx context.Context, p page) error {
	if !work.Pause(ctx, threadPause) {
		return ctx.Err()
	}
	if err := t.begin(ctx); err != nil {
		return err
	}
	if t.again {
		t.again = false
		p.blocks = slices.Insert(slices.Clone(p.blocks), 0, small(t.render.say(t.lang, "chat.repeated")))
	}
	err := t.follow(p, func(p page) error {
		return obeying(ctx, func() error {
			_, ts, err := t.client.PostMessageContext(ctx, t.place.Channel, append(message(p), api.MsgOptionTS(t.thread()))...)
			if err == nil {
				t.said.Messages = append(t.said.Messages, ts)
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	t.said.Saying = false
	return t.options.Tails.KeepTail(ctx, t.place, t.said)
}

func (t *threading) upload(ctx context.Context, file attachment) error {
	if err := t.begin(ctx); err != nil {
		return err
	}
	comment := ""
	if t.again {
		comment = t.render.say(t.lang, "chat.repeated")
	}
	_, err := t.client.UploadFileContext(ctx, api.UploadFileParameters{
		Filename: file.name, Title: file.name, FileSize: len(file.content), Content: file.content, InitialComment: comment,
		Channel: t.place.Channel, ThreadTimestamp: t.thread()})
	return err
}

func (t *threading) begin(ctx context.Context) error {
	t.said.Saying = true
	return t.options.Tails.KeepTail(ctx, t.place, t.said)
}

// refused says that Slack answered, and did nothing.
func refused(err error) bool {
	_, limited := turnIn(err)
	var answer api.SlackErrorResponse
	return limited || errors.As(err, &answer)
}

func (t *threading) thread() string { return first(t.place.Thread, t.place.Message) }

// obeying does a call again once its turn has come, while ctx allows.
func obeying(ctx context.Context, call func() error) error {
	for {
		err := call()
		wait, limited := turnIn(err)
		if !limited || !work.Pause(ctx, wait) {
			return err
		}
	}
}

// turnIn is how long a call has to wait, by Slack's word or by our own count.
func turnIn(err error) (wait time.Duration, limited bool) {
	var slacks *api.RateLimitedError
	var ours *outbox.Error
	switch {
	case errors.As(err, &slacks):
		return slacks.RetryAfter, true
	case errors.As(err, &ours) && ours.Fault == outbox.Limited:
		return ours.After, true
	}
	return 0, false
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
