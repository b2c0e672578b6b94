package app

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/cmd/internal/config"
	"crieur/integrations/redis"
)

// dayConfig is a team as in a small brand: one writes, one answers and is on
// call, one approves; lunch is closed.
const dayConfig = `
space: journee
slack: { team: T0000000001 }
members:
  - { id: camille, name: Camille, roles: [author, responder], slack: U00000camille }
  - { id: sacha, name: Sacha, roles: [author], slack: U0000000sacha }
  - { id: noa, name: Noa, roles: [responder, approver], slack: U000000000noa }
  - { id: morgan, name: Morgan, roles: [author, approver, admin], slack: U000000morgan }
brands:
  - id: colibri
    name: Maison Colibri
    zone: Europe/Paris
    hours: { mon-fri: "08:45-12:30, 14:00-18:30" }
    brief: 08:45
    handover: 18:15
    rounds: [09:00, 14:00, 16:30]
    promise: 2h
    channels: { approvals: { slack: C000000000com }, alerts: { slack: C0000000alert } }
    accounts:
      - { id: linkedin, network: assisted, shows: linkedin, name: LinkedIn }
      - { id: instagram, network: assisted, shows: instagram, name: Instagram }
    watch: [{ name: marque, query: colibri }]
    themes:
      livraison: { name: { fr: Livraison }, words: [colis, livraison*, commande*] }
      prix: { name: { fr: Prix }, words: [prix, cher] }
      securite: { name: { fr: Sécurité }, words: [feu, brul*, bless*] }
    critical: [feu, brul*, bless*]
    listed: ["@presse_locale"]
    policy: { needed: 1, ask: [morgan] }
    on_call: [noa, morgan]
`

const (
	com, alerts                  = "C000000000COM", "C0000000ALERT"
	camille, sacha, noa, morganU = "U00000CAMILLE", "U0000000SACHA", "U000000000NOA", "U000000MORGAN"
)

// simulation is a team living through days on a clock that only the script
// moves, with the whole app behind a chat application that remembers.
type simulation struct {
	*testing.T
	*rehearsal
	chat  *bottest.Fake
	brand *brand.Brand
	heard int
}

// simulate starts on a Thursday at 0:00.
func simulate(t *testing.T) *simulation {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2026, 11, 26, 0, 0, 0, 0, paris)
	ids := strings.NewReplacer("U00000camille", camille, "U0000000sacha", sacha, "U000000000noa", noa, "U000000morgan", morganU,
		"C000000000com", com, "C0000000alert", alerts)
	c, err := config.Parse("crieur.yaml", []byte(ids.Replace(dayConfig)), config.Options{Lenient: true})
	if err != nil {
		t.Fatal(err)
	}
	var undo stack
	t.Cleanup(undo.unwind)
	client, err := replayStore(t.Context(), OnServer, &undo) // the faster one, where it is
	if errors.Is(err, redis.ErrNoServer) {
		client, err = replayStore(t.Context(), Embedded, &undo)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &simulation{T: t, brand: c.Space.Brands[0], rehearsal: &rehearsal{
		options: ReplayOptions{Config: c, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))},
		clock:   &heldClock{now: midnight}, pages: &pages{}, summary: newSummary(c.Space)}}
	s.brand.Pager = "set"
	if s.store, err = redis.NewStore(t.Context(), client, c.Space.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.build(); err != nil {
		t.Fatal(err)
	}
	s.chat = bottest.NewFake(s.app.Desk, s.app.Desk, s.clock.Now)
	s.chat.Name, s.chat.Team = bot.Slack, "T0000000001"
	s.app.AddChat(s.chat)
	if err := s.app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	undo.push(s.app.Stop)
	return s
}

// at lets everything happen until a time of the day; from midnight on, 24 is
// tomorrow.
func (s *simulation) at(hour, minute int) {
	s.Helper()
	if err := s.until(s.Context(), time.Date(2026, 11, 26, hour, minute, 0, 0, s.brand.Zone)); err != nil {
		s.Fatal(err)
	}
}

