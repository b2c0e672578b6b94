// Package link tries the links of a draft: does anything answer there? Every
// address goes through the guard, for anybody in the team may type one. It does
// not read pages, and it doubts: a site that only refuses programs is not
// called dead.
package link

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"crieur/bot/outbox"
	"crieur/integrations/internal/httpx"
)

// maxBody is how much of a page is read; that there is more says enough.
const maxBody = 64 << 10

// Prober tries links. It is safe for concurrent use.
type Prober struct {
	http *httpx.Client
}

// New returns a prober that calls public addresses and those of allow.
func New(allow []netip.Prefix) *Prober {
	return &Prober{http: httpx.New(httpx.Options{Room: "source", Allow: allow, MaxBody: maxBody})}
}

// Close lets go of idle connections.
func (p *Prober) Close() { p.http.Close() }

// Probe tries a link. The reason is the catalog key of what is wrong with it, to
// be said after a colon, empty if it answers; an error means that nobody can
// tell.
func (p *Prober) Probe(ctx context.Context, address string) (reason string, err error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address // as networks read "colibri.fr"
	}
	_, err = p.http.Get(ctx, address, httpx.Validators{}, "text/html, */*;q=0.5")
	var large *httpx.TooLarge
	if err == nil || errors.As(err, &large) {
		return "", nil
	}
	var e *outbox.Error
	if !errors.As(err, &e) || errors.Is(ctx.Err(), context.Canceled) {
		return "", fmt.Errorf("probe link: %w", err)
	}
	switch cause := strings.TrimPrefix(e.Reason, "source."); cause {
	case "unreachable", "certificate", "blocked", "redirects", "address", "gone", "down":
		return "source.link_" + cause, nil
	}
	return "", fmt.Errorf("probe link: %w", err)
}
