package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

// childOf names the address of a test's outside to a process that the test
// started from its own binary; childRedis that of its Redis.
const (
	childOf    = "CRIEUR_TEST_CHILD_OF"
	childRedis = "CRIEUR_TEST_CHILD_REDIS"
)

// TestMain lets the binary of the tests be the process that they kill.
func TestMain(m *testing.M) {
	if address := os.Getenv(childOf); address != "" {
		if err := child(address, os.Getenv(childRedis)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// delivery is an event as it is brought to a process.
type delivery struct {
	Keys  []string
	Event bot.Event
}

// child is the bot, whole, on a real Redis; its chat application is the test.
func child(address, redisAt string) error {
	space, err := demo.Space()
	if err != nil {
		return err
	}
	for n := range crowd {
		one := person(n)
		one.Roles = []brand.Role{brand.Author}
		space.Members = append(space.Members, one)
	}
	words, err := i18n.Load()
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(context.Background())
	defer end()
	client := goredis.NewClient(&goredis.Options{Addr: redisAt, ContextTimeoutEnabled: true})
	store, err := redis.NewStore(ctx, client, "kills")
	if err != nil {
		return err
	}
	a, err := app.New(app.Options{Space: space, Backend: store, Catalog: words, Key: []byte("key"), Now: time.Now,
		Hand: hand{}, Gate: nobodyRests{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	a.AddChat(remote{address})
	if err := a.Start(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	go func() { // it ends with the test that started it
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var d delivery
		if err := json.NewDecoder(r.Body).Decode(&d); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		} else if _, err := a.Desk.Accept(r.Context(), d.Keys, d.Event); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	}))
}

type nobodyRests struct{}

func (nobodyRests) Until(_ context.Context, _ outbox.Effect, now time.Time) (time.Time, error) {
	return now, nil
}

// remote is a chat application in another process.
type remote struct{ address string }

func (r remote) Platform() bot.Platform { return bot.Console }

func (r remote) Post(ctx context.Context, at board.Place, card bot.Card, how bot.PostOptions) (board.Place, error) {
	at.Message = how.Nonce
	return at, r.call(ctx, posted{At: at.Channel, Nonce: how.Nonce, Text: bottest.Plain(card)})
}

func (r remote) Edit(context.Context, board.Place, bot.Card) error  { return nil }
func (r remote) Answer(context.Context, bot.Handle, bot.Card) error { return nil }

// posted is a card that was put up.
type posted struct{ At, Nonce, Text string }

func (r remote) call(ctx context.Context, what posted) error {
	data, err := json.Marshal(what)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.address, bytes.NewReader(data))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return &outbox.Error{Fault: outbox.Ambiguous, Reason: "outbox.unknown", Err: err}
	}
	return response.Body.Close()
}

// crowd is how many people there are: with few commands each, none is asked to
// slow down.
const crowd = 2000

// siege is a bot that is killed and started again while events arrive.
type siege struct {
	*testing.T
	redisAt string
	outside *httptest.Server
	client  *http.Client

	mu      sync.Mutex
	process *exec.Cmd
	address string
	hold    io.Closer // its standard input
	posts   []posted
	dropped int // answers that were lost on purpose
}

// start starts the bot, and returns when it listens.
func (s *siege) start() {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childOf+"="+s.outside.URL, childRedis+"="+s.redisAt)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		s.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		s.Fatalf("the bot says no address: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process, s.address, s.hold = cmd, "http://"+strings.TrimSpace(line), in
}

func (s *siege) kill() {
	s.process.Process.Kill()
	s.process.Wait()
	s.hold.Close()
}

// ServeHTTP is the chat application: it takes everything, and loses one answer
// of fifty.
func (s *siege) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var p posted
	if json.NewDecoder(r.Body).Decode(&p) != nil {
		return // the bot died while it asked
	}
	s.mu.Lock()
	s.posts = append(s.posts, p)
	lost := rand.IntN(50) == 0
	if lost {
		s.dropped++
	}
	s.mu.Unlock()
	if lost {
		panic(http.ErrAbortHandler)
	}
}

// deliver brings an event as platforms do: until it is taken.
func (s *siege) deliver(d delivery) {
	data, err := json.Marshal(d)
	if err != nil {
		s.Error(err)
	}
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		s.mu.Lock()
		address := s.address
		s.mu.Unlock()
		response, err := s.client.Post(address, "application/json", bytes.NewReader(data))
		if err != nil {
			continue
		}
		response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return
		}
	}
	s.Errorf("event %s was never taken", d.Event.ID)
}

