package setup

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// TestManyRooms: of many channels a form lists some, those chosen before first,
// and the search of its fields all.
func TestManyRooms(t *testing.T) {
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	a := &album{office: newOffice(t), p: words.For("fr", nil)}
	a.chat = &Chat{a.Engine}
	var all Seen
	for n := range 60 {
		place := board.Place{Platform: "slack", Team: "T", Channel: fmt.Sprint("C", n)}
		all.Channels = append(all.Channels, Channel{place, fmt.Sprint("salon-", n)})
	}
	a.found(all)
	a.answer("morgan", func(p *Progress) { p.Brand.Approvals = []board.Place{all.Channels[59].Place} })
	a.act(func(ctx context.Context, tx *state.Tx) error {
		space := a.team.Now()
		r := &bot.Request{Space: space, Member: space.Member("morgan"), Print: a.p, Now: tx.Now(), Tx: tx}
		form, err := a.chat.placeForm(ctx, r)
		if err != nil {
			return err
		}
		for _, f := range form.Fields {
			if len(f.Choices) != bot.MostChoices || f.Left != "25 choix affichés sur 60." {
				t.Errorf("%s lists %d, %q", f.ID, len(f.Choices), f.Left)
			}
		}
		if f := form.Fields[0]; f.Choices[0].Label != "#salon-59" || !slices.Equal(f.Value, []string{"salon-59"}) {
			t.Errorf("what was chosen is not first: %v of %v", f.Value, f.Choices[0])
		}
		found, err := rooms(ctx, r)
		if len(found) != 60 || found[59].Value != "salon-59" {
			t.Errorf("finds %d", len(found))
		}
		card := screen{p: a.p, space: space, seen: all}.placing()
		if said := card.Blocks[1].Text.String(); !strings.Contains(said, "salon-24, …") || strings.Contains(said, "salon-25") {
			t.Errorf("says %q", said)
		}
		return err
	})
}
