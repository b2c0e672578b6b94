package slack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/work"
)

// maxUses is how often a response_url works.
const maxUses = 5

// Answer answers privately: through the response_url; without one, where the
// handle's ID says, only for that person. Where "Working…" stands, the answer
// takes its place; an empty card only takes it away.
func (a *Adapter) Answer(ctx context.Context, reply bot.Handle, card bot.Card) error {
	if empty(card) {
		return a.clear(ctx, reply)
	}
	if !reply.Expires.IsZero() && !a.now().Before(reply.Expires) {
		return &outbox.Error{Fault: outbox.Gone, Reason: "slack.gone"}
	}
	shown, err := a.draw(ctx, a.render, card)
	if err != nil {
		return failure(err, nil, true)
	}
	// A private message has no thread: what would go there follows as private
	// messages, as many as the handle has uses; more than that is refused and
	// goes to the person as a message.
	if len(shown.pages) > maxUses-1 || len(shown.files) > 0 {
		return &outbox.Error{Fault: outbox.Gone, Reason: "slack.gone", Err: errors.New("too long for a private answer")}
	}
	at := answerPlace(reply, card, len(shown.pages))
	if reply.Secret == "" {
		return a.whisper(ctx, reply, at, shown)
	}
	a.afterMark(ctx, reply)
	return a.inTurn(ctx, at, shown.pages, func(i int, p page) error {
		return a.respond(ctx, reply.Secret, map[string]any{
			"response_type": "ephemeral", "replace_original": reply.Deferred && i == 0, "text": p.text, "blocks": p.blocks})
	})
}

// answerPlace is under what is kept how far an answer got: nobody can ask Slack for
// private messages. It tells neither the handle nor the words.
func answerPlace(reply bot.Handle, card bot.Card, pages int) board.Place {
	raw, err := json.Marshal([]any{reply.Secret, reply.ID, card, pages})
	if err != nil { // words, numbers and times always encode
		panic("encode answer: " + err.Error())
	}
	sum := sha256.Sum256(raw)
	return board.Place{Channel: "answer", Message: hex.EncodeToString(sum[:])}
}

// inTurn says the pages of an answer. An answer that failed half-way goes on, when
// it is tried again, after what was said.
func (a *Adapter) inTurn(ctx context.Context, at board.Place, pages []page, say func(int, page) error) error {
	var said Tail
	if len(pages) > 1 {
		var err error
		if said, err = a.options.Tails.Tail(ctx, at); err != nil {
			a.log.Warn("answer begun anew", "error", err)
		}
	}
	for i := len(said.Messages); i < len(pages); i++ {
		show := a.follow
		if i == 0 {
			show = a.show
		}
		if err := show(pages[i], func(p page) error { return say(i, p) }); err != nil {
			return err
		}
		said.Messages = append(said.Messages, strconv.Itoa(i))
		if i < len(pages)-1 {
			a.keepTail(ctx, at, said)
		}
	}
	if len(pages) > 1 {
		a.keepTail(ctx, at, Tail{})
	}
	return nil
}

// elsewhere is how long "Working…" of another process is waited for.
const elsewhere = time.Second

// afterMark returns when "Working…" stands where the answer goes. Nobody knows when
// another process's does; its call began when the click was stored.
func (a *Adapter) afterMark(ctx context.Context, reply bot.Handle) {
	if !reply.Deferred {
		return
	}
	if reply.Elsewhere {
		work.Pause(ctx, elsewhere)
	}
	a.marks.Wait(ctx, reply.Secret) // it may be this process's all the same
}

func empty(card bot.Card) bool {
	return len(card.Title) == 0 && len(card.Blocks) == 0 && len(card.Buttons) == 0 && len(card.More) == 0
}

// clear takes "Working…" away. Where it is gone already there is nothing to do,
// and nothing to tell the person instead.
func (a *Adapter) clear(ctx context.Context, reply bot.Handle) error {
	if !reply.Deferred || reply.Secret == "" {
		return nil
	}
	a.afterMark(ctx, reply)
	err := a.respond(ctx, reply.Secret, map[string]any{"delete_original": true})
	if errors.Is(err, outbox.ErrGone) {
		return nil
	}
	return err
}

