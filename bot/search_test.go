package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

func fixed() time.Time { return time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC) }

// numbered are so many choices.
func numbered(count int) (all []bot.Choice) {
	for n := range count {
		all = append(all, bot.Choice{Value: fmt.Sprint("v", n), Label: fmt.Sprint("Post ", n)})
	}
	return all
}

// A menu lists no more than every platform takes, but all that is chosen, and says
// how many there are.
func TestBounded(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	everything := make([]string, 40)
	for n := range everything {
		everything[n] = fmt.Sprint("v", n)
	}
	for _, test := range []struct {
		name        string
		count       int
		chosen      []string
		shown       int
		first, left string
	}{
		{"none", 0, nil, 0, "", ""},
		{"few", 3, []string{"v1"}, 3, "v0", ""},
		{"as many as it holds", 25, nil, 25, "v0", ""},
		{"one too many", 26, nil, 25, "v0", "Showing 25 choices of 26."},
		{"very many", 1000, nil, 25, "v0", "Showing 25 choices of 1,000."},
		{"the last is chosen", 40, []string{"v39"}, 25, "v39", "Showing 25 choices of 40."},
		{"more are chosen than it lists", 40, everything[:30], 30, "v0", "Showing 30 choices of 40."},
		{"all are chosen", 40, everything, 40, "v0", ""},
	} {
		p := catalog.For("en", nil)
		field := bot.Field{ID: "f", Choices: numbered(test.count), Value: test.chosen}.Bounded(p)
		menu := bot.Select{Choices: numbered(test.count), Chosen: test.chosen}.Bounded(p)
		if !slices.Equal(field.Choices, menu.Choices) || field.Left != menu.Left {
			t.Errorf("%s: a field and a menu differ", test.name)
		}
		if len(menu.Choices) != test.shown || menu.Left != test.left || test.shown > 0 && menu.Choices[0].Value != test.first {
			t.Errorf("%s: %d choices, %q", test.name, len(menu.Choices), menu.Left)
		}
		for _, value := range test.chosen {
			if !slices.ContainsFunc(menu.Choices, func(c bot.Choice) bool { return c.Value == value }) {
				t.Errorf("%s: %s is chosen and not shown", test.name, value)
			}
		}
	}
}

