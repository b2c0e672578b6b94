// Package approvals is the agreement before a post leaves: a Request over one
// version of a post, the Decisions given, and what they allow. What is agreed is
// exact: the fingerprints of the parts and a window of time. Any edit makes a
// new version, and the agreement of the parts that it touched is void.
//
// The functions that decide are pure; Table keeps requests. It does not know
// how it is shown (commands/review) nor what publishing is (commands/calendar).
package approvals

import (
	"errors"
	"slices"
	"time"

	"crieur/approvals/policy"
	"crieur/bot/content"
	"crieur/bot/state"
)

// What can be wrong with a decision. Nothing changes then.
var (
	ErrOwnWork  = errors.New("one's own work needs another pair of eyes")
	ErrNotAsked = errors.New("not an approver of this post")
	ErrClosed   = errors.New("already decided")
	ErrChanged  = errors.New("the post changed since it was shown")
)

// Stage is where a request stands.
type Stage string

const (
	Open      Stage = "open"
	Approved  Stage = "approved"
	Changes   Stage = "changes"
	Declined  Stage = "declined"
	Withdrawn Stage = "withdrawn"
	// Expired is what nobody decided in time. What was agreed of it by then stays
	// agreed.
	Expired Stage = "expired"
)

// Window is when what was agreed may leave: not before, not after.
type Window struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// Holds says whether t is inside.
func (w Window) Holds(t time.Time) bool { return !t.Before(w.From) && !t.After(w.Until) }

// Submission is what is put up for approval: one version of a post.
type Submission struct {
	Draft  string         `json:"draft"`
	Brand  string         `json:"brand"`
	Author string         `json:"author"`
	Title  string         `json:"title"`
	Number int            `json:"number"` // of the version
	Parts  []content.Part `json:"parts"`
	// At is when it should leave; zero is as soon as it is approved.
	At time.Time `json:"at,omitzero"`
	// Problems and Hints count what the checks found.
	Problems int `json:"problems,omitempty"`
	Hints    int `json:"hints,omitempty"`
	// Worded says that a model proposed words of it, which its author read and took.
	Worded bool `json:"worded,omitempty"`
}

// Request is an approval in progress over one submission.
type Request struct {
	ID string `json:"id"`
	Submission
	Policy policy.Policy `json:"policy"`
	Stage  Stage         `json:"stage"`
	Window Window        `json:"window"`
	// Deadline is by when it should be decided, as its card says; see Deadline.
	Deadline time.Time `json:"deadline"`
	AskedAt  time.Time `json:"asked_at"`
	// First is the version that was asked about first: later ones say that they
	// were edited since.
	First     int        `json:"first"`
	Decisions []Decision `json:"decisions,omitempty"`
}

// Decision is what one member said, when, and about exactly which content.
type Decision struct {
	policy.Decision
	At      time.Time `json:"at"`
	Comment string    `json:"comment,omitempty"`
	// Fingerprints are the content that the decision is about, by account.
	Fingerprints map[string]string `json:"fingerprints"`
}

// Table keeps requests by ID.
var Table = state.Table[Request]{Kind: "request", Schema: 1, Keep: state.KeepPosts}

// Accounts returns the accounts of the parts, in order.
func (s Submission) Accounts() []string {
	accounts := make([]string, len(s.Parts))
	for i, part := range s.Parts {
		accounts[i] = part.Account
	}
	return accounts
}

// Part returns the part of an account.
func (s Submission) Part(account string) (content.Part, bool) {
	for _, part := range s.Parts {
		if part.Account == account {
			return part, true
		}
	}
	return content.Part{}, false
}

// windowLength is how long after its planned time an approved post may still
// leave without another look; a move inside it voids nothing.
const windowLength = 12 * time.Hour

// Ask opens a request. Decisions of an earlier request stay valid for the parts
// whose content did not change, if the new time is inside what was agreed: prior
// is that request, nil if there is none. Its deadline does not know yet when who is
// asked works.
func Ask(id string, s Submission, p policy.Policy, prior *Request, now time.Time) Request {
	r := Request{ID: id, Submission: s, Policy: p, Stage: Open, AskedAt: now}
	start := s.At
	if start.IsZero() {
		start = now
	}
	r.Window = Window{From: dayOf(start, now), Until: start.Add(windowLength)}
	r.Deadline = Deadline(s.At, now, 0)
	r.First = s.Number
	if prior != nil {
		r.First = prior.First
		r = r.inherit(*prior, start)
	}
	return r.settle()
}

