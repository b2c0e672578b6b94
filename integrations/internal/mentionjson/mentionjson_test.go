package mentionjson_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/bot/listen"
	"crieur/integrations/internal/mentionjson"
)

var now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

func options() mentionjson.Options {
	return mentionjson.Options{Source: "shop", Network: "Avis", Prefix: "hook:shop:", Strict: true, Now: now}
}

func TestDecode(t *testing.T) {
	m, brand, err := mentionjson.Decode([]byte(`{"id":"7","time":"2026-11-26T09:30:00+01:00","text":" Vous livrez en Belgique\u202e ? ","author":"@anna","author_id":"1784",
		"url":"https://avis.example/7","lang":"FR","network":"Instagram","reply_to":"6","ref":"r7","private":true}`), options())
	want := listen.Mention{ID: "hook:shop:7", Source: "shop", Network: "Instagram", Author: "@anna", AuthorID: "1784", Text: "Vous livrez en Belgique ?", Lang: "fr",
		URL: "https://avis.example/7", At: time.Date(2026, 11, 26, 8, 30, 0, 0, time.UTC), ReplyTo: "6", Ref: "r7", Private: true}
	if err != nil || m != want || brand != "" {
		t.Errorf("got %+v %q %v", m, brand, err)
	}
	m, _, err = mentionjson.Decode([]byte(`{"text":"x"}`), options())
	if err != nil || m.Network != "Avis" || m.At != now || len(m.ID) != len("hook:shop:")+64 {
		t.Errorf("defaults: %+v %v", m, err)
	}
	again, _, _ := mentionjson.Decode([]byte(` {"text":"x"} `), options())
	other, _, _ := mentionjson.Decode([]byte(`{"text":"y"}`), options())
	if again.ID != m.ID || other.ID == m.ID {
		t.Error("the digest is not that of what was sent")
	}
	if m, _, err = mentionjson.Decode([]byte(`{"id":12345678901234567890,"text":"x"}`), options()); err != nil || m.ID != "hook:shop:12345678901234567890" {
		t.Errorf("numeric id: %s %v", m.ID, err)
	}
	lax := options()
	lax.Strict = false
	if _, brand, err = mentionjson.Decode([]byte(`{"text":"x","brand":"Delta","label":"negative"}`), lax); err != nil || brand != "Delta" {
		t.Errorf("recording: %q %v", brand, err)
	}
}

func TestProblems(t *testing.T) {
	for in, want := range map[string]string{
		``:                           "want a JSON object",
		`null`:                       "want a JSON object",
		`[]`:                         "want a JSON object",
		`"x"`:                        "want a JSON object",
		`{"text":"x"`:                "want a JSON object",
		`{"text":"x"} {}`:            "want one JSON object alone",
		"{\"text\":\"\xff\"}":        "want UTF-8",
		`{}`:                         "text: want words",
		`{"text":null}`:              "text: want words",
		`{"text":" \u200b\n"}`:       "text: want words",
		`{"text":3}`:                 "text: want string",
		`{"text":"x","id":{}}`:       "id: want a string or a number",
		`{"text":"x","id":[1]}`:      "id: want a string or a number",
		`{"text":"x","id":true}`:     "id: want a string or a number",
		`{"text":"x","time":"hier"}`: "time: want a time such as 2026-11-26T08:00:00Z",
		`{"text":"x","time":"2026-11-26T09:05:01Z"}`:             "time: want a time that has come",
		`{"text":"x","time":1795680000}`:                         "time: want string",
		`{"text":"x","url":"javascript:alert(1)"}`:               "url: want a web address",
		`{"text":"x","lang":"français"}`:                         "lang: want a language such as fr",
		`{"text":"x","private":"yes"}`:                           "private: want bool",
		`{"text":"x","brand":"Delta"}`:                           "brand: want no such field",
		`{"text":"x","texte":"y"}`:                               "texte: want no such field",
		`{"text":"` + strings.Repeat("é", 20_001) + `"}`:         "text: want at most 20000 characters",
		`{"text":"x","ref":"` + strings.Repeat("r", 2001) + `"}`: "ref: want at most 2000 bytes",
	} {
		_, _, err := mentionjson.Decode([]byte(in), options())
		var p *mentionjson.Problem
		if !errors.As(err, &p) || err.Error() != want {
			t.Errorf("%.60s: %v, want %s", in, err, want)
		}
	}
	late := options()
	late.NeedTime = true
	if _, _, err := mentionjson.Decode([]byte(`{"text":"x"}`), late); err == nil || !strings.HasPrefix(err.Error(), "time") {
		t.Errorf("no time: %v", err)
	}
}
