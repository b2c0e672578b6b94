package app_test

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/integrations/chat/slack/slackfake"
	"crieur/integrations/redis/redistest"
)

var (
	withBolt  = flag.Bool("bolt", false, "compare signed slash commands with Slack's Bolt for JavaScript (node, npm, redis-server)")
	boltTurns = flag.Int("bolt.turns", 10, "turns of each contender")
	boltTurn  = flag.Duration("bolt.turn", time.Second, "how long one turn lasts")
	boltLines = flag.Int("bolt.lines", 16, "connections of the load driver")
	boltFsync = flag.String("bolt.fsync", "everysec", "appendfsync of redis-server, everysec or always")
)

// boltSecret is a signing secret as Slack makes them.
const boltSecret = "0123456789abcdef0123456789abcdef"

// boltApp is the same command in Bolt: verified, acknowledged, kept nowhere.
const boltApp = `
const { App, HTTPReceiver, LogLevel } = require('@slack/bolt');
const receiver = new HTTPReceiver({ signingSecret: process.env.SIGNING_SECRET, logLevel: LogLevel.ERROR });
const app = new App({ receiver, logLevel: LogLevel.ERROR, authorize: async () => ({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'U1' }) });
app.command('/crieur', async ({ ack }) => { await ack({ response_type: 'ephemeral', text: 'Working…' }); });
app.start(0).then((server) => console.log('127.0.0.1:' + server.address().port));
`

// contender is a running bot that takes slash commands.
type contender struct {
	name, address, path string
	pid                 int
	with                []int // further processes that it needs
	turns               []turn
}

// turn is what one stretch of load showed.
type turn struct {
	rate     float64 // commands acknowledged a second
	p50, p99 time.Duration
	cpu      time.Duration // of the processors, for one command
	resident int           // KiB, right after it
}

// TestBolt compares what a signed slash command costs here (verified, kept once
// in redis-server's file, acknowledged) with Bolt for JavaScript, which keeps
// nothing. Both take turns on the same machine, beside the same load driver.
func TestBolt(t *testing.T) {
	if !*withBolt {
		t.Skip("only with -bolt")
	}
	ours, stored := startCrieur(t)
	bolt := startBolt(t)
	for _, one := range []*contender{ours, bolt} {
		one.load(t, *boltTurn/2) // warm
	}
	sent := 0
	for range *boltTurns {
		sent += ours.load(t, *boltTurn)
		bolt.load(t, *boltTurn)
	}
	t.Logf("%d connections, %d turns of %v, appendfsync %s", *boltLines, *boltTurns, *boltTurn, *boltFsync)
	for _, one := range []*contender{ours, bolt} {
		t.Logf("%-8s %7.0f/s  p50 %8v  p99 %8v  processor %6v  resident %5.1f MB", one.name, one.rate(),
			one.p50().Round(10*time.Microsecond), one.p99().Round(10*time.Microsecond), one.cpu().Round(time.Microsecond), one.resident())
	}
	if kept := stored(); kept < sent {
		t.Errorf("%d commands were acknowledged, %d are kept", sent, kept)
	}
	if ratio := ours.rate() / bolt.rate(); ratio < 2 || ours.p99() > 10*time.Millisecond || ours.resident() > 40 {
		t.Errorf("%.1f times Bolt, p99 %v, %.1f MB: wanted 2 times, 10 ms, 40 MB", ratio, ours.p99(), ours.resident())
	}
}

// startCrieur runs the program as it is installed; stored counts what it keeps.
func startCrieur(t *testing.T) (_ *contender, stored func() int) {
	dir := t.TempDir()
	redisAt := redistest.Start(t, t.TempDir(), redistest.FreePort(t), "--appendonly", "yes", "--appendfsync", *boltFsync).Addr
	fake := slackfake.New(t, slackfake.Options{NoTiers: true})
	for n := range *boltLines {
		fake.AddPerson(slackfake.Person{ID: fmt.Sprint("U0NOA", n), Name: "Noa", Locale: "fr-FR"})
	}
	fake.AddChannel(slackfake.Channel{ID: "C0COM", Name: "com"})
	settings := filepath.Join(dir, "crieur.yaml")
	write(t, settings, fmt.Sprintf(`
space: vitesse
key: k1k1k1k1k1k1k1k1k1k1k1k1k1k1k1k1
redis: { url: "redis://%s/0" }
http: { addr: "127.0.0.1:0" }
slack: { team: %s, bot_token: "%s", signing_secret: "%s", api_url: "%s" }
members: [{ id: noa, name: Noa, roles: [admin, approver, responder], slack: U0NOA0 }]
brands: [{ id: colibri, name: Maison Colibri, zone: Europe/Paris, hours: { mon-fri: 08:45-18:30 }, channels: { approvals: { slack: C0COM }, alerts: { slack: C0COM } } }]
`, redisAt, slackfake.Team, slackfake.BotToken, boltSecret, fake.APIURL()))
	program := filepath.Join(dir, "crieur")
	do(t, dir, "go", "build", "-C", here(t), "-o", program, "crieur/cmd/crieur")
	c := contend(t, "Crieur", "/slack/commands", exec.Command(program, "serve", "--role", "chat", "--config", settings))
	client := goredis.NewClient(&goredis.Options{Addr: redisAt})
	t.Cleanup(func() { client.Close() })
	_, info, _ := strings.Cut(client.Info(t.Context(), "server").Val(), "process_id:")
	redisPid, err := strconv.Atoi(strings.Fields(info)[0])
	if err != nil {
		t.Fatal(err)
	}
	c.with = append(c.with, redisPid)
	return c, func() int {
		n, err := client.Get(t.Context(), "cr:{vitesse}:seq").Int()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

func startBolt(t *testing.T) *contender {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "bolt.cjs"), boltApp)
	do(t, dir, "npm", "install", "--no-audit", "--no-fund", "@slack/bolt@5.1")
	cmd := exec.Command("node", "bolt.cjs")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "NODE_ENV=production", "SIGNING_SECRET="+boltSecret)
	return contend(t, "Bolt", "/slack/events", cmd)
}

