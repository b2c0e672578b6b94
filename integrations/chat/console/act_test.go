package console

import (
	"context"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/board"
)

// do performs one op as a person, without a browser.
func (s *sample) do(person string, ask op) reply {
	s.t.Helper()
	me, found := s.person(person)
	if !found {
		s.t.Fatalf("no person %q", person)
	}
	if ask.ID == "" {
		ask.ID = s.secret()
	}
	return s.act(context.Background(), me, ask)
}

func TestEvents(t *testing.T) {
	s := newSample(t)
	card := s.post("com", requestCard(), true)
	direct := s.post("@lea", draftCard(), true)
	thread := s.talk("nadia", "com", "pourquoi pas ?")
	if thread.State != "ok" {
		t.Fatal(thread)
	}
	theirs := s.room.panes["com"][1].ID
	place := board.Place{Platform: "console", Team: "demo", Channel: "com"}
	at := func(message, thread string) board.Place {
		p := place
		p.Message, p.Thread = message, thread
		return p
	}
	answer, err := s.Post(context.Background(), at("", card.Message), bot.Card{Title: bot.Say("in the thread")}, bot.PostOptions{Silent: true})
	if err != nil {
		t.Fatal(err)
	}
	dm := board.Place{Platform: "console", Team: "demo", Channel: "@lea"}
	dmOn := dm
	dmOn.Message = direct.Message
	for _, test := range []struct {
		name  string
		ask   op
		state string
		want  bot.Event
	}{
		{"command by its French name", op{Kind: "say", Channel: "com", Text: "/Valider  demain "}, "ok", bot.Event{Kind: bot.Command, Command: "review", Text: "demain", Place: place}},
		{"command in a thread", op{Kind: "say", Channel: "com", Thread: card.Message, Text: "/plan"}, "ok", bot.Event{Kind: bot.Command, Command: "plan", Place: at("", card.Message)}},
		{"button", op{Kind: "click", Channel: "com", Message: card.Message, Callback: "a1:review.changes~x:tr"}, "ok", bot.Event{Kind: bot.Action, Action: "review.changes", Arg: "x", Token: "tr", Place: at(card.Message, "")}},
		{"button in a thread", op{Kind: "click", Channel: "com", Message: answer.Message, Callback: "a1:review.changes:tr"}, "ok", bot.Event{Kind: bot.Action, Action: "review.changes", Token: "tr", Place: at(answer.Message, card.Message)}},
		{"menu", op{Kind: "click", Channel: Direct, Message: direct.Message, Callback: "a1:draft.network:td", Values: map[string][]string{"choice": {"x"}}}, "ok", bot.Event{Kind: bot.Action, Action: "draft.network", Token: "td", Place: dmOn, Direct: true, Values: map[string][]string{"choice": {"x"}}}},
		{"shortcut", op{Kind: "shortcut", Channel: "com", Message: theirs, Text: "draft.from"}, "ok", bot.Event{Kind: bot.Shortcut, Action: "draft.from", Quote: "pourquoi pas ?", From: "nadia", Place: at(theirs, "")}},
		{"working", op{Kind: "click", Channel: "com", Message: card.Message, Callback: "a1:review.own:tr"}, "busy", bot.Event{Kind: bot.Action, Action: "review.own", Token: "tr", Place: at(card.Message, "")}},
	} {
		before := len(s.seen())
		got := s.do("lea", test.ask)
		if got.State != test.state {
			t.Errorf("%s: %+v, want state %s", test.name, got, test.state)
			continue
		}
		e := s.seen()[before]
		if e.Kind != test.want.Kind || e.Command != test.want.Command || e.Text != test.want.Text || e.Action != test.want.Action || e.Arg != test.want.Arg ||
			e.Token != test.want.Token || e.Place != test.want.Place || e.Direct != test.want.Direct || e.Quote != test.want.Quote || e.From != test.want.From {
			t.Errorf("%s: got %+v\nwant %+v", test.name, e, test.want)
		}
		if e.FromID != e.From || e.SaidAt.IsZero() != (e.From == "") {
			t.Errorf("%s: by %q at %s", test.name, e.FromID, e.SaidAt)
		}
		if len(e.Values) != len(test.want.Values) || strings.Join(e.Values["choice"], "") != strings.Join(test.want.Values["choice"], "") {
			t.Errorf("%s: values %v, want %v", test.name, e.Values, test.want.Values)
		}
		if e.Platform != bot.Console || e.Team != "demo" || e.User.ID != "lea" || e.User.Locale != "fr" || !e.At.Equal(s.clock()) || s.keys[before][0] != e.ID {
			t.Errorf("%s: %+v lacks who, where or when", test.name, e)
		}
	}
}

