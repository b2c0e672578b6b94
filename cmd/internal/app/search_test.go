package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/content/contenttest"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
	"crieur/integrations/chat/slack/slackfake"
)

// bigTeam is a team of a thousand with sixty accounts. Zoé, an admin, comes last.
func bigTeam(t *testing.T) *app.App {
	t.Helper()
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	space.Members, space.Brands[0].Accounts = nil, nil
	gather(space, 999)
	space.Members = append(space.Members, &brand.Member{ID: "zoe", Name: "Zoé", Handles: map[string]string{string(bot.Console): "zoe"},
		Roles: []brand.Role{brand.Author, brand.Approver, brand.Responder, brand.Admin}})
	made, err := app.New(app.Options{Space: space, Backend: statetest.NewMem(), Catalog: catalog(t), Key: []byte("key"), Now: time.Now,
		Files: &contenttest.Files{}})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// gather adds people who only look on, and sixty accounts.
func gather(space *brand.Space, people int) {
	for n := range people {
		id := fmt.Sprint("m", n)
		space.Members = append(space.Members, &brand.Member{ID: id, Name: fmt.Sprint("Membre ", n), Roles: []brand.Role{brand.Observer},
			Handles: map[string]string{string(bot.Console): id}})
	}
	for n := range 60 {
		space.Brands[0].Accounts = append(space.Brands[0].Accounts, brand.Account{ID: fmt.Sprint("a", n), Network: "mastodon", Name: fmt.Sprint("Mastodon ", n)})
	}
}

func by(user string, kind bot.Kind, action string) bot.Event {
	return bot.Event{ID: user + action, Kind: kind, Platform: bot.Console, Action: action, User: bot.User{ID: user, Locale: "fr"}}
}

// TestLongFieldsAreSearched opens the forms that list people or accounts in a very
// large team: whatever they leave out is found, by its name.
func TestLongFieldsAreSearched(t *testing.T) {
	desk := bigTeam(t).Desk
	for opener, fields := range map[string]map[string]string{ // field: what is looked for
		"setup.preset": {"writers": "membre 998", "approvers": "zoe", "responders": "ZOÉ"},
		"news.tell":    {"members": "membre 997"},
	} {
		form, err := desk.Form(t.Context(), by("zoe", bot.Action, opener))
		if err != nil {
			t.Fatalf("%s: %v", opener, err)
		}
		for field, wanted := range fields {
			at := slices.IndexFunc(form.Fields, func(f bot.Field) bool { return f.ID == field })
			listed := form.Fields[at]
			if listed.Left == "" || len(listed.Choices) != bot.MostChoices {
				t.Errorf("%s, %s: lists %d, %q", opener, field, len(listed.Choices), listed.Left)
			}
			e := by("zoe", bot.Submit, form.Action)
			found, err := desk.Search(t.Context(), e, field, wanted)
			if err != nil || len(found.Choices) != 1 {
				t.Errorf("%s, %s: %q finds %v, %v", opener, field, wanted, found, err)
			}
			everything, err := desk.Search(t.Context(), e, field, "")
			if err != nil || !everything.More && len(everything.Choices) <= len(listed.Choices) {
				t.Errorf("%s, %s: no more than is listed is found: %d, %v", opener, field, len(everything.Choices), err)
			}
		}
	}
}

// TestThemesAreFound: what a conversation may be about, by its name.
func TestThemesAreFound(t *testing.T) {
	found, err := bigTeam(t).Desk.Search(t.Context(), by("zoe", bot.Submit, "case.about"), "theme", "LIVR")
	if err != nil || len(found.Choices) != 1 || found.Choices[0].Label != "Livraison" {
		t.Errorf("finds %v, %v", found, err)
	}
}

// TestAllAccountsStayChosen: what is chosen in a form is never left out of it.
func TestAllAccountsStayChosen(t *testing.T) {
	desk := bigTeam(t).Desk
	form, err := desk.Form(t.Context(), by("zoe", bot.Action, "draft.start"))
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(form.Fields, func(f bot.Field) bool { return f.ID == "accounts" })
	if f := form.Fields[at]; len(f.Choices) != 60 || len(f.Value) != 60 || f.Left != "" {
		t.Errorf("lists %d, %d chosen, %q", len(f.Choices), len(f.Value), f.Left)
	}
	found, err := desk.Search(t.Context(), by("zoe", bot.Submit, form.Action), "accounts", "mastodon 59")
	if err != nil || len(found.Choices) != 1 {
		t.Errorf("finds %v, %v", found, err)
	}
}

// TestStrangersFindNothing searches every menu and field that can be searched as
// somebody from outside, and as a member without the role.
func TestStrangersFindNothing(t *testing.T) {
	made := bigTeam(t)
	searched := 0
	for _, route := range made.Mux.Actions() {
		for field := range route.Lists {
			searched++
			for _, user := range []string{"eve", "m1"} {
				if user == "m1" && (route.Role == brand.Anyone || route.Role == brand.Passerby) {
					continue
				}
				found, _ := made.Desk.Search(t.Context(), by(user, bot.Submit, route.Name), field, "")
				for _, choice := range found.Choices {
					if route.Name != bot.AskAction || !strings.HasPrefix(choice.Value, "people.") { // how to join is for everybody
						t.Errorf("%s finds %v in %s of %s", user, choice, field, route.Name)
					}
				}
			}
		}
	}
	if searched < 10 {
		t.Errorf("%d menus and fields can be searched", searched)
	}
}

// TestSlackFindsADraft has more drafts than a menu lists: the oldest is found on
// Slack by its name, by their author alone.
func TestSlackFindsADraft(t *testing.T) {
	var at stand
	scene := stage(t, func(t *testing.T, space *brand.Space, build func() *app.App) stand {
		at = onSlack(t, space, build)
		return at
	})
	fake := at.screen.(*slackfake.Surface).Server
	camille, ines := slackfake.UserID("camille"), slackfake.UserID("ines")
	until := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s never came", what)
			}
		}
	}
	says := func(words string) func() bool {
		return func() bool {
			return strings.Contains(plain(strings.Join(scene.Surface.Private("camille"), "\n")), words)
		}
	}
	names := strings.Fields("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize " +
		"vingt trente quarante cinquante soixante cent mille million milliard billion")
	for _, name := range names { // each by a command would be a second of Slack's time
		_, err := state.Do(t.Context(), at.app.Desk.Store, "made "+name, at.app.Desk.Now(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			_, err := at.app.Drafts.Create(ctx, tx, at.app.Desk.Space.Now().Brands[0], "camille", "Thé numéro "+name)
			return nil, err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := scene.Surface.Command("camille", "@camille", "crieur", "brouillons"); err != nil {
		t.Fatal(err)
	}
	menu := "Ouvrir un brouillon"
	var message slackfake.Message
	until("the menu", func() bool {
		for _, m := range append(fake.Messages(fake.DM(camille)), fake.Ephemerals(camille)...) {
			if slices.Contains(m.Labels(), menu) {
				message = m
			}
		}
		return message.TS != ""
	})
	if all, err := fake.Search(camille, message, menu, ""); err != nil || len(all.Labels) != len(names) || all.Heading != "" {
		t.Errorf("everything: %d, %q, %v", len(all.Labels), all.Heading, err)
	}
	if found, err := fake.Search(camille, message, menu, "numero ZERO"); err != nil || len(found.Labels) != 1 || plain(found.Labels[0]) != "Thé numéro zéro" {
		t.Errorf("the oldest: %q, %v", found.Labels, err)
	}
	for _, other := range []string{ines, slackfake.UserID("eve")} {
		if found, err := fake.Search(other, message, menu, ""); err != nil || len(found.Labels) != 0 {
			t.Errorf("%s finds %q, %v", other, found.Labels, err)
		}
	}
	if err := scene.Surface.Click("camille", "@camille", "Thé numéro zéro"); err != nil {
		t.Fatal(err)
	}
	until("the draft", says("Brouillon prêt dans notre conversation : Thé numéro zéro"))
}
