package config_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/cmd/internal/config"
)

// full answers every variable of the example.
func full(name string) (string, bool) {
	known := map[string]string{
		"CRIEUR_KEY": strings.Repeat("k", 64), "CRIEUR_AUDIT_KEY": strings.Repeat("a1", 32), "SLACK_BOT_TOKEN": "xoxb-1-2-three", "SLACK_APP_TOKEN": "xapp-1-A-2-three",
		"SLACK_SIGNING_SECRET": strings.Repeat("a1", 16), "DISCORD_TOKEN": "MTIz.abc.def-ghi", "REDIS_URL": "redis://localhost",
		"GOOGLE_ALERTS_FEED": "https://www.google.com/alerts/feeds/1/2", "MODEL_KEY": "value-of-model", "PAGER_URL": "https://pager.example.org/k/1",
	}
	if value, ok := known[name]; ok {
		return value, true
	}
	if strings.HasSuffix(name, "_SECRET") || strings.HasSuffix(name, "_TOKEN") || strings.HasSuffix(name, "_PASSWORD") {
		return "value-of-" + name, true
	}
	return "", false
}

func example(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../../deploy/crieur.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func parse(text string) (*config.Config, error) {
	return config.Parse("crieur.yaml", []byte(text), config.Options{Env: full})
}

func TestExampleLoads(t *testing.T) {
	c, err := parse(example(t))
	if err != nil {
		t.Fatal(err)
	}
	b := c.Space.Brand("colibri")
	if b.Zone.String() != "Europe/Paris" || b.Brief.String() != "08:45" || len(b.Rounds) != 3 || b.Promise != 2*time.Hour {
		t.Errorf("times are %v %v %v %v", b.Zone, b.Brief, b.Rounds, b.Promise)
	}
	if got := b.Hours[time.Friday]; len(got) != 1 || got[0].Close != 18*60+30 {
		t.Errorf("Friday is %v", got)
	}
	for _, day := range []time.Time{
		time.Date(2026, time.December, 25, 9, 0, 0, 0, b.Zone), time.Date(2026, time.December, 24, 23, 0, 0, 0, b.Zone),
		time.Date(2027, time.May, 6, 9, 0, 0, 0, b.Zone),
	} {
		if b.At(nil)[0].Works(day) {
			t.Errorf("%v should be a day off", day)
		}
	}
	want := []board.Place{{Platform: "slack", Team: "T0123456789", Channel: "C0000000001"},
		{Platform: "discord", Team: "112233445566778899", Channel: "440000000000000001"}}
	if fmt.Sprint(b.Approvals) != fmt.Sprint(want) {
		t.Errorf("approvals hang at %v", b.Approvals)
	}
	if c.Discord.HearChannels {
		t.Error("everything that is said in channels is asked for, unasked")
	}
	if who := c.Space.Who("discord", "112233445566778899", "330000000000000003"); who == nil || who.ID != "noa" {
		t.Errorf("noa is not recognised on Discord: %v", who)
	}
	if got := c.Accounts["colibri/mastodon"]; got.Token.Reveal() != "value-of-MASTODON_TOKEN" || got.Name != "Mastodon" {
		t.Errorf("mastodon is %+v", got)
	}
	if a, _ := b.Account("linkedin"); a.Network != "assisted" || a.Shows != "linkedin" {
		t.Errorf("linkedin is %+v", a)
	}
	if b.CriticalPosts {
		t.Error("posts that fail at night are critical without anybody's word")
	}
	if c.AuditKey == nil {
		t.Error("the record would not be signed")
	}
	if len(c.Advice) != 0 {
		t.Errorf("the example deserves no advice: %v", c.Advice)
	}
	if b.Noise != (brand.Noise{Channel: 14, Alerts: 5, Person: 8, Asked: 6}) {
		t.Errorf("noise is %+v", b.Noise)
	}
}

// TestEveryCommentedSetting reads the example with everything that it only
// shows in comments.
func TestEveryCommentedSetting(t *testing.T) {
	text := example(t)
	for _, setting := range []string{"# redis:\n#   url:", "  # allow:", "  # signing_secret:", "    # critical_posts:", "    # pager:", "    #   url:", "    #   secret:",
		"# mail:", "#   server:", "#   from:", "#   user:", "#   password:", "#   tls:", "    # email:", "    # github:", "    #   - name: depot", "    #     repos:", "    #     query:", "    #     token:", "    #     api_url:",
		"# model:", "#   base_url:", "#   key:", "#   name:"} {
		shown := strings.ReplaceAll(setting, "# ", "")
		if strings.HasPrefix(setting, "#   ") || strings.HasPrefix(setting, "    #   ") {
			shown = strings.Replace(setting, "# ", "", 1)
		}
		if setting == "# redis:\n#   url:" {
			shown = "redis:\n  url:"
		}
		if !strings.Contains(text, setting) {
			t.Errorf("the example does not show %q", setting)
		}
		text = strings.Replace(text, setting, shown, 1)
	}
	c, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if c.RedisURL == "" || c.Model == nil || c.Pagers["colibri"].URL == "" || c.Mail == nil || c.Space.Member("noa").Email == "" || len(c.GitHub) != 1 || len(c.Allow) != 1 || c.Slack.SigningSecret == "" {
		t.Errorf("read %+v", c)
	}
	if !c.Space.Brand("colibri").CriticalPosts {
		t.Error("posts that fail at night are not critical")
	}
	if c.Space.Brand("colibri").Pager == "" || strings.Contains(c.Space.Brand("colibri").Pager, "example.org") {
		t.Errorf("the pager's address is in the space: %q", c.Space.Brand("colibri").Pager)
	}
}

// TestMistakes changes one thing of the example and looks at what is said.
func TestMistakes(t *testing.T) {
	for _, test := range []struct{ from, to, want string }{
		{"space: colibri", "space: Maison Colibri", `crieur.yaml:11: space: "Maison Colibri" cannot be a name here. Use 1 to 32 small letters`},
		{"key: ${CRIEUR_KEY}", "key: short", "key: The key that signs buttons is missing or shorter than 32 characters. Make one with: openssl"},
		{"${SLACK_BOT_TOKEN}", "${NO_SUCH}", "slack.bot_token: The environment variable NO_SUCH is not set. Set NO_SUCH where Crieur is started"},
		{"bot_token: ${SLACK_BOT_TOKEN}", "bot_token: ${SLACK_APP_TOKEN}", "slack.bot_token: Here stands the app-level token, which belongs in slack.app_token; this is the place of the bot token. In the app's settings: OAuth"},
		{"app_token: ${SLACK_APP_TOKEN}", "app_token: ${SLACK_SIGNING_SECRET}", "slack.app_token: Here stands a signing secret, which belongs in slack.signing_secret"},
		{"${SLACK_BOT_TOKEN}", "xoxp-1-2", "slack.bot_token: Here stands a user token (xoxp-), which Crieur never needs"},
		{"  app_token: ${SLACK_APP_TOKEN}", "  #", "slack: Nothing says how Slack reaches Crieur. Give app_token"},
		{"  team: T0123456789", "  team: colibri", `slack.team: "colibri" is no workspace ID.`},
		{"commands: fr", "commands: french", `slack.commands: "french" is no way to name commands. Use one of: fr, en, both, single.`},
		{"token: ${DISCORD_TOKEN}", "token: Bot ${DISCORD_TOKEN}", "discord.token: The word Bot in front"},
		{"token: ${DISCORD_TOKEN}", "token: " + strings.Repeat("0f", 32), "discord.token: Here stands the public key, which belongs in discord.public_key"},
		{"zone: Europe/Paris", "zone: Europe/Pari", `brands[0].zone: There is no time zone "Europe/Pari". Write it as Europe/Paris`},
		{"mon-fri: 08:45-18:30", "mon-fri: 8h45-18h30", `brands[0].hours.mon-fri: "8h45-18h30" are no opening hours. Write opening hours as 08:45-12:30`},
		{"mon-fri: 08:45-18:30", "week: 08:45-18:30", `brands[0].hours.week: "week" names no day.`},
		{"holidays: fr #", "holidays: de #", `brands[0].holidays: There is no calendar of public holidays "de".`},
		{"2026-12-28..2026-12-31", "2026-12-31..2026-12-28", `brands[0].off[1]: "2026-12-31..2026-12-28" is no day.`},
		{"brief: 08:45", "brief: quarter to nine", `brands[0].brief: "quarter to nine" is no time of the day. Write it as 08:45.`},
		{"promise: 2h", "promise: soon", `brands[0].promise: "soon" is no length of time`},
		{"slack: C0000000001", `slack: "#com"`, `brands[0].channels.approvals.slack: "#com" is no channel ID.`},
		{"network: bluesky", "network: linkedin", "For now a person publishes there: write network: assisted and shows: linkedin."},
		{"network: mastodon", "network: mastodont", "Did you mean mastodon?"},
		{"handle: colibri.bsky.social", "token: ${MASTODON_TOKEN}", "brands[0].accounts[1].token: An account on bluesky has no token."},
		{`"maison colibri" OR @colibri`, `"maison colibri OR @colibri`, "brands[0].watch[0].query: The query cannot be understood at character 2: this quotation is not closed."},
		{`query: '("maison colibri" OR @colibri OR #maisoncolibri OR colibri) NOT (oiseau OR jardin)'`, `query: colibri OR #maisoncolibri`, "brands[0].watch[0].query: What follows # is read as a comment: #maisoncolibri. Put the whole value"},
		{"theme: livraison", "theme: livraizon", `brands[0].answers[0].theme: There is no theme "livraizon". Did you mean livraison?`},
		{"on_call: [noa, morgan]", "critical_posts: true", "brands[0].critical_posts: Posts that fail at night are critical, and nobody is on call. Name who may be woken"},
		{"    # critical_posts: true", "    critical_posts: sometimes", "brands[0].critical_posts: This is yes or no. Write true or false."},
		{"bless*", "b*less*", `brands[0].critical[3]: "b*less*" is no word.`},
		{"ask: [morgan]", "ask: [sacha]", "brands[0].policy.ask[0]: sacha may not approve."},
		{"ask: [morgan]", "ask: [organ]", `brands[0].policy.ask[0]: There is no member "organ". Did you mean morgan?`},
		{"needed: 1", "needed: 9", "brands[0].policy.needed: 9 approvals are needed and 3 people may approve."},
		{"needed: 1", "needed: one", "brands[0].policy.needed: This is a whole number."},
		{"roles: [author]", "roles: [writer]", `members[1].roles[0]: There is no role "writer".`},
		{"id: sacha", "id: camille", `members[1].id: "camille" is already that of members[0].`},
		{"slack: U0000000002", "", "members[1]: Nobody knows how to recognise this person in chat."},
		{"addr: 127.0.0.1:8080", "addr: 8080", `http.addr: "8080" is no address to listen at.`},
		{"rounds: [09:00, 14:00, 16:30]", "rounds: 09:00", "brands[0].rounds: This is a list. Write it as [one, two]"},
		{"rounds:", "round:", "brands[0].round: There is no setting of this name here. Did you mean rounds?"},
		{"lang: fr", "lang: de", `members[0].lang: Crieur does not speak "de".`},
		{"  - id: colibri", "  - id: colibri\n    id: colibri", "brands[0].id: This stands twice"},
		{"${CRIEUR_AUDIT_KEY}", "${CRIEUR_KEY}", "audit.key: This is no key to sign with: it has 64 hexadecimal digits. Make one with: openssl"},
		{"    # github:", "    github:\n      - name: depot\n        token: t\n    #", "brands[0].github[0]: Nothing says what to read on GitHub. Write repos: [owner/name]"},
		{"    # github:", "    github:\n      - { name: depot, repos: [https://github.com/colibri/minuteur] }\n    #",
			`brands[0].github[0].repos[0]: "https://github.com/colibri/minuteur" is no repository. Write it as owner/name`},
		{"    # github:", "    github:\n      - { name: depot, query: " + strings.Repeat("é", 257) + " }\n    #", "brands[0].github[0].query: The search has 257 characters. GitHub takes 256"},
		{"    # github:", "    github: [{ name: a, query: x }, { name: a, query: x, api_url: ghe }]\n    #", "brands[0].github[1].name: \"a\" is already that of"},
		{"    # github:", "    github: [{ name: a, query: x, api_url: ghe }]\n    #", "brands[0].github[0].api_url: This is no web address."},
		{"data: ./crieur-data", "data: ./a\n---\ndata: ./b", "The file holds more than one document."},
	} {
		t.Run(test.to, func(t *testing.T) {
			text := strings.Replace(example(t), test.from, test.to, 1)
			if text == example(t) {
				t.Fatalf("the example no longer holds %q", test.from)
			}
			_, err := parse(text)
			var problems config.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("accepted, or failed otherwise: %v", err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("said %v\nwanted %s", err, test.want)
			}
		})
	}
}

func TestAllMistakesAtOnceInOrder(t *testing.T) {
	text := example(t)
	for from, to := range map[string]string{"space: colibri": "space: A B", "zone: Europe/Paris": "zone: Mars", "brief: 08:45": "brief: x",
		"network: mastodon": "network: masto", "needed: 1": "needed: none", "rounds:": "round:"} {
		text = strings.Replace(text, from, to, 1)
	}
	_, err := parse(text)
	var problems config.Problems
	if !errors.As(err, &problems) || len(problems) != 6 {
		t.Fatalf("wanted 6 problems: %v", err)
	}
	for i := 1; i < len(problems); i++ {
		if problems[i].Line < problems[i-1].Line || problems[i].Line == 0 {
			t.Errorf("out of order: %v after %v", problems[i], problems[i-1])
		}
	}
	for _, p := range problems {
		if p.Fix == "" || !strings.ContainsAny(p.Fix[len(p.Fix)-1:], ".?") || !strings.HasSuffix(p.What, ".") {
			t.Errorf("not a sentence with its fix: %v", p)
		}
	}
}

func TestNotYAML(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "This file is empty.",
		"space: a\n\tb: c":     "crieur.yaml:2: This file cannot be read as YAML",
		"space: [a":            "cannot be read as YAML",
		"- a\n- b":             "This holds settings of its own.",
		"brands:\n  - colibri": "brands[0]: This holds settings of its own.",
	} {
		if _, err := parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, wanted %s", text, err, want)
		}
	}
}