func TestWords(t *testing.T) {
	s := newSample(t)
	for _, test := range []struct{ channel, text, heard string }{
		{"com", "bonjour tout le monde", ""},
		{"com", "@Crieur, qu’est-ce qui m’attend ?", "qu’est-ce qui m’attend ?"},
		{"com", "dis @crieur tu dors ?", "dis @crieur tu dors ?"},
		{Direct, "plus court", "plus court"},
	} {
		before := len(s.seen())
		if got := s.talk("lea", test.channel, test.text); got.State != "ok" {
			t.Errorf("%q: %+v", test.text, got)
		}
		heard := s.seen()[before:]
		if (test.heard == "") != (len(heard) == 0) {
			t.Errorf("%q: %d events", test.text, len(heard))
			continue
		}
		if len(heard) == 1 && (heard[0].Kind != bot.Message || heard[0].Text != test.heard || heard[0].Place.Message == "" || heard[0].Direct != (test.channel == Direct)) {
			t.Errorf("%q: heard %+v", test.text, heard[0])
		}
	}
}

func TestRefused(t *testing.T) {
	s := newSample(t)
	secret := s.post("direction", requestCard(), true)
	theirs := s.post("@nadia", requestCard(), true)
	shown := s.post("com", requestCard(), true)
	s.talk("nadia", "com", "/plan")
	private := s.room.panes["com"][1].ID
	before := len(s.seen())
	for name, ask := range map[string]op{
		"a private answer of others":   {Kind: "click", Channel: "com", Message: private, Callback: "a1:review.approve:tr"},
		"a thread on it":               {Kind: "say", Channel: "com", Thread: private, Text: "coucou"},
		"a channel of others":          {Kind: "say", Channel: "direction", Text: "coucou"},
		"a message of others":          {Kind: "click", Channel: "direction", Message: secret.Message, Callback: "a1:review.approve:tr"},
		"a message of another channel": {Kind: "click", Channel: "com", Message: theirs.Message, Callback: "a1:review.approve:tr"},
		"somebody's direct messages":   {Kind: "say", Channel: "@nadia", Text: "coucou"},
		"a channel that is not":        {Kind: "say", Channel: "nowhere", Text: "coucou"},
		"the outside":                  {Kind: "say", Channel: Outside, Text: "coucou"},
		"nothing said":                 {Kind: "say", Channel: "com", Text: "  \n"},
		"not UTF-8":                    {Kind: "say", Channel: "com", Text: "caf\xe9"},
		"too much":                     {Kind: "say", Channel: "com", Text: strings.Repeat("a", maxText+1)},
		"a foreign callback":           {Kind: "click", Channel: "com", Message: shown.Message, Callback: "b9:rm -rf"},
		"a click on nothing":           {Kind: "click", Channel: "com", Callback: "a1:review.approve:tr"},
		"a shortcut on a card":         {Kind: "shortcut", Channel: "com", Message: shown.Message, Text: "draft.from"},
		"an unknown wish":              {Kind: "dance", Channel: "com"},
		"an unknown language":          {Kind: "lang", Text: "tlh"},
		"a form never opened":          {Kind: "submit", Form: "f1"},
		"no tour":                      {Kind: "tour", Text: TourStart},
	} {
		if got := s.do("lea", ask); got.State != "failed" {
			t.Errorf("%s: %+v, want failed", name, got)
		}
	}
	if len(s.seen()) != before {
		t.Errorf("something was accepted: %+v", s.seen()[before:])
	}
	if got := s.act(context.Background(), s.opts.People[0], op{Kind: "say", Channel: "com", Text: "x"}); got.State != "failed" {
		t.Errorf("an op without ID: %+v", got)
	}
}

func TestUnknownCommand(t *testing.T) {
	s := newSample(t)
	for text, want := range map[string]string{
		"/planing": "La commande /planing n’existe pas ici\u00a0: vouliez-vous dire /planning\u00a0?",
		"/zzz":     "La commande /zzz n’existe pas ici. Tapez / pour voir les commandes.",
	} {
		if got := s.talk("lea", "com", text); got.State != "failed" || got.Text != want {
			t.Errorf("%s: %+v, want %q", text, got, want)
		}
	}
}

func TestDoneOnce(t *testing.T) {
	s := newSample(t)
	ask := op{ID: "op1", Kind: "say", Channel: "com", Text: "@crieur bonjour"}
	for range 3 {
		if got := s.do("lea", ask); got.State != "ok" {
			t.Fatalf("%+v", got)
		}
	}
	if n := len(s.seen()); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
	if got := s.do("nadia", ask); got.State != "ok" || len(s.seen()) != 2 {
		t.Errorf("another person's op of the same ID was taken for a repetition: %+v", got)
	}
}

