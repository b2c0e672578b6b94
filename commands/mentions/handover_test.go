package mentions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// newDesk is a shift at ten in the morning where everybody answers, Camille has a
// conversation that ends at noon, and Noa is away until tomorrow.
func newDesk(t *testing.T) *shift {
	s := newHand(t)
	for _, m := range s.Space.Now().Members {
		m.Roles = []brand.Role{brand.Approver, brand.Responder}
	}
	s.member("noa").Away = hours.Days{hours.DayOf(s.now)}
	s.step(func(ctx context.Context, tx *state.Tx) error { _, err := s.Take(ctx, tx, "c1", "camille"); return err })
	return s
}

func (s *shift) member(id string) *brand.Member { return s.Space.Now().Member(id) }

// lives changes the conversation behind everybody's back.
func (s *shift) lives(change func(*Case)) {
	s.Helper()
	s.step(func(ctx context.Context, tx *state.Tx) error {
		c, err := s.get(ctx, tx, "c1")
		if err != nil {
			return err
		}
		change(&c)
		return cases.Put(tx, c.ID, c, caseMarks(c)...)
	})
}

func (s *shift) hands(from, to string) (said []string) {
	s.Helper()
	return s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.HandOver(ctx, tx, "c1", from, to, " le client est fidèle ")
		return err
	})
}

// request is what a member sends from a card.
func (s *shift) request(who, view, subject, arg string, values map[string][]string) *bot.Request {
	s.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		s.Fatal(err)
	}
	return &bot.Request{Event: bot.Event{Arg: arg, Values: values}, Space: s.Space.Now(), Brand: s.brand, Member: s.member(who), View: view, Subject: subject,
		Print: catalog.For("fr", s.brand.Zone), Now: s.now, Tx: state.Begin(s.store, "ask", s.now), NewToken: s.NewToken}
}

// drawn is a card as its reader sees it, "" for the channel.
func (s *shift) drawn(draw bot.View, subject, who string) string {
	s.Helper()
	r := s.request("camille", "", "", "", nil)
	card, err := draw(s.Context(), bot.ViewRequest{Space: r.Space, Brand: s.brand, Subject: subject, Member: s.member(who), Print: r.Print, Now: s.now, Tx: r.Tx})
	if err != nil {
		s.Fatal(err)
	}
	return plainly(bottest.Plain(card))
}

