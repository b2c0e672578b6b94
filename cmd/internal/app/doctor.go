package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/cmd/internal/config"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/slack"
	"crieur/integrations/llm"
	"crieur/integrations/redis"
	"crieur/integrations/source/feed"
)

// Finding is one line of the doctor. Fix is empty when all is well; Advice says
// that Crieur works all the same.
type Finding struct {
	About, What, Fix string
	Advice           bool
}

// lookWithin bounds one call of the doctor.
const lookWithin = 10 * time.Second

// Examination looks at a configuration that was read without mistakes. Online
// asks everybody that it names; nothing is sent, changed or published, but that
// webhooks get a ping.
func Examination(ctx context.Context, c *config.Config, data string, online bool, log *slog.Logger) []Finding {
	if data == "" {
		data = c.Data
	}
	found := []Finding{{About: "configuration", What: fmt.Sprintf("%d brand(s), %d people, %d account(s): no mistakes.",
		len(c.Space.Brands), len(c.Space.Members), len(c.Accounts))}}
	for _, advice := range c.Advice {
		found = append(found, Finding{About: "configuration", What: advice.Path + ", line " + fmt.Sprint(advice.Line) + ": " + advice.What,
			Fix: advice.Fix, Advice: true})
	}
	found = append(found, times(c, time.Now())...)
	found = append(found, record(c.AuditKey), retention())
	catalog, err := i18n.Load()
	if err != nil {
		return append(found, Finding{About: "texts", What: err.Error(), Fix: "This build is broken: take another."})
	}
	found = append(found, commandNames(c, catalog)...)
	found = append(append(found, hearing(c)...), reached(c.URL))
	if !online {
		return append(found, willKeep(c, data))
	}
	found = append(found, storeFindings(ctx, c, data)...)
	found = append(found, chatFindings(ctx, c, catalog, log)...)
	found = append(found, accountFindings(ctx, c, catalog)...)
	found = append(found, mailFindings(ctx, c)...)
	found = append(found, modelFindings(ctx, c, catalog)...)
	return append(found, sourceFindings(ctx, c, catalog)...)
}

// times says what the clock is for each brand, so that a wrong zone is seen.
func times(c *config.Config, now time.Time) []Finding {
	var found []Finding
	for _, b := range c.Space.Brands {
		state := "open"
		if calendar := b.At(nil); !calendar.Open(now) {
			next, ok := calendar.Next(now)
			if !ok {
				found = append(found, Finding{About: b.Name, What: "The brand is not open within a year.", Fix: "Look at hours: and off:."})
				continue
			}
			state = "closed until " + next.In(b.Zone).Format("Monday 2 January, 15:04")
		}
		found = append(found, Finding{About: b.Name, What: fmt.Sprintf("it is %s in %s: %s.", now.In(b.Zone).Format("15:04"), b.Zone, state)})
	}
	return found
}

// record says whether the record of who did what is signed, and by which key.
func record(key *audit.Key) Finding {
	if key == nil {
		return Finding{About: "record", What: "who did what is chained, and not signed: whoever may write in Redis could make all of it anew.",
			Fix: "Set audit.key (openssl rand -hex 32).", Advice: true}
	}
	return Finding{About: "record", What: "who did what is chained and signed; its public key, for crieur verify audit --key, is " + key.Public() + "."}
}

// retention says how long things are kept.
func retention() Finding {
	days := func(d time.Duration) int { return int(d / (24 * time.Hour)) }
	return Finding{About: "record", What: fmt.Sprintf("conversations, answers and cards go %d days after their last change, posts and approvals after %d; "+
		"a person’s data goes at once with crieur forget.", days(state.KeepWork), days(state.KeepPosts))}
}

// reached says what goes without a public address.
func reached(url string) Finding {
	if url != "" {
		return Finding{About: "http", What: "people reach Crieur at " + url + "."}
	}
	return Finding{About: "http", What: "there is no public address: no calendars, no links to cards, and a pager’s call is answered in chat alone. " +
		"Slack and Discord need one only to call over HTTP; networks that are posted to by hand, such as Instagram, need none.",
		Fix: "If you want these, put a proxy with TLS before http.addr and set http.url.", Advice: true}
}

// commandNames says what Slack's commands are called in every text: Slack tells
// nobody under which names they were installed.
func commandNames(c *config.Config, catalog *i18n.Catalog) []Finding {
	if c.Slack == nil {
		return nil
	}
	var names []string
	for _, lang := range i18n.Langs() {
		p := installed(c, catalog).For(lang, nil).On(string(bot.Slack))
		for _, name := range []string{"draft", "review", "plan", "mentions", "rivals", "crieur"} {
			if typed := p.Command(name); !slices.Contains(names, typed) {
				names = append(names, typed)
			}
		}
	}
	return []Finding{{About: "Slack", What: fmt.Sprintf("slack.commands is %s: people are told to type %s. That is right if the app was made with crieur manifest slack --commands %[1]s.",
		c.Slack.Commands, strings.Join(names, ", "))}}
}

