package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/state"
)

//go:embed feeds
var feedFiles embed.FS

// rival is a competitor of the sample brand, with the file of its feed.
type rival struct{ name, file string }

func competitors() []rival {
	return []rival{{"Thés Bellerive", "bellerive.rss"}, {"Feuilles et Vapeur", "vapeur.json"}}
}

// feedHost is where the competitors' feeds seem to be; reading finds them on this
// machine, wherever they are served today.
const feedHost = "http://concurrents.example/"

// serveFeeds serves the competitors' feeds on this machine.
func (d *Demo) serveFeeds() error {
	files, err := fs.Sub(feedFiles, "feeds")
	if err != nil {
		return fmt.Errorf("open the feeds: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(d.ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the feeds: %w", err)
	}
	d.feeds = &http.Server{Addr: listener.Addr().String(), Handler: http.FileServerFS(files), ReadHeaderTimeout: 5 * time.Second}
	d.running.Go(func() {
		if err := d.feeds.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			d.log.Error("feeds ended", "err", err)
		}
	})
	return nil
}

// watch follows the competitors from now on.
func (d *Demo) watch(ctx context.Context) error {
	_, err := state.Do(ctx, d.store(), "watch", d.Clock.Now(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		for _, one := range competitors() {
			if _, err := d.app().Watched.Follow(ctx, tx, d.space.Brands[0], "", feedHost+one.file, one.name); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	if err != nil {
		return fmt.Errorf("watch the competitors: %w", err)
	}
	return nil
}

// caughtUp says that every competitor was read once.
func caughtUp(ctx context.Context, d *Demo, tx *state.Tx) (bool, error) {
	all, err := poll.All(ctx, tx, d.space.Brands[0].ID)
	for _, one := range all {
		if one.Reads == 0 {
			return false, err
		}
	}
	return len(all) > 0, err
}

// served is where on this machine a competitor's feed is read; nowhere if it is
// not one of ours.
func (d *Demo) served(address string) (string, error) {
	file, ours := strings.CutPrefix(address, feedHost)
	if !ours {
		return "", &outbox.Error{Fault: outbox.Rejected, Reason: "demo.offline"}
	}
	return "http://" + d.feeds.Addr + "/" + file, nil
}
