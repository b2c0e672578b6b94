package console

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const (
	maxFrame     = 256 << 10 // bytes that a page may send at once: the largest form fits
	writeTimeout = 10 * time.Second
	pingEvery    = 20 * time.Second
	// actTimeout is for the acts of a tour, which let a night pass: a slow machine
	// needs half a minute. All else that people do has shorter budgets of its own.
	actTimeout = 3 * time.Minute
)

// op is what a page asks. ID is the page's own; repeated after a lost
// connection, it is done once.
type op struct {
	ID       string              `json:"id"`
	Kind     string              `json:"kind"`
	Channel  string              `json:"channel,omitempty"`
	Thread   string              `json:"thread,omitempty"`
	Message  string              `json:"message,omitempty"`
	Text     string              `json:"text,omitempty"`
	Callback string              `json:"callback,omitempty"`
	Values   map[string][]string `json:"values,omitempty"`
	Form     string              `json:"form,omitempty"`
	Field    string              `json:"field,omitempty"` // of the form
	Seq      int64               `json:"seq,omitempty"`
	Epoch    string              `json:"epoch,omitempty"`
}

// reply answers one op.
type reply struct {
	ID string `json:"ack"`
	// State is "ok", "busy" (Text says so on the card), "form" (HTML is one),
	// "errors", "choices", "go" or "failed" (what was typed comes back).
	State   string            `json:"state"`
	Text    string            `json:"text,omitempty"`
	HTML    string            `json:"html,omitempty"`
	Errors  map[string]string `json:"errors,omitempty"`
	Choices []choice          `json:"choices,omitempty"`
	To      string            `json:"to,omitempty"`
}

type choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// frame brings a page to the newest state.
type frame struct {
	Seq     int64             `json:"seq"`
	Epoch   string            `json:"epoch"`
	Mode    string            `json:"mode"`
	Pane    string            `json:"pane"` // for which it is; the page may have turned since
	Puts    []put             `json:"puts,omitempty"`
	Regions map[string]string `json:"regions,omitempty"`
	Point   *point            `json:"point"`
}

// put is one message, new or changed.
type put struct {
	ID     string `json:"id"`
	Seq    int64  `json:"seq"`
	Parent string `json:"parent,omitempty"`
	HTML   string `json:"html,omitempty"`
	Gone   bool   `json:"gone,omitempty"`
	Say    string `json:"say,omitempty"` // for screen readers
	Bell   bool   `json:"bell,omitempty"`
	Mine   bool   `json:"mine,omitempty"` // private: the answer to what this person did
}

type point struct {
	Pane   string `json:"pane"`
	Action string `json:"action,omitempty"`
	Arg    string `json:"arg,omitempty"`
}

// window is one open page.
type window struct {
	console *Console
	conn    *websocket.Conn
	me      Person
	wakes   chan struct{}

	mu      sync.Mutex
	channel string // "" until the page said where it looks
	pane    string // the same, in the page's own words
	since   int64
	epoch   string
	sent    map[string]string // regions as the page has them
	pointed string
}

