package slack_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// FuzzRequests sends signed requests of any content: each is answered, none
// breaks the server, and what is stored has its keys.
func FuzzRequests(f *testing.F) {
	f.Add("/slack/events", `{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel_type":"im","user":"U1","text":"x","ts":"1.1","channel":"D1"}}`)
	f.Add("/slack/events", `{"type":"event_callback","event":null}`)
	f.Add("/slack/commands", "command=%2Fcrieur&text=x&trigger_id=1&user_id=U1&response_url=nowhere")
	for _, payload := range []string{
		`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"a1:a.b:t","action_ts":"1"}]}`,
		`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"a1:chat.more:t","selected_option":{"value":"a.b~c"}}]}`,
		`{"type":"block_actions","actions":[{"action_id":"a1:chat.show:","value":"x"}]}`,
		`{"type":"view_submission","view":{"id":"V1","callback_id":"a1:a:","state":{"values":{"f":{"f":{"value":"x"}}}}}}`,
		`{"type":"view_submission"}`, `{"type":"block_suggestion","action_id":"a1:a:","value":"x"}`,
		`{"type":"block_suggestion","action_id":"f","block_id":"f","value":"x","view":{"callback_id":"a1:a~b:t","private_metadata":"{\"c\":\"C1\"}"}}`,
		`{"type":"block_suggestion","action_id":"a1:a:","view":{"type":"home"},"user":{"id":"U1"}}`, `{"type":"block_suggestion"}`,
		`{"type":"message_action","callback_id":"a1:a:","message":{}}`, `[]`,
	} {
		f.Add("/slack/interactions", "payload="+url.QueryEscape(payload))
	}
	words := words(f)
	fake := slackfake.New(f, slackfake.Options{})
	f.Fuzz(func(t *testing.T, path, body string) {
		in, front := &inbox{}, &front{words: words}
		front.finds(func(bot.Event, string, string) (bot.Found, error) {
			return bot.Found{Choices: labelled(100, "Post"), More: true}, nil
		})
		adapter := slack.New(slack.Options{Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret,
			APIURL: fake.APIURL(), Words: words}, in, front)
		defer func() { _ = adapter.Stop(t.Context()) }()
		address, err := url.Parse("http://crieur.test" + path)
		if err != nil || !strings.HasPrefix(address.Path, "/slack/") {
			return
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.URL = address
		fake.Sign(r.Header, []byte(body))
		out := httptest.NewRecorder()
		adapter.Handler().ServeHTTP(out, r)
		if address.Path != "/slack/events" && out.Body.Len() > 20_000 { // what a socket carries
			t.Fatalf("%d bytes for %q", out.Body.Len(), body)
		}
		if out.Code >= 500 && out.Code != http.StatusServiceUnavailable {
			t.Fatalf("%d for %q", out.Code, body)
		}
		for i, e := range in.all() {
			if e.ID == "" || len(in.keys[i]) == 0 || in.keys[i][0] != e.ID || e.Kind == "" {
				t.Fatalf("stored %+v under %q", e, in.keys[i])
			}
		}
	})
}
