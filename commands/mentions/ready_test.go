package mentions

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/state"
)

// equip gives the brand ready answers.
func (e *hearing) equip() {
	e.space.Brands[0].Themes = map[string][]string{"late": {"retard", "semaines"}}
	answer := func(id, theme, text string) brand.Answer {
		return brand.Answer{ID: id, Theme: theme, Name: map[string]string{"fr": strings.ToUpper(id)}, Text: map[string]string{"fr": text}}
	}
	e.space.Brands[0].Answers = []brand.Answer{answer("price", "price", "Bonjour, nos prix sont sur la page Tarifs de notre site."),
		answer("late", "late", "Bonjour, nous vérifions votre envoi et revenons vers vous aujourd’hui.")}
}

// A reply counts for the answer that it was made of, however much was added; what
// somebody wrote over it does not.
func TestServedBy(t *testing.T) {
	e := newHearing(t)
	e.equip()
	for text, want := range map[string]string{
		"Bonjour, nous vérifions votre envoi et revenons vers vous aujourd’hui.":                       "late",
		"Bonjour Marie, nous vérifions votre envoi et revenons vers vous aujourd'hui. Belle journée !": "late",
		"Bonjour, nos prix sont sur la page Tarifs de notre site.":                                     "price",
		"Bonjour, un colis est reparti ce matin, avec toutes nos excuses.":                             "",
		"Bonjour": "", "": "",
	} {
		if got := servedBy(e.space.Brands[0], "fr", text, e.now); got != want {
			t.Errorf("%q is made of %q, want %q", text, got, want)
		}
	}
	if got := servedBy(e.space.Brands[0], "en", e.space.Brands[0].Answers[1].Text["fr"], e.now); got != "" {
		t.Errorf("in another language it is %q", got)
	}
}

// answer replies to somebody by hand and gives the reply's ID.
func (e *hearing) answer(author, text string) (id string) {
	e.Helper()
	e.step(func(ctx context.Context, tx *state.Tx) error {
		r, err := e.Engine.Answer(ctx, tx, e.id("Mastodon", author), "noa", text)
		id = r.ID
		return err
	})
	if err := e.posted(id); err != nil {
		e.Fatal(err)
	}
	return id
}

// posted says that a reply is on its network.
func (e *hearing) posted(id string) (err error) {
	e.Helper()
	e.step(func(ctx context.Context, tx *state.Tx) error {
		_, err = e.Engine.Posted(ctx, tx, id, "noa")
		return nil
	})
	return err
}

func (e *hearing) served(answer string, since time.Time) int {
	e.Helper()
	n, last, err := e.Engine.Served(e.Context(), state.Begin(e.store, "look", e.now), "colibri", answer, since)
	if err != nil || n > 0 && (last.After(e.now) || last.Before(since)) {
		e.Fatalf("%d, %v, %v", n, last, err)
	}
	return n
}

// A use is counted with its reply, once; a reply that did not leave is none.
func TestServed(t *testing.T) {
	e := newHearing(t)
	e.equip()
	late := e.space.Brands[0].Answers[1].Text["fr"]
	var sent []string
	for _, author := range []string{"@a", "@b", "@c", "@d"} {
		e.hear("Mastodon", author, "trois semaines de retard, c’est nul")
		sent = append(sent, e.answer(author, late))
	}
	began := e.now.Add(-time.Hour)
	if n := e.served("late", began); n != 4 || e.served("price", began) != 0 || e.served("late", e.now.Add(time.Second)) != 0 {
		t.Errorf("%d uses", n)
	}
	e.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := e.Engine.TakeBack(ctx, tx, sent[0], "noa")
		return err
	})
	if n := e.served("late", began); n != 3 {
		t.Errorf("%d uses after one was taken back", n)
	}
	e.step(func(ctx context.Context, tx *state.Tx) error { return e.Engine.EraseReply(ctx, tx, sent[1]) })
	if n := e.served("late", began); n != 2 {
		t.Errorf("%d uses after one was erased", n)
	}
}

// view is the card of the conversation with somebody.
func (e *hearing) view(author string) bot.Card {
	e.Helper()
	r := e.asked("noa")
	card, err := e.caseView(e.Context(), bot.ViewRequest{Space: e.space, Brand: r.Brand, Subject: e.id("Mastodon", author),
		Member: r.Member, Print: r.Print, Now: e.now, Tx: r.Tx})
	if err != nil {
		e.Fatal(err)
	}
	return card
}

// offered are the ready answers in the menu of a conversation.
func (e *hearing) offered(author string) string {
	var all []string
	for _, block := range e.view(author).Blocks {
		if block.Kind == bot.Menu && block.Select.Action == "case.with" {
			for _, choice := range block.Select.Choices {
				all = append(all, choice.Label)
			}
		}
	}
	return strings.Join(all, " ")
}