// command is the nth event, as it is brought the given time: the second and
// fourth time under another ID.
func command(n, turn int) delivery {
	user := person(n % crowd).ID
	message := fmt.Sprint("msg:", n)
	id := fmt.Sprintf("ev:%d:%d", n, turn%2)
	return delivery{[]string{id, message}, bot.Event{
		ID: id, Kind: bot.Command, Platform: bot.Console, Team: "colibri", Command: "draft", Text: fmt.Sprintf("Texte numéro %d.", n),
		Place: board.Place{Platform: string(bot.Console), Team: "colibri", Channel: "@" + user}, Direct: true,
		User: bot.User{ID: user, Name: user, Locale: "fr"}, At: time.Now()}}
}

// interrupted notes the cards whose answer a kill cut off: armed, with nobody
// left to hear.
func (s *siege) interrupted(client *goredis.Client, cut map[string]bool) {
	all := client.Scan(s.Context(), 0, "cr:{kills}:e:*", 1000).Iterator()
	for all.Next(s.Context()) {
		kept, err := client.HMGet(s.Context(), all.Val(), "s", "d").Result()
		if err != nil {
			s.Error(err)
			return
		}
		if kept[0] == string(outbox.Armed) && strings.Contains(fmt.Sprint(kept[1]), `"kind":"card"`) {
			cut[all.Val()] = true
		}
	}
}

// TestKills delivers events one to four times each, some under new IDs, to a bot
// that is killed again and again: every event makes its draft once, and a card
// that is put up twice says so.
func TestKills(t *testing.T) {
	t.Parallel()
	events, kills := 300, 4
	if long() {
		events, kills = 10_000, 50
	}
	s := &siege{T: t, redisAt: redistest.Server(t), client: &http.Client{Timeout: 10 * time.Second}}
	s.outside = httptest.NewUnstartedServer(s)
	s.outside.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	s.outside.Start()
	defer s.outside.Close()
	client := goredis.NewClient(&goredis.Options{Addr: s.redisAt})
	defer client.Close()
	s.start()
	defer func() { s.kill() }()

	var next, delivered atomic.Int64
	var senders sync.WaitGroup
	for range 16 {
		senders.Go(func() {
			for n := int(next.Add(1)) - 1; n < events; n = int(next.Add(1)) - 1 {
				var again sync.WaitGroup
				for turn := range 1 + n%4 {
					again.Go(func() { s.deliver(command(n, turn)) })
				}
				again.Wait()
				delivered.Add(1)
			}
		})
	}
	cut := map[string]bool{}
	for n := range kills {
		for delivered.Load() < int64((n+1)*events/(kills+1)) {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
		s.kill()
		s.interrupted(client, cut)
		s.start()
	}
	senders.Wait()
	s.settled(client, events, kills, len(cut))
}

// settled waits until all is done, and counts.
func (s *siege) settled(client *goredis.Client, events, kills, cut int) {
	store, err := redis.NewStore(s.Context(), client, "kills")
	if err != nil {
		s.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		waiting, err := store.Waiting(s.Context())
		if err == nil && waiting.In == 0 && waiting.Out == 0 {
			break
		}
		if time.Now().After(deadline) {
			s.Fatalf("still waiting: %+v, %v", waiting, err)
		}
	}
	drafts := 0
	all := client.Scan(s.Context(), 0, "cr:{kills}:r:draft/*", 1000).Iterator()
	for all.Next(s.Context()) {
		drafts++
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	cards, unmarked := map[string]int{}, map[string]int{}
	for _, p := range s.posts {
		cards[p.At+p.Nonce]++
		if !strings.Contains(plain(p.Text), "Message renvoyé") {
			unmarked[p.At+p.Nonce]++
		}
	}
	repeated, silent := len(s.posts)-len(cards), 0
	for _, times := range unmarked {
		silent += times - 1
	}
	s.Logf("%d events, %d kills: %d drafts, %d cards, %d repeated, %d of them unmarked; %d answers lost, %d of them by kills",
		events, kills, drafts, len(cards), repeated, silent, s.dropped+cut, cut)
	if drafts != events || len(cards) != events || repeated > s.dropped+cut || silent > 0 {
		s.Errorf("lost, doubled or unmarked")
	}
}
