package consoletest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"
)

// patience is how long a page waits for an answer; only a hang takes so long.
const patience = 30 * time.Second

// op, reply and frame are what a page and the console say to each other.
type op struct {
	ID       string              `json:"id,omitempty"`
	Kind     string              `json:"kind"`
	Channel  string              `json:"channel,omitempty"`
	Message  string              `json:"message,omitempty"`
	Text     string              `json:"text,omitempty"`
	Callback string              `json:"callback,omitempty"`
	Values   map[string][]string `json:"values,omitempty"`
	Form     string              `json:"form,omitempty"`
	Seq      int64               `json:"seq,omitempty"`
	Epoch    string              `json:"epoch,omitempty"`
}

type reply struct {
	ID     string            `json:"ack"`
	State  string            `json:"state"`
	Text   string            `json:"text"`
	HTML   string            `json:"html"`
	Errors map[string]string `json:"errors"`
}

type frame struct {
	Epoch string `json:"epoch"`
	Puts  []struct {
		ID   string `json:"id"`
		Seq  int64  `json:"seq"`
		HTML string `json:"html"`
		Gone bool   `json:"gone"`
	} `json:"puts"`
}

// tab is one open page: a person in a pane.
type tab struct {
	s          *Surface
	user, pane string
	epoch      string
	conn       *websocket.Conn
	lost       chan struct{} // closed when the connection ended

	mu       sync.Mutex
	messages []*message // in order
	asked    int
	waiting  map[string]chan reply
}

// open loads a page and connects it.
func (s *Surface) open(user, pane string) (*tab, error) {
	page, err := s.load(user, pane)
	if err != nil {
		return nil, err
	}
	body := page.Find("body")
	seq, err := strconv.ParseInt(body.AttrOr("data-seq", ""), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("open %s for %s: the page says no revision: %w", pane, user, err)
	}
	t := &tab{s: s, user: user, pane: pane, epoch: body.AttrOr("data-epoch", ""),
		lost: make(chan struct{}), waiting: map[string]chan reply{}}
	page.Find("#stream li.msg").Each(func(_ int, item *goquery.Selection) { t.messages = append(t.messages, parse(item)) })
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	t.conn, _, err = websocket.Dial(ctx, s.server.URL+"/socket?person="+user,
		&websocket.DialOptions{HTTPHeader: http.Header{"Origin": {s.server.URL}}})
	if err != nil {
		return nil, err
	}
	t.conn.SetReadLimit(-1)
	go t.listen()
	s.t.Cleanup(func() {
		t.conn.CloseNow()
		<-t.lost
	})
	return t, t.send(ctx, op{Kind: "look", Channel: pane, Seq: seq, Epoch: t.epoch})
}

// listen takes what comes until the connection ends.
func (t *tab) listen() {
	defer close(t.lost)
	for {
		_, data, err := t.conn.Read(context.Background())
		if err != nil {
			return
		}
		var news struct {
			reply
			frame
		}
		if err := json.Unmarshal(data, &news); err != nil {
			t.s.t.Errorf("%s got %q: %v", t.user, data, err)
			return
		}
		if news.reply.ID == "" {
			t.received(news.frame)
			continue
		}
		t.mu.Lock()
		if asked, found := t.waiting[news.reply.ID]; found {
			asked <- news.reply // there is room for the one answer
		}
		t.mu.Unlock()
	}
}

// received puts what is new or changed where it belongs.
func (t *tab) received(news frame) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if news.Epoch != t.epoch {
		t.s.t.Errorf("the page of %s for %s has to load anew", t.pane, t.user)
	}
	for _, put := range news.Puts {
		at := slices.IndexFunc(t.messages, func(m *message) bool { return m.id == put.ID })
		switch {
		case put.Gone && at >= 0:
			t.messages = slices.Delete(t.messages, at, at+1)
		case put.Gone:
		default:
			drawn, err := goquery.NewDocumentFromReader(strings.NewReader(put.HTML))
			if err != nil {
				t.s.t.Error(err)
				continue
			}
			m := parse(drawn.Find("li.msg"))
			if at < 0 {
				at, _ = slices.BinarySearchFunc(t.messages, m.seq, func(m *message, seq int64) int { return int(m.seq - seq) })
				t.messages = slices.Insert(t.messages, at, m)
			}
			t.messages[at] = m
		}
	}
}

func (t *tab) send(ctx context.Context, ask op) error {
	data, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	return t.conn.Write(ctx, websocket.MessageText, data)
}

// ask sends an operation and waits for its answer.
func (t *tab) ask(ask op) (reply, error) {
	answer := make(chan reply, 1)
	t.mu.Lock()
	t.asked++
	ask.ID, ask.Channel = fmt.Sprintf("%s-%s-%d", t.user, t.pane, t.asked), t.pane
	t.waiting[ask.ID] = answer
	t.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := t.send(ctx, ask); err != nil {
		return reply{}, err
	}
	select {
	case got := <-answer:
		return got, nil
	case <-t.lost:
		return reply{}, fmt.Errorf("the connection was lost on %q", ask.Kind)
	case <-ctx.Done():
		return reply{}, fmt.Errorf("no answer to %q", ask.Kind)
	}
}

// find is the press of the newest button or choice with a label, and the card
// that it stands on; nil for none.
func (t *tab) find(label string) (op, *message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range slices.Backward(t.messages) {
		for _, b := range m.buttons {
			if b.label == label && !m.busy {
				return op{Kind: "click", Message: m.id, Callback: b.callback, Values: b.values}, m
			}
		}
	}
	return op{}, nil
}

// entry is the press of an entry of the menu of the newest message of a person
// that holds the words.
func (t *tab) entry(label, words string) (op, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range slices.Backward(t.messages) {
		if action, ok := m.menu[label]; ok && strings.Contains(m.text, words) {
			return op{Kind: "shortcut", Message: m.id, Text: action}, true
		}
	}
	return op{}, false
}

// working hides a card's buttons until it is drawn anew. One that was drawn
// anew before the answer came is another message already.
func (t *tab) working(m *message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m.busy = true
}

// shows is what stands on the page, message by message, of Crieur alone.
func (t *tab) shows(which func(*message) bool) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var texts []string
	for _, m := range t.messages {
		if m.crieur && which(m) {
			texts = append(texts, m.text)
		}
	}
	return texts
}
