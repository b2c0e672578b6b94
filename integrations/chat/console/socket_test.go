package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot"

	"github.com/coder/websocket"
)

// client is a page without a browser.
type client struct {
	t    testing.TB
	conn *websocket.Conn
	n    int
	// what came
	frames []frame
	acks   map[string]reply
	seq    int64
}

func (s *sample) connect(server *httptest.Server, person string) *client {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, server.URL+"/socket?person="+person, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {server.URL}}})
	if err != nil {
		s.t.Fatal(err)
	}
	conn.SetReadLimit(1 << 22)
	s.t.Cleanup(func() { conn.CloseNow() })
	return &client{t: s.t, conn: conn, acks: map[string]reply{}}
}

func (c *client) ask(ask op) string {
	c.t.Helper()
	if ask.ID == "" {
		c.n++
		ask.ID = fmt.Sprintf("%p-%d", c, c.n)
	}
	data, err := json.Marshal(ask)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.conn.Write(context.Background(), websocket.MessageText, data); err != nil {
		c.t.Fatal(err)
	}
	return ask.ID
}

// until reads what comes until ready says so.
func (c *client) until(what string, ready func() bool) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	for !ready() {
		_, data, err := c.conn.Read(ctx)
		if err != nil {
			c.t.Fatalf("waiting for %s: %v", what, err)
		}
		if strings.HasPrefix(string(data), `{"ack"`) {
			var answer reply
			if err := json.Unmarshal(data, &answer); err != nil {
				c.t.Fatal(err)
			}
			c.acks[answer.ID] = answer
			continue
		}
		var news frame
		if err := json.Unmarshal(data, &news); err != nil {
			c.t.Fatal(err)
		}
		c.frames = append(c.frames, news)
		c.seq = max(c.seq, news.Seq)
	}
}

func (c *client) answer(id string) reply {
	c.t.Helper()
	c.until("the answer to "+id, func() bool { _, ok := c.acks[id]; return ok })
	return c.acks[id]
}

// shows waits for a put whose HTML holds words.
func (c *client) shows(words string) put {
	c.t.Helper()
	var found put
	c.until(words, func() bool {
		for _, news := range c.frames {
			for _, p := range news.Puts {
				if strings.Contains(p.HTML, words) {
					found = p
					return true
				}
			}
		}
		return false
	})
	return found
}

func (c *client) region(name, words string) {
	c.t.Helper()
	c.until(name+" to say "+words, func() bool {
		for i := len(c.frames) - 1; i >= 0; i-- {
			if html, ok := c.frames[i].Regions[name]; ok {
				return strings.Contains(html, words)
			}
		}
		return false
	})
}

