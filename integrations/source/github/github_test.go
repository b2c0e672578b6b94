package github_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/secret"
	"crieur/integrations/internal/httpx"
	"crieur/integrations/source/github"
	"crieur/integrations/source/github/githubfake"
)

var update = flag.Bool("update", false, "write the golden files")

// clock moves by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

const ours, theirs = "colibri/minuteur", "autre/projet"

// scene is a source on a server that is played.
type scene struct {
	t *testing.T
	*githubfake.Server
	*github.Source
	clock  *clock
	cursor string
}

func setup(t *testing.T, config github.Config) *scene {
	t.Helper()
	s := &scene{t: t, Server: githubfake.New(), clock: &clock{at: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)}}
	t.Cleanup(s.Server.Close)
	config.Source, config.APIURL, config.Allow, config.Now = "depot", s.URL(), httpx.Loopback(), s.clock.now
	s.Source = github.New(config)
	t.Cleanup(s.Source.Close)
	return s
}

func both() github.Config {
	return github.Config{Repos: []string{ours}, Query: `"maison colibri"`, Token: "github_pat_test"}
}

// ago is a time before now.
func (s *scene) ago(d time.Duration) time.Time { return s.clock.now().Add(-d) }

// poll reads as the application does: the cursor moves on only if all was read.
func (s *scene) poll() ([]listen.Mention, error) {
	heard, next, delay, err := s.Poll(s.t.Context(), s.cursor)
	if delay < github.KeyedDelay {
		s.t.Errorf("comes back after %s", delay)
	}
	if err == nil {
		s.cursor = next
	} else if next != s.cursor {
		s.t.Errorf("the cursor moved on with %v", err)
	}
	return heard, err
}

// ids polls, and says what was heard.
func (s *scene) ids() string {
	s.t.Helper()
	heard, err := s.poll()
	if err != nil {
		s.t.Fatal(err)
	}
	return names(heard)
}

func names(heard []listen.Mention) string {
	var all []string
	for _, m := range heard {
		all = append(all, strings.TrimPrefix(m.ID, "github:"))
	}
	return strings.Join(all, " ")
}

func fault(t *testing.T, err error) *outbox.Error {
	t.Helper()
	var e *outbox.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not an *outbox.Error", err)
	}
	return e
}

