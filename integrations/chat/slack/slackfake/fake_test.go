package slackfake

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func start(t *testing.T, o Options) *Server {
	t.Helper()
	if o.Clock == nil {
		o.Clock = NewClock(time.Date(2026, 11, 26, 8, 45, 0, 0, time.UTC))
	}
	s := New(t, o)
	s.AddPerson(Person{ID: "U1", Name: "one", Locale: "fr-FR"})
	s.AddChannel(Channel{ID: "C1", Name: "com"})
	return s
}

// call calls the Web API and returns the answer, its status and Retry-After.
func call(t *testing.T, s *Server, method, token string, v url.Values) (out map[string]any, status int) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, s.APIURL()+method, strings.NewReader(v.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return map[string]any{"error": "cut"}, 0
	}
	defer func() { _ = response.Body.Close() }()
	raw, _ := io.ReadAll(response.Body)
	_ = json.Unmarshal(raw, &out)
	return out, response.StatusCode
}

func code(t *testing.T, s *Server, method string, pairs ...string) string {
	t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	out, _ := call(t, s, method, BotToken, v)
	said, _ := out["error"].(string)
	return said
}

func TestValidateRefusesWhatSlackRefuses(t *testing.T) {
	text := func(n int) string { return strings.Repeat("a", n) }
	button := func(extra string) string {
		return `[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"},"action_id":"a"` + extra + `}]}]`
	}
	section := func(s string) string {
		return `[{"type":"section","text":{"type":"mrkdwn","text":"` + s + `"}}]`
	}
	rich := func(s string) string {
		return `[{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":"` + s + `"}]}]}]`
	}
	many := func(n int, item string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
	}
	table := func(rows int) string {
		return `{"type":"table","rows":` + many(rows, `[{"type":"raw_text","text":"a"}]`) + `}`
	}
	option := func(n int) string {
		return `{"text":{"type":"plain_text","text":"o"},"value":"` + text(n) + `"}`
	}
	menu := func(kind string, n int) string {
		return `[{"type":"actions","elements":[{"type":"` + kind + `","action_id":"m","options":` + many(n, option(1)) + `}]}]`
	}
	for name, test := range map[string]struct {
		where, blocks, want string
	}{
		"fine":                  {"message", button(""), ""},
		"50 blocks":             {"message", many(50, `{"type":"divider"}`), ""},
		"51 blocks":             {"message", many(51, `{"type":"divider"}`), "invalid_blocks"},
		"100 on home":           {"home", many(100, `{"type":"divider"}`), ""},
		"101 on home":           {"home", many(101, `{"type":"divider"}`), "invalid_blocks"},
		"section 3000":          {"message", section(text(3000)), ""},
		"section 3001":          {"message", section(text(3001)), "invalid_blocks"},
		"empty text":            {"message", section(""), "invalid_blocks"},
		"header 151":            {"message", `[{"type":"header","text":{"type":"plain_text","text":"` + text(151) + `"}}]`, "invalid_blocks"},
		"header mrkdwn":         {"message", `[{"type":"header","text":{"type":"mrkdwn","text":"a"}}]`, "invalid_blocks"},
		"long label":            {"message", button(`,"x":1`), "invalid_blocks"},
		"long value":            {"message", button(`,"value":"` + text(2001) + `"`), "invalid_blocks"},
		"long id":               {"message", `[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"},"action_id":"` + text(256) + `"}]}]`, "invalid_blocks"},
		"bad style":             {"message", button(`,"style":"loud"`), "invalid_blocks"},
		"bad link":              {"message", button(`,"url":"javascript:1"`), "invalid_blocks"},
		"same id twice":         {"message", `[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"A"},"action_id":"a"},{"type":"button","text":{"type":"plain_text","text":"B"},"action_id":"a"}]}]`, "invalid_blocks"},
		"same block id twice":   {"message", `[{"type":"divider","block_id":"x"},{"type":"divider","block_id":"x"}]`, "invalid_blocks"},
		"100 options":           {"message", menu("static_select", 100), ""},
		"101 options":           {"message", menu("static_select", 101), "invalid_blocks"},
		"5 in overflow":         {"message", menu("overflow", 5), ""},
		"6 in overflow":         {"message", menu("overflow", 6), "invalid_blocks"},
		"multi in actions":      {"message", menu("multi_static_select", 2), "invalid_blocks"},
		"long option value":     {"message", `[{"type":"actions","elements":[{"type":"static_select","action_id":"m","options":[` + option(76) + `]}]}]`, "invalid_blocks"},
		"no alt":                {"message", `[{"type":"image","image_url":"https://a.test/x.png","alt_text":""}]`, "invalid_blocks"},
		"returned image":        {"message", `[{"type":"image","image_url":"https://a.test/x.png","alt_text":"a","image_width":10}]`, "invalid_blocks"},
		"one table":             {"message", "[" + table(100) + "]", ""},
		"101 rows":              {"message", "[" + table(101) + "]", "invalid_blocks"},
		"two tables":            {"message", "[" + table(1) + "," + table(1) + "]", "invalid_blocks"},
		"table on home":         {"home", "[" + table(1) + "]", "invalid_blocks"},
		"uneven rows":           {"message", `[{"type":"table","rows":[[{"type":"raw_text","text":"a"}],[]]}]`, "invalid_blocks"},
		"unescaped":             {"message", rich("<@U1>"), "invalid_blocks"},
		"escaped":               {"message", rich("&lt;@U1&gt;"), ""},
		"everybody":             {"message", section("<!channel>"), "invalid_blocks"},
		"broadcast":             {"message", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"broadcast","range":"here"}]}]}]`, "invalid_blocks"},
		"unknown block":         {"message", `[{"type":"hologram"}]`, "invalid_blocks"},
		"all together too long": {"message", "[" + section(text(3000))[1:len(section(text(3000)))-1] + "," + strings.Repeat(section(text(2500))[1:len(section(text(2500)))-1]+",", 2) + section(text(2001))[1:], "msg_blocks_too_long"},
		"not blocks":            {"message", `{"type":"divider"}`, "invalid_blocks_format"},
		"input in a message":    {"message", `[{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input"}}]`, "invalid_blocks"},
		"input in a modal":      {"modal", `[{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input"}}]`, ""},
		"initial too long":      {"modal", `[{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input","max_length":2,"initial_value":"abc"}}]`, "invalid_blocks"},
		"initial not a date":    {"modal", `[{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"datepicker","initial_date":"26/11"}}]`, "invalid_blocks"},
		"initial no option":     {"modal", `[{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"static_select","options":[` + option(1) + `],"initial_option":` + option(2) + `}}]`, "invalid_blocks"},
		"long confirm":          {"message", button(`,"confirm":{"title":{"type":"plain_text","text":"` + text(101) + `"},"text":{"type":"plain_text","text":"t"},"confirm":{"type":"plain_text","text":"y"},"deny":{"type":"plain_text","text":"n"}}`), "invalid_blocks"},
	} {
		if got, details := Validate(test.where, []byte(test.blocks)); got != test.want {
			t.Errorf("%s: %q, want %q: %q", name, got, test.want, details)
		}
	}
}

