package policy_test

import (
	"fmt"
	"testing"

	"crieur/approvals/policy"
)

func TestEvaluate(t *testing.T) {
	ok := func(who string, accounts ...string) policy.Decision {
		return policy.Decision{Member: who, Verdict: policy.Approve, Accounts: accounts}
	}
	one := policy.Policy{Needed: 1, Approvers: []string{"max", "ines"}}
	two := policy.Policy{Needed: 2, Approvers: []string{"max", "ines", "lea"}}
	alone := policy.Policy{Needed: 1, OwnWork: true, Approvers: []string{"lea"}}
	for _, test := range []struct {
		name      string
		policy    policy.Policy
		decisions []policy.Decision
		want      policy.Status
		missing   string
	}{
		{"nobody yet", one, nil, policy.Pending, "[max ines]"},
		{"one is enough", one, []policy.Decision{ok("max", "x", "ig")}, policy.Approved, "[ines]"},
		{"only one network", one, []policy.Decision{ok("max", "x")}, policy.Pending, "[ines]"},
		{"one's own word does not count", one, []policy.Decision{ok("lea", "x", "ig")}, policy.Pending, "[max ines]"},
		{"alone, one's own word counts", alone, []policy.Decision{ok("lea", "x", "ig")}, policy.Approved, "[]"},
		{"the same word twice is one", two, []policy.Decision{ok("max", "x", "ig"), ok("max", "x", "ig")}, policy.Pending, "[ines]"},
		{"two of three", two, []policy.Decision{ok("max", "x", "ig"), ok("ines", "x", "ig")}, policy.Approved, "[]"},
		{"author is never asked", two, nil, policy.Pending, "[max ines]"},
		{"a refusal wins over approvals", one, []policy.Decision{ok("max", "x", "ig"),
			{Member: "ines", Verdict: policy.Decline, Accounts: []string{"ig"}}}, policy.Refused, "[ines]"},
		{"a stranger's word does not count", one, []policy.Decision{ok("eve", "x", "ig")}, policy.Pending, "[max ines]"},
		{"no approval needed", policy.Policy{}, nil, policy.Approved, "[]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := policy.Evaluate(test.policy, "lea", []string{"x", "ig"}, test.decisions)
			if got.Status != test.want {
				t.Errorf("status %d, want %d: %+v", got.Status, test.want, got)
			}
			if missing := fmt.Sprint(got.Children[0].Missing); missing != test.missing {
				t.Errorf("missing %s, want %s", missing, test.missing)
			}
		})
	}
}