// TestGolden keeps mentions as they are handed on, hostile words among them.
func TestGolden(t *testing.T) {
	s := setup(t, both())
	s.Say(
		githubfake.Said{Repo: ours, Number: 1, Login: "marie-d", Title: "Le minuteur s’arrête", At: s.ago(2 * time.Hour),
			Body: "<!-- Merci de remplir\nce formulaire -->\r\nIl s’arrête à 3 min.\r\n\r\n> Quel appareil ?\r\n\r\nUn téléphone. <b>Merci</b> @channel"},
		githubfake.Said{Repo: ours, Of: 1, Login: "paul", Body: "> Il s’arrête à 3 min.\n\nMoi aussi.\u202e", At: s.ago(time.Hour)},
		githubfake.Said{Repo: ours, Number: 2, Login: "zoe", Pull: true, Title: "Plus d’infusions", At: s.ago(30 * time.Minute)},
		githubfake.Said{Repo: theirs, Number: 9, Login: "sam", Title: "Which tea?", Body: "I like Maison Colibri.", At: s.ago(3 * time.Hour),
			Address: "javascript:alert(1)"},
		githubfake.Said{Repo: theirs, Of: 9, Login: "eve", Body: "Maison Colibri is too dear.", At: s.ago(-time.Hour)},
	)
	heard, err := s.poll()
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(heard, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	const golden = "testdata/mentions.golden"
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestNobody: neither what no person said is heard, nor what the brand's people
// said in its own repository.
func TestNobody(t *testing.T) {
	s := setup(t, both())
	s.Say(
		githubfake.Said{Repo: ours, Number: 1, Login: "dependabot[bot]", Bot: true, Title: "Bump a from 1 to 2", At: s.ago(time.Hour)},
		githubfake.Said{Repo: ours, Number: 2, Title: "From an account that is gone", At: s.ago(time.Hour)},
		githubfake.Said{Repo: ours, Of: 1, Login: "paul", Body: "> only\n> quoted", At: s.ago(time.Hour)},
		githubfake.Said{Repo: ours, Of: 1, Login: "paul", Body: "<!-- never closed", At: s.ago(time.Hour)},
		githubfake.Said{Repo: ours, Of: 1, Login: "noa", Team: true, Body: "Merci, dit Maison Colibri", At: s.ago(time.Hour)},
		githubfake.Said{Repo: ours, Number: 3, Login: "noa", Team: true, Title: "Maison Colibri 2", At: s.ago(time.Hour)},
	)
	if got := s.ids(); got != "" {
		t.Errorf("heard %s", got)
	}
	s.Say(githubfake.Said{Repo: theirs, Number: 1, Login: "sam", Team: true, Title: "Maison Colibri", At: s.ago(time.Minute)})
	if got := s.ids(); got != "N7" {
		t.Errorf("heard %q of another team", got)
	}
}

// TestNews is what counts as new, from poll to poll.
func TestNews(t *testing.T) {
	s := setup(t, both())
	s.Say(
		githubfake.Said{Repo: ours, Number: 1, Login: "marie", Title: "Old", At: s.ago(25 * time.Hour)},
		githubfake.Said{Repo: ours, Number: 2, Login: "marie", Title: "New", At: s.ago(23 * time.Hour)},
		githubfake.Said{Repo: theirs, Number: 1, Login: "sam", Title: "Maison Colibri, long ago", At: s.ago(1000 * time.Hour)},
	)
	if got := s.ids(); got != "N2" {
		t.Errorf("the first look heard %q: the day before and no more", got)
	}
	s.clock.move(time.Hour)
	if got := s.ids(); got != "" {
		t.Errorf("heard %q again", got)
	}

	// N4 stands in an old issue, beside older words of the same kind; an edit of
	// old words is no news.
	s.Say(githubfake.Said{Repo: theirs, Of: 1, Login: "old", Body: "maison colibri, last year", At: s.ago(900 * time.Hour)})
	s.Edit(3, func(one *githubfake.Said) { one.Changed = s.clock.now() })
	s.Edit(1, func(one *githubfake.Said) { one.Body, one.Changed = "edited", s.clock.now() })
	if got := s.ids(); got != "" {
		t.Errorf("an edit of what is old was heard: %q", got)
	}
	s.Say(githubfake.Said{Repo: theirs, Of: 1, Login: "eve", Body: "and Maison Colibri today", At: s.clock.now()})
	if got := s.ids(); got != "N5" {
		t.Errorf("heard %q of a comment found by search", got)
	}

	// What a search shows late is heard all the same, as itself.
	s.clock.move(10 * time.Minute)
	s.Edit(5, func(one *githubfake.Said) { one.Body += ", edited" })
	s.Say(githubfake.Said{Repo: theirs, Number: 8, Login: "late", Title: "maison colibri", At: s.ago(12 * time.Minute)})
	if got := s.ids(); got != "N6 N5" {
		t.Errorf("heard %q: what comes again is N5 still", got)
	}
}

// TestLongSilence: after a long time only what is recognised is read again.
func TestLongSilence(t *testing.T) {
	s := setup(t, both())
	s.ids()
	s.clock.move(30 * 24 * time.Hour)
	s.Say(
		githubfake.Said{Repo: ours, Number: 1, Login: "marie", Title: "Last week", At: s.ago(7 * 24 * time.Hour)},
		githubfake.Said{Repo: ours, Number: 2, Login: "marie", Title: "This week", At: s.ago(5 * 24 * time.Hour)},
	)
	if got := s.ids(); got != "N2" {
		t.Errorf("heard %q", got)
	}
}

// TestOwnFoundBySearch: what stands in a repository of the brand is heard there,
// once, and fetched no second time.
func TestOwnFoundBySearch(t *testing.T) {
	s := setup(t, both())
	s.Say(
		githubfake.Said{Repo: ours, Number: 1, Login: "marie", Title: "Maison Colibri", At: s.ago(time.Hour)},
		githubfake.Said{Repo: ours, Of: 1, Login: "paul", Body: "Ah, Maison Colibri", At: s.ago(time.Minute)},
	)
	heard, err := s.poll()
	if err != nil || names(heard) != "N1 N2" || heard[0].ReplyTo != "github:"+ours {
		t.Errorf("heard %+v, %v", heard, err)
	}
	if calls := s.Calls(); len(calls) != 3 {
		t.Errorf("called %q", calls)
	}
}

// TestTakenBack: a comment that is gone when it is fetched stops nothing.
func TestTakenBack(t *testing.T) {
	s := setup(t, both())
	s.Say(
		githubfake.Said{Repo: theirs, Number: 1, Login: "sam", Title: "Tea", At: s.ago(time.Hour)},
		githubfake.Said{Repo: theirs, Of: 1, Login: "eve", Body: "maison colibri", At: s.ago(time.Minute)},
		githubfake.Said{Repo: theirs, Of: 1, Login: "max", Body: "maison colibri", At: s.ago(time.Minute), Gone: true},
	)
	if got := s.ids(); got != "N1 N2" {
		t.Errorf("heard %q", got)
	}
}

// TestUnchanged: what did not change costs no more than a 304.
func TestUnchanged(t *testing.T) {
	s := setup(t, both())
	s.Say(githubfake.Said{Repo: ours, Number: 1, Login: "marie", Title: "New", At: s.ago(time.Hour)})
	s.ids()
	s.ids()
	s.Calls()
	s.ids()
	lists := "304 /repos/" + ours + "/issues;304 /repos/" + ours + "/issues/comments;200 /search/issues"
	if got := strings.Join(s.Calls(), ";"); got != lists {
		t.Errorf("called %s", got)
	}
	s.clock.move(time.Minute)
	s.Say(githubfake.Said{Repo: ours, Of: 1, Login: "paul", Body: "Moi aussi", At: s.clock.now()})
	if got := s.ids(); got != "N2" {
		t.Errorf("after a 304 heard %q", got)
	}
	s.ids()
	if got := strings.Join(s.Calls(), ";"); !strings.HasSuffix(got, lists) {
		t.Errorf("the new ETags are not used: %s", got)
	}
}

// TestPages reads a list over its pages, newest first, and no further than news.
func TestPages(t *testing.T) {
	s := setup(t, github.Config{Repos: []string{ours}, Token: "github_pat_test"})
	s.Set(func(f *githubfake.Server) { f.PerPage = 2 })
	for n := range 7 {
		s.Say(githubfake.Said{Repo: ours, Number: n + 1, Login: "marie", Title: strconv.Itoa(n), At: s.ago(time.Duration(n) * 6 * time.Hour)})
	}
	if got := s.ids(); got != "N5 N4 N3 N2 N1" { // N5 is a day old
		t.Errorf("heard %q", got)
	}
	if got := s.Calls(); len(got) != 4 { // three pages of issues, one of comments
		t.Errorf("called %q", got)
	}
}

// TestSearchPages reads a search over its pages, and says when it was not shown
// everything: then the same time is read again.
func TestSearchPages(t *testing.T) {
	s := setup(t, github.Config{Query: `"maison colibri"`, Token: "github_pat_test"})
	s.Set(func(f *githubfake.Server) { f.PerPage = 2 })
	for n := range 5 {
		s.Say(githubfake.Said{Repo: theirs, Number: n + 1, Login: "sam", Title: "Maison Colibri " + strconv.Itoa(n), At: s.ago(time.Duration(n) * time.Hour)})
	}
	if got := s.ids(); got != "N5 N4 N3 N2 N1" {
		t.Errorf("heard %q", got)
	}
	for name, set := range map[string]func(*githubfake.Server){
		"incomplete":        func(f *githubfake.Server) { f.Incomplete = true },
		"more than it says": func(f *githubfake.Server) { f.Total = 1001 },
	} {
		s.Set(set)
		s.cursor = ""
		heard, err := s.poll()
		if e := fault(t, err); e.Reason != poll.Part || e.Fault != outbox.Temporary {
			t.Errorf("%s: %v", name, e)
		}
		if got := names(heard); got != "N5 N4 N3 N2 N1" {
			t.Errorf("%s: heard %q of what was shown", name, got)
		}
		s.Set(func(f *githubfake.Server) { f.Incomplete, f.Total = false, 0 })
	}
}

// TestTooMuch: neither a list without end nor a search that points to hundreds
// of comments is read without end.
func TestTooMuch(t *testing.T) {
	s := setup(t, github.Config{Repos: []string{ours}, Token: "github_pat_test"})
	s.Set(func(f *githubfake.Server) { f.PerPage = 1 })
	for n := range 12 {
		s.Say(githubfake.Said{Repo: ours, Number: n + 1, Login: "marie", Title: "New", At: s.ago(time.Minute)})
	}
	heard, err := s.poll()
	if e := fault(t, err); e.Reason != poll.Part || len(heard) != 10 {
		t.Errorf("%d heard, %v", len(heard), err)
	}

	s = setup(t, github.Config{Query: `"maison colibri"`, Token: "github_pat_test"})
	s.Say(githubfake.Said{Repo: theirs, Number: 1, Login: "sam", Title: "Tea", At: s.ago(1000 * time.Hour)})
	s.Edit(1, func(one *githubfake.Said) { one.Changed = s.clock.now() })
	for range 60 {
		s.Say(githubfake.Said{Repo: theirs, Of: 1, Login: "eve", Body: "maison colibri", At: s.ago(time.Minute)})
	}
	heard, err = s.poll()
	if e := fault(t, err); e.Reason != poll.Part || len(heard) != 50 || len(s.Calls()) != 51 {
		t.Errorf("%d heard, %v", len(heard), err)
	}
}

// TestFaults is the table of what GitHub refuses, and of what it is called.
func TestFaults(t *testing.T) {
	reset := time.Date(2026, 11, 26, 9, 40, 0, 0, time.UTC)
	spent := map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "5000", "X-RateLimit-Reset": strconv.FormatInt(reset.Unix(), 10)}
	for _, test := range []struct {
		name    string
		code    int
		header  map[string]string
		message string
		reason  string
		fault   outbox.Fault
		delay   time.Duration
	}{
		{"a token that is over", 401, nil, "Bad credentials", "source.github_key", outbox.Denied, github.KeyedDelay},
		{"no right to it", 403, map[string]string{"X-RateLimit-Remaining": "4999", "X-RateLimit-Reset": "1"},
			"Resource not accessible by personal access token", "source.github_right", outbox.Denied, github.KeyedDelay},
		{"spent", 403, spent, "API rate limit exceeded", "source.limited", outbox.Limited, 40 * time.Minute},
		{"spent, the newer way", 429, spent, "API rate limit exceeded", "source.limited", outbox.Limited, 40 * time.Minute},
		{"too fast", 403, map[string]string{"Retry-After": "1200"}, "You have exceeded a secondary rate limit", "source.limited", outbox.Limited, 20 * time.Minute},
		{"too fast for a moment", 403, map[string]string{"Retry-After": "3"}, "You have exceeded a secondary rate limit", "source.limited", outbox.Limited, github.KeyedDelay},
		{"too fast, without a time", 403, nil, "You have exceeded a secondary rate limit", "source.limited", outbox.Limited, github.KeyedDelay},
		{"too many, without a word", 429, nil, "", "source.limited", outbox.Limited, github.KeyedDelay},
		{"not there", 404, nil, "Not Found", "source.github_repo", outbox.Gone, github.KeyedDelay},
		{"without issues", 410, nil, "Issues are disabled for this repo", "source.github_repo", outbox.Gone, github.KeyedDelay},
		{"down", 502, nil, "", "source.down", outbox.Temporary, github.KeyedDelay},
		{"odd", 451, nil, "Blocked", "source.rejected", outbox.Rejected, github.KeyedDelay},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := setup(t, github.Config{Repos: []string{ours}, Token: "github_pat_test"})
			s.Set(func(f *githubfake.Server) {
				f.Refuse = func(*http.Request) (int, map[string]string, string) {
					return test.code, test.header, test.message + " github_pat_test"
				}
			})
			_, _, delay, err := s.Poll(t.Context(), "")
			e := fault(t, err)
			if e.Reason != test.reason || e.Fault != test.fault || delay != test.delay {
				t.Errorf("%v %s, back after %s", e, e.Reason, delay)
			}
			if strings.Contains(fmt.Sprint(err, e.Args), "github_pat") {
				t.Errorf("the token is told: %v %v", err, e.Args)
			}
			inWords(t, e)
		})
	}
}