func plainly(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

// Who has a conversation can hand it over, to somebody who answers; anybody else, and
// whoever clicks twice, changes nothing.
func TestWhoMayHandOver(t *testing.T) {
	for name, test := range map[string]struct {
		before   func(*shift)
		from, to string
		want     error
	}{
		"a colleague's":       {nil, "morgan", "noa", ErrTaken},
		"to themselves":       {nil, "camille", "camille", ErrHeir},
		"to a stranger":       {nil, "camille", "eve", ErrHeir},
		"who doesn't answer":  {func(s *shift) { s.member("noa").Roles = []brand.Role{brand.Approver} }, "camille", "noa", ErrHeir},
		"out of reach":        {func(s *shift) { s.member("noa").Handles = nil }, "camille", "noa", ErrHeir},
		"never back":          {func(s *shift) { s.member("noa").Hours = &hours.Week{} }, "camille", "noa", ErrHeir},
		"handed before":       {func(s *shift) { s.hands("camille", "noa") }, "camille", "noa", ErrTaken},
		"released before":     {func(s *shift) { s.hands("camille", "") }, "camille", "", ErrNobodys},
		"critical, to nobody": {func(s *shift) { s.lives(func(c *Case) { c.Urgency = Urgent }) }, "camille", "", ErrPressed},
		"done": {func(s *shift) {
			s.step(func(ctx context.Context, tx *state.Tx) error {
				_, err := s.Finish(ctx, tx, "c1", "camille", Liked, "")
				return err
			})
		}, "camille", "noa", ErrDone},
		"with a reply to look at": {func(s *shift) { s.Crisis.(*wrong).number = 1; s.answer("Bonjour, on cherche.") }, "camille", "noa", ErrLooked},
	} {
		s := newDesk(t)
		if test.before != nil {
			test.before(s)
		}
		before := s.one()
		err := s.try(func(ctx context.Context, tx *state.Tx) error {
			_, err := s.HandOver(ctx, tx, "c1", test.from, test.to, "")
			return err
		})
		if after := s.one(); !errors.Is(err, test.want) || after.Owner != before.Owner || after.Stage != before.Stage || !after.TakenAt.Equal(before.TakenAt) {
			t.Errorf("%s: %v, %+v", name, err, after)
		}
		said := (&Chat{Engine: s.Engine}).explainPass(s.request("camille", "", "", "", nil), before, err)
		var refusal *bot.Refusal
		if !errors.As(said, &refusal) {
			t.Errorf("%s: nothing to read: %v", name, said)
		}
	}
}

// Who is handed a conversation has it: one message, their own reminder, and the same
// end of its promise.
func TestHandedOn(t *testing.T) {
	s := newDesk(t)
	due := s.one().Due
	s.lives(func(c *Case) { c.Reminders = []string{"reminder:camille/colibri/2026-11-26/1"} }) // with another of theirs
	s.now = s.now.Add(20 * time.Minute)
	s.want("handed", s.hands("camille", "morgan"), "card handed @Umorgan")
	c := s.one()
	if c.Stage != Taken || c.Owner != "morgan" || !c.TakenAt.Equal(s.now) || !c.Due.Equal(due) || !c.Handed.At.Equal(s.now) || c.Handed.By != "camille" || c.Handed.Note != "le client est fidèle" {
		t.Fatalf("%+v", c)
	}
	last := s.store.Trail()[len(s.store.Trail())-1]
	if last.What != "case.handed" || last.Who != "camille" || last.Detail["to"] != "morgan" || len(last.Detail) != 1 {
		t.Errorf("the trail says %+v", last)
	}
	s.want("their reminder", s.pass(s.Remind), "card reminder @Umorgan")
	if !s.now.Equal(due.Add(-remindBefore)) {
		t.Errorf("reminded at %s", s.now)
	}
	s.want("too late for another", s.hands("morgan", "camille"), "card handed @Ucamille", "edit handed @Umorgan", "edit reminder @Umorgan")
	s.want("the end", s.pass(s.Remind), "card late @Umorgan")
	if !s.now.Equal(due) {
		t.Errorf("late at %s", s.now)
	}
	again := s.hands("camille", "morgan")
	s.want("back", again, "card handed @Umorgan", "edit handed @Umorgan", "edit handed @Ucamille", "edit reminder @Umorgan", "edit late @Umorgan")
}

// Whatever became of the promise before, who is handed a conversation is reminded.
func TestHandedOnWithItsPromise(t *testing.T) {
	s := newDesk(t)
	s.step(func(_ context.Context, tx *state.Tx) error { tx.Cancel("promise:c1"); return nil })
	s.hands("camille", "morgan")
	s.want("their reminder", s.pass(s.Remind), "card reminder @Umorgan")
}

// What is released waits like any other; nobody is reminded, and its end is told.
func TestReleased(t *testing.T) {
	s := newDesk(t)
	if said := s.hands("camille", ""); len(said) != 0 {
		t.Errorf("somebody is told: %q", said)
	}
	if c := s.one(); c.Stage != Waiting || c.Owner != "" || !c.TakenAt.IsZero() {
		t.Fatalf("%+v", c)
	}
	if last := s.store.Trail()[len(s.store.Trail())-1]; last.What != "case.released" || last.Who != "camille" {
		t.Errorf("the trail says %+v", last)
	}
	s.want("the end", s.pass(s.Remind), "card late @Umorgan")
	if c := s.one(); !s.now.Equal(c.Due) || !c.Late {
		t.Errorf("at %s: %+v", s.now, c)
	}
	s.step(func(ctx context.Context, tx *state.Tx) error { _, err := s.Take(ctx, tx, "c1", "camille"); return err })
	if c := s.one(); c.Owner != "camille" || c.Handed.By != "" {
		t.Errorf("taken again: %+v", c)
	}
}

// A reminder's time that comes after the release only waits for the end.
func TestNobodyIsRemindedOfWhatNobodyHas(t *testing.T) {
	s := newDesk(t)
	s.lives(func(c *Case) { c.Stage, c.Owner = Waiting, "camille" }) // a reply came back
	s.want("before the end", s.pass(s.Remind))
	s.want("the end", s.pass(s.Remind), "card late @Umorgan")
}

// Outside their hours only who is on call is rung, for what is critical.
func TestCriticalRingsOnCall(t *testing.T) {
	for to, want := range map[string]string{"morgan": "card handed @Umorgan !", "lou": "card handed @Ulou"} {
		s := newDesk(t)
		space := s.Space.Now()
		space.Members = append(space.Members, &brand.Member{ID: "lou", Name: "Lou", Roles: []brand.Role{brand.Responder}, Handles: map[string]string{"slack:T": "Ulou"}})
		s.lives(func(c *Case) { c.Urgency = Urgent })
		s.clock(22, 0)
		s.want(to, s.hands("camille", to), want)
		s.lives(func(c *Case) { c.Urgency, c.Owner = Alert, "camille" })
		s.want("no longer critical", slices.DeleteFunc(s.hands("camille", to), func(one string) bool { return strings.HasPrefix(one, "edit") }), strings.TrimSuffix(want, " !"))
	}
}

// Who is there comes first, with when the others come back; a long name leaves room.
func TestHeirs(t *testing.T) {
	s := newDesk(t)
	chat := &Chat{Engine: s.Engine}
	s.member("noa").Name = strings.Repeat("Noa ", 30)
	form, err := chat.passForm(t.Context(), s.request("camille", ReminderView, "camille/x/1", "c1", nil))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, choice := range form.Fields[0].Choices {
		got = append(got, choice.Value+" "+plainly(choice.Label))
		if n := utf8.RuneCountInString(choice.Label); n > mostLabel {
			t.Errorf("%d characters: %s", n, choice.Label)
		}
	}
	if len(got) != 3 || got[0] != "morgan Morgan, au travail" || got[2] != "- Qui sera là : retour dans la tournée" ||
		!strings.HasPrefix(got[1], "noa Noa Noa") || !strings.HasSuffix(got[1], "…, retour après l’heure promise : demain à 9 h 00") {
		t.Errorf("%q", got)
	}
	if plainly(form.Intro) != "@tom · Mastodon · Répondre avant 12 h 00" || form.Fields[0].Value[0] != "morgan" {
		t.Errorf("%+v", form)
	}
	s.lives(func(c *Case) { c.Due = s.now.Add(48 * time.Hour); c.Urgency = Urgent })
	found, err := chat.heirs(t.Context(), s.request("camille", ReminderView, "camille/x/1", "c1", nil))
	if err != nil || len(found) != 2 || plainly(found[0].Label) != "Morgan, d’astreinte" || !strings.HasSuffix(plainly(found[1].Label), "…, retour : demain à 9 h 00") {
		t.Errorf("%+v, %v", found, err)
	}
}

// A search finds whom the form would take, of the conversation that it carries: not
// its owner, nobody who cannot be written to, and for what is critical somebody. What
// cannot be handed over has no heirs.
func TestHeirsAreFound(t *testing.T) {
	s := newDesk(t)
	chat := &Chat{Engine: s.Engine}
	space := s.Space.Now()
	space.Members = append(space.Members, &brand.Member{ID: "mute", Name: "Muette", Roles: []brand.Role{brand.Responder}})
	for n := range 30 {
		id := fmt.Sprint("r", n)
		space.Members = append(space.Members, &brand.Member{ID: id, Name: id, Roles: []brand.Role{brand.Responder}, Handles: map[string]string{"slack:T": "U" + id}})
	}
	form, err := chat.passForm(t.Context(), s.request("camille", ReminderView, "camille/x/1", "c1", nil))
	if err != nil || form.Arg != "c1" || form.Fields[0].Left == "" {
		t.Fatalf("%+v, %v", form, err)
	}
	search := func(who, arg string) []string {
		found, err := chat.heirs(t.Context(), s.request(who, ReminderView, "camille/x/1", arg, nil))
		var refusal *bot.Refusal
		if err != nil && !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		var ids []string
		for _, choice := range found {
			ids = append(ids, choice.Value)
		}
		return ids
	}
	found := search("camille", form.Arg)
	if len(found) != 30+2+1 || slices.Contains(found, "camille") || slices.Contains(found, "mute") || !slices.Contains(found, whoever) {
		t.Errorf("found %q", found)
	}
	for _, id := range found { // none of them is refused
		if id == whoever {
			id = ""
		}
		if err := s.refusal("camille", id); err != nil {
			t.Errorf("%q was found, and is refused: %v", id, err)
		}
	}
	s.lives(func(c *Case) { c.Urgency = Urgent })
	if found := search("camille", form.Arg); slices.Contains(found, whoever) || len(found) != 30+2 {
		t.Errorf("critical: %q", found)
	}
	for name, found := range map[string][]string{"of another": search("noa", form.Arg), "of none": search("camille", ""), "gone": search("camille", "c9")} {
		if len(found) != 0 {
			t.Errorf("%s: %q", name, found)
		}
	}
}

// refusal says why a conversation is not handed over; nothing is kept.
func (s *shift) refusal(member, to string) error {
	s.Helper()
	_, err := s.HandOver(s.Context(), state.Begin(s.store, "try "+to, s.now), "c1", member, to, "")
	return err
}

// Who hands over reads who goes on, when they will see it, and what happens else.
func TestPassedLines(t *testing.T) {
	for to, want := range map[string]string{
		"morgan": "Morgan a la main, et reçoit un message. Sans réponse avant 12 h 00, Camille reçoit l’alerte.",
		"noa":    "Noa a la main, et verra le message à son retour : demain à 9 h 00. Rien ne sonnera avant. Sans réponse avant 12 h 00, Morgan reçoit l’alerte.",
		whoever:  "La conversation attend de nouveau, dans la tournée. Sans réponse avant 12 h 00, Morgan reçoit l’alerte.",
	} {
		s := newDesk(t)
		s.step(func(ctx context.Context, tx *state.Tx) error {
			_, err := s.Start(ctx, tx, "colibri", "camille")
			return err
		})
		var reply bot.Reply
		s.step(func(ctx context.Context, tx *state.Tx) (err error) {
			r := s.request("camille", RoundView, "camille", "c1", map[string][]string{heirField: {to}})
			r.Tx = tx
			reply, err = (&Chat{Engine: s.Engine}).passOn(ctx, r)
			return err
		})
		if got := plainly(bottest.Plain(*reply.Card)); !strings.Contains(got, want) {
			t.Errorf("%s: %s", to, got)
		}
		if round := s.round("camille"); round.Current() != "" || round.Handed != 1 || round.Later != 0 {
			t.Errorf("%s: the round is %+v", to, round)
		}
		if got := s.drawn((&Chat{Engine: s.Engine}).roundView, "camille", "camille"); !strings.Contains(got, "1 conversation laissée à d’autres.") {
			t.Errorf("%s: %s", to, got)
		}
	}
}

// A reply that is still to be posted goes on with its conversation: it leaves the round
// of who wrote it, its words stay.
func TestHandOverAReplyByHand(t *testing.T) {
	s := newDesk(t)
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Start(ctx, tx, "colibri", "camille")
		return err
	})
	r, _ := s.answer("Bonjour, on cherche.")
	s.step(func(ctx context.Context, tx *state.Tx) error { return s.Pass(ctx, tx, r) })
	s.hands("camille", "morgan")
	if got := s.round("camille"); len(got.Hand) != 0 {
		t.Errorf("%+v", got)
	}
	got := s.drawn((&Chat{Engine: s.Engine}).handedView, "morgan/c1", "morgan")
	for _, want := range []string{"Bonjour, on cherche.", "[C’est publié]", "Passer la main"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q:\n%s", want, got)
		}
	}
}

