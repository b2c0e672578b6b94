package filter_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"crieur/bot/text/measure"
	"crieur/cmd/internal/filter"
)

type lintAnswer struct {
	Network  string   `json:"network"`
	Length   int      `json:"length"`
	Limit    int      `json:"limit"`
	Unit     string   `json:"unit"`
	Parts    []string `json:"parts"`
	Problems []struct {
		Check, Level, Message, Fix string
		Start, End                 int
	} `json:"problems"`
}

func lint(t *testing.T, network, post string) lintAnswer {
	t.Helper()
	var out, errs bytes.Buffer
	if err := filter.Lint(strings.NewReader(post), &out, &errs, network); err != nil {
		t.Fatal(err)
	}
	if errs.Len() > 0 || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("out = %q, errs = %q", out.String(), errs.String())
	}
	var answer lintAnswer
	decoder := json.NewDecoder(&out)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// The whole answer, letter by letter: other programs read it.
func TestLintAnswer(t *testing.T) {
	var out bytes.Buffer
	if err := filter.Lint(strings.NewReader("Thé & 𝗰𝗼\r\n"), &out, io.Discard, "LinkedIn"); err != nil {
		t.Fatal(err)
	}
	want := `{"network":"linkedin","length":10,"limit":3000,"unit":"UTF-16 units","parts":["Thé & 𝗰𝗼"],` +
		`"problems":[{"check":"fake_letters","level":"error","start":6,"end":8,` +
		`"message":"Screen readers and searches can't read \"𝗰𝗼\".","fix":"Write \"co\"."}]}` + "\n"
	if out.String() != want {
		t.Errorf("got  %s\nwant %s", out.String(), want)
	}
}

func TestLintParts(t *testing.T) {
	post := strings.Repeat("Notre thé de Noël est de retour. ", 12)
	answer := lint(t, "x", post)
	if len(answer.Parts) != 2 || answer.Length != 396 || answer.Limit != 280 {
		t.Errorf("answer = %+v", answer)
	}
	if len(answer.Problems) != 1 || answer.Problems[0].Message != "Too long by 116 for x: 280 weighted characters at most." ||
		answer.Problems[0].Fix != "Shorten it, or post it in 2 parts." {
		t.Errorf("problems = %+v", answer.Problems)
	}
}

// What can't be split has no parts; neither has nothing. Both are lists all the same.
func TestLintWithoutParts(t *testing.T) {
	for _, post := range []string{"", "\n", strings.Repeat("a", 300)} {
		answer := lint(t, "x", post)
		if answer.Parts == nil || len(answer.Parts) > 0 || len(answer.Problems) == 0 {
			t.Errorf("answer to %.10q = %+v", post, answer)
		}
	}
	if answer := lint(t, "x", "Bonjour"); answer.Problems == nil || len(answer.Problems) > 0 {
		t.Errorf("answer = %+v", answer)
	}
}

// Every problem is said in words, and what to do about it too.
func TestLintSaysEachProblem(t *testing.T) {
	for _, test := range []struct {
		network, post string
		check         measure.Key
		message, fix  string
	}{
		{"x", "", measure.Empty, "nothing", "Write"},
		{"x", "a\xff", measure.Encoding, "encoding", "UTF-8"},
		{"x", strings.Repeat("a", 300), measure.TooLong, "by 20", "Shorten it."},
		{"x", strings.Repeat("a", 300), measure.TooLongWord, "alone", "break"},
		{"x", "𝗮", measure.FakeLetters, "𝗮", `"a"`},
		{"x", "a\u202E", measure.Invisible, "U+202E", "Remove"},
		{"youtube", "a<b", measure.Forbidden, `"<"`, "Remove"},
		{"instagram", strings.Repeat("#A ", 31), measure.Hashtags, "31 hashtags: instagram takes 30", "Remove 1."},
		{"threads", strings.Repeat("https://a.fr ", 7), measure.Links, "7 links: threads takes 5", "Remove 2."},
		{"x", strings.Repeat(".@a ", 51), measure.Mentions, "51 mentions: x takes 50", "Remove 1."},
		{"instagram", "a.fr", measure.DeadLink, "a.fr", "link in bio"},
		{"x", "a.fr", measure.LinkCost, "$0.200 instead of $0.015", "link"},
		{"x", "@a b", measure.ReplyTrap, "@a", "another word"},
		{"x", "#thédenoël", measure.HashtagCase, "#thédenoël", "capital"},
		{"x", "#L’été", measure.HashtagCut, "#L ", "apostrophe"},
		{"linkedin", strings.Repeat("Oui. ", 50) + "https://a.fr", measure.FoldHidesLink, "210", "Move"},
		{"instagram", strings.Repeat("oui ", 50), measure.FoldSentence, "125", "Shorten"},
	} {
		said := false
		for _, problem := range lint(t, test.network, test.post).Problems {
			if problem.Check != string(test.check) {
				continue
			}
			said = true
			if !strings.Contains(problem.Message, test.message) || !strings.Contains(problem.Fix, test.fix) {
				t.Errorf("%s says %q, %q", test.check, problem.Message, problem.Fix)
			}
		}
		if !said {
			t.Errorf("%s is not said", test.check)
		}
	}
}

func TestLintErrors(t *testing.T) {
	broken := errors.New("broken")
	for _, test := range []struct {
		name, network string
		in            io.Reader
		err           string
	}{
		{"unknown network", "linkdin", strings.NewReader("a"), `did you mean "linkedin"?`},
		{"broken input", "x", iotest.ErrReader(broken), "read post: broken"},
		{"endless input", "x", io.LimitReader(endless{}, filter.MaxLine+1), "read post: longer"},
	} {
		var out bytes.Buffer
		err := filter.Lint(test.in, &out, io.Discard, test.network)
		if err == nil || !strings.Contains(err.Error(), test.err) || out.Len() > 0 {
			t.Errorf("%s: %v, out %q", test.name, err, out.String())
		}
	}
	if err := filter.Lint(strings.NewReader("a"), brokenWriter{broken}, io.Discard, "x"); !errors.Is(err, broken) {
		t.Errorf("broken output: %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }
