package demo

import (
	"testing"

	"crieur/bot/text/learnt"
	"crieur/commands/mentions"
)

// atLeast is the share of the sample that Judge must call by its label.
const atLeast = 0.85

func sampleOf(t *testing.T) []sampled {
	t.Helper()
	all, err := loadSample()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSampleParts(t *testing.T) {
	all := sampleOf(t)
	if len(all) < 200 {
		t.Errorf("%d mentions, want at least 200", len(all))
	}
	for when, want := range map[string]int{morning: 5, stormy: 41, nightly: 61} {
		if got := len(between(all, when)); got != want {
			t.Errorf("%d mentions in part %s, want %d", got, when, want)
		}
	}
	ids, texts := map[string]bool{}, map[string]bool{}
	authors := map[string]bool{} // of the storm
	for _, s := range all {
		if ids[s.ID] || texts[s.Text] {
			t.Errorf("%s is there twice: %s", s.ID, s.Text)
		}
		ids[s.ID], texts[s.Text] = true, true
		if s.When == stormy {
			if authors[s.Author] {
				t.Errorf("%s complains twice in the storm", s.Author)
			}
			authors[s.Author] = true
		}
	}
	for i, want := range []string{"thanks", "question", "complaint", "complaint", "insult"} {
		if got := between(all, morning)[i].Kind; got != want {
			t.Errorf("conversation %d of the first round is %s, want %s", i+1, got, want)
		}
	}
}

// TestSampleJudged asks the bot's own judge about every mention.
func TestSampleJudged(t *testing.T) {
	space, err := Space()
	if err != nil {
		t.Fatal(err)
	}
	judge, err := mentions.NewJudge(space)
	if err != nil {
		t.Fatal(err)
	}
	all, right, urgent := sampleOf(t), 0, 0
	for _, s := range all {
		judged, about := judge.Judge(space.Brands[0], learnt.Models{}, s.mention(dayStart(space.Brands[0].Zone)))
		kind := string(judged.Kind)
		if !about {
			kind = "none"
		}
		if kind == s.Kind {
			right++
		} else {
			t.Logf("%s: %s, judged %s: %s", s.ID, s.Kind, kind, s.Text)
		}
		if judged.Critical != s.Critical || judged.Private != s.Private {
			t.Errorf("%s: critical %v, private %v: %s", s.ID, judged.Critical, judged.Private, s.Text)
		}
		if s.When == nightly && judged.Critical {
			urgent++
		}
		if s.When == stormy && (!judged.Negative || len(judged.Themes) == 0 || judged.Themes[0] != "livraison") {
			t.Errorf("%s is not seen as a complaint about delivery (%v, %v): %s", s.ID, judged.Kind, judged.Themes, s.Text)
		}
	}
	if urgent != 1 {
		t.Errorf("%d emergencies in the night, want 1", urgent)
	}
	if share := float64(right) / float64(len(all)); share < atLeast {
		t.Errorf("%d of %d judged as labelled, want %.0f %%", right, len(all), 100*atLeast)
	}
	t.Logf("%d of %d judged as labelled", right, len(all))
}
