package answers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// desk is the conversation of a room.
type desk struct {
	*room
	chat  *Chat
	words *i18n.Catalog
	uses  map[string]int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{room: newRoom(t), words: words, uses: map[string]int{}}
	d.chat = &Chat{Engine: d.Engine, Usage: d, Proof: d}
	return d
}

// Served implements Usage: each use was an hour ago.
func (d *desk) Served(_ context.Context, _ *state.Tx, _, answer string, since time.Time) (int, time.Time, error) {
	if want := d.now.Add(-servedFor); !since.Equal(want) {
		d.t.Errorf("uses since %v, want %v", since, want)
	}
	return d.uses[answer], d.now.Add(-time.Hour), nil
}

// Advice implements Proofreader: it dislikes one word.
func (d *desk) Advice(_ *brand.Brand, lang, text string, _ time.Time, in string) []string {
	return slices.Repeat([]string{"aïe (" + lang + ", " + in + ")."}, strings.Count(text, "aïe"))
}

// asked is what a member asks, as one step.
func (d *desk) asked(who string, e bot.Event, handle bot.Handler) (reply bot.Reply, err error) {
	d.t.Helper()
	err = d.step(func(ctx context.Context, tx *state.Tx) (err error) {
		reply, err = handle(ctx, d.request(who, e, tx))
		return err
	})
	return reply, err
}

func (d *desk) request(who string, e bot.Event, tx *state.Tx) *bot.Request {
	space := d.team.Now()
	e.Platform, e.Team, e.User.ID = bot.Slack, "T", "U"+who
	return &bot.Request{Event: e, Space: space, Brand: d.brand(), Member: space.Member(who), Print: d.words.For("fr", time.UTC),
		Now: d.now, Tx: tx, NewToken: func(tx *state.Tx) string { return tx.NewID("token") }, Subject: key("colibri", e.Token)}
}

// form is what a member fills in.
func (d *desk) form(who string, e bot.Event, form bot.Former) (opened bot.Form, err error) {
	tx := state.Begin(d.store, "look", d.now)
	return form(d.t.Context(), d.request(who, e, tx))
}

func saved(token, arg string, values map[string]string) bot.Event {
	e := bot.Event{Token: token, Arg: arg, Values: map[string][]string{}}
	for field, value := range values {
		e.Values[field] = []string{value}
	}
	return e
}

// seen is the card of an answer.
func (d *desk) seen(id, lang string) string {
	d.t.Helper()
	space := d.team.Now()
	card, err := d.chat.view(d.t.Context(), bot.ViewRequest{Space: space, Brand: d.brand(), Subject: key("colibri", id),
		Print: d.words.For(lang, time.UTC), Now: d.now, Tx: state.Begin(d.store, "look", d.now)})
	if err != nil {
		d.t.Fatal(err)
	}
	return plain(card)
}

func plain(card bot.Card) string {
	return spaces.Replace(bottest.Plain(card))
}

var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

func refused(t *testing.T, err error) string {
	t.Helper()
	var refusal *bot.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("not a refusal: %v", err)
	}
	return plain(refusal.Card)
}