// inWords says the error in every language.
func inWords(t *testing.T, e *outbox.Error) {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs() {
		said := poll.Poll{Reason: e.Reason, Args: e.Args}.Why(catalog.For(lang, nil))
		if said == e.Reason || strings.Contains(said, "<no value>") {
			t.Errorf("%s: %q", lang, said)
		}
	}
}

// TestOneRepo: a repository that is not there keeps nobody else from being heard.
func TestOneRepo(t *testing.T) {
	s := setup(t, github.Config{Repos: []string{"colibri/nowhere", ours}, Query: `"maison colibri"`, Token: "github_pat_test"})
	s.Say(
		githubfake.Said{Repo: ours, Number: 1, Login: "marie", Title: "New", At: s.ago(time.Hour)},
		githubfake.Said{Repo: theirs, Number: 1, Login: "sam", Title: "Maison Colibri", At: s.ago(time.Minute)},
	)
	heard, err := s.poll()
	if e := fault(t, err); e.Reason != "source.github_repo" || e.Args["Repo"] != "colibri/nowhere" || names(heard) != "N1 N2" {
		t.Errorf("heard %q, %v", names(heard), err)
	}
	s.Set(func(f *githubfake.Server) { f.Token = "another" })
	s.Calls()
	if _, err := s.poll(); fault(t, err).Reason != "source.github_key" || len(s.Calls()) != 1 {
		t.Error("a token that is over is shown again and again")
	}
}

