package moderation

import (
	"errors"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// What one person may hide alone: what was found in the words, for a reason that
// is about it. Whoever wants to hide a criticism needs somebody else.
func TestMayAlone(t *testing.T) {
	for _, test := range []struct {
		reason              Reason
		insulting, personal bool
		want                bool
	}{
		{Insult, true, false, true}, {Threat, true, false, true}, {Personal, false, true, true},
		{Charter, true, false, true}, {Charter, false, true, true},
		// A negative message without any of it.
		{Insult, false, false, false}, {Threat, false, false, false}, {Personal, false, false, false},
		{Charter, false, false, false}, {Spam, false, false, false}, {False, false, false, false},
		// A reason that is about something else than what was found.
		{Insult, false, true, false}, {Personal, true, false, false},
		// An insult does not make the criticism in it one person's to hide.
		{False, true, true, false}, {Spam, true, true, false}, {"", true, true, false},
	} {
		c := Case{Insulting: test.insulting, Personal: test.personal}
		if got := mayAlone(c, Rule{Reason: test.reason}); got != test.want {
			t.Errorf("%q, insulting %v, personal %v: %v", test.reason, test.insulting, test.personal, got)
		}
	}
}

// Each choice in each stage: where it leads, or why not.
func TestDecide(t *testing.T) {
	proposal := func(c *Case) {
		c.Stage, c.Rule = Asked, &Rule{Reason: False}
		c.Acts = append(c.Acts, Act{What: Hide, By: "noa", At: noon})
	}
	stage := func(s Stage) func(*Case) { return func(c *Case) { c.Stage = s } }
	insulting := func(c *Case) { c.Insulting = true }
	falsehood, insult := Rule{Reason: False}, Rule{Reason: Insult}
	for name, test := range map[string]struct {
		given  func(*Case)
		choice Choice
		want   Stage
		err    error
	}{
		"an insult, alone":             {insulting, Choice{What: Hide, Rule: insult}, Hiding, nil},
		"a criticism":                  {nil, Choice{What: Hide, Rule: falsehood, Others: true}, Asked, nil},
		"a criticism called an insult": {nil, Choice{What: Hide, Rule: insult, Others: true}, Asked, nil},
		"a criticism, nobody to ask":   {nil, Choice{What: Hide, Rule: falsehood}, Waiting, ErrAlone},
		"proposed twice by one":        {proposal, Choice{What: Hide, By: "noa", Rule: insult, Others: true}, Asked, ErrOwn},
		"agreed with oneself":          {proposal, Choice{What: Agree, By: "noa", Others: true}, Asked, ErrOwn},
		"agreed by another":            {proposal, Choice{What: Agree, By: "morgan"}, Hiding, nil},
		"wanted by another too":        {proposal, Choice{What: Hide, By: "morgan", Rule: insult}, Hiding, nil},
		"agreed to nothing":            {stage(Asked), Choice{What: Agree, By: "morgan"}, Asked, ErrDecided},
		"one no is enough":             {proposal, Choice{What: Leave, By: "morgan"}, Left, nil},
		"taken back":                   {proposal, Choice{What: Leave, By: "noa"}, Left, nil},
		"asked":                        {nil, Choice{What: Ask, Others: true}, Asked, nil},
		"asked of nobody":              {nil, Choice{What: Ask}, Waiting, ErrAlone},
		"asked again":                  {proposal, Choice{What: Ask, Others: true}, Asked, ErrDecided},
		"left":                         {nil, Choice{What: Leave}, Left, nil},
		"changed their mind":           {stage(Hiding), Choice{What: Leave}, Left, nil},
		"hidden":                       {stage(Hiding), Choice{What: Done}, Hidden, nil},
		"hidden twice":                 {stage(Hidden), Choice{What: Done}, Hidden, ErrDecided},
		"left when it is hidden":       {stage(Hidden), Choice{What: Leave}, Hidden, ErrDecided},
		"to show again":                {stage(Hidden), Choice{What: Show}, Showing, nil},
		"shown again":                  {stage(Showing), Choice{What: Done}, Left, nil},
		"shown, never hidden":          {nil, Choice{What: Show}, Waiting, ErrDecided},
		"brought again":                {stage(Left), Choice{What: Keep}, Waiting, nil},
		"brought twice":                {nil, Choice{What: Keep}, Waiting, ErrDecided},
		"reported":                     {stage(Hidden), Choice{What: Report}, Hidden, nil},
		"reported twice":               {func(c *Case) { c.Reported = &Act{What: Report} }, Choice{What: Report}, Waiting, ErrDecided},
		"of no kind":                   {nil, Choice{What: "delete"}, Waiting, ErrDecided},
	} {
		t.Run(name, func(t *testing.T) {
			c := Case{Stage: Waiting, Acts: []Act{{What: Keep, By: "noa", At: noon}}}
			if test.given != nil {
				test.given(&c)
			}
			before := len(c.Acts)
			got, err := decide(c, test.choice, noon.Add(time.Hour))
			if !errors.Is(err, test.err) {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			if err != nil {
				return
			}
			if got.Stage != test.want {
				t.Errorf("stage %s, want %s", got.Stage, test.want)
			}
			if last := got.last(); last != (Act{test.choice.What, test.choice.By, noon.Add(time.Hour)}) || len(c.Acts) != before {
				t.Errorf("what was done: %v", got.Acts)
			}
			if hides := got.Stage == Hiding; hides && got.Rule == nil {
				t.Error("hidden without a reason")
			}
		})
	}
}

// The reason is the first one's: who agrees agrees with that.
func TestAgreedReason(t *testing.T) {
	c := Case{Stage: Waiting, Acts: []Act{{What: Keep}}}
	c, err := decide(c, Choice{What: Hide, By: "noa", Rule: Rule{Reason: Spam}, Others: true}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = decide(c, Choice{What: Hide, By: "morgan", Rule: Rule{Reason: False}, Others: true}, noon); err != nil || c.Rule.Reason != Spam {
		t.Errorf("%+v, %v", c.Rule, err)
	}
}

// Whatever is chosen in whatever order, nothing is hidden that nothing was found
// in unless two people wanted it.
func FuzzDecide(f *testing.F) {
	verbs := []Verb{Keep, Ask, Hide, Agree, Leave, Done, Show, Report}
	people := []string{"noa", "morgan", "sacha"}
	rules := []Reason{Personal, Threat, Insult, Spam, False, Charter}
	f.Add([]byte{2, 2, 3, 5})
	f.Add([]byte{1, 42, 43, 99, 17})
	f.Fuzz(func(t *testing.T, clicks []byte) {
		c := Case{Stage: Waiting, Acts: []Act{{What: Keep}}}
		wanted := map[string]bool{}
		for _, click := range clicks {
			n := int(click)
			choice := Choice{What: verbs[n%8], By: people[n/8%3], Rule: Rule{Reason: rules[n/24%6]}, Others: true}
			next, err := decide(c, choice, noon)
			if err != nil {
				continue
			}
			switch c = next; choice.What {
			case Hide, Agree:
				wanted[choice.By] = true
			case Leave, Keep:
				clear(wanted)
			}
			if (c.Stage == Hiding || c.Stage == Hidden) && len(wanted) < 2 {
				t.Fatalf("hidden by %v after %v", wanted, c.Acts)
			}
		}
	})
}
