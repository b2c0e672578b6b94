package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/content/contenttest"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
	"crieur/integrations/internal/marks"
)

// bothWays runs a test over HTTP and over Socket Mode.
func bothWays(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("http", func(t *testing.T) { test(t, newWorld(t, nil)) })
	t.Run("socket", func(t *testing.T) {
		w := newWorld(t, overSockets)
		if err := w.adapter.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		w.fake.WaitForSockets(2)
		test(t, w)
	})
}

func TestCommandWithTextWaitsAndIsAnsweredInPlace(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world) {
		ack := w.fake.Command(lea, com, "/brouillon", "Thé de Noël <demain> & après")
		if !ack.OK() {
			t.Fatalf("ack: %+v", ack)
		}
		e := w.inbox.one(t)
		if e.Kind != bot.Command || e.Command != "draft" || e.Text != "Thé de Noël <demain> & après" || e.User.ID != lea ||
			e.User.Locale != "fr-FR" || e.User.Zone != "Europe/Paris" || e.Team != team || e.Place.Channel != com || e.Direct || !e.Reply.Deferred {
			t.Errorf("event: %+v", e)
		}
		if !strings.HasPrefix(e.ID, "sl:cmd:") {
			t.Errorf("key: %s", e.ID)
		}
		seen := w.fake.Ephemerals(lea)
		if len(seen) != 1 || seen[0].Words() != "En cours…" {
			t.Fatalf("sees %+v", seen)
		}
		if err := w.adapter.Answer(context.Background(), e.Reply, bot.Card{Blocks: []bot.Block{bot.P("Brouillon gardé.")}}); err != nil {
			t.Fatal(err)
		}
		seen = w.fake.Ephemerals(lea)
		if len(seen) != 1 || seen[0].Words() != "Brouillon gardé." {
			t.Errorf("sees %+v", seen)
		}
	})
}

func TestAnEmptyAnswerTakesWorkingAway(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.Command(lea, com, "/brouillon", "Thé de Noël")
	reply := w.inbox.one(t).Reply
	for i := range 3 { // the third has nothing left to do, and nothing to say
		if err := w.adapter.Answer(context.Background(), reply, bot.Card{}); err != nil {
			t.Fatal(err)
		}
		if seen := w.fake.Ephemerals(lea); len(seen) != 0 {
			t.Errorf("sees %+v", seen)
		}
		w.clock.Advance(time.Duration(i) * 20 * time.Minute)
	}
	if err := w.adapter.Answer(context.Background(), bot.Handle{ID: com + "|" + lea + "|"}, bot.Card{}); err != nil {
		t.Error(err)
	}
	if got := len(w.fake.Messages(w.fake.DM(lea))) + len(w.fake.Ephemerals(lea)); got != 0 {
		t.Errorf("%d messages that say nothing", got)
	}
}

