package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/archive"
	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/secret"
	"crieur/bot/state"
	"crieur/bot/team"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/config"
	"crieur/cmd/internal/demo"
	"crieur/commands/answers"
	"crieur/commands/mentions"
	"crieur/integrations/redis"
)

// spaces are spaces in one Redis, which tests look at as an operator does.
type spaces struct {
	t      *testing.T
	addr   string
	client goredis.UniversalClient
	key    *audit.Key
}

func newSpaces(t *testing.T) *spaces {
	t.Helper()
	s := &spaces{t: t, addr: miniredis.RunT(t).Addr()}
	s.client = goredis.NewClient(&goredis.Options{Addr: s.addr})
	t.Cleanup(func() { s.client.Close() })
	var err error
	if s.key, err = audit.ParseKey(secret.Secret(strings.Repeat("5e", 32))); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *spaces) store(space string) *redis.Store {
	s.t.Helper()
	store, err := redis.NewStore(s.t.Context(), s.client, space)
	if err != nil {
		s.t.Fatal(err)
	}
	return store
}

// world is the bot at work in a space, from a moment on.
func (s *spaces) world(space string, later time.Duration) *world {
	s.t.Helper()
	w := newWorld(s.t, s.store(space), none, 0)
	w.patience = time.Minute
	w.clock.Move(w.clock.Now().Add(later))
	return w
}

func (s *spaces) options(space string) app.SpaceOptions {
	s.t.Helper()
	sample, err := demo.Space()
	if err != nil {
		s.t.Fatal(err)
	}
	sample.ID = space
	return app.SpaceOptions{Config: &config.Config{Space: sample, RedisURL: secret.Secret("redis://" + s.addr), AuditKey: s.key},
		Log: slog.New(slog.DiscardHandler)}
}

func (s *spaces) export(space, brand string) string {
	s.t.Helper()
	var out bytes.Buffer
	if err := app.Export(s.t.Context(), s.options(space), brand, &out); err != nil {
		s.t.Fatal(err)
	}
	return out.String()
}

// morning is a post approved and a reply written, both with a minute to leave,
// and a complaint that waits.
func morning(s *spaces) {
	w := s.world("one", 0)
	defer func() {
		w.end()
		// The world has no key: what comes after it is signed, and all before with it.
		if _, err := s.store("one").Commit(context.Background(), state.Commit{Cause: "bell", Audit: []audit.Entry{{What: "bell.rung"}}}); err != nil {
			s.t.Error(err)
		}
	}()
	asked(w)
	w.click("morgan", "com", "Valider les 5")
	w.until("approved", func() error { return some(w.shown("morgan", "com", "Validé · Notre thé")) })
	w.hear("m1", "Mastodon", "@marie.d", "Vous livrez en Belgique ? @colibri")
	w.until("round", func() error {
		if len(w.shown("camille", "@camille", "Tournée 1 sur 1")) > 0 {
			return nil
		}
		return errors.Join(errors.New("not yet"), w.chat.Command("camille", "@camille", "mentions", ""))
	})
	w.click("camille", "@camille", "Répondre")
	w.until("answer", func() error {
		return w.chat.Submit("camille", map[string]string{"text": "Bonjour, oui, en trois jours."})
	})
	w.until("round over", func() error { return some(w.shown("camille", "@camille", "La tournée est finie")) })
	w.hear("m2", "Mastodon", "@tom", "Mon colis Colibri est perdu, c’est nul @colibri")
	w.until("handled", func() error {
		handled, err := s.store("one").Handled(context.Background())
		if err == nil && !handled {
			err = errors.New("not handled")
		}
		return err
	})
}

