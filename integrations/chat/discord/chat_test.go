package discord

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/integrations/chat/discord/discordfake"
)

func com() board.Place { return board.Place{Platform: "discord", Team: "G", Channel: "C"} }

func simple() bot.Card {
	return bot.Card{Token: "tok", Title: bot.Say("À valider"), Lang: "fr", Blocks: []bot.Block{bot.P("Un accord suffit.")},
		Buttons: []bot.Button{{Action: "review.approve", Label: "Valider les 3", Style: bot.Primary}, {Action: "review.ask", Arg: "x", Label: "Demander une retouche"}},
		More:    []bot.Button{{Action: "review.reject", Label: "Refuser", Style: bot.Danger}}}
}

func TestPostEditShow(t *testing.T) {
	p := newPair(t, tune{})
	place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{Nonce: "effect-1", Silent: true})
	if err != nil {
		t.Fatal(err)
	}
	m, ok := p.fake.Message(place.Message)
	if !ok || !m.Silent || m.Plain() != "À valider\nUn accord suffit." {
		t.Errorf("posted %+v %q", m, m.Plain())
	}
	if got := strings.Join(m.Labels(), "|"); got != "Valider les 3|Demander une retouche" {
		t.Errorf("buttons %s", got)
	}
	if len(m.Menus) != 1 || m.Menus[0].Label != "Plus…" || m.Menus[0].Options[0].Label != "Refuser" {
		t.Errorf("menus %+v", m.Menus)
	}
	if err := p.chat.Edit(t.Context(), place, bot.Card{Title: bot.Say("Validé")}); err != nil {
		t.Fatal(err)
	}
	if m, _ = p.fake.Message(place.Message); m.Plain() != "Validé" || len(m.Buttons) != 0 {
		t.Errorf("edited to %q %v", m.Plain(), m.Buttons)
	}
}

func TestPostAgainAfterLostAnswer(t *testing.T) {
	p := newPair(t, tune{})
	p.fake.Inject(discordfake.Fault{Method: "POST", Path: "/messages", DropAfter: true})
	_, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{Nonce: "effect-1"})
	if outbox.FaultOf(err) != outbox.Ambiguous {
		t.Fatalf("lost answer is %v", err)
	}
	place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{Nonce: "effect-1"})
	if err != nil {
		t.Fatal(err)
	}
	if all := p.fake.Messages("C"); len(all) != 1 || all[0].ID != place.Message {
		t.Errorf("%d messages for one effect", len(all))
	}
}