func TestBareCommandOpensForm(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world) {
		w.front.acks["draft"] = bot.Open
		w.front.form = func(bot.Event) (bot.Form, error) {
			return bot.Form{Action: "draft.save", Arg: "x1", Token: "tok2", Title: "Nouveau brouillon", Submit: "Garder", Cancel: "Annuler",
				Intro: "Un texte & ses réseaux.",
				Fields: []bot.Field{
					{ID: "text", Kind: bot.Area, Label: "Texte", Max: 300},
					{ID: "networks", Kind: bot.PickMany, Label: "Réseaux", Value: []string{"x"},
						Choices: []bot.Choice{{Value: "x", Label: "X"}, {Value: "linkedin", Label: "LinkedIn"}}},
					{ID: "day", Kind: bot.Date, Label: "Jour", Value: []string{"2026-11-26"}},
					{ID: "hour", Kind: bot.Clock, Label: "Heure", Optional: true},
					{ID: "image", Kind: bot.File, Label: "Visuel", Optional: true},
				}}, nil
		}
		if ack := w.fake.Command(lea, com, "/draft", ""); !ack.OK() || len(ack.Body) != 0 {
			t.Fatalf("ack: %+v", ack)
		}
		eventually(t, "form", func() bool { return w.fake.Modal(lea) != nil })
		if len(w.inbox.all()) != 0 {
			t.Error("a form that opens is no event to store")
		}

		w.front.check = func(e bot.Event) (map[string]string, error) {
			if e.Values["text"][0] == "non" {
				return map[string]string{"text": "Trop court.", "elsewhere": "Et il manque un visuel."}, nil
			}
			return nil, nil
		}
		if _, err := w.fake.SubmitModal(lea, map[string][]string{"text": {"non"}}); err != nil {
			t.Fatal(err)
		}
		if m := w.fake.Modal(lea); m == nil || m.Errors["text"] != "Et il manque un visuel. Trop court." {
			t.Errorf("form: %+v", m)
		}
		tea := w.fake.Give(lea, "thé.png", contenttest.PNG())
		if _, err := w.fake.SubmitModal(lea, map[string][]string{"text": {"a <b> & c"}, "networks": {"x", "linkedin"},
			"hour": {"18:00"}, "image": {tea}}); err != nil {
			t.Fatal(err)
		}
		if w.fake.Modal(lea) != nil || len(w.fake.Broken()) > 0 {
			t.Errorf("form still open, or broken: %v", w.fake.Broken())
		}
		e := w.inbox.one(t)
		got, _ := json.Marshal(e.Values)
		if want := `{"day":["2026-11-26"],"hour":["18:00"],"image":["` + tea + `"],"networks":["x","linkedin"],"text":["a \u003cb\u003e \u0026 c"]}`; string(got) != want {
			t.Errorf("values: %s", got)
		}
		if want := (bot.Upload{Ref: tea, Name: "thé.png", Type: "image/png", Size: int64(len(contenttest.PNG()))}); len(e.Files) != 1 || e.Files[0] != want {
			t.Errorf("files: %+v", e.Files)
		}
		if e.Kind != bot.Submit || e.Action != "draft.save" || e.Arg != "x1" || e.Token != "tok2" || e.Place.Channel != com || !strings.HasPrefix(e.ID, "sl:view:V") {
			t.Errorf("event: %+v", e)
		}
		if err := w.adapter.Answer(context.Background(), e.Reply, bot.Card{Blocks: []bot.Block{bot.P("Gardé.")}}); err != nil {
			t.Errorf("the form's answer goes where it was opened: %v", err)
		}
		if seen := w.fake.Ephemerals(lea); len(seen) != 1 || seen[0].Channel != com {
			t.Errorf("sees %+v", seen)
		}
	})
}

func TestFormRefusedOrTooSlow(t *testing.T) {
	for name, test := range map[string]struct {
		form func(bot.Event) (bot.Form, error)
		slow time.Duration
		want string
	}{
		"refused": {func(bot.Event) (bot.Form, error) { return bot.Form{}, bot.Refuse("Réservé à l’équipe.") }, 0, "Réservé à l’équipe."},
		"broken":  {func(bot.Event) (bot.Form, error) { return bot.Form{}, errors.New("store away") }, 0, "Le formulaire n’a pas pu s’ouvrir à temps. Réessayez."},
		"slow":    {nil, 2 * time.Second, "Le formulaire n’a pas pu s’ouvrir à temps. Réessayez."},
		"too long": {func(bot.Event) (bot.Form, error) {
			return bot.Form{Action: "a", Title: "T", Submit: "S", Cancel: "C",
				Fields: []bot.Field{{ID: "f", Kind: bot.Area, Label: "L", Value: []string{strings.Repeat("a", 3001)}}}}, nil
		}, 0, "Ce formulaire ne tient pas dans Slack : un texte y est trop long. Rien n’a changé. Raccourcissez le texte, puis réessayez."},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.front.acks["draft"], w.front.form, w.front.slow = bot.Open, test.form, test.slow
			ack := w.fake.Command(lea, com, "/draft", "")
			if !ack.OK() || ack.Took > prompt {
				t.Fatalf("ack: %+v", ack)
			}
			eventually(t, "answer", func() bool { return len(w.fake.Ephemerals(lea)) == 1 })
			if got := w.fake.Ephemerals(lea)[0].Words(); got != test.want {
				t.Errorf("sees %q", got)
			}
		})
	}
}

