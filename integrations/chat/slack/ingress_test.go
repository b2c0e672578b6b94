package slack_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/work"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

func TestSignatures(t *testing.T) {
	w := newWorld(t, nil)
	body := []byte(`{"type":"url_verification","challenge":"c42"}`)
	for name, test := range map[string]struct {
		bend func(r *http.Request)
		want int
	}{
		"good":           {func(*http.Request) {}, http.StatusOK},
		"forged":         {func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64)) }, http.StatusUnauthorized},
		"none":           {func(r *http.Request) { r.Header.Del("X-Slack-Signature") }, http.StatusUnauthorized},
		"no time":        {func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }, http.StatusUnauthorized},
		"other time":     {func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", fmt.Sprint(w.fake.Now().Unix()-1)) }, http.StatusUnauthorized},
		"other version":  {func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v1"+r.Header.Get("X-Slack-Signature")[2:]) }, http.StatusUnauthorized},
		"changed body":   {func(r *http.Request) { r.Body = io.NopCloser(bytes.NewReader(bytes.ToUpper(body))) }, http.StatusUnauthorized},
		"half a body":    {func(r *http.Request) { r.Body = io.NopCloser(bytes.NewReader(body[:9])) }, http.StatusBadRequest},
		"length unsaid":  {func(r *http.Request) { r.ContentLength = -1 }, http.StatusOK},
		"stale by 6 min": {func(*http.Request) { w.clock.Advance(6 * time.Minute) }, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/slack/events", bytes.NewReader(body))
			w.fake.Sign(r.Header, body)
			test.bend(r)
			out := httptest.NewRecorder()
			w.adapter.Handler().ServeHTTP(out, r)
			if out.Code != test.want {
				t.Errorf("%d, want %d", out.Code, test.want)
			}
			if test.want == http.StatusOK && !strings.Contains(out.Body.String(), "c42") {
				t.Errorf("body %s", out.Body)
			}
		})
	}
	t.Run("from the future", func(t *testing.T) {
		r := httptest.NewRequest(http.MethodPost, "/slack/events", bytes.NewReader(body))
		w.clock.Advance(time.Hour)
		w.fake.Sign(r.Header, body)
		w.clock.Advance(-time.Hour)
		out := httptest.NewRecorder()
		w.adapter.Handler().ServeHTTP(out, r)
		if out.Code != http.StatusUnauthorized {
			t.Errorf("%d", out.Code)
		}
	})
}

func TestBodyIsCappedAndTheAddressIsNotRead(t *testing.T) {
	w := newWorld(t, nil)
	big := bytes.Repeat([]byte("a"), 1<<20+1)
	r := httptest.NewRequest(http.MethodPost, "/slack/events", bytes.NewReader(big))
	w.fake.Sign(r.Header, big)
	out := httptest.NewRecorder()
	w.adapter.Handler().ServeHTTP(out, r)
	if out.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", out.Code)
	}
	r = httptest.NewRequest(http.MethodPost, "/slack/events", bytes.NewReader(big))
	w.fake.Sign(r.Header, big)
	r.ContentLength, out = -1, httptest.NewRecorder()
	w.adapter.Handler().ServeHTTP(out, r)
	if out.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("of a length that is not said: %d", out.Code)
	}
	// A signed request for one thing must not smuggle another in its address.
	body := []byte("ssl_check=0")
	r = httptest.NewRequest(http.MethodPost, `/slack/interactions?payload={"type":"shortcut","callback_id":"a1:x:","user":{"id":"U1"}}`, bytes.NewReader(body))
	w.fake.Sign(r.Header, body)
	w.adapter.Handler().ServeHTTP(httptest.NewRecorder(), r)
	if len(w.inbox.all()) != 0 {
		t.Error("the address was read")
	}
}

// A length that is only claimed costs no memory: anybody can claim one.
func TestAClaimedLengthCostsNothing(t *testing.T) {
	w := newWorld(t, nil)
	handler := w.adapter.Handler()
	const many = 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range many {
		r := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader("{"))
		r.ContentLength = 1 << 20
		out := httptest.NewRecorder()
		if handler.ServeHTTP(out, r); out.Code < http.StatusBadRequest {
			t.Fatal(out.Code)
		}
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / many; each > 256<<10 {
		t.Errorf("%d bytes for each", each)
	}
}

