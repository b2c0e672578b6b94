package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

const (
	// maxBody is the largest interaction that is read, in bytes.
	maxBody = 1 << 20
	// maxSkew is how far an interaction's time may be from ours.
	maxSkew = 5 * time.Minute
)

// ServeHTTP takes interactions that Discord sends over HTTP. It refuses with
// 401 whatever is not signed by Discord within 5 minutes: Discord tries that on
// purpose, and removes an address that does not.
func (c *Chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	switch {
	case err != nil:
		http.Error(w, "body not readable", http.StatusBadRequest)
		return
	case len(body) > maxBody:
		http.Error(w, "body over 1 MiB", http.StatusRequestEntityTooLarge)
		return
	case !c.signed(r, body):
		http.Error(w, "invalid request signature", http.StatusUnauthorized)
		return
	}
	var in interaction
	if err := json.Unmarshal(body, &in); err != nil || in.Type == 0 {
		c.log.Error("discord: interaction not readable", "error", err)
		http.Error(w, "not an interaction", http.StatusBadRequest)
		return
	}
	answer := c.respond(context.WithoutCancel(r.Context()), in)
	if answer.sent != nil {
		defer func() { time.AfterFunc(arrives, answer.sent) }()
	}
	data, err := json.Marshal(answer)
	if err != nil {
		c.log.Error("discord: encode response", "interaction", in.ID, "error", err)
		http.Error(w, "no response", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(data); err != nil {
		c.log.Warn("discord: send response", "interaction", in.ID, "error", err)
		return
	}
	if answer.after != nil {
		if err := http.NewResponseController(w).Flush(); err != nil {
			c.log.Debug("discord: flush response", "error", err)
		}
		handle := c.event(in).Reply
		c.later("after interaction "+in.ID, func(ctx context.Context) error { return c.settled(ctx, handle, answer.after) })
	}
}

// signed checks the signature and its time.
func (c *Chat) signed(r *http.Request, body []byte) bool {
	if c.key == nil {
		return false
	}
	stamp, err := strconv.ParseInt(r.Header.Get("X-Signature-Timestamp"), 10, 64)
	if err != nil {
		return false
	}
	if skew := c.now().Sub(time.Unix(stamp, 0)); skew > maxSkew || skew < -maxSkew {
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return discordgo.VerifyInteraction(r, c.key)
}