func TestSecretsAreNeverRepeated(t *testing.T) {
	const value = "hunter2hunter2"
	env := func(string) (string, bool) { return value, true }
	_, err := config.Parse("crieur.yaml", []byte(example(t)), config.Options{Env: env})
	if err == nil {
		t.Fatal("accepted one value for every secret")
	}
	if strings.Contains(err.Error(), value) {
		t.Errorf("a message repeats a secret: %v", err)
	}
	c, err := parse(example(t))
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%v %+v %#v %s", c, c.Accounts, c.Slack, c.Hooks)
	for _, value := range []string{"xoxb-", "xapp-", "value-of", "kkkk"} {
		if strings.Contains(shown, value) {
			t.Errorf("printing the configuration shows %s", value)
		}
	}
}

func TestExpansion(t *testing.T) {
	env := func(name string) (string, bool) {
		return map[string]string{"N": "2", "HOST": "pages.example"}[name], name == "N" || name == "HOST"
	}
	text := strings.NewReplacer("needed: 1", "needed: ${N}", "https://mastodon.social", "https://${HOST}/$${x}").Replace(example(t))
	c, err := config.Parse("crieur.yaml", []byte(text), config.Options{Env: env, Lenient: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Space.Brands[0].Policy.Needed; got != 2 {
		t.Errorf("needed is %d", got)
	}
	if got := c.Accounts["colibri/mastodon"].Instance; got != "https://pages.example/${x}" {
		t.Errorf("instance is %s", got)
	}
}

func TestLenientNeedsNoSecret(t *testing.T) {
	none := func(string) (string, bool) { return "", false }
	if _, err := config.Parse("crieur.yaml", []byte(example(t)), config.Options{Env: none, Lenient: true}); err != nil {
		t.Error(err)
	}
	_, err := config.Parse("crieur.yaml", []byte(example(t)), config.Options{Env: none})
	var problems config.Problems
	used := 0 // variables outside comments
	for line := range strings.Lines(example(t)) {
		written, _, _ := strings.Cut(line, "#")
		used += strings.Count(written, "${")
	}
	if !errors.As(err, &problems) || len(problems) != used {
		t.Errorf("strictly, each of %d missing variables is a mistake, said once: %v", used, err)
	}
}

func TestAdvice(t *testing.T) {
	text := strings.NewReplacer("    # github:", "    github: [{ name: depot, query: colibri }]\n    #", "${MASTODON_TOKEN}", "plain-token", "needed: 1", "needed: 3", "on_call: [noa, morgan]", "on_call: []").Replace(example(t))
	c, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	said := fmt.Sprint(c.Advice)
	for _, want := range []string{"accounts[0].token: This secret stands in the file.", "Nobody is on call.", "github[0]: GitHub is read without a token: every half hour", "3 approval(s) are needed and 3 people may approve"} {
		if !strings.Contains(said, want) {
			t.Errorf("no advice %q in %s", want, said)
		}
	}
	if strings.Contains(said, "plain-token") {
		t.Error("the advice repeats the secret")
	}
	if c, err = parse(strings.Replace(example(t), "needed: 1", "needed: 0", 1)); err != nil {
		t.Fatal(err)
	}
	if said := fmt.Sprint(c.Advice); !strings.Contains(said, "policy.needed: Posts go out without anybody’s approval.") {
		t.Errorf("nothing is said of posts that need no approval: %s", said)
	}
}

func TestAnchorsAndMerge(t *testing.T) {
	text := strings.Replace(example(t), "    hours:\n      mon-fri: 08:45-18:30", "    hours: &week\n      lun-ven: 08:45-12:30, 13:30-18:30\n      sam: closed", 1)
	text = strings.Replace(text, "    hours: # otherwise the brand's\n      mon-thu: 09:00-12:00, 13:00-17:00\n      fri: 09:00-12:00", "", 1)
	c, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Space.Brands[0].Hours[time.Wednesday]; len(got) != 2 || got[1].Open != 13*60+30 {
		t.Errorf("Wednesday is %v", got)
	}
}

func TestMissingFile(t *testing.T) {
	_, err := config.Load(t.TempDir()+"/crieur.yaml", config.Options{})
	if err == nil || !strings.Contains(err.Error(), "copy deploy/crieur.example.yaml") {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("../../../deploy/crieur.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add("brands:\n  - *a\n")
	f.Add("a: &a [*a]")
	f.Add("slack: &a {<<: *a}")
	f.Add("slack: &a {<<: [*a, *a]}\nhttp: {<<: *a}")
	f.Add("space: ${A}${B}$${")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parse(text)
		if (c == nil) == (err == nil) {
			t.Errorf("config %v with error %v", c, err)
		}
	})
}
