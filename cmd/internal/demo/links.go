package demo

import (
	"context"
	"errors"
	"net/netip"
	"net/url"

	"crieur/integrations/source/link"
)

// site is the shop of the sample brand. It is no place of the web: its pages are
// in feeds/site, served on this machine.
const site = "www.maisoncolibri.fr"

// errElsewhere is the error of a link that leads away from the sample brand's
// own pages: it is not tried, and nothing is said of it.
var errElsewhere = errors.New("the demo tries no link but the sample shop's")

// links tries the links of drafts that lead to the sample shop.
type links struct {
	host   string // that serves the pages, with its port
	prober *link.Prober
}

func newLinks(host string) *links {
	return &links{host, link.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})}
}

// Probe implements app.Prober.
func (l *links) Probe(ctx context.Context, address string) (reason string, err error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host != site {
		return "", errElsewhere
	}
	page := url.URL{Scheme: "http", Host: l.host, Path: "/site" + parsed.Path}
	return l.prober.Probe(ctx, page.String())
}
