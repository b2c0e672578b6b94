package app

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/secret"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/cmd/internal/config"
	"crieur/integrations/source/github/githubfake"
)

// hub is GitHub, played, with one issue, and a configuration that reads it.
func hub(t *testing.T, token string) (*githubfake.Server, *config.Config) {
	t.Helper()
	server := githubfake.New()
	t.Cleanup(server.Close)
	server.Say(githubfake.Said{Repo: "colibri/minuteur", Number: 1, Login: "marie", Title: "Il s’arrête", At: time.Now().Add(-time.Hour)})
	return server, &config.Config{Space: &brand.Space{ID: "s", Brands: []*brand.Brand{{ID: "b", Name: "B"}}}, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		GitHub: []config.GitHub{{Brand: "b", Name: "depot", Repos: []string{"colibri/minuteur"}, Query: `"maison colibri"`,
			Token: secret.Secret(token), APIURL: server.URL()}}}
}

func catalogOf(t *testing.T) *i18n.Catalog {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}

// TestPollingGitHub reads, is shown only a part, and is refused.
func TestPollingGitHub(t *testing.T) {
	server, c := hub(t, "github_pat_test")
	store := &broken{Mem: statetest.NewMem(), left: 100}
	reader := &polling{inbox: door{store}, repos: reposOf(c), allow: c.Allow, now: time.Now}
	order := poll.Poll{ID: "github-b-depot", Brand: "b", What: heardFrom}

	server.Set(func(f *githubfake.Server) { f.Incomplete = true })
	receipt, err := reader.Send(t.Context(), effectOf(t, order), outbox.Attempt{})
	if err != nil || receipt.Status != outbox.Failed || receipt.Reason != poll.Part || receipt.Args["Name"] != "GitHub" {
		t.Errorf("a part: %+v, %v", receipt, err)
	}
	if left := 100 - store.left; left != 1 {
		t.Errorf("%d entered of what was shown", left)
	}
	server.Set(func(f *githubfake.Server) { f.Incomplete = false })
	receipt, err = reader.Send(t.Context(), effectOf(t, order), outbox.Attempt{})
	if err != nil || receipt.Status == outbox.Failed || receipt.Ref == "" || receipt.Args["delay"] != "600000" {
		t.Errorf("all of it: %+v, %v", receipt, err)
	}
	server.Set(func(f *githubfake.Server) { f.Token = "another" })
	receipt, err = reader.Send(t.Context(), effectOf(t, order), outbox.Attempt{})
	if err != nil || receipt.Reason != "source.github_key" {
		t.Errorf("a token that is over: %+v, %v", receipt, err)
	}
	if reader.Patience() <= outbox.SendWithin {
		t.Error("several calls have the time of one")
	}
}

// TestFollowGitHub reads what is configured, from the beginning when it changes.
func TestFollowGitHub(t *testing.T) {
	_, c := hub(t, "github_pat_test")
	store, now := statetest.NewMem(), time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	follows := func() []poll.Poll {
		t.Helper()
		now = now.Add(time.Minute)
		if err := follow(t.Context(), store, c, now); err != nil {
			t.Fatal(err)
		}
		all, err := poll.All(t.Context(), state.Begin(store, "look", now), "b")
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	first := follows()
	if len(first) != 1 || first[0].Name != "GitHub (depot)" || first[0].What != heardFrom {
		t.Fatalf("reads %+v", first)
	}
	c.GitHub[0].Token = "a new one"
	if again := follows(); again[0].Address != first[0].Address {
		t.Error("a new token begins anew")
	}
	c.GitHub[0].Repos = append(c.GitHub[0].Repos, "colibri/recettes")
	if again := follows(); again[0].Address == first[0].Address {
		t.Error("another repository does not begin anew")
	}
	c.GitHub = nil
	if left := follows(); len(left) != 0 {
		t.Errorf("still reads %+v", left)
	}
}

// TestRivalFeed: a repository is read by its releases, anything else as it is.
func TestRivalFeed(t *testing.T) {
	releases := rivalFeed("infuseur", "https://github.com/bellerive/infuseur", nil, nil)
	if releases.URL != "https://github.com/bellerive/infuseur/releases.atom" || releases.Kind != "release" {
		t.Errorf("a repository is %+v", releases)
	}
	if blog := rivalFeed("bellerive", "https://bellerive.example/rss", nil, nil); blog.URL != "https://bellerive.example/rss" || blog.Kind != "" {
		t.Errorf("a blog is %+v", blog)
	}
}

// TestSourceFindings: the doctor says what GitHub says, without the token.
func TestSourceFindings(t *testing.T) {
	catalog := catalogOf(t)
	for token, want := range map[string]string{
		"github_pat_test": "GitHub depot: can be read.",
		"github_pat_over": "GitHub depot: GitHub no longer accepts our access key: nothing was read.",
	} {
		_, c := hub(t, token)
		var out strings.Builder
		problems := WriteFindings(&out, sourceFindings(t.Context(), c, catalog))
		if !strings.Contains(out.String(), want) || strings.Contains(out.String(), token) || (problems > 0) != (token == "github_pat_over") {
			t.Errorf("%d problems\n%s", problems, &out)
		}
	}
}

// TestBlind says what cannot be seen, in the words for a source that is silent
// and for one that shows a part.
func TestBlind(t *testing.T) {
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	store := statetest.NewMem()
	_, err := state.Do(t.Context(), store, "polls", now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		return nil, errors.Join(
			poll.Begin(ctx, tx, poll.Poll{ID: "a", Brand: "b", Name: "Reddit", Since: now.Add(-2 * time.Hour), Reason: "source.down"}),
			poll.Begin(ctx, tx, poll.Poll{ID: "b", Brand: "b", Name: "GitHub (depot)", Since: now.Add(-2 * time.Hour), Reason: poll.Part}),
			poll.Begin(ctx, tx, poll.Poll{ID: "c", Brand: "b", Name: "Blog", Since: now.Add(-time.Minute), Reason: "source.down"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := blind(t.Context(), state.Begin(store, "look", now), &brand.Brand{ID: "b"}, now, catalogOf(t).For("fr", time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	said := strings.NewReplacer("\u00a0", " ").Replace(strings.Join(lines, "\n"))
	if want := "Ce que je ne vois pas : Reddit ne répond plus depuis 7 h 00\nCe que je ne vois pas : une partie de GitHub (depot), depuis 7 h 00"; said != want {
		t.Errorf("said\n%s", said)
	}
}