// Deafness is what a bot hears of a guild where discord.hear_channels is not set.
const Deafness = "@Crieur is not heard in channels; direct messages, commands, buttons and menus are. " +
	"discord.hear_channels: true has it heard: Discord then tells Crieur of every message of the channels that it sees, " +
	"without the words of those that do not name it. No privileged intent is needed either way."

// hearing says what is heard of a Discord server.
func hearing(c *config.Config) []Finding {
	switch {
	case c.Discord == nil:
		return nil
	case c.Discord.HearChannels:
		return []Finding{{About: "Discord", What: "@Crieur is heard in channels: Discord tells of every message there, without the words of those that do not name it."}}
	}
	return []Finding{{About: "Discord", What: Deafness}}
}

// mailFindings signs in at the mail server; nothing is sent.
func mailFindings(ctx context.Context, c *config.Config) []Finding {
	if c.Mail == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	if err := mailOf(c, nil).sender.Check(ctx); err != nil {
		return []Finding{{About: "mail", What: sentenceOf(err), Fix: "Look at mail.server, mail.user, mail.password and mail.tls."}}
	}
	return []Finding{{About: "mail", What: c.Mail.Server + " accepts us."}}
}

// modelFindings asks the model's service whether it has the model; nothing is
// written there.
func modelFindings(ctx context.Context, c *config.Config, catalog *i18n.Catalog) []Finding {
	if c.Model == nil {
		return nil
	}
	model := modelOf(c)
	defer model.Close()
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	switch err := model.Check(ctx); {
	case errors.Is(err, llm.ErrUnlisted):
		return []Finding{{About: "model", What: "the service answers, and does not list " + c.Model.Name + ".", Advice: true,
			Fix: "Look at model.name, unless the service lists none."}}
	case err != nil:
		return []Finding{{About: "model", What: reasonOf(catalog.For("en", nil), err), Fix: "Look at model.base_url and model.key."}}
	}
	return []Finding{{About: "model", What: "the service answers, and has " + c.Model.Name + "."}}
}

// willKeep says where everything will be kept, without asking anybody.
func willKeep(c *config.Config, data string) Finding {
	if c.RedisURL == "" {
		return private(data)
	}
	client, err := redis.Connect(c.RedisURL)
	if err != nil {
		return unreadable(err)
	}
	client.Close() //nolint:errcheck // nothing was called
	return Finding{About: "store", What: "the Redis of redis.url will keep everything."}
}

func unreadable(err error) Finding {
	return Finding{About: "store", What: "redis.url cannot be read.", Fix: "It is " + sentenceOf(err)}
}

// private says whether a private store could be started.
func private(data string) Finding {
	if data == "" {
		return Finding{About: "store", What: "Nothing says where to keep things.",
			Fix: "Set redis.url, or name a folder with data: or --data."}
	}
	binary, err := redis.FindServer()
	if err != nil {
		return Finding{About: "store", What: "There is no redis-server or valkey-server on this machine.", Fix: sentenceOf(err)}
	}
	return Finding{About: "store", What: fmt.Sprintf("a private server (%s) will keep everything in %s.", binary, data)}
}

// storeFindings starts the private store or asks the configured one.
func storeFindings(ctx context.Context, c *config.Config, data string) []Finding {
	var undo stack
	defer undo.unwind()
	address := c.RedisURL
	if address == "" {
		found := private(data)
		if found.Fix != "" {
			return []Finding{found}
		}
		child, err := redis.StartChild(ctx, data)
		if errors.Is(err, redis.ErrLocked) {
			return []Finding{found, {About: "store", What: "A running Crieur uses the folder; its settings are those of this program."}}
		}
		if err != nil {
			return []Finding{{About: "store", What: sentenceOf(err), Fix: "Look at the folder's files and rights."}}
		}
		undo.push(child.Stop)
		address = child.Address()
	}
	client, err := redis.Connect(address)
	if err != nil {
		return []Finding{unreadable(err)}
	}
	undo.push(func() { client.Close() })
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	looked, err := (&redis.Doctor{Client: client}).Look(ctx)
	if err != nil {
		return []Finding{{About: "store", What: "Redis does not answer: " + sentenceOf(err),
			Fix: "Check host, port and password in redis.url, and that Redis runs."}}
	}
	var found []Finding
	for _, f := range looked {
		found = append(found, Finding{About: "store", What: f.What, Fix: f.Fix, Advice: f.Advice})
	}
	return found
}