// Slack looks now and then whether the certificate is valid, with a request that it
// does not sign: it is answered, and nothing in it runs.
func TestTheCertificateIsLookedAt(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	click := "&payload=" + url.QueryEscape(`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"a1:a.b:t","action_ts":"1"}]}`)
	command := "&command=%2Fcrieur&text=stop&trigger_id=1&user_id=U1&team_id=T1"
	said := `{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel_type":"im","channel":"D1","user":"U1","text":"a&ssl_check=1&b","ts":"1.1"}}`
	for name, row := range map[string]struct {
		method, path, kind, body string
		signed                   bool
		want, events             int
	}{
		"command":              {http.MethodPost, "/slack/commands", form, "ssl_check=1&token=t", false, http.StatusOK, 0},
		"with a command":       {http.MethodPost, "/slack/commands", form, "ssl_check=1" + command, false, http.StatusOK, 0},
		"signed":               {http.MethodPost, "/slack/commands", form, "ssl_check=1" + command, true, http.StatusOK, 0},
		"with a click":         {http.MethodPost, "/slack/interactions", form, "ssl_check=1" + click, true, http.StatusOK, 0},
		"by address":           {http.MethodGet, "/slack/commands?ssl_check=1&token=t", "", "", false, http.StatusOK, 0},
		"a passer-by":          {http.MethodGet, "/slack/commands", "", "", false, http.StatusMethodNotAllowed, 0},
		"not one":              {http.MethodPost, "/slack/commands", form, "ssl_check=0" + command, false, http.StatusUnauthorized, 0},
		"in the address alone": {http.MethodPost, "/slack/commands?ssl_check=1", form, command[1:], false, http.StatusUnauthorized, 0},
		"in somebody's words":  {http.MethodPost, "/slack/events", "application/json", said, true, http.StatusOK, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			r := httptest.NewRequest(row.method, row.path, strings.NewReader(row.body))
			r.Header.Set("Content-Type", row.kind)
			if row.signed {
				w.fake.Sign(r.Header, []byte(row.body))
			}
			out := httptest.NewRecorder()
			w.adapter.Handler().ServeHTTP(out, r)
			if got := len(w.inbox.all()); out.Code != row.want || got != row.events || out.Code == http.StatusOK && out.Body.Len() > 0 {
				t.Errorf("%d %q with %d events, want %d with %d", out.Code, out.Body, got, row.want, row.events)
			}
		})
	}
}

// Slack hangs up after three seconds: what is being stored then is stored.
func TestACallerWhoHangsUpUndoesNothing(t *testing.T) {
	w := newWorld(t, nil)
	w.inbox.set(func(i *inbox) { i.hang = 20 * time.Millisecond })
	body := fmt.Appendf(nil, `{"type":"event_callback","event_id":"Ev1","team_id":%q,
		"event":{"type":"message","channel_type":"im","channel":%q,"user":%q,"text":"stop","ts":"1.1"}}`, team, w.fake.DM(lea), lea)
	ctx, hangUp := context.WithCancel(t.Context())
	hangUp()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/slack/events", bytes.NewReader(body))
	w.fake.Sign(r.Header, body)
	w.adapter.Handler().ServeHTTP(httptest.NewRecorder(), r)
	if e := w.inbox.one(t); e.Text != "stop" {
		t.Errorf("%+v", e)
	}
}

