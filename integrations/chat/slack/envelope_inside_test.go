package slack

import (
	"net/url"
	"testing"
)

// FuzzCommandOf reads what a standard encoder wrote as it was meant, and refuses or
// reads anything else without breaking.
func FuzzCommandOf(f *testing.F) {
	f.Add("noa", "planning & co = 100 %+", "https://hooks.slack.test/1?a=b", []byte("text=%zz"))
	f.Add("", "thé ☕ de\nNoël", ";", []byte("ssl_check=1&&=&text"))
	f.Fuzz(func(t *testing.T, name, text, address string, raw []byte) {
		form := url.Values{"user_name": {name}, "text": {text}, "response_url": {address}, "token": {"t"}}
		got, err := commandOf([]byte(form.Encode()))
		if want := (command{UserName: name, Text: text, ResponseURL: address}); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
		got, err = commandOf(raw)
		if err != nil && got != (command{}) {
			t.Errorf("refused, and read all the same: %+v", got)
		}
		want, wrong := url.ParseQuery(string(raw))
		if wrong == nil && (err != nil || len(want["text"]) == 1 && got.Text != want.Get("text")) {
			t.Errorf("%q: %+v, %v", raw, got, err)
		}
	})
}