// A form makes an answer and changes it, in the language that it asked in.
func TestSave(t *testing.T) {
	d := newDesk(t)
	form, err := d.form("noa", bot.Event{}, d.chat.blank)
	if err != nil || form.Arg != "0-fr" || len(form.Fields) != 5 || form.Fields[1].Value[0] != nothing || len(form.Fields[1].Choices) != 3 {
		t.Fatalf("%+v, %v", form, err)
	}
	reply, err := d.asked("noa", saved("", form.Arg, map[string]string{"name": " Prix   d’hiver ", "theme": "price",
		"text": "Bonjour, aïe.", "source": "https://example.org/prix", "until": "2026-12-31"}), d.chat.save)
	if err != nil || !strings.Contains(plain(*reply.Card), "La fiche est prête") {
		t.Fatalf("%+v, %v", reply, err)
	}
	id := d.only()
	if card, found, err := board.Get(t.Context(), state.Begin(d.store, "look", d.now), board.ID(View, key("colibri", id))); err != nil || !found ||
		len(card.Copies) != 1 || card.Copies[0].Place.Channel != "@Unoa" {
		t.Errorf("it hangs in %+v, %v", card.Copies, err)
	}
	d.uses[id] = 2
	const want = "Fiche-réponse · Prix d’hiver\nSujet PRICE · source : https://example.org/prix\nBonjour, aïe.\n" +
		"Valable jusqu’au jeudi 31 décembre · servie 2 fois en 90 jours, la dernière il y a 1 h\n" +
		"Suivie par Noa · écrite par Noa, 12 h 00\nÀ relire : aïe (fr, fr).\n" +
		"[Modifier la fiche] [Prolonger de 3 mois] [Retirer] [Réponse (English)]"
	if got := d.seen(id, "fr"); got != want {
		t.Errorf("the card says\n%s\nwant\n%s", got, want)
	}
	form, err = d.form("lou", bot.Event{Token: id, Arg: "1-en"}, d.chat.filled)
	if err != nil || form.Arg != "1-en" || form.Fields[0].Value[0] != "Prix d’hiver" || form.Fields[2].Value != nil || form.Fields[4].Value[0] != "2026-12-31" {
		t.Fatalf("%+v, %v", form, err)
	}
	if _, err := d.asked("lou", saved(id, form.Arg, map[string]string{"name": "Winter prices", "theme": nothing, "text": "Hello."}), d.chat.save); err != nil {
		t.Fatal(err)
	}
	const changed = "Ready answer · Winter prices\nNo topic · no source\nRéponse (Français)\nBonjour, aïe.\n"
	if got := d.seen(id, "en"); !strings.HasPrefix(got, strings.Replace(changed, "Réponse (Français)", "Reply (Français)", 1)) ||
		!strings.Contains(got, "Reply (English)\nHello.\nNo end date · used 2 times") || !strings.Contains(got, "edited by Lou") {
		t.Errorf("the card says\n%s", got)
	}
}

// only is the one answer that is kept.
func (d *desk) only() string {
	d.t.Helper()
	all := slices.Collect(maps.Keys(d.store.Dump(Kind)))
	if len(all) != 1 {
		d.t.Fatalf("%d answers", len(all))
	}
	return strings.TrimPrefix(all[0], "colibri/")
}

// Whoever is told that nothing was kept gets their words back, however many.
func TestNothingIsLost(t *testing.T) {
	d := newDesk(t)
	s := d.write("noa", "Prix", "Bonjour.")
	long := strings.Repeat("mot ", 2500)
	event := saved("", "0-fr", map[string]string{"name": "Longue", "text": long})
	problems, err := d.chat.check(t.Context(), d.request("noa", event, state.Begin(d.store, "look", d.now)))
	if err != nil || len(problems) != 1 || !strings.Contains(spaces.Replace(problems["text"]), "Trop long de 7 999 caractères : 2 000 au plus. Rien n’est perdu.") {
		t.Errorf("%q, %v", problems, err)
	}
	_, err = d.asked("noa", event, d.chat.save)
	if said := refused(t, err); !strings.HasPrefix(said, "Trop long") || !strings.Contains(said, strings.TrimSpace(long)) {
		t.Errorf("%.200s", said)
	}
	if _, err := d.asked("lou", saved(s.ID, "1-fr", map[string]string{"name": "Prix", "text": "De Lou."}), d.chat.save); err != nil {
		t.Fatal(err)
	}
	_, err = d.asked("noa", saved(s.ID, "1-fr", map[string]string{"name": "Prix", "text": "De Noa."}), d.chat.save)
	if said := refused(t, err); !strings.Contains(said, "Fiche modifiée entre-temps par Lou") || !strings.Contains(said, "De Noa.") {
		t.Errorf("%s", said)
	}
	if _, err := d.form("noa", bot.Event{Token: s.ID, Arg: "1-fr"}, d.chat.filled); !strings.Contains(refused(t, err), "modifiée entre-temps par Lou") {
		t.Error("a form of what is no more")
	}
	_, err = d.asked("noa", saved("", "0-fr", map[string]string{"name": "Jour", "text": "Bonjour.", "until": "demain"}), d.chat.save)
	if said := refused(t, err); !strings.Contains(said, "Ce jour ne se lit pas.") {
		t.Errorf("%s", said)
	}
}

