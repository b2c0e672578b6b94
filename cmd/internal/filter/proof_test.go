package filter

import (
	"errors"
	"strings"
	"testing"

	"crieur/bot/text/proof"
)

func TestProof(t *testing.T) {
	in := strings.Join([]string{
		`{"id":1,"text":"Rendez-vous mercredi 26 novembre","when":"2026-11-24T18:00:00+01:00"}`,
		`{"id":"b","text":"Un texte sans faute."}`,
		`{"id":3,"text":"x","when":"jeudi"}`,
		`{"id":4,"text":"Un Iphone","words":["iPhone"]}`,
	}, "\n")
	var out, errs strings.Builder
	if err := Proof(strings.NewReader(in), &out, &errs, "fr"); !errors.Is(err, ErrBadLines) {
		t.Errorf("error %v", err)
	}
	want := `{"id":1,"problems":[{"start":12,"end":32,"rule":"date-weekday","level":"error","message":"Le 26 novembre 2026 est un jeudi, pas un mercredi.","fixes":["jeudi 26 novembre","mercredi 25 novembre"]}]}
{"id":"b","problems":[]}
{"id":4,"problems":[{"start":3,"end":9,"rule":"brand-casing","level":"warning","message":"La marque s’écrit « iPhone ».","fixes":["iPhone"]}]}
`
	if got := strings.ReplaceAll(out.String(), "\u00a0", " "); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !strings.HasPrefix(errs.String(), "line 3: ") {
		t.Errorf("reported %q", errs.String())
	}
}

func TestProofRefusesALanguage(t *testing.T) {
	if err := Proof(strings.NewReader(""), &strings.Builder{}, &strings.Builder{}, "xx"); !errors.Is(err, proof.ErrLanguage) {
		t.Errorf("error %v", err)
	}
}