// socket serves the connection of one page.
func (c *Console) socket(w http.ResponseWriter, req *http.Request) {
	me, found := c.person(req.URL.Query().Get("person"))
	if !found {
		c.notFound(w, req)
		return
	}
	running, leave, ok := c.enter()
	if !ok {
		http.Error(w, "The workspace is closed.", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	conn, err := websocket.Accept(w, req, &websocket.AcceptOptions{
		OriginPatterns: []string{req.Host}, // guarded has compared it already
	})
	if err != nil {
		c.log.Debug("accept console page", "error", err)
		return
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxFrame)
	ctx, cancel := context.WithCancel(req.Context())
	defer cancel()
	stop := context.AfterFunc(running, func() {
		conn.Close(websocket.StatusGoingAway, "closing")
		cancel()
	})
	defer stop()
	wakes, unsubscribe := c.room.subscribe()
	defer unsubscribe()
	win := &window{console: c, conn: conn, me: me, wakes: wakes, sent: map[string]string{}}
	writer := make(chan struct{})
	c.done.Go(func() {
		defer close(writer)
		defer cancel()
		win.write(ctx)
	})
	win.listen(ctx)
	cancel()
	<-writer
}

// listen does what the page asks, in order, until the connection ends.
func (w *window) listen(ctx context.Context) {
	for {
		_, data, err := w.conn.Read(ctx)
		if err != nil {
			return
		}
		var ask op
		if err := json.Unmarshal(data, &ask); err != nil {
			w.conn.Close(websocket.StatusUnsupportedData, "not understood")
			return
		}
		if err := w.handle(ctx, ask); err != nil {
			return
		}
	}
}

func (w *window) handle(ctx context.Context, ask op) error {
	switch ask.Kind {
	case "look":
		w.look(ask)
		return nil
	case "seen":
		w.console.room.seen(w.me.ID, channelOf(w.me.ID, ask.Channel), ask.Seq)
		return nil
	}
	within, cancel := context.WithTimeout(ctx, actTimeout)
	defer cancel()
	return w.send(ctx, w.console.act(within, w.me, ask))
}

// look turns the page to a pane, of which it has everything up to ask.Seq.
func (w *window) look(ask op) {
	channel := channelOf(w.me.ID, ask.Channel)
	if !w.console.room.member(w.me.ID, channel) {
		return
	}
	w.mu.Lock()
	w.channel, w.pane, w.since, w.epoch = channel, ask.Channel, ask.Seq, ask.Epoch
	clear(w.sent)
	w.pointed = "?"
	w.mu.Unlock()
	if heard := w.console.opts.OnLook; heard != nil {
		heard(w.me.ID, paneOf(channel))
	}
	select {
	case w.wakes <- struct{}{}:
	default:
	}
}

// write sends frames as the room changes.
func (w *window) write(ctx context.Context) {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ping.C:
			within, cancel := context.WithTimeout(ctx, writeTimeout)
			err := w.conn.Ping(within)
			cancel()
			if err != nil {
				return
			}
		case <-w.wakes:
			if news, some := w.frame(); some {
				if err := w.send(ctx, news); err != nil {
					return
				}
			}
		}
	}
}

func (w *window) send(ctx context.Context, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	return w.conn.Write(within, websocket.MessageText, data)
}

// frame is what the page lacks; some is false if it lacks nothing.
func (w *window) frame() (news frame, some bool) {
	c := w.console
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.channel == "" {
		return frame{}, false
	}
	lang := c.room.language(w.me.ID)
	st := c.stage(w.me, lang)
	regions := map[string]string{"stage": c.draw("stage", st), "persona": c.draw("persona", st)}
	r := c.room
	r.mu.Lock()
	news = frame{Seq: r.rev, Epoch: r.epoch, Mode: st.mode(), Pane: w.pane}
	if w.epoch == r.epoch {
		news.Puts = c.puts(w.me, w.channel, lang, w.since)
	}
	side := c.rail(w.me, w.channel, lang, st.State.Point)
	r.mu.Unlock()
	regions["rail"] = c.draw("rail", side)
	news.Regions = w.changed(regions)
	pointed := ""
	if at := st.State.Point; at != nil {
		news.Point = &point{at.Pane, at.Action, at.Arg}
		pointed = at.Pane + " " + at.Action + " " + at.Arg
	}
	some = len(news.Puts) > 0 || len(news.Regions) > 0 || news.Epoch != w.epoch || pointed != w.pointed
	w.since, w.pointed = news.Seq, pointed
	return news, some
}

// changed keeps the regions that the page does not have yet.
func (w *window) changed(regions map[string]string) map[string]string {
	for name, html := range regions {
		if w.sent[name] == html {
			delete(regions, name)
			continue
		}
		w.sent[name] = html
	}
	return regions
}

// puts are the messages of a pane that changed after a revision; the room's
// lock is held.
func (c *Console) puts(me Person, channel, lang string, since int64) []put {
	var list []put
	for _, m := range c.room.panes[channel] {
		if m.Rev <= since || !c.room.sees(me.ID, m) || m.Gone && m.Seq > since {
			continue
		}
		p := put{ID: m.ID, Seq: m.Seq, Parent: m.Thread, Gone: m.Gone, Mine: m.Only == me.ID}
		if !m.Gone {
			p.HTML = c.drawMessage(m, lang)
		}
		if m.Seq > since && !m.Gone && m.From != me.ID {
			p.Say, p.Bell = c.spoken(m), m.Bell
		}
		list = append(list, p)
	}
	return list
}

// spoken is what a screen reader says of a new message: never what a card folds.
func (c *Console) spoken(m *message) string {
	switch {
	case m.Post != nil:
		return lookOf(m.Post.Network).Name
	case m.From != "":
		author, _ := c.person(m.From)
		return author.Name + ": " + m.Text
	}
	return "Crieur: " + m.Card.Text()
}
