package moderation

import (
	"errors"
	"slices"
	"time"
)

// What can be wrong with what is asked of a message. Nothing changes then.
var (
	ErrUnknown = errors.New("no such message")
	ErrDecided = errors.New("already decided")
	ErrOwn     = errors.New("a second opinion is somebody else's")
	ErrAlone   = errors.New("nobody else moderates")
	ErrRule    = errors.New("no such reason")
)

// Verb is what somebody does about a message.
type Verb string

const (
	Keep   Verb = "kept"     // keep its evidence
	Ask    Verb = "asked"    // ask for a second opinion
	Hide   Verb = "hide"     // for it to be hidden
	Agree  Verb = "agreed"   // with who wants it hidden
	Leave  Verb = "left"     // in sight
	Done   Verb = "done"     // it is hidden where it was, or shown again
	Show   Verb = "show"     // for it to be shown again
	Report Verb = "reported" // it is with whoever follows it up in law
)

// from are the stages in which something may be done.
func (v Verb) from() []Stage {
	switch v {
	case Keep:
		return []Stage{Left}
	case Ask:
		return []Stage{Waiting}
	case Hide:
		return []Stage{Waiting, Asked}
	case Agree:
		return []Stage{Asked}
	case Leave:
		return []Stage{Waiting, Asked, Hiding}
	case Done:
		return []Stage{Hiding, Showing}
	case Show:
		return []Stage{Hidden}
	case Report:
		return []Stage{Waiting, Asked, Hiding, Hidden, Showing}
	}
	return nil
}

// Choice is what somebody wants of a message.
type Choice struct {
	What Verb
	By   string
	Rule Rule // of Hide
	// Others says that somebody else moderates too.
	Others bool
}

// decide is a message after a choice; pure. A wish to hide it that one person may
// not fulfil alone becomes a proposal, and asks for the second opinion.
func decide(c Case, choice Choice, now time.Time) (Case, error) {
	if !slices.Contains(choice.What.from(), c.Stage) || choice.What == Report && c.Reported != nil {
		return c, ErrDecided
	}
	var err error
	act := Act{What: choice.What, By: choice.By, At: now}
	switch choice.What {
	case Keep:
		c.Stage, c.Rule = Waiting, nil
	case Ask:
		if c.Stage = Asked; !choice.Others {
			err = ErrAlone
		}
	case Hide:
		c, err = hide(c, choice)
	case Agree:
		c, err = agree(c, choice)
	case Leave:
		c.Stage, c.Rule = Left, nil
	case Show:
		c.Stage = Showing
	case Done:
		c.Stage = map[Stage]Stage{Hiding: Hidden, Showing: Left}[c.Stage]
	case Report:
		c.Reported = &act
	}
	c.Acts = append(slices.Clone(c.Acts), act)
	return c, err
}

// hide follows who wants a message hidden, or keeps it as their proposal.
func hide(c Case, choice Choice) (Case, error) {
	switch {
	case c.Rule != nil: // somebody was faster: this is the second opinion
		return agree(c, choice)
	case mayAlone(c, choice.Rule):
		c.Stage = Hiding
	case !choice.Others:
		return c, ErrAlone
	default:
		c.Stage = Asked
	}
	c.Rule = &choice.Rule
	return c, nil
}

// agree follows a proposal, for its reason.
func agree(c Case, choice Choice) (Case, error) {
	switch {
	case c.Rule == nil:
		return c, ErrDecided
	case c.by(Hide) == choice.By:
		return c, ErrOwn
	}
	c.Stage = Hiding
	return c, nil
}

// mayAlone says whether one person may hide a message for a reason: only for what
// was found in its words. That a message is negative is no reason at all, and
// what is said of the brand, right or wrong, is a criticism.
func mayAlone(c Case, r Rule) bool {
	switch r.Reason {
	case Personal:
		return c.Personal
	case Threat, Insult:
		return c.Insulting
	case Charter:
		return c.Insulting || c.Personal
	}
	return false
}
