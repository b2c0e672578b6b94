package moderation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state"
)

// desk is the conversation of a room.
type desk struct {
	*room
	chat  *Chat
	words *i18n.Catalog
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := newRoom(t)
	return &desk{room: r, chat: &Chat{Engine: r.Engine, Judge: calm{}}, words: words}
}

// calm finds nothing in any words.
type calm struct{}

func (calm) Flag(_ context.Context, _ *state.Tx, _ *brand.Brand, m listen.Mention) (listen.Flagged, error) {
	return listen.Flagged{Mention: m}, nil
}

// seen is the card of a message as a member has it.
func (d *desk) seen(id, member, lang string) bot.Card {
	d.t.Helper()
	space := d.team.Now()
	card, err := d.chat.view(d.t.Context(), bot.ViewRequest{Space: space, Brand: d.brand(), Subject: id, Member: space.Member(member),
		Print: d.words.For(lang, time.UTC), Now: d.now, Tx: state.Begin(d.store, "look", d.now)})
	if err != nil {
		d.t.Fatal(err)
	}
	return card
}

// asked is what a member asks, as one step.
func (d *desk) asked(member string, e bot.Event, handle bot.Handler) (reply bot.Reply, err error) {
	d.t.Helper()
	space := d.team.Now()
	err = d.step(func(ctx context.Context, tx *state.Tx) (err error) {
		r := &bot.Request{Event: e, Space: space, Brand: d.brand(), Member: space.Member(member), Print: d.words.For("fr", time.UTC),
			Now: d.now, Tx: tx, NewToken: d.NewToken, Subject: e.Token}
		reply, err = handle(ctx, r)
		return err
	})
	return reply, err
}

// words are those of a card, its buttons in brackets.
func words(card bot.Card) string {
	all := []string{card.Title.String()}
	for _, block := range card.Blocks {
		all = append(all, block.Text.String()+block.Quoted+block.Label)
	}
	for _, button := range slices.Concat(card.Buttons, card.More) {
		all = append(all, "["+button.Label+"]")
	}
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(strings.Join(all, "\n"))
}

// verbs are what a button asks for; those of forms and answers are none.
func verbs() map[string]Verb {
	return map[string]Verb{"moderation.why": Hide, "moderation.agree": Agree, "moderation.leave": Leave, "moderation.ask": Ask,
		"moderation.done": Done, "moderation.show": Show, "moderation.report": Report}
}

// Whatever was done, no card has a button that would be refused to whom it is
// shown, and none lacks what they may do next.
func TestNoButtonRefuses(t *testing.T) {
	rule := Rule{Reason: False}
	for _, steps := range [][]Choice{
		{}, {{What: Ask, By: "noa"}}, {{What: Hide, By: "noa", Rule: rule}},
		{{What: Ask, By: "lou"}, {What: Hide, By: "noa", Rule: rule}},
		{{What: Hide, By: "noa", Rule: rule}, {What: Agree, By: "lou"}},
		{{What: Hide, By: "noa", Rule: rule}, {What: Agree, By: "lou"}, {What: Done, By: "lou"}},
		{{What: Hide, By: "noa", Rule: rule}, {What: Agree, By: "lou"}, {What: Done, By: "lou"}, {What: Report, By: "noa"}},
		{{What: Hide, By: "noa", Rule: rule}, {What: Agree, By: "lou"}, {What: Done, By: "lou"}, {What: Show, By: "noa"}},
		{{What: Leave, By: "noa"}},
	} {
		d := newDesk(t)
		c := d.keep("noa", criticism())
		for _, choice := range steps {
			if _, err := d.decide(c.ID, choice); err != nil {
				t.Fatal(err)
			}
		}
		c, _ = d.kept(c.ID)
		for _, member := range []string{"noa", "lou", "morgan"} {
			card := d.seen(c.ID, member, "fr")
			offered := map[Verb]bool{}
			for _, button := range slices.Concat(card.Buttons, card.More) {
				verb, acts := verbs()[button.Action]
				if offered[verb] = true; !acts {
					continue
				}
				if _, err := decide(c, Choice{What: verb, By: member, Rule: rule, Others: true}, d.now); err != nil {
					t.Errorf("%s, %s: [%s] is refused: %v", c.Stage, member, button.Label, err)
				}
			}
			for action, verb := range verbs() {
				_, err := decide(c, Choice{What: verb, By: member, Rule: rule, Others: true}, d.now)
				second := verb == Hide && c.Rule != nil // whose button is that to agree
				if err == nil && !offered[verb] && !second {
					t.Errorf("%s, %s: nothing does %s", c.Stage, member, action)
				}
			}
		}
	}
}