// done lets what somebody did come to its end.
func (s *simulation) done(err error) {
	s.Helper()
	if err == nil {
		err = s.settle(s.Context())
	}
	if err != nil {
		s.Fatalf("%s: %v", s.clock.Now().In(s.brand.Zone).Format("15:04"), err)
	}
}

// hear lets in what somebody said now; what comes of it is not waited for.
func (s *simulation) hear(author, text string) error {
	s.heard++
	return s.app.Hear(s.Context(), s.brand.ID, listen.Mention{ID: fmt.Sprint("m", s.heard), Source: "test", Network: "Instagram",
		Author: author, Text: text, Ref: fmt.Sprint("ref", s.heard), At: s.clock.Now()})
}

// remark is one thing that somebody says in a day, at a minute after midnight.
type remark struct {
	minute       int
	author, text string
}

// live lets them be said, each at its time, and people act at theirs.
func (s *simulation) live(all []remark, acts map[int]func()) {
	s.Helper()
	slices.SortStableFunc(all, func(a, b remark) int { return cmp.Compare(a.minute, b.minute) })
	due := slices.Sorted(maps.Keys(acts))
	act := func(until int) {
		for len(due) > 0 && due[0] <= until {
			s.at(0, due[0])
			acts[due[0]]()
			due = due[1:]
		}
	}
	for i, one := range all {
		if i == 0 || one.minute > all[i-1].minute {
			s.done(nil)
			act(one.minute)
			s.at(0, one.minute)
		}
		if err := s.hear(one.author, one.text); err != nil {
			s.Fatal(err)
		}
	}
	s.done(nil)
	act(48 * 60)
}

// answer goes through a round: what is kind gets a like, the rest a reply.
func (s *simulation) answer(who string) {
	s.Helper()
	s.done(s.chat.Command(who, "@"+who, "mentions", ""))
	for range 200 {
		screen := s.chat.Screen(who, "@"+who)
		if len(screen) == 0 || !strings.Contains(screen[len(screen)-1], "J’aime") {
			return
		}
		s.done(s.chat.Click(who, "@"+who, "J’aime, fait sur le réseau"))
	}
}

// post writes a post, sends it for approval and has it approved at once.
func (s *simulation) post(who, text string) {
	s.Helper()
	s.done(s.chat.Command(who, "@"+who, "draft", text))
	s.done(s.chat.Click(who, "@"+who, "Envoyer à valider"))
	s.done(s.chat.Click(morganU, "@"+morganU, "Valider les 2"))
}

// received are the sounds of a stretch by place: a thread's replies are silent.
func (s *simulation) received(from, until time.Time) map[string][]bottest.Ring {
	got := map[string][]bottest.Ring{}
	for _, ring := range s.chat.Rings() {
		if !ring.At.Before(from) && ring.At.Before(until) {
			got[ring.Channel] = append(got[ring.Channel], ring)
		}
	}
	return got
}

// table prints messages by place and hour.
func (s *simulation) table(name string, got map[string][]bottest.Ring) {
	s.Helper()
	names := map[string]string{com: "#com", alerts: "#com-alertes", "@" + camille: "Camille", "@" + sacha: "Sacha", "@" + noa: "Noa", "@" + morganU: "Morgan"}
	lines := []string{name}
	for _, place := range slices.Sorted(maps.Keys(got)) {
		var hours [24]int
		for _, ring := range got[place] {
			hours[ring.At.In(s.brand.Zone).Hour()]++
		}
		lines = append(lines, fmt.Sprintf("  %-12s %2d  %s", names[place], len(got[place]), hoursText(hours)))
	}
	s.Log(strings.Join(lines, "\n"))
}

// budget asserts what a day may come to: so many messages in channels, of which so
// many alerts, eight others in #com, and the brief.
func (s *simulation) budget(got map[string][]bottest.Ring, channels, inAlerts int) {
	s.Helper()
	briefs := 0
	for _, ring := range got[com] {
		if strings.HasPrefix(ring.Card.Title.String(), "Le point ") {
			briefs++
		}
	}
	inCom := len(got[com]) - briefs
	if n := len(got[com]) + len(got[alerts]); n > channels || len(got[alerts]) > inAlerts || inCom > 8 || briefs > 1 {
		s.Errorf("%d messages in channels (at most %d): %d in #com-alertes (%d), %d in #com (8) and %d briefs (1)",
			n, channels, len(got[alerts]), inAlerts, inCom, briefs)
	}
	for who, most := range map[string]int{camille: 8, sacha: 8, noa: 8, morganU: 6} {
		if n := len(got["@"+who]); n > most {
			s.Errorf("%d direct messages to %s, at most %d", n, who, most)
		}
	}
}