// contend starts a program that says its address in its first line.
func contend(t *testing.T, name, path string, cmd *exec.Cmd) *contender {
	t.Helper()
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%s says no address: %v", name, err)
	}
	address := line[strings.LastIndexAny(line, " /")+1:]
	return &contender{name: name, address: strings.TrimSpace(address), path: path, pid: cmd.Process.Pid}
}

func here(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, name, text string) {
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, dir, name string, args ...string) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// triggers makes every command another one.
var triggers atomic.Int64

// load lets every connection send one command after the other, and notes what
// came of it. It returns how many were acknowledged.
func (c *contender) load(t *testing.T, length time.Duration) int {
	t.Helper()
	took := make([][]time.Duration, *boltLines)
	begun, spent := time.Now(), c.spent(t)
	var lines sync.WaitGroup
	for n := range took {
		lines.Go(func() {
			line, err := net.Dial("tcp", c.address)
			if err != nil {
				t.Error(err)
				return
			}
			defer line.Close()
			answers := bufio.NewReader(line)
			for time.Since(begun) < length {
				request := signedCommand(c.path, n, time.Now())
				sent := time.Now()
				if err := exchange(line, answers, request); err != nil {
					t.Error(err)
					return
				}
				took[n] = append(took[n], time.Since(sent))
			}
		})
	}
	lines.Wait()
	elapsed := time.Since(begun)
	all := slices.Concat(took...)
	if len(all) == 0 {
		t.Fatal("nothing was acknowledged")
	}
	slices.Sort(all)
	c.turns = append(c.turns, turn{rate: float64(len(all)) / elapsed.Seconds(), p50: all[len(all)/2], p99: all[len(all)*99/100],
		cpu: (c.spent(t) - spent) / time.Duration(len(all)), resident: residentOf(t, c.pid)})
	return len(all)
}

// spent is how long the processors worked for it until now, by Linux's count in
// hundredths of a second.
func (c *contender) spent(t *testing.T) (all time.Duration) {
	t.Helper()
	for _, pid := range append([]int{c.pid}, c.with...) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			t.Fatalf("the use of processors is read in /proc, on Linux only: %v", err)
		}
		_, fields, _ := strings.Cut(string(stat), ") ")
		for _, field := range strings.Fields(fields)[11:13] { // in the program, in the kernel
			ticks, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			all += time.Duration(ticks) * 10 * time.Millisecond
		}
	}
	return all
}

// signedCommand is what one of many people asks, as Slack writes it.
func signedCommand(path string, person int, at time.Time) []byte {
	body := fmt.Sprintf("token=t&team_id=%s&team_domain=colibri&channel_id=C0COM&channel_name=com&user_id=U0NOA%d&user_name=noa&command=%%2Fcrieur"+
		"&text=point&api_app_id=A1&response_url=https%%3A%%2F%%2Fhooks.slack.test%%2Fcommands%%2F1&trigger_id=%d.2.3", slackfake.Team, person, triggers.Add(1))
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(boltSecret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: bot.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"+
		"X-Slack-Request-Timestamp: %s\r\nX-Slack-Signature: v0=%s\r\n\r\n%s", path, len(body), stamp, hex.EncodeToString(mac.Sum(nil)), body)
}

func exchange(line io.Writer, answers *bufio.Reader, request []byte) error {
	if _, err := line.Write(request); err != nil {
		return err
	}
	response, err := http.ReadResponse(answers, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || !bytes.Contains(body, []byte("ephemeral"))) {
		err = fmt.Errorf("answered %s: %s", response.Status, body)
	}
	return err
}

// residentOf is the memory of a process in KiB, as Linux counts it.
func residentOf(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatalf("resident memory is read in /proc, on Linux only: %v", err)
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	n, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The figures of a contender are the medians of its turns, the warm-up left out;
// of its memory the most.

func (c *contender) rate() float64 { return c.median(func(s turn) float64 { return s.rate }) }

func (c *contender) p50() time.Duration {
	return time.Duration(c.median(func(s turn) float64 { return float64(s.p50) }))
}

func (c *contender) p99() time.Duration {
	return time.Duration(c.median(func(s turn) float64 { return float64(s.p99) }))
}

func (c *contender) cpu() time.Duration {
	return time.Duration(c.median(func(s turn) float64 { return float64(s.cpu) }))
}

func (c *contender) resident() float64 {
	most := 0
	for _, s := range c.turns {
		most = max(most, s.resident)
	}
	return float64(most) / 1024
}

func (c *contender) median(of func(turn) float64) float64 {
	var all []float64
	for _, s := range c.turns[1:] {
		all = append(all, of(s))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