// Each state is said in both languages, with who and why, and no word is missing.
func TestStanding(t *testing.T) {
	d := newDesk(t)
	said := criticism()
	said.URL = "https://social.example/1"
	c := d.keep("noa", said)
	article := d.brand().Charter[0]
	for _, test := range []struct {
		choice Choice
		want   string
	}{
		{Choice{What: Ask, By: "noa"}, "Noa demande un second avis"},
		{Choice{What: Hide, By: "noa", Rule: Rule{Reason: Charter, Number: 1, Article: &article}}, "Noa le propose : article 1 de la charte, Respect."},
		{Choice{What: Agree, By: "lou"}, "À masquer à la main sur Mastodon : article 1 de la charte, Respect. Décidé par Noa et Lou."},
		{Choice{What: Done, By: "lou"}, "Décidé par Noa et Lou, noté masqué par Lou"},
		{Choice{What: Report, By: "noa"}, "Transmis par Noa"},
		{Choice{What: Show, By: "lou"}, "À afficher de nouveau à la main sur Mastodon. Décidé par Lou"},
		{Choice{What: Done, By: "noa"}, "Rien n’est masqué. Noa"},
	} {
		if _, err := d.decide(c.ID, test.choice); err != nil {
			t.Fatal(err)
		}
		if got := words(d.seen(c.ID, "noa", "fr")); !strings.Contains(got, test.want) {
			t.Errorf("after %s it says\n%s\nwant %s", test.choice.What, got, test.want)
		}
		for _, lang := range i18n.Langs() {
			if got := words(d.seen(c.ID, "noa", lang)); strings.Contains(got, "moderation.") || strings.Contains(got, "<no value>") || strings.Contains(got, "{{") {
				t.Errorf("after %s in %s:\n%s", test.choice.What, lang, got)
			}
		}
	}
}

// What is hidden by hand is one click away, where the network says where it is.
func TestWayToTheMessage(t *testing.T) {
	for address, want := range map[string]bool{"https://social.example/1": true, "": false} {
		d := newDesk(t)
		said := criticism()
		said.URL, said.Insulting = address, true
		c := d.keep("noa", said)
		if _, err := d.decide(c.ID, Choice{What: Hide, By: "noa", Rule: Rule{Reason: Insult}}); err != nil {
			t.Fatal(err)
		}
		card := d.seen(c.ID, "noa", "fr")
		if got := slices.ContainsFunc(card.Buttons, func(b bot.Button) bool { return b.URL == address && b.URL != "" }); got != want {
			t.Errorf("at %q: %v", address, card.Buttons)
		}
		if !card.Blocks[1].Folded || strings.Contains(card.Summary, said.Text) {
			t.Error("an insult is read at once")
		}
	}
}

// Evidence that is not what was sealed says so.
func TestBrokenSeal(t *testing.T) {
	d := newDesk(t)
	c := d.keep("noa", criticism())
	if got := words(d.seen(c.ID, "noa", "fr")); strings.Contains(got, "scellé") {
		t.Fatalf("whole evidence says\n%s", got)
	}
	if err := d.step(func(ctx context.Context, tx *state.Tx) error {
		c, _, err := cases.Get(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		c.Evidence.Text += "!"
		return cases.Put(tx, c.ID, c)
	}); err != nil {
		t.Fatal(err)
	}
	if got := words(d.seen(c.ID, "noa", "fr")); !strings.Contains(got, "ce texte n’est plus celui qui a été scellé") {
		t.Errorf("changed evidence says\n%s", got)
	}
}

// A list names a few, counts the rest, and leads to each.
func TestList(t *testing.T) {
	d := newDesk(t)
	for n, want := range map[int]string{0: "Rien n’attend la modération.", 1: "À modérer : 1 message", 5: "À modérer : 5 messages", 8: "et 3 autres"} {
		var all []Case
		for i := range n {
			all = append(all, Case{ID: fmt.Sprint("m", i), Stage: Waiting, Evidence: Evidence{SaidBy: strings.Repeat("é", 100), Network: "X", KeptAt: noon}})
		}
		card := listCard(d.words.For("fr", time.UTC), all, noon)
		if got := words(card); !strings.Contains(got, want) {
			t.Errorf("%d: %s", n, got)
		}
		for _, block := range card.Blocks {
			if block.Select != nil && (len(block.Select.Choices) != n || len([]rune(block.Select.Choices[0].Label)) > 75) {
				t.Errorf("%d: %+v", n, block.Select)
			}
		}
	}
}

// What hangs on a message is counted on its card, and named where it did not come.
func TestPictureLines(t *testing.T) {
	c := Case{Pictures: []Picture{{Name: "a.png", Digest: "d"}, {Name: "b.png", Digest: "e"}, {Name: "film.mp4", Lost: true}, {Name: "late.png"}}}
	got := words(bot.Card{Blocks: pictureLines(newDesk(t).words.For("fr", time.UTC), c)})
	if !strings.Contains(got, "2 images gardées") || !strings.Contains(got, "Pas gardé : « film.mp4 ».") || strings.Contains(got, "late") {
		t.Error(got)
	}
}