// silent asserts that nothing rings outside hours, lunch included.
func (s *simulation) silent(got map[string][]bottest.Ring) {
	s.Helper()
	for place, rings := range got {
		for _, ring := range rings {
			if !s.brand.At(nil).Open(ring.At) {
				s.Errorf("%s rings at %s: %s", place, ring.At.In(s.brand.Zone).Format("15:04"), ring.Card.Text())
			}
		}
	}
}

func day(hour int) time.Duration { return time.Duration(hour) * time.Hour }

// span returns the sounds from an hour of the simulated day to another one.
func (s *simulation) span(from, until int) map[string][]bottest.Ring {
	midnight := time.Date(2026, 11, 26, 0, 0, 0, 0, s.brand.Zone)
	return s.received(midnight.Add(day(from)), midnight.Add(day(until)))
}

// spread is so many people saying something, evenly between two minutes, those
// of five minutes together.
func spread(n, from, until int, who, text string) []remark {
	all := make([]remark, n)
	for i := range all {
		all[i] = remark{(from + (until-from)*i/n) / 5 * 5, fmt.Sprintf("@%s%d", who, i), fmt.Sprintf(text, i)}
	}
	return all
}

// TestOrdinaryDay is the day of 6 posts and 110 mentions.
func TestOrdinaryDay(t *testing.T) {
	s := simulate(t)
	all := slices.Concat(
		spread(60, 0, 18*60, "gentil", "Bravo colibri, ce thé est délicieux, merci beaucoup %d"),
		spread(25, 30, 18*60, "curieux", "Bonjour colibri, où se trouve la boutique numéro %d ?"),
		spread(2, 9*60+5, 9*60+20, "livre", "Mon colis colibri n’est jamais arrivé, service nul et inadmissible %d"),
		spread(13, 14*60+5, 14*60+50, "retard", "Ma commande colibri est en retard, c’est honteux, livraison catastrophique %d"),
		spread(4, 10*60, 17*60, "decu", "Thé colibri fade et sans goût, très déçue, c’est nul %d"),
		spread(5, 2*60, 17*60, "fache", "bande de voleurs colibri allez crever %d"),
		[]remark{{9*60 + 41, "@livre0", "Toujours pas de réponse colibri, colis jamais reçu, c’est honteux"}})
	post := func(who string, n int) func() {
		return func() { s.post(who, fmt.Sprintf("Le thé du jour numéro %d est arrivé en boutique.", n)) }
	}
	s.live(all, map[int]func(){
		9 * 60: func() { s.answer(noa) }, 9*60 + 45: func() { s.done(s.chat.Click(camille, alerts, "Commencer la tournée")) },
		10*60 + 15: post(camille, 1), 10*60 + 30: post(sacha, 2), 11*60 + 5: post(camille, 3), 14*60 + 30: post(sacha, 4),
		16 * 60: post(camille, 5), 16*60 + 10: post(camille, 6),
		14 * 60: func() { s.answer(camille) }, 16*60 + 30: func() { s.answer(noa) }, 18*60 + 30: func() {},
	})
	s.at(24+8, 0)
	got := s.span(0, 24+8)
	s.table("an ordinary day", got)
	s.budget(got, 14, 5)
	s.silent(got)
	if len(got[com]) < 8 || len(got[alerts]) < 1 {
		t.Errorf("the day did not happen: %d in #com, %d in #com-alertes", len(got[com]), len(got[alerts]))
	}
}

