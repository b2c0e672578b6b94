package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"crieur/bot/secret"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/config"
	"crieur/integrations/chat/slack/slackfake"
	"crieur/integrations/redis"
	"crieur/integrations/source/github/githubfake"
)

// secrets are the values that must never be seen anywhere.
var secrets = map[string]string{
	"CRIEUR_KEY": "k1k1k1k1k1k1k1k1k1k1k1k1k1k1k1k1", "SLACK_BOT_TOKEN": slackfake.BotToken, "SLACK_APP_TOKEN": slackfake.AppToken,
	"HOOK_SECRET": "hook-hunter2", "PAGER_SECRET": "pager-hunter2", "WEBHOOK_SECRET": "webhook-hunter2",
	"MASTODON_TOKEN": "mastodon-hunter2", "BLUESKY_PASSWORD": "bluesky-hunter2", "MODEL_KEY": "model-hunter2",
	"GITHUB_TOKEN": "github_pat_hunter2",
}

const alerts = "C0ALERTS"

// outside is everything that the server calls in these tests.
type outside struct {
	slack *slackfake.Server
	web   *httptest.Server
	hub   *githubfake.Server

	mu    sync.Mutex
	paged []http.Header
	bells []string // what the last page says, and those before
	feed  string   // what the feed answers; empty is 500
}

func newOutside(t *testing.T) *outside {
	o := &outside{slack: slackfake.New(t, slackfake.Options{NoTiers: true})}
	o.slack.AddPerson(slackfake.Person{ID: "U0NOA", Name: "Noa", Locale: "fr-FR"})
	o.slack.AddChannel(slackfake.Channel{ID: "C0COM", Name: "com"})
	o.slack.AddChannel(slackfake.Channel{ID: alerts, Name: "com-alertes"})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /pager/key-in-address", func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		o.paged, o.bells = append(o.paged, r.Header), append(o.bells, string(body))
	})
	mux.HandleFunc("GET /feed/key-in-address", func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.feed == "" {
			http.Error(w, "broken", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, o.feed)
	})
	o.web = httptest.NewServer(mux)
	t.Cleanup(o.web.Close)
	o.hub = githubfake.New()
	t.Cleanup(o.hub.Close)
	o.hub.Set(func(f *githubfake.Server) { f.Token = secrets["GITHUB_TOKEN"] })
	return o
}

