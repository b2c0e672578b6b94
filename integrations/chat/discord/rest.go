package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/bot/work"
)

const (
	// callTimeout bounds one call; with maxWait it is shorter than a lane's lease.
	callTimeout = 4 * time.Second
	// maxWait is how long a call waits for its turn; beyond, the caller is told
	// to come back, so that others are not held up.
	maxWait = time.Second
	// maxAnswer is the largest answer that is read, in bytes.
	maxAnswer = 4 << 20

	userAgent = "DiscordBot (crieur, 1)"
)

// call is one request to Discord's REST interface.
type call struct {
	method, path string
	// route names the endpoint without IDs or tokens; major is the channel or
	// guild that its limits count for.
	route, major string
	body         any
	files        []file
	// exempt calls (interactions) have no limit of their own that is worth
	// remembering: they are keyed by a token that soon dies.
	exempt bool
	// old edits are of messages over an hour old, which have a limit of their own.
	old bool
	// again says that doing it twice shows the same, so a call without an answer
	// may simply be repeated.
	again bool
	// needs is the permission that the call fails without.
	needs int64
}

// rest makes calls, in the limits. It never repeats one by itself.
type rest struct {
	http   *http.Client
	base   string // "https://discord.com/api/v10", without a slash at the end
	token  secret.Secret
	limits *limits
	// skew is how far our clock was from the last answer's, in nanoseconds.
	skew atomic.Int64
	now  func() time.Time
	log  *slog.Logger
}

// do makes the call and decodes its answer into out, unless that is nil. The
// error is an *outbox.Error.
func (r *rest) do(ctx context.Context, c call, out any) error {
	if err := r.turn(ctx, c); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	request, err := r.request(ctx, c)
	if err != nil {
		return &outbox.Error{Fault: outbox.Rejected, Reason: "discord.rejected", Err: err}
	}
	response, err := r.http.Do(request)
	if err != nil {
		return lost(c, wrote.Load(), err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	now := time.Now()
	if r.limits.learn(c, response.StatusCode, response.Header, now) {
		r.log.Error("discord: so many calls were refused that none is made for a while", "refused", maxInvalid, "within", invalidWindow, "last", c.route)
	}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		r.skew.Store(int64(r.now().Sub(date)))
	}
	if response.StatusCode >= 300 {
		problem := refused(c, response, data)
		switch {
		case problem.Fault == outbox.Limited && problem.Alone:
			r.limits.holdOld(c, problem.After, now)
		case problem.Fault == outbox.Limited:
			r.limits.hold(c, problem.After, globally(response, data), now)
		}
		return problem
	}
	if err != nil {
		return lost(c, true, err)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return lost(c, true, fmt.Errorf("decode answer of %s: %w", c.route, err))
	}
	return nil
}

// turn waits for the limits, as long as that is short.
func (r *rest) turn(ctx context.Context, c call) error {
	until := time.Now().Add(maxWait)
	for {
		now := time.Now()
		if d := r.limits.waitOld(c, now); d > 0 {
			return &outbox.Error{Fault: outbox.Limited, After: d, Alone: true, Reason: "discord.limited",
				Err: fmt.Errorf("%s of an old message waits for its turn", c.route)}
		}
		d, granted := r.limits.wait(c, until.Sub(now), now)
		if !granted && now.Add(d).After(until) {
			return &outbox.Error{Fault: outbox.Limited, After: d, Reason: "discord.limited", Err: fmt.Errorf("%s waits for its turn", c.route)}
		}
		if d > 0 && !work.Pause(ctx, d) {
			return &outbox.Error{Fault: outbox.Temporary, Reason: "discord.away", Err: ctx.Err()}
		}
		if granted {
			return nil
		}
	}
}

func (r *rest) request(ctx context.Context, c call) (*http.Request, error) {
	var body io.Reader
	kind := ""
	if c.body != nil {
		data, err := json.Marshal(c.body)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", c.route, err)
		}
		body, kind = bytes.NewReader(data), "application/json"
		if len(c.files) > 0 {
			if body, kind, err = withFiles(data, c.files); err != nil {
				return nil, fmt.Errorf("encode files of %s: %w", c.route, err)
			}
		}
	}
	request, err := http.NewRequestWithContext(ctx, c.method, r.base+c.path, body)
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", c.route, bare(err))
	}
	request.Header.Set("User-Agent", userAgent)
	if !c.exempt {
		request.Header.Set("Authorization", "Bot "+r.token.Reveal())
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	return request, nil
}

func withFiles(payload []byte, files []file) (io.Reader, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="payload_json"`}, "Content-Type": {"application/json"}})
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(payload); err != nil {
		return nil, "", err
	}
	for i, f := range files {
		part, err := w.CreateFormFile(fmt.Sprintf("files[%d]", i), f.name)
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(f.content); err != nil {
			return nil, "", err
		}
	}
	return &b, w.FormDataContentType(), w.Close()
}

// bare takes the address out of an error: it may hold an interaction's token.
func bare(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		return outer.Err
	}
	return err
}

// trimBase makes an address of the REST interface end without a slash.
func trimBase(base string) string { return strings.TrimRight(base, "/") }
