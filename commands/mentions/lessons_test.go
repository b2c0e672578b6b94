package mentions

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/text/learnt"
	"crieur/bot/text/tone"
)

// school remembers lessons, and gives every brand the same models.
type school struct {
	lessons []string
	models  learnt.Models
}

func (s *school) Teach(_ context.Context, _ *state.Tx, b *brand.Brand, member string, lesson listen.Lesson) error {
	if lesson.Empty() {
		return nil
	}
	theme := ""
	if lesson.Theme != nil {
		theme = "<" + *lesson.Theme + ">"
	}
	if lesson.Stray {
		theme += "stray"
	}
	s.lessons = append(s.lessons, strings.TrimSpace(fmt.Sprint(b.ID, " ", member, ": ", lesson.Text, " ", lesson.Lang, " ", lesson.Sentiment, theme)))
	return nil
}

func (s *school) Of(context.Context, *state.Tx, string) (learnt.Models, error) { return s.models, nil }

// team is the feature over a store in memory.
type team struct {
	t      *testing.T
	engine *Engine
	school *school
	store  *statetest.Mem
	now    time.Time
	count  int
}

func newTeam(t *testing.T) *team {
	t.Helper()
	b := teas()
	b.Promise, b.Noise = 2*time.Hour, brand.DefaultNoise()
	b.Alerts = []board.Place{{Platform: "console", Team: "t", Channel: "alerts"}}
	for day := range b.Hours {
		b.Hours[day] = []hours.Span{{Open: 0, Close: 24 * 60}}
	}
	space := &brand.Space{Brands: []*brand.Brand{b}}
	s := &school{}
	return &team{t: t, school: s, store: statetest.NewMem(), now: monday.Add(10 * time.Hour),
		engine: &Engine{Space: space, Judge: judgeOf(t, b), Models: s, Teacher: s, NewToken: func(*state.Tx) string { return "token" }}}
}

func (w *team) try(decide func(context.Context, *state.Tx) error) error {
	w.count++
	_, err := state.Do(w.t.Context(), w.store, "cause"+strconv.Itoa(w.count), w.now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, decide(ctx, tx) })
	return err
}

func (w *team) do(decide func(context.Context, *state.Tx) error) {
	w.t.Helper()
	if err := w.try(decide); err != nil {
		w.t.Fatal(err)
	}
}

// hear lets somebody say something, and gives the conversation with them.
func (w *team) hear(author, text string) (c Case) {
	w.t.Helper()
	heard := Heard{Brand: "colibri", Mention: listen.Mention{
		ID: "m" + strconv.Itoa(w.count), Network: "Mastodon", Author: author, Text: text, Lang: "fr", At: w.now}}
	w.do(func(ctx context.Context, tx *state.Tx) error { return w.engine.Hear(ctx, tx, heard) })
	w.do(func(ctx context.Context, tx *state.Tx) (err error) {
		c, err = w.engine.get(ctx, tx, "c"+digest("colibri", "Mastodon", strings.ToLower(author)))
		return err
	})
	return c
}

func TestClicksAreLessons(t *testing.T) {
	const complaint, kind = "@colibri ce thé est fade, c’est nul, je suis au 06 12 34 56 78", "Bravo @colibri, j’adore !"
	for _, c := range []struct {
		name, said, want string
		click            func(*Engine, context.Context, *state.Tx, string) error
	}{
		{"not negative", complaint, "colibri noa: @colibri ce thé est fade, c’est nul, je suis au ▮▮▮ fr neutral",
			func(e *Engine, ctx context.Context, tx *state.Tx, id string) error {
				_, err := e.NotNegative(ctx, tx, id, "noa")
				return err
			}},
		{"a complaint is answered", complaint, "colibri noa: @colibri ce thé est fade, c’est nul, je suis au ▮▮▮ fr negative",
			func(e *Engine, ctx context.Context, tx *state.Tx, id string) error {
				r, err := e.Answer(ctx, tx, id, "noa", "Bonjour")
				if err != nil {
					return err
				}
				_, err = e.Posted(ctx, tx, r.ID, "noa")
				return err
			}},
		{"praise is answered", kind, "",
			func(e *Engine, ctx context.Context, tx *state.Tx, id string) error {
				_, err := e.Answer(ctx, tx, id, "noa", "Merci")
				return err
			}},
		{"liked", kind, "colibri noa: Bravo @colibri, j’adore ! fr positive", finishing(Liked, "")},
		{"thanks", kind, "colibri noa: Bravo @colibri, j’adore ! fr positive", finishing(Nothing, "thanks")},
		{"not us", kind, "colibri noa: Bravo @colibri, j’adore ! fr stray", finishing(Nothing, "notus")},
		{"a troll teaches nothing", kind, "", finishing(Nothing, "troll")},
		{"another theme", complaint, "colibri noa: @colibri ce thé est fade, c’est nul, je suis au ▮▮▮ fr <boite>",
			func(e *Engine, ctx context.Context, tx *state.Tx, id string) error {
				found, err := e.Retheme(ctx, tx, id, "noa", "boite")
				if fmt.Sprint(found.Themes) != "[boite]" {
					t.Errorf("themes %v", found.Themes)
				}
				return err
			}},
		{"no theme", complaint, "colibri noa: @colibri ce thé est fade, c’est nul, je suis au ▮▮▮ fr <>",
			func(e *Engine, ctx context.Context, tx *state.Tx, id string) error {
				found, err := e.Retheme(ctx, tx, id, "noa", "")
				if len(found.Themes) > 0 {
					t.Errorf("themes %v", found.Themes)
				}
				return err
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTeam(t)
			heard := w.hear("@lea", c.said)
			w.do(func(ctx context.Context, tx *state.Tx) error { return c.click(w.engine, ctx, tx, heard.ID) })
			if got := strings.Join(w.school.lessons, "; "); got != c.want {
				t.Errorf("learnt %q, want %q", got, c.want)
			}
		})
	}
}