func TestGlobalShortcutIsToldInAModal(t *testing.T) {
	w := newWorld(t, nil)
	w.front.acks["draft.new"] = bot.Open
	w.front.form = func(bot.Event) (bot.Form, error) { return bot.Form{}, bot.Refuse("Réservé à l’équipe.") }
	w.fake.Shortcut(lea, "a1:draft.new:")
	eventually(t, "notice", func() bool { return w.fake.Modal(lea) != nil })
	if got := string(w.fake.Modal(lea).Blocks); !strings.Contains(got, "Réservé à l’équipe.") {
		t.Errorf("modal: %s", got)
	}
}

func TestClickTakesTheButtonsAwayThenTheCardChanges(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world) {
		w.front.acks["review.approve"] = bot.Busy
		at, message := w.post(com, approval())
		if _, err := w.fake.Click(lea, message, "Valider les 3"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "working", func() bool { return len(w.now(at).Labels()) == 0 })
		if got := w.now(at).Words(); !strings.HasSuffix(got, "En cours…") || !strings.Contains(got, "un accord suffit") {
			t.Errorf("card reads %q", got)
		}
		e := w.inbox.one(t)
		if e.Kind != bot.Action || e.Action != "review.approve" || e.Token != "tok1" || e.Place != at || e.Reply.Deferred {
			t.Errorf("event: %+v", e)
		}
		if !strings.HasPrefix(e.ID, "sl:act:"+team+":"+lea+":") || !strings.HasSuffix(e.ID, ":a1:review.approve:tok1") {
			t.Errorf("key: %s", e.ID)
		}
		if err := w.adapter.Edit(context.Background(), at, bot.Card{Lang: "fr", Title: bot.Say("Validé par Léa à 15 h 12")}); err != nil {
			t.Fatal(err)
		}
		if got := w.now(at).Words(); got != "Validé par Léa à 15 h 12" {
			t.Errorf("card reads %q", got)
		}
	})
}

func TestTheNewStateComesAfterWorking(t *testing.T) {
	w := newWorld(t, nil)
	w.front.acks["review.approve"] = bot.Busy
	edited := make(chan error, 1)
	at, message := w.post(com, approval())
	w.fake.Fail("response_url", slackfake.Fault{Delay: 300 * time.Millisecond, Drop: true}) // the mark is slow
	w.inbox.set(func(i *inbox) {
		i.on = func(e bot.Event) {
			edited <- w.adapter.Edit(context.Background(), e.Place, bot.Card{Title: bot.Say("Done")})
		}
	})
	if _, err := w.fake.Click(lea, message, "Valider les 3"); err != nil {
		t.Fatal(err)
	}
	if err := <-edited; err != nil {
		t.Fatal(err)
	}
	eventually(t, "done", func() bool { return w.now(at).Edits == 2 })
	if got := w.now(at).Words(); got != "Done" {
		t.Errorf("card reads %q: stuck", got)
	}
}

// The answer of a command leaves a moment after "Working…", which it replaces:
// Slack would otherwise show them in the other order.
func TestTheAnswerComesAfterWorking(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world) {
		w.front.acks["draft"] = bot.Wait
		answered := make(chan time.Time, 1)
		w.inbox.set(func(i *inbox) {
			i.on = func(e bot.Event) {
				if err := w.adapter.Answer(context.Background(), e.Reply, bot.Card{Blocks: []bot.Block{bot.P("Fait")}}); err != nil {
					t.Error(err)
				}
				answered <- time.Now()
			}
		})
		asked := time.Now() // before the ack
		if ack := w.fake.Command(lea, com, "/brouillon", "texte"); !ack.OK() {
			t.Fatalf("%+v", ack)
		}
		if waited := (<-answered).Sub(asked); waited < marks.Settle {
			t.Errorf("answered %v after it was asked, wanted %v after the ack", waited, marks.Settle)
		}
	})
}

