package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

const (
	// PleaView is the card with which somebody asks those who may.
	PleaView = "plea"
	// PleadAction asks them, and PleaSeeAction shows them what it is about.
	PleadAction   = "crieur.plead"
	PleaSeeAction = "crieur.plea"
)

// Plea is something that a member may not do, and of whom they asked it.
type Plea struct {
	Roles []brand.Role `json:"roles"`
	Brand string       `json:"brand"`
	// View and Subject are the card that they clicked on; Words are what they said
	// instead.
	View    string `json:"view,omitempty"`
	Subject string `json:"subject,omitempty"`
	Words   string `json:"words,omitempty"`
	// By asked these members, At.
	By    string    `json:"by,omitempty"`
	Asked []string  `json:"asked,omitempty"`
	At    time.Time `json:"at,omitzero"`
}

var pleas = state.Table[Plea]{Kind: "plea", Schema: 1, Keep: 30 * 24 * time.Hour}

// id is the same for the same thing: nobody is asked for it twice.
func (p Plea) id() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%v|%s|%s|%s|%s", p.Roles, p.Brand, p.View, p.Subject, p.Words))
	return hex.EncodeToString(sum[:8])
}

// plead refuses with a text and, where somebody can be asked, a way to ask them.
func (r *Request) plead(roles []brand.Role, text string) error {
	p := Plea{Roles: roles, View: r.View, Subject: r.Subject}
	if r.Brand != nil {
		p.Brand = r.Brand.ID
	}
	if p.View == "" && (r.Kind == Command || r.Kind == Message) {
		p.Words = strings.TrimSpace(asTyped(r))
	}
	refusal := &Refusal{Card: Card{Blocks: []Block{P(text)}}}
	reachable := slices.ContainsFunc(Able(r, roles...), func(m *brand.Member) bool { return len(m.Direct()) > 0 })
	if !reachable || p.Brand == "" || p.Words == "" && r.views[p.View] == nil { // nobody would know what for
		return refusal
	}
	refusal.Then = func(ctx context.Context, tx *state.Tx) (Card, error) {
		card := refusal.Card
		_, found, err := pleas.Get(ctx, tx, p.id())
		if err == nil && !found {
			err = pleas.Put(tx, p.id(), p)
		}
		if err != nil {
			return card, err
		}
		card.Token = r.NewToken(tx)
		card.Buttons = []Button{{Action: PleadAction, Label: r.Print.T("chat.plead")}}
		return card, board.Name(ctx, tx, card.Token, board.About{View: "denied", Subject: p.id(), Brand: p.Brand})
	}
	return refusal
}

// Plead asks those who may: three at most, who is at work first, each of them once
// for one thing. It is a Handler.
func (m *Mux) Plead(ctx context.Context, r *Request) (Reply, error) {
	p, found, err := pleas.Get(ctx, r.Tx, r.Subject)
	switch {
	case err != nil:
		return Reply{}, err
	case !found:
		return Reply{}, Refuse(r.Print.T("chat.gone"))
	case slices.ContainsFunc(p.Roles, r.Member.Can):
		return Private(r.Print.T("chat.maynow")), nil
	}
	var asked []*brand.Member
	var hangs []board.Hang
	for _, one := range Able(r, p.Roles...) {
		if places := one.Direct(); len(p.Asked)+len(asked) < mostNamed && len(places) > 0 && !slices.Contains(p.Asked, one.ID) {
			asked = append(asked, one)
			hangs = append(hangs, board.Hang{Place: places[0], Member: one.ID, Lang: r.Brand.LangOf(one), Class: outbox.Alert, Notifies: true})
		}
	}
	if len(asked) == 0 {
		return Private(r.Print.T("chat.pleaded", "Who", r.Print.List(namesOf(r.Space, p.Asked)...), "At", r.Print.Soon(p.At, r.Now))), nil
	}
	if _, err := board.Show(ctx, r.Tx, board.Card{View: PleaView, Subject: r.Subject, Brand: p.Brand}, r.NewToken, hangs...); err != nil {
		return Reply{}, err
	}
	p.By, p.At = r.Member.ID, r.Now
	for _, one := range asked {
		p.Asked = append(slices.Clone(p.Asked), one.ID)
	}
	return Private(pleading(r, asked)), pleas.Put(r.Tx, r.Subject, p)
}

// pleading says who was asked and, where nobody of them is at work, when they will see
// it.
func pleading(r *Request, asked []*brand.Member) string {
	var names []string
	for _, one := range asked {
		names = append(names, one.Name)
	}
	who := r.Print.List(names...)
	back, ok := r.Brand.At(asked[0]).Next(r.Now) // who is at work comes first
	if !ok || !back.After(r.Now) {
		return r.Print.T("chat.pleading", "Who", who)
	}
	return r.Print.T("chat.pleadlater", "Who", who, "First", asked[0].Name, "When", r.Print.Soon(back, r.Now))
}

func namesOf(space *brand.Space, ids []string) (names []string) {
	for _, id := range ids {
		if m := space.Member(id); m != nil {
			id = m.Name
		}
		names = append(names, id)
	}
	return names
}

// PleaOf draws who asks, and for what. It is a View.
func (m *Mux) PleaOf(ctx context.Context, v ViewRequest) (Card, error) {
	p, _, err := pleas.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return Card{}, fmt.Errorf("view plea %s: %w", v.Subject, err)
	}
	title := v.Print.T("chat.plea", "Who", namesOf(v.Space, []string{p.By})[0])
	card := Card{Title: Say(title), Summary: title}
	if p.Words != "" {
		card.Blocks = append(card.Blocks, P(v.Print.Quote(p.Words)))
	}
	if draw := m.views[p.View]; draw != nil {
		v.Subject = p.Subject
		if about, err := draw(ctx, v); err == nil { // what is gone meanwhile has no title
			card.Blocks = append(card.Blocks, Block{Kind: Paragraph, Text: about.Title})
		}
		card.Buttons = []Button{{Action: PleaSeeAction, Label: v.Print.T("chat.pleasee"), Style: Primary}}
	}
	card.Blocks = append(card.Blocks, P(v.Print.T("chat.pleaelse")))
	return card, nil
}

// PleaSee shows who was asked the card that it is about. It is a Handler.
func (m *Mux) PleaSee(ctx context.Context, r *Request) (Reply, error) {
	p, found, err := pleas.Get(ctx, r.Tx, r.Subject)
	if err != nil {
		return Reply{}, err
	}
	if !found || m.views[p.View] == nil || !slices.ContainsFunc(p.Roles, r.Member.Can) {
		return Reply{}, Refuse(r.Print.T("chat.gone"))
	}
	_, err = board.Show(ctx, r.Tx, board.Card{View: p.View, Subject: p.Subject, Brand: p.Brand}, r.NewToken, r.Aside())
	return Reply{}, err
}
