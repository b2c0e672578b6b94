// Package policy decides whether a post may leave: it evaluates the approval
// steps of a brand over the decisions given, and returns a tree that explains
// itself, so that "why me?" and "what is missing?" are answered from the same
// place as the decision. It is pure: no clock, no store.
package policy

import "slices"

// Status is where a rule stands. The order matters: the worst one wins.
type Status int

const (
	Skipped  Status = iota // does not apply
	Approved               // satisfied
	Pending                // somebody still has to decide
	Refused                // somebody refused, or asked for changes
)

// Policy is what one post needs.
type Policy struct {
	// Needed is how many approvals; 0 needs none.
	Needed int
	// OwnWork lets the author's own approval count.
	OwnWork bool
	// Approvers are the members who may decide, by ID.
	Approvers []string
}

// Verdict is one member's word.
type Verdict string

const (
	Approve Verdict = "approve"
	Changes Verdict = "changes"
	Decline Verdict = "decline"
)

// Decision is what a member said about some accounts of a post.
type Decision struct {
	Member   string   `json:"member"`
	Verdict  Verdict  `json:"verdict"`
	Accounts []string `json:"accounts"`
}

// Result is a rule with how it stands, by whom, and who could still change that.
type Result struct {
	Name     string
	Status   Status
	Needed   int
	Given    []string // members who approved
	Missing  []string // members who could still
	Children []Result
}

// Evaluate says how a post of author stands for its accounts: approved when
// every account is.
func Evaluate(p Policy, author string, accounts []string, decisions []Decision) Result {
	root := Result{Name: "post", Status: Skipped, Needed: p.Needed}
	for _, account := range accounts {
		child := evaluateAccount(p, author, account, decisions)
		root.Children = append(root.Children, child)
		root.Status = max(root.Status, child.Status)
	}
	return root
}

func evaluateAccount(p Policy, author, account string, decisions []Decision) Result {
	result := Result{Name: account, Needed: p.Needed}
	for _, d := range decisions {
		if !slices.Contains(d.Accounts, account) {
			continue
		}
		switch {
		case d.Verdict != Approve:
			result.Status = Refused
			return result
		case !May(p, author, d.Member) || slices.Contains(result.Given, d.Member):
			// A word that does not count: one's own, twice, or of one who lost the role.
		default:
			result.Given = append(result.Given, d.Member)
		}
	}
	for _, member := range p.Approvers {
		if May(p, author, member) && !slices.Contains(result.Given, member) {
			result.Missing = append(result.Missing, member)
		}
	}
	result.Status = Pending
	if len(result.Given) >= p.Needed {
		result.Status = Approved
	}
	return result
}

// May says whether a member's approval counts for this author's post.
func May(p Policy, author, member string) bool {
	return slices.Contains(p.Approvers, member) && (member != author || p.OwnWork)
}
