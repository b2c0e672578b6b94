package settings

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

var at = time.Date(2026, 11, 26, 10, 15, 0, 0, time.UTC)

// scene is a store with a member who asks.
type scene struct {
	store *statetest.Mem
	lang  string
}

func (s scene) commit(t *testing.T, cause string, do func(context.Context, *state.Tx) error) {
	t.Helper()
	if _, err := state.Do(t.Context(), s.store, cause, at, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		return nil, do(ctx, tx)
	}); err != nil {
		t.Fatal(err)
	}
}

func (s scene) request(t *testing.T) *bot.Request {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return &bot.Request{
		Space: &brand.Space{ID: "s"}, Brand: &brand.Brand{ID: "colibri", Name: "Maison Colibri"},
		Member: &brand.Member{ID: "noa", Name: "Noa"}, Print: catalog.For(s.lang, time.UTC), Now: at,
		Tx: state.Begin(s.store, "look", at), NewToken: func(*state.Tx) string { return "t" },
	}
}

func lines(card *bot.Card) string {
	said := card.Title.String()
	for _, block := range card.Blocks {
		said += "\n" + block.Text.String()
	}
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(said)
}

// machine is what a process sees.
type machine Sight

func (m machine) Look(context.Context) Sight { return Sight(m) }

func TestStatus(t *testing.T) {
	doubt := 12 * time.Millisecond
	full := scene{statetest.NewMem(), "fr"}
	full.commit(t, "sources", func(ctx context.Context, tx *state.Tx) error {
		return errors.Join(
			poll.Begin(ctx, tx, poll.Poll{ID: "p1", Brand: "colibri", Name: "Le blog", LastOK: at.Add(-6 * time.Minute)}),
			poll.Begin(ctx, tx, poll.Poll{ID: "p2", Brand: "colibri", Name: "Reddit", Since: at.Add(-2 * time.Hour), Reason: "source.down", Args: map[string]string{"Name": "reddit.com"}}),
			poll.Begin(ctx, tx, poll.Poll{ID: "p4", Brand: "colibri", Name: "GitHub", Since: at.Add(-time.Hour), Reason: poll.Part, Args: map[string]string{"Name": "GitHub"}}),
			poll.Begin(ctx, tx, poll.Poll{ID: "p3", Brand: "other", Name: "Ailleurs"}))
	})
	for i, ago := range []time.Duration{time.Hour, 3 * time.Hour} {
		id := string(rune('a' + i))
		full.commit(t, "bury "+id, func(_ context.Context, tx *state.Tx) error {
			tx.Write(state.Write{Key: state.Key{Kind: "dead", ID: id}, Data: json.RawMessage("{}"), Blind: true,
				Index: []state.Mark{{Index: deadIndex, Member: id, Score: at.Add(-ago).UnixMilli()}}})
			return nil
		})
	}
	next := func(context.Context, *bot.Request) (bot.Glance, error) {
		return bot.Glance{Lines: []string{"Prochain post"}}, nil
	}
	for name, c := range map[string]struct {
		scene scene
		chat  Chat
		want  string
	}{
		"all of it": {full, Chat{Status: []bot.Glancer{next}, Machine: machine{
			Links:   []Link{{Name: "Slack", Up: true, Withheld: true}, {Name: "Discord", Deaf: true}, {Name: "Console", Refused: true}},
			Waiting: &Waiting{In: 1, Out: 1200, Due: 3}, Doubt: &doubt}},
			"État de Maison Colibri à 10 h 15\nConnecté : Slack\n" +
				"Pas connecté en ce moment : Discord. La connexion se refait toute seule.\n" +
				"Crieur n’est plus accepté ici : Console. Qui administre l’application doit la réinstaller, ou rallumer Socket Mode.\n" +
				"Slack a retenu des messages depuis une heure : trop en même temps. Ceux auxquels Crieur n’a pas répondu sont à redire.\n" +
				"Discord : dans un salon, @Crieur reste sans réponse. Écrivez en message privé, ou avec une commande.\n" +
				"En attente : 1 à traiter, 1 200 à envoyer, 3 pour plus tard\nHorloge : à 12 ms près\n" +
				"Sources : 1 sur 3 répondent, dernière lecture il y a 6 min\n" +
				"Reddit ne répond plus depuis 8 h 15. reddit.com est en panne. Nouvel essai automatique.\n" +
				"GitHub ne montre pas tout depuis 9 h 15. GitHub n’a montré qu’une partie de ce qu’il a : le reste sera relu. " +
				"Si cela dure, préciser la recherche dans la configuration.\nProchain post\n" +
				"Sans suite : 2 demandes n’ont pas pu être traitées, la dernière il y a 1 h. L’équipe technique en a la trace."},
		"nothing to see": {scene{statetest.NewMem(), "fr"}, Chat{}, "État de Maison Colibri à 10 h 15\nSources : aucune pour l’instant"},
		"not countable": {scene{statetest.NewMem(), "en"}, Chat{Machine: machine{}},
			"Status of Maison Colibri at 10:15\nWaiting: cannot be counted right now\nSources: none yet"},
	} {
		reply, err := c.chat.status(t.Context(), c.scene.request(t))
		if err != nil {
			t.Fatal(name, err)
		}
		if got := lines(reply.Card); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestStatusOfSourcesNotReadYet(t *testing.T) {
	s := scene{statetest.NewMem(), "en"}
	s.commit(t, "sources", func(ctx context.Context, tx *state.Tx) error {
		return poll.Begin(ctx, tx, poll.Poll{ID: "p1", Brand: "colibri", Name: "Blog"})
	})
	reply, err := (&Chat{}).status(t.Context(), s.request(t))
	if err != nil || !strings.Contains(lines(reply.Card), "Sources: 1, not read yet") {
		t.Errorf("%s, %v", lines(reply.Card), err)
	}
}

func TestHome(t *testing.T) {
	look := func(line string, labels ...string) bot.Glancer {
		return func(context.Context, *bot.Request) (bot.Glance, error) {
			g := bot.Glance{}
			if line != "" {
				g.Lines = []string{line}
			}
			for _, label := range labels {
				g.Buttons = append(g.Buttons, bot.Button{Action: "a", Label: label})
			}
			return g, nil
		}
	}
	s := scene{statetest.NewMem(), "fr"}
	c := &Chat{Home: []bot.Glancer{look("À répondre", "Tournée"), look(""), look("Brouillons", "Nouveau", "Mes brouillons")}}
	r := s.request(t)
	reply, err := c.home(nil)(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(reply.Card); got != "Noa · Maison Colibri · jeudi 26 novembre\nÀ répondre\nBrouillons" {
		t.Errorf("page:\n%s", got)
	}
	if len(reply.Card.Buttons) != 3 || len(reply.Card.More) != 2 || reply.Card.Token == "" || !r.Tx.Changed() {
		t.Errorf("buttons %+v, more %+v", reply.Card.Buttons, reply.Card.More)
	}
	reply, err = (&Chat{}).home(nil)(t.Context(), s.request(t))
	if err != nil || !strings.Contains(lines(reply.Card), "Rien ne vous attend.") {
		t.Errorf("an empty page: %s, %v", lines(reply.Card), err)
	}
	away := machine{Links: []Link{{Name: "Slack", Up: true}, {Name: "Discord"}}, Waiting: &Waiting{In: 1}}
	reply, err = (&Chat{Home: []bot.Glancer{look("Brouillons")}, Machine: away}).home(nil)(t.Context(), s.request(t))
	if err != nil || lines(reply.Card) != "Noa · Maison Colibri · jeudi 26 novembre\nBrouillons\nPas connecté en ce moment : Discord. La connexion se refait toute seule." {
		t.Errorf("a page without Discord: %s, %v", lines(reply.Card), err)
	}
	well := machine{Links: []Link{{Name: "Slack", Up: true}}}
	reply, err = (&Chat{Machine: well}).home(nil)(t.Context(), s.request(t))
	if err != nil || !strings.Contains(lines(reply.Card), "Rien ne vous attend.") {
		t.Errorf("a page when all is well: %s, %v", lines(reply.Card), err)
	}
	broken := func(context.Context, *bot.Request) (bot.Glance, error) { return bot.Glance{}, errors.New("no store") }
	if _, err := (&Chat{Home: []bot.Glancer{broken}}).home(nil)(t.Context(), s.request(t)); err == nil {
		t.Error("a page without one of its parts is no page")
	}
}

// What the desk buries is what the status counts.
func TestDeadIsTheDesks(t *testing.T) {
	s := scene{statetest.NewMem(), "fr"}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	desk := &bot.Desk{Mux: bot.NewMux(catalog), Store: s.store, Catalog: catalog, Now: func() time.Time { return at },
		Space: &brand.Space{ID: "s"}, Log: slog.New(slog.DiscardHandler), Topics: map[string]state.Handler{}}
	if err := desk.Handle(t.Context(), s.store.Enter(work.Item{ID: "x", Topic: "nobody"})); err != nil {
		t.Fatal(err)
	}
	reply, err := (&Chat{}).status(t.Context(), s.request(t))
	if err != nil || !strings.Contains(lines(reply.Card), "Sans suite : 1 demande") {
		t.Errorf("%s, %v", lines(reply.Card), err)
	}
}