// searching is a desk with a menu for authors, whose card has the token.
func searching(t *testing.T, list bot.Listing) (c *counter, token string) {
	t.Helper()
	c = newCounter(t, nil, fixed)
	c.desk.Mux.Action(bot.ActionRoute{Name: "post.pick", Role: brand.Author, Lists: map[string]bot.Listing{bot.MenuField: list},
		Shape: bot.Shape{Ack: bot.Wait, Handle: func(context.Context, *bot.Request) (bot.Reply, error) { return bot.Reply{}, nil }}})
	_, err := state.Do(t.Context(), c.store, "hang", fixed(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		token = c.desk.Tokens.New(tx)
		return nil, board.Name(ctx, tx, token, board.About{View: "plan", Subject: "week", Brand: "b"})
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, token
}

// typing is a search of a member, "1" being an author.
func typing(user, token string) bot.Event {
	return bot.Event{ID: "o" + user, Kind: bot.Action, Action: "post.pick", Platform: bot.Discord, Token: token, User: bot.User{ID: user}}
}

func TestSearchBringsTheBestHundred(t *testing.T) {
	for count, more := range map[int]bool{0: false, 25: false, 26: false, 100: false, 101: true, 1000: true} {
		c, token := searching(t, func(_ context.Context, r *bot.Request) ([]bot.Choice, error) {
			if r.Subject != "week" || r.Brand.ID != "b" || r.Member.ID != "ada" {
				t.Errorf("asked about %q of %v for %v", r.Subject, r.Brand, r.Member)
			}
			return numbered(count), nil
		})
		found, err := c.desk.Search(t.Context(), typing("1", token), bot.MenuField, "")
		if err != nil || len(found.Choices) != min(count, 100) || found.More != more {
			t.Errorf("of %d: %d, more %v, %v", count, len(found.Choices), found.More, err)
		}
	}
}

func TestSearchMeansWhatPeopleType(t *testing.T) {
	labels := []string{"jeudi 26 novembre à 18\u202fh\u202f00 · Thé de Noël", "Élodie", "Marie-Élise Œuvrard", "l’hiver", "Délai de livraison", "LIVRAISON", "50 % * (sic) [a]"}
	var all []bot.Choice
	for _, label := range labels {
		all = append(all, bot.Choice{Value: label, Label: label})
	}
	c, token := searching(t, func(context.Context, *bot.Request) ([]bot.Choice, error) { return all, nil })
	for text, want := range map[string][]string{
		"":                                    labels,
		"  \u00a0":                            labels,
		"elodie":                              {"Élodie"},
		"ÉLODIE":                              {"Élodie"},
		"elise oeuvr":                         {"Marie-Élise Œuvrard"},
		"œuvrard":                             {"Marie-Élise Œuvrard"},
		"l'hiver":                             {"l’hiver"},
		"livraison":                           {"LIVRAISON", "Délai de livraison"}, // what begins with it comes first
		"noel the":                            {labels[0]},
		"18 h 00":                             {labels[0]},
		"nothing":                             nil,
		"* (":                                 {"50 % * (sic) [a]"},
		".*":                                  nil,
		"\x00\xff\ufffd":                      nil,
		strings.Repeat("livraison ", 100_000): nil,
	} {
		found, err := c.desk.Search(t.Context(), typing("1", token), bot.MenuField, text)
		var got []string
		for _, choice := range found.Choices {
			got = append(got, choice.Label)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%.20q finds %q, %v; want %q", text, got, err, want)
		}
	}
}

// The name as it is written comes first, however many others go on from it.
func TestSearchBringsTheNameItself(t *testing.T) {
	c, token := searching(t, func(context.Context, *bot.Request) ([]bot.Choice, error) {
		all := numbered(1000)
		slices.Reverse(all)
		return all, nil
	})
	if found, err := c.desk.Search(t.Context(), typing("1", token), bot.MenuField, "post 1"); err != nil || found.Choices[0].Value != "v1" || !found.More {
		t.Errorf("first %v, %v", found.Choices[0], err)
	}
}

// Who may not do what the menu does finds nothing, and is not even looked for.
func TestSearchIsForTheRole(t *testing.T) {
	asked := 0
	c, token := searching(t, func(context.Context, *bot.Request) ([]bot.Choice, error) { asked++; return numbered(3), nil })
	other := typing("1", token)
	other.Action = "post.other"
	for name, test := range map[string]struct {
		event bot.Event
		field string
		found int
	}{
		"an author":        {typing("1", token), bot.MenuField, 3},
		"another member":   {typing("2", token), bot.MenuField, 0},
		"a stranger":       {typing("9", token), bot.MenuField, 0},
		"another field":    {typing("1", token), "members", 0},
		"an unknown menu":  {other, bot.MenuField, 0},
		"a forged token":   {typing("1", token[1:]+"A"), bot.MenuField, 0},
		"a token from far": {typing("1", bot.Tokens{Key: []byte("k"), Space: "other"}.New(state.Begin(c.store, "x", fixed()))), bot.MenuField, 0},
	} {
		before := asked
		found, _ := c.desk.Search(t.Context(), test.event, test.field, "")
		if len(found.Choices) != test.found || asked-before != min(test.found, 1) {
			t.Errorf("%s finds %d, asked %d times", name, len(found.Choices), asked-before)
		}
	}
}

func TestSearchOfWhatDoesNotAnswer(t *testing.T) {
	for name, list := range map[string]bot.Listing{
		"a dead store": func(context.Context, *bot.Request) ([]bot.Choice, error) { return nil, errors.New("no store") },
		"a slow store": func(ctx context.Context, _ *bot.Request) ([]bot.Choice, error) { <-ctx.Done(); return nil, ctx.Err() },
		"a mistake":    func(context.Context, *bot.Request) ([]bot.Choice, error) { panic("here") },
	} {
		c, token := searching(t, list)
		found, err := c.desk.Search(t.Context(), typing("1", token), bot.MenuField, "")
		if len(found.Choices) != 0 || err == nil {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
}

// What a search finds of many long labels must come within FormDeadline.
func BenchmarkSearch(b *testing.B) {
	catalog, err := i18n.Load()
	if err != nil {
		b.Fatal(err)
	}
	var all []bot.Choice
	for n := range 1000 {
		all = append(all, bot.Choice{Value: fmt.Sprint(n), Label: fmt.Sprintf("jeudi 26 novembre à 18 h 00 · Thé de Noël à l’épicerie, numéro %d", n)})
	}
	mux := bot.NewMux(catalog)
	mux.Action(bot.ActionRoute{Name: "a.b", Lists: map[string]bot.Listing{"f": func(context.Context, *bot.Request) ([]bot.Choice, error) { return all, nil }}})
	desk := &bot.Desk{Mux: mux, Catalog: catalog, Now: fixed, Space: &brand.Space{Brands: []*brand.Brand{{ID: "b"}},
		Members: []*brand.Member{{ID: "ada", Handles: map[string]string{"discord": "1"}}}}}
	e := bot.Event{Action: "a.b", Platform: bot.Discord, User: bot.User{ID: "1"}}
	for b.Loop() {
		if found, err := desk.Search(b.Context(), e, "f", "epicerie 999"); err != nil || len(found.Choices) != 1 {
			b.Fatal(found, err)
		}
	}
}