// TestLastCall: with the last call spent, the next one is not made, and the time
// that GitHub gave is kept.
func TestLastCall(t *testing.T) {
	s := setup(t, both())
	s.clock = &clock{at: time.Now().UTC()} // the library reads the machine's
	s.Source = github.New(github.Config{Source: "depot", Repos: []string{ours}, Token: "github_pat_test", APIURL: s.URL(),
		Allow: httpx.Loopback(), Now: s.clock.now})
	t.Cleanup(s.Source.Close)
	s.Say(githubfake.Said{Repo: ours, Number: 1, Login: "marie", Title: "New", At: s.ago(time.Minute)})
	s.Set(func(f *githubfake.Server) { f.Left = "0"; f.Reset = s.clock.now().Add(50 * time.Minute) })
	heard, _, delay, err := s.Poll(t.Context(), "")
	if e := fault(t, err); e.Fault != outbox.Limited || delay < 49*time.Minute || delay > 50*time.Minute {
		t.Errorf("%v, back after %s", err, delay)
	}
	if len(heard) != 1 || len(s.Calls()) != 1 {
		t.Errorf("heard %v", heard)
	}
}

// TestQuery: GitHub must be able to read what is asked.
func TestQuery(t *testing.T) {
	for asked, want := range map[string]string{
		`"maison colibri"`:                    `"maison colibri" is:issue updated:>=2026-11-25T09:00:00Z`,
		`"maison colibri" is:pull-request`:    `"maison colibri" is:pull-request updated:>=2026-11-25T09:00:00Z`,
		`colibri is:private`:                  `colibri is:private is:issue updated:>=2026-11-25T09:00:00Z`,
		`colibri OR "maison colibri" -org:me`: `(colibri OR "maison colibri" -org:me) is:issue updated:>=2026-11-25T09:00:00Z`,
	} {
		s := setup(t, github.Config{Query: asked})
		got := ""
		s.Set(func(f *githubfake.Server) {
			f.Refuse = func(r *http.Request) (int, map[string]string, string) {
				got = r.URL.Query().Get("q")
				return http.StatusUnprocessableEntity, nil, "Validation Failed"
			}
		})
		_, _, delay, err := s.Poll(t.Context(), "not a cursor")
		if e := fault(t, err); e.Reason != "source.github_query" || e.Args["Why"] != "Validation Failed" || delay != github.OpenDelay {
			t.Errorf("%v, back after %s", err, delay)
		}
		s.Set(func(*githubfake.Server) { // under its lock
			if got != want {
				t.Errorf("asked %q\nwant  %q", got, want)
			}
		})
	}
}

