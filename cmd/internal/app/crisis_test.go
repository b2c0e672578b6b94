package app_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/archive"
	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/cmd/internal/app"
	"crieur/commands/crisis"
)

// crisisOf opens a crisis that Camille leads, with her words.
func crisisOf(s *spaces) {
	s.t.Helper()
	space := s.options("one").Config.Space
	engine := &crisis.Engine{Space: space, NewToken: func(tx *state.Tx) string { return tx.NewID("token") }}
	do := func(cause string, decide func(context.Context, *state.Tx) error) {
		if _, err := state.Do(s.t.Context(), s.store("one"), cause, time.Now(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			return nil, decide(ctx, tx)
		}); err != nil {
			s.t.Fatal(err)
		}
	}
	do("open", func(ctx context.Context, tx *state.Tx) error {
		_, err := engine.Open(ctx, tx, space.Brands[0], crisis.Opening{By: "camille", About: "COLIS", Lead: "camille"})
		return err
	})
	do("words", func(ctx context.Context, tx *state.Tx) error {
		_, err := engine.Replace(ctx, tx, "colibri/1", "camille", map[string]string{"fr": "TROUVÉS"}, nil)
		return err
	})
}

// A crisis and its words are the brand's in an export; who led it is nobody once
// they are forgotten, and the trail holds.
func TestCrisisIsKept(t *testing.T) {
	s := newSpaces(t)
	crisisOf(s)
	for _, want := range []string{"COLIS", "TROUV", `"kind":"crisis"`, `"kind":"crisiswords"`, `"kind":"crises"`, "crisis.worded"} {
		if whole := s.export("one", "colibri"); !strings.Contains(whole, want) {
			t.Errorf("the brand’s export lacks %q", want)
		}
	}
	camille := archive.Dossier{Member: "camille"}
	var about bytes.Buffer
	if err := app.ExportPerson(t.Context(), s.options("one"), camille, &about); err != nil || !strings.Contains(about.String(), "COLIS") || !strings.Contains(about.String(), "TROUV") {
		t.Errorf("what is known of Camille: %v\n%s", err, &about)
	}
	o := s.options("one")
	o.Config.Space.Members = slices.DeleteFunc(o.Config.Space.Members, func(m *brand.Member) bool { return m.ID == "camille" })
	if _, err := app.Forget(t.Context(), o, camille); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(s.export("one", ""), "\n") {
		if strings.Contains(line, `"kind":"cris`) && strings.Contains(line, "camille") {
			t.Errorf("it still names Camille: %s", line)
		}
	}
	if _, err := app.VerifyLive(t.Context(), o, audit.Expect{}); err != nil {
		t.Error(err)
	}
}