// A form that was changed while it was open is another one: only the same form,
// brought twice, counts once.
func TestAFormIsKnownByItsHash(t *testing.T) {
	w := newWorld(t, nil)
	w.front.acks["a"] = bot.Open
	w.front.form = func(bot.Event) (bot.Form, error) {
		return bot.Form{Action: "a", Title: "T", Submit: "S", Cancel: "C", Fields: []bot.Field{{ID: "f", Kind: bot.Line, Label: "L", Optional: true}}}, nil
	}
	w.fake.Shortcut(lea, "a1:a:")
	eventually(t, "form", func() bool { return w.fake.Modal(lea) != nil })
	open := *w.fake.Modal(lea)
	w.front.acks["a"] = bot.Quiet
	if ack, err := w.fake.SubmitModal(lea, nil); err != nil || !ack.OK() {
		t.Fatalf("%+v %v", ack, err)
	}
	w.inbox.one(t)
	if keys, want := w.inbox.keys[0], "sl:view:"+open.ID+":"+open.Hash; open.Hash == "" || len(keys) != 1 || keys[0] != want {
		t.Errorf("keys %q, want %q", keys, want)
	}
}

func TestEventsAreBroughtAgainUntilStored(t *testing.T) {
	w := newWorld(t, nil)
	w.inbox.set(func(i *inbox) { i.err = errors.New("store away") })
	_, ack := w.fake.Say(lea, w.fake.DM(lea), "stop")
	if ack.Status != http.StatusServiceUnavailable {
		t.Fatalf("ack %+v", ack)
	}
	w.clock.Advance(2 * time.Second)
	if w.fake.Stats().Retries != 1 {
		t.Fatalf("%+v", w.fake.Stats())
	}
	w.inbox.set(func(i *inbox) { i.err = nil })
	w.clock.Advance(10 * time.Minute)
	if e := w.inbox.one(t); e.Text != "stop" {
		t.Errorf("%+v", e)
	}
	if got := w.fake.Stats().Retries; got != 2 {
		t.Errorf("%d retries: it was acknowledged after the second", got)
	}
}

func TestTheSameMessageUnderOtherIDsCountsOnce(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.DuplicateEvents(3)
	m, _ := w.fake.Say(lea, w.fake.DM(lea), "stop")
	w.fake.SayIn(lea, com, "", "@Crieur point")
	events := w.inbox.all()
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	keys := w.inbox.keys[0]
	want := fmt.Sprintf("sl:msg:%s:%s:%s:message:", team, w.fake.DM(lea), m.TS)
	said := fmt.Sprintf("sl:said:%s:%s:%s", team, w.fake.DM(lea), m.TS)
	if len(keys) != 3 || !strings.HasPrefix(keys[0], "sl:ev:Ev") || keys[1] != want || keys[2] != said {
		t.Errorf("keys %q, want %q second and %q third", keys, want, said)
	}
}

// A message that names Crieur may come as a message and as a mention of it, whatever
// comes first: it is heard once, here and in a channel.
func TestAMessageAndItsMentionCountOnce(t *testing.T) {
	for _, order := range [][]string{{"message", "app_mention"}, {"app_mention", "message"}} {
		for _, where := range []string{"im", "channel"} {
			t.Run(order[0]+" first/"+where, func(t *testing.T) {
				w := newWorld(t, nil)
				channel := com
				if where == "im" {
					channel = w.fake.DM(lea)
				}
				for _, kind := range order {
					event := map[string]any{"type": kind, "channel": channel, "user": lea, "text": "<@" + slackfake.Bot + "> stop", "ts": "1.1", "event_ts": "1.1"}
					if kind == "message" {
						event["channel_type"] = where
					}
					if ack := w.fake.Event(event); !ack.OK() {
						t.Errorf("%+v", ack)
					}
				}
				if e := w.inbox.one(t); e.Text != "stop" {
					t.Errorf("%+v", e)
				}
			})
		}
	}
}

func TestADoubleClickCountsOncePerClick(t *testing.T) {
	w := newWorld(t, nil)
	_, message := w.post(com, approval())
	for range 2 {
		if _, err := w.fake.ClickAgain(lea, message, "Valider les 3"); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(w.inbox.all()); got != 2 {
		t.Errorf("%d events: two clicks are two causes, the decision settles them", got)
	}
}

func TestStoreAway(t *testing.T) {
	for name, row := range map[string]struct {
		away func(*inbox)
		says string
	}{
		"fails":  {func(i *inbox) { i.err = errors.New("store away") }, "chat.unconfirmed"},
		"hangs":  {func(i *inbox) { i.hang = 2 * time.Second }, "chat.unconfirmed"},
		"unsure": {func(i *inbox) { i.err = fmt.Errorf("accept: %w", work.ErrUnsure) }, "chat.unsure"},
	} {
		away, unconfirmed := row.away, words(t).For("fr", nil).T(row.says)
		t.Run(name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, w *world) {
				_, message := w.post(com, approval())
				w.front.acks["draft.edit"] = bot.Open
				w.front.acks["review.approve"] = bot.Busy
				w.front.form = func(bot.Event) (bot.Form, error) {
					return bot.Form{Action: "draft.save", Title: "T", Submit: "S", Cancel: "C",
						Fields: []bot.Field{{ID: "f", Kind: bot.Line, Label: "L", Value: []string{"v"}}}}, nil
				}
				w.fake.Shortcut(lea, "a1:draft.edit:")
				eventually(t, "form", func() bool { return w.fake.Modal(lea) != nil })
				w.inbox.set(away)

				if ack := w.fake.Command(lea, com, "/brouillon", "texte"); !ack.OK() || ack.Took > prompt {
					t.Errorf("command: %+v", ack)
				}
				if ack, err := w.fake.Click(lea, message, "Valider les 3"); err != nil || !ack.OK() || ack.Took > prompt {
					t.Errorf("click: %+v %v", ack, err)
				}
				eventually(t, "both told", func() bool { return len(w.fake.Ephemerals(lea)) == 2 })
				for _, m := range w.fake.Ephemerals(lea) {
					if m.Words() != unconfirmed {
						t.Errorf("sees %q", m.Words())
					}
				}
				if got := w.fake.Messages(com)[0]; len(got.Labels()) == 0 {
					t.Error("the buttons are gone though nothing was stored")
				}
				ack, err := w.fake.SubmitModal(lea, nil)
				if err != nil || !ack.OK() || ack.Took > prompt {
					t.Errorf("form: %+v %v", ack, err)
				}
				if m := w.fake.Modal(lea); m == nil || m.Errors["f"] != unconfirmed {
					t.Errorf("what was typed must stay: %+v", m)
				}
				w.fake.CloseModal(lea)
				w.fake.Shortcut(lea, "a1:draft.other:") // has no channel
				eventually(t, "notice", func() bool { return w.fake.Modal(lea) != nil })
				if got := w.fake.Broken(); len(got) != 0 {
					t.Errorf("broken: %q", got)
				}
			})
		})
	}
}

func TestEverythingSlowAtOnce(t *testing.T) {
	w := newWorld(t, nil)
	w.front.acks["a"] = bot.Open
	w.front.form = func(bot.Event) (bot.Form, error) {
		return bot.Form{Action: "a", Title: "T", Submit: "S", Cancel: "C", Fields: []bot.Field{{ID: "f", Kind: bot.Line, Label: "L", Optional: true}}}, nil
	}
	w.fake.Shortcut(max, "a1:a:")
	eventually(t, "form", func() bool { return w.fake.Modal(max) != nil })
	w.clock.Advance(24 * time.Hour) // nobody is known any more
	w.fake.Fail("users.info", slackfake.Fault{Delay: 2 * time.Second, Times: -1})
	w.front.mu.Lock()
	w.front.slow = 290 * time.Millisecond // just in time
	w.front.mu.Unlock()
	w.inbox.set(func(i *inbox) { i.hang = 3 * time.Second })
	ack, err := w.fake.SubmitModal(max, nil)
	if err != nil || !ack.OK() || ack.Took > prompt {
		t.Errorf("%v %v", ack.Took, err)
	}
	if m := w.fake.Modal(max); m == nil || m.Errors["f"] == "" {
		t.Errorf("%+v", m)
	}
}