// TestNoToken reads what is public.
func TestNoToken(t *testing.T) {
	config := both()
	config.Token = ""
	s := setup(t, config)
	s.Say(githubfake.Said{Repo: ours, Number: 1, Login: "marie", Title: "New", At: s.ago(time.Hour)})
	heard, _, delay, err := s.Poll(t.Context(), "")
	if err != nil || names(heard) != "N1" || delay != github.OpenDelay {
		t.Errorf("%v, %s, %v", heard, delay, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRedirect shows the token to nobody else.
func TestRedirect(t *testing.T) {
	var calls, keys atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if r.Header.Get("Authorization") != "" {
			keys.Add(1)
		}
		fmt.Fprint(w, "[]")
	}))
	defer elsewhere.Close()
	moved := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusMovedPermanently))
	defer moved.Close()
	source := github.New(github.Config{Source: "depot", Repos: []string{ours}, Token: "github_pat_test", APIURL: moved.URL, Allow: httpx.Loopback()})
	defer source.Close()
	if _, _, _, err := source.Poll(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if calls.Load() != 2 || keys.Load() != 0 {
		t.Errorf("%d calls elsewhere, %d with the token", calls.Load(), keys.Load())
	}
}

// TestNotGitHub: what is not GitHub, or not there, is an error like any other.
func TestNotGitHub(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }))
	defer page.Close()
	for address, reason := range map[string]string{page.URL: "source.unanswered", "http://127.0.0.1:1": "source.unreachable", "::": "source.unreachable"} {
		source := github.New(github.Config{Source: "depot", Repos: []string{ours}, Token: "github_pat_test", APIURL: address, Allow: httpx.Loopback()})
		err := source.Check(t.Context())
		if e := fault(t, err); e.Reason != reason || strings.Contains(fmt.Sprint(err), "github_pat") {
			t.Errorf("%s: %v %s", address, err, e.Reason)
		}
		source.Close()
	}
	guarded := github.New(github.Config{Source: "depot", Query: "colibri", APIURL: page.URL})
	defer guarded.Close()
	if e := fault(t, guarded.Check(t.Context())); e.Reason != "source.blocked" {
		t.Errorf("a private address: %v", e)
	}
}

