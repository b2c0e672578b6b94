package app_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"crieur/bot/secret"
	"crieur/cmd/internal/config"
	"crieur/integrations/chat/discord/discordfake"
	"crieur/integrations/chat/slack/slackfake"
)

const signing = "0123456789abcdef0123456789abcdef"

// ring posts what Slack posts for a command; it signs with key.
func ring(t *testing.T, address, key string, at time.Time) int {
	t.Helper()
	body := url.Values{"command": {"/crieur"}, "text": {"aide"}, "team_id": {slackfake.Team}, "user_id": {"U0NOA"},
		"channel_id": {"C0COM"}, "trigger_id": {"t"}}.Encode()
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	request, err := http.NewRequest(http.MethodPost, address+"/slack/commands", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Slack-Request-Timestamp", stamp)
	request.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return status(t, request)
}

func status(t *testing.T, request *http.Request) int {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// TestForgedAndStale knocks at every door of a server with signatures that are
// not theirs, or not of now: nothing enters. What is signed well does.
func TestForgedAndStale(t *testing.T) {
	o := newOutside(t)
	fake := discordfake.Start(t, discordfake.Options{})
	c := o.config(t)
	c.Slack.SigningSecret = signing
	c.Discord = &config.Discord{Guild: "G", AppID: fake.AppID(), PublicKey: fake.PublicKey(), Token: secret.Secret(fake.Token()),
		APIURL: fake.APIURL(), GatewayURL: fake.GatewayURL()}
	server, _ := serve(t, c, filepath.Join(t.TempDir(), "data"))
	now, hook := time.Now(), secrets["HOOK_SECRET"]
	old, early := now.Add(-6*time.Minute), now.Add(6*time.Minute)
	refused := map[string]int{
		"Slack, forged": ring(t, server.Address, strings.Repeat("0", 32), now), "Slack, unsigned": ring(t, server.Address, "", now),
		"Slack, stale": ring(t, server.Address, signing, old), "Slack, early": ring(t, server.Address, signing, early),
		"hook, forged": tell(t, server.Address, "boutique", "forged", "Ma théière Colibri a pris feu"),
		"hook, stale":  tellAt(t, server.Address, "boutique", hook, "Ma théière Colibri a pris feu", old),
		"hook, early":  tellAt(t, server.Address, "boutique", hook, "Ma théière Colibri a pris feu", early),
	}
	command := []byte(`{"id":"1","application_id":"` + fake.AppID() + `","type":2,"token":"t","version":1,` +
		`"data":{"id":"2","name":"crieur","type":1},"guild_id":"G","channel_id":"C","member":{"user":{"id":"noa","username":"noa"}}}`)
	for name, request := range fake.BadlySigned(command) {
		refused["Discord, "+name] = status(t, to(t, server.Address, request))
	}
	for name, got := range refused {
		if got != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, got)
		}
	}
	if _, metrics := get(t, server.Address+"/metrics"); strings.Contains(metrics, "crieur_accepted_total{") {
		t.Errorf("something entered:\n%s", metrics)
	}
	if got := ring(t, server.Address, signing, now); got != http.StatusOK {
		t.Errorf("Slack: %d", got)
	}
	if got := tell(t, server.Address, "boutique", hook, "Le colibri est joli"); got != http.StatusOK && got != http.StatusAccepted {
		t.Errorf("hook: %d", got)
	}
	if got := status(t, to(t, server.Address, fake.Signed(command, time.Now()))); got != http.StatusOK && got != http.StatusAccepted {
		t.Errorf("Discord: %d", got)
	}
	wait(t, "all three to enter", func() bool {
		_, metrics := get(t, server.Address+"/metrics")
		return strings.Contains(metrics, `crieur_accepted_total{outcome="new",topic="chat"} 2`) &&
			strings.Contains(metrics, `crieur_accepted_total{outcome="new",topic="hear"} 1`)
	})
}

// to sends a request that was made for a handler to an address.
func to(t *testing.T, address string, made *http.Request) *http.Request {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, address+made.URL.Path, made.Body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = made.Header
	return request
}