func TestSlowFormCheckKeepsTheForm(t *testing.T) {
	w := newWorld(t, nil)
	w.front.acks["a"] = bot.Open
	w.front.form = func(bot.Event) (bot.Form, error) {
		return bot.Form{Action: "a", Title: "T", Submit: "S", Cancel: "C", Fields: []bot.Field{{ID: "f", Kind: bot.Line, Label: "L", Optional: true}}}, nil
	}
	w.fake.Shortcut(lea, "a1:a:")
	eventually(t, "form", func() bool { return w.fake.Modal(lea) != nil })
	w.front.mu.Lock()
	w.front.slow = 2 * time.Second
	w.front.mu.Unlock()
	if ack, err := w.fake.SubmitModal(lea, nil); err != nil || !ack.OK() || ack.Took > prompt {
		t.Fatalf("%+v %v", ack, err)
	}
	if m := w.fake.Modal(lea); m == nil || m.Errors["f"] == "" || len(w.inbox.all()) != 0 {
		t.Errorf("%+v", m)
	}
	w.front.mu.Lock()
	w.front.slow, w.front.check = 0, func(bot.Event) (map[string]string, error) { return nil, bot.Refuse("Réservé.") }
	w.front.mu.Unlock()
	if _, err := w.fake.SubmitModal(lea, nil); err != nil || w.fake.Modal(lea).Errors["f"] != "Réservé." {
		t.Errorf("%v %+v", err, w.fake.Modal(lea))
	}
}

