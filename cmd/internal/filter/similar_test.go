package filter_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"crieur/cmd/internal/filter"
)

func TestSimilar(t *testing.T) {
	corpus := `{"id":7,"text":"Toujours pas de réseau à Lyon depuis ce matin, merci Orange"}
{"id":"b","text":"Quelqu'un a testé le nouveau forfait de vingt gigas ?"}
`
	in := `{"id":"x","text":"Vu : toujours PAS de reseau à Lyon depuis ce matin, merci Orange"}
{"id":2,"text":"zzz"}
`
	want := `{"id":"x","nearest":7,"containment":1,"jaccard":0.9436619718309859,"copy":true,"passage":"toujours PAS de reseau à Lyon depuis ce matin, merci Orange"}
{"id":2,"nearest":null,"containment":0,"jaccard":0,"copy":false,"passage":""}
`
	var out, errs bytes.Buffer
	if err := filter.Similar(strings.NewReader(in), &out, &errs, write(t, corpus)); err != nil || out.String() != want || errs.Len() > 0 {
		t.Errorf("out = %s\nerrs = %s\nerr = %v", &out, &errs, err)
	}
	out.Reset()
	err := filter.Similar(strings.NewReader(`{"id":1,"text":"x"}`), &out, &errs, write(t, corpus+"{\n\n"+`{"text":"no id"}`+"\n"+`{"id":7,"text":"again"}`))
	if !errors.Is(err, filter.ErrBadLines) || !strings.HasPrefix(out.String(), `{"id":1,`) {
		t.Errorf("out = %s, err = %v", &out, err)
	}
	for _, want := range []string{"corpus line 3: want", "corpus line 5: no id", "corpus line 6: add text"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("errs = %s, want %q", &errs, want)
		}
	}
	if err := filter.Similar(strings.NewReader(""), &out, &errs, "no such file"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("err = %v", err)
	}
}

func TestEvalSimilar(t *testing.T) {
	pairs := `{"op":"case","label":1,"a":"toujours pas de réseau à Lyon","b":"TOUJOURS PAS DE RÉSEAU À LYON"}
{"op":"hard","label":0,"a":"le nouveau forfait est arrivé hier","b":"qui veut un nouveau téléphone demain"}
{"op":"hard","label":0,"a":"une copie qui n'en est pas une","b":"une copie qui n'en est pas une"}
{"op":"missed","label":1,"a":"un deux trois quatre cinq","b":"six sept huit neuf dix"}
`
	want := `op      pairs  copies  taken for copies  found among all
case    1      1       100.00 %          100.00 %
hard    2      0       50.00 %           -
missed  1      1       0.00 %            0.00 %

precision  50.00 %
recall     50.00 %
F1         50.00 %
`
	var out bytes.Buffer
	if err := filter.EvalSimilar(&out, write(t, pairs)); err != nil || out.String() != want {
		t.Errorf("out = %s\nerr = %v", &out, err)
	}
	if err := filter.EvalSimilar(&out, write(t, "[]")); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("err = %v", err)
	}
}
