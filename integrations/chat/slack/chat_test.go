package slack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

func TestPostCarriesTheEffectAndUnfurlsNothing(t *testing.T) {
	w := newWorld(t, nil)
	_, message := w.post(com, approval())
	var meta struct {
		EventType    string         `json:"event_type"`
		EventPayload map[string]any `json:"event_payload"`
	}
	if err := json.Unmarshal(message.Metadata, &meta); err != nil || meta.EventType != "crieur" || meta.EventPayload["effect"] != "e1" {
		t.Errorf("metadata %s: %v", message.Metadata, err)
	}
	call := w.fake.Calls("chat.postMessage")[0]
	if call.Values.Get("unfurl_links") != "false" || call.Values.Get("unfurl_media") != "false" {
		t.Errorf("unfurls: %v", call.Values)
	}
	if message.Text == "" || strings.Contains(message.Text, "<") {
		t.Errorf("text for notifications: %q", message.Text)
	}
}

func TestDirectMessageOpensTheConversationOnce(t *testing.T) {
	w := newWorld(t, nil)
	for range 3 {
		at, _ := w.post("@"+lea, bot.Card{Title: bot.Say("Bonjour")})
		if at.Channel != w.fake.DM(lea) {
			t.Errorf("posted in %s", at.Channel)
		}
		w.clock.Advance(2 * time.Second)
	}
	if got := len(w.fake.Calls("conversations.open")); got != 1 {
		t.Errorf("%d calls", got)
	}
}

// fault posts once with something wrong and returns what the relay would see.
func TestFaults(t *testing.T) {
	post := func(w *world, at board.Place) error {
		_, err := w.adapter.Post(context.Background(), at, bot.Card{Title: bot.Say("x")}, bot.PostOptions{})
		return err
	}
	edit := func(w *world, at board.Place) error {
		return w.adapter.Edit(context.Background(), at, bot.Card{Title: bot.Say("x")})
	}
	posted := func(w *world) board.Place { at, _ := w.post(com, bot.Card{Title: bot.Say("first")}); return at }
	nowhere := func(*world) board.Place { return place("C0NOWHERE") }
	channel := func(*world) board.Place { return place(com) }
	for name, test := range map[string]struct {
		method string
		fault  slackfake.Fault
		at     func(*world) board.Place
		do     func(*world, board.Place) error
		want   outbox.Fault
		reason string
		exists bool // the message is there although it failed
	}{
		"post limited":             {"chat.postMessage", slackfake.Fault{Status: 429, RetryAfter: 7 * time.Second}, channel, post, outbox.Limited, "slack.limited", false},
		"post dropped after":       {"chat.postMessage", slackfake.Fault{Drop: true}, channel, post, outbox.Ambiguous, "slack.silent", true},
		"post cut":                 {"chat.postMessage", slackfake.Fault{Cut: true}, channel, post, outbox.Ambiguous, "slack.silent", false},
		"post 500":                 {"chat.postMessage", slackfake.Fault{Status: 500}, channel, post, outbox.Ambiguous, "slack.silent", false},
		"post 503 after":           {"chat.postMessage", slackfake.Fault{StatusAfter: 503}, channel, post, outbox.Ambiguous, "slack.silent", true},
		"post fatal_error":         {"chat.postMessage", slackfake.Fault{Error: "fatal_error"}, channel, post, outbox.Ambiguous, "slack.silent", false},
		"post revoked":             {"chat.postMessage", slackfake.Fault{Error: "token_revoked"}, channel, post, outbox.Denied, "slack.denied", false},
		"post refused":             {"chat.postMessage", slackfake.Fault{Error: "restricted_action"}, channel, post, outbox.Rejected, "slack.rejected", false},
		"post ratelimited in body": {"chat.postMessage", slackfake.Fault{Error: "ratelimited"}, channel, post, outbox.Limited, "slack.limited", false},
		"post nowhere":             {"", slackfake.Fault{}, nowhere, post, outbox.Gone, "slack.nowhere", false},
		"edit dropped":             {"chat.update", slackfake.Fault{Drop: true}, posted, edit, outbox.Temporary, "slack.silent", true},
		"edit 500":                 {"chat.update", slackfake.Fault{Status: 500}, posted, edit, outbox.Temporary, "slack.silent", true},
		"edit limited":             {"chat.update", slackfake.Fault{Status: 429, RetryAfter: 7 * time.Second}, posted, edit, outbox.Limited, "slack.limited", true},
		"edit gone":                {"", slackfake.Fault{}, func(*world) board.Place { p := place(com); p.Message = "1.1"; return p }, edit, outbox.Gone, "slack.gone", false},
		"edit without message":     {"", slackfake.Fault{}, channel, edit, outbox.Gone, "slack.gone", false},
		"nobody":                   {"", slackfake.Fault{}, func(*world) board.Place { return place("@U0GHOST") }, post, outbox.Gone, "slack.nobody", false},
		"open limited":             {"conversations.open", slackfake.Fault{Status: 429, RetryAfter: 7 * time.Second}, func(*world) board.Place { return place("@" + lea) }, post, outbox.Limited, "slack.limited", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			at := test.at(w)
			before := len(w.fake.Calls(test.method))
			if test.method != "" {
				test.fault.Times = -1
				w.fake.Fail(test.method, test.fault)
			}
			err := test.do(w, at)
			var e *outbox.Error
			if !errors.As(err, &e) || e.Fault != test.want || e.Reason != test.reason {
				t.Fatalf("got %#v, want %v", err, test.want)
			}
			if e.Fault == outbox.Limited && e.After < time.Second {
				t.Errorf("after %v", e.After)
			}
			if got := len(w.fake.Messages(com)) > 0; got != test.exists {
				t.Errorf("message there: %v", got)
			}
			if test.fault.Drop && len(w.fake.Calls(test.method))-before > 1 {
				t.Error("called again by itself")
			}
			if !words(t).For("fr", nil).Has(e.Reason) || !words(t).For("en", nil).Has(e.Reason) {
				t.Errorf("no words for %s", e.Reason)
			}
		})
	}
}