// chatFindings asks Slack and Discord.
func chatFindings(ctx context.Context, c *config.Config, catalog *i18n.Catalog, log *slog.Logger) []Finding {
	ctx, cancel := context.WithTimeout(ctx, 2*lookWithin)
	defer cancel()
	english := catalog.For("en", nil)
	var found []Finding
	if c.Slack != nil {
		adapter := slack.New(slackOptions(c, c.Space, nil, catalog, log), nil, nil)
		problems := adapter.Doctor(ctx)
		for _, p := range problems {
			found = append(found, Finding{About: "Slack", What: said(english, p.Key, p.Args), Fix: said(english, p.Key+".fix", p.Args), Advice: p.Advice})
		}
		if !slices.ContainsFunc(problems, func(p slack.Problem) bool { return !p.Advice }) {
			found = append(found, Finding{About: "Slack", What: "tokens, permissions and clock are fine."})
		}
	}
	if c.Discord == nil {
		return found
	}
	chat, err := discord.New(discordOptions(c, c.Space, nil, bot.NewMux(catalog), catalog, log), nil, speechless{catalog})
	if err != nil {
		return append(found, Finding{About: "Discord", What: sentenceOf(err), Fix: "Look at discord: in the configuration."})
	}
	var places []board.Place
	for _, b := range c.Space.Brands {
		places = append(append(places, b.Approvals...), b.Alerts...)
	}
	for _, f := range chat.Doctor(ctx, places...) {
		one := Finding{About: "Discord", What: said(english, f.Key, f.Args)}
		if !f.OK {
			one.Fix = said(english, f.Fix, f.Args)
		}
		found = append(found, one)
	}
	return found
}

// accountFindings asks every network whether it accepts us.
func accountFindings(ctx context.Context, c *config.Config, catalog *i18n.Catalog) []Finding {
	english := catalog.For("en", nil)
	var found []Finding
	all := accounts(c, nil)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		account := all[id]
		bounded, cancel := context.WithTimeout(ctx, lookWithin)
		err := account.Check(bounded)
		cancel()
		account.Close()
		if err == nil {
			found = append(found, Finding{About: id, What: c.Accounts[id].Name + " accepts us."})
			continue
		}
		found = append(found, Finding{About: id, What: reasonOf(english, err), Fix: "Check this account's settings in the configuration."})
	}
	return found
}

// sourceFindings reads every source once, and every competitor.
func sourceFindings(ctx context.Context, c *config.Config, catalog *i18n.Catalog) []Finding {
	english := catalog.For("en", nil)
	var found []Finding
	look := func(about string, from source, fix string) {
		defer from.Close()
		bounded, cancel := context.WithTimeout(ctx, lookWithin)
		defer cancel()
		if err := from.Check(bounded); err != nil {
			found = append(found, Finding{About: about, What: reasonOf(english, err), Fix: fix})
			return
		}
		found = append(found, Finding{About: about, What: "can be read."})
	}
	const fix = "Check the address, or take the feed out."
	for _, f := range c.Feeds {
		look("feed "+f.Name, feedOf(f, c.Allow, nil), fix)
	}
	for _, g := range c.GitHub {
		look("GitHub "+g.Name, githubOf(g, c.Allow, nil), "Check repos, query and token of github: in the configuration.")
	}
	for _, b := range c.Space.Brands {
		for _, rival := range b.Rivals {
			for _, address := range rival.Feeds {
				look("competitor "+rival.ID, feed.New(rivalFeed(rival.ID, address, c.Allow, nil)), fix)
			}
		}
	}
	return found
}

// reasonOf says an error in the words that people would read.
func reasonOf(p *i18n.Printer, err error) string {
	var e *outbox.Error
	if errors.As(err, &e) && p.Has(e.Reason) {
		return said(p, e.Reason, e.Args)
	}
	return sentenceOf(err)
}

func said(p *i18n.Printer, key string, args map[string]string) string {
	var list []any
	for _, name := range slices.Sorted(maps.Keys(args)) {
		list = append(list, name, args[name])
	}
	return p.T(key, list...)
}

func sentenceOf(err error) string { return strings.TrimSuffix(err.Error(), ".") + "." }

// WriteFindings writes a line each, and says whether anything must be mended.
func WriteFindings(out io.Writer, found []Finding) (problems int) {
	for _, f := range found {
		mark := "ok     "
		switch {
		case f.Fix != "" && f.Advice:
			mark = "advice "
		case f.Fix != "":
			mark = "PROBLEM"
			problems++
		}
		fmt.Fprintf(out, "%s  %s: %s", mark, f.About, f.What)
		if f.Fix != "" {
			fmt.Fprintf(out, " %s", f.Fix)
		}
		fmt.Fprintln(out)
	}
	return problems
}

// speechless is a Front for adapters that only look or register: nobody acts.
type speechless struct{ catalog *i18n.Catalog }

func (s speechless) Ack(bot.Event) bot.Ack { return bot.Quiet }
func (s speechless) Form(context.Context, bot.Event) (bot.Form, error) {
	return bot.Form{}, errConnecting
}
func (s speechless) Check(context.Context, bot.Event) (map[string]string, error) { return nil, nil }
func (s speechless) Choices(context.Context, bot.Event, string) ([]bot.Choice, error) {
	return nil, nil
}
func (s speechless) Say(e bot.Event, key string) string {
	return s.catalog.For(e.User.Locale, nil).T(key)
}