func TestWhatIsNotSaidToCrieur(t *testing.T) {
	w := newWorld(t, nil)
	dm := w.fake.DM(lea)
	for name, event := range map[string]map[string]any{
		"own message":   {"type": "message", "channel_type": "im", "channel": dm, "user": slackfake.Bot, "text": "x", "ts": "1.1"},
		"another robot": {"type": "message", "channel_type": "im", "channel": dm, "user": "U9", "bot_id": "B9", "text": "x", "ts": "1.2"},
		"an edit":       {"type": "message", "subtype": "message_changed", "channel_type": "im", "channel": dm, "ts": "1.3"},
		"a channel":     {"type": "message", "channel_type": "channel", "channel": com, "user": lea, "text": "x", "ts": "1.4"},
		"messages tab":  {"type": "app_home_opened", "tab": "messages", "channel": dm, "user": lea, "event_ts": "1.5"},
		"a reaction":    {"type": "reaction_added", "user": lea, "item": map[string]any{"type": "message"}},
		"odd shape":     {"type": "message", "channel": []string{"C"}, "user": 7},
		"uninstalled":   {"type": "app_uninstalled"},
	} {
		if ack := w.fake.Event(event); !ack.OK() {
			t.Errorf("%s: %+v", name, ack)
		}
	}
	if got := w.inbox.all(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if w.adapter.Health().Refused == nil {
		t.Error("being uninstalled is not said")
	}
}

// That Slack holds events back is told for an hour.
func TestSlackHoldsEventsBack(t *testing.T) {
	w := newWorld(t, nil)
	body := []byte(`{"type":"app_rate_limited","minute_rate_limited":1795682700,"api_app_id":"A1"}`)
	r := httptest.NewRequest(http.MethodPost, "/slack/events", bytes.NewReader(body))
	w.fake.Sign(r.Header, body)
	out := httptest.NewRecorder()
	if w.adapter.Handler().ServeHTTP(out, r); out.Code != http.StatusOK || !w.adapter.Health().Withheld {
		t.Errorf("%d, %+v", out.Code, w.adapter.Health())
	}
	if w.clock.Advance(59 * time.Minute); !w.adapter.Health().Withheld {
		t.Error("not told any more")
	}
	if w.clock.Advance(2 * time.Minute); w.adapter.Health().Withheld {
		t.Error("still told")
	}
}

// Crieur hears of everybody who joins a channel that it is in, and goes by its own
// joining alone.
func TestCrieurIsAddedToAChannel(t *testing.T) {
	w := newWorld(t, nil)
	for _, user := range []string{lea, slackfake.Bot, slackfake.Bot} {
		event := map[string]any{"type": "member_joined_channel", "channel": com, "channel_type": "C", "user": user, "inviter": max, "event_ts": "1.1"}
		if ack := w.fake.Event(event); !ack.OK() {
			t.Errorf("%+v", ack)
		}
	}
	if e := w.inbox.one(t); e.Kind != bot.Joined || e.Place.Channel != com || e.User.ID != max || e.Place.Message != "" || e.Reply != (bot.Handle{}) {
		t.Errorf("%+v", e)
	}
}

// What hangs on a message is told with it.
func TestWordsBringTheirFiles(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.Event(map[string]any{"type": "message", "subtype": "file_share", "channel_type": "im", "channel": w.fake.DM(lea), "user": lea, "text": "pour samedi",
		"ts": "1.1", "files": []map[string]any{{"id": "F1", "name": "boîte.png", "mimetype": "image/png", "size": 12}, {"id": "F2", "mode": "tombstone"}}})
	if e := w.inbox.one(t); len(e.Files) != 2 || e.Files[0] != (bot.Upload{Ref: "F1", Name: "boîte.png", Type: "image/png", Size: 12}) {
		t.Errorf("%+v", e.Files)
	}
}

// Slack says whose tokens it revoked: a person's are not ours.
func TestRevokedTokens(t *testing.T) {
	for name, row := range map[string]struct {
		tokens map[string]any
		lost   bool
	}{
		"a person's": {map[string]any{"oauth": []string{lea}}, false},
		"ours":       {map[string]any{"bot": []string{slackfake.Bot}}, true},
		"both":       {map[string]any{"oauth": []string{lea}, "bot": []string{slackfake.Bot}}, true},
		"nobody's":   {map[string]any{"oauth": []string{}, "bot": []string{}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			if ack := w.fake.Event(map[string]any{"type": "tokens_revoked", "tokens": row.tokens}); !ack.OK() {
				t.Errorf("%+v", ack)
			}
			if got := w.adapter.Health().Refused != nil; got != row.lost {
				t.Errorf("access lost: %v, want %v", got, row.lost)
			}
		})
	}
}

func TestAnUnknownBlockLosesNothing(t *testing.T) {
	// Say always carries a block that no library knows.
	w := newWorld(t, nil)
	if _, ack := w.fake.Say(lea, w.fake.DM(lea), "point"); !ack.OK() {
		t.Fatal(ack)
	}
	w.inbox.one(t)
}

// A field that has another shape than it had loses itself, and nothing around it.
func TestAnOddFieldLosesNothing(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world) {
		event := map[string]any{"type": "message", "channel_type": "im", "channel": w.fake.DM(lea), "user": lea, "ts": "1.1", "text": "point",
			"bot_id": nil, "links": "none", "source": map[string]any{"kind": 1}, "tokens": []any{}, "tab": 7, "subtype": nil}
		if ack := w.fake.Event(event); !ack.OK() {
			t.Errorf("%+v", ack)
		}
		if e := w.inbox.one(t); e.Text != "point" || e.User.ID != lea {
			t.Errorf("%+v", e)
		}
	})
	interact := func(t *testing.T, payload string) (*world, int) {
		w := newWorld(t, nil)
		body := []byte("payload=" + url.QueryEscape(payload))
		r := httptest.NewRequest(http.MethodPost, "/slack/interactions", bytes.NewReader(body))
		w.fake.Sign(r.Header, body)
		out := httptest.NewRecorder()
		w.adapter.Handler().ServeHTTP(out, r)
		return w, out.Code
	}
	t.Run("shortcut", func(t *testing.T) {
		w, status := interact(t, `{"type":"message_action","callback_id":"a1:draft.quote:","action_ts":"1.2","user":{"id":"U0LEA","name":3},
			"channel":{"id":"C0COM"},"message":{"text":"Bravo","user":"U0MAX","ts":"1.1","files":"of tomorrow"},"view":[],"actions":"none"}`)
		if e := w.inbox.one(t); status != http.StatusOK || e.Quote != "Bravo" || e.User.ID != lea || e.FromID != max {
			t.Errorf("%d %+v", status, e)
		}
	})
	t.Run("form", func(t *testing.T) { // half of what was typed is not what was sent
		w, status := interact(t, `{"type":"view_submission","user":{"id":"U0LEA"},"view":{"id":"V1","hash":"1","callback_id":"a1:draft.save:t",
			"blocks":[{"type":"input","block_id":"f"}],"state":{"values":{"f":{"f":{"type":"of_tomorrow","value":{"text":"typed"}}}}}}}`)
		if status != http.StatusBadRequest || len(w.inbox.all()) != 0 {
			t.Errorf("%d, %+v", status, w.inbox.all())
		}
	})
}