func TestScopesAndMembershipAreNamed(t *testing.T) {
	w := newWorld(t, func(f *slackfake.Options, _ *slack.Options) { f.Scopes = []string{"chat:write"} })
	_, err := w.adapter.Post(context.Background(), place("@"+lea), bot.Card{Title: bot.Say("x")}, bot.PostOptions{})
	var e *outbox.Error
	if !errors.As(err, &e) || e.Fault != outbox.Denied || e.Reason != "slack.scope" || e.Args["Needed"] != "im:write" {
		t.Errorf("%#v", err)
	}
	w.fake.AddChannel(slackfake.Channel{ID: "C0OUT", Outside: true})
	_, err = w.adapter.Post(context.Background(), place("C0OUT"), bot.Card{Title: bot.Say("x")}, bot.PostOptions{})
	if !errors.As(err, &e) || e.Fault != outbox.Rejected || e.Reason != "slack.outside" {
		t.Errorf("%#v", err)
	}
}

func TestNothingWasSentWhenNobodyListens(t *testing.T) {
	adapter := slack.New(slack.Options{Token: "xoxb-1", APIURL: "http://127.0.0.1:1/api/", Words: words(t)}, &inbox{}, &front{})
	_, err := adapter.Post(context.Background(), place(com), bot.Card{Title: bot.Say("x")}, bot.PostOptions{})
	if outbox.FaultOf(err) != outbox.Temporary {
		t.Errorf("%v", err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err = adapter.Post(ended, place(com), bot.Card{Title: bot.Say("x")}, bot.PostOptions{}); outbox.FaultOf(err) != outbox.Temporary {
		t.Errorf("%v", err)
	}
	err = adapter.Answer(context.Background(), bot.Handle{Secret: "http://127.0.0.1:1/respond/SECRET"}, bot.Card{Title: bot.Say("x")})
	if outbox.FaultOf(err) != outbox.Temporary || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("%v", err)
	}
}

func TestATimeoutAfterTheRequestIsAmbiguous(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.Fail("chat.postMessage", slackfake.Fault{Delay: 300 * time.Millisecond})
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err := w.adapter.Post(ctx, place(com), bot.Card{Title: bot.Say("x")}, bot.PostOptions{})
	if outbox.FaultOf(err) != outbox.Ambiguous {
		t.Errorf("%v", err)
	}
}

func TestAnswersExpire(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.Command(lea, com, "/crieur", "point")
	e := w.inbox.one(t)
	card := bot.Card{Title: bot.Say("x")}
	for i := range 5 {
		if err := w.adapter.Answer(context.Background(), e.Reply, card); err != nil {
			t.Fatalf("use %d: %v", i, err)
		}
	}
	if err := w.adapter.Answer(context.Background(), e.Reply, card); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("sixth use: %v", err)
	}
	w.fake.Command(lea, com, "/crieur", "bilan")
	late := w.inbox.all()[1].Reply
	w.clock.Advance(31 * time.Minute)
	if err := w.adapter.Answer(context.Background(), late, card); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("after 31 min: %v", err)
	}
	late.Expires = time.Time{} // believed alive: Slack says otherwise
	if err := w.adapter.Answer(context.Background(), late, card); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("after 31 min: %v", err)
	}
	if err := w.adapter.Answer(context.Background(), bot.Handle{}, card); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("no handle: %v", err)
	}
	w.fake.Command(lea, com, "/crieur", "bilan")
	w.fake.Fail("response_url", slackfake.Fault{Drop: true})
	if err := w.adapter.Answer(context.Background(), w.inbox.all()[2].Reply, card); outbox.FaultOf(err) != outbox.Ambiguous {
		t.Errorf("no answer: %v", err)
	}
}