// unsaid are refusals of a channel, not of what is said there: Crieur is not in it,
// or may not write there. The person can still be told directly.
func unsaid(err error) bool {
	var refused api.SlackErrorResponse
	return errors.As(err, &refused) &&
		(refused.Err == "not_in_channel" || refused.Err == "cannot_reply_to_message" || strings.HasPrefix(refused.Err, "restricted_action"))
}

// whisper answers without a response_url.
func (a *Adapter) whisper(ctx context.Context, reply bot.Handle, at board.Place, shown rendering) error {
	parts := strings.Split(reply.ID, "|")
	if len(parts) != 3 || parts[1] == "" {
		return &outbox.Error{Fault: outbox.Gone, Reason: "slack.gone"}
	}
	channel, user, thread := parts[0], parts[1], parts[2]
	if channel == "" {
		channel = "@" + user
	}
	channel, err := a.channel(ctx, channel)
	if err != nil {
		return err
	}
	return a.inTurn(ctx, at, shown.pages, func(i int, p page) error {
		if i > 0 && direct(channel) && !work.Pause(ctx, threadPause) { // each is a message like any other
			return &outbox.Error{Fault: outbox.Ambiguous, Reason: "slack.silent", Err: ctx.Err()}
		}
		options := message(p)
		if thread != "" {
			options = append(options, api.MsgOptionTS(thread))
		}
		var trace sent
		var err error
		if direct(channel) {
			_, _, err = a.client.PostMessageContext(trace.trace(ctx), channel, options...)
		} else {
			_, err = a.client.PostEphemeralContext(trace.trace(ctx), channel, user, options...)
		}
		if err != nil {
			err = fmt.Errorf("answer %s in %s: %w", user, channel, err)
		}
		if unsaid(err) && !direct(channel) {
			return &outbox.Error{Fault: outbox.Gone, Reason: "slack.outside", Err: err}
		}
		return failure(err, &trace, true)
	})
}

// respond posts to a response_url, which is a secret: it is in no error.
func (a *Adapter) respond(ctx context.Context, address string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return failure(fmt.Errorf("encode answer: %w", ErrCard), nil, true)
	}
	var trace sent
	request, err := http.NewRequestWithContext(trace.trace(ctx), http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		return &outbox.Error{Fault: outbox.Gone, Reason: "slack.gone"}
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := a.http.Do(request)
	if err != nil {
		return failure(scrub(err), &trace, true)
	}
	defer func() { _ = response.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(response.Body, 1<<14))
	if err != nil {
		return failure(scrub(err), &trace, true)
	}
	return answered200(response, said)
}

// answered200 reads how a response_url answered: "ok", or a code.
func answered200(response *http.Response, said []byte) error {
	var refused struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	isJSON := json.Unmarshal(said, &refused) == nil
	code := refused.Error
	if !isJSON && response.StatusCode != http.StatusOK {
		code = strings.TrimSpace(string(said)) // older answers are the bare code
	}
	switch {
	case response.StatusCode == http.StatusTooManyRequests:
		return failure(limitOf(response), nil, true)
	case code != "" && (refused.OK == nil || !*refused.OK) && response.StatusCode < 500 && len(code) < 64:
		return failure(fmt.Errorf("answer: %w", api.SlackErrorResponse{Err: code}), nil, true)
	case response.StatusCode != http.StatusOK:
		return failure(api.StatusCodeError{Code: response.StatusCode, Status: response.Status}, nil, true)
	}
	return nil
}

// limitOf is how long a 429 asks to wait.
func limitOf(response *http.Response) *api.RateLimitedError {
	seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
	if err != nil || seconds < 1 {
		seconds = 1
	}
	return &api.RateLimitedError{RetryAfter: time.Duration(seconds) * time.Second}
}