func TestTokensScopesAndPlaces(t *testing.T) {
	s := start(t, Options{Scopes: []string{"chat:write"}})
	for _, test := range []struct{ method, token, want string }{
		{"auth.test", "", "not_authed"}, {"auth.test", "xoxb-other", "invalid_auth"}, {"auth.test", AppToken, "not_allowed_token_type"},
		{"auth.test", BotToken, ""}, {"apps.connections.open", BotToken, "not_allowed_token_type"}, {"apps.connections.open", AppToken, ""},
		{"users.info", BotToken, "missing_scope"}, {"no.such", BotToken, "unknown_method"},
	} {
		out, _ := call(t, s, test.method, test.token, url.Values{})
		if got, _ := out["error"].(string); got != test.want {
			t.Errorf("%s with %q: %q, want %q", test.method, test.token, got, test.want)
		}
		if test.want == "missing_scope" && (out["needed"] != "users:read" || out["provided"] != "chat:write") {
			t.Errorf("%v", out)
		}
	}
	s.AddChannel(Channel{ID: "C2", Archived: true})
	s.AddChannel(Channel{ID: "C3", Outside: true})
	s.AddChannel(Channel{ID: "C4", Outside: true, Private: true})
	for channel, want := range map[string]string{"C1": "", "C2": "is_archived", "C3": "not_in_channel", "C4": "channel_not_found", "C9": "channel_not_found"} {
		if got := code(t, s, "chat.postMessage", "channel", channel, "text", "x"); got != want {
			t.Errorf("%s: %q, want %q", channel, got, want)
		}
	}
	if got := code(t, s, "chat.postMessage", "channel", "C1", "text", "x", "thread_ts", "9.9"); got != "thread_not_found" {
		t.Error(got)
	}
	if got := code(t, s, "chat.update", "channel", "C1", "ts", "9.9", "text", "x"); got != "message_not_found" {
		t.Error(got)
	}
	if got := code(t, s, "chat.postMessage", "channel", "C1", "blocks", "[]"); got != "no_text" {
		t.Error(got)
	}
}

