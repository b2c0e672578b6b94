package discord

import (
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/secret"
	"crieur/integrations/chat/discord/discordfake"
)

func keysOf(found []Finding) string {
	var keys []string
	for _, f := range found {
		keys = append(keys, f.Key)
	}
	return strings.Join(keys, " ")
}

func TestDoctor(t *testing.T) {
	places := []board.Place{com(), com(), {Platform: "discord", Channel: "@111"}, {Platform: "slack", Channel: "C9"}}
	for _, row := range []struct {
		name   string
		change func(*pair, *Options)
		places []board.Place
		want   string
	}{
		{name: "all is well", want: "discord.check.token discord.check.fine"},
		{name: "token", change: func(_ *pair, o *Options) { o.Token = "wrong" }, want: "discord.token"},
		{name: "away", change: func(_ *pair, o *Options) { o.APIURL = "http://127.0.0.1:1/api" }, want: "discord.away"},
		{name: "application", change: func(_ *pair, o *Options) { o.AppID = "5" }, want: "discord.check.token discord.check.app"},
		{name: "key", change: func(_ *pair, o *Options) { o.PublicKey = strings.Repeat("ab", 32) }, want: "discord.check.token discord.check.key"},
		{name: "endpoint", change: func(p *pair, o *Options) { o.PublicKey = ""; p.fake.SetEndpoint("https://x.example/d") }, want: "discord.check.token discord.check.endpoint"},
		{name: "clock", change: func(_ *pair, o *Options) { o.Now = func() time.Time { return time.Now().Add(-10 * time.Minute) } }, want: "discord.check.token discord.check.clock"},
		{name: "no such channel", places: []board.Place{{Platform: "discord", Team: "G", Channel: "404"}}, want: "discord.check.token discord.check.channel"},
		{name: "hidden channel", change: func(p *pair, _ *Options) { p.fake.Deny("C", discordfake.ViewChannel) }, want: "discord.check.token discord.check.channel"},
		{name: "permissions", change: func(p *pair, _ *Options) { p.fake.Deny("C", discordfake.SendMessages|discordfake.PublicThreads) },
			want: "discord.check.token discord.missing.send_messages discord.missing.create_public_threads"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := newPair(t, tune{})
			o := Options{Token: secret.Secret(p.fake.Token()), AppID: p.fake.AppID(), PublicKey: p.fake.PublicKey(), APIURL: p.fake.APIURL()}
			if row.change != nil {
				row.change(p, &o)
			}
			c, err := New(o, p.desk, p.desk)
			if err != nil {
				t.Fatal(err)
			}
			if row.places == nil {
				row.places = places
			}
			found := c.Doctor(t.Context(), row.places...)
			if got := keysOf(found); got != row.want {
				t.Errorf("found %s, want %s", got, row.want)
			}
			for _, f := range found {
				p.sayable(t, f)
			}
		})
	}
}

// sayable checks that a finding has words in both languages, and a fix.
func (p *pair) sayable(t *testing.T, f Finding) {
	t.Helper()
	if (f.Fix == "") != f.OK {
		t.Errorf("%s: ok %v, fix %q", f.Key, f.OK, f.Fix)
	}
	var args []any
	for name, value := range f.Args {
		args = append(args, name, value)
	}
	for _, lang := range []string{"fr", "en"} {
		for _, key := range []string{f.Key, f.Fix} {
			if key == "" {
				continue
			}
			printer := p.catalog.For(lang, nil)
			if text := printer.T(key, args...); !printer.Has(key) || strings.Contains(text, "<no value>") || strings.Contains(text, "{{") {
				t.Errorf("%s in %s reads %q", key, lang, text)
			}
		}
	}
}

func TestReasonsHaveWords(t *testing.T) {
	d := newDesk(t)
	keys := []string{"discord.away", "discord.limited", "discord.rejected", "discord.expired", "discord.gone", "discord.closed", "discord.token",
		"discord.file", "discord.continued", "discord.grid", "discord.table", "discord.form", "discord.lost", "discord.fix", "discord.reopen", "discord.sure", "discord.yes", "discord.kept"}
	for _, w := range wanted() {
		keys = append(keys, "discord.missing."+w.name)
	}
	for _, key := range keys {
		for _, lang := range []string{"fr", "en"} {
			if !d.catalog.For(lang, nil).Has(key) {
				t.Errorf("no words for %s in %s", key, lang)
			}
		}
	}
}
