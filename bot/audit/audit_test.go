package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot/audit"
	"crieur/bot/secret"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func isPerson(kind, id string) bool {
	return kind == "case" || kind == "member" || slices.Contains([]string{"noa", "morgan"}, id)
}

func key(t testing.TB, digits string) *audit.Key {
	t.Helper()
	k, err := audit.ParseKey(secret.Secret(strings.Repeat(digits, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// chain seals entries in batches of the size given and returns the links.
func chain(t testing.TB, k *audit.Key, entries ...audit.Entry) []audit.Link {
	t.Helper()
	mem := statetest.NewMem()
	s := &audit.Sealer{Trail: mem, Personal: isPerson, Key: k}
	for i, entry := range entries {
		c := state.Commit{Cause: string(rune('a' + i)), Now: noon, Audit: []audit.Entry{entry}}
		if _, err := mem.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if i%2 == 1 || i == len(entries)-1 {
			if err := s.SealAll(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	var links []audit.Link
	for link, err := range mem.Chain(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		links = append(links, link)
	}
	return links
}

func all(links []audit.Link) iter.Seq2[audit.Link, error] {
	return func(yield func(audit.Link, error) bool) {
		for _, link := range links {
			if !yield(link, nil) {
				return
			}
		}
	}
}

func five() []audit.Entry {
	var entries []audit.Entry
	for _, what := range []string{"draft.edited", "request.opened", "request.approve", "post.claimed", "post.sent"} {
		entries = append(entries, audit.Entry{At: noon, Who: "noa", What: what, Brand: "colibri", Subject: "draft/d1",
			Detail: map[string]string{"account": "mastodon", "to": "morgan"}})
	}
	return entries
}

func TestVerifyNamesTheFirstBrokenLink(t *testing.T) {
	k, other := key(t, "01"), key(t, "02")
	set := func(at int, change func(*audit.Link)) func([]audit.Link) []audit.Link {
		return func(links []audit.Link) []audit.Link { change(&links[at]); return links }
	}
	for name, test := range map[string]struct {
		tamper func([]audit.Link) []audit.Link
		want   audit.Expect
		says   string // "" holds
	}{
		"untouched":                  {tamper: func(l []audit.Link) []audit.Link { return l }},
		"untouched, the key known":   {tamper: func(l []audit.Link) []audit.Link { return l }, want: audit.Expect{Keys: []string{k.Public()}}},
		"empty":                      {tamper: func([]audit.Link) []audit.Link { return nil }, want: audit.Expect{Keys: []string{k.Public()}}},
		"spaces in an entry":         {tamper: set(1, func(l *audit.Link) { l.Entry = json.RawMessage(" " + string(l.Entry) + "\n") })},
		"an excerpt":                 {tamper: set(1, func(l *audit.Link) { *l = l.Excerpt() })},
		"an entry changed":           {set(2, func(l *audit.Link) { l.Entry = swap(l.Entry, "approve", "decline") }), audit.Expect{}, "link 3: its entry was changed"},
		"an entry broken":            {set(2, func(l *audit.Link) { l.Entry = json.RawMessage("{") }), audit.Expect{}, "link 3: its entry was changed"},
		"an excerpt of another":      {set(2, func(l *audit.Link) { *l = fake(*l) }), audit.Expect{}, "link 3: it does not follow"},
		"a hash changed":             {set(0, func(l *audit.Link) { l.Hash = strings.Repeat("0", 64) }), audit.Expect{}, "link 1: it does not follow"},
		"the first taken away":       {func(l []audit.Link) []audit.Link { return l[1:] }, audit.Expect{}, "link 1: here stands link 2"},
		"one taken away":             {func(l []audit.Link) []audit.Link { return slices.Delete(l, 2, 3) }, audit.Expect{}, "link 3: here stands link 4"},
		"one twice":                  {func(l []audit.Link) []audit.Link { return slices.Insert(l, 3, l[2]) }, audit.Expect{}, "link 4: here stands link 3"},
		"two exchanged":              {func(l []audit.Link) []audit.Link { l[2], l[3] = l[3], l[2]; return l }, audit.Expect{}, "link 3: here stands link 4"},
		"numbers exchanged too":      {func(l []audit.Link) []audit.Link { l[2], l[3] = l[3], l[2]; l[2].N, l[3].N = 3, 4; return l }, audit.Expect{}, "link 3: it does not follow"},
		"a signature changed":        {set(3, func(l *audit.Link) { l.Sig = strings.Repeat("0", 128) }), audit.Expect{}, "link 4: its signature is wrong"},
		"a signature that is none":   {set(3, func(l *audit.Link) { l.Sig, l.Key = "x", "y" }), audit.Expect{}, "link 4: its signature is wrong"},
		"another key":                {func(l []audit.Link) []audit.Link { return l }, audit.Expect{Keys: []string{other.Public()}}, "link 2: an unknown key signed it: " + k.Public()},
		"signatures taken away":      {unsign, audit.Expect{Keys: []string{k.Public()}}, "nothing in it is signed"},
		"the end taken away":         {func(l []audit.Link) []audit.Link { return l[:4] }, audit.Expect{N: 5}, "it ends at link 4, and link 5 was there once"},
		"other than what was noted":  {func(l []audit.Link) []audit.Link { return l }, audit.Expect{N: 4, Hash: "0"}, "link 4: it is not the link that was noted"},
		"the end taken away, unseen": {tamper: func(l []audit.Link) []audit.Link { return l[:4] }},
	} {
		t.Run(name, func(t *testing.T) {
			links := test.tamper(chain(t, k, five()...))
			report, err := audit.Verify(all(links), test.want)
			switch {
			case test.says == "" && err != nil:
				t.Error(err)
			case test.says != "" && (!errors.Is(err, audit.ErrBroken) || !strings.Contains(err.Error(), test.says)):
				t.Errorf("%v, want %s", err, test.says)
			case test.says == "" && report.Links != int64(len(links)):
				t.Errorf("%+v", report)
			}
		})
	}
}

func swap(entry json.RawMessage, from, to string) json.RawMessage {
	return json.RawMessage(strings.ReplaceAll(string(entry), from, to))
}

// fake is an excerpt of something else.
func fake(l audit.Link) audit.Link {
	l.Entry, l.Digest = nil, strings.Repeat("0", len(l.Digest))
	return l
}

func unsign(links []audit.Link) []audit.Link {
	for i := range links {
		links[i].Key, links[i].Sig = "", ""
	}
	return links
}

func TestReport(t *testing.T) {
	links := chain(t, key(t, "01"), five()...)
	links[0] = links[0].Excerpt()
	report, err := audit.Verify(all(links), audit.Expect{})
	if err != nil || report.Links != 5 || report.Excerpts != 1 || report.Signed != 5 || report.Head != links[4].Hash || len(report.Keys) != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	if links[1].Sig == "" || links[2].Sig != "" {
		t.Error("not the last link of each batch is signed")
	}
	report, err = audit.Verify(all(chain(t, nil, five()...)), audit.Expect{})
	if err != nil || report.Signed != 0 || len(report.Keys) != 0 {
		t.Errorf("unsigned: %+v, %v", report, err)
	}
	broken := errors.New("disk")
	if _, err := audit.Verify(func(yield func(audit.Link, error) bool) { yield(audit.Link{}, broken) }, audit.Expect{}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// Rewriting the whole chain is found out by whoever knows the key.
func TestRewritten(t *testing.T) {
	entries := five()
	entries[2].What = "request.decline"
	forged := chain(t, key(t, "02"), entries...)
	if _, err := audit.Verify(all(forged), audit.Expect{}); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Verify(all(forged), audit.Expect{Keys: []string{key(t, "01").Public()}}); !errors.Is(err, audit.ErrBroken) {
		t.Errorf("%v", err)
	}
}

func TestPeopleAreVeiled(t *testing.T) {
	entry := audit.Entry{Who: "noa", What: "case.taken", Brand: "noa", Subject: "case/c4xyz",
		Detail: map[string]string{"to": "morgan", "from": "member/zoe", "account": "colibri/mastodon"}}
	link := chain(t, nil, entry)[0]
	sealed, ok, err := link.Open()
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	for _, person := range []string{"c4xyz", "morgan", "zoe", `who":"noa`} {
		if strings.Contains(string(link.Entry), person) {
			t.Errorf("%s is in %s", person, link.Entry)
		}
	}
	if sealed.Brand != "noa" || sealed.Detail["account"] != "colibri/mastodon" || !strings.HasPrefix(sealed.Subject, "case/~") ||
		!strings.HasPrefix(sealed.Detail["from"], "member/~") || sealed.What != "case.taken" {
		t.Errorf("%+v", sealed)
	}
	if got, ok, err := link.Excerpt().Open(); ok || err != nil || got.What != "" {
		t.Errorf("an excerpt has %+v, %v, %v", got, ok, err)
	}
	if timed, _, err := chain(t, nil, audit.Entry{What: "alert.opened", Subject: "theme/colibri/livraison/2026-11-26"})[0].Open(); err != nil ||
		timed.Who != "" || timed.Subject != "theme/colibri/livraison/2026-11-26" {
		t.Errorf("%+v, %v", timed, err)
	}
}

func TestUnveil(t *testing.T) {
	salts := audit.Salts{"noa": "s1", "c4xyz": "s2"}
	other := audit.Salts{"noa": "s3"}
	names := salts.Names()
	var noa, c4 string
	for veil, person := range names {
		if person == "noa" {
			noa = veil
		} else {
			c4 = veil
		}
	}
	got := audit.Unveil(audit.Entry{Who: noa, Subject: "case/" + c4, Detail: map[string]string{"to": noa, "x": "y"}}, names)
	if got.Who != "noa" || got.Subject != "case/c4xyz" || got.Detail["to"] != "noa" || got.Detail["x"] != "y" {
		t.Errorf("%+v", got)
	}
	if got := audit.Unveil(audit.Entry{Who: noa}, other.Names()); got.Who != noa {
		t.Errorf("another salt names %+v", got)
	}
}

func TestParseKey(t *testing.T) {
	for _, bad := range []secret.Secret{"", "xyz", "0102", secret.Secret(strings.Repeat("g", 64)), secret.Secret(strings.Repeat("0", 66))} {
		if _, err := audit.ParseKey(bad); !errors.Is(err, audit.ErrKey) {
			t.Errorf("%d digits: %v", len(bad), err)
		} else if bad != "" && strings.Contains(err.Error(), bad.Reveal()) {
			t.Errorf("the error repeats the key: %v", err)
		}
	}
	if a, b := key(t, "01").Public(), key(t, "02").Public(); a == b || len(a) != 64 {
		t.Errorf("%s %s", a, b)
	}
}

// One process seals; when it ends without a word, another takes over.
func TestSealerTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := statetest.NewMem()
		first, kill := context.WithCancel(t.Context())
		second, end := context.WithCancel(t.Context())
		defer end()
		defer kill()
		for _, one := range []struct {
			ctx   context.Context
			owner string
		}{{first, "a"}, {second, "b"}} {
			s := &audit.Sealer{Trail: mem, Owner: one.owner, Personal: isPerson, Log: slog.New(slog.DiscardHandler)}
			go s.Run(one.ctx)
			synctest.Wait()
		}
		for i := range 30 {
			if i == 10 {
				kill()
			}
			c := state.Commit{Cause: string(rune('a' + i)), Now: noon, Audit: []audit.Entry{{What: "x"}}}
			if _, err := mem.Commit(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		time.Sleep(2 * time.Second)
		if report, err := audit.Verify(mem.Chain(t.Context()), audit.Expect{}); err != nil || report.Links != 30 {
			t.Errorf("%+v, %v", report, err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	mem := statetest.NewMem()
	s := &audit.Sealer{Trail: mem, Personal: isPerson, Key: key(b, "01")}
	entries := slices.Repeat(five(), 20)
	for i := 0; b.Loop(); i++ {
		c := state.Commit{Cause: string(rune(i)), Now: noon, Audit: entries}
		if _, err := mem.Commit(b.Context(), c); err != nil {
			b.Fatal(err)
		}
		if err := s.SealAll(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(entries)*b.N)/b.Elapsed().Seconds(), "entries/s")
}
