package drafting

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// A picture that hangs on what somebody said does not come along, for nobody said
// what it shows: whoever makes a draft of it is told.
func TestPicturesStayBehindAloud(t *testing.T) {
	const stays = "Le visuel n’a pas suivi"
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	engine, b, _ := planner(t)
	c := &Chat{Engine: engine}
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, b.Zone)
	text := "Samedi, dégustation à la boutique : venez goûter nos thés de Noël."
	picture := []bot.Upload{{Ref: "F1", Name: "boîte.png"}}
	for name, row := range map[string]struct {
		event bot.Event
		want  string // of the answer; empty: none
	}{
		"pasted with a picture":       {bot.Event{Kind: bot.Message, Direct: true, Text: text, Files: picture}, "On dirait un post. " + stays},
		"pasted":                      {bot.Event{Kind: bot.Message, Direct: true, Text: text}, "On dirait un post."},
		"a draft of one":              {bot.Event{Kind: bot.Shortcut, Quote: text, Files: picture}, "Brouillon prêt"},
		"a draft of one, directly":    {bot.Event{Kind: bot.Shortcut, Direct: true, Quote: text, Files: picture}, stays},
		"a draft of words, directly":  {bot.Event{Kind: bot.Shortcut, Direct: true, Quote: text}, ""},
		"a form with its own picture": {bot.Event{Kind: bot.Submit, Direct: true, Values: map[string][]string{"text": {text}}, Files: picture}, ""},
		"proposed":                    {bot.Event{Kind: bot.Shortcut, Action: "propose", Quote: text, Files: picture}, "Transmis à la com’."},
	} {
		t.Run(name, func(t *testing.T) {
			do(t, statetest.NewMem(), name, now, func(tx *state.Tx) error {
				member := &brand.Member{ID: "camille", Name: "Camille", Roles: []brand.Role{author}, Handles: map[string]string{"slack:T": "U1"}}
				row.event.Platform, row.event.Team = bot.Slack, "T"
				tokens := 0
				r := &bot.Request{Event: row.event, Brand: b, Space: &brand.Space{Members: []*brand.Member{member}}, Member: member,
					Print: catalog.For("fr", b.Zone), Now: now, Tx: tx, NewToken: func(*state.Tx) string { tokens++; return fmt.Sprint("t", tokens) }}
				var reply bot.Reply
				var err error
				switch {
				case row.event.Kind == bot.Message:
					reply, _, err = c.pasted(t.Context(), r)
				case row.event.Action == "propose":
					reply, err = c.propose(t.Context(), r)
				default:
					reply, err = c.create(t.Context(), r)
				}
				said := ""
				if reply.Card != nil {
					said = strings.ReplaceAll(reply.Card.Text(), "\u00a0", " ")
				}
				warned := len(row.event.Files) > 0 && row.event.Kind != bot.Submit
				if !strings.Contains(said, row.want) || row.want == "" && said != "" || strings.Contains(said, stays) != warned {
					t.Errorf("says %q, want %q", said, row.want)
				}
				return err
			})
		})
	}
}