func TestAskedAgainWhileUnderWay(t *testing.T) {
	s := newSample(t)
	answers := make(chan reply, 8)
	s.mu.Lock() // the clock stands still, so nothing gets through yet
	for range cap(answers) {
		go func() {
			answers <- s.act(context.Background(), s.opts.People[0], op{ID: "slow", Kind: "click", Channel: "com", Message: "m1", Callback: "a1:draft.none:t"})
		}()
	}
	s.mu.Unlock()
	for range cap(answers) {
		if got := <-answers; got.State != "failed" || got.ID != "slow" {
			t.Errorf("a click on nothing: %+v", got)
		}
	}
	s.mu.Lock()
	for range cap(answers) {
		go func() {
			answers <- s.act(context.Background(), s.opts.People[0], op{ID: "form", Kind: "say", Channel: "com", Text: "/draft"})
		}()
	}
	s.mu.Unlock()
	first := <-answers
	for range cap(answers) - 1 {
		if got := <-answers; got.State != "form" || got.HTML != first.HTML {
			t.Errorf("one op opened two forms: %.60q", got.HTML)
		}
	}
}

func TestStoreAway(t *testing.T) {
	s := newSample(t)
	s.broken(true)
	ask := op{ID: "op1", Kind: "say", Channel: Direct, Text: "bonjour"}
	if got := s.do("lea", ask); got.State != "failed" || !strings.HasPrefix(got.Text, "Rien n’a été enregistré") {
		t.Errorf("%+v, want not confirmed", got)
	}
	same(t, s.texts("lea", Direct)) // neither the words nor the wait stay
	s.broken(false)
	if got := s.do("lea", ask); got.State != "ok" || len(s.seen()) != 1 {
		t.Errorf("asked again: %+v, %d events", got, len(s.seen()))
	}
}

func TestFormOpens(t *testing.T) {
	s := newSample(t)
	card := s.post("@lea", draftCard(), true)
	got := s.do("lea", op{Kind: "click", Channel: Direct, Message: card.Message, Callback: "a1:draft.edit:td"})
	if got.State != "form" || !strings.Contains(got.HTML, "Nouveau brouillon") {
		t.Fatalf("%+v", got)
	}
	id := formID(t, got.HTML)
	bad := s.do("lea", op{Kind: "submit", Form: id, Values: map[string][]string{"networks": {"telex"}, "day": {"demain"}, "hour": {"25:00"}}})
	want := map[string]string{"text": "À remplir.", "networks": "Choisissez dans la liste.", "day": "Une date est attendue.", "hour": "Une heure est attendue, comme 18:00."}
	if bad.State != "errors" || len(bad.Errors) != len(want) {
		t.Fatalf("%+v, want %v", bad, want)
	}
	for field, words := range want {
		if bad.Errors[field] != words {
			t.Errorf("%s: %q, want %q", field, bad.Errors[field], words)
		}
	}
	checked := s.do("lea", op{Kind: "submit", Form: id, Values: map[string][]string{"text": {"mercredi 26 novembre"}, "networks": {"linkedin"}}})
	if checked.State != "errors" || checked.Errors["text"] != "Le 26 novembre est un jeudi." {
		t.Errorf("%+v, want what the feature says", checked)
	}
	long := s.do("lea", op{Kind: "submit", Form: id, Values: map[string][]string{"text": {strings.Repeat("é", 302)}, "networks": {"linkedin"}}})
	if long.Errors["text"] != "Trop long de 2 caractères." {
		t.Errorf("%+v, want too long by 2", long)
	}
	one := s.do("lea", op{Kind: "submit", Form: id, Values: map[string][]string{"text": {strings.Repeat("é", 301)}, "networks": {"linkedin"}, "tone": {"calm", "gay"}}})
	if one.Errors["text"] != "Trop long de 1 caractère." || one.Errors["tone"] != "Choisissez dans la liste." || len(one.Errors) != 2 {
		t.Errorf("%+v, want too long by 1 and one tone", one)
	}
	if len(s.seen()) != 0 {
		t.Fatalf("accepted before it was right: %+v", s.seen())
	}
	if other := s.do("nadia", op{Kind: "submit", Form: id, Values: map[string][]string{"text": {"x"}}}); other.State != "failed" {
		t.Errorf("somebody else sent the form: %+v", other)
	}
	good := s.do("lea", op{Kind: "submit", Form: id, Channel: "com", Values: map[string][]string{"text": {"jeudi\r\n26"}, "networks": {"linkedin", "instagram"}, "other": {"x"}, "tone": {""}}})
	if good.State != "ok" {
		t.Fatalf("%+v", good)
	}
	e := s.seen()[0]
	if e.Kind != bot.Submit || e.Action != "draft.save" || e.Arg != "new" || e.Token != "tok" || e.Place.Channel != "@lea" || e.Place.Message != card.Message {
		t.Errorf("submitted %+v", e)
	}
	if e.Values["text"][0] != "jeudi\n26" || len(e.Values["networks"]) != 2 || len(e.Values) != 2 {
		t.Errorf("values %v", e.Values)
	}
	if again := s.do("lea", op{Kind: "submit", Form: id, Values: map[string][]string{"text": {"x"}}}); again.State != "failed" || again.Text == "" {
		t.Errorf("a sent form was open still: %+v", again)
	}
}