// The menu has the answers about what was said first; thanks need none, and what
// none is about is answered in one's own words.
func TestReadyMenu(t *testing.T) {
	e := newHearing(t)
	e.equip()
	for author, said := range map[string][2]string{
		"@late":  {"trois semaines de retard, c’est nul", "LATE PRICE"},
		"@ask":   {"vous livrez en Belgique, et en combien de semaines ?", "LATE PRICE"},
		"@thank": {"bravo pour l’absence de retard, j’adore, merci !", ""},
	} {
		e.hear("Mastodon", author, said[0])
		if got := e.offered(author); got != said[1] {
			t.Errorf("%s is offered %q", said[0], got)
		}
	}
	e.space.Brands[0].Answers = e.space.Brands[0].Answers[:1]
	if got := e.offered("@ask"); got != "" {
		t.Errorf("offered what is about something else: %q", got)
	}
	e.equip()
	e.space.Brands[0].Answers = e.space.Brands[0].Answers[1:]
	if got := e.offered("@late"); got != "" {
		t.Errorf("offered again what is in the form: %q", got)
	}
	if got := e.offered("@ask"); got != "LATE" {
		t.Errorf("a question is offered %q", got)
	}
}

// The form has the answer that was chosen, or that the complaint is about; one
// that is over meanwhile is refused.
func TestReplyWith(t *testing.T) {
	e := newHearing(t)
	e.equip()
	e.hear("Mastodon", "@late", "trois semaines de retard, c’est nul")
	open := func(choice string) (string, error) {
		r := e.asked("noa")
		r.View, r.Subject = CaseView, e.id("Mastodon", "@late")
		former := e.replyForm
		if choice != "" {
			former, r.Values = e.replyWith, map[string][]string{bot.MenuField: {choice}}
		}
		form, err := former(e.Context(), r)
		if err != nil {
			return "", err
		}
		return strings.Join(form.Fields[0].Value, ""), nil
	}
	for choice, want := range map[string]string{"": "Bonjour, nous vérifions", "price": "Bonjour, nos prix", "late": "Bonjour, nous vérifions"} {
		if got, err := open(choice); err != nil || !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q, %v", choice, got, err)
		}
	}
	for i := range e.space.Brands[0].Answers {
		e.space.Brands[0].Answers[i].Until = hours.DayOf(e.now.AddDate(0, 0, -1))
	}
	if got, err := open(""); err != nil || got != "" {
		t.Errorf("an answer that is over: %q, %v", got, err)
	}
	if _, err := open("late"); err == nil || !strings.Contains(err.Error(), "n’est plus proposée") {
		t.Errorf("chosen meanwhile: %v", err)
	}
}

// library takes in replies.
type library struct{ kept string }

func (l *library) Keep(_ context.Context, _ *bot.Request, theme, lang, text string) (bot.Form, error) {
	l.kept = strings.Join([]string{theme, lang, text}, "/")
	return bot.Form{}, nil
}

// A reply in one's own words can become a ready answer; what was made of one, and
// what was not replied to, cannot.
func TestKeepReply(t *testing.T) {
	e := newHearing(t)
	e.equip()
	kept := &library{}
	for _, author := range []string{"@own", "@ready", "@liked"} {
		e.hear("Mastodon", author, "trois semaines de retard, c’est nul")
	}
	reply := e.answer("@own", "Bonjour, un colis est reparti ce matin.")
	e.answer("@ready", e.space.Brands[0].Answers[1].Text["fr"])
	e.finish("Mastodon", "@liked", Liked, "")
	offers := func(author string) bool {
		for _, button := range e.view(author).More {
			if button.Action == "case.keep" {
				return true
			}
		}
		return false
	}
	if offers("@own") {
		t.Error("offered where nobody keeps it")
	}
	e.Sheets = kept
	for author, want := range map[string]bool{"@own": true, "@ready": false, "@liked": false} {
		if got := offers(author); got != want {
			t.Errorf("%s: offered %v", author, got)
		}
	}
	r := e.asked("noa")
	for view, subject := range map[string]string{CaseView: e.id("Mastodon", "@own"), replyView: reply} {
		kept.kept, r.View, r.Subject = "", view, subject
		if _, err := e.keepForm(e.Context(), r); err != nil || kept.kept != "late/fr/Bonjour, un colis est reparti ce matin." {
			t.Errorf("from %s: %q, %v", view, kept.kept, err)
		}
	}
	var refusal *bot.Refusal
	r.View, r.Subject = CaseView, e.id("Mastodon", "@liked")
	if _, err := e.keepForm(e.Context(), r); !errors.As(err, &refusal) {
		t.Errorf("what was not replied to: %v", err)
	}
}
