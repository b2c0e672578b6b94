package team_test

import (
	"fmt"
	"strings"
	"testing"

	"crieur/bot/brand"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
)

func answerOf(of, id, text string) team.Answer {
	return team.Answer{Brand: of, Answer: brand.Answer{ID: id, Text: map[string]string{"fr": text}}}
}

// Answers that people wrote join those of the file, in every process, until they
// are retired; the file's stay, and another brand has its own.
func TestAnswers(t *testing.T) {
	space := configured()
	space.Brand("colibri").Answers = []brand.Answer{{ID: "file", Text: map[string]string{"fr": "du fichier"}}}
	store := statetest.NewMem()
	there := team.New(space, store)
	for i, step := range []struct {
		change func(team.Overlay) team.Overlay
		want   string
	}{
		{func(o team.Overlay) team.Overlay { return o.WithAnswer(answerOf("colibri", "a1", "un")) }, "du fichier false, un true"},
		{func(o team.Overlay) team.Overlay { return o.WithAnswer(answerOf("gone", "a2", "ailleurs")) }, "du fichier false, un true"},
		{func(o team.Overlay) team.Overlay { return o.WithAnswer(answerOf("colibri", "a3", "trois")) }, "du fichier false, un true, trois true"},
		{func(o team.Overlay) team.Overlay { return o.WithAnswer(answerOf("colibri", "a1", "deux")) }, "du fichier false, deux true, trois true"},
		{func(o team.Overlay) team.Overlay { return o.WithoutAnswer("colibri", "a1") }, "du fichier false, trois true"},
		{func(o team.Overlay) team.Overlay { return o.WithoutAnswer("gone", "a3") }, "du fichier false, trois true"},
	} {
		learn(t, store, fmt.Sprint("step", i), step.change)
		if err := there.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range there.Now().Brand("colibri").Answers {
			got = append(got, fmt.Sprint(a.Text["fr"], " ", a.Written))
		}
		if strings.Join(got, ", ") != step.want {
			t.Errorf("%d: %q, want %q", i, got, step.want)
		}
	}
	if file := space.Brand("colibri"); len(file.Answers) != 1 {
		t.Errorf("the brand of the file was changed: %v", file.Answers)
	}
}

// An overlay stays as it is when an answer joins, changes or leaves another one.
func TestAnswersAreCopies(t *testing.T) {
	first := team.Overlay{}.WithAnswer(answerOf("a", "a1", "un"))
	first.WithAnswer(answerOf("a", "a1", "deux"))
	first.WithoutAnswer("a", "a1")
	if len(first.Answers) != 1 || first.Answers[0].Text["fr"] != "un" {
		t.Errorf("the overlay has %+v now", first.Answers)
	}
}