func TestPaceOfAChannel(t *testing.T) {
	s := start(t, Options{Burst: 2})
	s.AddChannel(Channel{ID: "C2"})
	var got []int
	for range 5 {
		_, status := call(t, s, "chat.postMessage", BotToken, url.Values{"channel": {"C1"}, "text": {"x"}})
		got = append(got, status)
	}
	if fmt.Sprint(got) != "[200 200 200 429 429]" {
		t.Errorf("%v", got)
	}
	if _, status := call(t, s, "chat.postMessage", BotToken, url.Values{"channel": {"C2"}, "text": {"x"}}); status != 200 {
		t.Error("another channel waits, too")
	}
	if st := s.Stats(); st.Suppressed != 4 || st.Limited != 2 {
		t.Errorf("%+v", st)
	}
	s.options.Clock.Advance(1500 * time.Millisecond)
	if got := code(t, s, "chat.postMessage", "channel", "C1", "text", "x"); got != "" {
		t.Error(got)
	}
	if s.Stats().Suppressed != 4 {
		t.Error("1.5 s later nothing is hidden")
	}
}

func TestMethodsHaveTheirMinute(t *testing.T) {
	s := start(t, Options{})
	limited := 0
	for range 60 {
		if _, status := call(t, s, "chat.update", BotToken, url.Values{"channel": {"C1"}, "ts": {"1.1"}, "text": {"x"}}); status == 429 {
			limited++
		}
	}
	if limited != 10 {
		t.Errorf("%d of 60 limited, want 10", limited)
	}
}

func TestTriggersLiveThreeSecondsAndOnce(t *testing.T) {
	s := start(t, Options{})
	view := `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"S"},"blocks":[{"type":"input","block_id":"f","label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input","action_id":"f"}}]}`
	s.mu.Lock()
	good, late := s.newTrigger("U1"), s.newTrigger("U1")
	s.mu.Unlock()
	if got := code(t, s, "views.open", "trigger_id", good, "view", strings.Replace(view, `"T"`, `"`+strings.Repeat("T", 25)+`"`, 1)); got != "invalid_arguments" {
		t.Errorf("long title: %q", got)
	}
	if got := code(t, s, "views.open", "trigger_id", good, "view", view); got != "exchanged_trigger_id" {
		t.Errorf("a trigger is used even when the form is refused: %q", got)
	}
	s.options.Clock.Advance(3100 * time.Millisecond)
	if got := code(t, s, "views.open", "trigger_id", late, "view", view); got != "expired_trigger_id" {
		t.Error(got)
	}
	s.mu.Lock()
	good = s.newTrigger("U1")
	s.mu.Unlock()
	if got := code(t, s, "views.open", "trigger_id", good, "view", view); got != "" {
		t.Fatal(got)
	}
	m := s.Modal("U1")
	if got := code(t, s, "views.update", "view_id", m.ID, "hash", m.Hash, "view", view); got != "" {
		t.Error(got)
	}
	if got := code(t, s, "views.update", "view_id", m.ID, "hash", m.Hash, "view", view); got != "hash_conflict" {
		t.Error(got)
	}
	if _, err := s.SubmitModal("U1", nil); err == nil {
		t.Error("an empty field that must be filled in was sent")
	}
	if _, err := s.SubmitModal("U1", map[string][]string{"g": {"x"}}); err == nil {
		t.Error("a field that is not there was filled in")
	}
}

func TestErrorsAtNoFieldBreakTheForm(t *testing.T) {
	s := start(t, Options{})
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		write(w, 200, object{"response_action": "errors", "errors": object{"nowhere": "x"}})
	}))
	t.Cleanup(app.Close)
	s.DeliverTo(app.URL)
	s.views["U1"] = &Modal{ID: "V1", User: "U1", Blocks: json.RawMessage(`[{"type":"input","block_id":"f","optional":true,"element":{"type":"plain_text_input","action_id":"f"}}]`)}
	if _, err := s.SubmitModal("U1", nil); err != nil {
		t.Fatal(err)
	}
	if got := s.Broken(); len(got) != 1 || !strings.Contains(got[0], "trouble connecting") {
		t.Errorf("%q", got)
	}
}