// inherit keeps what was agreed about the same content. The window agreed stays
// as it was: moves inside it, one after the other, never widen it. Without a
// time on either side, the window opens anew.
func (r Request) inherit(prior Request, start time.Time) Request {
	asap := prior.At.IsZero() && r.At.IsZero()
	kept := stillValid(prior, r.Submission)
	if len(kept) == 0 || !asap && !prior.Window.Holds(start) {
		return r
	}
	r.Decisions = kept
	if !asap {
		r.Window = prior.Window
	}
	return r
}

// dayOf is the start of the window: same-day moves keep the approval.
func dayOf(start, now time.Time) time.Time {
	day := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, start.Location())
	if day.Before(now) {
		return now
	}
	return day
}

// stillValid keeps the approvals whose content is the same in s.
func stillValid(prior Request, s Submission) []Decision {
	var kept []Decision
	for _, d := range prior.Decisions {
		if d.Verdict != policy.Approve {
			continue
		}
		d.Accounts = slices.DeleteFunc(slices.Clone(d.Accounts), func(account string) bool {
			part, ok := s.Part(account)
			return !ok || part.Fingerprint() != d.Fingerprints[account]
		})
		if len(d.Accounts) > 0 {
			kept = append(kept, d)
		}
	}
	return kept
}

// Decide adds a member's word. number is the version that the member saw;
// accounts empty means all of them.
func (r Request) Decide(member string, verdict policy.Verdict, number int, accounts []string,
	comment string, now time.Time,
) (Request, error) {
	switch {
	case r.Stage != Open:
		return r, ErrClosed
	case member == r.Author && !r.Policy.OwnWork:
		return r, ErrOwnWork
	case !policy.May(r.Policy, r.Author, member):
		return r, ErrNotAsked
	case number != r.Number:
		return r, ErrChanged
	}
	if len(accounts) == 0 {
		accounts = r.Accounts()
	}
	d := Decision{At: now, Comment: comment, Fingerprints: map[string]string{}}
	d.Member, d.Verdict, d.Accounts = member, verdict, accounts
	for _, account := range accounts {
		if part, ok := r.Part(account); ok {
			d.Fingerprints[account] = part.Fingerprint()
		}
	}
	r.Decisions = append(slices.Clone(r.Decisions), d)
	if r.At.IsZero() { // as soon as approved: the window opens with the approval
		r.Window = Window{From: now, Until: now.Add(windowLength)}
	}
	return r.settle(), nil
}

// Withdraw takes the request back.
func (r Request) Withdraw() (Request, error) {
	if r.Stage != Open && r.Stage != Approved {
		return r, ErrClosed
	}
	r.Stage = Withdrawn
	return r, nil
}

// grace is how long after its time a post can still be approved: it leaves at
// once then.
const grace = 15 * time.Minute

// Ends is when a request has waited for long enough; zero is never: it is decided
// already, or it has no time to miss.
func (r Request) Ends() time.Time {
	if r.Stage != Open || r.At.IsZero() {
		return time.Time{}
	}
	return r.At.Add(grace)
}

// Expire is the request after its time passed without a decision; ErrClosed if it
// still waits, or was decided.
func (r Request) Expire(now time.Time) (Request, error) {
	if end := r.Ends(); end.IsZero() || now.Before(end) {
		return r, ErrClosed
	}
	r.Stage = Expired
	return r, nil
}

// Result evaluates the policy over the decisions.
func (r Request) Result() policy.Result {
	decisions := make([]policy.Decision, len(r.Decisions))
	for i, d := range r.Decisions {
		decisions[i] = d.Decision
	}
	return policy.Evaluate(r.Policy, r.Author, r.Accounts(), decisions)
}

// settle brings the stage to what the decisions say.
func (r Request) settle() Request {
	switch r.Result().Status {
	case policy.Approved, policy.Skipped:
		r.Stage = Approved
	case policy.Refused:
		r.Stage = Declined
		if last := r.Decisions[len(r.Decisions)-1]; last.Verdict == policy.Changes {
			r.Stage = Changes
		}
	}
	return r
}

// Allows says whether a part may leave at a time: its account's approval is of
// exactly this content, and the time is inside the window.
func (r Request) Allows(part content.Part, at time.Time) bool {
	if r.Stage == Withdrawn || !r.Window.Holds(at) {
		return false
	}
	agreed, ok := r.Part(part.Account)
	if !ok || agreed.Fingerprint() != part.Fingerprint() {
		return false
	}
	for _, child := range r.Result().Children {
		if child.Name == part.Account {
			return child.Status == policy.Approved
		}
	}
	return false
}

// Last returns the last decision, for "approved by … at …".
func (r Request) Last() (Decision, bool) {
	if len(r.Decisions) == 0 {
		return Decision{}, false
	}
	return r.Decisions[len(r.Decisions)-1], true
}
