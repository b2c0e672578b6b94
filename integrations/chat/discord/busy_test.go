package discord

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/integrations/chat/discord/discordfake"

	"github.com/bwmarrin/discordgo"
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

// TestNewStateOfTheRest: a button may be in a further message of its card, which is
// then the one that is made busy.
func TestNewStateOfTheRest(t *testing.T) {
	p := newPair(t, tune{gateway: true, fake: discordfake.Options{Unlimited: true}})
	p.set(func(d *desk) { d.acks["review.approve"] = bot.Busy })
	long := func(last string) bot.Card {
		card := longCard(500)
		card.Blocks = append(card.Blocks, bot.P(last), bot.Block{Kind: bot.Row, Buttons: []bot.Button{{Action: "review.approve", Arg: "z", Label: "Valider la fin"}}})
		return card
	}
	place, err := p.chat.Post(t.Context(), com(), long("avant"), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	edited := make(chan error, 1)
	p.chat.ingress = quick{p.desk, func(board.Place) { edited <- p.chat.Edit(context.Background(), place, long("après")) }}
	parts := p.fake.Messages(place.Message)
	last := parts[len(parts)-1].ID
	p.fake.Inject(discordfake.Fault{Path: "/callback", Delay: 400 * time.Millisecond})
	if got := p.fake.Click("111", last, "Valider la fin"); got.Response != 7 {
		t.Fatalf("%+v", got)
	}
	if err := <-edited; err != nil {
		t.Fatal(err)
	}
	if m, _ := p.fake.Message(last); !strings.HasSuffix(m.Plain(), "après") || len(m.Buttons) != 1 {
		t.Errorf("in the end it shows %q", m.Plain()[max(0, len(m.Plain())-60):])
	}
}

// unknowing is a front that knows no card.
type unknowing struct{ *desk }

func (unknowing) Known(context.Context, bot.Event) bool { return false }

// TestForgottenCardIsNotMarked: nobody would take "Working…" away again.
func TestForgottenCardIsNotMarked(t *testing.T) {
	p := newPair(t, tune{})
	p.set(func(d *desk) { d.acks["review.approve"] = bot.Busy })
	p.chat.front = unknowing{p.desk}
	place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	before, _ := p.fake.Message(place.Message)
	if got := p.fake.Click("111", place.Message, "Valider les 3"); got.Response != int(discordgo.InteractionResponseDeferredMessageUpdate) {
		t.Errorf("answered %+v", got)
	}
	if m, _ := p.fake.Message(place.Message); m.Plain() != before.Plain() {
		t.Errorf("it shows %q", m.Plain())
	}
	if len(p.all()) != 1 {
		t.Errorf("stored %+v", p.all())
	}
}

func TestBusyCountsAndLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &Chat{}
		waits := func() time.Duration {
			start := time.Now()
			c.afterMark(t.Context(), "m")
			return time.Since(start)
		}
		if d := waits(); d != 0 {
			t.Errorf("waited %v for nothing", d)
		}
		first, second := c.marks.Take("m"), c.marks.Take("m")
		first()
		time.AfterFunc(time.Second, second)
		if d := waits(); d != time.Second {
			t.Errorf("waited %v for the second of two", d)
		}
		if d := waits(); d != 0 {
			t.Errorf("something is kept: waited %v", d)
		}
		defer c.marks.Take("m")()
		if d := waits(); d != busyWait {
			t.Errorf("waited %v, want %v at most", d, busyWait)
		}
	})
}