func formID(t *testing.T, html string) string {
	t.Helper()
	_, rest, found := strings.Cut(html, `data-form="`)
	if !found {
		t.Fatalf("no form in %s", html)
	}
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

func TestRefusalIsPrivate(t *testing.T) {
	s := newSample(t)
	card := s.post("com", requestCard(), true)
	got := s.do("lea", op{Kind: "click", Channel: "com", Message: card.Message, Callback: "a1:draft.refused:tr"})
	if got.State != "ok" {
		t.Fatalf("%+v", got)
	}
	seen := s.texts("lea", "com")
	if len(seen) != 2 || seen[1] != "Seule la validation peut faire ça (Nadia Roux)." {
		t.Errorf("the person reads %q", seen)
	}
	if others := s.texts("sam", "com"); len(others) != 1 {
		t.Errorf("others read %q", others)
	}
}

func TestBusyCardComesBack(t *testing.T) {
	s := newSample(t)
	card := s.post("com", requestCard(), true)
	before := s.room.byID[card.Message].Rev
	s.do("lea", op{Kind: "click", Channel: "com", Message: card.Message, Callback: "a1:review.own:tr"})
	if s.room.byID[card.Message].Rev == before {
		t.Error("the refused card is not drawn anew: its buttons stay hidden")
	}
}

func TestComplete(t *testing.T) {
	s := newSample(t)
	for text, want := range map[string]string{
		"/plan ":       "/plan aujourd’hui,/plan demain,/plan semaine",
		"/planning de": "/planning demain",
		"/plan":        "",
		"/nothing x":   "",
		"/plan zz":     "",
	} {
		got := s.do("lea", op{Kind: "complete", Channel: "com", Text: text})
		var values []string
		for _, ch := range got.Choices {
			values = append(values, ch.Value)
		}
		if got.State != "choices" || strings.Join(values, ",") != want {
			t.Errorf("%q: %+v, want %q", text, got, want)
		}
	}
	if got := s.do("lea", op{Kind: "complete", Channel: "direction", Text: "/plan "}); len(got.Choices) != 0 {
		t.Errorf("completed in a channel of others: %+v", got)
	}
}

func TestTour(t *testing.T) {
	s := newSample(t)
	s.state = TourState{Welcome: true}
	s.Guide(s)
	if got := s.do("lea", op{Kind: "tour", Text: TourStart}); got.State != "ok" || s.state.Welcome {
		t.Errorf("start: %+v", got)
	}
	if got := s.do("lea", op{Kind: "tour", Text: "become"}); got.State != "go" || got.To != "/as/nadia/com" {
		t.Errorf("become: %+v", got)
	}
	if got := s.do("lea", op{Kind: "tour", Text: "refuse"}); got.State != "failed" || got.Text != "Il reste un post à valider." {
		t.Errorf("refuse: %+v", got)
	}
	if got := s.do("lea", op{Kind: "tour", Text: "break"}); got.State != "failed" || strings.Contains(got.Text, "wire") || got.Text == "" {
		t.Errorf("break: %+v", got)
	}
	if got := s.do("nadia", op{Kind: "tour", Text: TourRestart}); got.To != "/as/lea/crieur" {
		t.Errorf("restart: %+v", got)
	}
	s.do("lea", op{Kind: "tour", Text: "night"})
	if got := s.do("lea", op{Kind: "tour", Text: "morning"}); got.To != "/as/lea/crieur" {
		t.Errorf("the night's button: %+v", got)
	}
}

func TestLanguage(t *testing.T) {
	s := newSample(t)
	if got := s.do("lea", op{Kind: "lang", Channel: "com", Text: "en"}); got.State != "go" || got.To != "/as/lea/com" {
		t.Errorf("%+v", got)
	}
	if s.Language("lea") != "en" || strings.Join(s.langs, ",") != "lea en" {
		t.Errorf("language %q, heard %v", s.Language("lea"), s.langs)
	}
	s.talk("lea", "com", "/plan")
	if e := s.seen()[0]; e.User.Locale != "en" {
		t.Errorf("the event says %q", e.User.Locale)
	}
}
