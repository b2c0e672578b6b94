package calendar

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"crieur/approvals"
	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// agenda is a member's own calendar file of a brand. Only the digest of its
// address is kept: who reads the store cannot read the file's address there.
type agenda struct {
	Member string    `json:"member"`
	Brand  string    `json:"brand"`
	Digest string    `json:"digest"`
	Made   time.Time `json:"made"`
}

var (
	agendas  = state.Table[agenda]{Kind: "agenda", Schema: 1}   // by digest
	agendaOf = state.Table[agenda]{Kind: "agendaof", Schema: 1} // by member and brand
)

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (a Asker) agenda() string { return a.Member.ID + "/" + a.Brand.ID }

// OpenAgenda makes a member's file readable under a token that nobody can
// guess. The one before, if any, is readable no more.
func (e *Engine) OpenAgenda(ctx context.Context, tx *state.Tx, a Asker, token string) error {
	if _, err := e.CloseAgenda(ctx, tx, a); err != nil {
		return err
	}
	made := agenda{Member: a.Member.ID, Brand: a.Brand.ID, Digest: digest(token), Made: tx.Now()}
	if _, _, err := agendas.Get(ctx, tx, made.Digest); err != nil {
		return err
	}
	tx.Log(audit.Entry{Who: a.Member.ID, What: "agenda.opened", Brand: a.Brand.ID, Subject: "agenda/" + a.agenda()})
	if err := agendas.Put(tx, made.Digest, made); err != nil {
		return err
	}
	return agendaOf.Put(tx, a.agenda(), made)
}

// CloseAgenda ends a member's file; had says whether there was one.
func (e *Engine) CloseAgenda(ctx context.Context, tx *state.Tx, a Asker) (had bool, err error) {
	kept, had, err := agendaOf.Get(ctx, tx, a.agenda())
	if err != nil || !had {
		return false, err
	}
	if _, _, err := agendas.Get(ctx, tx, kept.Digest); err != nil {
		return false, err
	}
	tx.Log(audit.Entry{Who: a.Member.ID, What: "agenda.closed", Brand: a.Brand.ID, Subject: "agenda/" + a.agenda()})
	agendas.Delete(tx, kept.Digest)
	agendaOf.Delete(tx, a.agenda())
	return true, nil
}

// AgendaOf finds whose file a token opens. Every token costs the same one read,
// whatever it looks like; one that opens nothing is ErrUnknown, as is that of a
// person who left.
func (e *Engine) AgendaOf(ctx context.Context, tx *state.Tx, space *brand.Space, token string) (Asker, error) {
	kept, found, err := agendas.Get(ctx, tx, digest(token))
	if err != nil {
		return Asker{}, err
	}
	a := Asker{Space: space, Brand: space.Brand(kept.Brand), Member: space.Member(kept.Member)}
	if !found || a.Brand == nil || a.Member == nil {
		return Asker{}, ErrUnknown
	}
	return a, nil
}

// How far a file reaches back and ahead, in days.
const (
	agendaBack  = 31
	agendaAhead = 366
)

// File is the plan of a brand as a calendar file. The same plan is the same file.
func (e *Engine) File(ctx context.Context, tx *state.Tx, a Asker, p *i18n.Printer) ([]byte, error) {
	today := startOfDay(tx.Now().In(a.Brand.Zone))
	all, err := e.OnPlan(ctx, tx, a.Brand.ID, today.AddDate(0, 0, -agendaBack), today.AddDate(0, 0, agendaAhead))
	if err != nil {
		return nil, err
	}
	parts, order := map[string][]Publication{}, []string{}
	for _, one := range all {
		if len(parts[one.Request]) == 0 {
			order = append(order, one.Request)
		}
		parts[one.Request] = append(parts[one.Request], one)
	}
	requests, err := approvals.Table.Peek(ctx, tx, order...)
	if err != nil {
		return nil, err
	}
	var events []event
	for _, r := range requests {
		wall, err := e.wall(ctx, tx, r.ID)
		if err != nil {
			return nil, err
		}
		address, err := e.Card.Address(ctx, tx, r.ID)
		if err != nil {
			return nil, err
		}
		events = append(events, entry(p, a, r, parts[r.ID], address, tx.Now().Before(wall)))
	}
	slices.SortStableFunc(events, func(x, y event) int { return cmp.Or(x.Start.Compare(y.Start), strings.Compare(x.UID, y.UID)) })
	return file(p.T("calendar.file", "Brand", a.Brand.Name), events), nil
}

// entry is a post in a calendar file, which leads to the post where it is live,
// else to its card; pure. Under embargo it says nothing but when: the file may be
// read by a calendar service, which is outside.
func entry(p *i18n.Printer, a Asker, r approvals.Request, parts []Publication, card string, secret bool) event {
	made := event{UID: r.ID + "." + a.Brand.ID + "@crieur", Sequence: r.Number, Stamp: r.AskedAt, Status: "CANCELLED"}
	var shown []Publication
	for _, part := range parts {
		if part.Void() && len(parts) > 1 {
			continue
		}
		if made.Start.IsZero() || part.At.Before(made.Start) {
			made.Start = part.At
		}
		made.Status = stronger(made.Status, part.Status)
		made.URL = cmp.Or(made.URL, part.Live.URL)
		shown = append(shown, part)
	}
	made.Summary = r.Title + " · " + p.List(networks(a.Brand, shown)...)
	if secret {
		made.Summary, made.URL = p.T("calendar.secret"), card
		return made
	}
	made.URL = cmp.Or(made.URL, card)
	var texts []string
	for _, part := range r.Parts {
		if text := strings.Join(part.Posts, "\n\n"); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	made.Description = strings.Join(texts, "\n\n—\n\n")
	return made
}

// stronger is the status of a post with one more part: something planned or live
// makes it certain, something asked makes it likely.
func stronger(so string, part Status) string {
	switch {
	case part == Cancelled || so == "CONFIRMED":
		return so
	case part == Asked:
		return "TENTATIVE"
	}
	return "CONFIRMED"
}