// What is exported and imported again is the same space, with everything paused:
// what was to leave meanwhile waits for people, one by one.
func TestExportImport(t *testing.T) {
	s := newSpaces(t)
	morning(s)
	exported := s.export("one", "")
	got, err := app.Import(t.Context(), s.options("two"), strings.NewReader(exported))
	if err != nil {
		t.Fatal(err)
	}
	if got.Posts != 5 || got.Replies != 1 || got.Broken != nil || got.Records < 20 || got.Header.Space != "one" {
		t.Errorf("%+v", got)
	}
	if _, err := app.Import(t.Context(), s.options("two"), strings.NewReader(exported)); !errors.Is(err, redis.ErrNotEmpty) {
		t.Errorf("imported over it: %v", err)
	}

	w := s.world("two", 10*time.Minute)
	defer w.end()
	for range 60 { // this chat counts its events from 1 again; those of before were done
		if err := w.chat.Command("noa", "@noa", "crieur", "aide"); err != nil {
			t.Fatal(err)
		}
	}
	w.until("resume", func() error {
		if len(w.told("morgan", "sont en retard")) > 0 {
			return nil
		}
		time.Sleep(300 * time.Millisecond) // what was due comes within a second
		err := w.chat.Click("morgan", "com", "Reprendre les posts")
		if err != nil {
			err = w.chat.Command("morgan", "com", "crieur", "reprendre")
		}
		return errors.Join(errors.New("nothing is late yet"), err)
	})
	if n := len(w.mastodon.all()) + len(w.bluesky.all()); n != 0 {
		t.Fatalf("%d left while everything was paused", n)
	}
	w.until("the conversation waits again", func() error {
		if err := some(w.shown("camille", "@camille", "Vous livrez en Belgique")); err == nil {
			return nil
		}
		return errors.Join(errors.New("not yet"), w.chat.Command("camille", "@camille", "mentions", ""))
	})
	w.click("morgan", "com", "Publier Mastodon")
	w.until("decided", func() error { return some(w.shown("morgan", "com", "[Annuler Mastodon]")) })
	w.clock.Move(w.clock.Now().Add(61 * time.Second))
	w.until("one left", func() error {
		if n := len(w.mastodon.all()) + len(w.bluesky.all()); n != 1 {
			return fmt.Errorf("%d left; told %q", n, w.chat.Private("morgan"))
		}
		return nil
	})
}