func TestMoreMenuAndConfirmation(t *testing.T) {
	w := newWorld(t, nil)
	_, message := w.post(com, approval())
	want := "Valider les 3|Demander une retouche|Déléguer|Pourquoi moi ?|Refuser"
	if got := strings.Join(message.Labels(), "|"); got != want {
		t.Fatalf("labels %q", got)
	}
	for _, label := range []string{"Déléguer", "Refuser"} {
		if _, err := w.fake.Click(lea, message, label); err != nil {
			t.Fatal(err)
		}
	}
	events := w.inbox.all()
	if len(events) != 2 || events[0].Action != "review.delegate" || events[0].Token != "tok1" ||
		events[1].Action != "review.decline" || events[1].Arg != "all" || events[1].Token != "tok1" {
		t.Errorf("events: %+v", events)
	}
}

func TestWhatAnotherVersionPutUpIsAnswered(t *testing.T) {
	w := newWorld(t, nil)
	_, message := w.post(com, approval())
	message.Blocks = []byte(strings.ReplaceAll(string(message.Blocks), "a1:", "a0:"))
	if _, err := w.fake.ClickAgain(lea, message, "Valider les 3"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "told", func() bool { return len(w.fake.Ephemerals(lea)) == 1 })
	w.fake.Shortcut(lea, "old_shortcut")
	eventually(t, "told", func() bool { return w.fake.Modal(lea) != nil })
	if len(w.inbox.all()) != 0 {
		t.Error("it is no event")
	}
}

func TestMenuOnACard(t *testing.T) {
	w := newWorld(t, nil)
	_, message := w.post(com, bot.Card{Token: "t", Blocks: []bot.Block{
		{Kind: bot.Menu, Select: &bot.Select{Action: "case.theme", Label: "Theme", Choices: []bot.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}}},
		{Kind: bot.Menu, Select: &bot.Select{Action: "case.nets", Label: "Networks", Many: true, Choices: []bot.Choice{{Value: "c", Label: "C"}}}},
	}})
	for _, label := range []string{"B", "C"} {
		if _, err := w.fake.Click(lea, message, label); err != nil {
			t.Fatal(err)
		}
	}
	events := w.inbox.all()
	if len(events) != 2 || events[0].Action != "case.theme" || events[0].Values["choice"][0] != "b" || events[1].Values["choice"][0] != "c" {
		t.Errorf("events: %+v", events)
	}
}

func TestPrivateCardIsReplacedByItsAnswer(t *testing.T) {
	w := newWorld(t, nil)
	w.front.acks["round.next"] = bot.Busy
	w.fake.Command(lea, com, "/crieur", "tournée")
	first := w.inbox.one(t)
	card := bot.Card{Token: "t", Blocks: []bot.Block{bot.P("Conversation 1")}, Buttons: []bot.Button{{Action: "round.next", Label: "Suivante"}}}
	if err := w.adapter.Answer(context.Background(), first.Reply, card); err != nil {
		t.Fatal(err)
	}
	if _, err := w.fake.Click(lea, w.fake.Ephemerals(lea)[0], "Suivante"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "working", func() bool { return w.fake.Ephemerals(lea)[0].Words() == "En cours…" })
	click := w.inbox.all()[1]
	if click.Place.Message != "" || !click.Reply.Deferred {
		t.Errorf("event: %+v", click)
	}
	if err := w.adapter.Answer(context.Background(), click.Reply, bot.Card{Blocks: []bot.Block{bot.P("Conversation 2")}}); err != nil {
		t.Fatal(err)
	}
	if seen := w.fake.Ephemerals(lea); len(seen) != 1 || seen[0].Words() != "Conversation 2" {
		t.Errorf("sees %+v", seen)
	}
}