// TestDayOfManyPosts is a day on which twice as many posts as usual wait for a
// decision: what is too much waits under one message.
func TestDayOfManyPosts(t *testing.T) {
	s := simulate(t)
	acts := map[int]func(){}
	for n := range 14 {
		acts[9*60+30*n] = func() {
			text := fmt.Sprintf("Le thé du jour numéro %d est arrivé en boutique.", n)
			s.done(s.chat.Command(sacha, "@"+sacha, "draft", text))
			s.done(s.chat.Click(sacha, "@"+sacha, "Envoyer à valider"))
		}
	}
	s.live(spread(1, 8*60, 9*60, "gentil", "Bravo colibri, merci %d"), acts)
	s.at(24+8, 0)
	got := s.span(0, 24+8)
	s.table("a day of fourteen posts", got)
	s.budget(got, 14, 5)
	s.silent(got)
	own := slices.ContainsFunc(got[com], func(ring bottest.Ring) bool {
		return strings.HasPrefix(ring.Card.Title.String(), "Relève ") && ring.At.In(s.brand.Zone).Format("15:04") == "18:15"
	})
	if !own {
		t.Error("the handover is no message of its own")
	}
	for _, place := range []string{com, "@" + morganU} {
		if !slices.ContainsFunc(s.chat.Screen(morganU, place), func(text string) bool { return strings.Contains(text, "autres messages à voir") }) {
			t.Errorf("what was too much for %s waits nowhere", place)
		}
	}
}

// TestEveOfDaysOff is a Friday on which many posts of the weekend wait for a decision:
// at four who has to decide has them all in one message, however much came before.
func TestEveOfDaysOff(t *testing.T) {
	s := simulate(t)
	acts := map[int]func(){}
	for n := range 8 {
		acts[24*60+9*60+20*n] = func() {
			s.done(s.chat.Command(sacha, "@"+sacha, "draft", ""))
			s.done(s.chat.Submit(sacha, map[string]string{"text": fmt.Sprintf("Le thé du jour numéro %d est arrivé en boutique.", n),
				"title": fmt.Sprint("Thé ", n), "day": "2026-11-28", "clock": fmt.Sprintf("%d:00", 10+n)}))
			s.done(s.chat.Click(sacha, "@"+sacha, "Envoyer à valider"))
		}
	}
	s.live(nil, acts)
	s.at(48+24+8, 0)
	got := s.span(24, 48+24)
	s.table("a Friday before days off", got)
	s.budget(got, 14, 5)
	s.silent(got)
	var lists []string
	for place, rings := range got {
		for _, ring := range rings {
			if title := ring.Card.Title.String(); strings.HasPrefix(title, "D’ici ") {
				lists = append(lists, place+" "+ring.At.In(s.brand.Zone).Format("Mon 15:04")+" "+strings.ReplaceAll(title, "\u00a0", " "))
			}
		}
	}
	if want := "@" + morganU + " Fri 16:00 D’ici lundi 30 novembre à 10 h 00, 8 posts attendent quelqu’un · Maison Colibri"; len(lists) != 1 || lists[0] != want {
		t.Errorf("%q, want %q", lists, want)
	}
}

// TestEveWithoutPosts is a Friday before days off on which nothing leaves: nobody hears
// of it. It is the second one: on the first, those on call have their exercise.
func TestEveWithoutPosts(t *testing.T) {
	s := simulate(t)
	const friday = 24 + 7*24
	s.at(friday+20, 0)
	for place, rings := range s.span(friday, friday+24) {
		if place != com || len(rings) != 2 {
			t.Errorf("%s: %d messages beside the brief and the handover: %s", place, len(rings), rings[0].Card.Text())
		}
	}
}

