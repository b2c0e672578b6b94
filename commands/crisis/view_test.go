package crisis

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/i18n"
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
	return &desk{room: r, chat: &Chat{Engine: r.Engine}, words: words}
}

// seen is the card of a crisis as a member has it; "" is everybody, in a channel.
func (d *desk) seen(id, member, lang string) string {
	d.t.Helper()
	card, err := d.chat.view(d.t.Context(), bot.ViewRequest{Space: d.space, Brand: d.space.Brand("colibri"), Subject: id, Member: d.space.Member(member),
		Print: d.words.For(lang, time.UTC), Now: d.now, Tx: state.Begin(d.store, "look", d.now)})
	if err != nil {
		d.t.Fatal(err)
	}
	return plain(bottest.Plain(card))
}

func plain(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

// as is a request of a member, with what a form says.
func (d *desk) as(ctx context.Context, tx *state.Tx, member string, values ...string) *bot.Request {
	r := &bot.Request{Event: bot.Event{Values: map[string][]string{}}, Space: d.space, Brand: d.space.Brand("colibri"), Member: d.space.Member(member),
		Print: d.words.For("fr", time.UTC), Now: d.now, Tx: tx, NewToken: d.NewToken}
	for i := 0; i+1 < len(values); i += 2 {
		r.Values[values[i]] = []string{values[i+1]}
	}
	if c, found, err := d.Last(ctx, tx, "colibri"); err == nil && found {
		r.Subject = c.ID
	}
	return r
}

// asked is what a member asks, as one step, and the words of the answer.
func (d *desk) asked(handle bot.Handler, member string, values ...string) (said string, err error) {
	d.t.Helper()
	err = d.step(func(ctx context.Context, tx *state.Tx) error {
		reply, err := handle(ctx, d.as(ctx, tx, member, values...))
		if err == nil && reply.Card != nil {
			said = plain(bottest.Plain(*reply.Card))
		}
		return err
	})
	return said, err
}

// holds fails for what a text does not hold.
func holds(t *testing.T, what, text string, words ...string) {
	t.Helper()
	for _, one := range words {
		if !strings.Contains(text, one) {
			t.Errorf("%s lacks %q:\n%s", what, one, text)
		}
	}
}

func TestCardSaysWhereItStands(t *testing.T) {
	d := newDesk(t)
	c, err := d.begin("colibri", opening())
	if err != nil {
		t.Fatal(err)
	}
	d.now = noon.Add(40 * time.Minute)
	holds(t, "the card", d.seen(c.ID, "", "fr"), "Crise ouverte · Colis perdus", "Depuis 12 h 00, ouverte par Morgan · menée par Noa",
		"Tout est suspendu depuis 12 h 00. 5 posts attendent. Aucun n’est parti.", "[Terminer la crise]", "[Reprendre les posts]",
		"Sujet Livraison : 7 personnes (livraison) (plaintes entendues, compté à 12 h 40)")
	holds(t, "the card", d.seen(c.ID, "", "en"), "Crisis open · Colis perdus", "opened by Morgan · led by Noa", "None went out.")
	for member, want := range map[string][2]bool{"morgan": {true, true}, "noa": {true, true}, "sacha": {false, true}, "lou": {false, false}} {
		card := d.seen(c.ID, member, "fr")
		if got := [2]bool{strings.Contains(card, "[Terminer la crise]"), strings.Contains(card, "[Reprendre les posts]")}; got != want {
			t.Errorf("%s may end and resume: %v", member, got)
		}
	}
}

func TestWhatIsPaused(t *testing.T) {
	p := newDesk(t).words.For("fr", time.UTC)
	for _, test := range []struct {
		standing Standing
		want     string
	}{
		{Standing{}, "Rien n’est suspendu, et aucun post n’attend."},
		{Standing{Waiting: 1}, "Rien n’est suspendu : 1 post attend de partir."},
		{Standing{Paused: noon}, "Tout est suspendu depuis 12 h 00. Aucun post n’attend."},
		{Standing{Paused: noon, Waiting: 2}, "Tout est suspendu depuis 12 h 00. 2 posts attendent. Aucun n’est parti."},
		{Standing{Paused: noon, Waiting: 2, Left: 1}, "Tout est suspendu depuis 12 h 00. 2 posts attendent. 1 était déjà en route, il est parti."},
		{Standing{Paused: noon, Left: 2}, "Tout est suspendu depuis 12 h 00. Aucun post n’attend. 2 étaient déjà en route, ils sont partis."},
	} {
		if got := plain(paused(p, test.standing, noon)); got != test.want {
			t.Errorf("%+v: %s", test.standing, got)
		}
	}
}

// Ending leads to what leaves soon, and to the way to resume; it resumes nothing.
func TestEndLeadsToReading(t *testing.T) {
	d := newDesk(t)
	if _, err := d.begin("colibri", opening()); err != nil {
		t.Fatal(err)
	}
	for i := range 7 {
		d.posts.ahead = append(d.posts.ahead, Post{Request: string(rune('a' + i)), Title: "Thé " + string(rune('A'+i)), Accounts: []string{"LinkedIn", "X"}, At: noon.Add(time.Duration(i) * 10 * time.Hour)})
	}
	said, err := d.asked(d.chat.end, "noa", learntField, " Appeler plus tôt ")
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "the answer", said, "La crise est terminée. Rien n’est reparti.", "5 posts sont à relire, prévus dans les 48 heures :",
		"jeudi 26 novembre à 12 h 00 · Thé A · LinkedIn et X", "[Reprendre les posts]")
	if strings.Contains(said, "Thé F") || d.posts.paused.IsZero() {
		t.Errorf("resumed, or lists what leaves later:\n%s", said)
	}
	holds(t, "what is left of it", d.seen("colibri/1", "", "fr"), "Crise terminée · Colis perdus", "terminée par Noa", "Appeler plus tôt")
	d.posts.ahead = nil
	if said, err = d.asked(d.chat.ahead, "lou"); err != nil {
		t.Fatal(err)
	}
	holds(t, "the list", said, "Aucun post n’est prévu dans les 48 heures.")
}

