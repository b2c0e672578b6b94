package approvals_test

import (
	"errors"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/approvals/policy"
	"crieur/bot/content"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func submission(number int, texts map[string]string, at time.Time) approvals.Submission {
	s := approvals.Submission{Draft: "d", Brand: "b", Author: "camille", Number: number, At: at}
	for _, account := range []string{"mastodon", "bluesky"} {
		if text, ok := texts[account]; ok {
			s.Parts = append(s.Parts, content.Part{Account: account, Posts: []string{text}})
		}
	}
	return s
}

func one() policy.Policy {
	return policy.Policy{Needed: 1, Approvers: []string{"camille", "morgan", "noa"}}
}

func both(text string) map[string]string {
	return map[string]string{"mastodon": text, "bluesky": text}
}

func TestDecide(t *testing.T) {
	open := approvals.Ask("r", submission(2, both("x"), time.Time{}), one(), nil, noon)
	approved, err := open.Decide("morgan", policy.Approve, 2, nil, "", noon)
	if err != nil || approved.Stage != approvals.Approved {
		t.Fatalf("%s, %v", approved.Stage, err)
	}
	for name, test := range map[string]struct {
		from   approvals.Request
		who    string
		number int
		want   error
	}{
		"one's own":      {open, "camille", 2, approvals.ErrOwnWork},
		"a stranger":     {open, "eve", 2, approvals.ErrNotAsked},
		"an older text":  {open, "morgan", 1, approvals.ErrChanged},
		"no text at all": {open, "morgan", 0, approvals.ErrChanged},
		"a late one":     {approved, "noa", 2, approvals.ErrClosed},
	} {
		got, err := test.from.Decide(test.who, policy.Approve, test.number, nil, "", noon)
		if !errors.Is(err, test.want) || len(got.Decisions) != len(test.from.Decisions) || got.Stage != test.from.Stage {
			t.Errorf("%s: %v, %+v", name, err, got)
		}
	}
	for verdict, stage := range map[policy.Verdict]approvals.Stage{policy.Changes: approvals.Changes, policy.Decline: approvals.Declined} {
		if got, err := open.Decide("noa", verdict, 2, nil, "non", noon); err != nil || got.Stage != stage {
			t.Errorf("%s: %s, %v", verdict, got.Stage, err)
		}
	}
}

// What was agreed is exactly that content, for that account, in that window.
func TestAllows(t *testing.T) {
	at := noon.Add(6 * time.Hour)
	r := approvals.Ask("r", submission(1, both("x"), at), one(), nil, noon)
	part := r.Parts[0]
	if r.Allows(part, at) {
		t.Error("allowed before anybody agreed")
	}
	r, err := r.Decide("morgan", policy.Approve, 1, []string{"mastodon"}, "", noon)
	if err != nil || r.Stage != approvals.Open {
		t.Fatalf("%s, %v", r.Stage, err)
	}
	other := part
	other.Posts = []string{"y"}
	withdrawn, err := r.Withdraw()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		r    approvals.Request
		part content.Part
		at   time.Time
		want bool
	}{
		"as agreed":             {r, part, at, true},
		"moved the same day":    {r, part, noon.Add(time.Hour), true},
		"the end of the window": {r, part, at.Add(12 * time.Hour), true},
		"after the window":      {r, part, at.Add(12*time.Hour + 1), false},
		"before it was asked":   {r, part, noon.Add(-time.Second), false},
		"other words":           {r, other, at, false},
		"the other account":     {r, r.Parts[1], at, false},
		"withdrawn":             {withdrawn, part, at, false},
	} {
		if got := test.r.Allows(test.part, test.at); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, err := withdrawn.Withdraw(); !errors.Is(err, approvals.ErrClosed) {
		t.Errorf("withdrawn twice: %v", err)
	}
}

// An approval "as soon as possible" that comes two days later still lets it leave.
func TestWindowOpensWithALateApproval(t *testing.T) {
	r := approvals.Ask("r", submission(1, both("x"), time.Time{}), one(), nil, noon)
	later := noon.Add(48 * time.Hour)
	r, err := r.Decide("morgan", policy.Approve, 1, nil, "", later)
	if err != nil || !r.Allows(r.Parts[0], later.Add(time.Minute)) || r.Allows(r.Parts[0], later.Add(13*time.Hour)) {
		t.Errorf("%v, window %v", err, r.Window)
	}
}

// An edit voids what it touched, and only that.
func TestEditVoids(t *testing.T) {
	r := approvals.Ask("r", submission(1, both("x"), noon.Add(time.Hour)), one(), nil, noon)
	r, err := r.Decide("morgan", policy.Approve, 1, nil, "", noon)
	if err != nil {
		t.Fatal(err)
	}
	edited := approvals.Ask("r", submission(2, map[string]string{"mastodon": "y", "bluesky": "x"}, noon.Add(time.Hour)), one(), &r, noon)
	if edited.Stage != approvals.Open || edited.Allows(edited.Parts[0], noon.Add(time.Hour)) || !edited.Allows(edited.Parts[1], noon.Add(time.Hour)) {
		t.Errorf("after an edit: %+v", edited)
	}
	same := approvals.Ask("r", submission(2, both("x"), noon.Add(2*time.Hour)), one(), &r, noon)
	if same.Stage != approvals.Approved {
		t.Errorf("moved the same day: %s", same.Stage)
	}
	// a refusal is of the text it was about
	refused, err := edited.Decide("noa", policy.Changes, 2, nil, "non", noon)
	if err != nil {
		t.Fatal(err)
	}
	if again := approvals.Ask("r", submission(3, both("z"), time.Time{}), one(), &refused, noon); again.Stage != approvals.Open {
		t.Errorf("after changes: %s", again.Stage)
	}
	if r.Stage != approvals.Approved || len(r.Decisions[0].Accounts) != 2 {
		t.Errorf("the earlier request was changed: %+v", r)
	}
}

// A time inside what was agreed voids nothing; outside, everything is asked
// again. Moving step by step leads no further than one move does.
func TestMoveVoids(t *testing.T) {
	at := noon.Add(6 * time.Hour)
	agreed, err := approvals.Ask("r", submission(1, both("x"), at), one(), nil, noon).Decide("morgan", policy.Approve, 1, nil, "", noon)
	if err != nil {
		t.Fatal(err)
	}
	asap, err := approvals.Ask("r", submission(1, both("x"), time.Time{}), one(), nil, noon).Decide("morgan", policy.Approve, 1, nil, "", noon)
	if err != nil {
		t.Fatal(err)
	}
	move := func(r approvals.Request, to time.Time) approvals.Request {
		return approvals.Ask("r", submission(r.Number+1, both("x"), to), one(), &r, noon)
	}
	for name, test := range map[string]struct {
		got  approvals.Request
		want approvals.Stage
	}{
		"earlier the same day":       {move(agreed, noon.Add(time.Hour)), approvals.Approved},
		"to the end of the window":   {move(agreed, at.Add(12*time.Hour)), approvals.Approved},
		"past the end":               {move(agreed, at.Add(12*time.Hour+time.Second)), approvals.Open},
		"to next week":               {move(agreed, at.Add(7*24*time.Hour)), approvals.Open},
		"in two steps":               {move(move(agreed, at.Add(11*time.Hour)), at.Add(22*time.Hour)), approvals.Open},
		"back and forth":             {move(move(agreed, at.Add(11*time.Hour)), at), approvals.Approved},
		"there and back":             {move(move(agreed, at.Add(48*time.Hour)), at), approvals.Open},
		"to as soon as possible":     {move(agreed, time.Time{}), approvals.Approved},
		"from as soon as possible":   {move(asap, noon.Add(2*time.Hour)), approvals.Approved},
		"from there to another week": {move(asap, noon.Add(200*time.Hour)), approvals.Open},
		"no time either way":         {move(asap, time.Time{}), approvals.Approved},
	} {
		if test.got.Stage != test.want {
			t.Errorf("%s: %s, window %v", name, test.got.Stage, test.got.Window)
		}
		if part := test.got.Parts[0]; !test.got.At.IsZero() && test.got.Allows(part, test.got.At) != (test.want == approvals.Approved) {
			t.Errorf("%s: allowed %v", name, test.got.Allows(part, test.got.At))
		}
	}
}

func TestDeadline(t *testing.T) {
	for name, test := range map[string]struct{ in, want time.Duration }{
		"in good time": {6 * time.Hour, 4*time.Hour + 30*time.Minute}, "soon": {time.Hour, time.Hour},
	} {
		r := approvals.Ask("r", submission(1, both("x"), noon.Add(test.in)), one(), nil, noon)
		if got := r.Deadline.Sub(noon); got != test.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// What nobody decided in time is over; what was agreed of it by then, and what
// was decided, stays as it is.
func TestExpire(t *testing.T) {
	at := noon.Add(6 * time.Hour)
	open := approvals.Ask("r", submission(1, both("x"), at), one(), nil, noon)
	decide := func(verdict policy.Verdict, accounts ...string) approvals.Request {
		r, err := open.Decide("morgan", verdict, 1, accounts, "", noon)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for name, test := range map[string]struct {
		from  approvals.Request
		after time.Duration
		want  approvals.Stage
	}{
		"before its time":        {open, -time.Minute, approvals.Open},
		"at its time":            {open, 0, approvals.Open},
		"a little late":          {open, 14 * time.Minute, approvals.Open},
		"too late":               {open, 15 * time.Minute, approvals.Expired},
		"much too late":          {open, 100 * time.Hour, approvals.Expired},
		"agreed in part":         {decide(policy.Approve, "bluesky"), time.Hour, approvals.Expired},
		"agreed":                 {decide(policy.Approve), time.Hour, approvals.Approved},
		"sent back":              {decide(policy.Changes), time.Hour, approvals.Changes},
		"as soon as it can":      {approvals.Ask("r", submission(1, both("x"), time.Time{}), one(), nil, noon), 100 * time.Hour, approvals.Open},
		"moved to another time":  {approvals.Ask("r", submission(2, both("x"), at.Add(2*time.Hour)), one(), &open, noon), time.Hour, approvals.Open},
		"moved, and missed then": {approvals.Ask("r", submission(2, both("x"), at.Add(2*time.Hour)), one(), &open, noon), 3 * time.Hour, approvals.Expired},
	} {
		got, err := test.from.Expire(at.Add(test.after))
		if got.Stage != test.want || errors.Is(err, approvals.ErrClosed) == (got.Stage == approvals.Expired) {
			t.Errorf("%s: %s, %v", name, got.Stage, err)
		}
		if got.Stage != approvals.Expired {
			continue
		}
		if _, err := got.Decide("morgan", policy.Approve, got.Number, nil, "", at); !errors.Is(err, approvals.ErrClosed) {
			t.Errorf("%s: decided after all: %v", name, err)
		}
		if again := approvals.Ask("r", submission(9, both("x"), at.Add(200*time.Hour)), one(), &got, at); again.Stage != approvals.Open {
			t.Errorf("%s: asked again: %s", name, again.Stage)
		}
		for _, part := range got.Parts {
			if agreed := name == "agreed in part" && part.Account == "bluesky"; got.Allows(part, at) != agreed {
				t.Errorf("%s: %s may leave: %v", name, part.Account, !agreed)
			}
		}
	}
}
