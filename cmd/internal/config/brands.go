package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/text/match"
)

func (r *reader) brand(c *Config, f brandFile, path string) {
	r.id(join(path, "id"), f.ID)
	b := &brand.Brand{
		ID: f.ID, Name: f.Name, Langs: f.Langs, Own: f.Own, Critical: f.Critical, Listed: f.Listed, Words: f.Words,
		CriticalPosts: f.Posts, OnCall: f.OnCall, Noise: noiseOf(f.Noise),
	}
	if f.Name == "" {
		r.wrong(join(path, "name"), "The brand has no name.", "Write it as people say it.")
	}
	if len(b.Langs) == 0 {
		b.Langs = []string{"fr"}
	}
	for i, lang := range f.Langs {
		r.lang(index(join(path, "langs"), i), lang)
	}
	r.times(b, f, path)
	b.Approvals = r.places(c, f.Channels.Approvals, path+".channels.approvals")
	b.Alerts = r.places(c, f.Channels.Alerts, path+".channels.alerts")
	for purpose, places := range map[string][]board.Place{"approvals": b.Approvals, "alerts": b.Alerts} {
		if len(places) == 0 {
			r.wrong(path+".channels."+purpose, "There is no channel for %s.", "Write slack: or discord: with the channel's ID.", purpose)
		}
	}
	r.accounts(c, b, f, path)
	r.listening(c, b, f, path)
	r.sheets(b, f, path)
	r.people(b, f, path)
	if f.Pager != nil {
		r.address(path+".pager.url", f.Pager.URL.Reveal(), !r.options.Lenient)
		r.needed(path+".pager.secret", f.Pager.Secret, "Make one with: openssl rand -hex 32; the pager checks the signature with it.")
		c.Pagers[b.ID] = Pager{URL: f.Pager.URL, Secret: f.Pager.Secret}
		b.Pager = "configured" // the address may hold a key, so it stays out of the space
	}
	c.Space.Brands = append(c.Space.Brands, b)
}

// times reads when the brand works, and what comes when.
func (r *reader) times(b *brand.Brand, f brandFile, path string) {
	b.Zone = r.zone(f.Zone, join(path, "zone"))
	b.Hours = r.week(f.Hours, join(path, "hours"))
	if neverOpen(b.Hours) {
		r.wrong(join(path, "hours"), "The brand is never open.", daysFix+" "+spansFix)
	}
	b.Off = r.days(f.Off, join(path, "off"))
	b.Holidays = r.holidays(f.Holidays, join(path, "holidays"))
	b.Brief = r.clock(f.Brief, join(path, "brief"), firstOpening(b.Hours))
	b.Handover = r.clock(f.Handover, join(path, "handover"), lastClosing(b.Hours))
	for i, text := range f.Rounds {
		b.Rounds = append(b.Rounds, r.clock(text, index(join(path, "rounds"), i), 0))
	}
	b.Promise = r.promise(f.Promise, join(path, "promise"))
}

// holidays reads which public holidays a brand has.
func (r *reader) holidays(name, path string) hours.Holidays {
	known := hours.HolidaysKnown()
	if name == "" || name == "none" {
		return ""
	}
	if slices.Contains(known, hours.Holidays(name)) {
		return hours.Holidays(name)
	}
	names := []string{}
	for _, one := range known {
		names = append(names, string(one))
	}
	r.wrong(path, "There is no calendar of public holidays %q.", oneOf(name, append(names, "none"))+" Other days off go below off:.", name)
	return ""
}

// firstOpening and lastClosing are the usual times of brief and handover.
func firstOpening(week hours.Week) hours.Clock {
	first := hours.Clock(9 * 60)
	for _, spans := range week {
		if len(spans) > 0 {
			first = min(first, spans[0].Open)
		}
	}
	return first
}

func lastClosing(week hours.Week) hours.Clock {
	last := hours.Clock(0)
	for _, spans := range week {
		if len(spans) > 0 {
			last = max(last, spans[len(spans)-1].Close)
		}
	}
	if last < 30 {
		return 18 * 60
	}
	return last - 15
}

// listening reads what is heard, and how it is sorted.
func (r *reader) listening(c *Config, b *brand.Brand, f brandFile, path string) {
	for i, w := range f.Watch {
		at := index(join(path, "watch"), i)
		if w.Name == "" {
			r.wrong(join(at, "name"), "The rule has no name.", "Give it a short one; it says why a mention was kept.")
		}
		if _, err := match.Parse(w.Query); err != nil {
			r.wrong(join(at, "query"), "%s", "Words, \"a phrase\", OR, NOT, brackets: go doc ./bot/text/match says how rules are written.", sentence(err))
		}
		b.Watch = append(b.Watch, brand.Watch{Name: w.Name, Query: w.Query})
	}
	r.once(join(path, "watch"), len(f.Watch), func(i int) string { return f.Watch[i].Name }, "name")
	b.Themes, b.ThemeNames = map[string][]string{}, map[string]map[string]string{}
	for _, id := range sortedKeys(f.Themes) {
		theme := f.Themes[id]
		at := join(path+".themes", id)
		r.id(at, id)
		r.words(join(at, "name"), theme.Name, true)
		r.wordList(join(at, "words"), theme.Words)
		if len(theme.Words) == 0 {
			r.wrong(join(at, "words"), "The theme has no words.", "List the words that tell it; one that ends in * is a beginning.")
		}
		b.Themes[id], b.ThemeNames[id] = theme.Words, theme.Name
	}
	r.wordList(path+".critical", f.Critical)
	for i, feed := range f.Feeds {
		at := index(join(path, "feeds"), i)
		r.id(join(at, "name"), feed.Name)
		r.address(join(at, "url"), feed.URL.Reveal(), !r.options.Lenient)
		c.Feeds = append(c.Feeds, Feed{Brand: b.ID, Name: feed.Name, Network: feed.Network, URL: feed.URL})
	}
	r.once(join(path, "feeds"), len(f.Feeds), func(i int) string { return f.Feeds[i].Name }, "name")
	r.github(c, b, f, path)
	for i, hook := range f.Hooks {
		at := index(join(path, "hooks"), i)
		r.id(join(at, "name"), hook.Name)
		r.needed(join(at, "secret"), hook.Secret, "Make one with: openssl rand -hex 32; whoever sends signs with it.")
		for _, other := range c.Hooks {
			if other.Name == hook.Name {
				r.wrong(join(at, "name"), "%q is already a hook of %s.", "Names of hooks stand in their address: each needs its own.", hook.Name, other.Brand)
			}
		}
		c.Hooks = append(c.Hooks, Hook{Brand: b.ID, Name: hook.Name, Network: hook.Network, Secret: hook.Secret})
	}
	for i, rival := range f.Rivals {
		at := index(join(path, "rivals"), i)
		r.id(join(at, "id"), rival.ID)
		if rival.Name == "" {
			r.wrong(join(at, "name"), "The competitor has no name.", "Write it as people say it.")
		}
		for j, feed := range rival.Feeds {
			r.address(index(join(at, "feeds"), j), feed, true)
		}
		b.Rivals = append(b.Rivals, brand.Rival{ID: rival.ID, Name: rival.Name, Feeds: rival.Feeds})
	}
	r.once(join(path, "rivals"), len(f.Rivals), func(i int) string { return f.Rivals[i].ID }, "id")
}

