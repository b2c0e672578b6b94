package moderation

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/state"
)

// refused is what a person reads who was refused.
func refused(t *testing.T, err error) string {
	t.Helper()
	var refusal *bot.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("not a refusal: %v", err)
	}
	return words(refusal.Card)
}

func onMessage(quote string) bot.Event {
	return bot.Event{Kind: bot.Shortcut, Platform: bot.Slack, Team: "T", User: bot.User{ID: "Unoa"}, Quote: quote, From: "Troll", FromID: "U9",
		SaidAt: noon.Add(-time.Minute), Address: "https://team.slack.example/p1", Place: board.Place{Platform: "slack", Team: "T", Channel: "C", Message: "1.2"}}
}

// The menu of a message keeps all that the application says of it; the card hangs
// with who used it, wherever they did.
func TestAdd(t *testing.T) {
	d := newDesk(t)
	e := onMessage("nul")
	e.Files = []bot.Upload{{Ref: "F1", Name: "dessin.png"}}
	reply, err := d.asked("noa", e, d.chat.add)
	if err != nil || !strings.Contains(words(*reply.Card), "Preuve gardée, avant toute décision.") {
		t.Fatalf("%+v, %v", reply, err)
	}
	var c Case
	for id := range d.store.Dump(Kind) {
		c, _ = d.kept(id)
	}
	want := Evidence{Network: "Slack", Address: e.Address, ID: "chat:slack:T:C:1.2", SaidBy: "Troll", SaidByID: "U9", Text: "nul", SaidAt: e.SaidAt, KeptAt: noon}
	if c.Evidence != want || len(c.Pictures) != 1 {
		t.Errorf("kept %+v, %+v", c.Evidence, c.Pictures)
	}
	card, found, err := board.Get(t.Context(), state.Begin(d.store, "look", d.now), board.ID(View, c.ID))
	if err != nil || !found || len(card.Copies) != 1 || card.Copies[0].Place.Channel != "@Unoa" || card.Copies[0].Member != "noa" {
		t.Errorf("it hangs in %+v, %v", card.Copies, err)
	}
	d.now = noon.Add(time.Minute)
	if reply, err = d.asked("lou", e, d.chat.add); err != nil || !strings.Contains(words(*reply.Card), "La preuve est déjà gardée.") {
		t.Errorf("brought again: %+v, %v", reply, err)
	}
	if _, err := d.asked("noa", onMessage(" \n"), d.chat.add); !strings.Contains(refused(t, err), "n’a pas de texte") {
		t.Error("nothing was kept, and said to be")
	}
}

// Several messages are each kept; none is nothing.
func TestBring(t *testing.T) {
	d := newDesk(t)
	other := criticism()
	other.ID = "m2"
	reply, err := d.asked("noa", bot.Event{}, func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		return d.chat.Bring(ctx, r, criticism(), other)
	})
	if err != nil || d.waiting() != 2 || !strings.Contains(words(*reply.Card), "2 preuves gardées") {
		t.Errorf("%d wait; %+v, %v", d.waiting(), reply, err)
	}
	reply, err = d.asked("noa", bot.Event{}, func(ctx context.Context, r *bot.Request) (bot.Reply, error) { return d.chat.Bring(ctx, r) })
	if err != nil || reply.Card != nil {
		t.Errorf("of nothing: %+v, %v", reply, err)
	}
}

// Why nothing changed is said, with who and what to do.
func TestRefusals(t *testing.T) {
	d := newDesk(t)
	c := d.keep("noa", criticism())
	about := func(reason string) bot.Event {
		return bot.Event{Token: c.ID, Values: map[string][]string{reasonField: {reason}}}
	}
	if _, err := d.asked("noa", about("charter:gone"), d.chat.hide); !strings.Contains(refused(t, err), "Cette raison n’existe plus") {
		t.Error("an article that is gone")
	}
	reply, err := d.asked("noa", about("false"), d.chat.hide)
	if err != nil || !strings.Contains(words(*reply.Card), "une critique n’est pas une faute. Il faut un second avis : la question est chez Lou.") {
		t.Errorf("%+v, %v", reply, err)
	}
	if _, err := d.asked("noa", about(""), d.chat.choose(Agree)); !strings.Contains(refused(t, err), "il faut un autre regard. Lou peut le donner.") {
		t.Error("agreed with oneself")
	}
	if _, err := d.asked("lou", about(""), d.chat.choose(Agree)); err != nil {
		t.Error(err)
	}
	if _, err := d.asked("morgan", about(""), d.chat.choose(Agree)); !strings.Contains(refused(t, err), "Déjà fait : accord pour masquer, par Lou") {
		t.Error("too late")
	}
	if _, err := d.asked("noa", bot.Event{Token: "m0"}, d.chat.choose(Leave)); !strings.Contains(refused(t, err), "n’existe plus") {
		t.Error("what is not there")
	}
	for _, m := range d.team.Now().Members {
		if m.ID != "noa" {
			m.Roles = nil
		}
	}
	other := criticism()
	other.ID = "m2"
	c = d.keep("noa", other)
	for _, handle := range []bot.Handler{d.chat.ask, d.chat.hide} {
		if _, err := d.asked("noa", about("false"), handle); !strings.Contains(refused(t, err), "personne d’autre ne modère") {
			t.Error("nobody to ask")
		}
	}
}