// The message of a shortcut has its address, as soon as Slack said who we are.
func TestShortcutSaysWhere(t *testing.T) {
	w := newWorld(t, overSockets)
	if err := w.adapter.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.fake.WaitForSockets(2)
	said, _ := w.fake.Say(max, com, "bande de voleurs")
	address := ""
	for deadline := time.Now().Add(30 * time.Second); address == "" && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		address = w.adapter.Locate(board.Place{Channel: com, Message: said.TS})
	}
	w.fake.MessageShortcut(lea, said, "a1:draft.quote:")
	if e := w.inbox.one(t); address == "" || e.Address != address {
		t.Errorf("at %q, want %q", e.Address, address)
	}
}

func TestWordsAndShortcutsAndHome(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world) {
		parent, _ := w.fake.Say(max, com, "quelqu’un a vu <ça> ?")
		w.fake.SayIn(lea, com, parent.TS, "@Crieur, point & bilan")
		w.fake.Say(lea, w.fake.DM(lea), "stop")
		parent.Files = []slackfake.File{{ID: "F1", Name: "dessin.png", User: max, Content: "dessin"}}
		w.fake.MessageShortcut(lea, parent, "a1:draft.quote:")
		w.fake.OpenHome(lea)
		events := w.inbox.all()
		if len(events) != 4 {
			t.Fatalf("%d events: %+v", len(events), events)
		}
		mention, dm, shortcut, home := events[0], events[1], events[2], events[3]
		if mention.Kind != bot.Message || mention.Text != "point & bilan" || mention.Place.Thread != parent.TS || mention.Direct {
			t.Errorf("mention: %+v", mention)
		}
		if dm.Kind != bot.Message || dm.Text != "stop" || !dm.Direct {
			t.Errorf("dm: %+v", dm)
		}
		if shortcut.Kind != bot.Shortcut || shortcut.Action != "draft.quote" || shortcut.Quote != "quelqu’un a vu <ça> ?" || shortcut.From != "max" {
			t.Errorf("shortcut: %+v", shortcut)
		}
		if shortcut.FromID != max || shortcut.SaidAt.Unix() != w.fake.Now().Unix() {
			t.Errorf("shortcut on what is whose, of when: %+v", shortcut)
		}
		if files := shortcut.Files; len(files) != 1 || files[0].Ref != "F1" || files[0].Name != "dessin.png" || files[0].Size != 6 {
			t.Errorf("shortcut on the files %+v", files)
		}
		if home.Kind != bot.Home || home.User.ID != lea || home.Place != slack.HomeOf(team, lea) || home.Reply.ID != "" {
			t.Errorf("home: %+v", home)
		}
		// A mention is answered privately in its thread, a direct message in place.
		for _, e := range []bot.Event{mention, dm} {
			if err := w.adapter.Answer(context.Background(), e.Reply, bot.Card{Blocks: []bot.Block{bot.P("Oui.")}}); err != nil {
				t.Error(err)
			}
		}
		if seen := w.fake.Ephemerals(lea); len(seen) != 1 || seen[0].Thread != parent.TS {
			t.Errorf("sees %+v", seen)
		}
		if seen := w.fake.Messages(w.fake.DM(lea)); len(seen) != 2 {
			t.Errorf("dm holds %+v", seen)
		}
	})
}

func TestOnlyOurOwnConversationIsDirect(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.Command(lea, w.fake.DM(lea), "/crieur", "moi")
	w.fake.Command(lea, "D0WITHMAX", "/crieur", "moi") // typed to a colleague
	w.fake.Fail("conversations.open", slackfake.Fault{Delay: 2 * time.Second})
	w.fake.Command(max, w.fake.DM(max), "/crieur", "moi")
	w.fake.Say(max, w.fake.DM(max), "moi")
	var got []bool
	for _, e := range w.inbox.all() {
		got = append(got, e.Direct)
	}
	if fmt.Sprint(got) != "[true false false true]" {
		t.Errorf("%v", got)
	}
	if n := len(w.fake.Calls("conversations.open")); n > 2 {
		t.Errorf("%d calls", n)
	}
}