// The cards follow: who has it can hand it over, who had it reads who goes on.
func TestCardsOfAHandOver(t *testing.T) {
	s := newDesk(t)
	chat := &Chat{Engine: s.Engine}
	s.pass(s.Remind)
	reminder := dayOf(s.brand, s.member("camille"), s.now) + "/1"
	check := func(what, got string, has bool, words ...string) {
		t.Helper()
		for _, word := range words {
			if strings.Contains(got, word) != has {
				t.Errorf("%s, %q (%v):\n%s", what, word, has, got)
			}
		}
	}
	check("the reminder", s.drawn(chat.reminderView, reminder, "camille"), true, "Plus que 25 min", "[Répondre]", "[Passer la main]")
	check("the channel", s.drawn(chat.caseView, "c1", ""), true, "Passer la main")
	check("a colleague", s.drawn(chat.caseView, "c1", "morgan"), false, "Passer la main")
	s.hands("camille", "morgan")
	check("the reminder, after", s.drawn(chat.reminderView, reminder, "camille"), true, "La main est passée", "@tom · Mastodon · Répondre avant 12 h 00 · Morgan s’en occupe depuis 11 h 35")
	check("the reminder, after", s.drawn(chat.reminderView, reminder, "camille"), false, "[")
	check("theirs", s.drawn(chat.handedView, "morgan/c1", "morgan"), true, "Camille vous passe la main · @tom · Mastodon", "Où est mon colis ?",
		"Camille ajoute :", "le client est fidèle", "Répondre avant 12 h 00", "[Répondre]", "[Passer la main]")
	s.hands("morgan", "")
	check("theirs, after", s.drawn(chat.handedView, "morgan/c1", "morgan"), true, "La main est passée", "personne ne s’en occupe encore")
	check("the channel, after", s.drawn(chat.caseView, "c1", ""), false, "Passer la main")
	s.step(func(ctx context.Context, tx *state.Tx) error { _, err := s.Take(ctx, tx, "c1", "morgan"); return err })
	check("taken again", s.drawn(chat.handedView, "morgan/c1", "morgan"), false, "vous passe la main", "ajoute")
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Finish(ctx, tx, "c1", "morgan", Liked, "")
		return err
	})
	check("done", s.drawn(chat.handedView, "morgan/c1", "morgan"), true, "1 conversation traitée")
}
