package discord

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"crieur/bot/outbox"

	"github.com/bwmarrin/discordgo"
)

// Codes that discordgo does not name.
const (
	codeArchived      = discordgo.ErrCodePerformedOperationOnArchivedThread
	codeThreadExists  = discordgo.ErrCodeThreadAlreadyCreatedForThisMessage
	codeInvalidBearer = discordgo.ErrCodeInvalidWebhookTokenProvided // an expired interaction
	codeOldEdits      = discordgo.ErrCodeMaximumNumberOfEditsToMessagesOlderThanOneHourReached
)

const (
	// oldEdits is how long edits of messages older than oldAge are left alone when
	// Discord says that there were too many and not for how long.
	oldEdits = 10 * time.Minute
	oldAge   = time.Hour
	// banned is how long everything waits when a 429 does not say how long: it is
	// then about our address, and each call would make it longer.
	banned = time.Minute
)

// reasonClosed is the reason of a person who takes no direct messages.
const reasonClosed = "discord.closed"

// problem is Discord's answer to a call that it refuses.
type problem struct {
	Code       int             `json:"code"`
	Message    string          `json:"message"`
	RetryAfter float64         `json:"retry_after"`
	Global     bool            `json:"global"`
	Errors     json.RawMessage `json:"errors"`
}

// refusal is the cause inside an *outbox.Error when Discord answered.
type refusal struct {
	route  string
	status int
	problem
}

func (r *refusal) Error() string {
	text := fmt.Sprintf("%s: HTTP %d, code %d: %s", r.route, r.status, r.Code, r.Message)
	if len(r.Errors) > 0 {
		text += " " + string(r.Errors[:min(len(r.Errors), 600)])
	}
	return text
}

// codeOf returns Discord's code in an error, 0 if there is none.
func codeOf(err error) int {
	var r *refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return 0
}

// statusOf returns the HTTP status in an error, 0 if there was no answer.
func statusOf(err error) int {
	var r *refusal
	if errors.As(err, &r) {
		return r.status
	}
	return 0
}

// lost is the error of a call that got no answer.
func lost(c call, wrote bool, err error) *outbox.Error {
	err = fmt.Errorf("%s: %w", c.route, bare(err))
	var dial *net.OpError
	if !wrote || c.again || (errors.As(err, &dial) && dial.Op == "dial") {
		return &outbox.Error{Fault: outbox.Temporary, Reason: "discord.away", Err: err}
	}
	return &outbox.Error{Fault: outbox.Ambiguous, Reason: "discord.away", Err: err}
}

// refused is the error of a call that Discord answered with other than 2xx.
func refused(c call, response *http.Response, data []byte) *outbox.Error {
	r := &refusal{route: c.route, status: response.StatusCode}
	if json.Unmarshal(data, &r.problem) != nil {
		r.Message = "no readable answer"
	}
	e := &outbox.Error{Err: r}
	switch {
	case r.status == http.StatusTooManyRequests || r.Code == codeOldEdits:
		e.Fault, e.Reason, e.Alone = outbox.Limited, "discord.limited", r.Code == codeOldEdits
		silence := banned
		if e.Alone {
			silence = oldEdits
		}
		e.After = cmp.Or(waitOf(response, r.problem), silence)
	case r.Code == codeInvalidBearer, r.Code == discordgo.ErrCodeUnknownInteraction, r.Code == discordgo.ErrCodeUnknownWebhook,
		r.status == http.StatusUnauthorized && c.exempt:
		e.Fault, e.Reason = outbox.Gone, "discord.expired"
	case r.status == http.StatusUnauthorized:
		e.Fault, e.Reason = outbox.Denied, "discord.token"
	case r.Code == discordgo.ErrCodeCannotSendMessagesToThisUser:
		e.Fault, e.Reason = outbox.Rejected, reasonClosed
	case r.status == http.StatusForbidden:
		e.Fault, e.Reason = outbox.Denied, denied(c, r.Code)
	case r.status == http.StatusNotFound:
		e.Fault, e.Reason = outbox.Gone, "discord.gone"
	case r.status >= 500 && !c.again:
		e.Fault, e.Reason = outbox.Ambiguous, "discord.away"
	case r.status >= 500:
		e.Fault, e.Reason = outbox.Temporary, "discord.away"
	default:
		e.Fault, e.Reason = outbox.Rejected, "discord.rejected"
	}
	return e
}

// denied names the permission that is missing.
func denied(c call, code int) string {
	needs := c.needs
	if code == discordgo.ErrCodeMissingAccess || needs == 0 {
		needs = discordgo.PermissionViewChannel
	}
	return "discord.missing." + permissionNames[needs]
}

// old says whether edits of a message count among those of old ones.
func (c *Chat) old(message string) bool {
	made, err := discordgo.SnowflakeTimestamp(message)
	return err == nil && c.now().Sub(made) > oldAge
}

// waitOf reads how long a 429 asks to wait, 0 if it does not say.
func waitOf(response *http.Response, p problem) time.Duration {
	if after, ok := seconds(fmt.Sprint(p.RetryAfter)); ok && after > 0 {
		return after
	}
	for _, name := range []string{"X-RateLimit-Reset-After", "Retry-After"} {
		if after, ok := seconds(response.Header.Get(name)); ok && after > 0 {
			return after
		}
	}
	return 0
}

// globally says whether a 429 is about everything that we send. One that names no
// time in Discord's way comes from what stands before Discord, and bans our address.
func globally(response *http.Response, data []byte) bool {
	var p problem
	if json.Unmarshal(data, &p) == nil && p.Global {
		return true
	}
	header := response.Header
	return strings.EqualFold(header.Get("X-RateLimit-Scope"), "global") ||
		(p.RetryAfter <= 0 && header.Get("X-RateLimit-Bucket") == "" && header.Get("X-RateLimit-Scope") == "")
}