func TestFoldedInsultIsShownToTheOneWhoAsks(t *testing.T) {
	w := newWorld(t, nil)
	insult := "bande de voleurs allez crever <!channel> " + strings.Repeat("vraiment, 😡 & encore ", 300)
	_, message := w.post(com, bot.Card{Lang: "fr", Title: bot.Say("Message à lire"),
		Blocks: []bot.Block{{Kind: bot.Quote, Quoted: insult, Folded: true}}})
	raw, _ := json.Marshal(message)
	if strings.Contains(string(raw), "voleurs") {
		t.Error("the insult can be read without asking")
	}
	if !strings.Contains(message.Words(), "Message insultant, replié") {
		t.Errorf("reads %q", message.Words())
	}
	for _, label := range message.Labels() {
		if _, err := w.fake.Click(max, message, label); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "shown", func() bool {
		var got strings.Builder
		for _, m := range w.fake.Ephemerals(max) {
			got.WriteString(strings.ReplaceAll(m.Words(), "\n", ""))
		}
		return got.String() == insult
	})
	if len(w.inbox.all()) != 0 || len(w.fake.Ephemerals(lea)) != 0 {
		t.Error("unfolding is private, and no event")
	}
}

func TestLongCardContinuesInTheThreadThenInAFile(t *testing.T) {
	var long bot.Card
	long.Title, long.Lang, long.Token = bot.Say("Longue fiche"), "fr", "t"
	long.Buttons = []bot.Button{{Action: "a.b", Label: "Continuer"}}
	said := 0
	grow := func(upTo int) {
		for ; said < upTo; said++ {
			long.Blocks = append(long.Blocks, bot.P(fmt.Sprintf("ligne-%d %s", said, strings.Repeat("mot ", 200))))
		}
	}
	grow(25)
	w := newWorld(t, func(f *slackfake.Options, _ *slack.Options) { f.Clock = nil })
	at, message := w.post(com, long)
	everything := func() string {
		var b strings.Builder
		for _, m := range append([]slackfake.Message{w.now(at)}, w.fake.Thread(com, at.Message)...) {
			b.WriteString(m.Words() + "\n")
			for _, f := range m.Files {
				b.WriteString(f.Content)
			}
		}
		return b.String()
	}
	complete := func(n int) {
		t.Helper()
		all := everything()
		for i := range n {
			if !strings.Contains(all, fmt.Sprintf("ligne-%d ", i)) {
				t.Errorf("line %d is lost", i)
			}
		}
	}
	if !strings.Contains(message.Words(), "La suite est dans le fil.") || strings.Join(message.Labels(), "") != "Continuer" {
		t.Errorf("first message: %q %q", message.Words(), message.Labels())
	}
	complete(25)
	threaded := len(w.fake.Thread(com, at.Message))

	// The same state again says nothing again; another state changes it.
	if err := w.adapter.Edit(context.Background(), at, long); err != nil {
		t.Fatal(err)
	}
	long.Blocks[20] = bot.P("changé " + strings.Repeat("mot ", 200))
	if err := w.adapter.Edit(context.Background(), at, long); err != nil {
		t.Fatal(err)
	}
	if got := len(w.fake.Thread(com, at.Message)); got != threaded || !strings.Contains(everything(), "changé") {
		t.Errorf("%d messages in the thread, want %d", got, threaded)
	}
	long.Blocks = long.Blocks[:2]
	if err := w.adapter.Edit(context.Background(), at, long); err != nil {
		t.Fatal(err)
	}
	if got := len(w.fake.Thread(com, at.Message)); got != 0 || strings.Contains(w.now(at).Words(), "La suite") {
		t.Errorf("%d messages left in the thread", got)
	}
	if got := w.fake.Stats(); got.Suppressed > 0 || got.Limited > 0 {
		t.Errorf("too fast: %+v", got)
	}
}

