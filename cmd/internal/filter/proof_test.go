package filter

import (
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/bot/text/proof"
)

func TestProof(t *testing.T) {
	in := strings.Join([]string{
		`{"id":1,"text":"Rendez-vous mercredi 26 novembre","when":"2026-11-24T18:00:00+01:00"}`,
		`{"id":"b","text":"Un texte sans faute."}`,
		`{"id":3,"text":"x","when":"jeudi"}`,
		`{"id":4,"text":"Un Iphone","words":["iPhone"]}`,
		`{"id":5,"text":"jeudi 27 novembre ce soir à 0 h","when":""}`,
	}, "\n")
	var out, errs strings.Builder
	today := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	if err := proofOn(today, strings.NewReader(in), &out, &errs, "fr"); !errors.Is(err, ErrBadLines) {
		t.Errorf("error %v", err)
	}
	want := `{"id":1,"problems":[{"start":12,"end":32,"rule":"date-weekday","level":"error","message":"Le 26 novembre 2026 est un jeudi, pas un mercredi.","fixes":["jeudi 26 novembre","mercredi 25 novembre"]}]}
{"id":"b","problems":[]}
{"id":4,"problems":[{"start":3,"end":9,"rule":"brand-casing","level":"warning","message":"La marque s’écrit « iPhone ».","fixes":["iPhone"]}]}
{"id":5,"problems":[{"start":0,"end":17,"rule":"date-weekday","level":"error","message":"Le 27 novembre 2026 est un vendredi, pas un jeudi.","fixes":["vendredi 27 novembre","jeudi 26 novembre"]},{"start":18,"end":31,"rule":"time-past","level":"warning","message":"0 h sera passé : sortie prévue à 00:00.","fixes":[]}]}
`
	if got := strings.ReplaceAll(out.String(), "\u00a0", " "); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !strings.HasPrefix(errs.String(), "line 3: ") {
		t.Errorf("reported %q", errs.String())
	}
}

func TestProofWithoutSchedule(t *testing.T) {
	var out strings.Builder
	if err := Proof(strings.NewReader(`{"id":1,"text":"Tout va bien."}`), &out, &strings.Builder{}, "fr"); err != nil || out.String() != "{\"id\":1,\"problems\":[]}\n" {
		t.Errorf("%q, error %v", out.String(), err)
	}
}

func TestProofRefusesALanguage(t *testing.T) {
	if err := Proof(strings.NewReader(""), &strings.Builder{}, &strings.Builder{}, "xx"); !errors.Is(err, proof.ErrLanguage) {
		t.Errorf("error %v", err)
	}
}