func finishing(outcome Outcome, reason string) func(*Engine, context.Context, *state.Tx, string) error {
	return func(e *Engine, ctx context.Context, tx *state.Tx, id string) error {
		_, err := e.Finish(ctx, tx, id, "noa", outcome, reasonKey(reason))
		return err
	}
}

// Words folded wrongly are read by all from then on, as what else they are; the
// click teaches nothing.
func TestNotInsulting(t *testing.T) {
	for said, want := range map[string]Kind{
		"bande de connards @colibri, mon colis est perdu, c’est honteux": Complaint,
		"bande de connards @colibri, je suis journaliste au Courrier":    Press,
	} {
		w := newTeam(t)
		heard := w.hear("@lea", said)
		if !heard.Folded || heard.Kind != Insult {
			t.Fatalf("%s: %+v", said, heard)
		}
		for range 2 {
			w.do(func(ctx context.Context, tx *state.Tx) error {
				calm, err := w.engine.NotInsulting(ctx, tx, heard.ID, "noa")
				if calm.Folded || calm.Kind != want {
					t.Errorf("%s: %s, folded %v", said, calm.Kind, calm.Folded)
				}
				return err
			})
		}
		clicks := 0
		for _, entry := range w.store.Trail() {
			if entry.What == "case.notinsulting" && entry.Who == "noa" {
				clicks++
			}
		}
		if clicks != 1 || len(w.school.lessons) > 0 {
			t.Errorf("%s: said %d times, learnt %q", said, clicks, w.school.lessons)
		}
		if again := w.hear("@lea", "allez crever @colibri, bande de voleurs"); !again.Folded || again.Kind != Insult {
			t.Errorf("%s: the next insult is not folded: %+v", said, again)
		}
	}
}

func TestNoLesson(t *testing.T) {
	w := newTeam(t)
	heard := w.hear("@lea", "@colibri ce thé est fade, c’est nul")
	heard.Heard[0].Private = true
	w.do(func(ctx context.Context, tx *state.Tx) error { return w.engine.teach(ctx, tx, heard, "noa", feels(0)) })
	if len(w.school.lessons) > 0 {
		t.Errorf("a private message was handed on: %q", w.school.lessons)
	}
	err := w.try(func(ctx context.Context, tx *state.Tx) error {
		_, err := w.engine.Retheme(ctx, tx, heard.ID, "noa", "gone")
		return err
	})
	if !errors.Is(err, ErrTheme) {
		t.Errorf("a theme that the brand has not: %v", err)
	}
}

// What a brand taught is what its mentions are judged with.
func TestTaughtModelIsUsed(t *testing.T) {
	w := newTeam(t)
	own, _, err := w.engine.Judge.Shipped().Tone().Train(jargonLabels(), 0.8)
	if err != nil {
		t.Fatal(err)
	}
	const said = "@colibri la théière a fait cric"
	if c := w.hear("@lea", said); c.Kind == Complaint {
		t.Fatalf("shipped: %s", c.Kind)
	}
	w.school.models.Tone = own
	if c := w.hear("@tom", said); c.Kind != Complaint {
		t.Errorf("taught: %s", c.Kind)
	}
}

// Four weeks of two complaints a day, then one hour with a dozen people.
func TestSpikeOfPeopleAlerts(t *testing.T) {
	for said, want := range map[string]string{"boîte": " [mentions.why.more]", "chose": " [mentions.why.spike]"} {
		w := newTeam(t)
		n := 0
		say := func() Case { n++; return w.hear(fmt.Sprint("@p", n), grumble(n)+" "+said) }
		for day := range 28 {
			for _, hour := range []int{10, 15} {
				w.now = monday.AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour)
				if c := say(); c.Urgency != Listed {
					t.Fatalf("day %d: %v for %v", day, c.Urgency, c.Why)
				}
			}
		}
		w.now = monday.AddDate(0, 0, 28).Add(10 * time.Hour)
		var why []string
		for range 12 {
			if c := say(); c.Urgency == Alert {
				why = append(why, fmt.Sprint(n-56, c.Why))
			}
		}
		if len(why) == 0 || !strings.HasSuffix(why[0], want) || said == "boîte" && why[0] != "5"+want {
			t.Errorf("%s: alerts %v, want the first of twelve for%s", said, why, want)
		}
		if said == "boîte" && strings.Contains(strings.Join(why, ""), "mentions.why.spike") {
			t.Errorf("%s: one storm alerts as a theme and as a spike: %v", said, why)
		}
		if said == "chose" && len(why) != 1 {
			t.Errorf("%s: said again and again: %v", said, why)
		}
	}
}

// grumble makes complaints that are no copies of each other.
func grumble(n int) string {
	one := []string{"nul", "honteux", "lamentable", "inadmissible", "scandaleux", "catastrophique", "minable"}
	two := []string{"hier", "ici", "vraiment", "encore", "toujours", "aussi", "partout", "bref", "franchement", "dimanche", "là"}
	return fmt.Sprintf("@colibri %s %s %s %s c’est %s", two[n%11], one[n/11%7], two[(n/7+3)%11], two[(n*5+1)%11], one[n%7])
}

func jargonLabels() []tone.Label {
	var labels []tone.Label
	for i := range 60 {
		labels = append(labels,
			tone.Label{Text: fmt.Sprintf("la bouilloire %d a fait cric", i), Lang: "fr", Sentiment: tone.Negative},
			tone.Label{Text: fmt.Sprintf("la bouilloire %d a fait crac", i), Lang: "fr", Sentiment: tone.Neutral})
	}
	return labels
}