func TestVeryLongCardEndsInAFile(t *testing.T) {
	if testing.Short() {
		t.Skip("waits a second a message")
	}
	w := newWorld(t, func(f *slackfake.Options, _ *slack.Options) { f.Clock = nil })
	card := bot.Card{Title: bot.Say("Tout"), Lang: "en"}
	for i := range 100 {
		card.Blocks = append(card.Blocks, bot.P(fmt.Sprintf("line-%d %s", i, strings.Repeat("word ", 200))))
	}
	at, _ := w.post(com, card)
	files := w.fake.Files(com)
	if len(files) != 1 || files[0].Thread != at.Message || !strings.Contains(files[0].Content, "line-99 ") {
		t.Fatalf("files: %+v", files)
	}
}

func TestAMissingContinuationIsAdmitted(t *testing.T) {
	w := newWorld(t, func(f *slackfake.Options, _ *slack.Options) { f.Clock = nil })
	card := bot.Card{Title: bot.Say("Grille"), Lang: "fr", Blocks: []bot.Block{{Kind: bot.Grid}}}
	for i := range 150 {
		card.Blocks[0].Rows = append(card.Blocks[0].Rows, []string{fmt.Sprint(i), "=SUM(A1)", ""})
	}
	w.fake.Fail("upload", slackfake.Fault{Status: 500})
	at, err := w.adapter.Post(context.Background(), place(com), card, bot.PostOptions{})
	if err != nil {
		t.Fatalf("the card is up: %v", err)
	}
	if got := w.now(at).Words(); !strings.Contains(got, "La suite n’a pas pu être affichée") || strings.Contains(got, "dans le fil") {
		t.Errorf("reads %q", got)
	}
	// The next state tries again.
	if err := w.adapter.Edit(context.Background(), at, card); err != nil {
		t.Fatal(err)
	}
	files := w.fake.Files(com)
	if len(files) != 1 || !strings.Contains(files[0].Content, `"149","'=SUM(A1)",""`) {
		t.Errorf("files: %+v", files)
	}
}