func TestConversation(t *testing.T) {
	s := newSample(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	lea, nadia := s.connect(server, "lea"), s.connect(server, "nadia")
	epoch := s.room.epochNow()
	for _, c := range []*client{lea, nadia} {
		c.ask(op{Kind: "look", Channel: "com", Epoch: epoch})
		c.region("rail", "com")
	}
	card := s.post("com", requestCard(), false)
	for _, c := range []*client{lea, nadia} {
		got := c.shows("À valider avant")
		if got.ID != card.Message || !got.Bell || !strings.HasPrefix(got.Say, "Crieur: À valider avant 16 h 30") {
			t.Errorf("put %+v lacks its bell or words", got)
		}
	}
	lea.ask(op{Kind: "say", Channel: "com", Text: "je regarde"})
	if got := nadia.shows("je regarde"); got.Say != "Léa Morin: je regarde" {
		t.Errorf("the screen reader says %q", got.Say)
	}
	if own := lea.shows("je regarde"); own.Say != "" {
		t.Errorf("one's own words are read out: %q", own.Say)
	}
	id := nadia.ask(op{Kind: "click", Channel: "com", Message: card.Message, Callback: "a1:review.approve:tr"})
	if got := nadia.answer(id); got.State != "busy" || got.Text != "En cours…" {
		t.Errorf("the click got %+v", got)
	}
	for _, c := range []*client{lea, nadia} {
		if got := c.shows("Validé par Nadia"); got.ID != card.Message || got.Say != "" {
			t.Errorf("the edit came as %+v: in another place, or as something new", got)
		}
	}
	id = lea.ask(op{Kind: "click", Channel: "com", Message: card.Message, Callback: "a1:review.own:tr"})
	lea.answer(id)
	if got := lea.shows("il lui faut un autre regard"); !got.Mine || !strings.Contains(got.HTML, "visible de vous uniquement") {
		t.Errorf("the private answer came as %+v", got)
	}
	nadia.ask(op{Kind: "say", Channel: "com", Text: "merci"})
	nadia.shows("merci")
	for _, news := range nadia.frames {
		for _, p := range news.Puts {
			if strings.Contains(p.HTML, "autre regard") {
				t.Error("others got the private answer")
			}
		}
	}
}

func TestRegainsWhatWasMissed(t *testing.T) {
	s := newSample(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	epoch := s.room.epochNow()
	first := s.connect(server, "lea")
	first.ask(op{Kind: "look", Channel: "com", Epoch: epoch})
	kept := s.post("com", bot.Card{Title: bot.Say("seen")}, false)
	edited := s.post("com", bot.Card{Title: bot.Say("to edit")}, false)
	first.shows("to edit")
	first.conn.CloseNow()
	s.post("com", bot.Card{Title: bot.Say("missed")}, false)
	if err := s.Edit(context.Background(), edited, bot.Card{Title: bot.Say("edited")}); err != nil {
		t.Fatal(err)
	}
	back := s.connect(server, "lea")
	back.ask(op{Kind: "look", Channel: "com", Epoch: epoch, Seq: first.seq})
	back.shows("missed")
	back.shows("edited")
	for _, news := range back.frames {
		for _, p := range news.Puts {
			if p.ID == kept.Message {
				t.Error("what the page already had came again")
			}
		}
	}
	id := first.ask2(back, op{ID: "once", Kind: "say", Channel: "com", Text: "une fois"})
	back.answer(id)
	back.acks = map[string]reply{}
	back.answer(back.ask(op{ID: "once", Kind: "say", Channel: "com", Text: "une fois"}))
	if said := s.texts("lea", "com"); slices.Contains(said[4:], "lea: une fois") {
		t.Errorf("said twice: %q", said)
	}
}

// ask2 asks over another connection, as a page does that came back.
func (c *client) ask2(over *client, ask op) string { return over.ask(ask) }

func TestWaitComesAndGoes(t *testing.T) {
	s := newSample(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	lea := s.connect(server, "lea")
	lea.ask(op{Kind: "look", Channel: "com", Epoch: s.room.epochNow()})
	lea.answer(lea.ask(op{Kind: "say", Channel: "com", Text: "/plan"}))
	waiting := lea.shows("En cours…")
	s.reply(s.seen()[0], bot.Card{Title: bot.Say("Le plan")})
	if got := lea.shows("Le plan"); !strings.Contains(got.HTML, `<p class="echo" dir="auto">/plan</p>`) {
		t.Errorf("the answer does not say to what: %s", got.HTML)
	}
	lea.until("the wait to go", func() bool {
		for _, news := range lea.frames {
			for _, p := range news.Puts {
				if p.ID == waiting.ID && p.Gone && p.HTML == "" {
					return true
				}
			}
		}
		return false
	})
}

func TestPageOfAnotherDay(t *testing.T) {
	s := newSample(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	s.post("com", bot.Card{Title: bot.Say("today")}, false)
	lea := s.connect(server, "lea")
	lea.ask(op{Kind: "look", Channel: "com", Epoch: "yesterday"})
	lea.until("the epoch", func() bool { return len(lea.frames) > 0 })
	if news := lea.frames[0]; news.Epoch != s.room.epochNow() || len(news.Puts) > 0 {
		t.Errorf("a page of another day got %+v: it must load anew", news)
	}
}

func TestUnreadMarks(t *testing.T) {
	s := newSample(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	lea := s.connect(server, "lea")
	lea.ask(op{Kind: "look", Channel: Direct, Epoch: s.room.epochNow()})
	lea.region("rail", "com")
	s.post("com", bot.Card{Title: bot.Say("one")}, false)
	lea.region("rail", "1 message non lu")
	lea.region("rail", "1 sonnerie pour vous")
	s.mu.Lock()
	got := strings.Join(s.looks, ",")
	s.mu.Unlock()
	if got != "lea crieur" {
		t.Errorf("heard of looks at %q", got)
	}
	s.post("com", bot.Card{Title: bot.Say("two")}, true)
	lea.region("rail", "2 messages non lus")
	lea.ask(op{Kind: "seen", Channel: "com", Seq: 1 << 40})
	lea.until("no badge", func() bool {
		html, ok := lea.frames[len(lea.frames)-1].Regions["rail"]
		return ok && !strings.Contains(html, "badge")
	})
	s.post("com", bot.Card{Title: bot.Say("three")}, true)
	lea.region("rail", "1 message non lu")
}

func TestTourOnTheWire(t *testing.T) {
	s := newSample(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	lea := s.connect(server, "lea")
	lea.ask(op{Kind: "look", Channel: "com", Epoch: s.room.epochNow()})
	s.state = TourState{Welcome: true}
	s.Guide(s)
	lea.until("the first screen", func() bool { return len(lea.frames) > 0 && lea.frames[len(lea.frames)-1].Mode == "welcome" })
	lea.answer(lea.ask(op{Kind: "tour", Text: TourStart}))
	lea.region("stage", "il faut devenir Nadia Roux")
	if last := lea.frames[len(lea.frames)-1]; last.Point == nil || last.Point.Action != "review.approve" || last.Mode != "work" {
		t.Errorf("the frame points nowhere: %+v", last.Point)
	}
	s.at(14, 20)
	s.Changed()
	lea.region("stage", "14\u00a0h\u00a020")
	s.Reset()
	before := s.room.epochNow()
	lea.until("the new epoch", func() bool { return lea.frames[len(lea.frames)-1].Epoch == before })
}

func TestNotUnderstood(t *testing.T) {
	s := newSample(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	for _, data := range []string{"{", `[]`, `{"kind":1}`} {
		c := s.connect(server, "lea")
		if err := c.conn.Write(context.Background(), websocket.MessageText, []byte(data)); err != nil {
			t.Fatal(err)
		}
		_, _, err := c.conn.Read(context.Background())
		if websocket.CloseStatus(err) != websocket.StatusUnsupportedData {
			t.Errorf("%s: %v, want it closed", data, err)
		}
	}
	c := s.connect(server, "lea")
	c.ask(op{Kind: "look", Channel: "direction", Epoch: s.room.epochNow()})
	s.post("direction", bot.Card{Title: bot.Say("secret")}, true)
	c.answer(c.ask(op{Kind: "say", Channel: "com", Text: "là"}))
	if len(c.frames) != 0 {
		t.Errorf("a channel of others was shown: %+v", c.frames)
	}
}

func TestStop(t *testing.T) {
	s := newSample(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	lea := s.connect(server, "lea")
	lea.ask(op{Kind: "look", Channel: "com", Epoch: s.room.epochNow()})
	lea.region("rail", "com")
	read := make(chan error, 1)
	go func() {
		for {
			if _, _, err := lea.conn.Read(context.Background()); err != nil {
				read <- err
				return
			}
		}
	}()
	s.Stop()
	s.Stop()
	if err := <-read; websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the page was told %v", err)
	}
	if got := s.get("/socket?person=lea", "Origin", "http://127.0.0.1:8080"); got.Code != http.StatusServiceUnavailable {
		t.Errorf("a closed workspace answers %d", got.Code)
	}
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(context.Background()); err == nil {
		t.Error("it started twice")
	}
}

func TestManyAtOnce(t *testing.T) {
	s := newSample(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	readers := []*client{s.connect(server, "lea"), s.connect(server, "nadia"), s.connect(server, "sam")}
	for _, c := range readers {
		c.ask(op{Kind: "look", Channel: "com", Epoch: s.room.epochNow()})
	}
	var all sync.WaitGroup
	const writers, each = 8, 40
	for w := range writers {
		all.Go(func() {
			for i := range each {
				place := s.post("com", bot.Card{Title: bot.Say(fmt.Sprintf("w%d.%d", w, i))}, false)
				if err := s.Edit(context.Background(), place, bot.Card{Title: bot.Say(fmt.Sprintf("w%d.%d edited", w, i))}); err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for _, c := range readers {
		last := map[string]string{}
		c.until("every edit", func() bool {
			for _, news := range c.frames {
				for _, p := range news.Puts {
					last[p.ID] = p.HTML
				}
			}
			c.frames = nil
			edited := 0
			for _, html := range last {
				if strings.Contains(html, "edited</h2>") {
					edited++
				}
			}
			return edited == writers*each
		})
	}
	if n := len(s.Rings()); n != writers*each*3 {
		t.Errorf("%d rings, want %d", n, writers*each*3)
	}
}