func TestOtherCompaniesAndOrganisations(t *testing.T) {
	t.Run("shared channel", func(t *testing.T) {
		w := newWorld(t, func(_ *slackfake.Options, o *slack.Options) { o.Team = team })
		w.fake.AddPerson(slackfake.Person{ID: "U0EVE", Name: "eve", Team: "T0OTHER"})
		w.fake.AddChannel(slackfake.Channel{ID: "C0SHARED", Name: "shared", Shared: true})
		w.fake.Say("U0EVE", "C0SHARED", "@Crieur point")
		w.fake.Command("U0EVE", "C0SHARED", "/crieur", "point")
		for _, e := range w.inbox.all() {
			if e.Team != team || e.User.ID != "U0EVE" {
				t.Errorf("%s belongs to %s", e.Kind, e.Team)
			}
		}
		if len(w.inbox.all()) != 2 {
			t.Error("not both came")
		}
	})
	t.Run("organisation that is set up", func(t *testing.T) {
		// Slack names the workspace in an event, the organisation in a click.
		w := newWorld(t, func(f *slackfake.Options, o *slack.Options) { f.Enterprise, o.Team = "E0COLIBRI", "T0MAISON" })
		if err := w.adapter.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, message := w.post(com, approval())
		w.fake.Click(lea, message, "Valider les 3")
		w.fake.Say(lea, com, "@Crieur point")
		w.fake.Command(lea, com, "/crieur", "point")
		w.fake.OpenHome(lea)
		for _, e := range w.inbox.all() {
			if e.Team != "T0MAISON" || e.Place.Team != "T0MAISON" {
				t.Errorf("%s belongs to %s in %s", e.Kind, e.Team, e.Place.Team)
			}
		}
		if n := len(w.inbox.all()); n != 4 {
			t.Errorf("%d of 4 came", n)
		}
	})
	t.Run("set up by its organisation", func(t *testing.T) {
		// Of a workspace in an organisation, people find E… in their browser.
		w := newWorld(t, func(_ *slackfake.Options, o *slack.Options) { o.Team = "E0COLIBRI" })
		if err := w.adapter.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "introduction", func() bool { return len(w.fake.Calls("auth.test")) > 0 })
		for range 20 { // what is learnt from Slack changes nobody's name
			w.fake.Command(lea, com, "/crieur", "point")
		}
		for _, e := range w.inbox.all() {
			if e.Team != "E0COLIBRI" {
				t.Fatalf("%s belongs to %s", e.Kind, e.Team)
			}
		}
	})
	t.Run("organisation", func(t *testing.T) {
		w := newWorld(t, func(f *slackfake.Options, _ *slack.Options) { f.Enterprise = "E0COLIBRI" })
		_, message := w.post(com, approval())
		if _, err := w.fake.Click(lea, message, "Valider les 3"); err != nil {
			t.Fatal(err)
		}
		if e := w.inbox.one(t); e.Team != "E0COLIBRI" {
			t.Errorf("team %q: Slack gave none", e.Team)
		}
	})
}

func TestGroupsAndLocales(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.AddGroup(slackfake.Group{ID: "S0VALID", Handle: "validation", Users: []string{lea}})
	if err := w.adapter.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "groups", func() bool {
		w.fake.Command(lea, com, "/crieur", "moi")
		events := w.inbox.all()
		return len(events[len(events)-1].User.Groups) == 1
	})
	events := w.inbox.all()
	if e := events[len(events)-1]; e.User.Groups[0] != "S0VALID" || e.User.Locale != "fr-FR" {
		t.Errorf("%+v", e.User)
	}
	if got := len(w.fake.Calls("users.info")); got != 1 {
		t.Errorf("%d calls for one person", got)
	}
}