func (o *outside) config(t *testing.T) *config.Config {
	t.Helper()
	text := fmt.Sprintf(`
space: essai
key: ${CRIEUR_KEY}
http: { addr: "127.0.0.1:0", allow: [127.0.0.0/8] }
slack: { team: %[1]s, bot_token: "${SLACK_BOT_TOKEN}", app_token: "${SLACK_APP_TOKEN}", api_url: "%[2]s" }
model: { base_url: "${WEB}", key: "${MODEL_KEY}", name: small }
members: [{ id: noa, name: Noa, roles: [admin, approver, responder], slack: U0NOA }, { id: max, name: Max, roles: [approver], slack: U0MAX }]
brands:
  - id: colibri
    name: Maison Colibri
    zone: Europe/Paris
    hours: { mon-sun: 00:00-24:00 }
    channels: { approvals: { slack: C0COM }, alerts: { slack: %[3]s } }
    watch: [{ name: marque, query: colibri }]
    critical: [feu]
    on_call: [noa]
    pager: { url: "${WEB}/pager/key-in-address", secret: "${PAGER_SECRET}" }
    feeds: [{ name: google, url: "${WEB}/feed/key-in-address" }]
    github: [{ name: depot, repos: [colibri/minuteur], query: '"maison colibri"', token: "${GITHUB_TOKEN}", api_url: "${HUB}" }]
    hooks: [{ name: boutique, secret: "${HOOK_SECRET}", network: Boutique }]
    accounts:
      - { id: mastodon, network: mastodon, instance: "${WEB}", token: "${MASTODON_TOKEN}" }
      - { id: bluesky, network: bluesky, service: "${WEB}", handle: colibri.example, password: "${BLUESKY_PASSWORD}" }
      - { id: intranet, network: webhook, url: "${WEB}/intranet", secret: "${WEBHOOK_SECRET}" }
      - { id: annonces, network: slack, channel: C0COM }
`, slackfake.Team, o.slack.APIURL(), alerts)
	c, err := config.Parse("crieur.yaml", []byte(text), config.Options{Env: func(name string) (string, bool) {
		switch name {
		case "WEB":
			return o.web.URL, true
		case "HUB":
			return o.hub.URL(), true
		}
		value, ok := secrets[name]
		return value, ok
	}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// record is a log that a test reads while it is written.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func serve(t *testing.T, c *config.Config, data string) (*app.Server, *record) {
	t.Helper()
	if _, err := redis.FindServer(); err != nil {
		t.Skip(err)
	}
	log := &record{}
	server, err := app.Serve(t.Context(), app.ServeOptions{Config: c, Role: app.All, Data: data,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	return server, log
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// tell is what a program of the operator does; it signs with key.
func tell(t *testing.T, address, source, key, text string) int {
	t.Helper()
	return tellAt(t, address, source, key, text, time.Now())
}

func tellAt(t *testing.T, address, source, key, text string, at time.Time) int {
	t.Helper()
	body, err := json.Marshal(map[string]string{"id": text, "text": text, "author": "@marie", "time": time.Now().UTC().Format(time.RFC3339)})
	if err != nil {
		t.Fatal(err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "%s.%s", stamp, body)
	request, err := http.NewRequest(http.MethodPost, address+"/hooks/mentions/"+source, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Crieur-Timestamp", stamp)
	request.Header.Set("Crieur-Signature", "v1="+hex.EncodeToString(mac.Sum(nil)))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

func wait(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(90 * time.Second); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 30 s for %s", what)
		}
	}
}

func (o *outside) said(channel string) string {
	var all []string
	for _, m := range o.slack.Messages(channel) {
		all = append(all, m.Words())
	}
	return strings.Join(all, "\n")
}

func (o *outside) pages() []http.Header {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]http.Header(nil), o.paged...)
}

// TestServe goes the way from a hook and a feed to Slack and the pager, stops,
// and starts again on what it kept.
func TestServe(t *testing.T) {
	o := newOutside(t)
	o.feed = `<rss version="2.0"><channel><title>t</title><item><guid>g1</guid><title>La bouilloire Colibri a pris feu hier soir</title>` +
		`<link>https://example.org/1</link></item></channel></rss>`
	data := filepath.Join(t.TempDir(), "data")
	server, _ := serve(t, o.config(t), data)
	wait(t, "readiness", func() bool { status, _ := get(t, server.Address+"/readyz"); return status == http.StatusOK })
	wait(t, "the feed's alert", func() bool { return strings.Contains(o.said(alerts), "pris feu") })
	wait(t, "the pager", func() bool { return len(o.pages()) == 1 })
	if got := o.pages()[0]; got.Get("Crieur-Event") != "page" || got.Get("Crieur-Signature") == "" || got.Get("Idempotency-Key") == "" {
		t.Errorf("the pager got %v", got)
	}
	if status := tell(t, server.Address, "boutique", secrets["HOOK_SECRET"], "Ma théière Colibri a pris feu"); status != http.StatusOK {
		t.Fatalf("the hook answers %d", status)
	}
	wait(t, "the hook's alert", func() bool { return strings.Contains(o.said(alerts), "théière") })
	if status := tell(t, server.Address, "boutique", "forged", "x"); status != http.StatusUnauthorized {
		t.Errorf("a forged hook: %d", status)
	}
	if status := tell(t, server.Address, "nobody", "x", "x"); status != http.StatusNotFound {
		t.Errorf("an unknown hook: %d", status)
	}
	wait(t, "the feed and GitHub", func() bool {
		_, metrics := get(t, server.Address+"/metrics")
		return strings.Contains(metrics, `crieur_effects_total{kind="poll",status="sent"} 2`)
	})
	// Both are about one topic: one call.
	_, metrics := get(t, server.Address+"/metrics")
	for _, want := range []string{`crieur_accepted_total{outcome="new",topic="hear"} 2`, `crieur_effects_total{kind="page",status="sent"} 1`,
		"crieur_waiting{lane=\"in\"}", "crieur_clock_doubt_seconds"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("metrics lack %s:\n%s", want, metrics)
		}
	}
	server.Stop()
	server.Stop()
	before := len(o.slack.Messages(alerts))
	again, _ := serve(t, o.config(t), data)
	wait(t, "readiness again", func() bool { status, _ := get(t, again.Address+"/readyz"); return status == http.StatusOK })
	if status := tell(t, again.Address, "boutique", secrets["HOOK_SECRET"], "Ma théière Colibri a pris feu"); status != http.StatusOK {
		t.Errorf("what was told twice: %d", status)
	}
	tell(t, again.Address, "boutique", secrets["HOOK_SECRET"], "Le colibri est joli")
	wait(t, "both to be handled", func() bool {
		_, metrics := get(t, again.Address+"/metrics")
		return strings.Contains(metrics, `crieur_accepted_total{outcome="repeated",topic="hear"}`) && strings.Contains(metrics, `crieur_waiting{lane="in"} 0`)
	})
	if after := len(o.slack.Messages(alerts)); after != before {
		t.Errorf("%d messages more after what was already heard", after-before)
	}
}

// TestServeGitHub hears what is said in the brand's own repository, though it
// names no brand, and tells nobody but GitHub the token.
func TestServeGitHub(t *testing.T) {
	o := newOutside(t)
	o.hub.Say(
		githubfake.Said{Repo: "colibri/minuteur", Number: 1, Login: "marie-d", Title: "Mon téléphone a pris feu", At: time.Now().Add(-time.Hour)},
		githubfake.Said{Repo: "autre/projet", Number: 2, Login: "sam", Title: "Le mien aussi, merci Maison Colibri : du feu", At: time.Now().Add(-time.Hour)},
		githubfake.Said{Repo: "autre/projet", Number: 3, Login: "eve", Title: "Un feu de bois", At: time.Now().Add(-time.Hour)},
	)
	server, _ := serve(t, o.config(t), filepath.Join(t.TempDir(), "data"))
	wait(t, "both alerts", func() bool {
		said := o.said(alerts)
		return strings.Contains(said, "téléphone") && strings.Contains(said, "Le mien aussi")
	})
	server.Stop()
	if said := o.said(alerts); strings.Contains(said, "bois") || !strings.Contains(said, "GitHub") {
		t.Errorf("said %s", said)
	}
}

// TestSecretsNeverLeave fails everything that can fail and looks for the
// secrets in all that is written.
func TestSecretsNeverLeave(t *testing.T) {
	o := newOutside(t) // the feed answers 500; networks do not exist
	data := filepath.Join(t.TempDir(), "data")
	c := o.config(t)
	server, log := serve(t, c, data)
	tell(t, server.Address, "boutique", "forged", "x")
	o.slack.Cut()
	tell(t, server.Address, "boutique", secrets["HOOK_SECRET"], "Ma théière Colibri a pris feu")
	wait(t, "the alert", func() bool { return strings.Contains(o.said(alerts), "théière") })
	wait(t, "the feed's failure", func() bool {
		_, metrics := get(t, server.Address+"/metrics")
		return strings.Contains(metrics, `crieur_effects_total{kind="poll",status="failed"}`)
	})
	o.web.Close() // nothing answers any more: pager, feed, networks
	o.hub.Set(func(f *githubfake.Server) { f.Token = "another" })
	tell(t, server.Address, "boutique", secrets["HOOK_SECRET"], "Le Colibri prend encore feu, dit Jean")
	var findings bytes.Buffer
	problems := app.WriteFindings(&findings, app.Examination(t.Context(), c, data, true, slog.New(slog.NewTextHandler(log, nil))))
	if problems < 4 {
		t.Errorf("the doctor found %d problems: %s", problems, &findings)
	}
	// Both are about one topic: one call.
	_, metrics := get(t, server.Address+"/metrics")
	_, ready := get(t, server.Address+"/readyz")
	server.Stop()
	var exported bytes.Buffer
	if err := app.Export(t.Context(), app.SpaceOptions{Config: c, Data: data, Log: slog.New(slog.NewTextHandler(log, nil))}, "", &exported); err != nil {
		t.Error(err)
	}
	seen := map[string]string{"log": log.String(), "export": exported.String(), "findings": findings.String(), "metrics": metrics, "readyz": ready,
		"cards": o.said(alerts) + o.said("C0COM") + o.said(o.slack.DM("U0NOA")), "config": fmt.Sprintf("%+v %#v", c, c), "disk": onDisk(t, data)}
	for where, text := range seen {
		for name, value := range secrets {
			if strings.Contains(text, value) {
				t.Errorf("%s shows %s", where, name)
			}
		}
		if where != "config" && strings.Contains(text, "key-in-address") {
			t.Errorf("%s shows an address that is a secret", where)
		}
	}
	if len(seen["log"]) < 100 || !strings.Contains(seen["disk"], "théière") || !strings.Contains(seen["export"], "théière") {
		t.Errorf("nothing to look through: log %d bytes, disk %d", len(seen["log"]), len(seen["disk"]))
	}
}

// onDisk is all that the private store wrote.
func onDisk(t *testing.T, dir string) string {
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		all.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestServeRefusesToStart(t *testing.T) {
	o := newOutside(t)
	c := o.config(t)
	log := slog.New(slog.DiscardHandler)
	for name, test := range map[string]struct {
		change func(*config.Config, *app.ServeOptions)
		path   string
		want   string
	}{
		"nowhere":        {change: func(*config.Config, *app.ServeOptions) {}, want: "set redis.url in the configuration, or name a folder"},
		"no server":      {change: func(_ *config.Config, s *app.ServeOptions) { s.Data = t.TempDir() }, path: "nowhere", want: "redis.url"},
		"redis is gone":  {change: func(c *config.Config, _ *app.ServeOptions) { c.RedisURL = "redis://127.0.0.1:1" }, want: "Redis does not answer"},
		"bad address":    {change: func(c *config.Config, _ *app.ServeOptions) { c.RedisURL = "http://pw@host" }, want: "redis.url: not an address of Redis"},
		"shared private": {change: func(_ *config.Config, s *app.ServeOptions) { s.Role, s.Data = app.Worker, "x" }, want: "a private store serves one process"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.path != "" {
				t.Setenv("PATH", test.path)
			}
			changed := *c
			options := app.ServeOptions{Config: &changed, Role: app.All, Log: log}
			test.change(&changed, &options)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			server, err := app.Serve(ctx, options)
			if err == nil {
				server.Stop()
				t.Fatal("started")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("said %v", err)
			}
		})
	}
}

// TestPrivateStoreEnds kills the store under a running server.
func TestPrivateStoreEnds(t *testing.T) {
	o := newOutside(t)
	data := filepath.Join(t.TempDir(), "data")
	server, _ := serve(t, o.config(t), data)
	client, err := redis.Connect(secret.Secret("unix://" + filepath.Join(data, "redis.sock")))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	client.Shutdown(t.Context())
	select {
	case err := <-server.Failed():
		if !strings.Contains(err.Error(), "start Crieur again") {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("not noticed")
	}
	if status, body := get(t, server.Address+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, `"redis":"no answer"`) {
		t.Errorf("readiness is %d %s", status, body)
	}
	if status := tell(t, server.Address, "boutique", secrets["HOOK_SECRET"], "x"); status != http.StatusServiceUnavailable {
		t.Errorf("the hook answers %d", status)
	}
}
