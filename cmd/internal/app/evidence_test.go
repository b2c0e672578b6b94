package app_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"crieur/bot/archive"
	"crieur/bot/audit"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/cmd/internal/app"
	"crieur/commands/moderation"
)

// moderated keeps two messages of one author: "LAISSÉ" is left in sight, "MASQUÉ"
// is hidden.
func moderated(s *spaces) {
	s.t.Helper()
	space := s.options("one").Config.Space
	engine := &moderation.Engine{Space: space, NewToken: func(tx *state.Tx) string { return tx.NewID("token") }}
	for text, choices := range map[string][]moderation.Choice{
		"LAISSÉ": {{What: moderation.Leave, By: "noa"}},
		"MASQUÉ": {{What: moderation.Hide, By: "noa", Rule: moderation.Rule{Reason: moderation.Insult}}, {What: moderation.Done, By: "noa"}},
	} {
		_, err := state.Do(s.t.Context(), s.store("one"), text, time.Now(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			c, err := engine.Keep(ctx, tx, space.Brands[0], "noa", listen.Flagged{Insulting: true,
				Mention: listen.Mention{ID: text, Network: "Mastodon", Author: "@jo", Text: text, At: time.Now()}})
			for _, choice := range choices {
				if err == nil {
					_, err = engine.Decide(ctx, tx, c.ID, choice)
				}
			}
			return nil, err
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// Evidence is the brand's in an export, its author's to see, and stays where it
// may serve in law although they asked to be forgotten; the trail still names it.
func TestEvidence(t *testing.T) {
	s := newSpaces(t)
	moderated(s)
	for _, want := range []string{"LAISS", "MASQU", `"kind":"moderation"`} {
		if whole := s.export("one", "colibri"); !strings.Contains(whole, want) {
			t.Errorf("the brand’s export lacks %q", want)
		}
	}
	jo := archive.Dossier{Author: "jo"}
	about := func() string {
		var out bytes.Buffer
		if err := app.ExportPerson(t.Context(), s.options("one"), jo, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := about(); !strings.Contains(got, "LAISSÉ") || !strings.Contains(got, "MASQUÉ") || !strings.Contains(got, `"what":"moderation.left"`) {
		t.Errorf("what is kept about Jo: %s", got)
	}
	done, err := app.Forget(t.Context(), s.options("one"), jo)
	if err != nil || done.Records != 1 || done.Kept != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if got := about(); strings.Contains(got, "LAISSÉ") || !strings.Contains(got, "MASQUÉ") || !strings.Contains(got, `"what":"moderation.done"`) ||
		strings.Contains(got, `"what":"moderation.left"`) {
		t.Errorf("left of Jo: %s", got)
	}
	if disk := everything(t, s.client, "one"); strings.Contains(disk, "LAISSÉ") {
		t.Errorf("it is still in Redis:\n%s", disk)
	}
	if _, err := app.VerifyLive(t.Context(), s.options("one"), audit.Expect{}); err != nil {
		t.Error(err)
	}
}

// The indexes of moderation are known to the housekeeping.
func TestEvidenceIsTidied(t *testing.T) {
	if kind := app.KindOf("moderation:colibri"); kind != moderation.Kind {
		t.Errorf("the index holds %q", kind)
	}
}
