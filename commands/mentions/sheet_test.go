package mentions

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// hearing is a brand that hears, with people who look up who wrote.
type hearing struct {
	*testing.T
	*Chat
	store *statetest.Mem
	space *brand.Space
	now   time.Time
	steps int
}

func newHearing(t *testing.T) *hearing {
	t.Helper()
	member := func(name string, role brand.Role) *brand.Member {
		return &brand.Member{ID: strings.ToLower(name), Name: name, Roles: []brand.Role{role}}
	}
	watch := []brand.Watch{{Query: "colibri", Name: "us"}}
	space := &brand.Space{ID: "s",
		Brands: []*brand.Brand{{ID: "colibri", Langs: []string{"fr"}, Zone: time.UTC, Promise: time.Hour, Watch: watch, Listed: []string{"@presse"}},
			{ID: "other", Zone: time.UTC, Promise: time.Hour, Watch: watch}},
		Members: []*brand.Member{member("Noa", brand.Responder), member("Ivo", brand.Moderator), member("Sam", brand.Author), member("Morgan", brand.Admin)}}
	judge, err := NewJudge(space)
	if err != nil {
		t.Fatal(err)
	}
	engine := &Engine{Space: space, Judge: judge, NewToken: func(*state.Tx) string { return "t" }}
	return &hearing{T: t, Chat: &Chat{Engine: engine}, store: statetest.NewMem(), space: space, now: time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)}
}

// step does one commit, a minute after the one before.
func (e *hearing) step(decide func(context.Context, *state.Tx) error) {
	e.Helper()
	e.steps++
	e.now = e.now.Add(time.Minute)
	if _, err := state.Do(e.Context(), e.store, fmt.Sprint("step", e.steps), e.now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, decide(ctx, tx) }); err != nil {
		e.Fatal(err)
	}
}

func (e *hearing) hear(network, author, text string) {
	e.Helper()
	e.step(func(ctx context.Context, tx *state.Tx) error {
		id := fmt.Sprint("m", e.steps)
		return e.Engine.Hear(ctx, tx, Heard{Brand: "colibri", Mention: listen.Mention{ID: id, Network: network, Author: author,
			Text: "Colibri, " + text, URL: "https://example.org/" + id, At: e.now}})
	})
}

func (e *hearing) id(network, author string) string {
	return caseWith(e.space.Brands[0], network, author)
}

func (e *hearing) finish(network, author string, outcome Outcome, reason string) {
	e.Helper()
	e.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := e.Engine.Finish(ctx, tx, e.id(network, author), "noa", outcome, reason)
		return err
	})
}

// asked is a request of a member on Discord.
func (e *hearing) asked(who string) *bot.Request {
	e.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		e.Fatal(err)
	}
	return &bot.Request{Event: bot.Event{Platform: bot.Discord}, Space: e.space, Brand: e.space.Brands[0], Member: e.space.Member(who),
		Print: catalog.For("fr", time.UTC), Now: e.now, Tx: state.Begin(e.store, "look", e.now), NewToken: func(*state.Tx) string { return "token" }}
}

// sheet is what a member reads of somebody, "" where nobody is known.
func (e *hearing) sheet(who, id, name string) string {
	e.Helper()
	reply, found, err := e.Sheet(e.Context(), e.asked(who), id, name)
	if err != nil {
		e.Fatal(err)
	}
	if !found {
		return ""
	}
	return plainSpaces.Replace(bottest.Plain(*reply.Card))
}

var plainSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

