package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

var errAway = errors.New("nobody answers")

// away is a store that can fall silent: a call then returns when its own time
// is over, or fails once the store is back.
type away struct {
	*statetest.Mem
	mu     sync.Mutex
	inbox  chan struct{} // closed when what people do is stored again; nil while it is
	others chan struct{} // the same for all other calls
}

// leave makes the store silent: for everything, or for all but what people do,
// as when every worker is down.
func (a *away) leave(t *testing.T, what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.others = make(chan struct{})
	switch what {
	case "redis":
		a.inbox = a.others
	case "workers":
	default:
		t.Fatalf("%q cannot be away", what)
	}
}

func (a *away) back(*testing.T, string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	close(a.others)
	a.inbox, a.others = nil, nil
}

func (a *away) here(ctx context.Context, which *chan struct{}) error {
	a.mu.Lock()
	back := *which
	a.mu.Unlock()
	if back == nil {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-back:
		return errAway
	}
}

func (a *away) Accept(ctx context.Context, keys []string, item work.Item) (bool, error) {
	if err := a.here(ctx, &a.inbox); err != nil {
		return false, err
	}
	return a.Mem.Accept(ctx, keys, item)
}

func (a *away) Get(ctx context.Context, keys ...state.Key) ([]state.Record, error) {
	if err := a.here(ctx, &a.others); err != nil {
		return nil, err
	}
	return a.Mem.Get(ctx, keys...)
}

func (a *away) List(ctx context.Context, r state.Range) ([]state.Member, error) {
	if err := a.here(ctx, &a.others); err != nil {
		return nil, err
	}
	return a.Mem.List(ctx, r)
}

func (a *away) Commit(ctx context.Context, c state.Commit) (state.Outcome, error) {
	if err := a.here(ctx, &a.others); err != nil {
		return state.Outcome{}, err
	}
	return a.Mem.Commit(ctx, c)
}

func (a *away) MoveDue(ctx context.Context, now time.Time, most int) (int, time.Time, error) {
	if err := a.here(ctx, &a.others); err != nil {
		return 0, time.Time{}, err
	}
	return a.Mem.MoveDue(ctx, now, most)
}

func (a *away) Effects(ctx context.Context, ids ...string) ([]outbox.Record, error) {
	if err := a.here(ctx, &a.others); err != nil {
		return nil, err
	}
	return a.Mem.Effects(ctx, ids...)
}

func (a *away) Arm(ctx context.Context, e outbox.Effect, owner string, now time.Time) (outbox.Status, error) {
	if err := a.here(ctx, &a.others); err != nil {
		return "", err
	}
	return a.Mem.Arm(ctx, e, owner, now)
}

// mend lets a network fail in one way from here on: "expired", "silent", or
// "well" again.
func (n *network) mend(t *testing.T, how string) {
	switch how {
	case "expired":
		n.fail(&outbox.Error{Fault: outbox.Denied, Reason: "network.denied", Args: map[string]string{"Name": "Mastodon"}})
	case "silent":
		n.fail(&outbox.Error{Fault: outbox.Ambiguous, Reason: "network.unanswered", Args: map[string]string{"Name": "Mastodon"}})
	case "well":
		n.fail(nil)
	default:
		t.Fatalf("a network cannot be %q", how)
	}
}

// badFeeds serves feeds that nobody can read, and a good one.
func badFeeds(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("/dead", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "down", http.StatusInternalServerError) })
	mux.HandleFunc("/gone", http.NotFound)
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<!doctype html><title>Un blog</title><p>Bonjour</p>")
	})
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0"><channel><title>t</title><item><title>Le chai est là</title><guid>1</guid>`+
			`<link>https://rival.example/chai</link><pubDate>Tue, 10 Nov 2026 11:00:00 +0100</pubDate>`+
			`<description>Gingembre, cardamome et poivre long : notre chai se boit avec du lait et du miel.</description></item></channel></rss>`)
	})
	mux.HandleFunc("/trade", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>t</title>`+
			`<item><title>Darjeeling : la cueillette d’automne est finie</title><guid>1</guid><link>https://trade.example/automne</link>`+
			`<dc:creator>Ana Roux</dc:creator><pubDate>Thu, 26 Nov 2026 08:00:00 +0100</pubDate>`+
			`<description>Les jardins ont fermé leurs portes hier. Les feuilles sont petites et peu nombreuses, le parfum est net.</description></item>`+
			`<item><title>Les coffrets de Bellerive</title><guid>2</guid><link>https://trade.example/coffrets</link>`+
			`<pubDate>Thu, 26 Nov 2026 08:10:00 +0100</pubDate><description>Un cadeau à offrir.</description></item>`+
			`<item><title>Vu ailleurs</title><guid>3</guid><link>https://trade.example/chai</link><pubDate>Thu, 26 Nov 2026 08:20:00 +0100</pubDate>`+
			`<description>Gingembre, cardamome et poivre long : notre chai se boit avec du lait et du miel.</description></item></channel></rss>`)
	})
	mux.HandleFunc("/huge", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		io.WriteString(w, `<rss version="2.0"><channel><title>t</title>`) //nolint:errcheck // the reader may hang up
		item := "<item><title>" + strings.Repeat("thé ", 25_000) + "</title></item>"
		for range 105 { // over 10 MB
			if _, err := io.WriteString(w, item); err != nil {
				return
			}
		}
		io.WriteString(w, "</channel></rss>") //nolint:errcheck // as above
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}