// After Redis was put back to a backup, a server starts with everything paused.
func TestServeHeld(t *testing.T) {
	s := newSpaces(t)
	c := newOutside(t).config(t)
	c.RedisURL = secret.Secret("redis://" + s.addr)
	server, err := app.Serve(t.Context(), app.ServeOptions{Config: c, Role: app.All, Held: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server.Stop()
	if exported := s.export(c.Space.ID, ""); !strings.Contains(exported, `"kind":"hold"`) || !strings.Contains(exported, `"active":true`) ||
		!strings.Contains(exported, `"what":"space.restored"`) {
		t.Error("it is not paused")
	}
	if err := s.client.Set(t.Context(), "cr:{"+c.Space.ID+"}:restoring", "1", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Serve(t.Context(), app.ServeOptions{Config: c, Role: app.All, Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, redis.ErrRestoring) {
		t.Errorf("it works with half an import: %v", err)
	}
}

// Every index of a space at work is known to the housekeeping, which takes
// nothing out of it that is there.
func TestTidyKnowsEveryIndex(t *testing.T) {
	s := newSpaces(t)
	morning(s)
	store := s.store("one")
	marks := map[string]int{}
	if _, err := store.Dump(t.Context(), func(line archive.Line) error {
		if line.Mark != nil {
			marks[line.Mark.Index]++
		}
		return nil
	}); err != nil || len(marks) < 5 {
		t.Fatalf("%v, %v", marks, err)
	}
	for index := range marks {
		if app.KindOf(index) == "" {
			t.Errorf("nobody tidies the index %q", index)
		}
	}
	if gone, err := store.Tidy(t.Context(), app.KindOf); err != nil || gone != 0 {
		t.Errorf("%d entries went of %v, %v", gone, marks, err)
	}
}

// A part of a brand is that brand's; its chain still holds.
func TestExportBrand(t *testing.T) {
	s := newSpaces(t)
	morning(s)
	o := s.options("one")
	if err := app.Export(t.Context(), o, "nobody", &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "no such brand") {
		t.Errorf("%v", err)
	}
	o.Config.Space.Brands = append(o.Config.Space.Brands, &brand.Brand{ID: "other"})
	var out bytes.Buffer
	if err := app.Export(t.Context(), o, "other", &out); err != nil {
		t.Fatal(err)
	}
	for _, leak := range []string{"Notre thé", "marie", "camille", `"record"`, `"what":"draft.`} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("another brand's export has %q", leak)
		}
	}
	mine := s.export("one", "colibri")
	for _, want := range []string{"Notre thé", "marie", "camille", `"what":"draft.`} {
		if !strings.Contains(mine, want) {
			t.Errorf("the brand's export lacks %q", want)
		}
	}
	for name, text := range map[string]string{"other": out.String(), "mine": mine} {
		report, err := audit.Verify(archive.Links(archive.Read(strings.NewReader(text))), audit.Expect{Keys: []string{s.key.Public()}})
		if err != nil || report.Links < 5 || (report.Excerpts == report.Links) != (name == "other") {
			t.Errorf("%s: %+v, %v", name, report, err)
		}
	}
	if got, err := app.Import(t.Context(), s.options("three"), strings.NewReader(mine)); err != nil || got.Posts != 5 {
		t.Errorf("%+v, %v", got, err)
	}
}

// What was added to a brand in conversation goes with it, and so do the pictures
// of its posts; another brand's do not.
func TestExportBrandAsTaught(t *testing.T) {
	s := newSpaces(t)
	from := s.store("one")
	pictures := map[string]string{}
	for _, brandID := range []string{"colibri", "other"} {
		digest, err := from.Files().Put(t.Context(), []byte("a picture of "+brandID))
		if err != nil {
			t.Fatal(err)
		}
		pictures[brandID] = digest
		_, err = state.Do(t.Context(), from, "teach "+brandID, time.Now(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			tx.Write(state.Write{Key: state.Key{Kind: "draft", ID: "of " + brandID}, Blind: true,
				Data: []byte(`{"schema":1,"body":{"brand":"` + brandID + `","media":[{"digest":"` + digest + `"}]}}`)})
			learnt, err := team.Get(ctx, tx)
			if err != nil {
				return nil, err
			}
			learnt = learnt.With(team.Person{ID: "noa", Lang: "fr"}).
				WithTheme(team.Theme{Brand: brandID, ID: "bouilloires", Words: []string{"bouilloire de " + brandID}})
			if err := team.Put(ctx, tx, learnt); err != nil {
				return nil, err
			}
			return nil, answered(ctx, tx, brandID, "noa")
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	mine := s.export("one", "colibri")
	if strings.Contains(mine, "other") {
		t.Errorf("another brand's is in it: %s", mine)
	}
	o := s.options("two")
	if got, err := app.Import(t.Context(), o, strings.NewReader(mine)); err != nil || got.Pictures != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	to := s.store("two")
	directory := team.New(o.Config.Space, to)
	if err := directory.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(directory.Now().Brand("colibri").Added); got != "map[bouilloires:[bouilloire de colibri]]" {
		t.Errorf("the topics that came: %s", got)
	}
	var ready []string
	for _, a := range directory.Now().Brand("colibri").Ready("fr", nil, time.Now()) {
		ready = append(ready, a.Text["fr"])
	}
	if !slices.Contains(ready, "Bonjour de colibri.") {
		t.Errorf("the ready answers that came: %q", ready)
	}
	if all, err := to.List(t.Context(), state.Range{Index: "answers:used:colibri", To: 1 << 53}); err != nil || len(all) != 1 {
		t.Errorf("the list of answers that came: %v, %v", all, err)
	}
	if _, err := to.Files().Open(t.Context(), pictures["colibri"]); err != nil {
		t.Error(err)
	}
	if _, err := to.Files().Open(t.Context(), pictures["other"]); !errors.Is(err, content.ErrNoFile) {
		t.Errorf("another brand's picture: %v", err)
	}
	whole, err := app.Import(t.Context(), s.options("three"), strings.NewReader(s.export("one", "")))
	if err != nil || whole.Pictures != 2 {
		t.Errorf("the whole space: %+v, %v", whole, err)
	}
}

func TestVerify(t *testing.T) {
	s := newSpaces(t)
	morning(s)
	text := s.export("one", "")
	file := filepath.Join(t.TempDir(), "export")
	verify := func(text string, want audit.Expect) (string, error) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		report, err := app.VerifyFile(file, want)
		var out bytes.Buffer
		err = app.WriteReport(&out, report, err)
		return out.String(), err
	}
	said, err := verify(text, audit.Expect{})
	if err != nil || !strings.Contains(said, "Signed up to the last one.") || !strings.Contains(said, s.key.Public()) {
		t.Errorf("%s, %v", said, err)
	}
	for from, to := range map[string]string{`"what":"request.approve"`: `"what":"request.decline"`, `"n":3,`: `"n":33,`} {
		tampered := strings.Replace(text, from, to, 1)
		if tampered == text {
			t.Fatalf("the export has no %s", from)
		}
		if said, err := verify(tampered, audit.Expect{}); !errors.Is(err, audit.ErrBroken) || !strings.Contains(said, "link(s) hold before it") {
			t.Errorf("%s: %s, %v", from, said, err)
		}
		got, err := app.Import(t.Context(), s.options(fmt.Sprint("broken", len(to))), strings.NewReader(tampered))
		if err == nil && !errors.Is(got.Broken, audit.ErrBroken) {
			t.Errorf("%s: imported as whole: %+v", from, got)
		}
	}
	live, err := app.VerifyLive(t.Context(), s.options("one"), audit.Expect{})
	if err != nil || live.Links < 5 || live.Signed != live.Links {
		t.Errorf("%+v, %v", live, err)
	}
	o := s.options("one")
	if o.Config.AuditKey, err = audit.ParseKey(secret.Secret(strings.Repeat("6f", 32))); err != nil {
		t.Fatal(err)
	}
	if _, err := app.VerifyLive(t.Context(), o, audit.Expect{}); !errors.Is(err, audit.ErrBroken) {
		t.Errorf("signed by an unknown key: %v", err)
	}
	if _, err := app.VerifyLive(t.Context(), o, audit.Expect{Keys: []string{s.key.Public()}}); err != nil {
		t.Errorf("signed by the key before: %v", err)
	}
	var out bytes.Buffer
	if err := app.WriteReport(&out, audit.Report{Links: 3, Excerpts: 1, Signed: 2}, nil); err != nil || !strings.Contains(out.String(), "Signed up to entry 2") ||
		!strings.Contains(out.String(), "1 of them") {
		t.Errorf("%s, %v", &out, err)
	}
}

// What a person asks to see is all that is about them, and nothing about others;
// once forgotten, nothing is left of them but entries that name nobody.
func TestPerson(t *testing.T) {
	s := newSpaces(t)
	morning(s)
	marie := archive.Dossier{Author: "marie.d"}
	person := func(who archive.Dossier) string {
		var out bytes.Buffer
		if err := app.ExportPerson(t.Context(), s.options("one"), who, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	about := person(marie)
	for _, want := range []string{"Vous livrez en Belgique", "en trois jours", `"what":"case.replied"`, `"who":"camille"`} {
		if !strings.Contains(about, want) {
			t.Errorf("what is kept about her lacks %q:\n%s", want, about)
		}
	}
	if strings.Contains(about, "@tom") || strings.Contains(about, "Notre thé") {
		t.Errorf("somebody else is in it:\n%s", about)
	}
	done, err := app.Forget(t.Context(), s.options("one"), marie)
	if err != nil || done.Records != 3 || done.Busy != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	if left := person(marie); left != "" {
		t.Errorf("left: %s", left)
	}
	whole := s.export("one", "")
	if strings.Contains(whole, "marie.d") || strings.Contains(whole, "Belgique") || !strings.Contains(whole, "@tom") {
		t.Error("she is still in it, or others are not")
	}
	if disk := everything(t, s.client, "one"); strings.Contains(disk, "marie.d") || strings.Contains(disk, "Belgique") {
		t.Errorf("she is still in Redis:\n%s", disk)
	}
	if report, err := app.VerifyLive(t.Context(), s.options("one"), audit.Expect{}); err != nil || report.Links < 5 {
		t.Errorf("%+v, %v", report, err)
	}
	w := s.world("one", 20*time.Second)
	defer w.end()
	// her conversation's card can still be drawn, and the bot goes on
	w.hear("m3", "Mastodon", "@marie.d", "Bonjour, et pour la Suisse ? @colibri")
	w.until("a new conversation", func() error {
		if len(w.told("noa", "la Suisse")) > 0 {
			return nil
		}
		return errors.Join(errors.New("not yet"), w.chat.Command("noa", "@noa", "mentions", "Suisse"))
	})
}

// answered writes a ready answer of a brand.
func answered(ctx context.Context, tx *state.Tx, brandID, by string) error {
	b := &brand.Brand{ID: brandID, Zone: time.UTC, Langs: []string{"fr"}}
	judge, err := mentions.NewJudge(&brand.Space{Brands: []*brand.Brand{b}})
	if err != nil {
		return err
	}
	e := &answers.Engine{Space: &brand.Space{Brands: []*brand.Brand{b}}, Themes: judge}
	_, err = e.Do(ctx, tx, b, "", answers.Choice{What: answers.Write, By: by,
		Words: answers.Words{Lang: "fr", Name: "Bonjour", Text: "Bonjour de " + brandID + "."}})
	return err
}

func TestForgetMember(t *testing.T) {
	s := newSpaces(t)
	morning(s)
	said := team.Person{ID: "camille", Lang: "en", Handles: map[string]string{"discord:G": "D-CAMILLE"}}
	if _, err := state.Do(t.Context(), s.store("one"), "said", time.Now(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		if err := team.Put(ctx, tx, team.Overlay{People: []team.Person{said, {ID: "noa", Lang: "fr"}}}); err != nil {
			return nil, err
		}
		return nil, answered(ctx, tx, "colibri", "camille")
	}); err != nil {
		t.Fatal(err)
	}
	camille := archive.Dossier{Member: "camille"}
	var about bytes.Buffer
	if err := app.ExportPerson(t.Context(), s.options("one"), camille, &about); err != nil || !strings.Contains(about.String(), "D-CAMILLE") {
		t.Errorf("what is known of Camille lacks what she said: %v\n%s", err, &about)
	}
	if _, err := app.Forget(t.Context(), s.options("one"), camille); !errors.Is(err, app.ErrStillMember) {
		t.Errorf("forgotten while of the team: %v", err)
	}
	o := s.options("one")
	o.Config.Space.Members = o.Config.Space.Members[1:]
	done, err := app.Forget(t.Context(), o, camille)
	if err != nil || done.Records < 5 {
		t.Fatalf("%+v, %v", done, err)
	}
	whole := s.export("one", "")
	for i, line := range strings.Split(whole, "\n") {
		if strings.Contains(line, "camille") && !strings.Contains(line, `"cause"`) && !strings.Contains(line, `"kind":"token"`) && !strings.Contains(line, `"policy"`) {
			t.Errorf("line %d: %s", i+1, line)
		}
	}
	if !strings.Contains(whole, "Bonjour de colibri.") || !strings.Contains(whole, `"owner":"former-`) || !strings.Contains(whole, `"by":"former-`) {
		t.Error("a ready answer went with who wrote it")
	}
	if !strings.Contains(whole, `"author":"former-`) {
		t.Error("the posts have no author")
	}
	if strings.Contains(whole, "D-CAMILLE") || !strings.Contains(whole, `"kind":"member"`) {
		t.Error("what Camille said of herself is kept, or what Noa said is not")
	}
	if report, err := app.VerifyLive(t.Context(), o, audit.Expect{}); err != nil || report.Links < 5 {
		t.Errorf("%+v, %v", report, err)
	}
}

// everything is all that Redis holds of a space, causes aside: those name a
// mention by its source's own identifier, for a week.
func everything(t *testing.T, client goredis.UniversalClient, space string) string {
	t.Helper()
	var all strings.Builder
	prefix := "cr:{" + space + "}:"
	for _, key := range client.Keys(t.Context(), prefix+"*").Val() {
		if strings.HasPrefix(key, prefix+"c:") || strings.HasPrefix(key, prefix+"seen:") {
			continue
		}
		var value any
		switch kind := client.Type(t.Context(), key).Val(); kind {
		case "hash":
			value = client.HGetAll(t.Context(), key).Val()
		case "zset":
			value = client.ZRange(t.Context(), key, 0, -1).Val()
		case "stream":
			value = client.XRange(t.Context(), key, "-", "+").Val()
		default:
			value = client.Get(t.Context(), key).Val()
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&all, key, string(text))
	}
	return all.String()
}
