package demo

import (
	"context"
	"errors"
	"slices"
	"testing"

	"crieur/bot/state"
	"crieur/bot/text/measure"
	"crieur/commands/drafting"
)

// written is a draft of the author's, with what was found in it.
func written(t *testing.T, d *Demo, id, text string) (drafting.Draft, drafting.Report) {
	t.Helper()
	b := d.space.Brands[0]
	var made drafting.Draft
	_, err := state.Do(t.Context(), d.store(), id, d.Clock.Now(), nil, func(ctx context.Context, tx *state.Tx) (_ []byte, err error) {
		made, err = d.app().Drafts.Create(ctx, tx, b, author, text)
		return nil, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return made, d.app().Drafts.Checks.Run(b, made)
}

// TestThreeTraps are those of the sample post, in both languages: a wrong
// weekday, words that a competitor has said, too long for X.
func TestThreeTraps(t *testing.T) {
	d := started(t)
	for _, lang := range []string{"fr", "en"} {
		if err := d.speak(t.Context(), lang); err != nil {
			t.Fatal(err)
		}
		draft, report := written(t, d, "traps-"+lang, d.catalog.For(lang, nil).T("demo.post"))
		if draft.Echo == nil || draft.Echo.Rival != "Thés Bellerive" || draft.Echo.At.Day() != 10 {
			t.Errorf("%s: the draft echoes %+v", lang, draft.Echo)
		}
		weekday := slices.ContainsFunc(report.Findings, func(f drafting.Finding) bool { return f.Proof != nil && f.Error() })
		long := slices.ContainsFunc(report.Lines, func(l drafting.Line) bool {
			return l.Account.ID == "x" && slices.ContainsFunc(l.Findings, func(f drafting.Finding) bool {
				return f.Measure != nil && f.Measure.Check == measure.TooLong
			})
		})
		if !weekday || !long {
			t.Errorf("%s: weekday %v, too long %v: %+v", lang, weekday, long, report)
		}
	}
}

// TestLinks tries what leads to the sample shop, and leaves the world alone.
func TestLinks(t *testing.T) {
	d := started(t)
	dead, alive := "https://www.maisoncolibri.fr/promo", "https://www.maisoncolibri.fr/noel"
	draft, _ := written(t, d, "links", "Nos liens : "+dead+" "+alive+" https://bellerive.example/noel")
	var kept drafting.Draft
	err := d.until(t.Context(), func(ctx context.Context, tx *state.Tx) (_ bool, err error) {
		kept, _, err = drafting.Get(ctx, tx, draft.ID)
		return len(kept.Links) == 2, err
	})
	if err != nil {
		t.Fatalf("tried %v: %v", kept.Links, err)
	}
	if kept.Links[dead].OK || kept.Links[dead].Reason != "source.link_gone" || !kept.Links[alive].OK {
		t.Errorf("tried %+v", kept.Links)
	}
	for _, elsewhere := range []string{"https://bellerive.example/noel", "http://127.0.0.1:1/", "https://www.maisoncolibri.fr.example/", "ftp://x", "%"} {
		if reason, err := d.links.Probe(t.Context(), elsewhere); !errors.Is(err, errElsewhere) {
			t.Errorf("%s was tried: %q, %v", elsewhere, reason, err)
		}
	}
}