// wordList finds words that could never be met.
func (r *reader) wordList(path string, words []string) {
	for i, word := range words {
		if strings.Contains(strings.TrimSuffix(word, "*"), "*") || strings.TrimSpace(strings.TrimSuffix(word, "*")) == "" {
			r.wrong(index(path, i), "%q is no word.", "Only a * at the end has a meaning: livr* is every word that begins so.", word)
		}
	}
}

// sheets reads ready answers and the charter.
func (r *reader) sheets(b *brand.Brand, f brandFile, path string) {
	for i, a := range f.Answers {
		at := index(join(path, "answers"), i)
		r.id(join(at, "id"), a.ID)
		if _, known := b.Themes[a.Theme]; a.Theme != "" && !known {
			r.wrong(join(at, "theme"), "There is no theme %q.", oneOf(a.Theme, sortedKeys(b.Themes)), a.Theme)
		}
		r.words(join(at, "name"), a.Name, true)
		r.words(join(at, "text"), a.Text, true)
		b.Answers = append(b.Answers, brand.Answer{ID: a.ID, Theme: a.Theme, Name: a.Name, Text: a.Text})
	}
	r.once(join(path, "answers"), len(f.Answers), func(i int) string { return f.Answers[i].ID }, "id")
	for i, article := range f.Charter {
		at := index(join(path, "charter"), i)
		r.id(join(at, "id"), article.ID)
		r.words(join(at, "title"), article.Title, false)
		r.words(join(at, "text"), article.Text, true)
		b.Charter = append(b.Charter, brand.Article{ID: article.ID, Title: article.Title, Text: article.Text})
	}
	r.once(join(path, "charter"), len(f.Charter), func(i int) string { return f.Charter[i].ID }, "id")
}

// people reads who decides and who is on call.
func (r *reader) people(b *brand.Brand, f brandFile, path string) {
	b.Policy = brand.Policy{Needed: 1, OwnWork: f.Policy.OwnWork, Ask: f.Policy.Ask}
	if f.Policy.Needed != nil {
		b.Policy.Needed = *f.Policy.Needed
	}
	if b.Policy.Needed < 0 || b.Policy.Needed > len(r.space.With(brand.Approver)) && !r.grants(brand.Approver) {
		r.wrong(path+".policy.needed", "%d approvals are needed and %d people may approve.",
			"Ask for fewer, or give the role approver to more people.", b.Policy.Needed, len(r.space.With(brand.Approver)))
	}
	for i, id := range f.Policy.Ask {
		at := index(path+".policy.ask", i)
		if member := r.known(at, id); member != nil && !member.Can(brand.Approver) {
			r.wrong(at, "%s may not approve.", "Give this person the role approver, or ask somebody else.", id)
		}
	}
	for i, id := range f.OnCall {
		r.known(index(path+".on_call", i), id)
	}
	if f.Posts && len(f.OnCall) == 0 {
		r.wrong(path+".critical_posts", "Posts that fail at night are critical, and nobody is on call.",
			"Name who may be woken below on_call:, or write critical_posts: false.")
	}
}

func (r *reader) known(path, id string) *brand.Member {
	member := r.space.Member(id)
	if member == nil {
		var ids []string
		for _, m := range r.space.Members {
			ids = append(ids, m.ID)
		}
		r.wrong(path, "There is no member %q.", oneOf(id, ids), id)
	}
	return member
}

func noiseOf(f noiseFile) brand.Noise {
	noise := brand.DefaultNoise()
	for field, given := range map[*int]*int{&noise.Channel: f.Channel, &noise.Alerts: f.Alerts, &noise.Person: f.Person, &noise.Asked: f.Asked} {
		if given != nil {
			*field = max(*given, 0)
		}
	}
	return noise
}

// sentence makes the error of a query one.
func sentence(err error) string {
	var syntax *match.SyntaxError
	text := err.Error()
	if errors.As(err, &syntax) {
		_, why, _ := strings.Cut(text, ": ")
		text = fmt.Sprintf("The query cannot be understood at character %d: %s", syntax.At+1, why)
	}
	return strings.TrimSuffix(text, ".") + "."
}
