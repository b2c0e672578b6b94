package discord

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/secret"
	"crieur/integrations/chat/discord/discordfake"
)

// quick is an ingress whose handler is done as soon as the event is stored.
type quick struct {
	*desk
	edit func(board.Place)
}

func (q quick) Accept(ctx context.Context, keys []string, e bot.Event) (bool, error) {
	fresh, err := q.desk.Accept(ctx, keys, e)
	go q.edit(e.Place)
	time.Sleep(50 * time.Millisecond) // the handler is faster than the acknowledgement
	return fresh, err
}

func TestNewStateIsNotOverwrittenByWorking(t *testing.T) {
	for name, gateway := range map[string]bool{"http": false, "gateway": true} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, tune{gateway: gateway})
			p.set(func(d *desk) { d.acks["review.approve"] = bot.Busy })
			edited := make(chan error, 1)
			p.chat.ingress = quick{p.desk, func(at board.Place) {
				edited <- p.chat.Edit(context.Background(), at, bot.Card{Title: bot.Say("Validé")})
			}}
			place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
			if err != nil {
				t.Fatal(err)
			}
			p.fake.Inject(discordfake.Fault{Path: "/callback", Delay: 200 * time.Millisecond})
			if got := p.fake.Click("111", place.Message, "Valider les 3"); got.Response != 7 {
				t.Fatalf("%+v", got)
			}
			if err := <-edited; err != nil {
				t.Fatal(err)
			}
			if m, _ := p.fake.Message(place.Message); m.Plain() != "Validé" {
				t.Errorf("in the end it shows %q", m.Plain())
			}
		})
	}
}

func TestCardEditedByAnotherProcessIsHealed(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		other, err := New(Options{Token: secret.Secret(p.fake.Token()), AppID: p.fake.AppID(), APIURL: p.fake.APIURL(), HTTPClient: p.chat.opts.HTTPClient}, p.desk, p.desk)
		if err != nil {
			t.Fatal(err)
		}
		done := bot.Card{Title: bot.Say("Validé"), Token: "tok"}
		p.set(func(d *desk) { d.acks["review.approve"] = bot.Busy; d.cards["tok"] = done })
		p.chat.ingress = quick{p.desk, func(at board.Place) {
			if err := other.Edit(context.Background(), at, done); err != nil {
				t.Error(err)
			}
		}}
		place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p.fake.Click("111", place.Message, "Valider les 3")
		if m, _ := p.fake.Message(place.Message); m.Plain() == "Validé" {
			t.Fatal("the race did not happen")
		}
		time.Sleep(healAfter + time.Second)
		if m, _ := p.fake.Message(place.Message); m.Plain() != "Validé" {
			t.Errorf("in the end it shows %q", m.Plain())
		}
	})
}

// TestAProcessThatEndsLeavesItsCardToOthers: nobody sees whether its "Working…"
// hides the new state, so the card is asked for again.
func TestAProcessThatEndsLeavesItsCardToOthers(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		p.set(func(d *desk) { d.acks["review.approve"] = bot.Busy })
		place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p.fake.Click("111", place.Message, "Valider les 3")
		p.chat.Stop()
		all := p.all()
		if len(all) != 2 || all[1].Kind != bot.Mend || all[1].Token != all[0].Token || all[1].Place != place {
			t.Errorf("asked %+v", all)
		}
	})
}

// refuser is a front that knows no card.
type refuser struct{ *desk }

func (refuser) Redraw(context.Context, bot.Event) (bot.Card, error) {
	return bot.Card{}, bot.Refuse("Cette carte date de plus d’un mois.")
}

func TestForgottenCardKeepsItsWordsAlone(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		p.set(func(d *desk) { d.acks["review.approve"] = bot.Busy })
		p.chat.front = refuser{p.desk}
		place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
		if err != nil {
			t.Fatal(err)
		}
		before, _ := p.fake.Message(place.Message)
		p.fake.Click("111", place.Message, "Valider les 3")
		if m, _ := p.fake.Message(place.Message); m.Plain() == before.Plain() {
			t.Fatal("it was never working")
		}
		time.Sleep(healAfter + time.Second)
		if m, _ := p.fake.Message(place.Message); m.Plain() != before.Plain() || len(m.Labels()) != 0 {
			t.Errorf("in the end it shows %q with %v", m.Plain(), m.Labels())
		}
	})
}

func TestBusyCountsAndLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBusy()
		waits := func() time.Duration {
			start := time.Now()
			b.wait(t.Context(), "m")
			return time.Since(start)
		}
		if d := waits(); d != 0 {
			t.Errorf("waited %v for nothing", d)
		}
		first, second := b.marks.Take("m"), b.marks.Take("m")
		first()
		time.AfterFunc(time.Second, second)
		if d := waits(); d != time.Second {
			t.Errorf("waited %v for the second of two", d)
		}
		if d := waits(); d != 0 {
			t.Errorf("something is kept: waited %v", d)
		}
		defer b.marks.Take("m")()
		if d := waits(); d != busyWait {
			t.Errorf("waited %v, want %v at most", d, busyWait)
		}
	})
}