// A file that continues a card may fail at each of its three steps: the card says
// that the rest is missing, and its next state brings it.
func TestEachStepOfAFileInTheThread(t *testing.T) {
	card := bot.Card{Title: bot.Say("Grille"), Lang: "fr", Blocks: []bot.Block{{Kind: bot.Grid}}}
	for i := range 150 {
		card.Blocks[0].Rows = append(card.Blocks[0].Rows, []string{fmt.Sprint(i), "a", "b"})
	}
	for _, step := range []string{"files.getUploadURLExternal", "upload", "files.completeUploadExternal"} {
		for name, row := range map[string]struct {
			fault slackfake.Fault
			there bool // after all
		}{
			"broken":      {slackfake.Fault{Status: http.StatusInternalServerError}, false},
			"cut":         {slackfake.Fault{Cut: true}, false},
			"lost answer": {slackfake.Fault{Drop: true}, step == "files.completeUploadExternal"},
			"not allowed": {slackfake.Fault{Error: "missing_scope"}, false},
		} {
			if step == "upload" && row.fault.Error != "" { // it is no method
				continue
			}
			t.Run(step+"/"+name, func(t *testing.T) {
				w := newWorld(t, nil)
				w.fake.Fail(step, row.fault)
				at, err := w.adapter.Post(context.Background(), place(com), card, bot.PostOptions{})
				if err != nil {
					t.Fatalf("the card is up: %v", err)
				}
				if got := w.now(at).Words(); !strings.Contains(got, "La suite n’a pas pu être affichée") {
					t.Errorf("reads %q", got)
				}
				if err := w.adapter.Edit(context.Background(), at, card); err != nil {
					t.Fatal(err)
				}
				if got := w.now(at).Words(); strings.Contains(got, "n’a pas pu") {
					t.Errorf("then reads %q", got)
				}
				want := 1
				if row.there {
					want = 2
				}
				if files := w.fake.Files(com); len(files) != want {
					t.Errorf("%d files, want %d", len(files), want)
				}
			})
		}
	}
}

func TestTooLongForAPrivateAnswer(t *testing.T) {
	w := newWorld(t, nil)
	w.fake.Command(lea, com, "/crieur", "bilan")
	e := w.inbox.one(t)
	card := bot.Card{}
	for range 15 {
		card.Blocks = append(card.Blocks, bot.P(strings.Repeat("mot ", 300)))
	}
	if err := w.adapter.Answer(context.Background(), e.Reply, card); err != nil {
		t.Errorf("two messages do: %v", err)
	}
	for range 60 {
		card.Blocks = append(card.Blocks, bot.P(strings.Repeat("mot ", 300)))
	}
	if err := w.adapter.Answer(context.Background(), e.Reply, card); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("then the person gets it as a message: %v", err)
	}
}

// In a conversation of two an answer of several messages is as slow as any others.
func TestLongDirectAnswerIsNotTooFast(t *testing.T) {
	w := newWorld(t, realTime)
	dm := w.fake.DM(lea)
	w.fake.Say(lea, dm, "point")
	card := bot.Card{}
	for n := range 15 {
		card.Blocks = append(card.Blocks, bot.P(fmt.Sprintf("ligne-%d %s", n, strings.Repeat("mot ", 300))))
	}
	if err := w.adapter.Answer(t.Context(), w.inbox.one(t).Reply, card); err != nil {
		t.Fatal(err)
	}
	if got := w.fake.Stats(); got.Suppressed > 0 || got.Limited > 0 {
		t.Errorf("too fast: %+v", got)
	}
	if said := w.fake.Messages(dm); len(said) != 3 || !strings.Contains(said[2].Words(), "ligne-14") {
		t.Errorf("%d messages", len(said))
	}
}