// The form about the reason has those of every brand and the charter's; a message
// that is decided has none.
func TestHideForm(t *testing.T) {
	d := newDesk(t)
	c := d.keep("noa", criticism())
	var form bot.Form
	open := func(ctx context.Context, r *bot.Request) (_ bot.Reply, err error) {
		form, err = d.chat.hideForm(ctx, r)
		return bot.Reply{}, err
	}
	if _, err := d.asked("noa", bot.Event{Token: c.ID}, open); err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, choice := range form.Fields[0].Choices {
		values = append(values, choice.Value)
	}
	if got := strings.Join(values, " "); got != "personal threat insult spam false charter:respect" {
		t.Errorf("the reasons are %s", got)
	}
	if _, err := d.decide(c.ID, Choice{What: Leave, By: "lou"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.asked("noa", bot.Event{Token: c.ID}, open); !strings.Contains(refused(t, err), "Déjà fait : laissé en place, par Lou") {
		t.Error("a form about what is decided")
	}
}

// An article is changed from the text that its reader saw, in the brand's languages.
func TestArticleForm(t *testing.T) {
	d := newDesk(t)
	var form bot.Form
	open := func(ctx context.Context, r *bot.Request) (_ bot.Reply, err error) {
		form, err = d.chat.articleForm(ctx, r)
		return bot.Reply{}, err
	}
	save := bot.Event{Arg: "0-1", Values: map[string][]string{"title-fr": {"Respect"}, "words-fr": {"Tout doux."}, "title-en": {"Respect"}, "words-en": {"Gently."}}}
	if _, err := d.asked("morgan", bot.Event{Arg: "0-1"}, open); err != nil || len(form.Fields) != 4 || form.Fields[1].Value[0] != "Les thés, pas les gens." ||
		form.Fields[3].Value != nil || !form.Fields[1].Optional || form.Arg != "0-1" {
		t.Errorf("%+v, %v", form, err)
	}
	if reply, err := d.asked("morgan", save, d.chat.amend); err != nil || !strings.Contains(words(*reply.Card), "La charte est à jour.") {
		t.Errorf("%+v, %v", reply, err)
	}
	for _, late := range []bot.Handler{open, d.chat.amend} {
		if _, err := d.asked("morgan", save, late); !strings.Contains(refused(t, err), "La charte a changé entre-temps.") {
			t.Error("from a text that is not today's")
		}
	}
	if _, err := d.asked("morgan", bot.Event{}, open); err != nil || form.Arg != "1-0" || form.Fields[1].Optional || form.Fields[1].Value != nil {
		t.Errorf("a new one: %+v, %v", form, err)
	}
	for words, wrong := range map[string]int{"": 2, "Tout doux.": 1} {
		r := &bot.Request{Brand: d.brand(), Print: d.words.For("fr", time.UTC), Event: bot.Event{Arg: "1-0", Values: map[string][]string{"words-fr": {words}}}}
		if problems, err := checkArticle(t.Context(), r); err != nil || len(problems) != wrong {
			t.Errorf("%q: %v, %v", words, problems, err)
		}
	}
}

// Who moderates sees what waits on their page and in the round; others do not.
func TestDoors(t *testing.T) {
	d := newDesk(t)
	doors := func(member string) (count int) {
		space := d.team.Now()
		tx := state.Begin(d.store, "look", d.now)
		p := d.words.For("fr", time.UTC)
		all, err := d.chat.Doors(t.Context(), tx, d.brand(), space.Member(member), p)
		if err != nil {
			t.Fatal(err)
		}
		home, err := d.chat.Home(t.Context(), &bot.Request{Brand: d.brand(), Member: space.Member(member), Print: p, Tx: tx})
		if err != nil || len(home.Buttons) != len(all) || len(home.Lines) != len(all) {
			t.Errorf("%s: on the page %+v, elsewhere %+v, %v", member, home, all, err)
		}
		return len(all)
	}
	if n := doors("noa"); n != 0 {
		t.Error("a door to nothing")
	}
	d.keep("noa", criticism())
	for member, want := range map[string]int{"noa": 1, "morgan": 1, "sacha": 0} {
		if got := doors(member); got != want {
			t.Errorf("%s has %d doors", member, got)
		}
	}
	second := criticism()
	second.ID = "another"
	d.keep("noa", second)
	home, err := d.chat.Home(t.Context(), &bot.Request{Brand: d.brand(), Member: d.team.Now().Member("noa"),
		Print: d.words.For("en", time.UTC), Tx: state.Begin(d.store, "look", d.now)})
	if said := strings.Join(home.Lines, ""); err != nil || !strings.Contains(said, "2") {
		t.Errorf("the page says %q of two messages, %v", said, err)
	}
	if n := doors("noa"); n != 1 {
		t.Errorf("%d doors to two messages", n)
	}
}