// A failure of a moment does not end the reading of groups.
func TestGroupsComeAfterAFailure(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.AddGroup(slackfake.Group{ID: "S0VALID", Handle: "validation", Users: []string{lea}})
	w.fake.Fail("usergroups.list", slackfake.Fault{Error: "internal_error"})
	if err := w.adapter.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "groups", func() bool {
		w.fake.Command(lea, com, "/crieur", "moi")
		events := w.inbox.all()
		return len(events[len(events)-1].User.Groups) == 1
	})
}

// When Slack asks to wait with questions about people, nobody is asked about.
func TestQuestionsAboutPeopleAreLimited(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.Fail("users.info", slackfake.Fault{Status: http.StatusTooManyRequests, RetryAfter: 30 * time.Second})
	asked := func(user string) int {
		w.fake.Command(user, com, "/crieur", "point")
		return len(w.fake.Calls("users.info"))
	}
	first := asked(lea)
	if now := asked(max); first != 0 || now != 0 || w.fake.Stats().Limited != 1 {
		t.Errorf("answered %d times, then %d; told to wait %d times", first, now, w.fake.Stats().Limited)
	}
	w.clock.Advance(2 * time.Minute)
	if now := asked(max); now != 1 {
		t.Errorf("answered %d times after the wait", now)
	}
	events := w.inbox.all()
	if last := events[len(events)-1]; last.User.Locale != "en-GB" {
		t.Errorf("%+v", last.User)
	}
}

func TestSlackSlowAboutAPersonDelaysNothing(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.Fail("users.info", slackfake.Fault{Delay: 2 * time.Second})
	if ack := w.fake.Command(lea, com, "/crieur", "point"); !ack.OK() || ack.Took > prompt {
		t.Errorf("%+v", ack)
	}
	w.inbox.one(t)
}

// An ack is one packet: its length is known before it leaves.
func TestAcksSayTheirLength(t *testing.T) {
	w := newWorld(t, nil)
	server := httptest.NewServer(w.adapter.Handler())
	defer server.Close()
	for text, want := range map[string]bot.Ack{"point": bot.Wait, "": bot.Quiet} {
		w.front.acks["crieur"] = want
		body := "team_id=" + team + "&channel_id=C0COM&user_id=U0LEA&command=%2Fcrieur&text=" + text + "&trigger_id=1.2." + text
		request, err := http.NewRequest(http.MethodPost, server.URL+"/slack/commands", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		w.fake.Sign(request.Header, []byte(body))
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if said := response.ContentLength; response.StatusCode != http.StatusOK || said < 0 || (said > 0) != (want == bot.Wait) {
			t.Errorf("%s: %s, %d bytes", want, response.Status, said)
		}
	}
}

// nothing is an ingress that stores nowhere, and a front that waits.
type nothing struct{ front }

func (*nothing) Accept(context.Context, []string, bot.Event) (bool, error) { return true, nil }

// BenchmarkSignedCommand is the way in without a store: verify, decode, ack.
func BenchmarkSignedCommand(b *testing.B) {
	fake := slackfake.New(b, slackfake.Options{})
	fake.AddPerson(slackfake.Person{ID: lea, Name: "lea", Locale: "fr-FR"})
	words := words(b)
	n := &nothing{front{words: words, acks: map[string]bot.Ack{"crieur": bot.Quiet}}}
	adapter := slack.New(slack.Options{Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret, APIURL: fake.APIURL(),
		Words: words, Commands: slack.Commands()}, n, n)
	handler := adapter.Handler()
	body := []byte("team_id=T0COLIBRI&channel_id=C0COM&user_id=U0LEA&user_name=lea&command=%2Fcrieur&text=point&trigger_id=1.2.3&response_url=http%3A%2F%2Fa.test%2Fr")
	header := http.Header{}
	fake.Sign(header, body)
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/slack/commands", bytes.NewReader(body))
		r.Header = header
		out := httptest.NewRecorder()
		handler.ServeHTTP(out, r)
		if out.Code != http.StatusOK {
			b.Fatal(out.Code)
		}
	}
	_ = adapter.Stop(context.Background())
}
