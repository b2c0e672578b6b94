package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/outbox"
)

// Fetch implements bot.Fetcher. The file's ID came with what a form brought; its
// address is asked for anew, and followed nowhere but to Slack.
func (a *Adapter) Fetch(ctx context.Context, _ string, file bot.Upload, most int64) ([]byte, error) {
	data, err := a.fetch(ctx, file.Ref, most)
	if err == nil {
		return data, nil
	}
	err = failure(fmt.Errorf("fetch file %s: %w", file.Ref, err), nil, false)
	if failed := (*outbox.Error)(nil); errors.As(err, &failed) { // made for this call
		if failed.Args == nil {
			failed.Args = map[string]string{}
		}
		failed.Args["Name"] = file.Name
		if failed.Reason == "slack.silent" {
			failed.Reason = "slack.file.away"
		}
	}
	return nil, err
}

func (a *Adapter) fetch(ctx context.Context, id string, most int64) ([]byte, error) {
	info, _, _, err := a.client.GetFileInfoContext(ctx, id, 0, 0)
	if err != nil {
		return nil, err
	}
	response, err := a.download(ctx, info.URLPrivateDownload)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if err := readable(response); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(response.Body, most+1))
}

// errElsewhere says that a file is not kept by Slack, which only knows the
// address that somebody gave it.
var errElsewhere = errors.New("file is not kept by Slack")

// download asks for the bytes of a file. It follows no redirection: for who may
// not read a file, Slack has one to the page where people sign in.
func (a *Adapter) download(ctx context.Context, address string) (*http.Response, error) {
	if !a.atSlack(address) {
		return nil, unread(errElsewhere)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+a.options.Token.Reveal())
	client := *a.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client.Do(request)
}

// atSlack says whether our token may be sent to an address: one of Slack's own,
// or where its API is configured to be.
func (a *Adapter) atSlack(address string) bool {
	to, err := url.Parse(address)
	if err != nil {
		return false
	}
	home, err := url.Parse(a.options.APIURL)
	if err == nil && to.Scheme == home.Scheme && to.Host == home.Host {
		return true
	}
	host := "." + strings.ToLower(to.Host) // with a port it is not theirs
	return to.Scheme == "https" && (strings.HasSuffix(host, ".slack.com") || strings.HasSuffix(host, ".slack-gov.com"))
}

// readable says why a response does not hold the file.
func readable(response *http.Response) error {
	err := api.StatusCodeError{Code: response.StatusCode, Status: response.Status}
	switch fault := faultOfStatus(response.StatusCode); {
	case response.StatusCode == http.StatusOK:
		return nil
	case fault == outbox.Limited:
		return failure(limitOf(response), nil, false)
	case fault == outbox.Gone:
		return &outbox.Error{Fault: outbox.Gone, Reason: "slack.file.gone", Err: err}
	case fault == outbox.Ambiguous:
		return failure(err, nil, false)
	}
	return unread(err)
}

func unread(err error) error {
	return &outbox.Error{Fault: outbox.Denied, Reason: "slack.file.unread", Err: err}
}