func TestWhoMay(t *testing.T) {
	d := newDesk(t)
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	mux := bot.NewMux(catalog)
	d.chat.Register(mux)
	for member, may := range map[string]bool{"morgan": true, "noa": true, "lou": false, "sacha": false} {
		_, err := d.asked(d.chat.word, member)
		form, formed := d.chat.Form(t.Context(), d.as(t.Context(), state.Begin(d.store, "look", d.now), member), "prix")
		if (err == nil) != may || (formed == nil) != may || may && !slices.Equal(form.Fields[0].Value, []string{"Prix"}) {
			t.Errorf("%s: word %v, form %v %+v", member, err, formed, form.Fields)
		}
		if _, err := d.asked(d.chat.start, member, aboutField, "x", themeField, none, leadField, "nobody"); err == nil {
			t.Errorf("%s opened one that nobody leads", member)
		}
		for _, action := range []string{"crisis.open", "crisis.start", "crisis.point", "crisis.next", "crisis.over", "crisis.end"} {
			_, roles, ok := mux.Shape(bot.Event{Kind: bot.Action, Action: action})
			if err := bot.Admit(d.as(t.Context(), state.Begin(d.store, "look", d.now), member), false, roles...); !ok || (err == nil) != may {
				t.Errorf("%s, %s: %v", member, action, err)
			}
		}
	}
	if _, err := d.begin("colibri", opening()); err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"lou", "sacha"} { // who may not open one sees the one that is open
		said, err := d.asked(d.chat.word, member)
		if err != nil || !strings.Contains(said, "Une crise est ouverte depuis 12 h 00 : Colis perdus") {
			t.Errorf("%s: %q, %v", member, said, err)
		}
	}
	if _, err := d.chat.Form(t.Context(), d.as(t.Context(), state.Begin(d.store, "look", d.now), "morgan"), ""); err == nil {
		t.Error("a form for a second one")
	}
}

// What the form lacks is said before it is sent.
func TestCheckOpening(t *testing.T) {
	d := newDesk(t)
	for about, wrong := range map[string]bool{"": true, "Colis perdus": false, strings.Repeat("é", longestAbout): false, strings.Repeat("é", 10_000): true} {
		problems, err := checkOpening(t.Context(), d.as(t.Context(), state.Begin(d.store, "look", d.now), "noa", aboutField, about))
		if err != nil || (problems[aboutField] != "") != wrong {
			t.Errorf("%d characters: %v, %v", len(about), problems, err)
		}
	}
}
