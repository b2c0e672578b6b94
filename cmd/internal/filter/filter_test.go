package filter_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"crieur/cmd/internal/filter"
)

func upper(text filter.Text) (any, error) {
	if text.Text == "" {
		return nil, errors.New("no text")
	}
	return map[string]any{"id": text.ID, "text": strings.ToUpper(text.Text)}, nil
}

func TestTexts(t *testing.T) {
	for _, test := range []struct {
		name, in, out, errs string
		err                 error
	}{
		{name: "nothing", in: ""},
		{name: "order and ids kept", in: `{"id":2,"text":"é<b>"}` + "\n\n" + `{"id":"x","text":"b"}`,
			out: `{"id":2,"text":"É<B>"}` + "\n" + `{"id":"x","text":"B"}` + "\n"},
		{name: "bad lines named and skipped", in: "{\n" + `{"id":1,"text":""}` + "\r\n" + `{"id":3,"text":"c"}` + "\n",
			out: `{"id":3,"text":"C"}` + "\n", errs: "line 1: want", err: filter.ErrBadLines},
		{name: "too long", in: strings.Repeat("x", filter.MaxLine+2) + "\n" + `{"id":3,"text":"c"}`,
			out: `{"id":3,"text":"C"}` + "\n", errs: "line 1: longer", err: filter.ErrBadLines},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			err := filter.Texts(strings.NewReader(test.in), &out, &errs, upper)
			if !errors.Is(err, test.err) {
				t.Errorf("err = %v, want %v", err, test.err)
			}
			if out.String() != test.out {
				t.Errorf("out = %q, want %q", out.String(), test.out)
			}
			if !strings.HasPrefix(errs.String(), test.errs) {
				t.Errorf("errs = %q, want prefix %q", errs.String(), test.errs)
			}
		})
	}
}

// A filter in a pipe answers each line before the next one comes.
func TestTextsAnswersAsItGoes(t *testing.T) {
	in, feed := io.Pipe()
	answers, out := io.Pipe()
	go func() { out.CloseWithError(filter.Texts(in, out, io.Discard, upper)) }()
	buffer := make([]byte, 64)
	for range 2 {
		if _, err := io.WriteString(feed, `{"id":1,"text":"a"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		n, err := answers.Read(buffer)
		if err != nil || string(buffer[:n]) != `{"id":1,"text":"A"}`+"\n" {
			t.Fatalf("answer = %q, %v", buffer[:n], err)
		}
	}
	feed.Close()
}