// Ready answers are the work of who answers and who approves; each thing that can
// be asked refuses the others.
func TestRoles(t *testing.T) {
	d := newDesk(t)
	mux := bot.NewMux(d.words)
	d.chat.Register(mux)
	for who, may := range map[string]bool{"noa": true, "lou": true, "morgan": true, "sacha": false} {
		for _, route := range mux.Actions() {
			_, roles, _ := mux.Shape(bot.Event{Kind: bot.Action, Action: route.Name})
			err := bot.Admit(d.request(who, bot.Event{}, state.Begin(d.store, "look", d.now)), false, roles...)
			if (err == nil) != may {
				t.Errorf("%s, %s: %v", who, route.Name, err)
			}
		}
		choices, err := d.chat.search(t.Context(), d.request(who, bot.Event{}, state.Begin(d.store, "look", d.now)))
		if err != nil || len(choices) > 0 != may {
			t.Errorf("%s finds %v, %v", who, choices, err)
		}
		said, err := mux.Help(t.Context(), d.request(who, bot.Event{}, state.Begin(d.store, "look", d.now)))
		if err != nil || strings.Contains(plain(*said.Card), "/crieur fiches") != may {
			t.Errorf("the help of %s is wrong: %v", who, err)
		}
	}
}

// The list has what is over first, the operator's last, and the way back to what
// was retired.
func TestList(t *testing.T) {
	d := newDesk(t)
	for i := range 6 {
		d.now = d.now.Add(time.Minute)
		d.write("noa", fmt.Sprint("Fiche ", i), "Bonjour.")
	}
	over := d.write("sacha", "Finie", "Bonjour.")
	if _, err := d.asked("noa", saved(over.ID, "1-fr", map[string]string{"name": "Finie", "text": "Bonjour.", "until": "2026-11-26"}), d.chat.save); err != nil {
		t.Fatal(err)
	}
	gone := d.write("noa", "Retirée", "Bonjour.")
	if _, err := d.asked("noa", bot.Event{Token: gone.ID, Arg: "1-fr"}, d.chat.act(Retire)); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.AddDate(0, 0, 1)
	reply, err := d.asked("noa", bot.Event{}, d.chat.list)
	if err != nil {
		t.Fatal(err)
	}
	said := plain(*reply.Card)
	for _, want := range []string{"8 fiches-réponse\nFinie · aucun sujet · sans source · suivie par Sacha · plus proposée depuis le jeudi 26 novembre · pas servie",
		"\nFiche 5 ·", "\net 3 autres\n", "[Retard] [Retirée · retirée]", "[Nouvelle fiche-réponse]"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	if got := d.seen(over.ID, "fr"); !strings.HasPrefix(got, "Fiche à revoir · Finie") {
		t.Errorf("%s", got)
	}
	if got := d.seen(gone.ID, "fr"); !strings.HasPrefix(got, "Fiche retirée · Retirée") || !strings.Contains(got, "[Remettre]") || strings.Contains(got, "Modifier la") {
		t.Errorf("%s", got)
	}
	if got := d.seen("late", "fr"); !strings.Contains(got, "Cette fiche est écrite dans crieur.yaml") || strings.Contains(got, "[") {
		t.Errorf("the operator’s:\n%s", got)
	}
	if got := d.seen("a0", "fr"); got != "Cette fiche n’est plus là." {
		t.Errorf("what is not there:\n%s", got)
	}
	if reply, err = d.asked("noa", bot.Event{Token: gone.ID}, d.chat.past); err != nil || !strings.Contains(plain(*reply.Card), "retirée par Noa") {
		t.Errorf("%+v, %v", reply, err)
	}
}

// A reply becomes an answer in the brand's language that it was written in.
func TestKeep(t *testing.T) {
	d := newDesk(t)
	for lang, want := range map[string]string{"en": "0-en", "fr": "0-fr", "de": "0-fr"} {
		form, err := d.form("noa", bot.Event{}, func(ctx context.Context, r *bot.Request) (bot.Form, error) {
			return d.chat.Keep(ctx, r, "late", lang, "Hello.")
		})
		if err != nil || form.Arg != want || form.Fields[1].Value[0] != "late" || form.Fields[2].Value[0] != "Hello." || form.Fields[0].Value != nil {
			t.Errorf("%s: %+v, %v", lang, form, err)
		}
	}
}

// What holds no more is told once, in the brief after its last day, with who sees
// to it; on that person's own page it stays until they did.
func TestOver(t *testing.T) {
	d := newDesk(t)
	for name, who := range map[string]string{"Un": "noa", "Deux": "lou", "Sans fin": "noa", "Orpheline": "gone"} {
		values := map[string]string{"name": name, "text": "Bonjour.", "until": "2026-11-26"}
		if name == "Sans fin" {
			delete(values, "until")
		}
		s := d.write(who, name, "Bonjour.")
		if _, err := d.do(s.ID, Choice{What: Change, By: who, Seen: 1, Words: must(wordsOf(&bot.Request{Event: saved("", "", values), Brand: d.brand()}, "fr"))}); err != nil {
			t.Fatal(err)
		}
	}
	brief := func(since time.Time) string {
		lines, err := d.Section(t.Context(), state.Begin(d.store, "look", d.now), d.brand(), since, d.words.For("fr", time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		return spaces.Replace(strings.Join(lines, "\n"))
	}
	home := func(who string) string {
		glance, err := d.chat.Home(t.Context(), d.request(who, bot.Event{}, state.Begin(d.store, "look", d.now)))
		if err != nil || len(glance.Lines) != len(glance.Buttons) {
			t.Fatalf("%+v, %v", glance, err)
		}
		return spaces.Replace(strings.Join(glance.Lines, "\n"))
	}
	eve := time.Date(2026, 11, 26, 8, 45, 0, 0, time.UTC)
	if d.now = eve.Add(15 * time.Hour); brief(eve) != "" || home("noa") != "" {
		t.Errorf("before it is over: %q, %q", brief(eve), home("noa"))
	}
	d.now = eve.Add(24 * time.Hour)
	said := brief(eve)
	if !strings.HasPrefix(said, "3 fiches à revoir, elles ne sont plus proposées : ") {
		t.Errorf("%q", said)
	}
	for _, want := range []string{"« Un » (Noa)", "« Deux » (Lou)", "« Orpheline » (personne)"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %s in %q", want, said)
		}
	}
	for who, want := range map[string]string{"noa": "Fiche à revoir, elle n’est plus proposée : « Un »", "morgan": "", "sacha": ""} {
		if got := home(who); got != want {
			t.Errorf("the page of %s: %q", who, got)
		}
	}
	yesterday := d.now
	if d.now = d.now.Add(24 * time.Hour); brief(yesterday) != "" || home("noa") == "" {
		t.Errorf("a day later: %q, %q", brief(yesterday), home("noa"))
	}
}

func must(w Words, err error) Words {
	if err != nil {
		panic(err)
	}
	return w
}

// The last day of an answer is the brand's: who reads it elsewhere is told.
func TestWhoseDay(t *testing.T) {
	d := newDesk(t)
	for zone, want := range map[string]bool{d.brand().Zone.String(): false, "Pacific/Noumea": true} {
		there, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		form, err := d.form("noa", bot.Event{}, func(ctx context.Context, r *bot.Request) (bot.Form, error) {
			r.Print = d.words.For("fr", there)
			return d.chat.blank(ctx, r)
		})
		if err != nil {
			t.Fatal(err)
		}
		hint := form.Fields[len(form.Fields)-1].Hint
		if strings.HasSuffix(hint, " Heure "+d.words.For("fr", there).Of(d.brand().Zone)+".") != want {
			t.Errorf("read in %s: %s", zone, hint)
		}
		if n := utf8.RuneCountInString(hint); n > 100 {
			t.Errorf("%d characters: %s", n, hint)
		}
	}
}
