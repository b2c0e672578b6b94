package discordfake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// caller is the least that a bot does: it calls, and answers with what it is told.
type caller struct {
	t      *testing.T
	fake   *Server
	client *http.Client
	answer func(in map[string]any) string // the body over HTTP
}

func newBot(t *testing.T, o Options, wire *Wire) *caller {
	b := &caller{t: t, client: http.DefaultClient}
	if wire != nil {
		o.Listener, b.client = wire, wire.Client()
		t.Cleanup(b.client.CloseIdleConnections)
	}
	b.fake = Start(t, o)
	b.fake.AddUser(User{ID: "111", Name: "ada", Locale: "fr"})
	b.fake.Deliver(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in map[string]any
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		body := b.answer(in)
		if body == "" {
			w.WriteHeader(http.StatusAccepted)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, body)
	}))
	return b
}

// call returns the status, Discord's code, and the answer.
func (b *caller) call(method, path, body string) (int, int, map[string]any) {
	b.t.Helper()
	kind := ""
	if body != "" {
		kind = "application/json"
	}
	return b.callAs(method, path, kind, body)
}

// callAs is call with a body of a type.
func (b *caller) callAs(method, path, kind, body string) (int, int, map[string]any) {
	b.t.Helper()
	r, err := http.NewRequest(method, b.fake.APIURL()+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Authorization", "Bot "+b.fake.Token())
	r.Header.Set("User-Agent", "DiscordBot (test, 1)")
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	made := map[string]any{}
	_ = json.Unmarshal(data, &made) // lists and nothing are not wanted here
	code, _ := made["code"].(float64)
	return answer.StatusCode, int(code), made
}

const (
	mentions = `"allowed_mentions":{"parse":[]}`
	button   = `{"type":1,"components":[{"type":2,"style":1,"label":"Go","custom_id":"go"}]}`
	draft    = `[{"name":"draft","name_localizations":{"fr":"brouillon"},"description":"Write","type":1,"options":[{"type":3,"name":"text","description":"Text","autocomplete":true}]}]`
)

func v2(components string) string {
	return `{"flags":32768,` + mentions + `,"components":[` + components + `]}`
}

func say(text string) string {
	data, _ := json.Marshal(text) // a string always encodes
	return `{"type":10,"content":` + string(data) + `}`
}

func repeat(part string, n int) string {
	return strings.TrimSuffix(strings.Repeat(part+",", n), ",")
}

func TestMessagesThatDiscordRefuses(t *testing.T) {
	b := newBot(t, Options{Unlimited: true}, nil)
	buttons := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"type":2,"style":1,"label":"x","custom_id":"%d"}`, i))
		}
		return `{"type":1,"components":[` + strings.Join(list, ",") + `]}`
	}
	menu := func(options int, more string) string {
		var list []string
		for i := range options {
			list = append(list, fmt.Sprintf(`{"label":"x","value":"%d"}`, i))
		}
		return `{"type":1,"components":[{"type":3,"custom_id":"m","options":[` + strings.Join(list, ",") + `]` + more + `}]}`
	}
	for _, row := range []struct {
		name, body   string
		status, code int
	}{
		{"a text", v2(say("x")), 200, 0},
		{"40 components", v2(repeat(say("x"), 40)), 200, 0},
		{"41 components", v2(repeat(say("x"), 41)), 400, 50035},
		{"40 in a container", v2(`{"type":17,"components":[` + repeat(say("x"), 40) + `]}`), 400, 50035},
		{"4,000 characters", v2(say(strings.Repeat("a", 2000)) + "," + say(strings.Repeat("b", 2000))), 200, 0},
		{"4,001 characters", v2(say(strings.Repeat("a", 2000)) + "," + say(strings.Repeat("b", 2001))), 400, 50035},
		{"too many bytes", v2(say(strings.Repeat("漢", 3400))), 500, 0},
		{"an empty text", v2(say(" \n")), 400, 50035},
		{"no components", v2(""), 400, 50006},
		{"content as well", `{"flags":32768,` + mentions + `,"content":"x","components":[` + say("x") + `]}`, 400, 50035},
		{"an unknown field", `{"flags":32768,` + mentions + `,"colour":1,"components":[` + say("x") + `]}`, 400, 50035},
		{"an unknown flag", `{"flags":32832,` + mentions + `,"components":[` + say("x") + `]}`, 400, 50035},
		{"an unknown field of a component", v2(`{"type":10,"content":"x","text":"y"}`), 400, 50035},
		{"an unknown component", v2(`{"type":99}`), 400, 50035},
		{"a container in a container", v2(`{"type":17,"components":[{"type":17,"components":[` + say("x") + `]}]}`), 400, 50035},
		{"an empty container", v2(`{"type":17,"components":[]}`), 400, 50035},
		{"an id twice", v2(`{"type":10,"content":"x","id":3},{"type":10,"content":"y","id":3}`), 400, 50035},
		{"5 buttons", v2(buttons(5)), 200, 0},
		{"6 buttons", v2(buttons(6)), 400, 50035},
		{"a custom_id twice", v2(button + "," + button), 400, 50035},
		{"a long custom_id", v2(strings.Replace(button, `"go"`, `"`+strings.Repeat("x", 101)+`"`, 1)), 400, 50035},
		{"a long label", v2(strings.Replace(button, "Go", strings.Repeat("x", 81), 1)), 400, 50035},
		{"a link without address", v2(strings.Replace(button, `"style":1`, `"style":5`, 1)), 400, 50035},
		{"25 choices", v2(menu(25, "")), 200, 0},
		{"26 choices", v2(menu(26, "")), 400, 50035},
		{"more chosen than there are", v2(menu(2, `,"max_values":3`)), 400, 50035},
		{"a picture", v2(`{"type":12,"items":[{"media":{"url":"https://x.example/a.png"},"description":"a"}]}`), 200, 0},
		{"11 pictures", v2(`{"type":12,"items":[` + repeat(`{"media":{"url":"https://x.example/a.png"}}`, 11) + `]}`), 400, 50035},
		{"a picture of a file", v2(`{"type":12,"items":[{"media":{"url":"file:///x"}}]}`), 400, 50035},
		{"a long description", v2(`{"type":12,"items":[{"media":{"url":"https://x.example/a.png"},"description":"` + strings.Repeat("a", 1025) + `"}]}`), 400, 50035},
		{"a file that was not sent", v2(`{"type":13,"file":{"url":"attachment://a.txt"}}`), 400, 50035},
		{"a long nonce", strings.Replace(v2(say("x")), `{`, `{"nonce":"`+strings.Repeat("n", 26)+`",`, 1), 400, 50035},
		{"not JSON", `{`, 400, 50035},
	} {
		if status, code, made := b.call("POST", "/channels/C/messages", row.body); status != row.status || code != row.code {
			t.Errorf("%s: HTTP %d code %d %v", row.name, status, code, made["message"])
		}
	}
}

func TestViolationsAreSeen(t *testing.T) {
	b := newBot(t, Options{Unlimited: true}, nil)
	for _, body := range []string{
		`{"flags":32768,"components":[` + say("x") + `]}`,
		`{"flags":32768,"allowed_mentions":{"parse":["everyone"]},"components":[` + say("x") + `]}`,
	} {
		b.call("POST", "/channels/C/messages", body)
		if len(b.fake.Forgive()) != 1 {
			t.Errorf("%s was not noticed", body)
		}
	}
	b.call("GET", "/no/such/route", "")
	if len(b.fake.Forgive()) != 1 {
		t.Error("an unknown route was not noticed")
	}
}

func TestFormsThatDiscordRefuses(t *testing.T) {
	field := func(label, component string) string {
		return `{"type":18,"label":"` + label + `","component":` + component + `}`
	}
	input := `{"type":4,"custom_id":"a","style":1}`
	form := func(components string) string {
		return `{"custom_id":"f","title":"T","components":[` + components + `]}`
	}
	for _, row := range []struct {
		name, data string
		ok         bool
	}{
		{"a form", form(field("L", input)), true},
		{"a text before", form(say("x") + "," + field("L", input)), true},
		{"a menu", form(field("L", `{"type":3,"custom_id":"a","options":[{"label":"x","value":"y"}]}`)), true},
		{"nothing", form(""), false},
		{"six fields", form(repeat(say("x"), 6)), false},
		{"an input in a row", form(`{"type":1,"components":[` + input + `]}`), false},
		{"a long label", form(field(strings.Repeat("l", 46), input)), false},
		{"a long title", strings.Replace(form(field("L", input)), `"T"`, `"`+strings.Repeat("t", 46)+`"`, 1), false},
		{"a custom_id twice", form(field("L", input) + "," + field("M", input)), false},
		{"a value that is too long", form(field("L", `{"type":4,"custom_id":"a","style":1,"max_length":2,"value":"abc"}`)), false},
		{"an empty menu", form(field("L", `{"type":3,"custom_id":"a","options":[]}`)), false},
		{"an unknown field", strings.Replace(form(field("L", input)), `{`, `{"submit":"x",`, 1), false},
	} {
		if _, bad := checkModal(json.RawMessage(row.data)); (bad == nil) != row.ok {
			t.Errorf("%s: %v", row.name, bad)
		}
	}
}

func TestInteractionRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire := Pipe()
		b := newBot(t, Options{Unlimited: true}, wire)
		if status, _, _ := b.call("PUT", "/applications/"+b.fake.AppID()+"/commands", draft); status != 200 {
			t.Fatal(status)
		}
		callback := func(r Result, body string) (int, int) {
			status, code, _ := b.call("POST", "/interactions/"+r.ID+"/"+r.Token+"/callback", body)
			return status, code
		}
		b.answer = func(map[string]any) string { return `{"type":5,"data":{"flags":64}}` }
		done := b.fake.Command("111", "C", "brouillon", "x")
		if done.Failed || done.Response != 5 {
			t.Fatalf("%+v", done)
		}
		if status, code := callback(done, `{"type":5}`); status != 400 || code != 40060 {
			t.Errorf("a second response: %d %d", status, code)
		}
		b.answer = func(map[string]any) string { time.Sleep(3100 * time.Millisecond); return `{"type":5}` }
		late := b.fake.Command("111", "C", "draft", "x")
		if !late.Failed {
			t.Error("3.1 s was in time")
		}
		time.Sleep(time.Second)
		if status, code := callback(late, `{"type":5}`); status != 404 || code != 10062 {
			t.Errorf("a late response: %d %d", status, code)
		}
		hook := "/webhooks/" + b.fake.AppID() + "/" + done.Token
		if status, _, _ := b.call("PATCH", hook+"/messages/@original", v2(say("done"))); status != 200 {
			t.Errorf("answer: %d", status)
		}
		if all := b.fake.Ephemerals("111"); len(all) != 1 || all[0].Text != "done" || all[0].Loading {
			t.Errorf("%+v", all)
		}
		time.Sleep(16 * time.Minute)
		if status, code, _ := b.call("POST", hook, v2(say("late"))); status != 401 || code != 50027 {
			t.Errorf("after 16 min: %d %d", status, code)
		}
		for name, answer := range map[string]string{
			"a deferred response with another flag": `{"type":5,"data":{"flags":32832}}`,
			"an update without a message":           `{"type":7,"data":` + v2(say("x")) + `}`,
			"choices":                               `{"type":8,"data":{"choices":[]}}`,
			"an unknown type":                       `{"type":17}`,
		} {
			b.answer = func(map[string]any) string { return answer }
			if r := b.fake.Command("111", "C", "draft", "x"); !r.Failed || len(b.fake.Forgive()) == 0 {
				t.Errorf("%s was taken", name)
			}
		}
	})
}

func TestNonceAndOldMessages(t *testing.T) {
	now := time.Now()
	b := newBot(t, Options{Unlimited: true, Now: func() time.Time { return now }}, nil)
	body := strings.Replace(v2(say("x")), `{`, `{"nonce":"n1","enforce_nonce":true,`, 1)
	_, _, first := b.call("POST", "/channels/C/messages", body)
	_, _, second := b.call("POST", "/channels/C/messages", body)
	now = now.Add(6 * time.Minute)
	_, _, third := b.call("POST", "/channels/C/messages", body)
	if first["id"] != second["id"] || first["id"] == third["id"] {
		t.Errorf("ids %v %v %v", first["id"], second["id"], third["id"])
	}
	now = now.Add(2 * time.Hour)
	path := "/channels/C/messages/" + third["id"].(string)
	for range maxOldEdits {
		if status, _, _ := b.call("PATCH", path, v2(say("y"))); status != 200 {
			t.Fatal(status)
		}
	}
	if status, code, _ := b.call("PATCH", path, v2(say("y"))); status != 429 || code != 30046 {
		t.Errorf("one edit more: %d %d", status, code)
	}
}

func TestRateLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire := Pipe()
		b := newBot(t, Options{}, wire)
		refused := 0
		for range 6 {
			if status, _, made := b.call("POST", "/channels/C/messages", v2(say("x"))); status == 429 {
				refused++
				if after, _ := made["retry_after"].(float64); after <= 0 || after > 5 {
					t.Errorf("retry after %v", made["retry_after"])
				}
			}
		}
		time.Sleep(5 * time.Second)
		for range 60 {
			if status, _, _ := b.call("GET", "/gateway", ""); status == 429 {
				refused++
			}
		}
		if refused != 1+30 { // 30 in 5 s for this route
			t.Errorf("%d refused", refused)
		}
	})
}

func TestCommandLimits(t *testing.T) {
	b := newBot(t, Options{Unlimited: true}, nil)
	path := "/applications/" + b.fake.AppID() + "/commands"
	set := func(n, from int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"name":"c%d","description":"d","type":1}`, from+i))
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	for _, row := range []struct {
		body         string
		status, code int
	}{
		{set(101, 0), 400, 30032}, {set(100, 0), 200, 0}, {set(100, 0), 200, 0}, {set(100, 100), 200, 0}, {set(1, 500), 400, 30034},
		{`[{"name":"Capital","description":"d","type":1}]`, 400, 50035},
		{`[{"name":"x","description":"","type":1}]`, 400, 50035},
	} {
		if status, code, made := b.call("PUT", path, row.body); status != row.status || code != row.code {
			t.Errorf("%.60s: %d %d %v", row.body, status, code, made["message"])
		}
	}
}

// Entries of the menus of people and of messages have a name and nothing else.
func TestMenuEntries(t *testing.T) {
	b := newBot(t, Options{Unlimited: true}, nil)
	menus := func(kind, n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"name":"About %d","type":%d}`, i, kind))
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	for _, row := range []struct {
		body         string
		status, code int
	}{
		{menus(2, 15), 200, 0}, {menus(2, 16), 400, 30032}, {menus(3, 16), 400, 30032},
		{`[{"name":"About","type":2},{"name":"About","type":3}]`, 200, 0},
		{`[{"name":"About","type":2},{"name":"About","type":2}]`, 400, 50035},
		{`[{"name":"About","type":2,"description":"d"}]`, 400, 50035},
		{`[{"name":"About","type":2,"description_localizations":{"fr":"d"}}]`, 400, 50035},
		{`[{"name":"About","type":2,"options":[{"type":3,"name":"text","description":"d"}]}]`, 400, 50035},
		{`[{"name":"` + strings.Repeat("a", 33) + `","type":2}]`, 400, 50035},
	} {
		if status, code, made := b.call("PUT", "/applications/"+b.fake.AppID()+"/commands", row.body); status != row.status || code != row.code {
			t.Errorf("%.60s: %d %d %v", row.body, status, code, made["message"])
		}
	}
}

func TestForwardReachesAnotherProcess(t *testing.T) {
	b := newBot(t, Options{}, nil)
	got := make(chan []byte, 1)
	other := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		got <- data
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"type":1}`)
	})}
	wire := Pipe()
	go other.Serve(wire) //nolint:errcheck // ends with Close
	defer other.Close()
	client := wire.Client()
	defer client.CloseIdleConnections()
	w := httptest.NewRecorder()
	forward("http://other.invalid/discord/interactions", client).ServeHTTP(w, b.fake.Signed([]byte(`{"type":1}`), time.Now()))
	if body := <-got; string(body) != `{"type":1}` || w.Body.String() != `{"type":1}` || w.Code != 200 {
		t.Errorf("forwarded %s, answered %d %s", body, w.Code, w.Body)
	}
}

func TestPlainText(t *testing.T) {
	m := Message{Text: "## Un **titre**\n> \\*cité\\* \\<@1\\>\n[lien](https://x.example)\n-# petit"}
	if want := "Un titre\n*cité* <@1>\nlien\npetit"; m.Plain() != want {
		t.Errorf("reads %q", m.Plain())
	}
	if ids := mentionsIn("<@1> \\<@2\\> <@!3>"); len(ids) != 2 {
		t.Errorf("mentions %v", ids)
	}
}