func TestDirectMessages(t *testing.T) {
	p := newPair(t, tune{})
	to := board.Place{Platform: "discord", Team: "G", Channel: "@111"}
	for range 3 {
		place, err := p.chat.Post(t.Context(), to, simple(), bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if place.Channel != "@111" || place.Message == "" {
			t.Fatalf("place %+v", place)
		}
		if err := p.chat.Edit(t.Context(), place, simple()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.fake.Messages("@111")); n != 3 {
		t.Errorf("%d direct messages", n)
	}
	if calls := p.fake.Calls(); calls != 2+1+6 { // register, open once, post and edit
		t.Errorf("%d calls", calls)
	}
}

func TestErrors(t *testing.T) {
	type row struct {
		name   string
		fault  discordfake.Fault
		deny   int64
		place  board.Place
		edit   bool
		want   outbox.Fault
		reason string
		after  time.Duration
	}
	away := com()
	away.Channel = "nowhere"
	thread := com()
	thread.Thread = "C2"
	gone := com()
	gone.Message = "5"
	for _, r := range []row{
		{name: "429", fault: discordfake.Fault{Status: 429, RetryAfter: 2.345}, want: outbox.Limited, reason: "discord.limited", after: 2345 * time.Millisecond},
		{name: "30046", fault: discordfake.Fault{Status: 429, Code: 30046}, place: gone, edit: true, want: outbox.Limited, reason: "discord.limited", after: oldEdits},
		{name: "401", fault: discordfake.Fault{Status: 401}, want: outbox.Denied, reason: "discord.token"},
		{name: "no answer to a post", fault: discordfake.Fault{DropAfter: true}, want: outbox.Ambiguous, reason: "discord.away"},
		{name: "no answer to an edit", fault: discordfake.Fault{DropAfter: true}, place: gone, edit: true, want: outbox.Temporary, reason: "discord.away"},
		{name: "500", fault: discordfake.Fault{Status: 500}, want: outbox.Ambiguous, reason: "discord.away"},
		{name: "500 to an edit", fault: discordfake.Fault{Status: 502}, place: gone, edit: true, want: outbox.Temporary, reason: "discord.away"},
		{name: "400", fault: discordfake.Fault{Status: 400, Code: 50035}, want: outbox.Rejected, reason: "discord.rejected"},
		{name: "unknown channel", place: away, want: outbox.Gone, reason: "discord.gone"},
		{name: "unknown message", place: gone, edit: true, want: outbox.Gone, reason: "discord.gone"},
		{name: "may not see", deny: discordfake.ViewChannel, want: outbox.Denied, reason: "discord.missing.view_channel"},
		{name: "may not write", deny: discordfake.SendMessages, want: outbox.Denied, reason: "discord.missing.send_messages"},
		{name: "may not write in threads", deny: discordfake.SendInThreads, place: thread, want: outbox.Denied, reason: "discord.missing.send_messages_in_threads"},
		{name: "closed direct messages", place: board.Place{Platform: "discord", Channel: "@333"}, want: outbox.Rejected, reason: "discord.closed"},
	} {
		t.Run(r.name, func(t *testing.T) {
			p := newPair(t, tune{})
			p.fake.AddUser(discordfake.User{ID: "333", ClosedDMs: true})
			p.fake.AddThread("C", "C2", "thread")
			if r.place.Platform == "" {
				r.place = com()
			}
			if r.deny != 0 {
				p.fake.Deny("C", r.deny)
				p.fake.Deny("C2", r.deny)
			}
			if r.fault != (discordfake.Fault{}) {
				p.fake.Inject(r.fault)
			}
			var err error
			if r.edit {
				err = p.chat.Edit(t.Context(), r.place, simple())
			} else {
				_, err = p.chat.Post(t.Context(), r.place, simple(), bot.PostOptions{Nonce: "n"})
			}
			var e *outbox.Error
			if !errors.As(err, &e) || e.Fault != r.want || e.Reason != r.reason || e.After != r.after {
				t.Errorf("error %v (%+v), want %v %s %v", err, e, r.want, r.reason, r.after)
			}
			if (r.want == outbox.Gone) != errors.Is(err, outbox.ErrGone) {
				t.Errorf("errors.Is(%v, ErrGone)", err)
			}
			if err != nil && strings.Contains(err.Error(), p.fake.Token()) {
				t.Errorf("the token is in %v", err)
			}
		})
	}
}

func TestUnreachableIsTemporary(t *testing.T) {
	p := newPair(t, tune{})
	p.fake.Close()
	p.chat.rest.http.CloseIdleConnections()
	_, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
	if outbox.FaultOf(err) != outbox.Temporary {
		t.Errorf("unreachable is %v", err)
	}
}

// TestEditsOfOldMessages: too many edits of messages over an hour old are refused
// for a while; what is younger, and what is new, does not wait for that.
func TestEditsOfOldMessages(t *testing.T) {
	var passed atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
	p := newPair(t, tune{fake: discordfake.Options{Now: now}, chat: Options{Now: now}})
	post := func() board.Place {
		t.Helper()
		place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return place
	}
	first, second := post(), post()
	passed.Store(int64(oldAge + time.Minute))
	young := post()
	p.fake.Inject(discordfake.Fault{Method: http.MethodPatch, Status: 429, Code: 30046})
	for _, place := range []board.Place{first, first, second} { // Discord refuses once, and is not asked again
		var e *outbox.Error
		if err := p.chat.Edit(t.Context(), place, simple()); !errors.As(err, &e) || e.Fault != outbox.Limited || !e.Alone ||
			e.After > oldEdits || e.After < oldEdits-time.Minute {
			t.Errorf("an old message: %v (%+v)", err, e)
		}
	}
	if err := p.chat.Edit(t.Context(), young, simple()); err != nil {
		t.Errorf("a young message: %v", err)
	}
	post()
	p.chat.rest.limits.holdOld(call{major: "C"}, 0, time.Now())
	if err := p.chat.Edit(t.Context(), first, simple()); err != nil {
		t.Errorf("later: %v", err)
	}
}

// TestBannedAddress: a 429 that does not come from Discord itself is about all that
// we send.
func TestBannedAddress(t *testing.T) {
	for name, row := range map[string]struct {
		body, after string
		want        time.Duration
	}{
		"page":     {"<html>error 1015</html>", "30", 30 * time.Second},
		"no time":  {`{"code":0,"message":"You are being blocked from accessing our API temporarily"}`, "", banned},
		"all said": {`{"global":true,"message":"x","retry_after":4.5}`, "5", 4500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				if row.after != "" {
					w.Header().Set("Retry-After", row.after)
				}
				w.WriteHeader(http.StatusTooManyRequests)
				fmt.Fprint(w, row.body)
			}))
			defer server.Close()
			d := newDesk(t)
			c, err := New(Options{Token: "t", AppID: "1", APIURL: server.URL}, d, d)
			if err != nil {
				t.Fatal(err)
			}
			for _, channel := range []string{"C", "D"} {
				place := com()
				place.Channel = channel
				var e *outbox.Error
				_, err := c.Post(t.Context(), place, simple(), bot.PostOptions{})
				if !errors.As(err, &e) || e.Fault != outbox.Limited || e.Alone || e.After > row.want || e.After < row.want-time.Second {
					t.Errorf("%s: %v (%+v)", channel, err, e)
				}
			}
			if n := calls.Load(); n != 1 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

func TestArchivedThreadIsOpenedForAnEdit(t *testing.T) {
	p := newPair(t, tune{})
	p.fake.AddThread("C", "C2", "thread")
	place := com()
	place.Thread = "C2"
	place, err := p.chat.Post(t.Context(), place, simple(), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p.fake.Archive("C2")
	if err := p.chat.Edit(t.Context(), place, bot.Card{Title: bot.Say("Après")}); err != nil {
		t.Fatal(err)
	}
	if m, _ := p.fake.Message(place.Message); m.Plain() != "Après" {
		t.Errorf("now %q", m.Plain())
	}
}

// TestAThreadIsOpenedUnderAMessage: what hangs under a message opens its thread
// when it is the first; without the permission it stays in the channel.
func TestAThreadIsOpenedUnderAMessage(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		p := newPair(t, tune{})
		above, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if !allowed {
			p.fake.Deny("C", discordfake.PublicThreads)
		}
		under := com()
		under.Thread = above.Message
		for range 2 {
			at, err := p.chat.Post(t.Context(), under, simple(), bot.PostOptions{Silent: true})
			if err != nil {
				t.Fatal(err)
			}
			if in := at.Thread == above.Message; in != allowed {
				t.Errorf("allowed %v: in the thread %q of %q", allowed, at.Thread, above.Message)
			}
			if err := p.chat.Edit(t.Context(), at, bot.Card{Title: bot.Say("Après")}); err != nil {
				t.Error(err)
			}
			if m, _ := p.fake.Message(at.Message); m.Plain() != "Après" {
				t.Errorf("now %q", m.Plain())
			}
		}
	}
	p := newPair(t, tune{})
	direct := board.Place{Platform: "discord", Team: "G", Channel: "@111"}
	above, err := p.chat.Post(t.Context(), direct, simple(), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	direct.Thread = above.Message
	if at, err := p.chat.Post(t.Context(), direct, simple(), bot.PostOptions{Silent: true}); err != nil || at.Message == "" {
		t.Errorf("direct messages have no threads: %+v, %v", at, err)
	}
}

// TestUnderADeletedMessage: nothing can hang there, which is said as it is.
func TestUnderADeletedMessage(t *testing.T) {
	p := newPair(t, tune{})
	above, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.chat.Publisher(Account{Guild: "G", Channel: "C"}).Delete(t.Context(), content.Live{Ref: above.Message}); err != nil {
		t.Fatal(err)
	}
	under := com()
	under.Thread = above.Message
	if _, err := p.chat.Post(t.Context(), under, simple(), bot.PostOptions{}); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("under a deleted message: %v", err)
	}
}

func TestMentionsOnlyWhoIsMeant(t *testing.T) {
	p := newPair(t, tune{chat: Options{Mention: func(team, member string) (string, bool) {
		return "111", team == "G" && member == "ada"
	}}})
	card := bot.Card{Title: bot.Say("Pour <@222> et @everyone"), Blocks: []bot.Block{
		{Kind: bot.Paragraph, Text: bot.Text{{Text: "Ada", Member: "ada"}, {Text: ", "}, {Text: "Bob", Member: "bob"}}},
		{Kind: bot.Quote, Quoted: "<@222> <@&1> @here"}}}
	place, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, _ := p.fake.Message(place.Message)
	if strings.Join(m.Notified, ",") != "111" {
		t.Errorf("notified %v", m.Notified)
	}
	if want := "Pour <@222> et @everyone\n<@111>, Bob\n<@222> <@&1> @here"; m.Plain() != want {
		t.Errorf("reads %q", m.Plain())
	}
}