func TestDeliveriesAreSignedTimedAndRepeated(t *testing.T) {
	s := start(t, Options{Deadline: 100 * time.Millisecond})
	var calls atomic.Int32
	var headers []string
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		want := http.Header{}
		sign(want, body, s.Now(), SigningSecret)
		if r.Header.Get("X-Slack-Signature") != want.Get("X-Slack-Signature") {
			t.Error("not signed")
		}
		headers = append(headers, r.Header.Get("X-Slack-Retry-Num"))
		switch calls.Add(1) {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			time.Sleep(200 * time.Millisecond)
		case 3:
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	t.Cleanup(app.Close)
	s.DeliverTo(app.URL)
	if _, ack := s.Say("U1", s.DM("U1"), "x"); ack.Status != http.StatusServiceUnavailable {
		t.Fatalf("%+v", ack)
	}
	for i, step := range []time.Duration{time.Second, time.Minute, 5 * time.Minute} {
		if got := int(calls.Load()); got != i+1 {
			t.Fatalf("%d calls before step %d", got, i)
		}
		s.options.Clock.Advance(step)
	}
	if got := strings.Join(headers, ","); got != ",1,2,3" || s.Stats().Retries != 3 || s.Stats().Timeouts != 3 || s.Stats().Delivered != 1 {
		t.Errorf("%q %+v", got, s.Stats())
	}
	s.options.Clock.Advance(time.Hour)
	if calls.Load() != 4 {
		t.Error("it was acknowledged, yet it came again")
	}
}

func TestResponseURLsWearOut(t *testing.T) {
	s := start(t, Options{})
	s.mu.Lock()
	address := s.newResponseURL("C1", "U1", "", nil)
	old := s.newResponseURL("C1", "U1", "", nil)
	s.mu.Unlock()
	answer := func(address, body string) int {
		response, err := http.Post(address, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	answer(address, `{"text":"first"}`)
	answer(address, `{"text":"second","replace_original":true}`)
	if seen := s.Ephemerals("U1"); len(seen) != 1 || seen[0].Text != "second" {
		t.Errorf("%+v", seen)
	}
	for range 3 {
		answer(address, `{"text":"more"}`)
	}
	if got := answer(address, `{"text":"sixth"}`); got != http.StatusNotFound {
		t.Error(got)
	}
	s.options.Clock.Advance(30 * time.Minute)
	if got := answer(old, `{"text":"late"}`); got != http.StatusNotFound || len(s.Ephemerals("U1")) != 4 {
		t.Error(got, len(s.Ephemerals("U1")))
	}
}

func TestSocketsAcknowledgeOrComeAgain(t *testing.T) {
	s := start(t, Options{Deadline: 200 * time.Millisecond})
	dial := func() *websocket.Conn {
		out, _ := call(t, s, "apps.connections.open", AppToken, url.Values{})
		ws, _, err := websocket.Dial(t.Context(), out["url"].(string), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ws.CloseNow() })
		return ws
	}
	read := func(ws *websocket.Conn) (frame map[string]any) {
		_, raw, err := ws.Read(t.Context())
		if err != nil {
			return map[string]any{"type": "closed"}
		}
		_ = json.Unmarshal(raw, &frame)
		return frame
	}
	ws := dial()
	if f := read(ws); f["type"] != "hello" {
		t.Fatal(f)
	}
	s.WaitForSockets(1)
	acks := make(chan Ack, 3)
	go func() { _, ack := s.Say("U1", s.DM("U1"), "x"); acks <- ack }()
	f := read(ws)
	write := func(body string) {
		if err := ws.Write(context.Background(), websocket.MessageText, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	write(fmt.Sprintf(`{"envelope_id":%q,"payload":%q}`, f["envelope_id"], strings.Repeat("x", 20_000)))
	if ack := <-acks; ack.OK() {
		t.Error("an ack above 20 KB is dropped")
	}
	go s.options.Clock.Advance(time.Second)
	if f = read(ws); f["retry_attempt"] != float64(1) {
		t.Errorf("%v", f)
	}
	write(fmt.Sprintf(`{"envelope_id":%q}`, f["envelope_id"]))
	for range 9 {
		read(dial())
	}
	if f := read(dial()); f["type"] != "disconnect" || f["reason"] != "too_many_websockets" {
		t.Errorf("eleventh: %v", f)
	}
	out, _ := call(t, s, "apps.connections.open", AppToken, url.Values{})
	if _, _, err := websocket.Dial(t.Context(), out["url"].(string)+"x", nil); err == nil {
		t.Error("a ticket that was never given opens a socket")
	}
}

func TestFaults(t *testing.T) {
	s := start(t, Options{})
	post := url.Values{"channel": {"C1"}, "text": {"x"}}
	s.Fail("chat.postMessage", Fault{Drop: true})
	s.Fail("chat.postMessage", Fault{Cut: true})
	s.Fail("chat.postMessage", Fault{Status: 500, Times: 2})
	s.Fail("chat.postMessage", Fault{Error: "fatal_error", Times: -1})
	var got []string
	for range 6 {
		out, status := call(t, s, "chat.postMessage", BotToken, post)
		got = append(got, fmt.Sprintf("%d %v", status, out["error"]))
		s.options.Clock.Advance(2 * time.Second)
	}
	if said := strings.Join(got, "|"); said != "0 cut|0 cut|500 <nil>|500 <nil>|200 fatal_error|200 fatal_error" {
		t.Errorf("%s", said)
	}
	if len(s.Messages("C1")) != 1 {
		t.Errorf("%d messages: only the dropped answer's is there", len(s.Messages("C1")))
	}
	s.Heal()
	if got := code(t, s, "chat.postMessage", "channel", "C1", "text", "x"); got != "" {
		t.Error(got)
	}
}
