package review

import (
	"strings"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/approvals/policy"
	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/i18n"
)

// Whoever approves sees every picture that leaves anywhere, in its lightest form.
func TestPictures(t *testing.T) {
	of := func(names string, size int64) (media []content.Media) {
		for _, name := range strings.Fields(names) {
			media = append(media, content.Media{Digest: name, Size: size})
		}
		return media
	}
	for name, test := range map[string]struct {
		parts [][]content.Media
		want  string
	}{
		"no parts":                 {nil, ""},
		"none":                     {[][]content.Media{nil, nil}, ""},
		"one network shows none":   {[][]content.Media{nil, of("a b", 9)}, "a b"},
		"one network takes fewer":  {[][]content.Media{of("a", 9), of("a b c", 9), of("a b", 9)}, "a b c"},
		"one network takes a copy": {[][]content.Media{of("a b", 9), of("la lb", 2), of("a b", 9)}, "la lb"},
		"fewer copies":             {[][]content.Media{of("la", 2), of("a b", 9)}, "a b"},
		"sizes that nobody told":   {[][]content.Media{of("a", 0), of("b", 0)}, "a"},
	} {
		var r approvals.Request
		for _, media := range test.parts {
			r.Parts = append(r.Parts, content.Part{Media: media})
		}
		var got []string
		for _, m := range pictures(r) {
			got = append(got, m.Digest)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// A card that is drawn again on a later day says on which one the post was approved.
func TestApprovedWhen(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 26, 15, 12, 0, 0, time.UTC)
	r := approvals.Request{Submission: approvals.Submission{Title: "Thé"}, Decisions: []approvals.Decision{
		{Decision: policy.Decision{Member: "morgan", Verdict: policy.Approve}, At: at}}}
	for days, want := range []string{"Validé par Morgan à 15\u00a0h\u00a012, inchangé depuis.",
		"Validé par Morgan jeudi 26\u00a0novembre à 15\u00a0h\u00a012, inchangé depuis."} {
		now := at.Add(time.Hour).AddDate(0, 0, days)
		card := live(bot.ViewRequest{Print: catalog.For("fr", time.UTC), Now: now, Brand: &brand.Brand{Zone: time.UTC},
			Space: &brand.Space{Members: []*brand.Member{{ID: "morgan", Name: "Morgan"}}}}, r, nil)
		if got := bottest.Plain(card); !strings.Contains(got, want) {
			t.Errorf("%d days later %q is missing in:\n%s", days, want, got)
		}
	}
}