// What is known of somebody: how much they wrote, what came of it, what waits,
// and the last conversations before.
func TestSheet(t *testing.T) {
	e := newHearing(t)
	e.hear("Mastodon", "@marie.d", "vous livrez en Belgique ? Mon numéro : 06 12 34 56 78")
	e.finish("Mastodon", "@marie.d", Replied, "")
	e.hear("Mastodon", "@Marie.D", "bande de voleurs, allez crever")
	e.finish("Mastodon", "@marie.d", Nothing, reasonKey("troll"))
	for range 2 {
		e.hear("Mastodon", "@marie.d", "merci et bravo pour votre thé")
		e.finish("Mastodon", "@marie.d", Liked, "")
	}
	e.hear("Mastodon", "@marie.d", "un retard de trois semaines")
	e.hear("Mastodon", "@marie.d", "toujours en retard, c’est honteux")
	got := e.sheet("noa", e.id("Mastodon", "@marie.d"), "")
	for _, want := range []string{
		"@marie.d · Mastodon", "6 messages depuis jeudi 26 novembre", "Suite donnée : 1 réponse, 2 j’aime, 1 sans suite",
		"À savoir : deuxième message", "toujours en retard, c’est honteux", "personne ne s’en occupe encore",
		"« Colibri, merci et bravo pour votre thé » · J’aime de Noa", "Message insultant, replié · Rien à répondre (troll, on ne répond pas) : Noa",
		"[Répondre]", "[Ouvrir Mastodon]",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not said: %q", want)
		}
	}
	for _, never := range []string{"Belgique", "crever", "06 12"} { // too old, folded, personal
		if strings.Contains(got, never) {
			t.Errorf("said: %q", never)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
	if got := e.sheet("ivo", e.id("Mastodon", "@marie.d"), ""); got == "" || strings.Contains(got, "[Répondre]") {
		t.Errorf("who moderates reads:\n%s", got)
	}
	e.finish("Mastodon", "@marie.d", Replied, "")
	if got := e.sheet("noa", e.id("Mastodon", "@marie.d"), ""); !strings.Contains(got, "2 réponses, 2 j’aime") || strings.Contains(got, "[Répondre]") {
		t.Errorf("done:\n%s", got)
	}
}

// Personal data is covered in what is kept of earlier conversations, and their
// words do not grow with what people write.
func TestEndedIsShort(t *testing.T) {
	c := Case{Stage: Done, Author: "@a", Count: 1, Heard: []listen.Mention{{Text: "marie@example.org " + strings.Repeat("é", 5000)}}}
	p := c.before(time.Now())
	if text := p.Last[0].Text; !strings.HasPrefix(text, "▮▮▮") || len([]rune(text)) != pastWords+1 {
		t.Errorf("kept %d characters: %.40q", len([]rune(text)), text)
	}
}

// The past stays of one size; what is over a year old goes, and so does all of
// somebody who was erased.
func TestBefore(t *testing.T) {
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	c := Case{Author: "@a", Stage: Done, Count: 2, Since: now.AddDate(0, 0, -1), Outcome: Liked, DoneAt: now}
	first := c.before(now)
	if first.Said != 2 || first.Ended[Liked] != 1 || len(first.Last) != 1 || !first.Since.Equal(c.Since) {
		t.Fatalf("%+v", first)
	}
	c.Past = first
	for range 9 {
		c.Past = c.before(now)
	}
	if c.Past.Said != 20 || c.Past.Ended[Liked] != 10 || len(c.Past.Last) != keepEnded || first.Ended[Liked] != 1 {
		t.Errorf("ten conversations: %+v, the first: %+v", c.Past, first)
	}
	c.DoneAt = now.Add(2 * state.KeepWork)
	if late := c.before(c.DoneAt); len(late.Last) != 1 || late.Said != 22 {
		t.Errorf("two years later: %+v", late)
	}
	for name, gone := range map[string]Case{"erased": {Stage: Done, Outcome: Erased, Past: c.Past}, "never": {}, "open": {Author: "@a", Stage: Waiting}} {
		if p := gone.before(now); p.Said != 0 || p.Last != nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// Who wrote is for those who answer or moderate; whoever was erased is nobody.
func TestKnown(t *testing.T) {
	e := newHearing(t)
	e.hear("Mastodon", "@marie.d", "vous livrez en Belgique ?")
	e.hear("Discord", "Tom", "merci")
	e.hear("X", "", "quelqu’un a dit")
	e.hear("Mastodon", "@presse", "qui peut me parler ?")
	known := func(who string) string {
		all, err := e.Known(t.Context(), e.asked(who))
		if err != nil {
			t.Fatal(err)
		}
		var labels []string
		for _, one := range all {
			labels = append(labels, one.Label)
		}
		return strings.Join(labels, ", ")
	}
	all := "@presse · Mastodon, Tom · Discord, @marie.d · Mastodon"
	for who, want := range map[string]string{"noa": all, "ivo": all, "morgan": all, "sam": ""} {
		if got := known(who); got != want {
			t.Errorf("%s knows %q, want %q", who, got, want)
		}
	}
	if got := e.sheet("noa", e.id("Mastodon", "@presse"), ""); !strings.Contains(got, "À savoir : une personne à suivre de près") {
		t.Errorf("listed:\n%s", got)
	}
	if got := e.sheet("noa", "", "Tom"); !strings.Contains(got, "Tom · Discord") {
		t.Errorf("by name:\n%s", got)
	}
	if e.sheet("noa", "", "@marie.d") != "" || e.sheet("noa", "c-none", "") != "" {
		t.Error("somebody of another network, or nobody, is known")
	}
	if _, _, err := e.Sheet(t.Context(), e.asked("sam"), e.id("Discord", "Tom"), ""); err == nil {
		t.Error("an author reads who wrote")
	}
	elsewhere := e.asked("noa")
	elsewhere.Brand = e.space.Brands[1]
	if _, found, err := e.Sheet(t.Context(), elsewhere, e.id("Discord", "Tom"), ""); found || err != nil {
		t.Errorf("for another brand: %v, %v", found, err)
	}
	e.step(func(ctx context.Context, tx *state.Tx) error { return e.Engine.Erase(ctx, tx, e.id("Discord", "Tom")) })
	if got := known("noa"); strings.Contains(got, "Tom") || e.sheet("noa", "", "Tom") != "" {
		t.Errorf("erased, and known: %s", got)
	}
	e.hear("Discord", "Tom", "me revoilà") // a person like any other, without a past
	if got := e.sheet("noa", "", "Tom"); !strings.Contains(got, "1 message, jeudi 26 novembre") || strings.Contains(got, "Suite donnée") {
		t.Errorf("anew:\n%s", got)
	}
}

// What a member took is for those who answer too.
func TestWaits(t *testing.T) {
	e := newHearing(t)
	for _, author := range []string{"@a", "@b", "@c"} {
		e.hear("X", author, "vous livrez ?")
	}
	e.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := e.Engine.Take(ctx, tx, e.id("X", "@b"), "noa")
		return err
	})
	for _, test := range []struct{ who, of, want string }{
		{"ivo", "noa", "Conversation prise en charge : 1"}, {"noa", "ivo", ""}, {"sam", "noa", ""},
	} {
		lines, err := e.Waits(t.Context(), e.asked(test.who), e.space.Member(test.of))
		if err != nil {
			t.Fatal(err)
		}
		if got := plainSpaces.Replace(strings.Join(lines, "\n")); got != test.want {
			t.Errorf("%s reads of %s: %q, want %q", test.who, test.of, got, test.want)
		}
	}
}
