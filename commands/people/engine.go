// Package people is what Crieur knows of each member: who they are in each chat
// application, and what they say of themselves (language, zone, hours, leave,
// where messages for them arrive). It gives and takes linking codes.
//
// It does not know the brand's settings nor what other features send to whom:
// they ask brand.Member. What is said here is laid over the configuration by
// package bot/team.
package people

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"maps"
	"strings"
	"time"

	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/state"
	"crieur/bot/team"
)

// What can be wrong with a code, or with who types it.
var (
	ErrCode  = errors.New("no such code, or too old")
	ErrTries = errors.New("too many tries")
	ErrSame  = errors.New("typed in the application where it was made")
	ErrTaken = errors.New("this account is already another member's")
	ErrOnly  = errors.New("the only way to reach this member")
	ErrFixed = errors.New("an account that the configuration names")
)

const (
	// CodeLives is how long a code may be typed; it serves once.
	CodeLives = 10 * time.Minute
	// mostTries codes may be typed, or made, by one account in tryWindow. A code
	// has 40 bits: nobody guesses one of the few that live.
	mostTries = 5
	tryWindow = 15 * time.Minute
)

// code is what a linking code stands for.
type code struct {
	Member   string    `json:"member"`
	Platform string    `json:"platform"` // where it was made
	Team     string    `json:"team,omitempty"`
	Until    time.Time `json:"until"`
}

// tries counts what one account did in a window.
type tries struct {
	Since time.Time `json:"since"`
	Count int       `json:"count"`
}

var (
	codes  = state.Table[code]{Kind: "linkcode", Schema: 1, Keep: CodeLives}
	trying = state.Table[tries]{Kind: "linktries", Schema: 1, Keep: tryWindow}
)

// Account is somebody in one chat application.
type Account struct{ Platform, Team, User, Name string }

func (a Account) key() string { return a.Platform + ":" + a.Team }

// Engine decides what becomes of people.
type Engine struct {
	Space  brand.Source
	Briefs Briefs
	Duties Duties
}

// Duties are when members said that they would be there outside their hours.
type Duties interface {
	// OnDuty lists the members who are there for a brand now.
	OnDuty(ctx context.Context, tx *state.Tx, b *brand.Brand) ([]string, error)
	// Away takes back what a member said for the days of a leave.
	Away(ctx context.Context, tx *state.Tx, m *brand.Member, leave team.Leave) error
}

// Briefs come to members at the time that they chose.
type Briefs interface {
	Own(tx *state.Tx, m *brand.Member)
}

// Code makes the code by which the member proves, in another application, who
// they are. secret is unguessable.
func (e *Engine) Code(ctx context.Context, tx *state.Tx, m *brand.Member, from Account, secret string) (string, error) {
	if err := e.count(ctx, tx, "made/"+m.ID); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(secret))
	made := base32.StdEncoding.EncodeToString(sum[:])[:8]
	if _, _, err := codes.Get(ctx, tx, made); err != nil {
		return "", err
	}
	kept := code{Member: m.ID, Platform: from.Platform, Team: from.Team, Until: tx.Now().Add(CodeLives)}
	return made[:4] + "-" + made[4:], codes.Put(tx, made, kept)
}