// TestStorm is two thousand mentions in a day: everything is heard, and the
// channels stay readable.
func TestStorm(t *testing.T) {
	s := simulate(t)
	all := slices.Concat(
		spread(900, 9*60+30, 17*60, "colis", "Colis colibri perdu, livraison catastrophique, c’est honteux, commande %d"),
		spread(250, 10*60, 18*60, "encore", "Service colibri nul et inadmissible, très déçue, dossier %d"),
		spread(250, 11*60, 18*60, "encore", "Toujours aucune réponse colibri, c’est honteux, dossier %d"),
		spread(200, 10*60, 18*60, "cher", "Colibri trop cher, prix scandaleux et honteux %d"),
		spread(380, 0, 24*60, "curieux", "Bonjour colibri, une question numéro %d ?"),
		spread(10, 10*60, 17*60, "presse", "Je suis journaliste, une question sur colibri et vos fournisseurs %d"),
		spread(10, 15*60, 15*60+40, "brule", "La bouilloire colibri a pris feu, mon fils est blessé %d"))
	if len(all) != 2000 {
		t.Fatalf("%d mentions", len(all))
	}
	seen := func() {
		s.done(s.chat.Click(noa, "@"+noa, "Vu, ne plus appeler"))
	}
	s.live(all, map[int]func(){15*60 + 2: seen, 16 * 60: func() { s.answer(camille) }})
	s.at(24+8, 0)
	got := s.span(0, 24+8)
	s.table("a storm of 2,000 mentions", got)
	s.budget(got, 20, 20)
	rang := 0
	for _, rings := range got {
		for _, ring := range rings {
			if !s.brand.At(nil).Open(ring.At) {
				rang++
			}
		}
	}
	if rang != 0 {
		t.Errorf("%d sounds outside hours", rang)
	}
	rolling := 0
	for _, text := range s.chat.Screen(noa, alerts) {
		if strings.Contains(text, "conversations à traiter") {
			rolling++
		}
	}
	if rolling != 1 {
		t.Errorf("%d rolling cards", rolling)
	}
}

// TestSafeNight is a night in which much is said and nothing is critical.
func TestSafeNight(t *testing.T) {
	s := simulate(t)
	s.at(18, 30)
	before := len(s.chat.Rings())
	s.live(slices.Concat(
		spread(20, 18*60+31, 32*60, "gentil", "Bravo colibri, merci %d"),
		spread(20, 18*60+35, 32*60, "colis", "Colis colibri perdu, livraison catastrophique, c’est honteux %d"),
		spread(10, 20*60, 31*60, "decu", "Service colibri nul et inadmissible %d"),
		spread(10, 21*60, 31*60, "decu", "Toujours aucune réponse colibri, c’est honteux %d"),
		[]remark{{23*60 + 10, "@presse_locale", "Une question sur colibri"}}), nil)
	s.at(24+8, 44)
	s.table("a safe night", s.span(18, 24+8))
	if rings := s.chat.Rings()[before:]; len(rings) != 0 {
		t.Errorf("%d sounds: %s", len(rings), rings[0].Card.Text())
	}
	s.at(24+10, 0)
	morning := s.span(24+8, 24+10)
	s.table("the morning after", morning)
	s.budget(morning, 14, 5)
	if len(morning[alerts]) == 0 || len(morning[com]) != 1 {
		t.Errorf("what waited is not there: %d in #com-alertes, %d in #com", len(morning[alerts]), len(morning[com]))
	}
}

// TestOneNight has one injury at 3:20: who is on call is called, then the next
// one; everybody else sleeps.
func TestOneNight(t *testing.T) {
	s := simulate(t)
	s.at(18, 31)
	before := len(s.chat.Rings())
	s.at(24+3, 20)
	s.done(s.hear("@parent", "La théière colibri a brûlé ma fille, elle est blessée"))
	s.at(24+3, 29)
	s.done(s.hear("@voisin", "Chez moi aussi la théière colibri a brûlé quelqu’un"))
	s.at(24+3, 33)
	s.done(s.chat.Click(morganU, "@"+morganU, "Je m’en occupe"))
	s.at(24+8, 44)
	var rang []string
	for _, ring := range s.chat.Rings()[before:] {
		rang = append(rang, ring.At.In(s.brand.Zone).Format("15:04 ")+ring.Channel)
	}
	s.table("a night with an injury", s.span(18, 24+8))
	if want := []string{"03:20 @" + noa, "03:30 @" + morganU}; !slices.Equal(rang, want) {
		t.Errorf("rang %q, want %q", rang, want)
	}
	if len(s.pages.calls) != 2 || s.pages.calls[0].Member != "noa" || s.pages.calls[1].Member != "morgan" {
		t.Errorf("paged %+v", s.pages.calls)
	}
}
