package review

import (
	"fmt"
	"testing"

	"crieur/approvals"
	"crieur/bot/content"
)

// Words after the command choose among what waits, by title and text.
func TestSaying(t *testing.T) {
	request := func(id, title, text string) approvals.Request {
		return approvals.Request{ID: id, Submission: approvals.Submission{Title: title, Parts: []content.Part{{Posts: []string{text}}}}}
	}
	all := []approvals.Request{request("tea", "Thé de Noël", "Il est de retour."), request("chai", "Chai", "Du thé et des épices, à Noël."), request("mug", "Tasse", "En bleu.")}
	for text, want := range map[string]string{"": "[tea chai mug]", "noel": "[tea chai]", "NOËL épices": "[chai]", "retour": "[tea]", "café": "[]"} {
		var got []string
		for _, r := range saying(all, text) {
			got = append(got, r.ID)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
	if len(all) != 3 || all[0].ID != "tea" {
		t.Errorf("what waits changed: %v", all)
	}
}