// Link makes the account another one of the member who made the code. Whether a
// code was right or not, the try counts: the caller commits ErrCode and the
// other errors of a code too.
func (e *Engine) Link(ctx context.Context, tx *state.Tx, typed string, who Account) (*brand.Member, error) {
	if err := e.count(ctx, tx, "typed/"+who.key()+":"+who.User); err != nil {
		return nil, err
	}
	id := spelt(typed)
	if len(id) != 8 {
		return nil, ErrCode
	}
	kept, found, err := codes.Get(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	space := e.Space.Now()
	member := space.Member(kept.Member)
	switch {
	case !found || !tx.Now().Before(kept.Until) || member == nil:
		return nil, ErrCode
	case who.Platform == kept.Platform && who.Team == kept.Team:
		return nil, ErrSame
	}
	overlay, err := team.Get(ctx, tx)
	if err != nil {
		return nil, err
	}
	p := overlay.Person(member.ID)
	for _, had := range []string{member.Handles[who.key()], p.Handles[who.key()]} {
		if had != "" && had != who.User {
			return nil, ErrTaken // the member has another account there
		}
	}
	if other := e.owner(overlay, who); other != "" && other != member.ID {
		if !overlay.Learnt(other) {
			return nil, ErrTaken
		}
		p = p.With(overlay.Person(other)) // one person, met twice
		overlay = overlay.Without(other)
	}
	p.Handles = maps.Clone(p.Handles)
	if p.Handles == nil {
		p.Handles = map[string]string{}
	}
	p.Handles[who.key()] = who.User
	codes.Delete(tx, id)
	return member, e.keep(ctx, tx, overlay, p, member.ID, "person.linked", map[string]string{"with": who.Platform})
}

// owner is whose an account is, "" for a stranger's and for that of who is of the
// team no more. What is kept says it before the space does: another process may
// have linked it a moment ago.
func (e *Engine) owner(overlay team.Overlay, who Account) string {
	space := e.Space.Now()
	for _, p := range overlay.People {
		if p.Handles[who.key()] == who.User && (space.Member(p.ID) != nil || overlay.Learnt(p.ID)) {
			return p.ID
		}
	}
	if m := space.Who(who.Platform, who.Team, who.User); m != nil {
		return m.ID
	}
	return ""
}

// Unlink takes the linked accounts of a platform off again, with the roles that
// groups gave them there. What the configuration says of the member stays: it is
// not for them to change.
func (e *Engine) Unlink(ctx context.Context, tx *state.Tx, m *brand.Member, platform string) error {
	overlay, err := team.Get(ctx, tx)
	if err != nil {
		return err
	}
	p, there := overlay.Person(m.ID), func(key string) bool { return strings.HasPrefix(key, platform+":") }
	handles, granted := maps.Clone(p.Handles), maps.Clone(p.Granted)
	maps.DeleteFunc(handles, func(key, _ string) bool { return there(key) })
	maps.DeleteFunc(granted, func(key string, _ []brand.Role) bool { return there(key) })
	switch {
	case len(m.Handles) < 2:
		return ErrOnly
	case len(handles) == len(p.Handles):
		return ErrFixed
	}
	p.Handles, p.Granted, p.Reach = handles, granted, ""
	return e.keep(ctx, tx, overlay, p, m.ID, "person.unlinked", nil)
}

// Change keeps what somebody says of themselves; what is the verb of the trail.
func (e *Engine) Change(ctx context.Context, tx *state.Tx, member, what string, change func(*team.Person)) error {
	overlay, err := team.Get(ctx, tx)
	if err != nil {
		return err
	}
	p := overlay.Person(member)
	change(&p)
	return e.keep(ctx, tx, overlay, p, member, what, nil)
}

// Notify keeps when somebody wants the brief for themselves, nil for never, and
// whether they are reminded of promises.
func (e *Engine) Notify(ctx context.Context, tx *state.Tx, m *brand.Member, brief *hours.Clock, unreminded bool) error {
	next := *m
	next.Brief = brief
	e.Briefs.Own(tx, &next)
	return e.Change(ctx, tx, m.ID, "person.notices", func(p *team.Person) { p.Brief, p.Unreminded = brief, unreminded })
}

func (e *Engine) keep(ctx context.Context, tx *state.Tx, overlay team.Overlay, p team.Person, by, what string, detail map[string]string) error {
	tx.Log(audit.Entry{Who: by, What: what, Subject: "member/" + p.ID, Detail: detail})
	return team.Put(ctx, tx, overlay.With(p))
}

// count counts a try, and refuses one too many.
func (e *Engine) count(ctx context.Context, tx *state.Tx, what string) error {
	t, _, err := trying.Get(ctx, tx, what)
	if err != nil {
		return err
	}
	if tx.Now().Sub(t.Since) >= tryWindow {
		t = tries{Since: tx.Now()}
	}
	if t.Count >= mostTries {
		return ErrTries
	}
	t.Count++
	return trying.Put(tx, what, t)
}

// spelt is a code as it is kept, however people write it.
func spelt(typed string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' || '2' <= r && r <= '7' {
			return r
		}
		return -1
	}, strings.ToUpper(typed))
}