func TestHomePage(t *testing.T) {
	w := newWorld(t, nil)
	at, err := w.adapter.Post(context.Background(), slack.HomeOf(team, lea), approval(), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.adapter.Edit(context.Background(), at, approval()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.fake.ClickHome(lea, "Valider les 3"); err != nil {
		t.Fatal(err)
	}
	e := w.inbox.one(t)
	if e.Action != "review.approve" {
		t.Errorf("event: %+v", e)
	}
	if err := w.adapter.Answer(context.Background(), e.Reply, bot.Card{Blocks: []bot.Block{bot.P("Oui.")}}); err != nil {
		t.Fatal(err)
	}
	if seen := w.fake.Messages(w.fake.DM(lea)); len(seen) != 1 || len(w.fake.Messages(com)) != 0 {
		t.Errorf("the answer goes to the person: %+v", seen)
	}
}

// slowMarks makes "Working…" late on its way to Slack.
type slowMarks struct{}

func (slowMarks) RoundTrip(r *http.Request) (*http.Response, error) {
	if body, err := r.GetBody(); err == nil {
		if raw, err := io.ReadAll(body); err == nil && strings.Contains(string(raw), "En cours") {
			time.Sleep(300 * time.Millisecond)
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestAPrivateAnswerComesAfterWorking(t *testing.T) {
	w := newWorld(t, func(_ *slackfake.Options, o *slack.Options) { o.HTTPClient = &http.Client{Transport: slowMarks{}} })
	w.front.acks["round.next"], w.front.acks["crieur"] = bot.Busy, bot.Quiet
	w.fake.Command(lea, com, "/crieur", "tournée")
	card := bot.Card{Token: "t", Blocks: []bot.Block{bot.P("Conversation 1")}, Buttons: []bot.Button{{Action: "round.next", Label: "Suivante"}}}
	if err := w.adapter.Answer(context.Background(), w.inbox.one(t).Reply, card); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	w.inbox.set(func(i *inbox) {
		i.on = func(e bot.Event) {
			answered <- w.adapter.Answer(context.Background(), e.Reply, bot.Card{Blocks: []bot.Block{bot.P("Conversation 2")}})
		}
	})
	if _, err := w.fake.Click(lea, w.fake.Ephemerals(lea)[0], "Suivante"); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err != nil {
		t.Fatal(err)
	}
	time.Sleep(400 * time.Millisecond) // a mark that came late would show now
	if seen := w.fake.Ephemerals(lea); len(seen) != 1 || seen[0].Words() != "Conversation 2" {
		t.Errorf("sees %+v", seen)
	}
}

func TestWorkingKeepsEverythingButTheButtons(t *testing.T) {
	w := newWorld(t, nil)
	w.front.acks["a.b"] = bot.Busy
	at, message := w.post(com, bot.Card{Token: "t", Lang: "en", Title: bot.Say("Tea & co"), Blocks: []bot.Block{
		{Kind: bot.Picture, URL: "https://a.test/x.png", Alt: "A red tin"},
		{Kind: bot.Grid, Rows: [][]string{{"Topic", "People"}, {"<Delivery>", "7"}}},
		{Kind: bot.Menu, Select: &bot.Select{Action: "a.c", Label: "Networks", Many: true, Choices: []bot.Choice{{Value: "x", Label: "X"}}}},
		{Kind: bot.Quote, Quoted: "bande de voleurs", Folded: true},
		{Kind: bot.Rule}, {Kind: bot.Small, Text: bot.Say("small")},
	}, Buttons: []bot.Button{{Action: "a.b", Label: "Go"}}})
	if _, err := w.fake.Click(max, message, "Go"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "working", func() bool { return len(w.now(at).Labels()) == 0 })
	want := strings.Replace(message.Words(), "Continued", "", 1) + "\nWorking…"
	if got := w.now(at).Words(); got != want {
		t.Errorf("reads %q\nwant  %q", got, want)
	}
	if calls := w.fake.Calls("response_url"); len(calls) != 1 || calls[0].Error != "" {
		t.Errorf("%+v", calls)
	}
}
