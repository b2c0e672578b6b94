package mentions

import (
	"context"
	"slices"
	"testing"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state"
)

// bailiff is a moderation in which one message waits.
type bailiff struct{}

func (bailiff) Bring(context.Context, *bot.Request, ...listen.Flagged) (bot.Reply, error) {
	return bot.Reply{}, nil
}

func (bailiff) Doors(context.Context, *state.Tx, *brand.Brand, *brand.Member, *i18n.Printer) ([]bot.Button, error) {
	return []bot.Button{{Action: "moderation.list", Label: "À modérer"}}, nil
}

// Who may moderate has the way there on a conversation's card: in sight for what
// everybody can read and should not, behind "More…" otherwise.
func TestWayToModeration(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := newShift(t)
	moderator := &brand.Member{ID: "mod", Name: "Mod", Roles: []brand.Role{brand.Moderator}}
	with := &brand.Space{Brands: []*brand.Brand{s.brand}, Members: []*brand.Member{moderator}}
	without := &brand.Space{Brands: []*brand.Brand{s.brand}}
	for name, test := range map[string]struct {
		moderation      Moderation
		space           *brand.Space
		member          *brand.Member // nil: in a channel
		private         bool
		inSight, behind bool
	}{
		"in a channel":             {bailiff{}, with, nil, false, false, true},
		"private data":             {bailiff{}, with, nil, true, true, false},
		"with who may":             {bailiff{}, with, moderator, false, false, true},
		"with who may not":         {bailiff{}, with, &brand.Member{ID: "resp", Roles: []brand.Role{brand.Responder}}, true, false, false},
		"nobody moderates":         {bailiff{}, without, nil, true, false, false},
		"there is no such feature": {nil, with, nil, true, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := s.conversationOf("@" + name)
			c.Private = test.private
			s.step(func(ctx context.Context, tx *state.Tx) error {
				if _, _, err := cases.Get(ctx, tx, c.ID); err != nil {
					return err
				}
				return cases.Put(tx, c.ID, c)
			})
			chat := &Chat{Engine: s.Engine, Moderation: test.moderation}
			card, err := chat.caseView(t.Context(), bot.ViewRequest{Space: test.space, Brand: s.brand, Subject: c.ID, Member: test.member,
				Print: catalog.For("fr", s.brand.Zone), Now: s.now, Tx: state.Begin(s.store, "look", s.now)})
			if err != nil {
				t.Fatal(err)
			}
			leads := func(b bot.Button) bool { return b.Action == "case.moderate" }
			if inSight, behind := slices.ContainsFunc(card.Buttons, leads), slices.ContainsFunc(card.More, leads); inSight != test.inSight || behind != test.behind {
				t.Errorf("in sight %v, behind %v", inSight, behind)
			}
			if len(card.Buttons) > 4 {
				t.Errorf("%d buttons", len(card.Buttons))
			}
		})
	}
}
