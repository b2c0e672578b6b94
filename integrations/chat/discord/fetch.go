package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"crieur/bot"
	"crieur/bot/outbox"
)

// uploadHosts are where Discord keeps what people upload.
var uploadHosts = []string{"cdn.discordapp.com", "media.discordapp.net"}

var errForeign = errors.New("not an address of Discord")

// Fetch implements bot.Fetcher. The address of an upload is signed and lives for
// a while only; it needs no token, and gets none.
func (c *Chat) Fetch(ctx context.Context, _ string, file bot.Upload, most int64) ([]byte, error) {
	address, err := c.hosted(file.Ref)
	if err != nil {
		return nil, &outbox.Error{Fault: outbox.Rejected, Reason: "discord.upload.refused", Err: fmt.Errorf("fetch %q: %w", file.Name, err)}
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	data, err := c.download(ctx, address, most)
	if err != nil {
		return nil, fmt.Errorf("fetch %q: %w", file.Name, err)
	}
	return data, nil
}

// hosted lets through only what is kept by Discord, or by the configured
// interface: the address comes back from where it was stored.
func (c *Chat) hosted(ref string) (string, error) {
	address, err := url.Parse(ref)
	if err != nil || address.User != nil {
		return "", errForeign
	}
	if address.Scheme == "https" && slices.Contains(uploadHosts, address.Host) {
		return ref, nil
	}
	if api, err := url.Parse(c.opts.APIURL); err == nil && address.Scheme == api.Scheme && address.Host == api.Host {
		return ref, nil
	}
	return "", errForeign
}

// download reads at most one byte more than most. Redirects are not followed.
func (c *Chat) download(ctx context.Context, address string, most int64) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &outbox.Error{Fault: outbox.Rejected, Reason: "discord.upload.refused", Err: bare(err)}
	}
	request.Header.Set("User-Agent", userAgent)
	response, err := c.rest.http.Do(request)
	if err != nil {
		return nil, &outbox.Error{Fault: outbox.Temporary, Reason: "discord.away", Err: bare(err)}
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, undelivered(response)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, most+1))
	if err != nil {
		return nil, &outbox.Error{Fault: outbox.Temporary, Reason: "discord.away", Err: err}
	}
	return data, nil
}

// undelivered says why there is no file: an address that is too old is refused
// or not found.
func undelivered(response *http.Response) *outbox.Error {
	e := &outbox.Error{Err: fmt.Errorf("HTTP %d", response.StatusCode)}
	switch status := response.StatusCode; {
	case status == http.StatusTooManyRequests:
		e.Fault, e.Reason, e.After = outbox.Limited, "discord.limited", cmp.Or(waitOf(response, problem{}), time.Second)
	case status >= http.StatusInternalServerError:
		e.Fault, e.Reason = outbox.Temporary, "discord.away"
	case status >= http.StatusBadRequest:
		e.Fault, e.Reason = outbox.Gone, "discord.upload.gone"
	default:
		e.Fault, e.Reason = outbox.Rejected, "discord.upload.refused"
	}
	return e
}
