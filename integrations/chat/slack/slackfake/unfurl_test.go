package slackfake

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestUnfurl holds chat.unfurl to what Slack takes.
func TestUnfurl(t *testing.T) {
	s := New(t, Options{NoTiers: true, Domain: "crieur.example"})
	s.AddPerson(Person{ID: "U1", Name: "Ada"})
	s.AddChannel(Channel{ID: "C1", Name: "com"})
	said, _ := s.Say("U1", "C1", "voir https://crieur.example/card/a et https://autre.example/b")
	under := func(link, blocks string) string { return `{"` + link + `":{"blocks":` + blocks + `}}` }
	section := `[{"type":"section","text":{"type":"plain_text","text":"carte"}}]`
	for name, c := range map[string]struct{ channel, ts, unfurls, code string }{
		"good":            {"C1", said.TS, under("https://crieur.example/card/a", section), ""},
		"elsewhere":       {"C2", said.TS, under("https://crieur.example/card/a", section), "cannot_find_message"},
		"no message":      {"C1", "1.2", under("https://crieur.example/card/a", section), "cannot_find_message"},
		"another link":    {"C1", said.TS, under("https://crieur.example/card/b", section), "cannot_unfurl_url"},
		"another domain":  {"C1", said.TS, under("https://autre.example/b", section), "cannot_unfurl_url"},
		"nothing":         {"C1", said.TS, `{}`, "missing_unfurls"},
		"not JSON":        {"C1", said.TS, `x`, "invalid_unfurls_format"},
		"a table":         {"C1", said.TS, under("https://crieur.example/card/a", `[{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}]`), "invalid_blocks"},
		"a field":         {"C1", said.TS, under("https://crieur.example/card/a", `[{"type":"input","label":{"type":"plain_text","text":"x"},"element":{"type":"plain_text_input"}}]`), "invalid_blocks"},
		"too many blocks": {"C1", said.TS, under("https://crieur.example/card/a", "["+strings.TrimSuffix(strings.Repeat(`{"type":"divider"},`, 51), ",")+"]"), "invalid_blocks"},
	} {
		if got := code(t, s, "chat.unfurl", "channel", c.channel, "ts", c.ts, "unfurls", c.unfurls); got != c.code {
			t.Errorf("%s: %q, not %q", name, got, c.code)
		}
	}
	now := s.Messages("C1")[0]
	if len(now.Previews) != 1 || !json.Valid(now.Previews["https://crieur.example/card/a"]) || !strings.Contains(now.Words(), "carte") {
		t.Errorf("shown: %+v", now)
	}
}