func TestSecretsAreNowhere(t *testing.T) {
	var log bytes.Buffer
	w := newWorld(t, func(f *slackfake.Options, o *slack.Options) {
		overSockets(f, o)
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.Logger.Info("options", "options", o, "token", o.Token)
	})
	for _, method := range []string{"apps.connections.open", "auth.test", "users.info", "response_url", "chat.postMessage"} {
		w.fake.Fail(method, slackfake.Fault{Cut: true})
	}
	if err := w.adapter.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.fake.WaitForSockets(2)
	w.fake.Command(lea, com, "/crieur", "point")
	e := w.inbox.one(t)
	said := fmt.Sprintf("%v %+v %#v %s", secret.Secret("xoxb-fake-0000"), slack.Options{Token: slackfake.BotToken}, slack.Options{AppToken: slackfake.AppToken}, secret.Secret("xoxb-fake-0000"))
	encoded, _ := json.Marshal(slack.Options{Token: slackfake.BotToken}.Token)
	for i := range 2 {
		err := w.adapter.Answer(context.Background(), e.Reply, bot.Card{Title: bot.Say("x")})
		said += fmt.Sprint(i, err)
	}
	_, err := w.adapter.Post(context.Background(), place(com), bot.Card{Title: bot.Say("x")}, bot.PostOptions{})
	said += fmt.Sprint(err) + string(encoded)
	if err := w.adapter.Stop(context.Background()); err != nil { // ends the writing of the log
		t.Fatal(err)
	}
	said += log.String()
	for _, secret := range []string{slackfake.BotToken, slackfake.AppToken, slackfake.SigningSecret, "/respond/", "ticket="} {
		if strings.Contains(said, secret) {
			t.Errorf("%q is in what was said:\n%s", secret, said)
		}
	}
	if !strings.Contains(said, "[redacted]") {
		t.Error("nothing was redacted")
	}
}

func TestALostAnswerIsFoundByItsEffect(t *testing.T) {
	w := newWorld(t, func(f *slackfake.Options, _ *slack.Options) {
		f.Scopes = append(slackfake.AllScopes(), "channels:history")
	})
	w.fake.Fail("chat.postMessage", slackfake.Fault{Drop: true})
	_, err := w.adapter.Post(context.Background(), place(com), approval(), bot.PostOptions{Nonce: "e7"})
	if outbox.FaultOf(err) != outbox.Ambiguous {
		t.Fatal(err)
	}
	at, found, err := w.adapter.Find(context.Background(), place(com), "e7")
	if err != nil || !found || at.Message != w.fake.Messages(com)[0].TS {
		t.Errorf("%+v %v %v", at, found, err)
	}
	if _, found, err = w.adapter.Find(context.Background(), place(com), "e8"); err != nil || found {
		t.Errorf("%v %v", found, err)
	}
	poor := newWorld(t, nil)
	if _, _, err = poor.adapter.Find(context.Background(), place(com), "e7"); !errors.Is(err, outbox.ErrCannotTell) {
		t.Errorf("without the permission: %v", err)
	}
}

func TestAnswersNeverOvertakeTheirAck(t *testing.T) {
	w := newWorld(t, nil)
	answers := make(chan error, 10)
	w.inbox.set(func(i *inbox) {
		i.on = func(e bot.Event) { // a worker that is quicker than the ack
			answers <- w.adapter.Answer(context.Background(), e.Reply, bot.Card{Title: bot.Say("Done")})
		}
	})
	for i := range 10 {
		w.fake.Command(lea, com, "/crieur", fmt.Sprint("point ", i))
	}
	for range 10 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	eventually(t, "answers", func() bool {
		for _, m := range w.fake.Ephemerals(lea) {
			if m.Words() != "Done" {
				return false
			}
		}
		return len(w.fake.Ephemerals(lea)) == 10
	})
}

func TestAFormWithoutFieldsSaysWhatIsWrong(t *testing.T) {
	w := newWorld(t, nil)
	w.front.acks["a"] = bot.Open
	w.front.form = func(bot.Event) (bot.Form, error) {
		return bot.Form{Action: "a", Title: "T", Submit: "S", Cancel: "C", Intro: "Sûr ?"}, nil
	}
	w.front.check = func(bot.Event) (map[string]string, error) { return nil, bot.Refuse("Trop tard.") }
	w.fake.Shortcut(lea, "a1:a:")
	eventually(t, "form", func() bool { return w.fake.Modal(lea) != nil })
	if _, err := w.fake.SubmitModal(lea, nil); err != nil {
		t.Fatal(err)
	}
	if m := w.fake.Modal(lea); m == nil || !strings.Contains(string(m.Blocks), "Trop tard.") || len(w.fake.Broken()) > 0 {
		t.Errorf("%+v %q", m, w.fake.Broken())
	}
}
