package filter_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"crieur/cmd/internal/filter"
)

func TestThemes(t *testing.T) {
	var in, out, errs bytes.Buffer
	for i, text := range []string{"Encore la bouilloire, toujours la même", "Vous vendez des bouilloires vertes ?", "RT @a: Encore la bouilloire, toujours la même",
		"Ma bouilloire <siffle> très fort le soir", "Où acheter cette bouilloire ?", "On m’a offert une bouilloire, hier", "Mon colis et la bouilloire"} {
		fmt.Fprintf(&in, "{\"id\":%d,\"text\":%q}\n", i, text)
	}
	in.WriteString("bad\n")
	err := filter.Themes(&in, &out, &errs)
	const want = `{"words":"bouilloire","forms":["bouilloire","bouilloires"],"texts":5,"other":1,"ids":[0,1,3,4,5]}` + "\n"
	if !errors.Is(err, filter.ErrBadLines) || !strings.HasPrefix(errs.String(), "line 8:") || out.String() != want {
		t.Errorf("wrote %s, %s, %v; want %s", out.String(), errs.String(), err, want)
	}
	if err := filter.Themes(strings.NewReader(""), &out, &errs); err != nil {
		t.Error(err)
	}
}