func TestReleases(t *testing.T) {
	for address, want := range map[string]string{
		"https://github.com/bellerive/infuseur":                     "https://github.com/bellerive/infuseur/releases.atom",
		"http://www.GitHub.com/bellerive/infuseur.git/":             "https://github.com/bellerive/infuseur/releases.atom",
		"https://github.com/bellerive/infuseur/releases":            "https://github.com/bellerive/infuseur/releases.atom",
		"https://github.com/bellerive/infuseur/releases/tag/v1?a=b": "https://github.com/bellerive/infuseur/releases.atom",
		"https://github.com/bellerive/infuseur/releases.atom":       "",
		"https://github.com/bellerive/infuseur/commits/main.atom":   "",
		"https://github.com/bellerive":                              "",
		"https://github.com//x":                                     "",
		"https://github.com/x/.git":                                 "",
		"https://github.com.example/bellerive/infuseur":             "",
		"https://gist.github.com/bellerive/1":                       "",
		"::":                                                        "",
	} {
		if got, ok := github.Releases(address); got != want || ok != (want != "") {
			t.Errorf("%s = %q, %v", address, got, ok)
		}
	}
}

func FuzzReleases(f *testing.F) {
	f.Add("https://github.com/bellerive/infuseur")
	f.Add("https://github.com/a/../b/%2e%2e")
	f.Fuzz(func(t *testing.T, address string) {
		if feed, ok := github.Releases(address); ok && (!strings.HasPrefix(feed, "https://github.com/") || !strings.HasSuffix(feed, "/releases.atom")) {
			t.Errorf("%q = %q", address, feed)
		}
	})
}

// FuzzPoll: whatever is said, it is handed on plain, short and dated, once.
func FuzzPoll(f *testing.F) {
	f.Add("Title", "body\n> quoted <!-- hidden -->", "marie", "https://github.com/x", int64(-3600))
	f.Add("\u202e", strings.Repeat("é", 20_000), "a\u0000b", "javascript:x", int64(1<<40))
	f.Fuzz(func(t *testing.T, title, body, login, address string, seconds int64) {
		s := setup(t, github.Config{Repos: []string{ours}, Token: secret.Secret("github_pat_test")})
		at := s.clock.now().Add(time.Duration(seconds%(1<<31)) * time.Second)
		s.Say(githubfake.Said{Repo: ours, Number: 1, Title: title, Body: body, Login: login, Address: address, At: at})
		heard, err := s.poll()
		if err != nil || len(heard) > 1 {
			t.Fatal(heard, err)
		}
		for _, m := range heard {
			if m.Text == "" || len([]rune(m.Text)) > 10_001 || m.At.After(s.clock.now()) || strings.ContainsAny(m.Text+m.Author, "\u202e\u0000\r") ||
				m.URL != "" && !strings.HasPrefix(strings.ToLower(m.URL), "http") {
				t.Errorf("%+v", m)
			}
		}
	})
}
